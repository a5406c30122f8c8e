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

/* ---- a runtime without faults ---- */

static void the_reference_passes_what_is_decided(void **state)
{
    (void)state;
    run_check(NULL);
    assert_true(check.complete);
    assert_verdict("RpcServerTestCancel/1", RPCANCEL_VERDICT_PASS);
    assert_int_equal(rule("RpcServerTestCancel/1")->checked, 2);
    assert_verdict("RpcAsyncGetCallStatus/3", RPCANCEL_VERDICT_PASS);
    assert_verdict("RpcServerTestCancel/10", RPCANCEL_VERDICT_SKIP);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_NOT_CONFORMANT); /* four sequences leave much vacuous */
    rpcancel_check_free(&check);
    static const char *const filters[] = {"RpcServerTestCancel", "RpcAsyncGetCallStatus"};
    options.filters = filters;
    options.filter_count = 2;
    run_check(NULL);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_CONFORMANT);
}

static void a_strict_check_wants_every_rule_decided(void **state)
{
    (void)state;
    options.strict = true;
    run_check(NULL);
    assert_verdict("RpcServerTestCancel/10", RPCANCEL_VERDICT_SKIP);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_NOT_CONFORMANT);
}

static void the_only_rule_of_a_function_is_held_against_answers_nothing_decides(void **state)
{
    (void)state;
    run_check(NULL); /* the client's handle is NULL there, the server's is not */
    assert_verdict("RpcAsyncGetCallHandle/2", RPCANCEL_VERDICT_PASS);
}

/* The verdict on RpcMgmtSetCancelTimeout/1, whose function has nothing but success to answer. */
static void assert_time_out(const char *text, fake_change *change, enum rpcancel_verdict_word verdict)
{
    const struct rpcancel_catalogue_entry entry = {"rules/time-out.seq", text, strlen(text)};
    rpcancel_check_free(&check);
    run_check_of(&entry, 1, change);
    assert_verdict("RpcMgmtSetCancelTimeout/1", verdict);
}

static enum rpcancel_exchange waits_for_ever(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_RETURNED)
        *answer = rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_function_that_always_succeeds_is_shown_by_its_effect(void **state)
{
    (void)state;
    static const char effect[] = "set-cancel-timeout a 0\nsynchronous-call a\nreturned a\ncancel-thread a\nsettle\n"
                                 "returned a\n";
    static const char no_effect[] = "set-cancel-timeout a 0\nsynchronous-call a\nreturned a\n";
    static const char no_contrast[] =
        "set-cancel-timeout a 0\nsynchronous-call a\ncancel-thread a\nsettle\nreturned a\n";
    assert_time_out(effect, NULL, RPCANCEL_VERDICT_PASS);
    assert_time_out(no_effect, NULL, RPCANCEL_VERDICT_VACUOUS);
    assert_time_out(no_contrast, NULL, RPCANCEL_VERDICT_VACUOUS);
    assert_time_out(effect, waits_for_ever, RPCANCEL_VERDICT_VACUOUS);
    assert_verdict("RpcMgmtSetCancelTimeout/3", RPCANCEL_VERDICT_FAIL);
}

/* ---- runtimes that lack something ---- */

/* A stub that knows one answer. */
static enum rpcancel_exchange always_invalid(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind != RPCANCEL_OP_INIT && answer->kind == RPCANCEL_ANSWER_CODE)
        *answer = rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void a_stub_does_not_pass(void **state)
{
    (void)state;
    run_check(always_invalid);
    assert_verdict("RpcAsyncGetCallStatus/1", RPCANCEL_VERDICT_VACUOUS);
    assert_non_null(strstr(rule("RpcAsyncGetCallStatus/1")->message, "always 1914 RPC_S_INVALID_ASYNC_HANDLE"));
    assert_true(rpcancel_check_is_problem(&check, rule("RpcAsyncGetCallStatus/1")));
}

