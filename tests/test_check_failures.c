// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check_of_fake.h"
#include "status.h"

/* ---- rules that are broken ---- */

/* One that falls at the reset behind a broken rule: the one is said of the sequence, the other of the rule. */
static void what_falls_at_the_reset_hides_no_failure(void **state)
{
    (void)state;
    fake.concluded = RPCANCEL_EXCHANGE_CRASHED;
    run_check(fake_never_cancelled);
    const struct rpcancel_check_rule *failed = rule("RpcServerTestCancel/1");
    assert_int_equal(failed->verdict, RPCANCEL_VERDICT_FAIL);
    assert_string_equal(failed->message, "got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK");
    assert_int_equal(failed->failure.end, RPCANCEL_RUN_CRASHED); /* what shows it crashes: that is private */
    for (size_t i = 0; i < check.sequence_count; i++)
        assert_int_equal(check.sequences[i].verdict, RPCANCEL_VERDICT_CRASH);
    assert_true(rpcancel_check_is_unblamed(&check.sequences[3]));
    assert_string_equal(check.sequences[3].message, "at the reset after the sequence: it fell");
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_RUNTIME_FAILED);
}

static void a_failure_is_reported_with_its_shortest_sequence(void **state)
{
    (void)state;
    run_check(fake_never_cancelled);
    const struct rpcancel_check_rule *failed = rule("RpcServerTestCancel/1");
    assert_int_equal(failed->verdict, RPCANCEL_VERDICT_FAIL);
    assert_string_equal(failed->message, "got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK");
    assert_string_equal(text_of_failure("RpcServerTestCancel/1"),
                        "init a; call a; cancel a; settle; dispatch a @t1; test-cancel a @t1");
    assert_int_equal(failed->failure.shown, 3);
    assert_int_equal(failed->failure.attempts, 3);
    assert_int_equal(check.sequences[3].verdict, RPCANCEL_VERDICT_FAIL);
    assert_true(check.sequences[3].attributed);
    assert_non_null(strstr(check.sequences[3].message, "RpcServerTestCancel/1"));
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_NOT_CONFORMANT);
    assert_verdict("RpcAsyncGetCallStatus/3", RPCANCEL_VERDICT_PASS);
}

