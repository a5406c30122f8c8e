// SPDX-License-Identifier: Apache-2.0
/*
 * Shrinking as a whole: what is kept, what it costs, how it ends. The moves have a test of their own.
 */
#include "engine/shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/random.h"
#include "history.h"
#include "mutants/mutants.h"
#include "random_sequence.h"

enum { RUNS = 4000, INTERRUPT_AT = 8 };

static struct rpcancel_rule_set rules;
static struct fake_runtime fake;
static struct rpcancel_run run;
static struct rpcancel_sequence sequence;
static struct rpcancel_shrink_options options;
static struct rpcancel_shrink_result result;

static int set_up(void **state)
{
    (void)state;
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    run = (struct rpcancel_run){.rules = &rules};
    sequence = (struct rpcancel_sequence){0};
    options = (struct rpcancel_shrink_options){.runs = RUNS};
    fake_runtime_open(&fake, NULL, false, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_runtime_close(&fake);
    rpcancel_run_free(&run);
    rpcancel_sequence_free(&sequence);
    return 0;
}

/* ---- runtimes ---- */

/* Does whatever it is asked to and answers 0 to everything. */
static enum rpcancel_exchange always_zero(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    (void)runtime;
    bool returns_code = operation.kind == RPCANCEL_OP_TEST_CANCEL || operation.kind == RPCANCEL_OP_STATUS ||
                        operation.kind == RPCANCEL_OP_CANCEL || operation.kind == RPCANCEL_OP_CALL;
    if (answer->kind == RPCANCEL_ANSWER_CODE || returns_code)
        *answer = rpcancel_answer_code(0);
    else if (!rpcancel_answer_happened(*answer))
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

/* Crashes at `complete a` once a second handle was initialised. */
static enum rpcancel_exchange crash_with_two(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    static unsigned resets;
    (void)answer;
    if (runtime->resets != resets)
        runtime->number = 0;
    resets = runtime->resets;
    runtime->number += operation.kind == RPCANCEL_OP_INIT && operation.handle == 1;
    if (operation.kind != RPCANCEL_OP_COMPLETE || operation.handle != 0 || runtime->number == 0)
        return RPCANCEL_EXCHANGE_ANSWERED;
    snprintf(runtime->runtime.failure, sizeof runtime->runtime.failure, "gone");
    return RPCANCEL_EXCHANGE_CRASHED;
}

static unsigned elapsed; /* seconds so far */

/* Answers 0 as well, and counts the time that it is waited for. */
static enum rpcancel_exchange slowly_zero(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    elapsed += operation.kind == RPCANCEL_OP_ELAPSE;
    return always_zero(runtime, operation, answer);
}

static unsigned histories; /* tests of the condition so far */

/* Two in three times. */
static bool now_and_then(const struct history *history)
{
    (void)history;
    return histories++ % 3 != 2;
}

static bool by_luck_when_short(const struct history *history)
{
    return history->count >= 4 || histories++ < RPCANCEL_ATTEMPTS;
}

static bool always(const struct history *history)
{
    (void)history;
    return true;
}

/* ---- doing it ---- */

static void read_sequence(const char *text)
{
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_sequence_read_text(&sequence, text, strlen(text), &error));
}

static void assert_sequence(const char *expected)
{
    char text[1024] = "";
    size_t length = 0;
    for (size_t i = 0; i < sequence.count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", i ? "; " : "");
        length += rpcancel_operation_print(sequence.items[i].operation, text + length, sizeof text - length);
    }
    assert_string_equal(text, expected);
}

/* Shrinks |text| on the fake runtime that |change| spoils, keeping the failure that it shows there. */
static void shrink(const char *text, fake_change *change, bool hide)
{
    fake_runtime_close(&fake);
    fake_runtime_open(&fake, change, hide, 1);
    read_sequence(text);
    rpcancel_run_sequence(&run, &fake.runtime, &sequence);
    options.kind = rpcancel_failure_of(&run);
    unsigned resets = fake.resets;
    rpcancel_shrink(&run, &fake.runtime, &sequence, &options, &result);
    assert_int_equal(fake.resets - resets, result.runs);
}

/* ---- what is kept ---- */

static void what_is_left_still_makes_sense(void **state)
{
    (void)state;
    shrink("init b\ninit a\ncall a\ndeliver request a\ndispatch a @t1\nget-call-handle a\n"
           "test-cancel a @t1\ncomplete a @t1\n",
           always_zero, false);
    assert_sequence("init a; call a; deliver request a; dispatch a @t1; test-cancel a @t1");
    assert_int_equal(result.end, RPCANCEL_SHRINK_DONE);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
    assert_int_equal(run.end, RPCANCEL_RUN_VIOLATED);
    assert_int_equal(run.items_taken, sequence.count);
}

static void no_run_waits_for_what_is_not_needed(void **state)
{
    static const char text[] =
        "init a\ncall a\nelapse\ndeliver request a\nelapse\ndispatch a @t1\nelapse\ntest-cancel a @t1\n";
    (void)state;
    elapsed = 0;
    shrink(text, slowly_zero, false);
    assert_sequence("init a; call a; deliver request a; dispatch a @t1; test-cancel a @t1");
    assert_int_equal(elapsed, 3 + 3 * RPCANCEL_ATTEMPTS); /* to see the failure, and before anything is left out */
    options.was_shown = true;
    elapsed = 0;
    rpcancel_sequence_free(&sequence);
    shrink(text, slowly_zero, false);
    assert_sequence("init a; call a; deliver request a; dispatch a @t1; test-cancel a @t1");
    assert_int_equal(elapsed, 3 + 3);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
}

static void unseen_deliveries_need_no_place_in_it(void **state)
{
    (void)state;
    shrink("init b\ninit a\ncall a\ndeliver request a\ndispatch a @t1\nget-call-handle a\ntest-cancel a @t1\n",
           always_zero, true);
    assert_sequence("init a; call a; dispatch a @t1; test-cancel a @t1");
}

static void a_settle_that_is_needed_stays_one_where_delivery_is_hidden(void **state)
{
    (void)state;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_runtime_options settings = {
        .mutant = "second-cancel-loses-completion", .hide_delivery = true, .seed = 1};
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&settings, failure);
    read_sequence("init a\ncall a\nstatus a\ncancel a\ncancel a\ndeliver request a\ndispatch a @t1\nraise a 1818\n"
                  "deliver reply a\nawait a\n");
    rpcancel_run_sequence(&run, runtime, &sequence);
    options.kind = rpcancel_failure_of(&run);
    rpcancel_shrink(&run, runtime, &sequence, &options, &result);
    assert_sequence("init a; call a; cancel a; cancel a; dispatch a @t1; raise a 5; settle; await a");
    runtime->functions->close(runtime);
}

