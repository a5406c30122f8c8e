// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/expect_list.h"

/* Lists are held against a check made by hand: verdicts for a few rules and sequences. */
static struct rpcancel_check check;
static struct rpcancel_check_rule rules[8];
static struct rpcancel_check_sequence sequences[2];
static struct rpcancel_runtime runtime; /* only asked whether it hides delivery */
static struct rpcancel_expect_list list;

static void add_rule(const char *id, enum rpcancel_verdict_word verdict, const char *message)
{
    struct rpcancel_check_rule *row = &rules[check.rule_count++];
    int index = rpcancel_rule_find(id);
    assert_true(index >= 0);
    *row = (struct rpcancel_check_rule){.index = (unsigned)index, .binding = true, .verdict = verdict, .checked = 1};
    snprintf(row->message, sizeof row->message, "%s", message);
}

static int set_up(void **state)
{
    (void)state;
    check = (struct rpcancel_check){
        .runtime = &runtime, .rules = rules, .sequences = sequences, .sequence_count = 2, .complete = true};
    sequences[0] = (struct rpcancel_check_sequence){
        .name = "races/one.seq", .chosen = true, .verdict = RPCANCEL_VERDICT_CRASH, .message = "killed by signal 11"};
    sequences[1] =
        (struct rpcancel_check_sequence){.name = "races/two.seq", .chosen = true, .verdict = RPCANCEL_VERDICT_PASS};
    add_rule("RpcServerTestCancel/1", RPCANCEL_VERDICT_PASS, "");
    add_rule("RpcServerTestCancel/2", RPCANCEL_VERDICT_FAIL, "got 0 RPC_S_OK, want 1791 RPC_S_CALL_IN_PROGRESS");
    add_rule("RpcAsyncCancelCall/3", RPCANCEL_VERDICT_UNIMPLEMENTED, "RpcAsyncCancelCall is not implemented");
    add_rule("RpcAsyncCancelCall/4", RPCANCEL_VERDICT_UNIMPLEMENTED, "RpcAsyncCancelCall is not implemented");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rpcancel_expect_free(&list);
    return 0;
}

static void read_list(const char *text)
{
    struct rpcancel_expect_error error;
    if (!rpcancel_expect_read(&list, text, strlen(text), &error))
        fail_msg("%u:%u: %s", error.line, error.column, error.expected);
}

static const char whole[] =
    "# What is known.\n"
    "\n"
    "FAIL RpcServerTestCancel/2 \"got 0\" # forgets, https://example.org/1\n"
    "  UNIMPLEMENTED RpcAsyncCancelCall/* \"RpcAsyncCancelCall is not\" # stub, https://example.org/2\n"
    "CRASH races/one.seq \"killed by signal\" # null pointer, https://example.org/3\n";

static char *fixed(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    rpcancel_expect_fix(&list, &check, out);
    fclose(out);
    return text;
}

static void assert_fixed(const char *expected)
{
    char *text = fixed();
    assert_string_equal(text, expected);
    free(text);
}

/* ---- reading ---- */

static void a_list_is_read_as_written(void **state)
{
    (void)state;
    read_list(whole);
    assert_int_equal(list.count, 5);
    assert_false(list.lines[0].is_entry);
    assert_false(list.lines[1].is_entry);
    assert_int_equal(list.lines[2].verdict, RPCANCEL_VERDICT_FAIL);
    assert_string_equal(list.lines[2].subject, "RpcServerTestCancel/2");
    assert_string_equal(list.lines[2].message, "got 0");
    assert_string_equal(list.lines[2].reason, "forgets, https://example.org/1");
    assert_true(list.lines[3].wildcard);
    assert_string_equal(list.lines[3].subject, "RpcAsyncCancelCall/");
}

static void quotes_in_messages_are_escaped(void **state)
{
    (void)state;
    read_list("FAIL RpcServerTestCancel/2 \"a \\\"b\\\" \\\\ c\" # why");
    assert_string_equal(list.lines[0].message, "a \"b\" \\ c");
}

