// SPDX-License-Identifier: Apache-2.0
/*
 * Each move by itself, from a sequence that only it can make smaller to what it makes of it.
 */
#include "engine/shrink_moves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "history.h"

static struct rpcancel_rule_set rules;

static void assert_best(const struct rpcancel_shrinker *shrinker, const char *expected)
{
    char text[2048] = "";
    size_t length = 0;
    for (size_t i = 0; i < shrinker->best.count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", i ? "; " : "");
        length += rpcancel_operation_print(shrinker->best.items[i].operation, text + length, sizeof text - length);
    }
    assert_string_equal(text, expected);
}

/* Makes |move| once on a sequence, written with semicolons, that fails on |runtime|. NULL for |expected|: it must be of
 * no use. */
static void make_move(struct rpcancel_runtime *runtime, const char *text, rpcancel_shrink_move *move,
                      const char *expected)
{
    char lines[2048];
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    snprintf(lines, sizeof lines, "%s", text);
    for (char *c = strchr(lines, ';'); c; c = strchr(c, ';'))
        *c = '\n';
    assert_true(rpcancel_sequence_read_text(&sequence, lines, strlen(lines), &error));
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    struct rpcancel_run run = {.rules = &rules};
    assert_int_equal(rpcancel_run_sequence(&run, runtime, &sequence), RPCANCEL_RUN_VIOLATED);
    assert_int_equal(run.items_taken, sequence.count);
    const struct rpcancel_shrink_options options = {.kind = rpcancel_failure_of(&run), .runs = 100000};
    struct rpcancel_shrink_result result = {0};
    struct rpcancel_shrinker shrinker = {
        .run = &run, .runtime = runtime, .options = &options, .result = &result, .hidden = rpcancel_run_hides(runtime)};
    rpcancel_shrinker_begin(&shrinker, &sequence);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
    assert_int_equal(move(&shrinker), expected != NULL);
    assert_best(&shrinker, expected ? expected : text);
    rpcancel_shrinker_free(&shrinker);
    rpcancel_sequence_free(&sequence);
    rpcancel_run_free(&run);
}

static void on_history(history_condition *condition, const char *text, rpcancel_shrink_move *move, const char *expected)
{
    struct fake_runtime fake;
    history_set_condition(condition);
    fake_runtime_open(&fake, history_change, false, 1);
    make_move(&fake.runtime, text, move, expected);
    fake_runtime_close(&fake);
}

static void on_mutant(const char *mutant, bool hide, const char *text, rpcancel_shrink_move *move, const char *expected)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_runtime_options options = {.mutant = mutant, .hide_delivery = hide, .seed = 1};
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&options, failure);
    assert_non_null(runtime);
    make_move(runtime, text, move, expected);
    runtime->functions->close(runtime);
}

/* ---- conditions ---- */

static bool a_is_polled(const struct history *history)
{
    return history_find(history, "status a", 0) >= 0;
}

static bool a_is_polled_often_enough(const struct history *history)
{
    return history_count(history, "status a") % 2 == 0 && history_find(history, "call a", 0) >= 0;
}

static bool two_structures_or_one_twice(const struct history *history)
{
    int first = history_find(history, "init a", 0);
    return first >= 0 && (history_find(history, "init b", 0) >= 0 || history_find(history, "init a", first + 1) >= 0);
}

static bool two_threads_or_one_twice(const struct history *history)
{
    return history_count(history, "test-cancel 0 @t2") + history_count(history, "test-cancel 0 @t3") == 2;
}

static bool always(const struct history *history)
{
    (void)history;
    return true;
}

static bool everything_arrived(const struct history *history)
{
    return history_find(history, "settle", 0) >= 0 || history_find(history, "deliver cancel a", 0) >= 0;
}

static bool any_cancel(const struct history *history)
{
    if (history_find(history, "call a", 0) < 0)
        return false;
    return history_find(history, "cancel a", 0) >= 0 || history_find(history, "cancel a abort", 0) >= 0;
}

static bool cancel_in_time_or_polled(const struct history *history)
{
    int cancel = history_find(history, "cancel a", 0);
    int request = history_find(history, "deliver request a", 0);
    return cancel >= 0 && request >= 0 && (cancel < request || history_find(history, "status a", 0) >= 0);
}

static bool abortive_or_cancelled_and_polled(const struct history *history)
{
    if (history_find(history, "call a", 0) < 0 || history_find(history, "settle", 0) < 0)
        return false;
    return history_find(history, "cancel a abort", 0) >= 0 ||
           (history_find(history, "cancel a", 0) >= 0 && history_find(history, "status a", 0) >= 0);
}

