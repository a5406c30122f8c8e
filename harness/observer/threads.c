// SPDX-License-Identifier: Apache-2.0
#include "observer/threads.h"

#include "observer/notices.h"
#include "status.h"

/* Nothing came of its call yet that would end it. */
static bool is_pending(const struct rpcancel_observed_handle *thread)
{
    return thread->waits && thread->arrived == RPCANCEL_ARRIVED_NOTHING && !thread->abortive;
}

void rpcancel_thread_gets(struct rpcancel_observed_handle *thread, enum rpcancel_arrival arrival)
{
    if (!is_pending(thread))
        return;
    thread->arrived = (unsigned)arrival & 3u;
    thread->due_in = 0;
}

/* A thread in no call, of which nothing is set and nothing in doubt, is as in the beginning. */
static void set_phase(struct rpcancel_observed_handle *thread)
{
    bool is_plain = !thread->waits && !thread->cancel_timeout && !thread->call_timeout && !thread->taken;
    thread->phase = is_plain ? RPCANCEL_SEEN_ZEROED : RPCANCEL_SEEN_THREAD;
}

/* Whether there is a cancel that counts for this call, or whether its client is gone, is in doubt; so is what the
 * server is told. */
static void put_server_in_doubt(struct rpcancel_observer *observer, struct rpcancel_observed_call *call)
{
    call->cancelled = RPCANCEL_CANCELLED_OPEN;
    if (rpcancel_has_notices(observer))
        rpcancel_notices_in_doubt(observer, call);
}

static void saw_call(struct rpcancel_observer *observer, unsigned number)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[number];
    lane->handle.waits = 1;
    if (observer->link_lost)
        return;
    rpcancel_observe_new_call(observer, number);
    if (lane->handle.taken)
        put_server_in_doubt(observer, &lane->call);
}

/* The stub returned. Whatever else becomes of the call, nobody is told. */
static void saw_return(struct rpcancel_observed_lane *lane)
{
    struct rpcancel_observed_handle *thread = &lane->handle;
    *thread = (struct rpcancel_observed_handle){
        .taken = thread->taken, .cancel_timeout = thread->cancel_timeout, .call_timeout = thread->call_timeout};
    lane->call.outcome = RPCANCEL_OUTCOME_NONE;
}

/* A time-out ran out. Nothing says whether a client that gives a call up keeps its connection, or what it sends. */
static void give_up(struct rpcancel_observer *observer, struct rpcancel_observed_lane *lane)
{
    lane->handle.abortive = 1;
    lane->handle.due_in = 0;
    put_server_in_doubt(observer, &lane->call);
}

/* RpcCancelThreadEx's time-out is that of the call, or of the function itself, or of both: two sentences of its page.
 * Perhaps it returned only when the thread was cancelled, and perhaps it waited for that while no second was counted.
 * So from then on the call may be given up, but with 0, which waits for nothing, and says nothing new where it is the
 * thread's own. Whether a second cancel begins a new time-out nobody says. */
static bool leaves_open(const struct rpcancel_observed_handle *thread, struct rpcancel_operation operation,
                        bool is_second)
{
    unsigned own = thread->cancel_timeout;
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX)
        return is_second || operation.argument != RPCANCEL_TIMEOUT_ZERO || own != RPCANCEL_TIMEOUT_ZERO;
    return is_second && (thread->due_in != 0 || own != RPCANCEL_TIMEOUT_INFINITE);
}

static void set_due(struct rpcancel_observer *observer, struct rpcancel_observed_lane *lane,
                    struct rpcancel_operation operation)
{
    static const uint8_t seconds[RPCANCEL_TIMEOUTS] = {[RPCANCEL_TIMEOUT_ONE] = 1, [RPCANCEL_TIMEOUT_TWO] = 2};
    struct rpcancel_observed_handle *thread = &lane->handle;
    unsigned timeout = thread->cancel_timeout;
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX)
        timeout = rpcancel_earlier_timeout(operation.argument, timeout);
    if (timeout == RPCANCEL_TIMEOUT_ZERO)
        give_up(observer, lane);
    else if (timeout != RPCANCEL_TIMEOUT_INFINITE && (thread->due_in == 0 || seconds[timeout] < thread->due_in))
        thread->due_in = seconds[timeout] & 3u;
}

static void saw_cancel(struct rpcancel_observer *observer, struct rpcancel_operation operation)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    struct rpcancel_observed_handle *thread = &lane->handle;
    if (!is_pending(thread) || observer->link_lost) {
        thread->taken = 1;
        if (thread->waits)
            put_server_in_doubt(observer, &lane->call);
        return;
    }
    thread->late_cancel |= leaves_open(thread, operation, thread->nonabortive);
    thread->nonabortive = 1;
    lane->call.cancel = 1;
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX && thread->late_cancel)
        put_server_in_doubt(observer, &lane->call);
    set_due(observer, lane, operation);
}

static void saw_timeout(struct rpcancel_observed_handle *thread, struct rpcancel_operation operation)
{
    if (thread->waits) /* by another thread: no telling whether it counts for the call */
        thread->taken = 1;
    if (operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT)
        thread->cancel_timeout = operation.argument & 3u;
    else
        thread->call_timeout = operation.argument == RPCANCEL_TIMEOUT_ONE;
}

static void saw_second(struct rpcancel_observer *observer, struct rpcancel_observed_lane *lane)
{
    struct rpcancel_observed_handle *thread = &lane->handle;
    bool has_timeout =
        thread->call_timeout || (thread->nonabortive && thread->cancel_timeout != RPCANCEL_TIMEOUT_INFINITE);
    if (thread->phase != RPCANCEL_SEEN_THREAD)
        return;
    if (thread->arrived != RPCANCEL_ARRIVED_NOTHING && !thread->settled)
        thread->late_cancel |= has_timeout; /* it may have run out before the client noticed what arrived */
    if (!is_pending(thread))
        return;
    if (thread->call_timeout) {
        thread->late_cancel |= thread->nonabortive;
        give_up(observer, lane);
    } else if (thread->due_in == 1) {
        give_up(observer, lane);
    } else if (thread->due_in > 1) {
        thread->due_in--;
    }
}

static void saw_thread(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                       struct rpcancel_answer answer)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[operation.handle];
    bool succeeded = rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
    switch (operation.kind) {
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        saw_call(observer, operation.handle);
        break;
    case RPCANCEL_OP_RETURNED:
        if (!rpcancel_answer_is_code(answer, RPCANCEL_S_WAIT_TIMEOUT))
            saw_return(lane);
        break;
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        if (succeeded)
            saw_timeout(&lane->handle, operation);
        break;
    default:
        if (succeeded)
            saw_cancel(observer, operation);
        break;
    }
    set_phase(&lane->handle);
}

void rpcancel_threads_observe(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                              struct rpcancel_answer answer)
{
    if (operation.kind == RPCANCEL_OP_ELAPSE) {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
            saw_second(observer, &observer->lanes[i]);
    } else if (rpcancel_may_be_thread(observer->lanes[operation.handle].handle)) {
        saw_thread(observer, operation, answer);
    }
}