static enum rpcancel_exchange pending_once(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                           struct rpcancel_answer *answer)
{
    if (operation.kind == RPCANCEL_OP_STATUS && answer->code == RPCANCEL_S_ASYNC_CALL_PENDING && runtime->number++ == 0)
        answer->code = 0;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_failure_that_does_not_repeat_says_so(void **state)
{
    (void)state;
    run_check(pending_once);
    assert_verdict("RpcAsyncGetCallStatus/3", RPCANCEL_VERDICT_FAIL);
    assert_int_equal(rule("RpcAsyncGetCallStatus/3")->failure.shown, 1);
    assert_int_equal(rule("RpcAsyncGetCallStatus/3")->failure.attempts, 3);
    assert_string_equal(rule("RpcAsyncGetCallStatus/3")->failure.got, "0 RPC_S_OK");
    assert_string_equal(text_of_failure("RpcAsyncGetCallStatus/3"),
                        "init a; get-call-handle a; status b; call a; status a"); /* nothing left out on a guess */
}

/* By luck in the one sequence, which is the shorter; in the other, each time. */
static enum rpcancel_exchange pending_by_luck(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                              struct rpcancel_answer *answer)
{
    if (operation.kind != RPCANCEL_OP_STATUS || answer->code != RPCANCEL_S_ASYNC_CALL_PENDING)
        return RPCANCEL_EXCHANGE_ANSWERED;
    if (operation.handle == 1 || runtime->number++ == 0)
        answer->code = 0;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_failure_that_repeats_is_reported_over_a_shorter_one_that_does_not(void **state)
{
    (void)state;
    static const char lucky[] = "init a\ncall a\nstatus a\n";
    static const char steady[] = "init b\nstatus a\ncall b\nstatus b\n";
    const struct rpcancel_catalogue_entry orders[][2] = {{ENTRY("a.seq", lucky), ENTRY("b.seq", steady)},
                                                         {ENTRY("a.seq", steady), ENTRY("b.seq", lucky)}};
    for (unsigned i = 0; i < 2; i++) {
        rpcancel_check_free(&check);
        fake.number = 0;
        run_check_of(orders[i], 2, pending_by_luck);
        assert_string_equal(rule("RpcAsyncGetCallStatus/3")->failure.found_in, i == 0 ? "b.seq" : "a.seq");
        assert_int_equal(rule("RpcAsyncGetCallStatus/3")->failure.shown, 3);
        assert_string_equal(text_of_failure("RpcAsyncGetCallStatus/3"), "init b; call b; status b");
    }
}

/* Fails in the three runs that tell whether it always does, and until shrinking has made its first step; not at its
 * end. */
static enum rpcancel_exchange pending_in_good_time(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                                   struct rpcancel_answer *answer)
{
    enum { RUNS_THAT_FAIL = 3 * RPCANCEL_ATTEMPTS };
    if (operation.kind == RPCANCEL_OP_STATUS && answer->code == RPCANCEL_S_ASYNC_CALL_PENDING &&
        runtime->number++ < RUNS_THAT_FAIL)
        answer->code = 0;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_shorter_sequence_that_does_not_show_the_failure_is_not_reported(void **state)
{
    (void)state;
    run_check(pending_in_good_time);
    assert_int_equal(rule("RpcAsyncGetCallStatus/3")->failure.shown, 3);
    assert_string_equal(text_of_failure("RpcAsyncGetCallStatus/3"),
                        "init a; get-call-handle a; status b; call a; status a");
    assert_string_equal(rule("RpcAsyncGetCallStatus/3")->failure.got, "0 RPC_S_OK");
}

/* ---- runtimes that fall, hang or talk nonsense ---- */

static enum rpcancel_exchange raises_in_test(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    if (operation.kind == runtime->number)
        *answer = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_crash_is_a_verdict_on_the_rule_it_deprives(void **state)
{
    (void)state;
    fake.number = RPCANCEL_OP_TEST_CANCEL;
    run_check(raises_in_test);
    assert_verdict("RpcServerTestCancel/2", RPCANCEL_VERDICT_CRASH);
    assert_string_equal(text_of_failure("RpcServerTestCancel/2"),
                        "init a; call a; deliver request a; dispatch a @t1; test-cancel a @t1");
    assert_verdict("RpcServerTestCancel/3", RPCANCEL_VERDICT_CRASH);    /* never decided, the same operation */
    assert_verdict("RpcServerTestCancel/11", RPCANCEL_VERDICT_VACUOUS); /* nothing else was ever answered */
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_RUNTIME_FAILED);
}

static void a_crash_that_concerns_no_rule_is_a_verdict_on_the_sequence(void **state)
{
    (void)state;
    static const char *const filters[] = {"races/silent"};
    options.filters = filters;
    options.filter_count = 1;
    fake.number = RPCANCEL_OP_STATUS;
    run_check(raises_in_test);
    assert_int_equal(check.chosen_count, 1);
    assert_int_equal(check.sequences[1].verdict, RPCANCEL_VERDICT_CRASH);
    assert_false(check.sequences[1].attributed);
    assert_true(rpcancel_check_is_unblamed(&check.sequences[1]));
    assert_int_equal(check.sequences[1].line, 2);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_RUNTIME_FAILED);
}

static enum rpcancel_exchange fails_at_init(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                            struct rpcancel_answer *answer)
{
    (void)answer;
    return operation.kind == RPCANCEL_OP_INIT ? (enum rpcancel_exchange)runtime->number : RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_runtime_that_never_answers_is_given_up_on(void **state)
{
    (void)state;
    fake.number = RPCANCEL_EXCHANGE_HUNG;
    fake.runtime.told_hung = true;
    run_check(fails_at_init);
    assert_true(check.complete); /* nothing was waited for */
    assert_verdict("RpcAsyncInitializeHandle/3", RPCANCEL_VERDICT_HANG);
    rpcancel_check_free(&check);
    fake.runtime.told_hung = false;
    fake.resets = 0;
    run_check(fails_at_init);
    assert_false(check.complete);
    assert_string_equal(check.failure, "given up after 3 sequences in a row without an answer in time");
    assert_verdict("RpcAsyncInitializeHandle/3", RPCANCEL_VERDICT_HANG);
    assert_int_equal(check.sequences[3].verdict, RPCANCEL_VERDICT_SKIP);
    assert_int_equal(fake.resets, 5); /* three sequences, the first three times: hangs are not shrunk */
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_RUNTIME_FAILED);
}

static void a_broken_conversation_is_no_verdict_on_rules(void **state)
{
    (void)state;
    fake.number = RPCANCEL_EXCHANGE_BROKEN;
    run_check(fails_at_init);
    assert_int_equal(check.sequences[0].verdict, RPCANCEL_VERDICT_HARNESS_ERROR);
    assert_verdict("RpcAsyncInitializeHandle/3", RPCANCEL_VERDICT_SKIP);
    assert_int_equal(fake.resets, 3);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_HARNESS_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_falls_at_the_reset_hides_no_failure),
        TEST(a_failure_is_reported_with_its_shortest_sequence),
        TEST(a_failure_that_does_not_repeat_says_so),
        TEST(a_failure_that_repeats_is_reported_over_a_shorter_one_that_does_not),
        TEST(a_shorter_sequence_that_does_not_show_the_failure_is_not_reported),
        TEST(a_crash_is_a_verdict_on_the_rule_it_deprives),
        TEST(a_crash_that_concerns_no_rule_is_a_verdict_on_the_sequence),
        TEST(a_runtime_that_never_answers_is_given_up_on),
        TEST(a_broken_conversation_is_no_verdict_on_rules),
    };
    return cmocka_run_group_tests_name("check_failures", tests, NULL, NULL);
}
