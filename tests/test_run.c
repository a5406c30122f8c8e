// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/alphabet.h"
#include "engine/run.h"
#include "fake_runtime.h"
#include "mutants/mutants.h"
#include "random_sequence.h"
#include "status.h"

static struct rpcancel_rule_set rules;
static struct rpcancel_tallies tallies;
static struct rpcancel_run run;
static struct fake_runtime fake;

static int set_up(void **state)
{
    (void)state;
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    memset(&tallies, 0, sizeof tallies);
    run = (struct rpcancel_run){.rules = &rules, .tallies = &tallies};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rpcancel_run_free(&run);
    fake_runtime_close(&fake);
    return 0;
}

static struct rpcancel_sequence parse(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    if (!rpcancel_sequence_read_text(&sequence, text, strlen(text), &error))
        fail_msg("%u:%u: %s", error.line, error.column, error.expected);
    return sequence;
}

static enum rpcancel_run_end run_text(const char *text)
{
    struct rpcancel_sequence sequence = parse(text);
    enum rpcancel_run_end end = rpcancel_run_sequence(&run, &fake.runtime, &sequence);
    rpcancel_sequence_free(&sequence);
    return end;
}

static bool violates(const char *id)
{
    for (unsigned i = 0; i < run.violated_count; i++) {
        if (strcmp(rpcancel_rule_at(run.violated[i])->id, id) == 0)
            return true;
    }
    return false;
}

static struct rpcancel_rule_tally *tally(const char *id)
{
    int index = rpcancel_rule_find(id);
    assert_true(index >= 0);
    return &tallies.rules[index];
}

/* ---- delivery controlled ---- */

static void a_right_run_decides_rules(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, false, 1);
    assert_int_equal(run_text("init a => 0\ncall a\ndeliver request a\ndispatch a @t1\n"
                              "test-cancel a @t1 => 1791\ncancel a\ndeliver cancel a\ntest-cancel a @t1 => 0\n"),
                     RPCANCEL_RUN_OK);
    assert_int_equal(run.unexpected, 0);
    assert_int_equal(run.step_count, 8);
    assert_int_equal(tally("RpcServerTestCancel/1")->decided, 1);
    assert_int_equal(tally("RpcServerTestCancel/2")->decided, 1);
    assert_int_equal(tally("RpcServerTestCancel/2")->held.count, 1);
    assert_int_equal(tally("RpcServerTestCancel/2")->held.list[0].code, 1791);
    assert_int_equal(tally("RpcServerTestCancel/11")->decided, 0);
    assert_int_equal(tallies.operations, 8);
}

static void an_answer_outside_the_expectation_is_counted(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, false, 1);
    assert_int_equal(run_text("init a => 87|1914\nstatus a => 0\ncall a => 0\n"), RPCANCEL_RUN_OK);
    assert_int_equal(run.unexpected, 2);
    assert_false(run.steps[0].expected);
    assert_int_equal(run.steps[0].line, 1);
    assert_false(run.steps[1].expected);
    assert_true(run.steps[2].expected);
}

static const char cancelled_call[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncancel a\n"
                                     "deliver cancel a\ntest-cancel a @t1\ncomplete a @t1\n";

static void a_violation_ends_the_run_and_names_the_rule(void **state)
{
    (void)state;
    fake_runtime_open(&fake, fake_never_cancelled, false, 1);
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_VIOLATED);
    assert_true(violates("RpcServerTestCancel/1"));
    assert_int_equal(run.violated_count, 1);
    assert_int_equal(run.last_step, 6);
    assert_int_equal(run.items_taken, 7);
    assert_int_equal(tally("RpcServerTestCancel/1")->violated, 1);
    assert_int_equal(tally("RpcAsyncCompleteCall/13")->unreached[RPCANCEL_RUN_VIOLATED], 1);
}