static void a_call_keeps_the_init_that_it_needs(void **state)
{
    (void)state;
    shrink("init a\nget-call-handle a\ncall a\nstatus a\n", always_zero, false);
    assert_sequence("init a; call a; status a");
}

static void a_misuse_that_was_there_may_stay(void **state)
{
    (void)state;
    shrink("init b\ndispatch a @t1\ninit c\ntest-cancel a @t1\n", always_zero, false);
    assert_sequence("dispatch a @t1; test-cancel a @t1");
}

static void a_crash_stays_a_crash(void **state)
{
    (void)state;
    shrink("init c\ninit a\ncall a\nstatus a\ninit b\ncall b\ncomplete b\nsettle\ncomplete a\nawait a\n",
           crash_with_two, false);
    assert_sequence("init a; init b; call a; complete a"); /* where the same rule would decide */
    assert_int_equal(run.end, RPCANCEL_RUN_CRASHED);
    assert_string_equal(run.failure, "gone");
}

static void expectations_and_lines_are_left_out(void **state)
{
    (void)state;
    shrink("init a => 0\nget-call-handle a => null\ncall a => 0\nstatus a => 997\n", always_zero, false);
    for (size_t i = 0; i < sequence.count; i++) {
        assert_true(sequence.items[i].expected == 0);
        assert_int_equal(sequence.items[i].line, 0);
    }
}

static void tallies_are_left_alone(void **state)
{
    (void)state;
    static struct rpcancel_tallies tallies, before;
    read_sequence("init b\ninit a\ncall a\nstatus a\n");
    fake.change = always_zero;
    run.tallies = &tallies;
    rpcancel_run_sequence(&run, &fake.runtime, &sequence);
    before = tallies;
    options.kind = rpcancel_failure_of(&run);
    rpcancel_shrink(&run, &fake.runtime, &sequence, &options, &result);
    assert_int_equal(sequence.count, 3);
    assert_ptr_equal(run.tallies, &tallies);
    assert_memory_equal(&tallies, &before, sizeof before);
}

