// SPDX-License-Identifier: Apache-2.0
/*
 * Suites: they are checking sets. Of small machines whose states can all be told apart, they find every machine with as
 * many states as they allow for that is wrong; of the machine of one call they go over every state and transition, and
 * find every single fault that any sequence could find.
 */
#include "suite/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/bits.h"
#include "faulty_machine.h"
#include "one_call_suite.h"
#include "suite/model.h"

enum { ALL = UINT32_MAX /* sequences */ };

static void set(const struct rpcancel_machine *machine, uint32_t state, unsigned input, uint32_t next,
                rpcancel_expectation allowed)
{
    *rpcancel_machine_at(machine, state, input) =
        (struct rpcancel_transition){.next = next, .allowed = allowed, .given = allowed & -allowed};
}

static struct rpcancel_machine open_machine(uint32_t states, unsigned inputs)
{
    struct rpcancel_machine machine;
    assert_true(rpcancel_machine_open(&machine, states, inputs));
    return machine;
}

/* ---- folding ---- */

/* A line of states, all alike but for the answer at its far end, with a twin of each beside it. */
static void states_that_differ_only_after_many_inputs_are_kept_apart_and_twins_are_not(void **state)
{
    (void)state;
    enum { LENGTH = 20 };
    struct rpcancel_machine machine = open_machine(2 * LENGTH, 2), folded;
    uint32_t class_of[2 * LENGTH];
    for (uint32_t i = 0; i < 2 * LENGTH; i++) {
        bool is_last = i % LENGTH == LENGTH - 1;
        set(&machine, i, 0, is_last ? i : i + 1, is_last ? 2 : 1);
        set(&machine, i, 1, (i + LENGTH) % (2 * LENGTH), RPCANCEL_MACHINE_UNJUDGED); /* to the twin */
    }
    assert_true(rpcancel_machine_fold(&machine, &folded, class_of));
    assert_int_equal(folded.states, LENGTH);
    for (uint32_t i = 0; i < 2 * LENGTH; i++)
        assert_int_equal(class_of[i], i % LENGTH);
    rpcancel_machine_close(&machine);
    rpcancel_machine_close(&folded);
}

/* ---- telling apart ---- */

static void an_answer_that_nobody_judges_tells_nothing(void **state)
{
    (void)state;
    struct rpcancel_machine machine = open_machine(3, 1);
    struct rpcancel_apart apart;
    set(&machine, 0, 0, 0, 1);
    set(&machine, 1, 0, 1, RPCANCEL_MACHINE_UNJUDGED);
    set(&machine, 2, 0, 2, 1 | 2);
    rpcancel_machine_at(&machine, 1, 0)->given = 2;
    assert_true(rpcancel_apart_find(&apart, &machine, RPCANCEL_APART_CERTAINLY));
    for (uint32_t one = 0; one < 3; one++) {
        for (uint32_t other = 0; other < 3; other++)
            assert_int_equal(rpcancel_apart_length(&apart, one, other), 0);
    }
    rpcancel_apart_close(&apart);
    /* But where one is expected that is judged, the answer that the reference gives unjudged elsewhere is found out. */
    assert_true(rpcancel_apart_find(&apart, &machine, RPCANCEL_APART_BY_REFERENCE));
    assert_int_equal(rpcancel_apart_length(&apart, 0, 1), 1);
    assert_int_equal(rpcancel_apart_length(&apart, 1, 0), 0);
    rpcancel_apart_close(&apart);
    rpcancel_machine_close(&machine);
}

static void states_without_an_input_in_common_are_not_told_apart(void **state)
{
    (void)state;
    struct rpcancel_machine machine = open_machine(2, 2);
    struct rpcancel_apart apart;
    set(&machine, 0, 0, 1, 1);
    set(&machine, 1, 1, 0, 2);
    assert_true(rpcancel_apart_find(&apart, &machine, RPCANCEL_APART_CERTAINLY));
    assert_int_equal(rpcancel_apart_length(&apart, 0, 1), 0);
    rpcancel_apart_close(&apart);
    rpcancel_machine_close(&machine);
}

/* ---- small machines, whose states can all be told apart ---- */

enum { SMALL_STATES = 5, SMALL_INPUTS = 3 };

struct small {
    struct rpcancel_machine machine;
    struct rpcancel_suite suite;
    uint32_t sequences;
};

