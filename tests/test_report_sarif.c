// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/fingerprint.h"
#include "report/sarif.h"
#include "report/text_stream.h"
#include "report_of_check.h"

static struct report_of_check made;
static cJSON *log_read;

static int tear_down(void **state)
{
    (void)state;
    cJSON_Delete(log_read);
    log_read = NULL;
    if (made.report.check)
        report_of_check_free(&made);
    memset(&made, 0, sizeof made);
    return 0;
}

static const cJSON *in(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!item)
        fail_msg("there is no %s", name);
    return item;
}

static const cJSON *run(void)
{
    return cJSON_GetArrayItem(in(log_read, "runs"), 0);
}

static const cJSON *results(void)
{
    return in(run(), "results");
}

/* The only location's part. */
static const cJSON *physical(const cJSON *object)
{
    assert_int_equal(cJSON_GetArraySize(in(object, "locations")), 1);
    return in(cJSON_GetArrayItem(in(object, "locations"), 0), "physicalLocation");
}

static void assert_string(const cJSON *object, const char *name, const char *expected)
{
    const cJSON *item = in(object, name);
    assert_true(cJSON_IsString(item));
    assert_string_equal(item->valuestring, expected);
}

static void assert_place(const cJSON *object, const char *uri, const char *base, int line)
{
    const cJSON *location = in(physical(object), "artifactLocation");
    assert_string(location, "uri", uri);
    if (base)
        assert_string(location, "uriBaseId", base);
    else
        assert_null(cJSON_GetObjectItem(location, "uriBaseId"));
    assert_int_equal(in(in(physical(object), "region"), "startLine")->valueint, line);
}

/* ---- the form ---- */

static void end(struct rpcancel_sarif *sarif)
{
    const struct rpcancel_sarif_invocation invocation = {
        .started = 1000000000, .seconds = 61.5, .exit_code = 4, .successful = true};
    struct rpcancel_text_stream stream;
    assert_true(rpcancel_text_stream_begin(&stream));
    assert_true(rpcancel_sarif_end(sarif, &invocation, stream.out));
    char *text = rpcancel_text_stream_end(&stream);
    log_read = cJSON_Parse(text);
    free(text);
    assert_non_null(log_read);
}

static void a_log_describes_every_rule_in_order(void **state)
{
    (void)state;
    struct rpcancel_sarif sarif;
    rpcancel_sarif_begin(&sarif, "test/");
    end(&sarif);
    const cJSON *rules = in(in(in(run(), "tool"), "driver"), "rules");
    unsigned count = rpcancel_rule_all();
    assert_int_equal(cJSON_GetArraySize(rules), count + 2);
    for (unsigned i = 0; i < count; i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        static const char *const levels[] = {"error", "error", "warning", "warning", "note"};
        const cJSON *object = cJSON_GetArrayItem(rules, (int)i);
        assert_string(object, "id", rule->id);
        assert_string(in(object, "shortDescription"), "text", rule->text);
        assert_string(in(object, "defaultConfiguration"), "level", levels[rule->level]);
        assert_non_null(strstr(in(in(object, "help"), "text")->valuestring, rule->source));
    }
    assert_string(cJSON_GetArrayItem(rules, rpcancel_rule_find("asynchronous-call-state/1")), "name",
                  "AsynchronousCallState1");
    assert_string(cJSON_GetArrayItem(rules, (int)rpcancel_sarif_general_rule(RPCANCEL_SARIF_CRASH)), "id", "crash");
    assert_string(cJSON_GetArrayItem(rules, (int)rpcancel_sarif_general_rule(RPCANCEL_SARIF_HANG)), "id", "hang");
}

static void a_log_says_how_the_program_ran(void **state)
{
    (void)state;
    struct rpcancel_sarif sarif;
    rpcancel_sarif_begin(&sarif, "test/");
    cJSON_AddStringToObject(sarif.properties, "mine", "yes");
    rpcancel_sarif_notify(&sarif, false, RPCANCEL_SARIF_NOTE, "Went well.",
                          (struct rpcancel_sarif_place){.file = NULL});
    rpcancel_sarif_notify(&sarif, true, RPCANCEL_SARIF_ERROR, "No such thing.",
                          (struct rpcancel_sarif_place){.file = "a list", .line = 3});
    end(&sarif);
    const cJSON *invocation = cJSON_GetArrayItem(in(run(), "invocations"), 0);
    assert_string(in(run(), "automationDetails"), "id", "test/");
    assert_string(in(run(), "properties"), "mine", "yes");
    assert_string(invocation, "startTimeUtc", "2001-09-09T01:46:40Z");
    assert_string(invocation, "endTimeUtc", "2001-09-09T01:47:41Z");
    assert_int_equal(in(invocation, "exitCode")->valueint, 4);
    assert_true(cJSON_IsTrue(in(invocation, "executionSuccessful")));
    const cJSON *execution = cJSON_GetArrayItem(in(invocation, "toolExecutionNotifications"), 0);
    const cJSON *configuration = cJSON_GetArrayItem(in(invocation, "toolConfigurationNotifications"), 0);
    assert_string(execution, "level", "note");
    assert_string(in(execution, "message"), "text", "Went well.");
    assert_null(cJSON_GetObjectItem(execution, "locations"));
    assert_place(configuration, "a%20list", NULL, 3);
}

