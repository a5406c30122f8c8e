// SPDX-License-Identifier: Apache-2.0
/*
 * The pairs of two calls are all there are: a search that takes a for a and b for b finds no others, nor does one with
 * every argument. Takes some seconds.
 */
#include "coverage/two_calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rules/tables.h"

static struct rpcancel_two_calls *calls;

static int open_calls(void **state)
{
    (void)state;
    calls = rpcancel_two_calls_open(false, NULL);
    return calls ? 0 : -1;
}

static int close_calls(void **state)
{
    (void)state;
    rpcancel_two_calls_close(calls);
    return 0;
}

static struct rpcancel_answer step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation)
{
    if (!rpcancel_two_call_stands(operation))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return rpcancel_step(choices, world, operation);
}

struct found {
    uint32_t count;
    bool *cells;
};

static void take_edge(void *context, const struct rpcancel_edge *edge)
{
    struct found *found = context;
    struct rpcancel_standing standing = {.counted = 3};
    uint32_t cells[RPCANCEL_TWO_CALL_CELLS_AT_ONCE];
    for (unsigned handle = 0; handle < 2; handle++)
        standing.classes[handle] = (uint8_t)rpcancel_state_class(&edge->from->observer, handle);
    unsigned count = rpcancel_two_call_cells(&edge->from->world, &standing, edge->operation, cells);
    for (unsigned i = 0; i < count; i++) {
        found->count += !found->cells[cells[i]];
        found->cells[cells[i]] = true;
    }
}

static void which_of_two_calls_is_a_makes_no_difference(void **state)
{
    (void)state;
    struct found found = {.cells = test_calloc(RPCANCEL_TWO_CALL_CELLS, sizeof *found.cells)};
    struct rpcancel_explore_options options = {
        .calls = 2,
        .threads = 2,
        .every_argument = true,
        .memory = UINT64_C(2) << 30,
        .step = {.function = step},
        .choices = &rpcancel_choices_documented,
        .edge = take_edge,
        .edge_context = &found,
    };
    static struct rpcancel_explore_result result;
    rpcancel_tables_init();
    rpcancel_explore(&options, &result);
    assert_int_equal(result.end, RPCANCEL_EXPLORE_CLOSED);
    assert_true(result.pairs > 3 * calls->pairs.count);
    assert_int_equal(found.count, calls->count);
    for (uint32_t cell = 0; cell < RPCANCEL_TWO_CALL_CELLS; cell++)
        assert_int_equal(found.cells[cell], rpcancel_two_call_can(calls, cell));
    test_free(found.cells);
}

static void the_arguments_left_out_lead_to_no_other_pair(void **state)
{
    (void)state;
    struct rpcancel_two_calls *all = rpcancel_two_calls_open(true, NULL);
    assert_non_null(all);
    assert_true(all->pairs.count > calls->pairs.count);
    assert_int_equal(all->count, calls->count);
    for (uint32_t cell = 0; cell < RPCANCEL_TWO_CALL_CELLS; cell++)
        assert_int_equal(rpcancel_two_call_can(all, cell), rpcancel_two_call_can(calls, cell));
    rpcancel_two_calls_close(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_of_two_calls_is_a_makes_no_difference),
        cmocka_unit_test(the_arguments_left_out_lead_to_no_other_pair),
    };
    return cmocka_run_group_tests_name("exhaustive_pairs", tests, open_calls, close_calls);
}
