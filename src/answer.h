// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ANSWER_H
#define RPCANCEL_ANSWER_H
/*
 * Answers: what an operation produced. The reference implementation and every runtime answer in these terms.
 */
#include <stdbool.h>
#include <stdint.h>

enum rpcancel_answer_kind {
    RPCANCEL_ANSWER_CODE,         /* the function returned |code| */
    RPCANCEL_ANSWER_DONE,         /* an operation without a return code happened (a delivery, a dispatch, a raise) */
    RPCANCEL_ANSWER_NULL,         /* get-call-handle: the handle was NULL */
    RPCANCEL_ANSWER_HANDLE,       /* get-call-handle: the handle was not NULL */
    RPCANCEL_ANSWER_EXCEPTION,    /* the function did not return: exception |code| */
    RPCANCEL_ANSWER_REFUSED,      /* impossible here (no such message, no such thread to run on); nothing happened */
    RPCANCEL_ANSWER_UNDEFINED,    /* documents call the result undefined or forbid the step; nothing was done */
    RPCANCEL_ANSWER_UNIMPLEMENTED /* this runtime has no such operation */
};

/* What a runtime that can look at the caller's RPC_ASYNC_STATE after a successful init reports of it. */
enum {
    RPCANCEL_FACT_LOOKED = 1,         /* the other bits mean something */
    RPCANCEL_FACT_SIGNATURE_ASYC = 2, /* Signature is 0x43595341 */
    RPCANCEL_FACT_CLEARED = 4,        /* Size is set; Lock, Flags, StubInfo, RuntimeInfo and Reserved are zero */
    RPCANCEL_FACT_KEPT = 8            /* UserInfo, Event and NotificationType are as they were before */
};

struct rpcancel_answer {
    uint32_t code; /* CODE and EXCEPTION only, else 0 */
    uint8_t kind;  /* enum rpcancel_answer_kind */
    uint8_t facts; /* RPCANCEL_FACT_…, init only, else 0 */
};

static inline struct rpcancel_answer rpcancel_answer_code(uint32_t code)
{
    return (struct rpcancel_answer){.code = code, .kind = RPCANCEL_ANSWER_CODE};
}

static inline struct rpcancel_answer rpcancel_answer_exception(uint32_t code)
{
    return (struct rpcancel_answer){.code = code, .kind = RPCANCEL_ANSWER_EXCEPTION};
}

static inline struct rpcancel_answer rpcancel_answer_kind(enum rpcancel_answer_kind kind)
{
    return (struct rpcancel_answer){.kind = (uint8_t)kind};
}

/* rpcancel_answer_happened tells whether the step took place at all: only such steps change or show anything, and
 * only they are counted as steps and edges. */
static inline bool rpcancel_answer_happened(struct rpcancel_answer answer)
{
    return answer.kind <= RPCANCEL_ANSWER_EXCEPTION;
}

static inline bool rpcancel_answer_is_code(struct rpcancel_answer answer, uint32_t code)
{
    return answer.kind == RPCANCEL_ANSWER_CODE && answer.code == code;
}

#endif