static void results_say_what_and_where(void **state)
{
    (void)state;
    char fingerprint[RPCANCEL_FINGERPRINT_SIZE];
    unsigned index = (unsigned)rpcancel_rule_find("RpcServerTestCancel/2");
    struct rpcancel_sarif sarif;
    rpcancel_sarif_begin(&sarif, "test/");
    rpcancel_sarif_result(&sarif, &(struct rpcancel_sarif_result){.rule = index,
                                                                  .level = RPCANCEL_SARIF_WARNING,
                                                                  .message = "Caf\xC3\xA9 \xFF \x01.",
                                                                  .place = {"rules/x y.seq", true, 7},
                                                                  .sequence = "init a\ncall a\n"});
    rpcancel_sarif_result(&sarif,
                          &(struct rpcancel_sarif_result){.rule = rpcancel_sarif_general_rule(RPCANCEL_SARIF_HANG),
                                                          .kind = RPCANCEL_SARIF_OPEN,
                                                          .level = RPCANCEL_SARIF_ERROR,
                                                          .message = "m",
                                                          .place = {"/tmp/\xC3\xA9#1%:.seq", false, 0},
                                                          .fingerprint = "0123456789abcdef",
                                                          .suppressed = "known"});
    end(&sarif);
    const cJSON *first = cJSON_GetArrayItem(results(), 0), *second = cJSON_GetArrayItem(results(), 1);
    assert_string(first, "ruleId", "RpcServerTestCancel/2");
    assert_int_equal(in(first, "ruleIndex")->valueint, index);
    assert_string(first, "kind", "fail");
    assert_string(first, "level", "warning");
    assert_string(in(first, "message"), "text", "Caf\xC3\xA9 \xEF\xBF\xBD \x01.");
    assert_place(first, "corpus/rules/x%20y.seq", "%SRCROOT%", 7);
    rpcancel_fingerprint("RpcServerTestCancel/2", "init a\ncall a\n", fingerprint);
    assert_string(in(first, "partialFingerprints"), "ruleAndSequence/v1", fingerprint);
    assert_null(cJSON_GetObjectItem(first, "suppressions"));
    assert_string(in(first, "properties"), "sequence", "init a\ncall a\n");
    assert_string(second, "ruleId", "hang");
    assert_string(second, "kind", "open");
    assert_string(second, "level", "none");
    assert_place(second, "file:///tmp/%C3%A9%231%25%3A.seq", NULL, 1);
    assert_string(in(second, "partialFingerprints"), "ruleAndSequence/v1", "0123456789abcdef");
    assert_string(in(second, "partialFingerprints"), "primaryLocationLineHash", "0123456789abcdef:1");
    const cJSON *suppression = cJSON_GetArrayItem(in(second, "suppressions"), 0);
    assert_string(suppression, "kind", "external");
    assert_string(suppression, "justification", "known");
}

static void fingerprints_are_the_same_for_ever(void **state)
{
    (void)state;
    char one[RPCANCEL_FINGERPRINT_SIZE], other[RPCANCEL_FINGERPRINT_SIZE];
    rpcancel_fingerprint("RpcServerTestCancel/2", "init a\n", one);
    assert_string_equal(one, "f88845ed89248ca3"); /* FNV-1a, 64 bits, by other means */
    rpcancel_fingerprint("RpcServerTestCancel/2i", "nit a\n", other);
    assert_string_not_equal(one, other);
}

/* ---- reports of a check ---- */

static void report(fake_change *change, int number, bool strict, const char *expectations)
{
    report_of_check_make(&made, change, number, strict, expectations);
    char *text = report_of_check_text(&made, rpcancel_report_sarif);
    log_read = cJSON_Parse(text);
    free(text);
    assert_non_null(log_read);
}

static const cJSON *result_of(const char *id)
{
    const cJSON *result;
    cJSON_ArrayForEach(result, results())
    {
        if (strcmp(in(result, "ruleId")->valuestring, id) == 0)
            return result;
    }
    return NULL;
}

static void a_violated_rule_is_an_error_at_its_line(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_FORGETFUL, false, NULL);
    const cJSON *result = result_of("RpcServerTestCancel/1");
    assert_non_null(result);
    assert_string(result, "kind", "fail");
    assert_string(result, "level", "error");
    assert_place(result, "corpus/rules/life.seq", "%SRCROOT%", 8);
    const char *message = in(in(result, "message"), "text")->valuestring;
    assert_ptr_equal(strstr(message, "FAIL: got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK. "), message);
    assert_string(in(result, "properties"), "sequence",
                  "init a\ncall a\ncancel a\nsettle\ndispatch a @t1\ntest-cancel a @t1\n");
    assert_string(in(run(), "automationDetails"), "id", "rpcancel check/documented/fake/");
    assert_string(in(in(run(), "properties"), "runtime"), "how", "child:a 'b'");
    assert_null(result_of("RpcServerTestCancel/10")); /* nothing decided it, and nobody wanted that */
}

