// SPDX-License-Identifier: Apache-2.0
#include "faulty_machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/bits.h"

struct rpcancel_machine faulty_copy(const struct rpcancel_machine *machine, unsigned more,
                                    struct rpcancel_random *random)
{
    struct rpcancel_machine copy;
    size_t row = machine->inputs * sizeof *machine->transitions;
    assert_true(rpcancel_machine_open(&copy, machine->states + more, machine->inputs));
    memcpy(copy.transitions, machine->transitions, machine->states * row);
    for (unsigned i = 0; i < more; i++)
        memcpy(rpcancel_machine_at(&copy, machine->states + i, 0),
               rpcancel_machine_at(machine, rpcancel_random_below(random, machine->states), 0), row);
    return copy;
}

struct rpcancel_transition *faulty_transition(const struct rpcancel_machine *machine, struct rpcancel_random *random)
{
    struct rpcancel_transition *transition;
    do {
        transition = rpcancel_machine_at(machine, rpcancel_random_below(random, machine->states),
                                         rpcancel_random_below(random, machine->inputs));
    } while (!rpcancel_transition_is_possible(transition));
    return transition;
}

/* A state of the machine that is right, and the one that the implementation is in meanwhile. */
struct both {
    uint32_t right, implementation;
};

/* Takes |at| on by |input|; false when the answer is not allowed. */
static bool go_on(const struct rpcancel_machine *right, const struct rpcancel_machine *implementation, unsigned input,
                  struct both *at)
{
    const struct rpcancel_transition *expected = rpcancel_machine_at(right, at->right, input);
    const struct rpcancel_transition *actual = rpcancel_machine_at(implementation, at->implementation, input);
    if (!rpcancel_transition_is_possible(expected) || !rpcancel_transition_is_possible(actual))
        return true;
    *at = (struct both){expected->next, actual->next};
    return !actual->given || (expected->allowed & actual->given);
}

bool faulty_is_wrong(const struct rpcancel_machine *right, const struct rpcancel_machine *implementation)
{
    size_t pairs = (size_t)right->states * implementation->states, taken = 0, waiting = 1;
    uint64_t *met = test_calloc(rpcancel_bits_words(pairs), sizeof *met);
    struct both *queue = test_calloc(pairs, sizeof *queue);
    bool wrong = false;
    rpcancel_bits_add(met, 0);
    for (; taken < waiting && !wrong; taken++) {
        for (unsigned input = 0; input < right->inputs && !wrong; input++) {
            struct both to = queue[taken];
            wrong = !go_on(right, implementation, input, &to);
            if (rpcancel_bits_add(met, (size_t)to.right * implementation->states + to.implementation))
                queue[waiting++] = to;
        }
    }
    test_free(met);
    test_free(queue);
    return wrong;
}

struct search {
    const struct rpcancel_machine *right, *implementation;
    uint32_t sequences; /* that may still be looked at */
    bool found;
    struct both *at; /* by depth */
};

static bool enter(void *context, unsigned depth, unsigned input, bool ends)
{
    struct search *search = context;
    if (search->found || search->sequences == 0)
        return false;
    search->at[depth + 1] = search->at[depth];
    search->found = !go_on(search->right, search->implementation, input, &search->at[depth + 1]);
    search->sequences -= ends;
    return !search->found;
}

bool faulty_is_found(const struct rpcancel_suite *suite, const struct rpcancel_machine *right,
                     const struct rpcancel_machine *implementation, uint32_t sequences)
{
    enum { LONGEST = 1024 };
    struct both at[LONGEST + 1] = {{0, 0}};
    struct search search = {right, implementation, sequences, false, at};
    const struct rpcancel_suite_visit visit = {enter, &search};
    assert_in_range(rpcancel_suite_measure(suite).longest, 1, LONGEST);
    rpcancel_suite_walk(suite, &visit);
    return search.found;
}

bool faulty_is_found_after(const struct rpcancel_suite *suite, uint32_t node, const struct rpcancel_machine *right,
                           uint32_t expected, const struct rpcancel_machine *implementation, uint32_t actual)
{
    for (uint32_t next = suite->nodes[node].child; next; next = suite->nodes[next].sibling) {
        struct both at = {expected, actual};
        if (!go_on(right, implementation, suite->nodes[next].input, &at) ||
            faulty_is_found_after(suite, next, right, at.right, implementation, at.implementation))
            return true;
    }
    return false;
}
