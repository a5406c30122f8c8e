// SPDX-License-Identifier: Apache-2.0
/*
 * The abstract network: what becomes of messages on their way. First-in first-out per call and direction, so a
 * cancel follows its request and an orphaned follows its cancel; different calls are independent.
 */
#include "machines.h"

#include <stddef.h>

static bool is_live(struct rpcancel_call call)
{
    return call.phase >= RPCANCEL_CALL_QUEUED && call.phase <= RPCANCEL_CALL_ON_WORKER;
}

bool rpcancel_call_alive(struct rpcancel_call call)
{
    return call.request || call.cancel || call.orphaned || call.reply || is_live(call) ||
           call.phase == RPCANCEL_CALL_ENDED_RUNNING;
}

static bool deliver_request(struct rpcancel_call *call)
{
    if (!call->request)
        return false;
    call->request = 0;
    call->phase = RPCANCEL_CALL_QUEUED;
    return true;
}

static bool deliver_cancel(struct rpcancel_call *call)
{
    if (!call->cancel || call->request)
        return false;
    call->cancel = 0;
    call->cancelled |= is_live(*call);
    return true;
}

static bool deliver_orphaned(struct rpcancel_call *call)
{
    if (!call->orphaned || call->request || call->cancel)
        return false;
    call->orphaned = 0;
    call->cancelled |= is_live(*call);
    return true;
}

/* |handle| is the handle that still waits for the reply, or NULL when the call is an earlier one. */
static bool deliver_reply(struct rpcancel_call *call, struct rpcancel_handle *handle)
{
    if (!call->reply)
        return false;
    if (handle && (handle->phase == RPCANCEL_HANDLE_OUTSTANDING || handle->phase == RPCANCEL_HANDLE_CANCELLING))
        rpcancel_handle_end(handle, call->outcome);
    call->reply = 0;
    call->outcome = RPCANCEL_RESULT_NONE;
    return true;
}

static void forget_if_over(struct rpcancel_call *earlier)
{
    if (!rpcancel_call_alive(*earlier))
        *earlier = (struct rpcancel_call){0};
}

static void settle_call(struct rpcancel_call *call, struct rpcancel_handle *handle)
{
    if (!call->request && !call->cancel && !call->orphaned && !call->reply)
        return;
    deliver_request(call);
    deliver_cancel(call);
    deliver_orphaned(call);
    deliver_reply(call, handle);
}

void rpcancel_settle(struct rpcancel_world *world)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        settle_call(&lane->earlier, NULL);
        forget_if_over(&lane->earlier);
        settle_call(&lane->call, &lane->handle);
    }
}

static void lose_call(struct rpcancel_call *call)
{
    call->request = call->cancel = call->orphaned = call->reply = 0;
    call->outcome = RPCANCEL_RESULT_NONE;
}

/* The connection goes: messages on their way are lost, waiting clients learn it at once, the server's calls live on. */
static bool lose_link(struct rpcancel_world *world)
{
    if (world->link_lost)
        return false;
    world->link_lost = 1;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        lose_call(&lane->call);
        lose_call(&lane->earlier);
        forget_if_over(&lane->earlier);
        if (lane->handle.phase == RPCANCEL_HANDLE_OUTSTANDING || lane->handle.phase == RPCANCEL_HANDLE_CANCELLING)
            rpcancel_handle_end(&lane->handle, RPCANCEL_RESULT_LINK_LOST);
    }
    return true;
}

static bool deliver(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    switch (operation.kind) {
    case RPCANCEL_OP_DELIVER_REQUEST:
        return deliver_request(call);
    case RPCANCEL_OP_DELIVER_CANCEL:
        return deliver_cancel(call);
    case RPCANCEL_OP_DELIVER_ORPHANED:
        return deliver_orphaned(call);
    case RPCANCEL_OP_DELIVER_REPLY:
        return deliver_reply(call, operation.earlier ? NULL : &world->lanes[operation.handle].handle);
    default:
        return lose_link(world);
    }
}

struct rpcancel_answer rpcancel_network_step(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    bool happened = deliver(world, operation);
    if (operation.earlier)
        forget_if_over(&world->lanes[operation.handle].earlier);
    return rpcancel_answer_kind(happened ? RPCANCEL_ANSWER_DONE : RPCANCEL_ANSWER_REFUSED);
}
