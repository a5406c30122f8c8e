// SPDX-License-Identifier: Apache-2.0
/* The one-call index numbers exactly the states that exhaustive search of one call finds, whichever handle is in them.
 */
#include "coverage/one_call_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/one_call_search.h"
#include "engine/random.h"

static struct rpcancel_one_call_index *index_of_one_call;

static int open_index(void **state)
{
    (void)state;
    index_of_one_call = rpcancel_one_call_index_open();
    return index_of_one_call ? 0 : -1;
}

static int close_index(void **state)
{
    (void)state;
    rpcancel_one_call_index_close(index_of_one_call);
    return 0;
}

static int number(const struct rpcancel_world *world, unsigned handle)
{
    return rpcancel_one_call_index_state(index_of_one_call, world, handle);
}

/* ---- the states are those of the search ---- */

struct seen {
    unsigned distinct;
    struct rpcancel_world *worlds; /* by number */
    bool *known;
};

static void see(void *context, const struct rpcancel_edge *edge)
{
    struct seen *seen = context;
    int n = number(&edge->to->world, 0);
    assert_in_range(n, 0, rpcancel_one_call_index_state_count(index_of_one_call) - 1);
    if (seen->known[n]) {
        assert_memory_equal(&seen->worlds[n], &edge->to->world, sizeof edge->to->world);
        return;
    }
    seen->known[n] = true;
    seen->worlds[n] = edge->to->world;
    seen->distinct++;
}

static void every_state_of_the_search_has_a_number_of_its_own(void **state)
{
    (void)state;
    unsigned count = rpcancel_one_call_index_state_count(index_of_one_call);
    struct rpcancel_pair_table table;
    struct seen seen = {.worlds = test_calloc(count, sizeof *seen.worlds), .known = test_calloc(count, 1)};
    assert_true(rpcancel_one_call_search(&table, see, &seen));
    assert_int_equal(table.worlds, count);
    assert_int_equal(seen.distinct, count);
    rpcancel_pair_table_close(&table);
    test_free(seen.worlds);
    test_free(seen.known);
}

static void the_initial_state_is_number_0(void **state)
{
    (void)state;
    struct rpcancel_world world;
    rpcancel_world_reset(&world);
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++)
        assert_int_equal(number(&world, handle), 0);
}

/* ---- whichever handle and thread it is, and whatever happens to others ---- */

static void several_calls_are_each_in_a_state_of_one(void **state)
{
    (void)state;
    struct rpcancel_alphabet *alphabet = test_calloc(1, sizeof *alphabet);
    struct rpcancel_random random = {.state = 7};
    struct rpcancel_random_options options = {.length = 60, .alphabet = alphabet};
    struct rpcancel_sequence sequence = {0};
    unsigned earlier = 0, found = 0;
    rpcancel_alphabet_init(alphabet, RPCANCEL_HANDLES_MAX, RPCANCEL_DISPATCHERS_MAX, false);
    for (unsigned i = 0; i < 300; i++) {
        struct rpcancel_world world;
        assert_true(rpcancel_random_sequence(&random, &options, &sequence));
        rpcancel_world_reset(&world);
        for (size_t k = 0; k < sequence.count; k++) {
            rpcancel_step(&rpcancel_choices_documented, &world, sequence.items[k].operation);
            for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
                bool has_earlier = rpcancel_call_alive(world.lanes[handle].earlier);
                assert_int_equal(number(&world, handle) < 0, has_earlier);
                earlier += has_earlier;
                found += number(&world, handle) > 0;
            }
        }
    }
    assert_true(earlier > 0 && found > 0);
    rpcancel_sequence_free(&sequence);
    test_free(alphabet);
}

static void handle_and_thread_make_no_difference(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {RPCANCEL_OP_INIT, RPCANCEL_OP_CALL, RPCANCEL_OP_DELIVER_REQUEST,
                                    RPCANCEL_OP_DISPATCH, RPCANCEL_OP_CANCEL};
    struct rpcancel_world first, other;
    rpcancel_world_reset(&first);
    rpcancel_world_reset(&other);
    int before = 0;
    for (unsigned i = 0; i < sizeof kinds; i++) {
        struct rpcancel_operation operation = {.kind = kinds[i]};
        rpcancel_step(&rpcancel_choices_documented, &first, operation);
        operation.handle = 2;
        operation.thread = operation.kind == RPCANCEL_OP_DISPATCH ? RPCANCEL_THREAD_T3 : 0;
        rpcancel_step(&rpcancel_choices_documented, &other, operation);
        assert_int_not_equal(number(&first, 0), before);
        assert_int_equal(number(&other, 2), number(&first, 0));
        before = number(&first, 0);
    }
    first.link_lost = 1; /* with a message on its way: no such state */
    assert_int_equal(number(&first, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_of_the_search_has_a_number_of_its_own),
        cmocka_unit_test(the_initial_state_is_number_0),
        cmocka_unit_test(several_calls_are_each_in_a_state_of_one),
        cmocka_unit_test(handle_and_thread_make_no_difference),
    };
    return cmocka_run_group_tests_name("one_call_index", tests, open_index, close_index);
}