static void refusals_are_passed_over_where_delivery_is_controlled(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, false, 1);
    assert_int_equal(run_text("dispatch a @t1 => refused\ninit a => 0\ndeliver reply a\nstatus b => 1914\n"),
                     RPCANCEL_RUN_OK);
    assert_int_equal(run.unexpected, 0);
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->decided, 1);
}

/* ---- what is no answer ---- */

static enum rpcancel_exchange lacks_one(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                        struct rpcancel_answer *answer)
{
    if (operation.kind == runtime->number)
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void an_unimplemented_query_is_skipped(void **state)
{
    (void)state;
    fake_runtime_open(&fake, lacks_one, false, 1);
    fake.number = RPCANCEL_OP_TEST_CANCEL;
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcServerTestCancel/1")->decided, 0);
    assert_int_equal(tally("RpcServerTestCancel/1")->unimplemented, 1);
    assert_int_equal(tallies.kinds[RPCANCEL_OP_TEST_CANCEL].unimplemented, 1);
}

static void an_unimplemented_change_ends_the_run(void **state)
{
    (void)state;
    fake_runtime_open(&fake, lacks_one, false, 1);
    fake.number = RPCANCEL_OP_DISPATCH;
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_UNIMPLEMENTED);
    assert_string_equal(run.failure, "`dispatch a @t1` is not implemented");
    assert_int_equal(run.items_taken, 4);
    assert_int_equal(tally("RpcServerTestCancel/1")->unreached[RPCANCEL_RUN_UNIMPLEMENTED], 1);
    assert_int_equal(tally("RpcServerTestCancel/1")->unimplemented, 0);
}

static void a_missing_settle_matters_only_when_something_is_on_its_way(void **state)
{
    (void)state;
    fake_runtime_open(&fake, lacks_one, false, 1);
    fake.number = RPCANCEL_OP_SETTLE;
    assert_int_equal(run_text("init a\nsettle\nstatus b\n"), RPCANCEL_RUN_OK);
    assert_int_equal(run_text("init a\ncall a\nsettle\n"), RPCANCEL_RUN_UNIMPLEMENTED);
}

static enum rpcancel_exchange raises(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                     struct rpcancel_answer *answer)
{
    if (operation.kind == RPCANCEL_OP_STATUS || operation.kind == RPCANCEL_OP_INIT_BAD_MEMORY)
        *answer = rpcancel_answer_exception((uint32_t)runtime->number);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void the_exception_of_a_stub_counts_as_unimplemented(void **state)
{
    (void)state;
    fake_runtime_open(&fake, raises, false, 1);
    fake.number = RPCANCEL_UNIMPLEMENTED_EXCEPTION;
    assert_int_equal(run_text("status a\ninit a\n"), RPCANCEL_RUN_OK);
    assert_int_equal(run.steps[0].answer.kind, RPCANCEL_ANSWER_UNIMPLEMENTED);
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->unimplemented, 1);
}

static void an_exception_that_a_rule_allows_is_an_answer(void **state)
{
    (void)state;
    fake_runtime_open(&fake, raises, false, 1);
    fake.number = (int)0xC0000005u;
    assert_int_equal(run_text("init bad-memory\ninit a\n"), RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcAsyncInitializeHandle/2")->decided, 1);
}

static void an_exception_that_no_rule_allows_is_a_crash(void **state)
{
    (void)state;
    fake_runtime_open(&fake, raises, false, 1);
    fake.number = (int)0xC0000005u;
    assert_int_equal(run_text("status a\ninit a\n"), RPCANCEL_RUN_CRASHED);
    assert_true(violates("RpcAsyncGetCallStatus/1"));
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->crashed, 1);
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->violated, 0);
    assert_non_null(strstr(run.failure, "RpcAsyncGetCallStatus"));
    assert_non_null(strstr(run.failure, "0xC0000005"));
    /* where documents are silent there is no rule to name, but it is a crash all the same */
    assert_int_equal(run_text("init a\nstatus a\n"), RPCANCEL_RUN_CRASHED);
    assert_int_equal(run.violated_count, 0);
}