static void what_could_not_be_decided_is_open_or_for_review(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_LACKING, false, NULL);
    const cJSON *missing = result_of("RpcServerTestCancel/1"), *vacuous = result_of("RpcAsyncInitializeHandle/3");
    assert_non_null(missing);
    assert_string(missing, "kind", "open");
    assert_string(missing, "level", "none");
    assert_place(missing, "corpus/rules/life.seq", "%SRCROOT%", 4);
    assert_non_null(strstr(in(in(missing, "message"), "text")->valuestring, "`dispatch a @t1` is not implemented"));
    assert_non_null(vacuous);
    assert_string(vacuous, "kind", "review");
    assert_string(vacuous, "level", "none");
    assert_place(vacuous, "corpus/rules/life.seq", "%SRCROOT%", 1);
}

static void a_strict_check_lists_what_nothing_decides(void **state)
{
    (void)state;
    report(NULL, 0, true, NULL);
    const cJSON *result = result_of("RpcServerTestCancel/10");
    assert_non_null(result);
    assert_string(result, "kind", "open");
    assert_null(cJSON_GetObjectItem(result, "locations")); /* this catalogue has nothing that shows it */
}

static void a_crash_without_a_rule_is_a_result_all_the_same(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_RAISING, false, NULL);
    const cJSON *result = result_of("crash");
    assert_non_null(result);
    assert_string(result, "level", "error");
    assert_place(result, "corpus/rules/silent.seq", "%SRCROOT%", 2);
    assert_string(in(result, "properties"), "sequence", "init a\nstatus a\n");
}

static void what_the_list_excuses_is_suppressed(void **state)
{
    (void)state;
    report(report_of_misbehaviour, REPORT_OF_RAISING, false,
           "FAIL RpcServerTestCancel/1 \"got 1791\" # forgets, https://example.org/1\n"
           "CRASH rules/silent.seq \"\" # https://example.org/2\n"
           "FAIL RpcServerTestCancel/99 \"\" # https://example.org/3\n");
    const cJSON *failed = cJSON_GetArrayItem(in(result_of("RpcServerTestCancel/1"), "suppressions"), 0);
    const cJSON *crashed = cJSON_GetArrayItem(in(result_of("crash"), "suppressions"), 0);
    assert_string(failed, "justification", "forgets, https://example.org/1");
    assert_string(failed, "status", "accepted");
    assert_string(crashed, "justification", "https://example.org/2");
    assert_string(result_of("RpcServerTestCancel/1"), "level", "error");
    const cJSON *invocation = cJSON_GetArrayItem(in(run(), "invocations"), 0);
    const cJSON *stale = in(invocation, "toolConfigurationNotifications");
    assert_int_equal(cJSON_GetArraySize(stale), 1);
    assert_place(cJSON_GetArrayItem(stale, 0), "lists/known%20list.expect", NULL, 3);
}

static void an_incomplete_check_did_not_succeed(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    made.check.complete = false;
    snprintf(made.check.failure, sizeof made.check.failure, "interrupted after 1 of 2 sequences");
    made.check.last_words_of = "rules/life.seq";
    snprintf(made.check.last_words, sizeof made.check.last_words, "assertion \xFF\n");
    char *text = report_of_check_text(&made, rpcancel_report_sarif);
    log_read = cJSON_Parse(text);
    free(text);
    const cJSON *invocation = cJSON_GetArrayItem(in(run(), "invocations"), 0);
    const cJSON *notes = in(invocation, "toolExecutionNotifications");
    assert_true(cJSON_IsFalse(in(invocation, "executionSuccessful")));
    assert_int_equal(cJSON_GetArraySize(notes), 2);
    assert_string(in(cJSON_GetArrayItem(notes, 0), "message"), "text",
                  "The check is incomplete: interrupted after 1 of 2 sequences.");
    assert_string(in(cJSON_GetArrayItem(notes, 1), "message"), "text",
                  "Last words of the runtime on its standard error, in rules/life.seq:\nassertion \xEF\xBF\xBD\n");
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_log_describes_every_rule_in_order),
        TEST(a_log_says_how_the_program_ran),
        TEST(results_say_what_and_where),
        TEST(fingerprints_are_the_same_for_ever),
        TEST(a_violated_rule_is_an_error_at_its_line),
        TEST(what_could_not_be_decided_is_open_or_for_review),
        TEST(a_strict_check_lists_what_nothing_decides),
        TEST(a_crash_without_a_rule_is_a_result_all_the_same),
        TEST(what_the_list_excuses_is_suppressed),
        TEST(an_incomplete_check_did_not_succeed),
    };
    return cmocka_run_group_tests_name("report_sarif", tests, NULL, NULL);
}