/* Draws a machine; of |holes| in 100 transitions nothing is possible. */
static struct rpcancel_machine draw(struct rpcancel_random *random, unsigned holes)
{
    struct rpcancel_machine machine = open_machine(SMALL_STATES, SMALL_INPUTS);
    for (uint32_t i = 0; i < SMALL_STATES; i++) {
        for (unsigned input = 0; input < SMALL_INPUTS; input++) {
            uint32_t next = rpcancel_random_below(random, SMALL_STATES);
            unsigned answer = rpcancel_random_below(random, 2);
            if (rpcancel_random_below(random, 100) >= holes)
                set(&machine, i, input, next, UINT64_C(1) << answer);
        }
    }
    return machine;
}

/* Whether every state is reached by |suite|, which is of |machine|. */
struct cover {
    const struct rpcancel_machine *machine;
    uint32_t at[256]; /* by depth */
    uint64_t *states, *transitions;
    uint32_t state_count, transition_count;
};

static bool cover(void *context, unsigned depth, unsigned input, bool ends)
{
    struct cover *cover = context;
    uint32_t state = cover->at[depth];
    const struct rpcancel_transition *transition = rpcancel_machine_at(cover->machine, state, input);
    (void)ends;
    assert_true(rpcancel_transition_is_possible(transition));
    cover->at[depth + 1] = transition->next;
    cover->state_count += rpcancel_bits_add(cover->states, transition->next);
    cover->transition_count += rpcancel_bits_add(cover->transitions, (size_t)state * cover->machine->inputs + input);
    return true;
}

static void measure_cover(struct cover *covered, const struct rpcancel_suite *suite,
                          const struct rpcancel_machine *machine)
{
    const struct rpcancel_suite_visit visit = {cover, covered};
    *covered = (struct cover){.machine = machine};
    covered->states = test_calloc(rpcancel_bits_words(machine->states), sizeof *covered->states);
    covered->transitions =
        test_calloc(rpcancel_bits_words((size_t)machine->states * machine->inputs), sizeof *covered->transitions);
    covered->state_count = rpcancel_bits_add(covered->states, 0);
    rpcancel_suite_walk(suite, &visit);
    test_free(covered->states);
    test_free(covered->transitions);
}

static bool is_fit(const struct rpcancel_machine *machine, const struct rpcancel_identifiers *identifiers,
                   const struct rpcancel_suite *suite)
{
    struct cover covered;
    measure_cover(&covered, suite, machine);
    return covered.state_count == machine->states &&
           identifiers->pairs[RPCANCEL_PAIRS_CERTAIN] == SMALL_STATES * (SMALL_STATES - 1) / 2;
}

/* Draws until all states can be reached and told apart. */
static struct small draw_small(struct rpcancel_random *random, unsigned holes, unsigned extra_states)
{
    struct small small;
    for (bool fit = false; !fit;) {
        struct rpcancel_identifiers identifiers;
        small.machine = draw(random, holes);
        assert_true(rpcancel_identifiers_make(&identifiers, &small.machine));
        assert_true(rpcancel_suite_open(&small.suite));
        assert_true(rpcancel_suite_make(&small.suite, &small.machine, &identifiers, extra_states));
        fit = is_fit(&small.machine, &identifiers, &small.suite);
        rpcancel_identifiers_free(&identifiers);
        if (!fit) {
            rpcancel_suite_close(&small.suite);
            rpcancel_machine_close(&small.machine);
        }
    }
    small.sequences = rpcancel_suite_measure(&small.suite).sequences;
    return small;
}

static void close_small(struct small *small)
{
    rpcancel_suite_close(&small->suite);
    rpcancel_machine_close(&small->machine);
}

/* An implementation with |more| states, and with wrong next states and wrong answers in some transitions or in all.
 * What the machine does not have, it may do as it likes. */
