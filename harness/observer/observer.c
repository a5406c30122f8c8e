// SPDX-License-Identifier: Apache-2.0
#include "observer/observer.h"

#include <stddef.h>
#include <string.h>

#include "observer/notices.h"
#include "observer/threads.h"
#include "status.h"

void rpcancel_observer_reset(struct rpcancel_observer *observer)
{
    memset(observer, 0, sizeof *observer);
}

static bool is_at_server(struct rpcancel_observed_call call)
{
    return call.phase >= RPCANCEL_SEEN_QUEUED && call.phase <= RPCANCEL_SEEN_ON_WORKER;
}

static bool is_alive(struct rpcancel_observed_call call)
{
    return call.request || call.cancel || call.orphaned || call.reply || is_at_server(call) ||
           rpcancel_seen_running(call);
}

static void forget_if_over(struct rpcancel_observed_call *earlier)
{
    if (!is_alive(*earlier))
        *earlier = (struct rpcancel_observed_call){0};
}

static bool succeeded(struct rpcancel_answer answer)
{
    return rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
}

/* ---- what the client did ---- */

void rpcancel_observe_new_call(struct rpcancel_observer *observer, unsigned number)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[number];
    if (is_alive(lane->call)) {
        lane->earlier = lane->call;
        lane->earlier.outcome = RPCANCEL_OUTCOME_NONE;
        if (rpcancel_has_notices(observer))
            rpcancel_notices_move(observer, number);
    }
    lane->call = (struct rpcancel_observed_call){.request = 1};
}

static void saw_call(struct rpcancel_observer *observer, unsigned number, struct rpcancel_answer answer)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[number];
    struct rpcancel_observed_handle *handle = &lane->handle;
    if (answer.kind == RPCANCEL_ANSWER_EXCEPTION) {
        if (handle->phase >= RPCANCEL_SEEN_INITIALISED && handle->phase <= RPCANCEL_SEEN_FINAL)
            *handle = (struct rpcancel_observed_handle){.phase = RPCANCEL_SEEN_RAISED};
        return;
    }
    rpcancel_observe_new_call(observer, number);
    *handle = (struct rpcancel_observed_handle){.phase = RPCANCEL_SEEN_ISSUED};
}

static void saw_cancel(struct rpcancel_observer *observer, struct rpcancel_observed_lane *lane, bool abortive,
                       struct rpcancel_answer answer)
{
    struct rpcancel_observed_handle *handle = &lane->handle;
    if (handle->phase != RPCANCEL_SEEN_ISSUED || !succeeded(answer))
        return;
    if (handle->arrived != RPCANCEL_ARRIVED_NOTHING) {
        handle->late_cancel = 1;
        return;
    }
    if (handle->abortive)
        return; /* the call is cancelled at the client already; nothing further is known to go out */
    if (abortive) {
        handle->abortive = 1;
        lane->call.orphaned = 1;
        if (rpcancel_has_notices(observer)) /* what it sends is open, and so is what the server is told, from when on */
            rpcancel_notices_in_doubt(observer, &lane->call);
    } else {
        handle->nonabortive = 1;
        lane->call.cancel = 1;
    }
}

static void saw_complete(struct rpcancel_observed_lane *lane, struct rpcancel_answer answer)
{
    if (lane->handle.phase != RPCANCEL_SEEN_ISSUED || answer.kind != RPCANCEL_ANSWER_CODE)
        return;
    if (answer.code == RPCANCEL_S_ASYNC_CALL_PENDING || answer.code == RPCANCEL_S_INVALID_ASYNC_HANDLE)
        return;
    lane->handle = (struct rpcancel_observed_handle){.phase = RPCANCEL_SEEN_FINAL, .taken = lane->handle.taken};
    lane->call.outcome = RPCANCEL_OUTCOME_NONE;
}

static void observe_client(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                           struct rpcancel_answer answer)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    switch (operation.kind) {
    case RPCANCEL_OP_INIT:
        if (succeeded(answer))
            lane->handle = (struct rpcancel_observed_handle){.phase = RPCANCEL_SEEN_INITIALISED};
        break;
    case RPCANCEL_OP_CORRUPT:
        lane->handle = (struct rpcancel_observed_handle){.phase = RPCANCEL_SEEN_CORRUPTED};
        break;
    case RPCANCEL_OP_CALL:
        saw_call(observer, operation.handle, answer);
        break;
    case RPCANCEL_OP_CANCEL:
        saw_cancel(observer, lane, false, answer);
        break;
    case RPCANCEL_OP_CANCEL_ABORT:
        saw_cancel(observer, lane, true, answer);
        break;
    case RPCANCEL_OP_COMPLETE:
        saw_complete(lane, answer);
        break;
    case RPCANCEL_OP_AWAIT:
        if (succeeded(answer))
            lane->handle.taken = 1;
        break;
    default: /* queries and refused initialisations change nothing */
        break;
    }
}

