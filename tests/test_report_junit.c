// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/junit.h"
#include "report/text_stream.h"
#include "report_of_check.h"

static struct report_of_check made;
static char *text;

static int tear_down(void **state)
{
    (void)state;
    free(text);
    text = NULL;
    if (made.report.check)
        report_of_check_free(&made);
    memset(&made, 0, sizeof made);
    return 0;
}

static void assert_says(const char *part)
{
    if (!strstr(text, part))
        fail_msg("does not say\n%s\nbut\n%s", part, text);
}

static void assert_does_not_say(const char *part)
{
    if (strstr(text, part))
        fail_msg("says\n%s\nin\n%s", part, text);
}

static unsigned count(const char *part)
{
    unsigned number = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        number++;
    return number;
}

/* ---- the form ---- */

static void end(struct rpcancel_junit *junit)
{
    struct rpcancel_text_stream stream;
    assert_true(rpcancel_text_stream_begin(&stream));
    assert_true(rpcancel_junit_end(junit, stream.out));
    text = rpcancel_text_stream_end(&stream);
}

static void suites_count_what_is_in_them(void **state)
{
    (void)state;
    struct rpcancel_junit *junit = rpcancel_junit_begin();
    rpcancel_junit_suite(junit, "one", 1000000000, 1.5);
    rpcancel_junit_property(junit, "seed", "7");
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){.classname = "a.B", .name = "passes", .seconds = 0.25});
    rpcancel_junit_case(junit,
                        &(struct rpcancel_junit_case){"a.B", "fails", 0, RPCANCEL_JUNIT_FAILURE, "FAIL", "m", "t"});
    rpcancel_junit_case(junit,
                        &(struct rpcancel_junit_case){"a.B", "crashes", 0, RPCANCEL_JUNIT_ERROR, "CRASH", "m", "t"});
    rpcancel_junit_suite(junit, "two", 0, 0.5);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){"a.B", "waits", 0, RPCANCEL_JUNIT_SKIPPED, "", "m", NULL});
    rpcancel_junit_standard_error(junit, "last words");
    end(junit);
    assert_string_equal(
        text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<testsuites tests=\"4\" failures=\"1\" errors=\"1\" time=\"2.000\">\n"
              "  <testsuite name=\"one\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\" time=\"1.500\" "
              "timestamp=\"2001-09-09T01:46:40\">\n"
              "    <properties>\n"
              "      <property name=\"seed\" value=\"7\"/>\n"
              "    </properties>\n"
              "    <testcase classname=\"a.B\" name=\"passes\" time=\"0.250\"/>\n"
              "    <testcase classname=\"a.B\" name=\"fails\" time=\"0.000\">\n"
              "      <failure message=\"m\" type=\"FAIL\">t</failure>\n"
              "    </testcase>\n"
              "    <testcase classname=\"a.B\" name=\"crashes\" time=\"0.000\">\n"
              "      <error message=\"m\" type=\"CRASH\">t</error>\n"
              "    </testcase>\n"
              "  </testsuite>\n"
              "  <testsuite name=\"two\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" time=\"0.500\" "
              "timestamp=\"1970-01-01T00:00:00\">\n"
              "    <testcase classname=\"a.B\" name=\"waits\" time=\"0.000\">\n"
              "      <skipped>m</skipped>\n"
              "    </testcase>\n"
              "    <system-err>last words</system-err>\n"
              "  </testsuite>\n"
              "</testsuites>\n");
}

static void what_xml_cannot_hold_is_replaced(void **state)
{
    (void)state;
    const char *odd = "<a href='&\">]]>\ttab\nline\r\x01\x7F \xC3\xA9 \xFF \xEF\xBF\xBE \xED\xA0\x80 \xF0\x9F\x98\x80";
    struct rpcancel_junit *junit = rpcancel_junit_begin();
    rpcancel_junit_suite(junit, "odd", 0, 0);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){"a", "b", 0, RPCANCEL_JUNIT_FAILURE, "FAIL", odd, odd});
    end(junit);
    assert_says(
        "message=\"&lt;a href='&amp;&quot;&gt;]]&gt;&#9;tab&#10;line&#13;?\x7F \xC3\xA9 \xEF\xBF\xBD \xEF\xBF\xBD "
        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80\"");
    assert_says(">&lt;a href='&amp;&quot;&gt;]]&gt;\ttab\nline&#13;?\x7F \xC3\xA9 \xEF\xBF\xBD \xEF\xBF\xBD "
                "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80</failure>");
}

static void a_failure_without_its_text_fails_the_report(void **state)
{
    (void)state;
    struct rpcancel_text_stream stream;
    struct rpcancel_junit *junit = rpcancel_junit_begin();
    rpcancel_junit_suite(junit, "s", 0, 0);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){"a", "b", 0, RPCANCEL_JUNIT_FAILURE, "FAIL", "m", NULL});
    assert_true(rpcancel_text_stream_begin(&stream));
    assert_false(rpcancel_junit_end(junit, stream.out));
    text = rpcancel_text_stream_end(&stream);
    assert_string_equal(text, "");
}

/* ---- reports of a check ---- */

static void report(fake_change *change, int number, bool strict, const char *expectations)
{
    report_of_check_make(&made, change, number, strict, expectations);
    text = report_of_check_text(&made, rpcancel_report_junit);
}