static void what_the_stub_raises_is_an_answer(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, false, 1);
    assert_int_equal(run_text("call a => exception\ninit a => 0\n"), RPCANCEL_RUN_OK);
    assert_int_equal(run.unexpected, 0);
}

static enum rpcancel_exchange fails(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                    struct rpcancel_answer *answer)
{
    (void)answer;
    if (operation.kind != RPCANCEL_OP_STATUS)
        return RPCANCEL_EXCHANGE_ANSWERED;
    snprintf(runtime->runtime.failure, sizeof runtime->runtime.failure, "as arranged");
    return (enum rpcancel_exchange)runtime->number;
}

static void failed_exchanges_end_the_run(void **state)
{
    (void)state;
    static const struct {
        enum rpcancel_exchange exchange;
        enum rpcancel_run_end end;
    } cases[] = {{RPCANCEL_EXCHANGE_CRASHED, RPCANCEL_RUN_CRASHED},
                 {RPCANCEL_EXCHANGE_HUNG, RPCANCEL_RUN_HUNG},
                 {RPCANCEL_EXCHANGE_BROKEN, RPCANCEL_RUN_BROKEN}};
    fake_runtime_open(&fake, fails, false, 1);
    for (unsigned i = 0; i < 3; i++) {
        fake.number = (int)cases[i].exchange;
        assert_int_equal(run_text("status a\ninit a\n"), cases[i].end);
        assert_string_equal(run.failure, "as arranged");
        assert_int_equal(run.violated_count, cases[i].end == RPCANCEL_RUN_BROKEN ? 0 : 1);
    }
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->crashed, 1);
    assert_int_equal(tally("RpcAsyncGetCallStatus/1")->hung, 1);
    assert_int_equal(tally("RpcAsyncInitializeHandle/3")->unreached[RPCANCEL_RUN_BROKEN], 1);
}

/* ---- delivery hidden ---- */

static void deliveries_become_settles(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, true, 1);
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_OK);
    assert_int_equal(run.steps[2].operation.kind, RPCANCEL_OP_SETTLE);
    assert_int_equal(run.steps[2].line, 0);
    assert_int_equal(tally("RpcServerTestCancel/1")->decided, 1);
}

static void a_violation_is_found_though_delivery_is_hidden(void **state)
{
    (void)state;
    fake_runtime_open(&fake, fake_never_cancelled, true, 1);
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_VIOLATED);
    assert_true(violates("RpcServerTestCancel/1"));
    assert_int_equal(run.violated_count, 1);
}

static void what_may_not_have_arrived_is_not_judged(void **state)
{
    (void)state;
    /* Without the wait for the cancel the call may be tested before it arrived. */
    static const char no_wait[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncancel a\ntest-cancel a @t1\n";
    for (uint64_t seed = 1; seed <= 20; seed++) {
        fake_runtime_open(&fake, fake_never_cancelled, true, seed);
        assert_int_equal(run_text(no_wait), RPCANCEL_RUN_OK);
        if (seed < 20)
            fake_runtime_close(&fake);
    }
    assert_int_equal(tally("RpcServerTestCancel/1")->decided, 0);
}

static void expectations_hold_only_where_the_deliveries_are_certain(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, true, 1);
    /* The settle in place of the first delivery delivers the cancel as well: 1791 cannot be expected any more. */
    assert_int_equal(run_text("init a\ncall a\ncancel a\ndeliver request a\ndispatch a @t1\ntest-cancel a @t1 => 1791\n"
                              "deliver cancel a\ntest-cancel a @t1 => 1791\n"),
                     RPCANCEL_RUN_OK);
    assert_int_equal(run.unexpected, 1);
    assert_true(run.steps[5].expected);
    assert_false(run.steps[7].expected);
}

