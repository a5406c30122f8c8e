// SPDX-License-Identifier: Apache-2.0
/*
 * Every transition of the machine of one call, led to every wrong state there is: the sequences of the suite that go on
 * from that transition find it, or no sequence at all could.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faulty_machine.h"
#include "one_call_suite.h"
#include "suite/model.h"

/* Whether anything can show that the transition with the fault, which should lead to |expected|, leads to |actual|:
 * nothing is amiss before it is taken, and while both are in the same state nothing is that was not before. */
struct wrong_pairs {
    uint32_t (*queue)[2]; /* expected and actual states, different ones */
    uint32_t *met;        /* by expected * states + actual: the number of the fault with which they were met last */
    uint32_t fault;
};

static bool shows(struct wrong_pairs *pairs, const struct rpcancel_machine *faulty, uint32_t expected, uint32_t actual)
{
    size_t taken = 0, waiting = 1;
    pairs->queue[0][0] = expected;
    pairs->queue[0][1] = actual;
    pairs->met[(size_t)expected * faulty->states + actual] = ++pairs->fault;
    for (; taken < waiting; taken++) {
        for (unsigned input = 0; input < faulty->inputs; input++) {
            const struct rpcancel_transition *right =
                rpcancel_machine_at(&model->machine, pairs->queue[taken][0], input);
            const struct rpcancel_transition *wrong = rpcancel_machine_at(faulty, pairs->queue[taken][1], input);
            if (!rpcancel_transition_is_possible(right) || !rpcancel_transition_is_possible(wrong))
                continue;
            if (wrong->given && !(right->allowed & wrong->given))
                return true;
            uint32_t *met = &pairs->met[(size_t)right->next * faulty->states + wrong->next];
            if (right->next == wrong->next || *met == pairs->fault)
                continue;
            *met = pairs->fault;
            pairs->queue[waiting][0] = right->next;
            pairs->queue[waiting++][1] = wrong->next;
        }
    }
    return false;
}

struct counts {
    unsigned long tried, found, shows_nowhere, missed;
};

/* Tries all faults of the transition by |input| from |from|, to which |node| is the way. */
static void try_transition(struct counts *counts, struct wrong_pairs *pairs, struct rpcancel_machine *faulty,
                           uint32_t from, unsigned input, uint32_t node)
{
    struct rpcancel_transition *transition = rpcancel_machine_at(faulty, from, input);
    uint32_t right = transition->next;
    for (uint32_t wrong = 0; wrong < faulty->states; wrong++) {
        if (wrong == right)
            continue;
        transition->next = wrong;
        counts->tried++;
        if (faulty_is_found_after(&one_call, node, &model->machine, right, faulty, wrong))
            counts->found++;
        else if (shows(pairs, faulty, right, wrong))
            counts->missed++;
        else
            counts->shows_nowhere++;
    }
    transition->next = right;
}

/* Goes over the suite along shortest ways, and tries each transition once, where it leaves a state for the first time.
 */
static void try_all(struct counts *counts, struct wrong_pairs *pairs, struct rpcancel_machine *faulty)
{
    uint32_t states = faulty->states, taken = 0, waiting = 1;
    uint32_t *queue = test_calloc(states, sizeof *queue), *ways = test_calloc(states, sizeof *ways);
    for (; taken < waiting; taken++) {
        uint32_t from = queue[taken];
        for (uint32_t at = one_call.nodes[ways[from]].child; at; at = one_call.nodes[at].sibling) {
            unsigned input = one_call.nodes[at].input;
            uint32_t to = rpcancel_machine_at(&model->machine, from, input)->next;
            if (to != 0 && !ways[to]) {
                ways[to] = at;
                queue[waiting++] = to;
            }
            try_transition(counts, pairs, faulty, from, input, at);
        }
    }
    assert_int_equal(waiting, states);
    test_free(queue);
    test_free(ways);
}

static void no_single_wrong_transfer_that_shows_anywhere_is_missed(void **state)
{
    (void)state;
    struct rpcancel_random random = {.state = 1};
    struct rpcancel_machine faulty = faulty_copy(&model->machine, 0, &random);
    size_t pairs = (size_t)faulty.states * faulty.states, possible = 0;
    struct wrong_pairs room = {.queue = test_calloc(pairs, sizeof *room.queue),
                               .met = test_calloc(pairs, sizeof *room.met)};
    struct counts counts = {0};
    for (size_t i = 0; i < (size_t)faulty.states * faulty.inputs; i++)
        possible += rpcancel_transition_is_possible(&faulty.transitions[i]);
    try_all(&counts, &room, &faulty);
    print_message("%lu wrong transfers: %lu found, %lu show nowhere, %lu missed\n", counts.tried, counts.found,
                  counts.shows_nowhere, counts.missed);
    assert_int_equal(counts.tried, possible * (faulty.states - 1));
    assert_int_equal(counts.missed, 0);
    assert_true(counts.found > counts.shows_nowhere);
    test_free(room.queue);
    test_free(room.met);
    rpcancel_machine_close(&faulty);
}

int main(void)
{
    const struct CMUnitTest exhaustive_suite[] = {
        cmocka_unit_test(no_single_wrong_transfer_that_shows_anywhere_is_missed),
    };
    return cmocka_run_group_tests(exhaustive_suite, open_one_call, close_one_call);
}
