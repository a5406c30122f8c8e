// SPDX-License-Identifier: Apache-2.0
#include "report_of_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "report/text_stream.h"
#include "status.h"

static const char life[] = "init a\ncall a\ndeliver request a\ndispatch a @t1\ntest-cancel a @t1\ncancel a\n"
                           "deliver cancel a\ntest-cancel a @t1\n";
static const char silent[] = "init a\nstatus a\n";
static const struct rpcancel_catalogue_entry catalogue[] = {{"rules/life.seq", life, sizeof life - 1},
                                                            {"rules/silent.seq", silent, sizeof silent - 1}};

enum rpcancel_exchange report_of_misbehaviour(struct fake_runtime *runtime, struct rpcancel_operation operation,
                                              struct rpcancel_answer *answer)
{
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(*answer, 0))
        answer->code = RPCANCEL_S_CALL_IN_PROGRESS;
    if (operation.kind == RPCANCEL_OP_STATUS && runtime->number == REPORT_OF_RAISING)
        *answer = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    if (operation.kind == RPCANCEL_OP_DISPATCH && runtime->number == REPORT_OF_LACKING)
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

void report_of_check_make(struct report_of_check *made, fake_change *change, int number, bool strict,
                          const char *expectations)
{
    const struct rpcancel_check_options options = {.profile = RPCANCEL_PROFILE_DOCUMENTED, .strict = strict};
    struct rpcancel_expect_error error;
    memset(made, 0, sizeof *made);
    fake_runtime_open(&made->fake, change, false, 1);
    made->fake.number = number;
    assert_int_equal(rpcancel_check_prepare(&made->check, catalogue, 2, &options), RPCANCEL_CHECK_PREPARED);
    rpcancel_check_run(&made->check, &made->fake.runtime);
    made->report = (struct rpcancel_report){.check = &made->check,
                                            .how = "child:a 'b'",
                                            .options = "",
                                            .seed = UINT64_MAX,
                                            .started = 1000000000, /* 2001-09-09 01:46:40 */
                                            .seconds = 2.25};
    if (!expectations)
        return;
    assert_true(rpcancel_expect_read(&made->list, expectations, strlen(expectations), &error));
    rpcancel_expect_apply(&made->list, &made->check);
    made->report.list = &made->list;
    made->report.list_path = "lists/known list.expect";
}

void report_of_check_free(struct report_of_check *made)
{
    rpcancel_check_free(&made->check);
    rpcancel_expect_free(&made->list);
    fake_runtime_close(&made->fake);
}

char *report_of_check_text(const struct report_of_check *made,
                           bool (*write)(const struct rpcancel_report *report, FILE *out))
{
    struct rpcancel_text_stream stream;
    assert_true(rpcancel_text_stream_begin(&stream));
    assert_true(write(&made->report, stream.out));
    char *text = rpcancel_text_stream_end(&stream);
    assert_non_null(text);
    return text;
}