static void what_came_early_is_not_expected_again(void **state)
{
    (void)state;
    /* Wherever the reply arrives before the first await, that one takes the notification that the second one is to. */
    static const char text[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncomplete a @t1 => 0\n"
                               "await a => 258\ndeliver reply a\nawait a => 0\ncomplete a => 0\nawait a => 258\n";
    unsigned early = 0;
    for (uint64_t seed = 0; seed < 32; seed++) {
        fake_runtime_open(&fake, NULL, true, seed);
        assert_int_equal(run_text(text), RPCANCEL_RUN_OK);
        assert_int_equal(run.unexpected, 0);
        early += rpcancel_answer_is_code(run.steps[5].answer, 0);
        fake_runtime_close(&fake);
    }
    assert_in_range(early, 1, 31);
    fake_runtime_open(&fake, NULL, true, 1);
}

static enum rpcancel_exchange refuses_dispatch(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                               struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_DISPATCH)
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_refusal_of_what_is_possible_ends_the_run(void **state)
{
    (void)state;
    fake_runtime_open(&fake, refuses_dispatch, true, 1);
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_UNIMPLEMENTED);
    assert_string_equal(run.failure, "`dispatch a @t1` was refused, though it is possible here");
    assert_int_equal(run_text("dispatch a @t1\ninit a\n"), RPCANCEL_RUN_OK);
}

/* ---- announcements ---- */

static struct rpcancel_operation on_a(enum rpcancel_operation_kind kind)
{
    return (struct rpcancel_operation){.kind = (uint8_t)kind};
}

