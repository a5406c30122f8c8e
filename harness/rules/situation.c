// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "rules/judge.h"
#include "rules/rule_functions.h"

/* The row of a handle whose call was answered: success, a failure, or something nobody documented. */
static uint8_t answered_row(const struct rpcancel_observed_lane *lane)
{
    if (lane->handle.arrived == RPCANCEL_ARRIVED_LINK_FAILURE) /* when the client notices is its own affair */
        return lane->handle.settled ? RPCANCEL_K7 : RPCANCEL_KU;
    if (lane->call.outcome == RPCANCEL_OUTCOME_SUCCESS)
        return RPCANCEL_K6;
    bool is_fault = rpcancel_ordinary_fault(lane->call.outcome) ||
                    lane->call.outcome == RPCANCEL_OUTCOME_FAULT + RPCANCEL_FAULT_CANCELLED;
    return is_fault ? RPCANCEL_K7 : RPCANCEL_KU;
}

static uint8_t client_row(const struct rpcancel_observer *observer, const struct rpcancel_observed_lane *lane)
{
    static const uint8_t unissued[] = {
        [RPCANCEL_SEEN_ZEROED] = RPCANCEL_K0,      [RPCANCEL_SEEN_CORRUPTED] = RPCANCEL_K0C,
        [RPCANCEL_SEEN_INITIALISED] = RPCANCEL_K1, [RPCANCEL_SEEN_RAISED] = RPCANCEL_K2X,
        [RPCANCEL_SEEN_ISSUED] = RPCANCEL_K3,      [RPCANCEL_SEEN_FINAL] = RPCANCEL_K8,
        [RPCANCEL_SEEN_THREAD] = RPCANCEL_KU, /* there is no structure */
    };
    if (lane->handle.phase != RPCANCEL_SEEN_ISSUED)
        return unissued[lane->handle.phase];
    if (lane->handle.arrived != RPCANCEL_ARRIVED_NOTHING)
        return answered_row(lane);
    if (lane->handle.abortive)
        return lane->handle.taken ? RPCANCEL_K5T : RPCANCEL_K5;
    if (observer->link_lost) /* issued after the loss: it may go out over a new connection, or fail at any moment */
        return RPCANCEL_KU;
    return lane->handle.nonabortive ? RPCANCEL_K4 : RPCANCEL_K3;
}

static uint8_t server_row(const struct rpcancel_observer *observer, const struct rpcancel_observed_call *call)
{
    if (call->phase == RPCANCEL_SEEN_NO_CALL || call->phase == RPCANCEL_SEEN_QUEUED)
        return RPCANCEL_V0;
    if (call->phase >= RPCANCEL_SEEN_ENDED_RUNNING)
        return RPCANCEL_VE;
    if (observer->link_lost || call->cancelled == RPCANCEL_CANCELLED_OPEN)
        return RPCANCEL_VD;
    bool handed_off = call->phase != RPCANCEL_SEEN_DISPATCHED;
    if (call->cancelled)
        return handed_off ? RPCANCEL_V2C : RPCANCEL_V1C;
    if (call->cancel || call->orphaned)
        return handed_off ? RPCANCEL_V2P : RPCANCEL_V1P;
    return handed_off ? RPCANCEL_V2 : RPCANCEL_V1;
}

/* The row of a call of which a time-out ran out. */
static uint8_t given_up_row(const struct rpcancel_observed_lane *lane)
{
    bool is_unanswered = lane->call.phase < RPCANCEL_SEEN_ENDED_RUNNING;
    if (!lane->handle.settled || !is_unanswered)
        return RPCANCEL_TU;
    if (lane->handle.late_cancel)
        return RPCANCEL_T4;
    return lane->handle.nonabortive ? RPCANCEL_T3 : RPCANCEL_T5;
}

static uint8_t thread_row(const struct rpcancel_observer *observer, const struct rpcancel_observed_lane *lane)
{
    const struct rpcancel_observed_handle *thread = &lane->handle;
    if (thread->phase != RPCANCEL_SEEN_THREAD || !thread->waits)
        return RPCANCEL_T0;
    if (thread->taken || (observer->link_lost && thread->arrived == RPCANCEL_ARRIVED_NOTHING))
        return RPCANCEL_TU;
    if (thread->abortive)
        return given_up_row(lane);
    if (thread->late_cancel)
        return thread->arrived == RPCANCEL_ARRIVED_NOTHING ? RPCANCEL_T4 : RPCANCEL_TU;
    if (thread->arrived != RPCANCEL_ARRIVED_NOTHING && !thread->settled) /* perhaps the client has not noticed */
        return RPCANCEL_TU;
    if (thread->arrived == RPCANCEL_ARRIVED_ANSWER)
        return RPCANCEL_T6;
    if (thread->arrived == RPCANCEL_ARRIVED_LINK_FAILURE)
        return RPCANCEL_T7;
    return thread->nonabortive ? RPCANCEL_T2 : RPCANCEL_T1;
}

/* The row of |call| for operations of |kind|. Of a synchronous manager routine those of its own are what there is, but
 * for notifications, to which it can subscribe like another. */
static uint8_t call_row(const struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                        unsigned kind)
{
    uint8_t row = server_row(observer, call);
    if (!call->synchronous || rpcancel_is_of_notifications(kind) || row < RPCANCEL_V1 || row > RPCANCEL_V1C)
        return row;
    return (uint8_t)(RPCANCEL_VS + row - RPCANCEL_V1);
}

void rpcancel_situate(struct rpcancel_situation *situation, const struct rpcancel_observer *observer,
                      struct rpcancel_operation operation)
{
    const struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    situation->observer = observer;
    situation->operation = operation;
    situation->handle = &lane->handle;
    situation->call = operation.earlier ? &lane->earlier : &lane->call;
    situation->client = RPCANCEL_K0;
    situation->server = RPCANCEL_V0;
    situation->thread = RPCANCEL_T0;
    if (operation.kind < RPCANCEL_OP_DISPATCH)
        situation->client = client_row(observer, lane);
    if (operation.kind <= RPCANCEL_OP_AWAIT)
        return;
    if (rpcancel_is_of_threads(operation.kind) && operation.kind != RPCANCEL_OP_ELAPSE) {
        situation->thread = thread_row(observer, lane);
        return;
    }
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO || operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO ||
        operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD)
        situation->call = rpcancel_seen_call_on(observer, operation.thread);
    if (situation->call)
        situation->server = call_row(observer, situation->call, operation.kind);
}