static enum rpcancel_exchange lacks_dispatch(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_DISPATCH || operation.kind == RPCANCEL_OP_TEST_CANCEL_INVALID)
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void what_is_not_implemented_is_no_pass(void **state)
{
    (void)state;
    run_check(lacks_dispatch);
    assert_verdict("RpcServerTestCancel/11", RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_string_equal(rule("RpcServerTestCancel/11")->message, "RpcServerTestCancel is not implemented");
    assert_verdict("RpcServerTestCancel/1", RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_string_equal(rule("RpcServerTestCancel/1")->message,
                        "RpcServerTestCancel was not reached: `dispatch a @t1` is not implemented");
    assert_int_equal(check.sequences[2].verdict, RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_NOT_CONFORMANT);
}

static enum rpcancel_exchange lacks_settle_and_abort(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                                     struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_SETTLE || operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void every_operation_that_is_missing_is_named(void **state)
{
    (void)state;
    static const char unsettled[] = "init a\ncall a\nsettle\nawait a\n";
    const struct rpcancel_catalogue_entry two[] = {small_catalogue[0], ENTRY("races/unsettled.seq", unsettled)};
    run_check_of(two, 2, lacks_settle_and_abort);
    assert_verdict("asynchronous-call-state/3", RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_string_equal(rule("asynchronous-call-state/3")->message,
                        "completion notification was not reached: `cancel a abort`, `settle` are not implemented");
    assert_verdict("RpcAsyncCompleteCall/10", RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_string_equal(rule("RpcAsyncCompleteCall/10")->message,
                        "RpcAsyncCompleteCall was not reached: `cancel a abort` is not implemented");
}

/* ---- where in the catalogue ---- */

static void assert_place(const char *id, const char *sequence, unsigned line)
{
    struct rpcancel_place place = rpcancel_check_place(&check, rule(id));
    assert_non_null(place.sequence);
    assert_string_equal(place.sequence, sequence);
    assert_int_equal(place.line, line);
}

static void every_verdict_has_its_line_in_the_catalogue(void **state)
{
    (void)state;
    run_check(fake_never_cancelled);
    assert_place("RpcServerTestCancel/1", "rules/life.seq", 13);  /* violated there */
    assert_place("RpcAsyncGetCallStatus/3", "rules/life.seq", 5); /* decided there first */
    assert_place("RpcServerTestCancel/11", "rules/noisy.seq", 4);
    assert_null(rpcancel_check_place(&check, rule("RpcServerTestCancel/10")).sequence); /* nothing like it there */
    rpcancel_check_free(&check);
    run_check(lacks_dispatch);
    assert_place("RpcServerTestCancel/11", "rules/noisy.seq", 4); /* is not there itself */
    assert_place("RpcServerTestCancel/1", "rules/life.seq", 8);   /* what it needs is not there */
}

static void a_rule_that_nothing_reached_is_looked_up_where_it_is_shown(void **state)
{
    (void)state;
    static const char silent[] = "init a\nstatus a\n";
    static const struct rpcancel_catalogue_entry two[] = {ENTRY("rules/RpcServerTestCancel/10-worker.seq", silent),
                                                          ENTRY("rules/RpcServerTestCancel/1-worker.seq", silent)};
    run_check_of(two, 2, NULL);
    assert_place("RpcServerTestCancel/1", "rules/RpcServerTestCancel/1-worker.seq", 1);
    assert_place("RpcServerTestCancel/10", "rules/RpcServerTestCancel/10-worker.seq", 1);
}

static enum rpcancel_exchange knows_no_calls(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                             struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_STATUS && !rpcancel_answer_is_code(*answer, RPCANCEL_S_INVALID_ASYNC_HANDLE))
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void what_is_there_only_in_part_is_told_apart(void **state)
{
    (void)state;
    run_check(knows_no_calls);
    assert_verdict("RpcAsyncGetCallStatus/3", RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_string_equal(rule("RpcAsyncGetCallStatus/3")->message,
                        "RpcAsyncGetCallStatus is not implemented where this rule applies");
    assert_verdict("RpcAsyncGetCallStatus/1", RPCANCEL_VERDICT_VACUOUS);
}

/* ---- levels ---- */

static enum rpcancel_exchange aborts_well(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                          struct rpcancel_answer *answer)
{
    (void)runtime;
    if (operation.kind == RPCANCEL_OP_COMPLETE && answer->code == RPCANCEL_S_CALL_CANCELLED)
        answer->code = 0;
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void what_only_history_says_counts_in_a_strict_check(void **state)
{
    (void)state;
    options.profile = RPCANCEL_PROFILE_DOCUMENTED_98;
    run_check(aborts_well);
    assert_verdict("RpcAsyncCompleteCall/11", RPCANCEL_VERDICT_NONSTRICT);
    assert_int_equal(rule("RpcAsyncCompleteCall/11")->checked, 1);
    assert_verdict("RpcAsyncCompleteCall/10", RPCANCEL_VERDICT_PASS);
    assert_int_equal(check.sequences[0].verdict, RPCANCEL_VERDICT_NONSTRICT);
    assert_false(rpcancel_check_is_problem(&check, rule("RpcAsyncCompleteCall/11")));
    rpcancel_check_free(&check);
    options.strict = true;
    run_check(aborts_well);
    assert_verdict("RpcAsyncCompleteCall/11", RPCANCEL_VERDICT_FAIL);
    assert_true(rpcancel_check_is_problem(&check, rule("RpcAsyncCompleteCall/11")));
}

static void only_answers_a_rule_decides_are_said_to_be_wanted(void **state)
{
    (void)state;
    static const char unanswered[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ncancel a abort\n"
                                     "await a\ncomplete a\n";
    static const struct rpcancel_catalogue_entry one[] = {ENTRY("races/unanswered.seq", unanswered)};
    fake.change = aborts_well;
    assert_int_equal(rpcancel_check_prepare(&check, one, 1, &options), RPCANCEL_CHECK_PREPARED);
    rpcancel_check_run(&check, &fake.runtime);
    assert_verdict("RpcAsyncCompleteCall/14", RPCANCEL_VERDICT_FAIL);
    const char *want = rule("RpcAsyncCompleteCall/14")->failure.want;
    assert_non_null(strstr(want, "1818 RPC_S_CALL_CANCELLED"));
    assert_null(strstr(want, "997"));
    assert_null(strstr(want, "1914"));
}

/* ---- choosing ---- */

static enum rpcancel_check_prepared prepare_filtered(const char *filter)
{
    static const char *filters[1];
    filters[0] = filter;
    options.filters = filters;
    options.filter_count = 1;
    return rpcancel_check_prepare(&check, small_catalogue, CATALOGUE_COUNT, &options);
}

static void filters_choose_sequences_and_rules(void **state)
{
    (void)state;
    static const struct {
        const char *filter;
        size_t sequences;
        size_t rules; /* 0: all */
    } cases[] = {
        {"races", 2, 0},
        {"races/silent.seq", 1, 0},
        {"*life*", 1, 0},
        {"RpcServerTestCancel/1", 4, 1},
        {"RpcAsyncAbortCall", 4, 2},
        {"RpcServerTestCancel/1[01]", 4, 2},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(prepare_filtered(cases[i].filter), RPCANCEL_CHECK_PREPARED);
        assert_int_equal(check.chosen_count, cases[i].sequences);
        if (cases[i].rules)
            assert_int_equal(check.rule_count, cases[i].rules);
        else
            assert_true(check.rule_count > 40);
        rpcancel_check_free(&check);
    }
}

static void a_filter_that_selects_nothing_is_a_mistake(void **state)
{
    (void)state;
    static const char *const wrong[] = {"race", "RpcServerTestCancel/", "rules/life/", "RpcAsyncCompleteCall/11"};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(prepare_filtered(wrong[i]), RPCANCEL_CHECK_NOTHING_CHOSEN);
        assert_non_null(strstr(check.failure, wrong[i]));
        rpcancel_check_free(&check);
    }
}

static void a_malformed_catalogue_is_not_checked_with(void **state)
{
    (void)state;
    static const struct rpcancel_catalogue_entry malformed[] = {ENTRY("rules/x.seq", "init a\ninit z\n")};
    assert_int_equal(rpcancel_check_prepare(&check, malformed, 1, &options), RPCANCEL_CHECK_UNREADABLE);
    assert_non_null(strstr(check.failure, "rules/x.seq:2:6: "));
    rpcancel_check_free(&check);
    assert_int_equal(rpcancel_check_prepare(&check, malformed, 0, &options), RPCANCEL_CHECK_UNREADABLE);
}

/* ---- interruption ---- */

static volatile sig_atomic_t interrupted;

static void interrupt_after_two(void *context, size_t done, size_t total)
{
    (void)context;
    assert_int_equal(total, CATALOGUE_COUNT);
    interrupted = done == 1; /* called before the second sequence, which still runs */
}

static void an_interrupted_check_keeps_what_it_found(void **state)
{
    (void)state;
    interrupted = 0;
    options.interrupted = &interrupted;
    options.progress = interrupt_after_two;
    run_check(NULL);
    assert_false(check.complete);
    assert_string_equal(check.failure, "interrupted after 2 of 4 sequences");
    assert_verdict("RpcAsyncCancelCall/4", RPCANCEL_VERDICT_VACUOUS);
    assert_int_equal(check.sequences[2].verdict, RPCANCEL_VERDICT_SKIP);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_HARNESS_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_reference_passes_what_is_decided),
        TEST(a_strict_check_wants_every_rule_decided),
        TEST(the_only_rule_of_a_function_is_held_against_answers_nothing_decides),
        TEST(a_function_that_always_succeeds_is_shown_by_its_effect),
        TEST(a_stub_does_not_pass),
        TEST(what_is_not_implemented_is_no_pass),
        TEST(every_operation_that_is_missing_is_named),
        TEST(every_verdict_has_its_line_in_the_catalogue),
        TEST(a_rule_that_nothing_reached_is_looked_up_where_it_is_shown),
        TEST(what_is_there_only_in_part_is_told_apart),
        TEST(what_only_history_says_counts_in_a_strict_check),
        TEST(only_answers_a_rule_decides_are_said_to_be_wanted),
        TEST(filters_choose_sequences_and_rules),
        TEST(a_filter_that_selects_nothing_is_a_mistake),
        TEST(a_malformed_catalogue_is_not_checked_with),
        TEST(an_interrupted_check_keeps_what_it_found),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
