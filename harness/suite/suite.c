// SPDX-License-Identifier: Apache-2.0
#include "suite/suite.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1 << 12 };

bool rpcancel_suite_open(struct rpcancel_suite *suite)
{
    *suite = (struct rpcancel_suite){.nodes = calloc(FIRST_CAPACITY, sizeof *suite->nodes), .capacity = FIRST_CAPACITY};
    suite->count = suite->nodes != NULL; /* the root */
    return suite->nodes != NULL;
}

void rpcancel_suite_close(struct rpcancel_suite *suite)
{
    free(suite->nodes);
    *suite = (struct rpcancel_suite){0};
}

static bool make_room(struct rpcancel_suite *suite)
{
    if (suite->count < suite->capacity)
        return true;
    if (suite->capacity >= RPCANCEL_SUITE_NODES_MAX)
        return false;
    struct rpcancel_suite_node *nodes = realloc(suite->nodes, 2 * (size_t)suite->capacity * sizeof *nodes);
    if (!nodes)
        return false;
    suite->nodes = nodes;
    suite->capacity *= 2;
    return true;
}

uint32_t rpcancel_suite_add(struct rpcancel_suite *suite, uint32_t node, unsigned input)
{
    uint32_t last = 0;
    for (uint32_t at = suite->nodes[node].child; at; at = suite->nodes[at].sibling) {
        if (suite->nodes[at].input == input)
            return at;
        last = at;
    }
    if (!make_room(suite))
        return 0;
    suite->nodes[suite->count] = (struct rpcancel_suite_node){.parent = node, .input = (uint16_t)input};
    if (last)
        suite->nodes[last].sibling = suite->count;
    else
        suite->nodes[node].child = suite->count;
    return suite->count++;
}

/* ---- the HSI method ---- */

struct maker {
    struct rpcancel_suite *suite;
    const struct rpcancel_machine *machine;
    const struct rpcancel_identifiers *identifiers;
    uint32_t *reached; /* by state: the node of a shortest way to it */
};

/* Adds a shortest way to every state that can be reached; |queue| has room for all states. */
static bool cover_states(struct maker *maker, uint32_t *queue)
{
    uint32_t taken = 0, waiting = 1;
    queue[0] = 0;
    for (; taken < waiting; taken++) {
        uint32_t state = queue[taken];
        for (unsigned input = 0; input < maker->machine->inputs; input++) {
            const struct rpcancel_transition *transition = rpcancel_machine_at(maker->machine, state, input);
            if (!rpcancel_transition_is_possible(transition) || transition->next == 0 ||
                maker->reached[transition->next])
                continue;
            maker->reached[transition->next] = rpcancel_suite_add(maker->suite, maker->reached[state], input);
            if (!maker->reached[transition->next])
                return false;
            queue[waiting++] = transition->next;
        }
    }
    return true;
}

/* Adds the words of |state|, in which |node| is. */
static bool identify(struct maker *maker, uint32_t node, uint32_t state)
{
    const struct rpcancel_identifiers *identifiers = maker->identifiers;
    for (uint32_t i = identifiers->begin[state]; i < identifiers->begin[state + 1]; i++) {
        const struct rpcancel_word *word = &identifiers->words[identifiers->of[i]];
        uint32_t at = node;
        for (unsigned j = 0; j < word->count; j++) {
            at = rpcancel_suite_add(maker->suite, at, word->inputs[j]);
            if (!at)
                return false;
        }
    }
    return true;
}

/* Identifies |state|, in which |node| is, and all that up to |more| inputs lead to from there. */
static bool extend(struct maker *maker, uint32_t node, uint32_t state, unsigned more)
{
    if (!identify(maker, node, state))
        return false;
    for (unsigned input = 0; more > 0 && input < maker->machine->inputs; input++) {
        const struct rpcancel_transition *transition = rpcancel_machine_at(maker->machine, state, input);
        if (!rpcancel_transition_is_possible(transition))
            continue;
        uint32_t to = rpcancel_suite_add(maker->suite, node, input);
        if (!to || !extend(maker, to, transition->next, more - 1))
            return false;
    }
    return true;
}

bool rpcancel_suite_make(struct rpcancel_suite *suite, const struct rpcancel_machine *machine,
                         const struct rpcancel_identifiers *identifiers, unsigned extra_states)
{
    struct maker maker = {suite, machine, identifiers, calloc(machine->states, sizeof *maker.reached)};
    uint32_t *queue = calloc(machine->states, sizeof *queue);
    bool made = maker.reached && queue && cover_states(&maker, queue);
    for (uint32_t state = 0; made && state < machine->states; state++) {
        if (state == 0 || maker.reached[state])
            made = extend(&maker, maker.reached[state], state, extra_states + 1);
    }
    free(maker.reached);
    free(queue);
    return made;
}

/* ---- going through ---- */

void rpcancel_suite_walk(const struct rpcancel_suite *suite, const struct rpcancel_suite_visit *visit)
{
    const struct rpcancel_suite_node *nodes = suite->nodes;
    unsigned depth = 0;
    uint32_t at = nodes[RPCANCEL_SUITE_ROOT].child;
    while (at) {
        bool follow = visit->enter(visit->context, depth, nodes[at].input, nodes[at].child == 0);
        if (follow && nodes[at].child) {
            at = nodes[at].child;
            depth++;
            continue;
        }
        while (at && !nodes[at].sibling) {
            at = nodes[at].parent;
            depth -= at != RPCANCEL_SUITE_ROOT;
        }
        at = at ? nodes[at].sibling : 0;
    }
}

static bool measure(void *context, unsigned depth, unsigned input, bool ends)
{
    struct rpcancel_suite_size *size = context;
    (void)input;
    if (ends) {
        size->sequences++;
        size->operations += depth + 1;
        size->longest = depth + 1 > size->longest ? depth + 1 : size->longest;
    }
    return true;
}

struct rpcancel_suite_size rpcancel_suite_measure(const struct rpcancel_suite *suite)
{
    struct rpcancel_suite_size size = {0};
    const struct rpcancel_suite_visit visit = {measure, &size};
    rpcancel_suite_walk(suite, &visit);
    return size;
}
