// SPDX-License-Identifier: Apache-2.0
/*
 * The abstract network: what becomes of messages on their way. First-in first-out per call and direction, so a
 * cancel follows its request and an orphaned follows its cancel; different calls are independent.
 */
#include "machines.h"
#include "subscription.h"
#include "synchronous.h"

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

/* A cancel, or orphaned, arrived at the server. */
static void cancel_arrives(struct rpcancel_world *world, struct rpcancel_call *call)
{
    if (!is_live(*call))
        return;
    call->cancelled = 1;
    if (rpcancel_has_subscriptions(world))
        rpcancel_announce(world, call, RPCANCEL_EVENT_CANCEL);
}

static bool deliver_cancel(struct rpcancel_world *world, struct rpcancel_call *call)
{
    if (!call->cancel || call->request)
        return false;
    call->cancel = 0;
    cancel_arrives(world, call);
    return true;
}

static bool deliver_orphaned(struct rpcancel_world *world, struct rpcancel_call *call)
{
    if (!call->orphaned || call->request || call->cancel)
        return false;
    call->orphaned = 0;
    cancel_arrives(world, call);
    return true;
}

/* |handle| is the handle that still waits for the reply, or NULL when the call is an earlier one. */
static bool deliver_reply(struct rpcancel_call *call, struct rpcancel_handle *handle)
{
    if (!call->reply)
        return false;
    if (handle && (handle->phase == RPCANCEL_HANDLE_OUTSTANDING || handle->phase == RPCANCEL_HANDLE_CANCELLING))
        rpcancel_handle_end(handle, call->outcome);
    else if (handle)
        rpcancel_stub_ends(handle, call->outcome);
    call->reply = 0;
    call->outcome = RPCANCEL_RESULT_NONE;
    return true;
}

static void forget_if_over(struct rpcancel_call *earlier)
{
    if (!rpcancel_call_alive(*earlier))
        *earlier = (struct rpcancel_call){0};
}

static void settle_call(struct rpcancel_world *world, struct rpcancel_call *call, struct rpcancel_handle *handle)
{
    if (!call->request && !call->cancel && !call->orphaned && !call->reply)
        return;
    deliver_request(call);
    deliver_cancel(world, call);
    deliver_orphaned(world, call);
    deliver_reply(call, handle);
}

void rpcancel_settle(struct rpcancel_world *world)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        settle_call(world, &lane->earlier, NULL);
        forget_if_over(&lane->earlier);
        settle_call(world, &lane->call, &lane->handle);
    }
}

static void lose_call(struct rpcancel_world *world, struct rpcancel_call *call)
{
    if (rpcancel_has_subscriptions(world) && is_live(*call))
        rpcancel_announce(world, call, RPCANCEL_EVENT_DISCONNECT);
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
        lose_call(world, &lane->call);
        lose_call(world, &lane->earlier);
        forget_if_over(&lane->earlier);
        if (lane->handle.phase == RPCANCEL_HANDLE_OUTSTANDING || lane->handle.phase == RPCANCEL_HANDLE_CANCELLING)
            rpcancel_handle_end(&lane->handle, RPCANCEL_RESULT_LINK_LOST);
        rpcancel_stub_ends(&lane->handle, RPCANCEL_RESULT_LINK_LOST);
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
        return deliver_cancel(world, call);
    case RPCANCEL_OP_DELIVER_ORPHANED:
        return deliver_orphaned(world, call);
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