static struct rpcancel_machine draw_faulty(const struct rpcancel_machine *machine, unsigned more,
                                           struct rpcancel_random *random)
{
    struct rpcancel_machine faulty = faulty_copy(machine, more, random);
    unsigned faults = 1 + rpcancel_random_below(random, rpcancel_random_below(random, 4) == 0 ? 40 : 4);
    for (size_t i = 0; i < (size_t)faulty.states * faulty.inputs; i++) {
        if (!rpcancel_transition_is_possible(&faulty.transitions[i]))
            faulty.transitions[i] =
                (struct rpcancel_transition){.next = rpcancel_random_below(random, faulty.states),
                                             .given = UINT64_C(1) << rpcancel_random_below(random, 2)};
    }
    for (unsigned i = 0; i < faults + more; i++) {
        struct rpcancel_transition *transition = faulty_transition(&faulty, random);
        /* A further state that nothing leads to would be none. */
        if (i < more)
            transition->next = machine->states + i;
        else if (rpcancel_random_below(random, 2))
            transition->next = rpcancel_random_below(random, faulty.states);
        else
            transition->given ^= 3;
    }
    return faulty;
}

struct outcome {
    unsigned wrong, found, found_truncated;
};

/* Makes |machines| machines and 40 implementations of each. */
static struct outcome try_small(unsigned machines, unsigned holes, unsigned extra_states, unsigned more, uint64_t seed)
{
    struct rpcancel_random random = {.state = seed};
    struct outcome outcome = {0};
    for (unsigned i = 0; i < machines; i++) {
        struct small small = draw_small(&random, holes, extra_states);
        for (unsigned j = 0; j < 40; j++) {
            struct rpcancel_machine faulty = draw_faulty(&small.machine, more, &random);
            bool wrong = faulty_is_wrong(&small.machine, &faulty);
            bool found = faulty_is_found(&small.suite, &small.machine, &faulty, ALL);
            assert_false(found && !wrong);
            outcome.wrong += wrong;
            outcome.found += found;
            outcome.found_truncated +=
                faulty_is_found(&small.suite, &small.machine, &faulty, small.sequences - small.sequences / 5);
            rpcancel_machine_close(&faulty);
        }
        close_small(&small);
    }
    return outcome;
}

static void every_wrong_machine_with_as_many_states_is_found(void **state)
{
    (void)state;
    struct outcome outcome = try_small(100, 0, 0, 0, 1);
    assert_in_range(outcome.wrong, 3000, 4000);
    assert_int_equal(outcome.found, outcome.wrong);
}

static void every_wrong_machine_is_found_where_not_everything_is_possible(void **state)
{
    (void)state;
    struct outcome outcome = try_small(100, 25, 0, 0, 2);
    assert_in_range(outcome.wrong, 2000, 4000);
    assert_int_equal(outcome.found, outcome.wrong);
}

static void every_wrong_machine_with_one_state_more_is_found_by_the_suite_for_that(void **state)
{
    (void)state;
    struct outcome outcome = try_small(100, 0, 1, 1, 3);
    assert_in_range(outcome.wrong, 3000, 4000);
    assert_int_equal(outcome.found, outcome.wrong);
    outcome = try_small(100, 25, 1, 1, 4);
    assert_in_range(outcome.wrong, 2000, 4000);
    assert_int_equal(outcome.found, outcome.wrong);
}

static void the_suite_for_no_further_state_misses_some_of_those(void **state)
{
    (void)state;
    struct outcome outcome = try_small(200, 0, 0, 1, 3);
    assert_true(outcome.found < outcome.wrong);
}

static void a_truncated_suite_misses_some(void **state)
{
    (void)state;
    struct outcome outcome = try_small(100, 0, 0, 0, 5);
    assert_int_equal(outcome.found, outcome.wrong);
    assert_true(outcome.found_truncated < outcome.found);
}

/* ---- the machine of one call ---- */

static void every_state_is_reached_and_every_transition_exercised(void **state)
{
    (void)state;
    struct cover covered;
    uint32_t possible = 0;
    for (size_t i = 0; i < (size_t)model->machine.states * model->machine.inputs; i++)
        possible += rpcancel_transition_is_possible(&model->machine.transitions[i]);
    measure_cover(&covered, &one_call, &model->machine);
    assert_int_equal(covered.state_count, model->machine.states);
    assert_int_equal(covered.transition_count, possible);
}

/* The machine is what the reference does: every operation happens, and is answered as the machine has it. */
struct carried {
    struct rpcancel_pair at[256]; /* by depth */
    uint32_t class[256];
    uint64_t judged;
};

