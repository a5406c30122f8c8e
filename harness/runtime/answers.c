// SPDX-License-Identifier: Apache-2.0
#include "runtime/answers.h"

#include "status.h"

bool rpcancel_asks_handle(unsigned kind)
{
    return kind == RPCANCEL_OP_GET_CALL_HANDLE || kind == RPCANCEL_OP_SERVER_GET_CALL_HANDLE;
}

static bool fail(const char **expected, const char *text)
{
    *expected = text;
    return false;
}

/* A code, DONE, NULL or HANDLE: each operation has its own. */
static bool is_kind_possible(unsigned kind, unsigned answer_kind, const char **expected)
{
    if (rpcancel_returns_no_code(kind))
        return answer_kind == RPCANCEL_ANSWER_DONE || fail(expected, "`done`, since this operation returns no code");
    if (rpcancel_asks_handle(kind))
        return answer_kind == RPCANCEL_ANSWER_NULL || answer_kind == RPCANCEL_ANSWER_HANDLE ||
               fail(expected, "`null` or `handle`");
    return answer_kind == RPCANCEL_ANSWER_CODE || fail(expected, "the code that the function returned");
}

static bool is_taken_or_not(struct rpcancel_answer answer)
{
    return !rpcancel_answer_happened(answer) || rpcancel_answer_is_code(answer, 0) ||
           rpcancel_answer_is_code(answer, RPCANCEL_S_WAIT_TIMEOUT);
}

bool rpcancel_answer_is_possible(struct rpcancel_operation operation, struct rpcancel_answer answer,
                                 const char **expected)
{
    if (answer.kind < RPCANCEL_ANSWER_EXCEPTION && !is_kind_possible(operation.kind, answer.kind, expected))
        return false;
    switch (operation.kind) { /* operations of the harness's own whose answers are few */
    case RPCANCEL_OP_CALL:
        return answer.kind != RPCANCEL_ANSWER_CODE || answer.code == 0 ||
               fail(expected, "0, or exception and the code that the stub raised");
    case RPCANCEL_OP_AWAIT:
        return is_taken_or_not(answer) ||
               fail(expected, "0 when a completion notification was there, or 258 when none was");
    case RPCANCEL_OP_RETURNED:
        return answer.kind != RPCANCEL_ANSWER_EXCEPTION ||
               fail(expected, "the code that the stub returned or raised, or 258 while it is not through");
    case RPCANCEL_OP_TAKE:
        return is_taken_or_not(answer) || fail(expected, "0 when that notification was there, or 258 when it was not");
    default:
        return true;
    }
}

bool rpcancel_leaves_doubt(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    const uint32_t status_max = 0xFFFF;
    const uint32_t wine_stub = 0x80000100;
    if (answer.kind != RPCANCEL_ANSWER_EXCEPTION || answer.code == wine_stub)
        return false;
    return operation.kind != RPCANCEL_OP_CALL || answer.code > status_max;
}