/* Announces the completion as soon as `settle` was asked for, and then has none for `await`. */
static enum rpcancel_exchange announces(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                        struct rpcancel_answer *answer)
{
    if (operation.kind == RPCANCEL_OP_SETTLE && runtime->number-- > 0)
        fake_announce(runtime, on_a(RPCANCEL_OP_AWAIT), rpcancel_answer_code(0));
    if (operation.kind == RPCANCEL_OP_AWAIT)
        *answer = rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static const char aborted_call[] = "init a\ncall a\ncancel a abort\nsettle\nawait a\ncomplete a\n";

static void an_announced_completion_counts_as_taken(void **state)
{
    (void)state;
    fake_runtime_open(&fake, announces, false, 1);
    fake.number = 1;
    assert_int_equal(run_text(aborted_call), RPCANCEL_RUN_OK);
    assert_int_equal(run.step_count, 7);
    assert_int_equal(run.steps[4].operation.kind, RPCANCEL_OP_AWAIT);
    assert_int_equal(run.steps[4].line, 0);
    assert_int_equal(run.steps[5].line, 5);
    fake.number = 0;
    assert_int_equal(run_text(aborted_call), RPCANCEL_RUN_VIOLATED); /* nothing announced, nothing there */
    assert_true(violates("RpcAsyncCancelCall/6"));
}

static void a_second_announcement_breaks_a_rule(void **state)
{
    (void)state;
    fake_runtime_open(&fake, announces, false, 1);
    fake.number = 2;
    assert_int_equal(run_text("init a\ncall a\ncancel a abort\nsettle\nsettle\n"), RPCANCEL_RUN_VIOLATED);
    assert_true(violates("asynchronous-call-state/2"));
    assert_int_equal(run.steps[run.last_step].operation.kind, RPCANCEL_OP_AWAIT);
}

/* Announces the completion together with the answer to the cancel that causes it. */
static enum rpcancel_exchange announces_at_once(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                                struct rpcancel_answer *answer)
{
    (void)answer;
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        fake_announce(runtime, on_a(RPCANCEL_OP_AWAIT), rpcancel_answer_code(0));
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void an_announcement_may_come_before_the_answer_it_follows_from(void **state)
{
    (void)state;
    fake_runtime_open(&fake, announces_at_once, false, 1);
    assert_int_equal(run_text("init a\ncall a\ncancel a abort\ncomplete a\n"), RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcAsyncCompleteCall/10")->decided, 1);
}

/* Carries |dispatch| out while everything settles, and announces it. */
static enum rpcancel_exchange dispatch_while_settling(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                                      struct rpcancel_operation dispatch)
{
    struct rpcancel_answer done;
    if (operation.kind != RPCANCEL_OP_SETTLE)
        return RPCANCEL_EXCHANGE_ANSWERED;
    runtime->reference->functions->execute(runtime->reference, dispatch, &done);
    if (rpcancel_answer_happened(done))
        fake_announce(runtime, dispatch, done);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange dispatches_itself(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                                struct rpcancel_answer *answer)
{
    (void)answer;
    return dispatch_while_settling(
        runtime, operation,
        (struct rpcancel_operation){.kind = RPCANCEL_OP_DISPATCH, .thread = (uint8_t)runtime->number & 3u});
}

static void a_dispatch_that_is_announced_is_awaited(void **state)
{
    (void)state;
    fake_runtime_open(&fake, dispatches_itself, true, 1);
    fake.runtime.control[RPCANCEL_OP_DISPATCH] = RPCANCEL_EVENT;
    fake.number = RPCANCEL_THREAD_T1;
    assert_int_equal(run_text(cancelled_call), RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcServerTestCancel/1")->decided, 1);
    assert_int_equal(run_text("init a\ncall a\ndispatch a @t1\ntest-cancel 0 @t1\n"), RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcServerTestCancel/6")->decided, 1);
    assert_int_equal(run_text("init a\ncall a\ndeliver request a\ndispatch a @t2\n"), RPCANCEL_RUN_UNIMPLEMENTED);
    assert_string_equal(run.failure, "`dispatch a @t2` was not announced once everything had arrived");
}

static enum rpcancel_exchange dispatches_synchronously(struct fake_runtime *runtime,
                                                       struct rpcancel_operation operation,
                                                       struct rpcancel_answer *answer)
{
    (void)answer;
    return dispatch_while_settling(
        runtime, operation,
        (struct rpcancel_operation){.kind = RPCANCEL_OP_DISPATCH_SYNCHRONOUS, .thread = RPCANCEL_THREAD_T1});
}

/* Which manager routine the runtime starts is its own affair, and told. */
static void a_synchronous_dispatch_is_awaited_as_one(void **state)
{
    (void)state;
    fake_runtime_open(&fake, dispatches_synchronously, true, 1);
    fake.runtime.control[RPCANCEL_OP_DISPATCH] = fake.runtime.control[RPCANCEL_OP_DISPATCH_SYNCHRONOUS] =
        RPCANCEL_EVENT;
    assert_int_equal(run_text("synchronous-call a\ndispatch a synchronous @t1\ntest-cancel thread @t1\n"),
                     RPCANCEL_RUN_OK);
    assert_int_equal(tally("RpcTestCancel/2")->decided, 1);
    assert_int_equal(run_text("synchronous-call a\ndispatch a @t1\n"), RPCANCEL_RUN_UNIMPLEMENTED);
    assert_string_equal(run.failure, "`dispatch a @t1` was not announced once everything had arrived");
}

/* ---- by chance ---- */

/* Two calls are made, and then whatever chance says happens to them, or cannot, among the operations of a slice: a call
 * that is subscribed to something does not end, and threads are no structures. */
static struct rpcancel_sequence eventful_sequence(struct random_source *source, unsigned number)
{
    static const struct {
        enum rpcancel_slice slice;
        const char *begin;
    } lives[] = {
        {RPCANCEL_SLICE_CORE, "init a\ncall a\ninit b\ncall b\n"},
        {RPCANCEL_SLICE_NOTIFICATION, "init a\ncall a\ninit b\ncall b\ndeliver request a\ndispatch a @t1\n"
                                      "subscribe a cancel @t1\n"},
        {RPCANCEL_SLICE_CORE, "init a\ncall a\ncancel a\ninit b\ncall b\n"},
        {RPCANCEL_SLICE_SYNCHRONOUS, "set-cancel-timeout a 1\nset-cancel-timeout b 0\nsynchronous-call a\n"
                                     "synchronous-call b\ndeliver request a\ndispatch a synchronous @t1\n"},
        {RPCANCEL_SLICE_SYNCHRONOUS, "set-call-timeout a 1\nsynchronous-call a\nsynchronous-call b\n"},
    };
    enum rpcancel_slice slice = lives[number % 5].slice;
    struct rpcancel_sequence sequence = parse(lives[number % 5].begin);
    for (unsigned i = 0; i < 100; i++) {
        struct rpcancel_operation operation = random_operation(source);
        while (!(rpcancel_slice_operations(slice) >> operation.kind & 1u))
            operation = random_operation(source);
        operation.handle %= 3u; /* c is left for what a structure without a call is asked */
        assert_true(rpcancel_sequence_append(&sequence, operation, 0, 0));
    }
    return sequence;
}

/* Runs |count| random sequences on the reference, or a variant of it, and expects no rule to object. */
static void run_many(rpcancel_step_function *step, const char *name, bool hide, unsigned count)
{
    struct random_source source = {.state = 1};
    const struct rpcancel_runtime_options options = {.hide_delivery = hide, .seed = 1, .mutant = step ? name : NULL};
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&options, failure);
    assert_non_null(runtime);
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_sequence sequence = eventful_sequence(&source, i);
        if (rpcancel_run_sequence(&run, runtime, &sequence) != RPCANCEL_RUN_OK)
            fail_msg("%s: run %u ends with %d: %s %s", name, i, (int)run.end, run.failure,
                     run.violated_count ? rpcancel_rule_at(run.violated[0])->id : "");
        rpcancel_sequence_free(&sequence);
    }
    runtime->functions->close(runtime);
}

static void right_runs_are_never_rejected(void **state)
{
    (void)state;
    fake_runtime_open(&fake, NULL, false, 1);
    run_many(NULL, "reference", false, 10000);
    run_many(NULL, "reference, delivery hidden", true, 10000);
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if ((rule->profiles >> RPCANCEL_PROFILE_DOCUMENTED & 1u) && tallies.rules[i].decided == 0)
            fail_msg("%s was never decided", rule->id);
    }
}

static void variants_are_never_rejected(void **state)
{
    (void)state;
    unsigned variants = 0;
    fake_runtime_open(&fake, NULL, false, 1);
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        if (!mutant->variant)
            continue;
        variants++;
        run_many(mutant->step, mutant->name, false, 500);
        run_many(mutant->step, mutant->name, true, 500);
    }
    assert_true(variants >= 5);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_run_decides_rules),
        TEST(an_answer_outside_the_expectation_is_counted),
        TEST(a_violation_ends_the_run_and_names_the_rule),
        TEST(refusals_are_passed_over_where_delivery_is_controlled),
        TEST(an_unimplemented_query_is_skipped),
        TEST(an_unimplemented_change_ends_the_run),
        TEST(a_missing_settle_matters_only_when_something_is_on_its_way),
        TEST(the_exception_of_a_stub_counts_as_unimplemented),
        TEST(an_exception_that_a_rule_allows_is_an_answer),
        TEST(an_exception_that_no_rule_allows_is_a_crash),
        TEST(what_the_stub_raises_is_an_answer),
        TEST(failed_exchanges_end_the_run),
        TEST(deliveries_become_settles),
        TEST(a_violation_is_found_though_delivery_is_hidden),
        TEST(what_may_not_have_arrived_is_not_judged),
        TEST(expectations_hold_only_where_the_deliveries_are_certain),
        TEST(what_came_early_is_not_expected_again),
        TEST(a_refusal_of_what_is_possible_ends_the_run),
        TEST(an_announced_completion_counts_as_taken),
        TEST(a_second_announcement_breaks_a_rule),
        TEST(an_announcement_may_come_before_the_answer_it_follows_from),
        TEST(a_dispatch_that_is_announced_is_awaited),
        TEST(a_synchronous_dispatch_is_awaited_as_one),
        TEST(right_runs_are_never_rejected),
        TEST(variants_are_never_rejected),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
