// SPDX-License-Identifier: Apache-2.0
/*
 * The server-call machine: manager routines on dispatcher threads, hand-off to a worker, RpcServerTestCancel, and
 * the three ends of a call. Read it beside the server table of docs/rules.md (rows V0 … V5).
 */
#include "machines.h"

#include <stddef.h>

#include "status.h"
#include "subscription.h"

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

/* Finds the call whose manager routine runs on dispatcher |thread|, or NULL. */
static const struct rpcancel_call *served_on(const struct rpcancel_world *world, unsigned thread)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_lane *lane = &world->lanes[i];
        if (rpcancel_manager_runs(lane->call) && lane->call.manager == thread)
            return &lane->call;
        if (rpcancel_manager_runs(lane->earlier) && lane->earlier.manager == thread)
            return &lane->earlier;
    }
    return NULL;
}

/* The same; a phase-NONE call when there is none. */
static struct rpcancel_call call_on_thread(const struct rpcancel_world *world, unsigned thread)
{
    const struct rpcancel_call *served = served_on(world, thread);
    return served ? *served : (struct rpcancel_call){.phase = RPCANCEL_CALL_NONE};
}

/* Code of the server program runs on its own thread at any time, on a dispatcher only inside a manager routine. */
static bool thread_runs_code(const struct rpcancel_world *world, unsigned thread)
{
    return thread == RPCANCEL_THREAD_WORKER || call_on_thread(world, thread).phase != RPCANCEL_CALL_NONE;
}

/* What stands between code on a thread and a call's asynchronous handle. */
enum reach { REACHED, OUT_OF_REACH, DESTROYED };

static enum reach reach(const struct rpcancel_world *world, struct rpcancel_call call, unsigned thread)
{
    if (call.phase == RPCANCEL_CALL_NONE || call.phase == RPCANCEL_CALL_QUEUED)
        return OUT_OF_REACH;
    if (call.phase == RPCANCEL_CALL_DISPATCHED) /* nothing handed off yet: only the manager routine has the handle */
        return call.manager == thread ? REACHED : OUT_OF_REACH;
    if (!thread_runs_code(world, thread))
        return OUT_OF_REACH;
    return call.phase >= RPCANCEL_CALL_ENDED_RUNNING ? DESTROYED : REACHED;
}

static struct rpcancel_answer dispatch(const struct rpcancel_world *world, struct rpcancel_call *call,
                                       struct rpcancel_operation operation)
{
    unsigned thread = operation.thread;
    if (call->phase != RPCANCEL_CALL_QUEUED || thread == RPCANCEL_THREAD_WORKER || thread_runs_code(world, thread))
        return refused();
    call->phase = RPCANCEL_CALL_DISPATCHED;
    call->manager = thread & 3u;
    call->synchronous = operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
    return done();
}

static struct rpcancel_answer hand_off(struct rpcancel_call *call)
{
    if (call->phase != RPCANCEL_CALL_DISPATCHED || call->synchronous)
        return refused();
    call->phase = RPCANCEL_CALL_HANDED_OFF;
    return done();
}

/* |call| is to end. False while it is subscribed to anything: the server must unsubscribe before
 * (RpcServerSubscribeForNotification). */
static bool drop_subscriptions(struct rpcancel_world *world, const struct rpcancel_call *call)
{
    if (!rpcancel_has_subscriptions(world))
        return true;
    if (rpcancel_is_subscribed(world, call))
        return false;
    rpcancel_forget_subscriptions(world, call);
    return true;
}

/* The call ends at the server with |outcome|; a reply goes out unless the link is gone. */
static void end_call(const struct rpcancel_world *world, struct rpcancel_call *call, unsigned outcome)
{
    bool running = rpcancel_manager_runs(*call);
    call->phase = running ? RPCANCEL_CALL_ENDED_RUNNING : RPCANCEL_CALL_ENDED;
    call->cancelled = 0;
    call->synchronous = 0;
    call->reply = world->link_lost == 0;
    call->outcome = call->reply ? outcome & 15u : RPCANCEL_RESULT_NONE;
}

/* The manager routine returns. A synchronous one answers by that. If another one neither ended nor handed off the call,
 * some worker must have the handle now. */
static struct rpcancel_answer manager_returns(struct rpcancel_world *world, struct rpcancel_call *call)
{
    if (!rpcancel_manager_runs(*call))
        return refused();
    if (call->synchronous) {
        if (!drop_subscriptions(world, call))
            return undefined();
        end_call(world, call, RPCANCEL_RESULT_SUCCESS);
    }
    bool ended = call->phase == RPCANCEL_CALL_ENDED_RUNNING;
    call->phase = ended ? RPCANCEL_CALL_ENDED : RPCANCEL_CALL_ON_WORKER;
    call->manager = 0;
    return done();
}