/* ---- what arrived ---- */

static void request_arrives(struct rpcancel_observed_call *call)
{
    if (call->request) {
        call->request = 0;
        call->phase = RPCANCEL_SEEN_QUEUED;
    }
}

static void cancel_arrives(struct rpcancel_observer *observer, struct rpcancel_observed_call *call)
{
    if (call->cancel && is_at_server(*call) && call->cancelled != RPCANCEL_CANCELLED_OPEN) {
        call->cancelled = RPCANCEL_CANCELLED_NONABORTIVE;
        if (rpcancel_has_notices(observer))
            rpcancel_notice_happens(observer, call, RPCANCEL_EVENT_CANCEL, true);
    }
    call->cancel = 0;
}

static void orphaned_arrives(struct rpcancel_observed_call *call)
{
    if (call->orphaned && is_at_server(*call) && call->cancelled == RPCANCEL_CANCELLED_NOT)
        call->cancelled = RPCANCEL_CANCELLED_ABORTIVE;
    call->orphaned = 0;
}

/* |handle| waits for the reply, or is NULL when the call is an earlier one. */
static void reply_arrives(struct rpcancel_observed_call *call, struct rpcancel_observed_handle *handle)
{
    if (!call->reply)
        return;
    call->reply = 0;
    if (handle && handle->phase == RPCANCEL_SEEN_ISSUED && handle->arrived == RPCANCEL_ARRIVED_NOTHING &&
        !handle->abortive)
        handle->arrived = RPCANCEL_ARRIVED_ANSWER;
    else if (handle && handle->phase == RPCANCEL_SEEN_THREAD)
        rpcancel_thread_gets(handle, RPCANCEL_ARRIVED_ANSWER);
}

static void all_arrives(struct rpcancel_observer *observer, struct rpcancel_observed_call *call,
                        struct rpcancel_observed_handle *handle)
{
    request_arrives(call);
    cancel_arrives(observer, call);
    orphaned_arrives(call);
    reply_arrives(call, handle);
}

static void settle(struct rpcancel_observer *observer)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_observed_lane *lane = &observer->lanes[i];
        all_arrives(observer, &lane->earlier, NULL);
        forget_if_over(&lane->earlier);
        all_arrives(observer, &lane->call, &lane->handle);
        lane->handle.settled = lane->handle.abortive || lane->handle.arrived != RPCANCEL_ARRIVED_NOTHING;
    }
    if (rpcancel_has_notices(observer))
        rpcancel_notices_settle(observer);
}

/* Whether a lost client is a cancel as well, sources contradict each other on. */
static void call_loses_link(struct rpcancel_observer *observer, struct rpcancel_observed_call *call)
{
    if (rpcancel_has_notices(observer) && is_at_server(*call)) {
        rpcancel_notice_happens(observer, call, RPCANCEL_EVENT_DISCONNECT, true);
        rpcancel_notice_happens(observer, call, RPCANCEL_EVENT_CANCEL, false);
    }
    call->request = call->cancel = call->orphaned = call->reply = 0;
}

static void lose_link(struct rpcancel_observer *observer)
{
    observer->link_lost = 1;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_observed_lane *lane = &observer->lanes[i];
        call_loses_link(observer, &lane->call);
        call_loses_link(observer, &lane->earlier);
        forget_if_over(&lane->earlier);
        if (lane->handle.phase == RPCANCEL_SEEN_ISSUED && lane->handle.arrived == RPCANCEL_ARRIVED_NOTHING &&
            !lane->handle.abortive)
            lane->handle.arrived = RPCANCEL_ARRIVED_LINK_FAILURE;
        else if (lane->handle.phase == RPCANCEL_SEEN_THREAD)
            rpcancel_thread_gets(&lane->handle, RPCANCEL_ARRIVED_LINK_FAILURE);
    }
}