static bool carry_out(void *context, unsigned depth, unsigned input, bool ends)
{
    struct carried *carried = context;
    struct rpcancel_operation operation = model->alphabet.operations[input];
    struct rpcancel_pair *to = &carried->at[depth + 1];
    const struct rpcancel_transition *transition = rpcancel_machine_at(&model->machine, carried->class[depth], input);
    (void)ends;
    *to = carried->at[depth];
    struct rpcancel_answer answer = rpcancel_step(model->choices, &to->world, operation);
    rpcancel_observe(&to->observer, operation, answer);
    assert_true(rpcancel_answer_happened(answer));
    if (transition->allowed != RPCANCEL_MACHINE_UNJUDGED) {
        assert_true(transition->allowed & rpcancel_expectation_of(answer));
        carried->judged++;
    }
    carried->class[depth + 1] = transition->next;
    assert_int_equal(rpcancel_suite_model_class(model, to, 0), transition->next);
    return true;
}

static void the_reference_goes_where_the_machine_does(void **state)
{
    (void)state;
    struct carried *carried = test_calloc(1, sizeof *carried);
    const struct rpcancel_suite_visit visit = {carry_out, carried};
    rpcancel_world_reset(&carried->at[0].world);
    rpcancel_observer_reset(&carried->at[0].observer);
    rpcancel_suite_walk(&one_call, &visit);
    assert_true(carried->judged > model->machine.states);
    test_free(carried);
}

/* For two states that can be told apart for certain both have a word that does. */
static void identifiers_are_harmonised(void **state)
{
    (void)state;
    const struct rpcancel_identifiers *identifiers = &model->identifiers;
    struct rpcancel_apart apart;
    assert_true(rpcancel_apart_find(&apart, &model->machine, RPCANCEL_APART_CERTAINLY));
    for (uint32_t one = 0; one < model->machine.states; one++) {
        for (uint32_t other = one + 1; other < model->machine.states; other++) {
            bool have = false;
            for (uint32_t i = identifiers->begin[one]; i < identifiers->begin[one + 1]; i++) {
                for (uint32_t j = identifiers->begin[other]; j < identifiers->begin[other + 1]; j++) {
                    const struct rpcancel_word *word = &identifiers->words[identifiers->of[i]];
                    have |= identifiers->of[i] == identifiers->of[j] &&
                            rpcancel_apart_tells(&model->machine, RPCANCEL_APART_CERTAINLY, one, other, word->inputs,
                                                 word->count);
                }
            }
            assert_int_equal(have, rpcancel_apart_length(&apart, one, other) > 0);
        }
    }
    rpcancel_apart_close(&apart);
}

enum { FAULTS = 100 };

static void every_wrong_answer_is_found(void **state)
{
    (void)state;
    struct rpcancel_random random = {.state = 6};
    struct rpcancel_machine faulty = faulty_copy(&model->machine, 0, &random);
    for (unsigned i = 0; i < FAULTS;) {
        struct rpcancel_transition *transition = faulty_transition(&faulty, &random), right = *transition;
        transition->given = UINT64_C(1) << rpcancel_random_below(&random, RPCANCEL_EXPECT_DONE);
        if (right.given && !(right.allowed & transition->given)) {
            assert_true(faulty_is_found(&one_call, &model->machine, &faulty, ALL));
            i++;
        }
        *transition = right;
    }
    rpcancel_machine_close(&faulty);
}

/* ---- wrong transfers, one at a time ---- */

/* By state: the node of |one_call| in which the shortest way to it ends. */
static void find_ways(uint32_t *nodes)
{
    uint32_t *queue = test_calloc(model->machine.states, sizeof *queue), taken = 0, waiting = 1;
    for (; taken < waiting; taken++) {
        uint32_t from = queue[taken];
        for (uint32_t at = one_call.nodes[nodes[from]].child; at; at = one_call.nodes[at].sibling) {
            uint32_t to = rpcancel_machine_at(&model->machine, from, one_call.nodes[at].input)->next;
            if (to == 0 || nodes[to])
                continue;
            nodes[to] = at;
            queue[waiting++] = to;
        }
    }
    assert_int_equal(waiting, model->machine.states);
    test_free(queue);
}

static uint32_t child_by(uint32_t node, unsigned input)
{
    uint32_t at = one_call.nodes[node].child;
    while (at && one_call.nodes[at].input != input)
        at = one_call.nodes[at].sibling;
    assert_int_not_equal(at, 0);
    return at;
}

