// SPDX-License-Identifier: Apache-2.0
/*
 * The reference implementation: what holds in every state, and the stories the documents tell.
 */
#include "reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "random_sequence.h"
#include "status.h"

/* A story: sequences of text run on a fresh world, every expectation in it asserted. */
static void tell(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    struct rpcancel_world world;
    if (!rpcancel_sequence_read_text(&sequence, text, strlen(text), &error))
        fail_msg("%u:%u: %s", error.line, error.column, error.expected);
    rpcancel_world_reset(&world);
    for (size_t i = 0; i < sequence.count; i++) {
        const struct rpcancel_sequence_item *item = &sequence.items[i];
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, item->operation);
        char operation[RPCANCEL_OPERATION_TEXT_MAX], got[RPCANCEL_ANSWER_TEXT_MAX];
        if (!item->expected || (item->expected & rpcancel_expectation_of(answer)))
            continue;
        rpcancel_operation_print(item->operation, operation, sizeof operation);
        rpcancel_answer_print(answer, got, sizeof got);
        fail_msg("line %u: %s answered %s", item->line, operation, got);
    }
    rpcancel_sequence_free(&sequence);
}

static void every_operation_in_random_states_is_total_and_repeatable(void **state)
{
    (void)state;
    struct random_source random = {.state = 1};
    struct rpcancel_world world;
    rpcancel_world_reset(&world);
    for (unsigned i = 0; i < 400000; i++) {
        struct rpcancel_operation operation = random_operation(&random);
        struct rpcancel_world before = world;
        struct rpcancel_world again = world;
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operation);
        struct rpcancel_answer same = rpcancel_step(&rpcancel_choices_documented, &again, operation);
        assert_int_equal(answer.kind, same.kind);
        assert_int_equal(answer.code, same.code);
        assert_memory_equal(&world, &again, sizeof world);
        assert_int_not_equal(answer.kind, RPCANCEL_ANSWER_UNIMPLEMENTED);
        if (!rpcancel_answer_happened(answer))
            assert_memory_equal(&world, &before, sizeof world);
        if (random_below(&random, 500) == 0)
            rpcancel_world_reset(&world);
    }
}

/* In a world without padding or dead state, bits that are no part of it stay clear. */
static void unused_bits_stay_clear(void **state)
{
    (void)state;
    struct random_source random = {.state = 2};
    struct rpcancel_world world;
    rpcancel_world_reset(&world);
    for (unsigned i = 0; i < 200000; i++) {
        rpcancel_step(&rpcancel_choices_documented, &world, random_operation(&random));
        for (unsigned lane = 0; lane < RPCANCEL_HANDLES_MAX; lane++) {
            assert_int_equal(world.lanes[lane].handle.unused, 0);
            assert_int_equal(world.lanes[lane].call.unused, 0);
            assert_int_equal(world.lanes[lane].earlier.unused, 0);
            bool earlier_is_kept = memcmp(&world.lanes[lane].earlier, &(struct rpcancel_call){0}, 2) != 0;
            assert_true(!earlier_is_kept || rpcancel_call_alive(world.lanes[lane].earlier));
        }
    }
}

static void a_call_runs_to_its_end(void **state)
{
    (void)state;
    tell("status a => 1914\ninit a => 0\ncall a => 0\nstatus a => 997\ncomplete a => 997\nawait a => 258\n"
         "deliver request a => done\ndispatch a @t1 => done\ntest-cancel a @t1 => 1791\ntest-cancel 0 @t1 => 1791\n"
         "hand-off a => done\nreturn a => done\ntest-cancel a @w => 1791\ntest-cancel 0 @w => 1725\n"
         "complete a @w => 0\nstatus a => 997\ndeliver reply a => done\nstatus a => 0\nawait a => 0\n"
         "await a => 258\ncomplete a => 0\ncomplete a => undefined\ninit a => 0\n");
}

static void a_nonabortive_cancel_waits_for_the_server(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ndeliver request a\ndispatch a @t1\ncancel a => 0\nstatus a => 997\n"
         "test-cancel a @t1 => 1791\ndeliver cancel a => done\ntest-cancel a @t1 => 0\ntest-cancel a @t1 => 0\n"
         "complete a => 997\nabort a 1818 @t1 => 0\ndeliver reply a\nstatus a => 1818\nawait a => 0\n"
         "complete a => 1818\n");
}

