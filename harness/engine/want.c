// SPDX-License-Identifier: Apache-2.0
#include "engine/want.h"

#include <stdio.h>
#include <string.h>

#include "sequence/sequence.h"
#include "status.h"

enum { CANDIDATES_MAX = 64 };

struct candidates {
    struct rpcancel_answer list[CANDIDATES_MAX];
    unsigned count;
};

/* Every answer |operation| may be given, short of codes without a name. */
static void list_candidates(struct candidates *candidates, struct rpcancel_operation operation)
{
    bool asks_handle =
        operation.kind == RPCANCEL_OP_GET_CALL_HANDLE || operation.kind == RPCANCEL_OP_SERVER_GET_CALL_HANDLE;
    candidates->count = 0;
    if (asks_handle) {
        candidates->list[candidates->count++] = rpcancel_answer_kind(RPCANCEL_ANSWER_NULL);
        candidates->list[candidates->count++] = rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE);
        return;
    }
    for (unsigned i = 0; i < rpcancel_status_count() && i < CANDIDATES_MAX - 1; i++)
        candidates->list[candidates->count++] = rpcancel_answer_code(rpcancel_status_at(i));
    candidates->list[candidates->count++] = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
}

static void append(char *out, size_t size, size_t *length, const char *text)
{
    if (*length < size) {
        int written = snprintf(out + *length, size - *length, "%s", text);
        *length += written > 0 ? (size_t)written : 0;
    }
}

static void append_answers(char *out, size_t size, size_t *length, const struct candidates *answers)
{
    for (unsigned i = 0; i < answers->count; i++) {
        char text[RPCANCEL_ANSWER_TEXT_MAX] = "an exception";
        if (answers->list[i].kind != RPCANCEL_ANSWER_EXCEPTION)
            rpcancel_answer_print(answers->list[i], text, sizeof text);
        append(out, size, length, i == 0 ? "" : i + 1 == answers->count ? " or " : ", ");
        append(out, size, length, text);
    }
}

void rpcancel_want_print(unsigned index, const struct rpcancel_observer *observer, struct rpcancel_operation operation,
                         char *out, size_t size)
{
    struct rpcancel_situation situation;
    struct candidates candidates, wanted = {.count = 0}, unwanted = {.count = 0};
    rpcancel_situate(&situation, observer, operation);
    list_candidates(&candidates, operation);
    for (unsigned i = 0; i < candidates.count; i++) {
        struct rpcancel_answer answer = candidates.list[i];
        /* What is seen in the structure is a fact about the answer, not an answer of its own. */
        answer.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
        enum rpcancel_judgement judgement = rpcancel_rule_at(index)->judge(&situation, answer);
        if (judgement == RPCANCEL_NOT_APPLICABLE)
            continue;
        struct candidates *list = judgement == RPCANCEL_HOLDS ? &wanted : &unwanted;
        list->list[list->count++] = candidates.list[i];
    }
    size_t length = 0;
    out[0] = '\0';
    if (wanted.count > 0 && wanted.count <= unwanted.count) {
        append_answers(out, size, &length, &wanted);
    } else {
        append(out, size, &length, "anything but ");
        append_answers(out, size, &length, &unwanted);
    }
}