/* ---- the same every time ---- */

/* The bytes that the first failure of |mutant| drawn with |seed| shrinks to. */
static uint8_t *shrink_random(const char *mutant, uint64_t seed, size_t *length)
{
    static struct rpcancel_alphabet alphabet;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_runtime_options settings = {.mutant = mutant};
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&settings, failure);
    struct rpcancel_random random = {.state = seed};
    const struct rpcancel_random_options drawn = {.length = 60, .alphabet = &alphabet};
    rpcancel_alphabet_init(&alphabet, 2, 2, false);
    do {
        assert_true(rpcancel_random_sequence(&random, &drawn, &sequence));
    } while (rpcancel_run_sequence(&run, runtime, &sequence) != RPCANCEL_RUN_VIOLATED);
    options.kind = rpcancel_failure_of(&run);
    rpcancel_shrink(&run, runtime, &sequence, &options, &result);
    assert_int_equal(result.end, RPCANCEL_SHRINK_DONE);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
    runtime->functions->close(runtime);
    return binary_of(&sequence, length);
}

static void the_same_failure_shrinks_to_the_same_bytes(void **state)
{
    (void)state;
    static const char *const mutants[] = {"test-cancel-consumes-flag", "late-reply-completes-new-call",
                                          "status-consumes-completion", "completion-twice"};
    for (unsigned i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            size_t length, length_again;
            uint8_t *bytes = shrink_random(mutants[i], seed, &length);
            unsigned runs = result.runs;
            uint8_t *again = shrink_random(mutants[i], seed, &length_again);
            assert_int_equal(length, length_again);
            assert_memory_equal(bytes, again, length);
            assert_int_equal(runs, result.runs);
            free(bytes);
            free(again);
        }
    }
}

static void what_was_shrunk_does_not_shrink_further(void **state)
{
    (void)state;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_runtime_options settings = {.mutant = "manager-return-completes"};
    size_t length, length_again;
    uint8_t *bytes = shrink_random(settings.mutant, 1, &length);
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&settings, failure);
    rpcancel_shrink(&run, runtime, &sequence, &options, &result);
    uint8_t *again = binary_of(&sequence, &length_again);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, again, length);
    runtime->functions->close(runtime);
    free(bytes);
    free(again);
}

/* ---- how it ends ---- */

static const char long_sequence[] = "init b\ninit c\ninit d\ninit a\nstatus b\nstatus c\nstatus d\ncall a\n"
                                    "deliver request a\ndispatch a @t1\ntest-cancel a @t1\n";

static void it_ends_when_its_runs_are_spent(void **state)
{
    (void)state;
    size_t count = 11;
    options.runs = RPCANCEL_ATTEMPTS;
    for (shrink(long_sequence, always_zero, false); result.end == RPCANCEL_SHRINK_SPENT;) {
        assert_int_equal(result.runs, options.runs + RPCANCEL_ATTEMPTS);
        assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
        assert_true(sequence.count <= count);
        count = sequence.count;
        options.runs++;
        rpcancel_sequence_free(&sequence);
        shrink(long_sequence, always_zero, false);
    }
    assert_int_equal(result.end, RPCANCEL_SHRINK_DONE);
    assert_true(options.runs > 15);
    assert_int_equal(sequence.count, 5);
}

static void too_few_runs_leave_it_alone(void **state)
{
    (void)state;
    options.runs = RPCANCEL_ATTEMPTS - 1;
    shrink(long_sequence, always_zero, false);
    assert_int_equal(result.end, RPCANCEL_SHRINK_SPENT);
    assert_int_equal(result.runs, options.runs);
    assert_int_equal(result.shown, options.runs);
    assert_int_equal(sequence.count, 11);
}

static volatile sig_atomic_t interrupted;
static unsigned calls, last_runs;
static size_t last_length;

static void watch(void *context, unsigned runs, size_t length)
{
    assert_ptr_equal(context, &calls);
    assert_true(calls == 0 || (runs == last_runs + 1 && length <= last_length));
    last_runs = runs;
    last_length = length;
    calls++;
    interrupted = calls == INTERRUPT_AT;
}