static void an_abortive_cancel_does_not(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ndeliver request a\ndispatch a @t1\ncancel a abort => 0\nawait a => 0\n"
         "complete a => 1818\ntest-cancel a @t1 => 1791\ndeliver orphaned a\ntest-cancel a @t1 => 0\n"
         "complete a @t1 => 0\ndeliver reply a => done\n");
}

static void a_message_follows_the_one_before_it(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ncancel a => 0\ncancel a abort => 0\ndeliver orphaned a => refused\n"
         "deliver cancel a => refused\ndeliver request a => done\ndeliver orphaned a => refused\n"
         "deliver cancel a => done\ndeliver orphaned a => done\ndeliver orphaned a => refused\n");
}

static void an_earlier_call_lives_beside_the_new_one(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ndeliver request a\ncancel a abort => 0\ncomplete a => 1818\ninit a => 0\n"
         "call a => 0\ndispatch a' @t1 => done\ndeliver orphaned a' => done\ntest-cancel a' @t1 => 0\n"
         "deliver request a\ndispatch a @t2 => done\ntest-cancel a @t2 => 1791\ncomplete a' @t1 => 0\n"
         "deliver reply a' => done\nstatus a => 997\nawait a => 258\ncomplete a @t2 => 0\ndeliver reply a\n"
         "complete a => 0\n");
}

static void a_second_earlier_call_has_no_slot(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ncancel a abort => 0\ncomplete a => 1818\ncall a => 0\ncancel a abort => 0\n"
         "complete a => 1818\ncall a => refused\nsettle\ndispatch a' @t1\ncomplete a' @t1\nreturn a'\nsettle\n"
         "call a => 0\n");
}

static void a_lost_link_ends_what_waits_and_orphans_the_server(void **state)
{
    (void)state;
    tell("init a => 0\ncall a => 0\ndeliver request a\ndispatch a @t1\nlose link => done\nlose link => refused\n"
         "status a => 1726\nawait a => 0\ncomplete a => 1726\ncomplete a @t1 => 0\ndeliver reply a => refused\n"
         "init a => 0\ncall a => exception\nawait a => 258\ninit a => 0\n");
}

static void threads_and_calls_are_told_apart(void **state)
{
    (void)state;
    tell("init a\ninit b\ncall a\ncall b\nsettle\ndispatch a @t1\ndispatch b @t1 => refused\ndispatch b @t2\n"
         "cancel a => 0\nsettle\ntest-cancel 0 @t1 => 0\ntest-cancel 0 @t2 => 1791\ntest-cancel 0 @w => 1725\n"
         "test-cancel b @t2 => 1791\ntest-cancel a @t2 => refused\nhand-off a\ntest-cancel a @w => 0\n");
}

static void what_is_undefined_is_not_done(void **state)
{
    (void)state;
    tell("init a\ncall a\ninit a => undefined\ncall a => undefined\ncorrupt a signature => undefined\nsettle\n"
         "dispatch a @t1\nabort a 0 @t1 => undefined\nhand-off a\nraise a 5 => undefined\ncomplete a @w => 0\n"
         "complete a @w => undefined\nabort a 5 @w => undefined\ntest-cancel a @w => undefined\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_in_random_states_is_total_and_repeatable),
        cmocka_unit_test(unused_bits_stay_clear),
        cmocka_unit_test(a_call_runs_to_its_end),
        cmocka_unit_test(a_nonabortive_cancel_waits_for_the_server),
        cmocka_unit_test(an_abortive_cancel_does_not),
        cmocka_unit_test(a_message_follows_the_one_before_it),
        cmocka_unit_test(an_earlier_call_lives_beside_the_new_one),
        cmocka_unit_test(a_second_earlier_call_has_no_slot),
        cmocka_unit_test(a_lost_link_ends_what_waits_and_orphans_the_server),
        cmocka_unit_test(threads_and_calls_are_told_apart),
        cmocka_unit_test(what_is_undefined_is_not_done),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