static void a_violated_rule_has_failed(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_FORGETFUL, false, NULL);
    assert_says("<testcase classname=\"rpcancel.RpcServerTestCancel\" name=\"RpcServerTestCancel/1\" time=\"0.000\">\n"
                "      <failure message=\"FAIL: got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK\" type=\"FAIL\">"
                "FAIL RpcServerTestCancel/1 (must, RpcServerTestCancel)\n");
    assert_says("\n  got       1791 RPC_S_CALL_IN_PROGRESS\n  want      0 RPC_S_OK\n"
                "  sequence  init a; call a; cancel a; settle; dispatch a @t1; test-cancel a @t1\n  shown     3 of 3 "
                "runs of rules/life.seq\n");
    assert_says("<property name=\"runtime\" value=\"child:a 'b'\"/>");
    assert_says("<property name=\"seed\" value=\"18446744073709551615\"/>");
    assert_says("timestamp=\"2001-09-09T01:46:40\"");
    assert_says("skipped=\"");
    assert_int_equal(count("<testcase "), made.check.rule_count + 2);
}

static void a_crash_is_an_error(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_RAISING, false, NULL);
    assert_says("<testcase classname=\"rpcancel.sequences\" name=\"rules/silent.seq\" time=\"0.000\">\n"
                "      <error message=\"CRASH: RpcAsyncGetCallStatus: exception 0xC0000005");
    assert_says("\" type=\"CRASH\">CRASH sequence rules/silent.seq\n");
    assert_int_equal(rpcancel_check_conclude(&made.check), RPCANCEL_RUNTIME_FAILED);
}

static void what_is_not_there_is_named_and_has_failed(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_LACKING, false, NULL);
    assert_says("<failure message=\"UNIMPLEMENTED: RpcServerTestCancel was not reached: `dispatch a @t1` is not "
                "implemented\" type=\"UNIMPLEMENTED\">");
}

static void a_rule_that_nothing_decides_was_skipped_unless_the_check_is_strict(void **state)
{
    (void)state;
    const char *skipped = "name=\"RpcServerTestCancel/10\" time=\"0.000\">\n"
                          "      <skipped>SKIP: no sequence that was run decides it</skipped>\n";
    const char *failed = "name=\"RpcServerTestCancel/10\" time=\"0.000\">\n"
                         "      <failure message=\"SKIP: no sequence that was run decides it\" type=\"SKIP\">";
    report(NULL, 0, false, NULL);
    assert_says(skipped);
    free(text);
    report_of_check_free(&made);
    report(NULL, 0, true, NULL);
    assert_says(failed);
}

static void what_the_list_excuses_was_skipped_with_its_reason(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_RAISING, false,
           "FAIL RpcServerTestCancel/1 \"got 1791\" # forgets & <forgives>, https://example.org/1\n"
           "CRASH rules/silent.seq \"\" # https://example.org/2\n");
    assert_says(
        "<skipped>XFAIL: got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK (listed: forgets &amp; &lt;forgives&gt;, "
        "https://example.org/1)</skipped>");
    assert_says("name=\"rules/silent.seq\" time=\"0.000\">\n      <skipped>XFAIL: ");
    assert_says("(listed: https://example.org/2)</skipped>");
    assert_says("<testcase classname=\"rpcancel.check\" name=\"the expectation list fits\" time=\"0.000\"/>");
}

static void a_list_that_does_not_fit_has_failed(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_FORGETFUL, false,
           "FAIL RpcServerTestCancel/1 \"got 0\" # https://example.org/1\n"
           "FAIL RpcServerTestCancel/99 \"\" # https://example.org/2\n");
    assert_says(
        "<failure message=\"2 stale entries in the expectation list\" type=\"stale\">lists/known list.expect:1: "
        "stale: RpcServerTestCancel/1 is FAIL");
    assert_does_not_say("(listed: ");
    assert_says("<failure message=\"FAIL: got 1791");
}

static void a_listed_rule_that_passes_has_failed(void **state)
{
    (void)state;
    report(NULL, 0, false, "FAIL RpcServerTestCancel/2 \"\" # https://example.org/1\n");
    assert_says("name=\"RpcServerTestCancel/2\" time=\"0.000\">\n"
                "      <failure message=\"XPASS: passes, though listed\" type=\"XPASS\">XPASS RpcServerTestCancel/2 ");
    assert_says("<failure message=\"1 stale entry in the expectation list\"");
}

static void an_incomplete_check_is_an_error(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    made.check.complete = false;
    snprintf(made.check.failure, sizeof made.check.failure, "interrupted after 1 of 2 sequences");
    made.check.last_words_of = "rules/life.seq";
    snprintf(made.check.last_words, sizeof made.check.last_words, "<assertion \xFF>\n");
    text = report_of_check_text(&made, rpcancel_report_junit);
    assert_says("name=\"every sequence was run\" time=\"0.000\">\n"
                "      <error message=\"interrupted after 1 of 2 sequences\" type=\"incomplete\">");
    assert_says("<system-err>&lt;assertion \xEF\xBF\xBD&gt;\n</system-err>");
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(suites_count_what_is_in_them),
        TEST(what_xml_cannot_hold_is_replaced),
        TEST(a_failure_without_its_text_fails_the_report),
        TEST(a_violated_rule_has_failed),
        TEST(a_crash_is_an_error),
        TEST(what_is_not_there_is_named_and_has_failed),
        TEST(a_rule_that_nothing_decides_was_skipped_unless_the_check_is_strict),
        TEST(what_the_list_excuses_was_skipped_with_its_reason),
        TEST(a_list_that_does_not_fit_has_failed),
        TEST(a_listed_rule_that_passes_has_failed),
        TEST(an_incomplete_check_is_an_error),
    };
    return cmocka_run_group_tests_name("report_junit", tests, NULL, NULL);
}