static void ctrl_c_ends_it_with_the_smallest_so_far(void **state)
{
    (void)state;
    calls = 0;
    interrupted = 0;
    options.interrupted = &interrupted;
    options.progress = watch;
    options.progress_context = &calls;
    shrink(long_sequence, always_zero, false);
    assert_int_equal(result.end, RPCANCEL_SHRINK_INTERRUPTED);
    assert_int_equal(calls, INTERRUPT_AT);
    assert_int_equal(result.runs, INTERRUPT_AT + RPCANCEL_ATTEMPTS);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
    assert_true(sequence.count < 11 && sequence.count > 5);
    assert_int_equal(sequence.count, last_length);
}

static void a_failure_that_comes_and_goes_is_left_alone(void **state)
{
    (void)state;
    histories = 0;
    history_set_condition(now_and_then);
    shrink("init a => 0\ncall a\ntest-cancel invalid @w\n", history_change, false);
    assert_int_equal(result.end, RPCANCEL_SHRINK_UNRELIABLE);
    assert_int_equal(result.shown, 2);
    assert_int_equal(result.runs, RPCANCEL_ATTEMPTS);
    assert_sequence("init a; call a; test-cancel invalid @w");
    assert_int_equal(sequence.items[0].line, 1);
    assert_true(sequence.items[0].expected != 0);
}

static void a_sequence_that_does_not_fail_is_left_alone(void **state)
{
    (void)state;
    read_sequence("init a\ntest-cancel invalid @w\n");
    options.kind = (struct rpcancel_failure_kind){RPCANCEL_RUN_VIOLATED, rpcancel_rule_find("RpcServerTestCancel/11")};
    rpcancel_shrink(&run, &fake.runtime, &sequence, &options, &result);
    assert_int_equal(result.end, RPCANCEL_SHRINK_UNRELIABLE);
    assert_int_equal(result.shown, 0);
    assert_int_equal(sequence.count, 2);
}

/* The first candidate of fewer than five operations shows the failure for as long as it is looked at, and never again.
 */
static void what_was_small_by_luck_is_taken_back(void **state)
{
    (void)state;
    histories = 0;
    history_set_condition(by_luck_when_short);
    shrink("init b\ninit a\ncall a\nstatus a\nstatus b\ncomplete a\ntest-cancel invalid @w\n", history_change, false);
    assert_true(histories > RPCANCEL_ATTEMPTS);
    assert_int_equal(result.end, RPCANCEL_SHRINK_DONE);
    assert_int_equal(result.shown, RPCANCEL_ATTEMPTS);
    assert_int_equal(sequence.count, 5);
}

static enum rpcancel_exchange always_broken(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer)
{
    (void)operation;
    if (runtime->resets <= RPCANCEL_ATTEMPTS + 1)
        return history_change(runtime, operation, answer);
    snprintf(runtime->runtime.failure, sizeof runtime->runtime.failure, "no sense");
    return RPCANCEL_EXCHANGE_BROKEN;
}

static void a_runtime_that_makes_no_sense_any_more_ends_it(void **state)
{
    (void)state;
    history_set_condition(always);
    shrink("init a\ncall a\nstatus a\ntest-cancel invalid @w\n", always_broken, false);
    assert_int_equal(result.end, RPCANCEL_SHRINK_BROKEN);
    assert_string_equal(result.failure, "no sense");
    assert_int_equal(result.shown, 0);
    assert_int_equal(sequence.count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_still_makes_sense, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_run_waits_for_what_is_not_needed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unseen_deliveries_need_no_place_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_settle_that_is_needed_stays_one_where_delivery_is_hidden, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_call_keeps_the_init_that_it_needs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_misuse_that_was_there_may_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_crash_stays_a_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(expectations_and_lines_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tallies_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_failure_shrinks_to_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_shrunk_does_not_shrink_further, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_ends_when_its_runs_are_spent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_few_runs_leave_it_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ctrl_c_ends_it_with_the_smallest_so_far, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_that_comes_and_goes_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sequence_that_does_not_fail_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_small_by_luck_is_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_runtime_that_makes_no_sense_any_more_ends_it, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("shrink", tests, NULL, NULL);
}