static bool call_is_aborted(const struct history *history)
{
    for (unsigned i = 0; i < history->count; i++) {
        if (history->operations[i].kind == RPCANCEL_OP_ABORT)
            return true;
    }
    return false;
}

/* ---- the moves ---- */

static void a_whole_call_goes(void **state)
{
    (void)state;
    on_history(a_is_polled,
               "init a; init b; call a; call b; cancel b; status a; settle; await b; test-cancel invalid @w",
               rpcancel_shrink_drop_calls, "init a; call a; status a; settle; test-cancel invalid @w");
    on_history(a_is_polled,
               "init a; call a; cancel a abort; complete a; call a; deliver request a'; dispatch a' @t1; status a; "
               "test-cancel invalid @w",
               rpcancel_shrink_drop_calls,
               "init a; call a; cancel a abort; complete a; call a; status a; test-cancel invalid @w");
    on_history(two_structures_or_one_twice, "init a; init b; test-cancel invalid @w", rpcancel_shrink_drop_calls, NULL);
}

static void blocks_go(void **state)
{
    (void)state;
    on_history(
        a_is_polled,
        "init a; init b; call b; init c; call c; call a; settle; status b; status c; status a; await b; await c; "
        "settle; test-cancel invalid @w",
        rpcancel_shrink_drop_blocks, "status a; test-cancel invalid @w");
    on_history(a_is_polled, "init a; call a; status a; test-cancel invalid @w", rpcancel_shrink_drop_blocks,
               "status a; test-cancel invalid @w");
}

static void two_go_that_only_go_together(void **state)
{
    (void)state;
    static const char from[] = "init a; call a; status a; settle; status a; test-cancel invalid @w";
    on_history(a_is_polled_often_enough, from, rpcancel_shrink_drop_pairs,
               "init a; call a; settle; test-cancel invalid @w");
    on_history(a_is_polled_often_enough, "init a; call a; status a; status a; test-cancel invalid @w",
               rpcancel_shrink_drop_blocks, NULL);
}

static void two_handles_become_one(void **state)
{
    (void)state;
    on_history(two_structures_or_one_twice, "init a; init b; test-cancel invalid @w", rpcancel_shrink_merge_handles,
               "init a; init a; test-cancel invalid @w");
}

static void two_threads_become_one(void **state)
{
    (void)state;
    on_history(two_threads_or_one_twice, "test-cancel 0 @t2; test-cancel 0 @t3; test-cancel invalid @t2",
               rpcancel_shrink_merge_threads, "test-cancel 0 @t3; test-cancel 0 @t3; test-cancel invalid @t3");
}

static void the_first_handle_is_a_and_the_first_thread_t1(void **state)
{
    (void)state;
    on_mutant("completing-early-is-final", false, "init c; call c; complete c", rpcancel_shrink_swap_names,
              "init a; call a; complete a");
    on_mutant("test-cancel-says-1818", false, "init a; call a; cancel a; settle; dispatch a @t3; test-cancel a @t3",
              rpcancel_shrink_swap_names, "init a; call a; cancel a; settle; dispatch a @t1; test-cancel a @t1");
    on_history(a_is_polled, "init a; status a; test-cancel invalid @t1", rpcancel_shrink_swap_names, NULL);
}

static void deliveries_become_one_settle(void **state)
{
    (void)state;
    on_history(everything_arrived,
               "init a; call a; cancel a; deliver request a; status a; deliver cancel a; test-cancel invalid @w",
               rpcancel_shrink_settle, "init a; call a; cancel a; settle; status a; test-cancel invalid @w");
    on_history(everything_arrived, "settle; test-cancel invalid @w", rpcancel_shrink_settle, NULL);
}

static void arguments_become_lower(void **state)
{
    (void)state;
    on_history(call_is_aborted, "abort a 87; abort a 1914; test-cancel invalid @w", rpcancel_shrink_lower_arguments,
               "abort a 5; abort a 5; test-cancel invalid @w");
    on_mutant("init-accepts-bad-size", false, "init a size-too-large", rpcancel_shrink_lower_arguments,
              "init a size-too-small");
    on_mutant("init-accepts-bad-size", false, "init a size-too-small", rpcancel_shrink_lower_arguments, NULL);
}

static void an_operation_takes_place_earlier(void **state)
{
    (void)state;
    on_history(always, "call a; init a; test-cancel invalid @w", rpcancel_shrink_advance,
               "init a; call a; test-cancel invalid @w");
    on_history(always, "init a; call a; test-cancel invalid @w", rpcancel_shrink_advance, NULL);
}

