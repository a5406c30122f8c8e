// SPDX-License-Identifier: Apache-2.0
#include "engine/want.h"

#include <stdio.h>
#include <string.h>

#include "status.h"

unsigned rpcancel_want_candidates(struct rpcancel_answer out[RPCANCEL_WANT_CANDIDATES_MAX],
                                  struct rpcancel_operation operation)
{
    bool asks_handle =
        operation.kind == RPCANCEL_OP_GET_CALL_HANDLE || operation.kind == RPCANCEL_OP_SERVER_GET_CALL_HANDLE;
    unsigned count = 0;
    if (asks_handle) {
        out[count++] = rpcancel_answer_kind(RPCANCEL_ANSWER_NULL);
        out[count++] = rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE);
        return count;
    }
    while (count < rpcancel_status_count() && count < RPCANCEL_WANT_CANDIDATES_MAX - 1) {
        out[count] = rpcancel_answer_code(rpcancel_status_at(count));
        count++;
    }
    out[count++] = rpcancel_answer_exception((uint32_t)RPCANCEL_S_ACCESS_VIOLATION);
    return count;
}

struct rpcancel_want rpcancel_want_of(unsigned index, const struct rpcancel_observer *observer,
                                      struct rpcancel_operation operation)
{
    struct rpcancel_situation situation;
    struct rpcancel_answer candidates[RPCANCEL_WANT_CANDIDATES_MAX];
    struct rpcancel_want want = {0, 0};
    rpcancel_situate(&situation, observer, operation);
    unsigned count = rpcancel_want_candidates(candidates, operation);
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_answer answer = candidates[i];
        /* What is seen in the structure is a fact about the answer, not an answer of its own. */
        answer.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
        enum rpcancel_judgement judgement = rpcancel_rule_at(index)->judge(&situation, answer);
        if (judgement == RPCANCEL_HOLDS)
            want.holds |= rpcancel_expectation_of(candidates[i]);
        else if (judgement == RPCANCEL_VIOLATED)
            want.breaks |= rpcancel_expectation_of(candidates[i]);
    }
    return want;
}

static void append(char *out, size_t size, size_t *length, const char *text)
{
    if (*length < size) {
        int written = snprintf(out + *length, size - *length, "%s", text);
        *length += written > 0 ? (size_t)written : 0;
    }
}

/* Appends those of the answers to |operation| that are in |set|. */
static void append_answers(char *out, size_t size, size_t *length, struct rpcancel_operation operation,
                           rpcancel_expectation set)
{
    struct rpcancel_answer candidates[RPCANCEL_WANT_CANDIDATES_MAX];
    unsigned count = rpcancel_want_candidates(candidates, operation), written = 0;
    unsigned total = (unsigned)__builtin_popcountll(set);
    for (unsigned i = 0; i < count; i++) {
        char text[RPCANCEL_ANSWER_TEXT_MAX] = "an exception";
        if (!(rpcancel_expectation_of(candidates[i]) & set))
            continue;
        if (candidates[i].kind != RPCANCEL_ANSWER_EXCEPTION)
            rpcancel_answer_print(candidates[i], text, sizeof text);
        written++;
        append(out, size, length, written == 1 ? "" : written == total ? " or " : ", ");
        append(out, size, length, text);
    }
}

void rpcancel_want_print(unsigned index, const struct rpcancel_observer *observer, struct rpcancel_operation operation,
                         char *out, size_t size)
{
    struct rpcancel_want want = rpcancel_want_of(index, observer, operation);
    int holds = __builtin_popcountll(want.holds), breaks = __builtin_popcountll(want.breaks);
    bool names_what_holds = holds > 0 && holds <= breaks;
    size_t length = 0;
    out[0] = '\0';
    if (!names_what_holds)
        append(out, size, &length, "anything but ");
    append_answers(out, size, &length, operation, names_what_holds ? want.holds : want.breaks);
}
