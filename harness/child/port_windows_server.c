// SPDX-License-Identifier: Apache-2.0
/*
 * The server's process: what a server's program does with a call, in manager routines and on a thread of its own.
 */
#include <stdio.h>

#include "child/execute.h"
#include "child/port_windows_calls.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_notices.h"
#include "child/port_windows_roles.h"

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

static struct rpcancel_answer refused(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
}

static struct rpcancel_answer undefined(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
}

static struct rpcancel_answer done(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

static struct rpcancel_answer done_if(bool happened)
{
    return happened ? done() : refused();
}

void windows_server_describe(char *out, size_t size)
{
    const char *address = windows_calls_listen();
    if (address)
        snprintf(out, size, "address=%s", address);
}

RPC_BINDING_HANDLE windows_server_client_binding(void)
{
    static RPC_BINDING_HANDLE binding;
    const char *address = windows_calls_listen();
    if (!binding && address)
        binding = windows_interface_bind(address);
    return binding;
}

HANDLE windows_server_event(struct rpcancel_operation operation)
{
    unsigned handle = operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO ? windows_calls_served_on(operation.thread)
                                                                   : (unsigned)operation.handle;
    return handle < RPCANCEL_HANDLES_MAX ? windows_notices_event(handle, operation.argument) : NULL;
}

/* ---- calls ---- */

/* The client is about to call: the answer is the ticket, and no answer of the operation's. */
static struct rpcancel_answer expect(struct rpcancel_operation operation)
{
    uint32_t ticket = windows_calls_expect(operation.handle, operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL);
    return ticket ? rpcancel_answer_code(ticket) : refused();
}

/* Which manager routine serves a call was settled when the client chose its stub. */
static struct rpcancel_answer dispatch(struct rpcancel_operation operation)
{
    const DWORD patience_ms = 1000;
    bool is_synchronous = operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
    if (!windows_calls_is_alive(operation))
        return refused();
    if (windows_calls_is_synchronous(operation) != is_synchronous)
        return unimplemented();
    if (!windows_calls_await(operation, patience_ms))
        return unimplemented(); /* nobody knows whether it comes */
    return done_if(windows_calls_dispatch(operation));
}

/* What is subscribed is kept for the current call of a letter only; a server's program must have unsubscribed before it
 * ends a call. */
static bool is_subscribed(struct rpcancel_operation operation)
{
    return !operation.earlier && windows_notices_are_on(operation.handle);
}

static struct rpcancel_answer return_from_manager(struct rpcancel_operation operation)
{
    if (windows_calls_is_synchronous(operation) && is_subscribed(operation))
        return undefined();
    return done_if(windows_calls_return(operation));
}

/* 0xC0000005 is no error of a manager routine to the runtime but a broken process, which Windows ends; 0 is no
 * exception. After it handed off the call a manager routine must not raise. */
static struct rpcancel_answer raise_exception(struct rpcancel_operation operation)
{
    uint32_t code = rpcancel_fault_code(operation.argument);
    if (code == (uint32_t)STATUS_ACCESS_VIOLATION || code == 0 || is_subscribed(operation))
        return undefined();
    return done_if(windows_calls_raise(operation, code));
}

static bool is_end(unsigned kind)
{
    return kind == RPCANCEL_OP_SERVER_COMPLETE || kind == RPCANCEL_OP_SERVER_ABORT;
}

/* Sets |*answer| where the documents forbid to end the call so. */
static bool is_forbidden(struct rpcancel_operation operation)
{
    bool aborts_with_zero = operation.kind == RPCANCEL_OP_SERVER_ABORT && rpcancel_fault_code(operation.argument) == 0;
    return is_end(operation.kind) && (aborts_with_zero || is_subscribed(operation));
}

/* True when code on the thread has the call; else |*answer| is set. */
static bool reaches(struct rpcancel_operation operation, struct rpcancel_answer *answer)
{
    switch (windows_calls_reach(operation)) {
    case WINDOWS_REACHED:
        return true;
    case WINDOWS_ANSWERED:
        *answer = undefined();
        return false;
    default:
        *answer = refused();
        return false;
    }
}

PRPC_ASYNC_STATE windows_server_handle(struct rpcancel_operation operation, struct rpcancel_answer *answer)
{
    if (!reaches(operation, answer))
        return NULL;
    if (windows_calls_is_synchronous(operation)) {
        *answer = refused();
        return NULL;
    }
    if (is_forbidden(operation)) {
        *answer = undefined();
        return NULL;
    }
    return windows_calls_state(operation);
}

/* ---- notifications, and what else takes a binding handle ---- */

/* Without a binding handle there is nothing to ask: NULL would ask about the thread. */
static struct rpcancel_answer ask_binding(struct rpcancel_operation operation)
{
    struct rpcancel_answer answer;
    if (!reaches(operation, &answer))
        return answer;
    if (operation.kind == RPCANCEL_OP_TAKE)
        return port_functions()->subscribe ? windows_notices_take(operation.handle, operation.argument)
                                           : unimplemented();
    RPC_BINDING_HANDLE binding = windows_calls_binding(operation);
    if (!binding)
        return unimplemented();
    answer = child_ask(operation, binding);
    if (operation.kind == RPCANCEL_OP_SUBSCRIBE && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(operation.handle, operation.argument, true);
    if (operation.kind == RPCANCEL_OP_UNSUBSCRIBE && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(operation.handle, operation.argument, false);
    return answer;
}

static struct rpcancel_answer subscribe_zero(struct rpcancel_operation operation)
{
    unsigned handle = windows_calls_served_on(operation.thread);
    struct rpcancel_answer answer = child_ask(operation, NULL);
    if (handle < RPCANCEL_HANDLES_MAX && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(handle, operation.argument, true);
    return answer;
}

/* A call that is subscribed to anything cannot become the earlier one. */
static bool is_beyond_notices(struct rpcancel_operation operation)
{
    bool is_call = operation.kind == RPCANCEL_OP_CALL || operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL;
    return (operation.earlier && rpcancel_is_of_notifications(operation.kind)) ||
           (is_call && windows_notices_are_on(operation.handle));
}

/* ---- operations ---- */

bool windows_server_carry_out(struct rpcancel_operation operation, struct rpcancel_answer *answer)
{
    if (is_beyond_notices(operation)) {
        *answer = unimplemented();
        return true;
    }
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        *answer = expect(operation);
        return true;
    case RPCANCEL_OP_RETURNED: /* the stub raised */
        windows_calls_give_up(operation.handle);
        *answer = rpcancel_answer_code(0);
        return true;
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        *answer = dispatch(operation);
        return true;
    case RPCANCEL_OP_HAND_OFF:
        *answer = done_if(windows_calls_hand_off(operation));
        return true;
    case RPCANCEL_OP_RETURN:
        *answer = return_from_manager(operation);
        return true;
    case RPCANCEL_OP_RAISE:
        *answer = raise_exception(operation);
        return true;
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_UNSUBSCRIBE:
    case RPCANCEL_OP_TAKE:
    case RPCANCEL_OP_CALL_ATTRIBUTES:
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
    case RPCANCEL_OP_COPY_CLIENT_BINDING:
        *answer = ask_binding(operation);
        return true;
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
        *answer = subscribe_zero(operation);
        return true;
    default:
        *answer = unimplemented();
        return rpcancel_operation_describe(operation.kind)->actor != RPCANCEL_ACTOR_SERVER;
    }
}

struct rpcancel_answer windows_server_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    if (is_end(operation.kind) && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_calls_note_answered(operation);
    return answer;
}

bool windows_server_reset(void)
{
    const struct port_functions *functions = port_functions();
    windows_notices_end(functions->unsubscribe);
    return windows_calls_end(functions->abort_call, functions->complete_call);
}
