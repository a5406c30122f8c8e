// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RULE_FUNCTIONS_H
#define RPCANCEL_RULE_FUNCTIONS_H
/*
 * The functions behind harness/rules/rules.def and the words they are written in; internal to the rules.
 */
#include "rules/rules.h"
#include "status.h"

#define RULE(page, number) rpcancel_rule_##page##_##number

#define X(page, number, id, level, profiles, function, statements, source, text, operations) \
    rpcancel_rule_function RULE(page, number);
#include "rules/rules.def"
#undef X

/* Heads the definition of a rule; s is where it is asked, a the answer. */
#define RULE_ON(page, number) \
    enum rpcancel_judgement RULE(page, number)(const struct rpcancel_situation *s, struct rpcancel_answer a)

#define APPLIES_IF(condition)               \
    do {                                    \
        if (!(condition))                   \
            return RPCANCEL_NOT_APPLICABLE; \
    } while (0)

static inline enum rpcancel_judgement require(bool holds)
{
    return holds ? RPCANCEL_HOLDS : RPCANCEL_VIOLATED;
}

static inline bool is(struct rpcancel_answer answer, uint32_t code)
{
    return rpcancel_answer_is_code(answer, code);
}

/* ---- what a situation is ---- */

/* The structure has no call on its way, so initialising it is allowed. */
static inline bool has_no_call(const struct rpcancel_situation *s)
{
    return s->handle->phase != RPCANCEL_SEEN_ISSUED;
}

/* A server's function is called where the documents place it: in the call's own manager routine, or on the worker it
 * was handed to. What any other thread is told nobody documents. */
static inline bool is_its_own_thread(const struct rpcancel_situation *s)
{
    bool running = s->call->phase == RPCANCEL_SEEN_DISPATCHED || s->call->phase == RPCANCEL_SEEN_HANDED_OFF;
    return s->operation.thread == RPCANCEL_THREAD_WORKER || (running && s->call->manager == s->operation.thread);
}

/* A nonabortive cancel was accepted before the answer arrived. */
static inline bool was_cancelled_before(const struct rpcancel_situation *s)
{
    return s->handle->nonabortive;
}

static inline bool was_cancelled_late(const struct rpcancel_situation *s)
{
    return s->handle->late_cancel;
}

/* What arrived is a failure of the link. */
static inline bool failed_by_link(const struct rpcancel_situation *s)
{
    return s->handle->arrived == RPCANCEL_ARRIVED_LINK_FAILURE;
}

/* The code an ordinary fault carries, or 0 when what arrived is none. Ordinary codes reach the client unchanged; what
 * becomes of the reserved ones nobody documents. */
uint32_t rpcancel_ordinary_fault(unsigned outcome);

/* rpcancel_is_abort_documented tells whether RpcAsyncAbortCall with the code at |argument| has a documented result. */
bool rpcancel_is_abort_documented(unsigned argument);

static inline uint32_t ordinary_fault(const struct rpcancel_situation *s)
{
    return s->handle->arrived == RPCANCEL_ARRIVED_ANSWER ? rpcancel_ordinary_fault(s->call->outcome) : 0;
}

/* RPC Return Values: the codes that say the connection or the server went away. */
static inline bool is_link_failure(struct rpcancel_answer answer)
{
    return is(answer, RPCANCEL_S_CALL_FAILED) || is(answer, RPCANCEL_S_CALL_FAILED_DNE) ||
           is(answer, RPCANCEL_S_SERVER_UNAVAILABLE) || is(answer, RPCANCEL_S_COMM_FAILURE);
}

static inline bool is_invalid_handle(struct rpcancel_answer answer)
{
    return is(answer, RPCANCEL_S_INVALID_ASYNC_HANDLE);
}

static inline bool is_pending(struct rpcancel_answer answer)
{
    return is(answer, RPCANCEL_S_ASYNC_CALL_PENDING);
}

static inline bool is_invalid_handle_or_binding(struct rpcancel_answer answer)
{
    return is_invalid_handle(answer) || is(answer, RPCANCEL_S_INVALID_BINDING);
}

#endif