static void observe_network(struct rpcancel_observer *observer, struct rpcancel_operation operation)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    struct rpcancel_observed_call *call = operation.earlier ? &lane->earlier : &lane->call;
    switch (operation.kind) {
    case RPCANCEL_OP_DELIVER_REQUEST:
        request_arrives(call);
        break;
    case RPCANCEL_OP_DELIVER_CANCEL:
        cancel_arrives(observer, call);
        break;
    case RPCANCEL_OP_DELIVER_ORPHANED:
        orphaned_arrives(call);
        break;
    case RPCANCEL_OP_DELIVER_REPLY:
        reply_arrives(call, operation.earlier ? NULL : &lane->handle);
        break;
    default:
        lose_link(observer);
        break;
    }
}

/* ---- what the server did ---- */

static void call_ends(struct rpcancel_observer *observer, struct rpcancel_observed_call *call, unsigned outcome)
{
    if (!is_at_server(*call))
        return;
    if (rpcancel_has_notices(observer))
        rpcancel_notices_forget(observer, call);
    call->phase = rpcancel_seen_running(*call) ? RPCANCEL_SEEN_ENDED_RUNNING : RPCANCEL_SEEN_ENDED;
    call->cancelled = RPCANCEL_CANCELLED_NOT;
    call->synchronous = 0;
    call->reply = observer->link_lost == 0;
    call->outcome = call->reply ? outcome & 15u : RPCANCEL_OUTCOME_NONE;
}

static void manager_returns(struct rpcancel_observed_call *call)
{
    bool ended = call->phase >= RPCANCEL_SEEN_ENDED_RUNNING;
    call->phase = ended ? RPCANCEL_SEEN_ENDED : RPCANCEL_SEEN_ON_WORKER;
    call->manager = 0;
}

static void observe_notice(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                           struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    bool is_event = operation.argument == RPCANCEL_EVENT_CANCEL || operation.argument == RPCANCEL_EVENT_DISCONNECT;
    if (!succeeded(answer) || !is_event || !call || !is_at_server(*call))
        return;
    if (operation.kind == RPCANCEL_OP_TAKE)
        rpcancel_notice_taken(observer, call, operation.argument);
    else if (operation.kind == RPCANCEL_OP_UNSUBSCRIBE)
        rpcancel_notice_unsubscribed(observer, call, operation.argument);
    else
        rpcancel_notice_subscribed(observer, call, operation.argument);
}

static void observe_server(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                           struct rpcancel_answer answer)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    struct rpcancel_observed_call *call = operation.earlier ? &lane->earlier : &lane->call;
    unsigned fault = RPCANCEL_OUTCOME_FAULT + operation.argument;
    switch (operation.kind) {
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        call->phase = RPCANCEL_SEEN_DISPATCHED;
        call->manager = operation.thread;
        call->synchronous = operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
        break;
    case RPCANCEL_OP_HAND_OFF:
        call->phase = RPCANCEL_SEEN_HANDED_OFF;
        break;
    case RPCANCEL_OP_RETURN:
        if (call->synchronous)
            call_ends(observer, call, RPCANCEL_OUTCOME_SUCCESS);
        manager_returns(call);
        break;
    case RPCANCEL_OP_RAISE:
        call_ends(observer, call, fault);
        manager_returns(call);
        break;
    case RPCANCEL_OP_SERVER_COMPLETE: /* final whatever it returns; only 0 tells what went out */
        call_ends(observer, call, succeeded(answer) ? RPCANCEL_OUTCOME_SUCCESS : RPCANCEL_OUTCOME_UNKNOWN);
        break;
    case RPCANCEL_OP_SERVER_ABORT:
        call_ends(observer, call, succeeded(answer) ? fault : RPCANCEL_OUTCOME_UNKNOWN);
        break;
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
        observe_notice(observer, rpcancel_seen_call_on(observer, operation.thread), operation, answer);
        break;
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_UNSUBSCRIBE:
    case RPCANCEL_OP_TAKE:
        observe_notice(observer, call, operation, answer);
        break;
    default:
        break;
    }
    if (operation.earlier)
        forget_if_over(call);
}

void rpcancel_observe(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                      struct rpcancel_answer answer)
{
    if (!rpcancel_answer_happened(answer))
        return;
    if (operation.kind <= RPCANCEL_OP_AWAIT)
        observe_client(observer, operation, answer);
    else if (operation.kind <= RPCANCEL_OP_LOSE_LINK)
        observe_network(observer, operation);
    else if (operation.kind == RPCANCEL_OP_SETTLE)
        settle(observer);
    else if (rpcancel_is_of_threads(operation.kind))
        rpcancel_threads_observe(observer, operation, answer);
    else
        observe_server(observer, operation, answer);
}
