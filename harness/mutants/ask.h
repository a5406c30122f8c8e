// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASK_H
#define RPCANCEL_ASK_H
/*
 * Asking a machine with a fault. What a program can do and may do hangs on what happened, which the program knows and
 * an observer of it with it, and not on where a faulty machine believes to stand: who has a call's handle tests it, and
 * a manager routine that runs returns. So operations of programs are asked by the observer's account. What the account
 * makes impossible, or the documents leave undefined there, is not asked; what it makes possible is answered, with an
 * error where the machine would refuse. Messages and the start of manager routines are the machine's own affair.
 */
#include "mutants/mutants.h"
#include "observer/in_flight.h"
#include "status.h"

/* rpcancel_is_own_affair tells whether operations of |kind| are no program's. */
static inline bool rpcancel_is_own_affair(unsigned kind)
{
    return (kind >= RPCANCEL_OP_DELIVER_REQUEST && kind <= RPCANCEL_OP_SETTLE) || rpcancel_is_dispatch(kind) ||
           kind == RPCANCEL_OP_ELAPSE;
}

/* rpcancel_is_undefined tells whether the documents forbid the client's |operation| where |observer| stands, or leave
 * its result undefined. (Of the server's operations those are impossible by its account.) */
static inline bool rpcancel_is_undefined(const struct rpcancel_observer *observer, struct rpcancel_operation operation)
{
    unsigned phase = observer->lanes[operation.handle].handle.phase;
    switch (operation.kind) {
    case RPCANCEL_OP_INIT:
    case RPCANCEL_OP_INIT_BAD_SIZE:
    case RPCANCEL_OP_CALL:
        return phase == RPCANCEL_SEEN_ISSUED;
    case RPCANCEL_OP_CORRUPT:
        return phase == RPCANCEL_SEEN_ISSUED || phase == RPCANCEL_SEEN_ZEROED;
    case RPCANCEL_OP_COMPLETE:
    case RPCANCEL_OP_CANCEL:
    case RPCANCEL_OP_CANCEL_ABORT:
        return phase == RPCANCEL_SEEN_FINAL;
    default:
        return false;
    }
}

/* rpcancel_answer_in_place_of returns what a machine answers to |operation|, which it would refuse. */
static inline struct rpcancel_answer rpcancel_answer_in_place_of(struct rpcancel_answer refusal,
                                                                 struct rpcancel_operation operation)
{
    switch (operation.kind) {
    case RPCANCEL_OP_CALL: /* refused: there is no room for one more earlier call in the world */
        return refusal.kind == RPCANCEL_ANSWER_REFUSED ? refusal
                                                       : rpcancel_answer_exception(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    case RPCANCEL_OP_RETURNED: /* the thread is in the stub, whatever the machine takes it for */
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    case RPCANCEL_OP_TEST_CANCEL:
        return rpcancel_answer_code(RPCANCEL_S_INVALID_BINDING);
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_NULL);
    default:
        return rpcancel_returns_no_code(operation.kind) ? rpcancel_answer_kind(RPCANCEL_ANSWER_DONE)
                                                        : rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    }
}

/* rpcancel_ask carries out |operation| on |world| as |stepper| does, where |observer| stands. */
static inline struct rpcancel_answer rpcancel_ask(const struct rpcancel_stepper *stepper,
                                                  const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                  const struct rpcancel_observer *observer,
                                                  struct rpcancel_operation operation)
{
    bool by_account = !stepper->function && !rpcancel_is_own_affair(operation.kind);
    if (by_account && rpcancel_is_undefined(observer, operation))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    if (by_account && !rpcancel_is_possible(observer, operation))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    bool is_full = by_account && operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL &&
                   rpcancel_call_alive(world->lanes[operation.handle].call) &&
                   rpcancel_call_alive(world->lanes[operation.handle].earlier);
    struct rpcancel_answer answer = rpcancel_take_step(stepper, choices, world, operation);
    if (!by_account || rpcancel_answer_happened(answer) || is_full)
        return answer;
    return rpcancel_answer_in_place_of(answer, operation);
}

#endif