static struct rpcancel_answer raise_exception(struct rpcancel_world *world, struct rpcancel_call *call, unsigned fault)
{
    if (call->phase == RPCANCEL_CALL_HANDED_OFF)
        return undefined(); /* raising after hand-off may crash the server (Error Handling) */
    if (call->phase != RPCANCEL_CALL_DISPATCHED)
        return refused();
    if (!drop_subscriptions(world, call))
        return undefined();
    end_call(world, call, RPCANCEL_RESULT_FAULT + fault);
    call->phase = RPCANCEL_CALL_ENDED;
    call->manager = 0;
    return done();
}

static struct rpcancel_answer test_cancel(const struct rpcancel_call call)
{
    return rpcancel_answer_code(call.cancelled ? RPCANCEL_S_OK : RPCANCEL_S_CALL_IN_PROGRESS);
}

static struct rpcancel_answer test_cancel_zero(const struct rpcancel_world *world, unsigned thread)
{
    if (thread == RPCANCEL_THREAD_WORKER)
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    struct rpcancel_call call = call_on_thread(world, thread);
    if (call.phase == RPCANCEL_CALL_NONE || call.phase == RPCANCEL_CALL_ENDED_RUNNING)
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    return test_cancel(call);
}

/* RpcTestCancel. What it says where there is no call is open; that it is not cancelled is what there is to be said. */
static struct rpcancel_answer test_cancel_thread(const struct rpcancel_world *world, unsigned thread)
{
    return rpcancel_answer_code(call_on_thread(world, thread).cancelled ? RPCANCEL_S_OK : RPCANCEL_S_ACCESS_DENIED);
}

/* The call on a dispatcher, for a server's program that names none. */
static struct rpcancel_answer subscribe_zero(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    const struct rpcancel_call *served = served_on(world, operation.thread);
    if (!thread_runs_code(world, operation.thread))
        return refused();
    if (!served || served->phase == RPCANCEL_CALL_ENDED_RUNNING)
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    return rpcancel_subscription_step(world, served, operation);
}

/* What the server's program does to end |call|. */
static struct rpcancel_answer end_step(struct rpcancel_world *world, struct rpcancel_call *call,
                                       struct rpcancel_operation operation)
{
    bool is_abort = operation.kind == RPCANCEL_OP_SERVER_ABORT;
    if (is_abort && operation.argument == RPCANCEL_FAULT_ZERO)
        return undefined(); /* ExceptionCode must be nonzero (RpcAsyncAbortCall) */
    if (!drop_subscriptions(world, call))
        return undefined();
    end_call(world, call, is_abort ? RPCANCEL_RESULT_FAULT + operation.argument : RPCANCEL_RESULT_SUCCESS);
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

/* The operations on a call's asynchronous handle, which must be within reach of the thread. */
static struct rpcancel_answer handle_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                          struct rpcancel_call *call, struct rpcancel_operation operation)
{
    switch (reach(world, *call, operation.thread)) {
    case OUT_OF_REACH:
        return refused();
    case DESTROYED:
        return undefined();
    case REACHED:
        break;
    }
    if (call->synchronous && rpcancel_takes_asynchronous_handle(operation.kind))
        return refused();
    switch (operation.kind) {
    case RPCANCEL_OP_TEST_CANCEL:
        return test_cancel(*call);
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE);
    case RPCANCEL_OP_SERVER_COMPLETE:
    case RPCANCEL_OP_SERVER_ABORT:
        return end_step(world, call, operation);
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_UNSUBSCRIBE:
    case RPCANCEL_OP_TAKE:
        return rpcancel_subscription_step(world, call, operation);
    case RPCANCEL_OP_CALL_ATTRIBUTES:
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
        return rpcancel_answer_code(RPCANCEL_S_OK);
    case RPCANCEL_OP_COPY_CLIENT_BINDING: /* for clients only; which code says so is open (RpcBindingCopy) */
        return rpcancel_answer_code(RPCANCEL_S_WRONG_KIND_OF_BINDING);
    default: /* status and cancel belong to the client */
        return rpcancel_answer_code(choices->wrong_role);
    }
}

struct rpcancel_answer rpcancel_server_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation)
{
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    struct rpcancel_answer answer;
    switch (operation.kind) {
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
        return test_cancel_zero(world, operation.thread);
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING: /* 1702 by the page's own list; its sister pages have 1701 besides
                                                    (N29) */
        return rpcancel_answer_code(RPCANCEL_S_INVALID_BINDING);
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
        return subscribe_zero(world, operation);
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
        return test_cancel_thread(world, operation.thread);
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        return dispatch(world, call, operation);
    case RPCANCEL_OP_HAND_OFF:
        return hand_off(call);
    case RPCANCEL_OP_RETURN:
        answer = manager_returns(world, call);
        break;
    case RPCANCEL_OP_RAISE:
        answer = raise_exception(world, call, operation.argument);
        break;
    default:
        answer = handle_step(choices, world, call, operation);
        break;
    }
    if (operation.earlier && !rpcancel_call_alive(*call))
        *call = (struct rpcancel_call){0};
    return answer;
}