static void a_malformed_list_says_where_and_what(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
        const char *expected;
    } cases[] = {
        {"PASS RpcServerTestCancel/1 \"\" # x", 1, 1, "expected FAIL, CRASH"},
        {"\nOOPS RpcServerTestCancel/1 \"\" # x", 2, 1, "found \"OOPS\""},
        {"FAIL", 1, 5, "expected the id of a rule"},
        {"FAIL * \"\" # x", 1, 6, "all rules of one function"},
        {"FAIL Rpc*/1 \"\" # x", 1, 6, "all rules of one function"},
        {"FAIL RpcServerTestCancel/1* \"\" # x", 1, 6, "all rules of one function"},
        {"FAIL RpcServerTestCancel/1 got", 1, 28, "double quotes"},
        {"FAIL RpcServerTestCancel/1 \"got", 1, 32, "ends the message"},
        {"FAIL RpcServerTestCancel/1 \"got\"", 1, 33, "# and a reason"},
        {"FAIL RpcServerTestCancel/1 \"got\" # ", 1, 36, "a reason"},
        {"FAIL a/1 \"\" # x\nFAIL a/2 \"\" # y\nCRASH a/1 \"\" # z", 3, 1, "a/1 has an entry already, on line 1"},
        {"FAIL a/* \"\" # x\nCRASH a/* \"\" # z", 2, 1, "a/* has an entry already, on line 1"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rpcancel_expect_error error;
        assert_false(rpcancel_expect_read(&list, cases[i].text, strlen(cases[i].text), &error));
        if (error.line != cases[i].line || error.column != cases[i].column ||
            !strstr(error.expected, cases[i].expected))
            fail_msg("%s\ngives %u:%u: %s", cases[i].text, error.line, error.column, error.expected);
        rpcancel_expect_free(&list);
    }
}

/* ---- applying ---- */

static void what_is_listed_is_excused(void **state)
{
    (void)state;
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_RUNTIME_FAILED);
    read_list(whole);
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_int_equal(rules[1].verdict, RPCANCEL_VERDICT_XFAIL);
    assert_int_equal(rules[2].verdict, RPCANCEL_VERDICT_UNIMPLEMENTED);
    assert_true(rules[2].listed);
    assert_int_equal(sequences[0].verdict, RPCANCEL_VERDICT_XFAIL);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_CONFORMANT);
}