/* What follows the transition in the suite finds it, or else nothing does. */
static void every_single_wrong_transfer_that_shows_is_found(void **state)
{
    (void)state;
    struct rpcancel_random random = {.state = 7};
    struct rpcancel_machine faulty = faulty_copy(&model->machine, 0, &random);
    uint32_t *ways = test_calloc(model->machine.states, sizeof *ways);
    unsigned long tried = 0, found = 0;
    find_ways(ways);
    while (tried < 10 * FAULTS) {
        struct rpcancel_transition *transition = faulty_transition(&faulty, &random), right = *transition;
        size_t at = (size_t)(transition - faulty.transitions);
        uint32_t node = child_by(ways[at / faulty.inputs], (unsigned)(at % faulty.inputs));
        transition->next = rpcancel_random_below(&random, faulty.states);
        bool is_found = faulty_is_found_after(&one_call, node, &model->machine, right.next, &faulty, transition->next);
        assert_true(is_found || !faulty_is_wrong(&model->machine, &faulty));
        found += is_found;
        tried++;
        *transition = right;
    }
    assert_in_range(found, tried / 2, tried);
    test_free(ways);
    rpcancel_machine_close(&faulty);
}

/* ---- several at once, which a suite need not find where states cannot be told apart ---- */

static struct outcome try_transfers(unsigned faults, uint64_t seed)
{
    struct rpcancel_random random = {.state = seed};
    struct outcome outcome = {0};
    uint32_t sequences = rpcancel_suite_measure(&one_call).sequences;
    for (unsigned i = 0; i < FAULTS; i++) {
        struct rpcancel_machine faulty = faulty_copy(&model->machine, 0, &random);
        for (unsigned j = 0; j < faults; j++)
            faulty_transition(&faulty, &random)->next = rpcancel_random_below(&random, faulty.states);
        bool found = faulty_is_found(&one_call, &model->machine, &faulty, ALL);
        outcome.found += found;
        outcome.wrong += found || faulty_is_wrong(&model->machine, &faulty);
        outcome.found_truncated +=
            found && faulty_is_found(&one_call, &model->machine, &faulty, sequences - sequences / 5);
        rpcancel_machine_close(&faulty);
    }
    return outcome;
}

static void several_wrong_transfers_at_once_are_nearly_always_found(void **state)
{
    (void)state;
    for (unsigned faults = 2; faults <= 4; faults++) {
        struct outcome outcome = try_transfers(faults, 8 + faults);
        assert_in_range(outcome.wrong, FAULTS / 2, FAULTS);
        assert_in_range(outcome.found, outcome.wrong - outcome.wrong / 50, outcome.wrong);
    }
}

static void a_truncated_suite_of_one_call_misses_some(void **state)
{
    (void)state;
    struct outcome outcome = try_transfers(1, 12);
    assert_int_equal(outcome.found, outcome.wrong);
    assert_true(outcome.found_truncated < outcome.found);
}

int main(void)
{
    const struct CMUnitTest suite[] = {
        cmocka_unit_test(states_that_differ_only_after_many_inputs_are_kept_apart_and_twins_are_not),
        cmocka_unit_test(an_answer_that_nobody_judges_tells_nothing),
        cmocka_unit_test(states_without_an_input_in_common_are_not_told_apart),
        cmocka_unit_test(every_wrong_machine_with_as_many_states_is_found),
        cmocka_unit_test(every_wrong_machine_is_found_where_not_everything_is_possible),
        cmocka_unit_test(every_wrong_machine_with_one_state_more_is_found_by_the_suite_for_that),
        cmocka_unit_test(the_suite_for_no_further_state_misses_some_of_those),
        cmocka_unit_test(a_truncated_suite_misses_some),
        cmocka_unit_test(every_state_is_reached_and_every_transition_exercised),
        cmocka_unit_test(the_reference_goes_where_the_machine_does),
        cmocka_unit_test(identifiers_are_harmonised),
        cmocka_unit_test(every_wrong_answer_is_found),
        cmocka_unit_test(every_single_wrong_transfer_that_shows_is_found),
        cmocka_unit_test(several_wrong_transfers_at_once_are_nearly_always_found),
        cmocka_unit_test(a_truncated_suite_of_one_call_misses_some),
    };
    return cmocka_run_group_tests(suite, open_one_call, close_one_call);
}
