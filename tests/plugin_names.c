// SPDX-License-Identifier: Apache-2.0
#include "plugin_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "plugins/marked.h"
#include "runtime/runtime.h"

static const struct {
    uint8_t kind;
    uint8_t answer;
    uint32_t code;
} own[PLUGIN_NAMES_COUNT] = {
    {RPCANCEL_OP_INIT, RPCANCEL_ANSWER_CODE, MARK_INITIALIZE},
    {RPCANCEL_OP_STATUS, RPCANCEL_ANSWER_CODE, MARK_STATUS},
    {RPCANCEL_OP_COMPLETE, RPCANCEL_ANSWER_CODE, MARK_COMPLETE},
    {RPCANCEL_OP_ABORT, RPCANCEL_ANSWER_CODE, MARK_ABORT},
    {RPCANCEL_OP_CANCEL, RPCANCEL_ANSWER_CODE, MARK_CANCEL},
    {RPCANCEL_OP_TEST_CANCEL_ZERO, RPCANCEL_ANSWER_CODE, MARK_TEST_CANCEL},
    {RPCANCEL_OP_GET_CALL_HANDLE, RPCANCEL_ANSWER_HANDLE, 0},
};

unsigned plugin_names_own(const char *build_directory, bool in_process)
{
    char how[512], failure[RPCANCEL_FAILURE_TEXT_MAX] = "";
    bool usage;
    const struct rpcancel_runtime_options options = {.in_process = in_process};
    unsigned count = 0;
    snprintf(how, sizeof how, "plugin:'%s/plugin-marked.so'", build_directory);
    struct rpcancel_runtime *runtime = rpcancel_runtime_open(how, &options, failure, &usage);
    if (!runtime)
        fail_msg("%s", failure);
    for (unsigned i = 0; i < PLUGIN_NAMES_COUNT; i++) {
        struct rpcancel_answer answer = {0};
        struct rpcancel_operation operation = {.kind = own[i].kind};
        assert_int_equal(runtime->functions->execute(runtime, operation, &answer), RPCANCEL_EXCHANGE_ANSWERED);
        count += answer.kind == own[i].answer && answer.code == own[i].code;
    }
    runtime->functions->close(runtime);
    return count;
}