static void what_is_not_listed_is_not(void **state)
{
    (void)state;
    read_list("FAIL RpcServerTestCancel/2 \"got 0\" # x\nCRASH races/one.seq \"\" # x\n"
              "UNIMPLEMENTED RpcAsyncCancelCall/3 \"\" # x\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_NOT_CONFORMANT);
}

static void assert_stale(const char *text, size_t line, const char *why)
{
    read_list(text);
    assert_int_equal(rpcancel_expect_apply(&list, &check), 1);
    if (!strstr(list.lines[line - 1].stale, why))
        fail_msg("line %zu: %s", line, list.lines[line - 1].stale);
}

static void a_listed_pass_is_stale(void **state)
{
    (void)state;
    assert_stale("FAIL RpcServerTestCancel/1 \"\" # x\n", 1, "RpcServerTestCancel/1 passes, listed as FAIL");
    assert_int_equal(rules[0].verdict, RPCANCEL_VERDICT_XPASS);
}

static void a_changed_message_is_stale(void **state)
{
    (void)state;
    assert_stale("\nFAIL RpcServerTestCancel/2 \"got 1702\" # x\n", 2, "is FAIL \"got 0 RPC_S_OK");
    assert_int_equal(rules[1].verdict, RPCANCEL_VERDICT_FAIL);
    assert_false(rules[1].listed);
}

static void a_changed_verdict_is_stale(void **state)
{
    (void)state;
    assert_stale("VACUOUS RpcServerTestCancel/2 \"\" # x\n", 1, "is FAIL");
}

static void a_wildcard_is_stale_when_one_of_its_rules_passes(void **state)
{
    (void)state;
    rules[3].verdict = RPCANCEL_VERDICT_PASS;
    assert_stale("UNIMPLEMENTED RpcAsyncCancelCall/* \"\" # x\n", 1, "RpcAsyncCancelCall/4 passes");
    assert_true(rules[2].listed);
}

static void an_entry_of_its_own_comes_before_the_wildcard(void **state)
{
    (void)state;
    rules[3].verdict = RPCANCEL_VERDICT_VACUOUS;
    read_list("UNIMPLEMENTED RpcAsyncCancelCall/* \"\" # x\nVACUOUS RpcAsyncCancelCall/4 \"\" # y\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_true(rules[3].listed);
}

static void unknown_names_are_stale(void **state)
{
    (void)state;
    assert_stale("FAIL RpcServerTestCancel/99 \"\" # x\n", 1, "no rule or sequence is called RpcServerTestCancel/99");
    rpcancel_expect_free(&list);
    assert_stale("FAIL RpcNonsense/* \"\" # x\n", 1, "no rule is called RpcNonsense/*");
}

static void what_fails_now_and_then_may_pass(void **state)
{
    (void)state;
    read_list("FAIL? RpcServerTestCancel/1 \"\" # x\nFAIL? RpcServerTestCancel/2 \"got 0\" # x\nCRASH? races/* "
              "\"killed\" # x\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_int_equal(rules[0].verdict, RPCANCEL_VERDICT_PASS);
    assert_int_equal(rules[1].verdict, RPCANCEL_VERDICT_XFAIL);
    assert_true(sequences[0].listed);
    assert_int_equal(sequences[1].verdict, RPCANCEL_VERDICT_PASS);
}

static void what_fails_otherwise_now_and_then_counts(void **state)
{
    (void)state;
    read_list("VACUOUS? RpcServerTestCancel/2 \"\" # x\nHANG? races/* \"\" # x\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_int_equal(rules[1].verdict, RPCANCEL_VERDICT_FAIL);
    assert_false(rules[1].listed);
    assert_int_equal(sequences[0].verdict, RPCANCEL_VERDICT_CRASH);
    assert_false(sequences[0].listed);
    rpcancel_expect_free(&list);
    assert_stale("HANG? nowhere/* \"\" # x\n", 1, "no rule is called nowhere/*");
}

static void what_was_not_checked_is_left_alone(void **state)
{
    (void)state;
    sequences[1].chosen = false;
    read_list("FAIL RpcAsyncGetCallStatus/1 \"\" # not chosen\nCRASH races/two.seq \"\" # not chosen\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
}

static void an_interrupted_check_makes_nothing_stale_that_it_did_not_reach(void **state)
{
    (void)state;
    check.complete = false;
    rules[1].verdict = RPCANCEL_VERDICT_SKIP;
    read_list("FAIL RpcServerTestCancel/2 \"got 0\" # x\n");
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
}

/* ---- mending ---- */

static void a_list_that_fits_is_left_as_it_is(void **state)
{
    (void)state;
    read_list(whole);
    assert_fixed(whole);
}

static void what_fails_now_and_then_stays_in_a_list(void **state)
{
    (void)state;
    rules[1].verdict = rules[2].verdict = rules[3].verdict = RPCANCEL_VERDICT_PASS;
    read_list("FAIL? RpcServerTestCancel/2 \"got 0\" # x\nHANG? races/* \"\" # y\n");
    assert_fixed("FAIL? RpcServerTestCancel/2 \"got 0\" # x\nHANG? races/* \"\" # y\n"
                 "CRASH races/one.seq \"killed by signal 11\" # FIXME: why, and a link that tells more\n");
}

static void an_empty_list_gets_everything(void **state)
{
    (void)state;
    assert_fixed(
        "FAIL RpcServerTestCancel/2 \"got 0 RPC_S_OK, want 1791 RPC_S_CALL_IN_PROGRESS\" # FIXME: why, and a "
        "link that tells more\n"
        "UNIMPLEMENTED RpcAsyncCancelCall/3 \"RpcAsyncCancelCall is not implemented\" # FIXME: why, and a link "
        "that tells more\n"
        "UNIMPLEMENTED RpcAsyncCancelCall/4 \"RpcAsyncCancelCall is not implemented\" # FIXME: why, and a link "
        "that tells more\n"
        "CRASH races/one.seq \"killed by signal 11\" # FIXME: why, and a link that tells more\n");
}

static void what_passes_goes_and_a_changed_message_keeps_its_reason(void **state)
{
    (void)state;
    rules[3].verdict = RPCANCEL_VERDICT_PASS;
    sequences[0].verdict = RPCANCEL_VERDICT_PASS;
    read_list("# kept\nFAIL RpcServerTestCancel/1 \"\" # went\nFAIL RpcServerTestCancel/2 \"got 5\" # reason\n"
              "UNIMPLEMENTED RpcAsyncCancelCall/* \"\" # stub\nFAIL RpcServerTestCancel/99 \"\" # unknown\n"
              "FAIL RpcAsyncGetCallStatus/1 \"\" # not checked\n");
    assert_fixed("# kept\n"
                 "FAIL RpcServerTestCancel/2 \"got 0 RPC_S_OK, want 1791 RPC_S_CALL_IN_PROGRESS\" # reason\n"
                 "UNIMPLEMENTED RpcAsyncCancelCall/3 \"RpcAsyncCancelCall is not implemented\" # stub\n"
                 "FAIL RpcAsyncGetCallStatus/1 \"\" # not checked\n");
}

static void a_reason_does_not_outlive_its_verdict(void **state)
{
    (void)state;
    rules[1].verdict = RPCANCEL_VERDICT_CRASH;
    rules[3].verdict = RPCANCEL_VERDICT_VACUOUS;
    read_list(whole);
    char *text = fixed();
    assert_non_null(strstr(text, "CRASH RpcServerTestCancel/2 \"got 0 RPC_S_OK, want 1791 RPC_S_CALL_IN_PROGRESS\" # "
                                 "FIXME: why, and a link that tells more\n"));
    assert_non_null(strstr(text, "VACUOUS RpcAsyncCancelCall/4 \"RpcAsyncCancelCall is not implemented\" # FIXME: "));
    assert_null(strstr(text, "UNIMPLEMENTED RpcAsyncCancelCall/3 \"RpcAsyncCancelCall is not implemented\" # FIXME"));
    assert_non_null(strstr(text, "UNIMPLEMENTED RpcAsyncCancelCall/3 "));
    assert_null(strstr(text, "forgets"));
    free(text);
}

static void a_mended_list_fits(void **state)
{
    (void)state;
    snprintf(rules[1].message, sizeof rules[1].message, "says \"no\" \\ #");
    rules[3].verdict = RPCANCEL_VERDICT_PASS;
    read_list(whole);
    char *text = fixed();
    rpcancel_expect_free(&list);
    read_list(text);
    free(text);
    assert_int_equal(rpcancel_expect_apply(&list, &check), 0);
    assert_int_equal(rpcancel_check_conclude(&check), RPCANCEL_CONFORMANT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_is_read_as_written),
        TEST(quotes_in_messages_are_escaped),
        TEST(a_malformed_list_says_where_and_what),
        TEST(what_is_listed_is_excused),
        TEST(what_is_not_listed_is_not),
        TEST(a_listed_pass_is_stale),
        TEST(a_changed_message_is_stale),
        TEST(a_changed_verdict_is_stale),
        TEST(a_wildcard_is_stale_when_one_of_its_rules_passes),
        TEST(an_entry_of_its_own_comes_before_the_wildcard),
        TEST(unknown_names_are_stale),
        TEST(what_fails_now_and_then_may_pass),
        TEST(what_fails_otherwise_now_and_then_counts),
        TEST(what_was_not_checked_is_left_alone),
        TEST(an_interrupted_check_makes_nothing_stale_that_it_did_not_reach),
        TEST(a_list_that_fits_is_left_as_it_is),
        TEST(what_fails_now_and_then_stays_in_a_list),
        TEST(an_empty_list_gets_everything),
        TEST(what_passes_goes_and_a_changed_message_keeps_its_reason),
        TEST(a_reason_does_not_outlive_its_verdict),
        TEST(a_mended_list_fits),
    };
    return cmocka_run_group_tests_name("expectations", tests, NULL, NULL);
}
