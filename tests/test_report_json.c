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

#include "fake_runtime.h"
#include "report/report.h"
#include "report/rules_report.h"
#include "status.h"

static const char life[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ntest-cancel a @t1\ncancel a\n"
                           "deliver cancel a\ntest-cancel a @t1\n";
static const char silent[] = "init a\nstatus a\n";
static const struct rpcancel_catalogue_entry catalogue[] = {{"rules/life.seq", life, sizeof life - 1},
                                                            {"rules/silent.seq", silent, sizeof silent - 1}};

static struct rpcancel_check check;
static struct fake_runtime fake;
static struct rpcancel_report report;

static int tear_down(void **state)
{
    (void)state;
    rpcancel_check_free(&check);
    fake_runtime_close(&fake);
    return 0;
}

static enum rpcancel_exchange misbehaves(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                         struct rpcancel_answer *answer)
{
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(*answer, 0))
        answer->code = RPCANCEL_S_CALL_IN_PROGRESS;
    if (operation.kind == RPCANCEL_OP_STATUS && runtime->number)
        *answer = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void run_check(fake_change *change, int number)
{
    const struct rpcancel_check_options options = {.profile = RPCANCEL_PROFILE_DOCUMENTED};
    fake_runtime_open(&fake, change, false, 1);
    fake.number = number;
    assert_int_equal(rpcancel_check_prepare(&check, catalogue, 2, &options), RPCANCEL_CHECK_PREPARED);
    rpcancel_check_run(&check, &fake.runtime);
    report = (struct rpcancel_report){.check = &check, .how = "child:a 'b'", .options = "", .seed = UINT64_MAX};
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
    return rpcancel_report_json(&report, out);
}

static bool write_junit(FILE *out)
{
    rpcancel_report_junit(&report, out);
    return true;
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

static char *text_by(bool (*write)(FILE *out))
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(write(out));
    fclose(out);
    return text;
}

static cJSON *parsed(void)
{
    char *text = text_by(write_json);
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
    run_check(NULL, 0);
    assert_valid("report.schema.json", write_json);
    rpcancel_check_free(&check);
    fake_runtime_close(&fake);
    run_check(misbehaves, 1);
    assert_valid("report.schema.json", write_json);
}

static void the_schema_is_not_content_with_anything(void **state)
{
    (void)state;
    run_check(NULL, 0);
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
    run_check(misbehaves, 0);
    cJSON *root = parsed();
    const cJSON *rule = find(root, "rules", "RpcServerTestCancel/1");
    assert_string(root, "tool", "rpcancel");
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
    run_check(misbehaves, 1);
    cJSON *root = parsed();
    const cJSON *count;
    int sum = 0;
    cJSON_ArrayForEach(count, cJSON_GetObjectItem(root, "summary"))
    {
        sum += strcmp(count->string, "UNSPECIFIED") == 0 ? 0 : count->valueint;
    }
    assert_int_equal(sum, cJSON_GetArraySize(cJSON_GetObjectItem(root, "rules")));
    assert_int_equal(sum, check.rule_count);
    cJSON_Delete(root);
}

static void a_seed_keeps_all_its_digits(void **state)
{
    (void)state;
    run_check(NULL, 0);
    char *text = text_by(write_json);
    assert_non_null(strstr(text, "18446744073709551615"));
    free(text);
}

static void junit_is_well_formed_and_counts(void **state)
{
    (void)state;
    run_check(misbehaves, 0);
    char *text = text_by(write_junit), *path = write_file(write_junit), *command = NULL;
    char tests[64];
    snprintf(tests, sizeof tests, "tests=\"%zu\"", check.rule_count);
    assert_non_null(strstr(text, tests));
    assert_non_null(strstr(text, "<testcase classname=\"RpcServerTestCancel\" name=\"RpcServerTestCancel/1\""));
    assert_non_null(strstr(text, "<failure message=\"FAIL: got 1791"));
    assert_int_equal(
        asprintf(&command, "python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(\"%s\")'", path) > 0, 1);
    assert_int_equal(system(command), 0);
    unlink(path);
    free(path);
    free(command);
    free(text);
}

static void the_rules_follow_their_schema(void **state)
{
    (void)state;
    run_check(NULL, 0);
    assert_valid("rules.schema.json", rpcancel_rules_json);
}

#define TEST(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reports_follow_their_schema),        TEST(the_schema_is_not_content_with_anything),
        TEST(a_report_says_what_the_check_found), TEST(the_summary_counts_every_rule_once),
        TEST(a_seed_keeps_all_its_digits),        TEST(junit_is_well_formed_and_counts),
        TEST(the_rules_follow_their_schema),
    };
    return cmocka_run_group_tests_name("report_json", tests, NULL, NULL);
}