static void an_operation_becomes_a_simpler_one(void **state)
{
    (void)state;
    on_history(any_cancel, "init a; call a; cancel a abort; test-cancel invalid @w", rpcancel_shrink_replace,
               "init a; call a; cancel a; test-cancel invalid @w");
    on_mutant("status-consumes-completion", false,
              "init a; call a; settle; dispatch a @t1; complete a @t1; settle; status a; complete a",
              rpcancel_shrink_replace,
              "init a; call a; deliver request a; dispatch a @t1; complete a @t1; settle; status a; complete a");
    on_mutant("status-consumes-completion", false,
              "init a; call a; deliver request a; dispatch a @t1; complete a @t1; deliver reply a; status a; "
              "complete a",
              rpcancel_shrink_replace, NULL);
}

static void a_cancel_is_moved_and_another_operation_goes(void **state)
{
    (void)state;
    on_history(cancel_in_time_or_polled,
               "init a; call a; deliver request a; cancel a; status a; test-cancel invalid @w",
               rpcancel_shrink_move_and_drop, "init a; call a; cancel a; deliver request a; test-cancel invalid @w");
    on_history(cancel_in_time_or_polled, "init a; call a; cancel a; deliver request a; test-cancel invalid @w",
               rpcancel_shrink_move_and_drop, NULL);
}

static void an_operation_becomes_another_and_one_goes(void **state)
{
    (void)state;
    on_history(abortive_or_cancelled_and_polled, "init a; call a; cancel a; settle; status a; test-cancel invalid @w",
               rpcancel_shrink_change_and_drop, "init a; call a; cancel a abort; settle; test-cancel invalid @w");
    on_history(abortive_or_cancelled_and_polled, "init a; call a; cancel a abort; settle; test-cancel invalid @w",
               rpcancel_shrink_change_and_drop, NULL);
}

static void what_depends_on_something_that_went_is_mended(void **state)
{
    (void)state;
    on_mutant("test-cancel-consumes-flag", false,
              "init a; call a; cancel a abort; complete a; call a; settle; dispatch a' @t1; test-cancel a' @t1; "
              "test-cancel a' @t1",
              rpcancel_shrink_drop_and_mend,
              "init a; call a; cancel a abort; settle; dispatch a @t1; test-cancel a @t1; test-cancel a @t1");
    on_mutant("test-cancel-clears-another-call", false,
              "init a; init b; call a; call b; cancel a abort; settle; dispatch b @t1; return b; dispatch a @t1; "
              "test-cancel b @t1; test-cancel 0 @t1",
              rpcancel_shrink_drop_and_mend,
              "init a; init b; call a; call b; cancel a abort; settle; dispatch b @t1; dispatch a @t2; "
              "test-cancel b @t1; test-cancel 0 @t2");
}

static void a_shorter_way_is_taken(void **state)
{
    (void)state;
    on_mutant("status-consumes-completion", false,
              "init a; call a; deliver request a; dispatch a @t1; raise a 5; deliver reply a; status a; status a",
              rpcancel_shrink_detour, "init a; call a; lose link; settle; status a; status a");
    on_mutant("status-consumes-completion", false, "init a; call a; lose link; settle; status a; status a",
              rpcancel_shrink_detour, NULL);
}

/* Where messages arrive unseen no move brings one in, and none that was listed stays. */
static void unseen_messages_stay_unseen(void **state)
{
    (void)state;
    static rpcancel_shrink_move *const moves[] = {rpcancel_shrink_replace, rpcancel_shrink_change_and_drop,
                                                  rpcancel_shrink_detour, rpcancel_shrink_advance};
    for (unsigned i = 0; i < sizeof moves / sizeof moves[0]; i++)
        on_mutant("second-cancel-loses-completion", true,
                  "init a; call a; cancel a; cancel a; dispatch a @t1; raise a 5; settle; await a", moves[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_call_goes),
        cmocka_unit_test(blocks_go),
        cmocka_unit_test(two_go_that_only_go_together),
        cmocka_unit_test(two_handles_become_one),
        cmocka_unit_test(two_threads_become_one),
        cmocka_unit_test(the_first_handle_is_a_and_the_first_thread_t1),
        cmocka_unit_test(deliveries_become_one_settle),
        cmocka_unit_test(arguments_become_lower),
        cmocka_unit_test(an_operation_takes_place_earlier),
        cmocka_unit_test(an_operation_becomes_a_simpler_one),
        cmocka_unit_test(a_cancel_is_moved_and_another_operation_goes),
        cmocka_unit_test(an_operation_becomes_another_and_one_goes),
        cmocka_unit_test(what_depends_on_something_that_went_is_mended),
        cmocka_unit_test(a_shorter_way_is_taken),
        cmocka_unit_test(unseen_messages_stay_unseen),
    };
    return cmocka_run_group_tests_name("shrink_moves", tests, NULL, NULL);
}
