// SPDX-License-Identifier: Apache-2.0
/* Results read back, and how deviations are counted. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report_of_check.h"
#include "results/difference.h"
#include "results/page.h"

/* ---- places in JSON ---- */

static void assert_wrong(const char *text, size_t length, unsigned line, unsigned column, const char *what)
{
    struct rpcancel_json_failure failure;
    assert_null(rpcancel_json_parse(text, length, &failure));
    assert_int_equal(failure.line, line);
    assert_int_equal(failure.column, column);
    assert_non_null(strstr(failure.what, what));
}

#define ASSERT_WRONG(text, line, column, what) assert_wrong(text, sizeof text - 1, line, column, what)

static void what_is_wrong_with_json_has_a_place(void **state)
{
    (void)state;
    ASSERT_WRONG("", 1, 1, "the end of the file");
    ASSERT_WRONG("{\"a\": 1", 1, 8, "the end of the file");
    ASSERT_WRONG("{\"a\": \"b", 1, 7, "the end of the file");
    ASSERT_WRONG("{\n\"a\": tr", 2, 6, "the end of the file");
    ASSERT_WRONG("{\n\"a\": x}", 2, 6, "something else");
    ASSERT_WRONG("{}\n{}", 2, 1, "something else");
    ASSERT_WRONG("{\"a\": \"b\nc\"}", 1, 9, "control character");
    ASSERT_WRONG("{\"a\":\0 1}", 1, 6, "zero byte");
    ASSERT_WRONG("{\"a\": \"\\\\\\u0000\"}", 1, 10, "\\u0000");
    ASSERT_WRONG("{\"a\": \"\xC3(\"}", 1, 8, "UTF-8");
}

static void escapes_are_no_mistakes(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": \"\\\\u0000 \\\" [[ \xC3\xA4 \\u00e4\"}\n";
    struct rpcancel_json_failure failure;
    cJSON *root = rpcancel_json_parse(text, sizeof text - 1, &failure);
    assert_non_null(root);
    assert_string_equal(cJSON_GetObjectItem(root, "a")->valuestring, "\\u0000 \" [[ \xC3\xA4 \xC3\xA4");
    cJSON_Delete(root);
}

