// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "report/rules_report.h"
#include "report_of_check.h"

static struct report_of_check made;

static int tear_down(void **state)
{
    (void)state;
    report_of_check_free(&made);
    return 0;
}

/* Writes a report into a temporary file whose name the caller frees after removing the file. */
static char *write_file(bool (*write)(FILE *out))
{
    char *path = strdup("/tmp/rpcancel-report-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *out = fdopen(descriptor, "w");
    assert_true(write(out));
    assert_int_equal(fclose(out), 0);
    return path;
}

static bool write_json(FILE *out)
{
    return rpcancel_report_json(&made.report, out);
}

static void assert_valid(const char *schema, bool (*write)(FILE *out))
{
    char *path = write_file(write), *command = NULL;
    assert_true(asprintf(&command, "python3 '%s/tests/validate_json.py' '%s/docs/%s' '%s'", TEST_SOURCE_DIRECTORY,
                         TEST_SOURCE_DIRECTORY, schema, path) > 0);
    assert_int_equal(system(command), 0);
    unlink(path);
    free(path);
    free(command);
}

static cJSON *parsed(void)
{
    char *text = report_of_check_text(&made, rpcancel_report_json);
    cJSON *root = cJSON_Parse(text);
    free(text);
    assert_non_null(root);
    return root;
}

static const cJSON *find(const cJSON *root, const char *array, const char *id)
{
    const cJSON *object;
    cJSON_ArrayForEach(object, cJSON_GetObjectItem(root, array))
    {
        if (strcmp(cJSON_GetObjectItem(object, "id")->valuestring, id) == 0)
            return object;
    }
    fail_msg("no %s in %s", id, array);
    return NULL;
}

static void assert_string(const cJSON *object, const char *name, const char *expected)
{
    const cJSON *item = cJSON_GetObjectItem(object, name);
    assert_true(cJSON_IsString(item));
    assert_string_equal(item->valuestring, expected);
}

static void reports_follow_their_schema(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    assert_valid("report.schema.json", write_json);
    report_of_check_free(&made);
    report_of_check_make(&made, report_of_misbehaviour, REPORT_OF_RAISING, false, NULL);
    assert_valid("report.schema.json", write_json);
}

static void the_schema_is_not_content_with_anything(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    char *command = NULL;
    assert_true(asprintf(&command,
                         "python3 '%s/tests/validate_json.py' '%s/docs/report.schema.json' "
                         "'%s/docs/report.schema.json' 2>/dev/null",
                         TEST_SOURCE_DIRECTORY, TEST_SOURCE_DIRECTORY, TEST_SOURCE_DIRECTORY) > 0);
    assert_int_not_equal(system(command), 0);
    free(command);
}

static void a_report_says_what_the_check_found(void **state)
{
    (void)state;
    report_of_check_make(&made, report_of_misbehaviour, REPORT_OF_FORGETFUL, false, NULL);
    cJSON *root = parsed();
    const cJSON *rule = find(root, "rules", "RpcServerTestCancel/1");
    assert_string(root, "tool", "rpcancel");
    assert_string(root, "started", "2001-09-09T01:46:40Z");
    assert_string(root, "profile", "documented");
    assert_string(cJSON_GetObjectItem(root, "runtime"), "how", "child:a 'b'");
    assert_string(cJSON_GetObjectItem(root, "capabilities"), "DELIVER_REQUEST", "command");
    assert_string(rule, "level", "must");
    assert_string(rule, "verdict", "FAIL");
    assert_string(rule, "message", "got 1791 RPC_S_CALL_IN_PROGRESS, want 0 RPC_S_OK");
    assert_string(rule, "sequence", "init a\ncall a\ncancel a\nsettle\ndispatch a @t1\ntest-cancel a @t1\n");
    assert_string(rule, "found_in", "rules/life.seq");
    assert_int_equal(cJSON_GetObjectItem(rule, "checked")->valueint, 1);
    assert_int_equal(cJSON_GetObjectItem(rule, "shown")->valueint, 3);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(find(root, "rules", "RpcServerTestCancel/2"), "sequence")));
    assert_string(find(root, "sequences", "rules/life.seq"), "verdict", "FAIL");
    assert_string(find(root, "sequences", "rules/silent.seq"), "verdict", "PASS");
    assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "summary"), "FAIL")->valueint, 1);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(root, "conformant")));
    cJSON_Delete(root);
}

static void the_summary_counts_every_rule_once(void **state)
{
    (void)state;
    report_of_check_make(&made, report_of_misbehaviour, REPORT_OF_RAISING, false, NULL);
    cJSON *root = parsed();
    const cJSON *count;
    int sum = 0;
    cJSON_ArrayForEach(count, cJSON_GetObjectItem(root, "summary"))
    {
        sum += strcmp(count->string, "UNSPECIFIED") == 0 ? 0 : count->valueint;
    }
    assert_int_equal(sum, cJSON_GetArraySize(cJSON_GetObjectItem(root, "rules")));
    assert_int_equal(sum, made.check.rule_count);
    cJSON_Delete(root);
}

static void a_seed_keeps_all_its_digits(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    char *text = report_of_check_text(&made, rpcancel_report_json);
    assert_non_null(strstr(text, "18446744073709551615"));
    free(text);
}

static void what_is_no_utf8_does_not_spoil_the_report(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    made.report.how = "child:caf\xE9 caf\xC3\xA9";
    cJSON *root = parsed();
    assert_string(cJSON_GetObjectItem(root, "runtime"), "how", "child:caf\xEF\xBF\xBD caf\xC3\xA9");
    cJSON_Delete(root);
    assert_valid("report.schema.json", write_json);
}

static void the_rules_follow_their_schema(void **state)
{
    (void)state;
    report_of_check_make(&made, NULL, 0, false, NULL);
    assert_valid("rules.schema.json", rpcancel_rules_json);
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reports_follow_their_schema),        TEST(the_schema_is_not_content_with_anything),
        TEST(a_report_says_what_the_check_found), TEST(the_summary_counts_every_rule_once),
        TEST(a_seed_keeps_all_its_digits),        TEST(what_is_no_utf8_does_not_spoil_the_report),
        TEST(the_rules_follow_their_schema),
    };
    return cmocka_run_group_tests_name("report_json", tests, NULL, NULL);
}
