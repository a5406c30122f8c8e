// SPDX-License-Identifier: Apache-2.0
#include "observer/in_flight.h"

#include <stddef.h>

#include "observer/threads.h"

static unsigned list_call(const struct rpcancel_observed_call *call, unsigned handle, unsigned earlier,
                          struct rpcancel_operation *out)
{
    unsigned count = 0;
    struct rpcancel_operation step = {.handle = handle & 3u, .earlier = earlier & 1u};
    if (call->request)
        step.kind = RPCANCEL_OP_DELIVER_REQUEST, out[count++] = step;
    else if (call->cancel)
        step.kind = RPCANCEL_OP_DELIVER_CANCEL, out[count++] = step;
    else if (call->orphaned)
        step.kind = RPCANCEL_OP_DELIVER_ORPHANED, out[count++] = step;
    if (call->reply)
        step.kind = RPCANCEL_OP_DELIVER_REPLY, out[count++] = step;
    return count;
}

unsigned rpcancel_in_flight(const struct rpcancel_observer *observer,
                            struct rpcancel_operation out[RPCANCEL_HIDDEN_STEPS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        count += list_call(&observer->lanes[i].call, i, 0, out + count);
        count += list_call(&observer->lanes[i].earlier, i, 1, out + count);
    }
    return count;
}

static bool runs_code(const struct rpcancel_observer *observer, unsigned thread)
{
    return thread == RPCANCEL_THREAD_WORKER || rpcancel_seen_call_on(observer, thread);
}

static bool is_deliverable(const struct rpcancel_observed_call *call, unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_DELIVER_REQUEST:
        return call->request;
    case RPCANCEL_OP_DELIVER_CANCEL:
        return call->cancel && !call->request;
    case RPCANCEL_OP_DELIVER_ORPHANED:
        return call->orphaned && !call->cancel && !call->request;
    default:
        return call->reply;
    }
}

/* A letter is an RPC_ASYNC_STATE or a thread; only a thread that is in no call makes one, or sets time-outs. */
static bool thread_can(const struct rpcancel_observed_handle *handle, unsigned kind)
{
    if (!rpcancel_may_be_thread(*handle))
        return false;
    switch (kind) {
    case RPCANCEL_OP_RETURNED:
        return handle->waits;
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        return !handle->waits;
    default:
        return true;
    }
}

/* The server's operations: is there a call in the state they need, and does code run on their thread? */
static bool server_can(const struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                       struct rpcancel_operation operation)
{
    switch (operation.kind) {
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        return call->phase == RPCANCEL_SEEN_QUEUED && operation.thread != RPCANCEL_THREAD_WORKER &&
               !runs_code(observer, operation.thread);
    case RPCANCEL_OP_HAND_OFF:
        return call->phase == RPCANCEL_SEEN_DISPATCHED && !call->synchronous;
    case RPCANCEL_OP_RAISE:
        return call->phase == RPCANCEL_SEEN_DISPATCHED;
    case RPCANCEL_OP_RETURN:
        return rpcancel_seen_running(*call);
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING:
        return true;
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
        return runs_code(observer, operation.thread);
    default:
        if (call->synchronous && rpcancel_takes_asynchronous_handle(operation.kind))
            return false;
        if (call->phase == RPCANCEL_SEEN_DISPATCHED)
            return call->manager == operation.thread;
        return (call->phase == RPCANCEL_SEEN_HANDED_OFF || call->phase == RPCANCEL_SEEN_ON_WORKER) &&
               runs_code(observer, operation.thread);
    }
}

bool rpcancel_is_possible(const struct rpcancel_observer *observer, struct rpcancel_operation operation)
{
    const struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    const struct rpcancel_observed_call *call = operation.earlier ? &lane->earlier : &lane->call;
    if (operation.kind <= RPCANCEL_OP_AWAIT || operation.kind == RPCANCEL_OP_SETTLE)
        return true;
    if (operation.kind == RPCANCEL_OP_LOSE_LINK)
        return !observer->link_lost;
    if (operation.kind < RPCANCEL_OP_LOSE_LINK)
        return is_deliverable(call, operation.kind);
    if (rpcancel_is_of_threads(operation.kind))
        return operation.kind == RPCANCEL_OP_ELAPSE || thread_can(&lane->handle, operation.kind);
    return server_can(observer, call, operation);
}