static void depth_is_limited(void **state)
{
    (void)state;
    char text[2 * RPCANCEL_JSON_DEPTH_MAX + 3];
    memset(text, '[', RPCANCEL_JSON_DEPTH_MAX);
    memset(text + RPCANCEL_JSON_DEPTH_MAX, ']', RPCANCEL_JSON_DEPTH_MAX);
    text[2 * RPCANCEL_JSON_DEPTH_MAX] = '\0';
    struct rpcancel_json_failure failure;
    cJSON *root = rpcancel_json_parse(text, strlen(text), &failure);
    assert_non_null(root);
    cJSON_Delete(root);
    memset(text, '[', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_wrong(text, strlen(text), 1, RPCANCEL_JSON_DEPTH_MAX + 1, "more than 64");
}

/* ---- what the program itself writes ---- */

static void a_report_is_read_back(void **state)
{
    (void)state;
    static struct report_of_check made;
    report_of_check_make(&made, report_of_misbehaviour, REPORT_OF_FORGETFUL, false,
                         "FAIL RpcServerTestCancel/1 \"\" # known, https://example.org/1\n");
    char *text = report_of_check_text(&made, rpcancel_report_json);
    struct rpcancel_saved_result result = {0};
    struct rpcancel_json_failure failure;
    assert_true(rpcancel_result_read(&result, text, strlen(text), &failure));
    const struct rpcancel_result_rule *rule = rpcancel_result_rule(&result, "RpcServerTestCancel/1");
    assert_non_null(rule);
    assert_int_equal(rule->verdict, RPCANCEL_VERDICT_XFAIL);
    assert_int_equal(rule->found, RPCANCEL_VERDICT_FAIL);
    assert_string_equal(rule->reason, "known, https://example.org/1");
    assert_true(rule->listed);
    assert_int_equal(result.rule_count, made.check.rule_count);
    assert_int_equal(result.sequence_count, 2);
    assert_non_null(rpcancel_result_sequence(&result, "rules/silent.seq"));
    assert_null(rpcancel_result_sequence(&result, "rules/none.seq"));
    assert_null(rpcancel_result_rule(&result, "RpcNone/1"));
    assert_string_equal(rpcancel_result_capability(&result, "COMPLETE")->word, "command");
    rpcancel_result_free(&result);
    free(text);
    report_of_check_free(&made);
}

/* ---- deviations ---- */

static struct rpcancel_columns columns;
static struct rpcancel_deviations deviations;

/* Adds a result of |label| by |profile| with the rules, as JSON. */
static void add_column(const char *label, const char *profile, const char *rules, const char *sequences)
{
    char *text;
    struct rpcancel_json_failure failure;
    struct rpcancel_column *column = &columns.list[columns.count++];
    assert_true(
        asprintf(&text,
                 "{\"tool\": \"rpcancel\", \"version\": \"0\", \"started\": \"2026-01-31T00:00:00Z\","
                 "\"runtime\": {\"how\": \"reference\", \"name\": \"r\", \"version\": \"\"}, \"profile\": \"%s\","
                 "\"catalogue\": \"0\", \"strict\": false, \"complete\": true, \"conformant\": false,"
                 "\"operations\": 1, \"capabilities\": {}, \"stale\": [], \"summary\": {\"PASS\": 0, \"FAIL\": 0,"
                 "\"CRASH\": 0, \"HANG\": 0, \"VACUOUS\": 0, \"UNIMPLEMENTED\": 0, \"NONSTRICT\": 0, \"XFAIL\": 0,"
                 "\"XPASS\": 0, \"SKIP\": 0, \"HARNESS-ERROR\": 0, \"UNSPECIFIED\": 0},"
                 "\"rules\": [%s], \"sequences\": [%s]}",
                 profile, rules, sequences) > 0);
    *column = (struct rpcancel_column){.label = label, .subject = RPCANCEL_SUBJECT_API};
    bool read = rpcancel_result_read(&column->result, text, strlen(text), &failure);
    if (!read)
        print_message("%s\n", failure.what);
    assert_true(read);
    free(text);
}

#define RULE(id, function, verdict, got, sequence)                                                                     \
    "{\"id\": \"" id "\", \"level\": \"must\", \"function\": \"" function "\", \"verdict\": \"" verdict                \
    "\", \"checked\": 1, \"message\": \"" got "\", \"listed\": false, \"got\": \"" got "\", \"sequence\": \"" sequence \
    "\"}"

static struct rpcancel_deviation_counts counted(const char *label)
{
    assert_true(rpcancel_deviations_find(&deviations, &columns));
    return rpcancel_deviations_count(&deviations, label);
}

static int forget_columns(void **state)
{
    (void)state;
    rpcancel_deviations_free(&deviations);
    for (size_t i = 0; i < columns.count; i++)
        rpcancel_result_free(&columns.list[i].result);
    columns.count = 0;
    return 0;
}

static void several_profiles_show_one_deviation(void **state)
{
    (void)state;
    add_column("one", "documented", RULE("F/1", "F", "FAIL", "5", "a\\n"), "");
    add_column("one", "windows", RULE("F/1", "F", "FAIL", "5", "a\\n"), "");
    add_column("two", "documented", RULE("F/1", "F", "FAIL", "5", "a\\n"), "");
    assert_int_equal(counted("one").deviations, 1);
    assert_int_equal(deviations.list[0].shown_by, 3);
    rpcancel_deviations_free(&deviations);
    assert_int_equal(counted(NULL).deviations, 2);
}

static void a_stub_counts_once(void **state)
{
    (void)state;
    add_column("one", "documented",
               RULE("F/1", "F", "FAIL", "0", "a\\n") "," RULE("F/2", "F", "FAIL", "0", "b\\n") "," RULE(
                   "F/3", "F", "VACUOUS", "always 0", "c\\n") "," RULE("G/1", "G", "FAIL", "0", "d\\n"),
               "");
    struct rpcancel_deviation_counts counts = counted(NULL);
    assert_int_equal(counts.deviations, 2);
    assert_int_equal(counts.stubs, 1);
    assert_int_equal(deviations.list[1].counting, RPCANCEL_COUNTS_WITH_STUB);
    assert_int_equal(deviations.list[1].with, 0);
}

static void a_function_with_two_answers_is_no_stub(void **state)
{
    (void)state;
    add_column("one", "documented", RULE("F/1", "F", "FAIL", "0", "a\\n") "," RULE("F/2", "F", "FAIL", "5", "b\\n"),
               "");
    add_column("two", "documented",
               RULE("F/1", "F", "FAIL", "0", "a\\n") "," RULE("F/2", "F", "FAIL", "0",
                                                              "b\\n") "," RULE("F/3", "F", "PASS", "", "c\\n"),
               "");
    assert_int_equal(counted("one").deviations, 2);
    rpcancel_deviations_free(&deviations);
    assert_int_equal(counted("two").deviations, 2);
}

static void a_longer_sequence_shows_nothing_by_itself(void **state)
{
    (void)state;
    add_column("one", "documented",
               RULE("F/1", "F", "FAIL", "0", "a\\nb\\n") "," RULE("G/1", "G", "FAIL", "5", "a\\n") "," RULE(
                   "H/1", "H", "FAIL", "5", "ab\\n") "," RULE("I/1", "I", "FAIL", "5", "a\\n"),
               "");
    struct rpcancel_deviation_counts counts = counted(NULL);
    assert_int_equal(counts.deviations, 3);
    assert_int_equal(counts.sequences, 2); /* two rules are broken by one answer */
    assert_int_equal(deviations.list[0].counting, RPCANCEL_COUNTS_WITH_SHORTER);
}

/* What is a part leads to a deviation that counts. */
static void assert_nothing_is_lost(void)
{
    for (size_t i = 0; i < deviations.count; i++) {
        size_t at = i;
        for (size_t steps = 0; deviations.list[at].counting != RPCANCEL_COUNTS; steps++) {
            assert_true(steps < deviations.count);
            at = deviations.list[at].with;
        }
    }
}

/* A stub, the first of whose rules is shown by a sequence that extends that of the second; and one that extends
 * another's. */
static void no_two_deviations_are_each_a_part_of_the_other(void **state)
{
    (void)state;
    add_column("one", "documented", RULE("F/1", "F", "FAIL", "0", "a\\nb\\n") "," RULE("F/2", "F", "FAIL", "0", "a\\n"),
               "");
    assert_int_equal(counted("one").deviations, 1);
    assert_nothing_is_lost();
    rpcancel_deviations_free(&deviations);
    add_column("two", "documented",
               RULE("E/1", "E", "FAIL", "0", "a\\nb\\nc\\n") "," RULE("F/1", "F", "FAIL", "0", "b\\n") "," RULE(
                   "F/2", "F", "FAIL", "0", "a\\nb\\n") "," RULE("G/1", "G", "FAIL", "0", "a\\n"),
               "");
    assert_int_equal(counted("two").deviations, 2);
    assert_nothing_is_lost();
    assert_int_equal(deviations.list[2].counting, RPCANCEL_COUNTS_WITH_SHORTER);
    assert_int_equal(deviations.list[2].with, 5); /* of all that E/1 extends, what counts */
}

static void rules_are_limited(void **state)
{
    (void)state;
    char *text, *rules = calloc(RPCANCEL_RESULT_RULES_MAX + 1, 3);
    assert_non_null(rules);
    for (size_t i = 0; i <= RPCANCEL_RESULT_RULES_MAX; i++)
        strcat(rules, i ? ",0" : "0");
    assert_true(
        asprintf(&text,
                 "{\"tool\": \"rpcancel\", \"version\": \"0\", \"started\": \"\", \"runtime\": {\"how\": \"r\","
                 "\"name\": \"r\", \"version\": \"\"}, \"profile\": \"p\", \"catalogue\": \"0\", \"strict\": false,"
                 "\"complete\": true, \"conformant\": true, \"operations\": 1, \"capabilities\": {}, \"stale\": [],"
                 "\"summary\": {\"PASS\": 0, \"FAIL\": 0, \"CRASH\": 0, \"HANG\": 0, \"VACUOUS\": 0,"
                 "\"UNIMPLEMENTED\": 0, \"NONSTRICT\": 0, \"XFAIL\": 0, \"XPASS\": 0, \"SKIP\": 0,"
                 "\"HARNESS-ERROR\": 0, \"UNSPECIFIED\": 0}, \"rules\": [%s], \"sequences\": []}",
                 rules) > 0);
    struct rpcancel_saved_result result = {0};
    struct rpcancel_json_failure failure;
    assert_false(rpcancel_result_read(&result, text, strlen(text), &failure));
    assert_non_null(strstr(failure.what, "at most 1024 rules"));
    rpcancel_result_free(&result);
    free(rules);
    free(text);
}

static void what_hung_now_and_then_does_not_count(void **state)
{
    (void)state;
#define HUNG(id, shown)                                                                                        \
    "{\"id\": \"" id                                                                                           \
    "\", \"level\": \"must\", \"function\": \"F\", \"verdict\": \"HANG\", \"message\": \"\", \"checked\": 1, " \
    "\"listed\": false, \"got\": \"\", \"want\": \"\", "                                                       \
    "\"sequence\": \"a\\n\", \"shown\": " shown ", \"attempts\": 3}"
    add_column("one", "documented", HUNG("F/1", "1") "," HUNG("F/2", "3"), "");
    struct rpcancel_deviation_counts counts = counted("one");
    assert_int_equal(counts.deviations, 1);
    assert_int_equal(counts.now_and_then, 1);
    assert_int_equal(deviations.list[0].counting, RPCANCEL_COUNTS_NOW_AND_THEN);
    rpcancel_deviations_free(&deviations);
    add_column("one", "windows", HUNG("F/1", "3"), ""); /* another profile is surer */
    assert_int_equal(counted("one").deviations, 2);
#undef HUNG
}

static void what_hung_before_a_rule_was_decided_is_no_deviation_from_it(void **state)
{
    (void)state;
    add_column("one", "documented",
               RULE("F/1", "F", "HANG", "",
                    "a\\n") ",{\"id\": \"F/2\", \"level\": \"must\", \"function\": \"F\","
                            "\"verdict\": \"HANG\", \"checked\": 0, \"message\": \"never decided: F hung\","
                            "\"listed\": false, \"sequence\": null}",
               "");
    assert_int_equal(counted("one").deviations, 1);
    assert_int_equal(deviations.gap_count, 1);
    assert_string_equal(deviations.gaps[0].why, "never decided: F hung");
}

static void what_was_not_shown_is_no_deviation(void **state)
{
    (void)state;
    add_column("one", "documented",
               RULE("F/1", "F", "UNIMPLEMENTED", "F is not implemented", "") "," RULE(
                   "F/2", "F", "UNIMPLEMENTED", "F is not implemented where this rule applies",
                   "") "," RULE("G/1", "G", "UNIMPLEMENTED", "G was not reached: `f a` is not implemented",
                                "") "," RULE("H/1", "H", "NONSTRICT", "5", "a\\n") "," RULE("I/1", "I", "SKIP",
                                                                                            "no sequence", ""),
               "");
    struct rpcancel_deviation_counts counts = counted(NULL);
    assert_int_equal(counts.deviations, 0);
    assert_int_equal(counts.missing, 1);
    assert_int_equal(counts.not_binding, 1);
    assert_int_equal(deviations.gap_count, 4);
}

#define SEQUENCE(id, verdict, attributed)                                                           \
    "{\"id\": \"" id "\", \"verdict\": \"" verdict "\", \"message\": \"died\", \"unexpected\": 0, " \
    "\"listed\": false, \"attributed\": " attributed "}"

static void a_crash_counts_with_its_rule_or_by_itself(void **state)
{
    (void)state;
    add_column("one", "documented", RULE("F/1", "F", "CRASH", "", "a\\n"),
               SEQUENCE("rules/a.seq", "CRASH", "true") "," SEQUENCE("rules/b.seq", "HANG", "false"));
    struct rpcancel_deviation_counts counts = counted(NULL);
    assert_int_equal(counts.deviations, 1);
    assert_int_equal(counts.unblamed, 1);
}

/* ---- the page ---- */

static char *page_of(const char *title, const char *root)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_true(rpcancel_deviations_find(&deviations, &columns));
    const struct rpcancel_page page = {&columns, &deviations, title, NULL, root, NULL};
    rpcancel_page_markdown(&page, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void text_of_others_cannot_break_a_table(void **state)
{
    (void)state;
    add_column("o|n`e*\n#", "documented", RULE("F/1", "F|G", "FAIL", "<b>\\u001b[1m\\n| x | `y`", "a\\n"), "");
    add_column("other", "documented", RULE("F/1", "F|G", "FAIL", "https://x.example/\\u00e9\\u202eb\\u009bc", "a\\n"),
               "");
    char *text = page_of("<Title>", NULL);
    assert_non_null(strstr(text, "# \\<Title\\>\n"));
    assert_non_null(strstr(text, "| F/1 | F\\|G | FAIL | FAIL |\n"));
    assert_non_null(strstr(text, "- got: \\<b\\> \\[1m \\| x \\| \\`y\\`\n"));
    assert_non_null(strstr(text, "o\\|n\\`e\\* \\#"));
    assert_non_null(strstr(text, "- got: <https://x.example/\xC3\xA9> b c\n"));
    free(text);
}

#define LISTED(id, function, verdict, message, reason)                                                  \
    "{\"id\": \"" id "\", \"level\": \"must\", \"function\": \"" function "\", \"verdict\": \"" verdict \
    "\", \"checked\": 0, \"message\": \"" message "\", \"listed\": true, \"found\": \"" verdict         \
    "\", \"reason\": \"" reason "\", \"sequence\": null}"

static void the_page_says_what_was_not_tested_and_why(void **state)
{
    (void)state;
    static const char rules[] = LISTED("F/1", "F", "UNIMPLEMENTED", "F is not implemented", "a stub") "," LISTED(
        "F/2", "F", "UNIMPLEMENTED", "F is not implemented",
        "a stub") "," LISTED("G/1", "G", "VACUOUS", "always 0", "https://example.org/g") "," LISTED("H/1", "H", "SKIP",
                                                                                                    "no sequence", "");
    add_column("one", "documented", rules, "");
    add_column("one", "windows", rules, "");
    char *text = page_of("T", NULL);
    assert_non_null(strstr(text, "## Deviations\n"));
    assert_non_null(strstr(text, "\nNone.\n"));
    assert_non_null(strstr(text, "| one | UNIMPLEMENTED | F is not implemented | 2: F/1, F/2 | a stub |\n"));
    assert_non_null(strstr(text, "| one | VACUOUS | gave one answer only: G | 1: G/1 | <https://example.org/g> |\n"));
    assert_non_null(strstr(text, "| one | SKIP | no sequence | 1: H/1 |  |\n"));
    free(text);
}

static void the_page_says_why_a_deviation_does_not_count(void **state)
{
    (void)state;
    add_column("one", "documented",
               RULE("F/1", "F", "FAIL", "0", "a\\n") "," RULE("F/2", "F", "FAIL", "0", "b\\n") "," RULE(
                   "G/1", "G", "FAIL", "5", "a\\nb\\n") "," RULE("H/1", "H", "NONSTRICT", "5", "c\\n"),
               SEQUENCE("rules/b.seq", "HANG", "false"));
    char *text = page_of("T", NULL);
    assert_non_null(strstr(text, "**1 deviation**: "));
    assert_non_null(strstr(text, "the function answers everything alike, as F/1 shows\n"));
    assert_non_null(strstr(text, "the sequence extends that of F/1\n"));
    assert_non_null(strstr(text, "does not count: the rule is not binding here\n"));
    assert_non_null(strstr(text, "#### HANG rules/b.seq\n\n- no rule is blamed for it\n- got: died\n"));
    assert_non_null(strstr(text, "rpcancel check --runtime reference --profile documented rules/b.seq\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_with_json_has_a_place),
        cmocka_unit_test(escapes_are_no_mistakes),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_report_is_read_back),
        cmocka_unit_test_teardown(several_profiles_show_one_deviation, forget_columns),
        cmocka_unit_test_teardown(a_stub_counts_once, forget_columns),
        cmocka_unit_test_teardown(a_function_with_two_answers_is_no_stub, forget_columns),
        cmocka_unit_test_teardown(a_longer_sequence_shows_nothing_by_itself, forget_columns),
        cmocka_unit_test_teardown(no_two_deviations_are_each_a_part_of_the_other, forget_columns),
        cmocka_unit_test(rules_are_limited),
        cmocka_unit_test_teardown(what_hung_now_and_then_does_not_count, forget_columns),
        cmocka_unit_test_teardown(what_hung_before_a_rule_was_decided_is_no_deviation_from_it, forget_columns),
        cmocka_unit_test_teardown(what_was_not_shown_is_no_deviation, forget_columns),
        cmocka_unit_test_teardown(a_crash_counts_with_its_rule_or_by_itself, forget_columns),
        cmocka_unit_test_teardown(the_page_says_what_was_not_tested_and_why, forget_columns),
        cmocka_unit_test_teardown(the_page_says_why_a_deviation_does_not_count, forget_columns),
        cmocka_unit_test_teardown(text_of_others_cannot_break_a_table, forget_columns),
    };
    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
