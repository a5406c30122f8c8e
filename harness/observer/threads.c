// SPDX-License-Identifier: Apache-2.0
#include "observer/threads.h"

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

/* Whether its cancel counts for this call is in doubt, and so is what the server is told. */
static void put_server_in_doubt(struct rpcancel_observed_call *call)
{
    if (call->cancelled == RPCANCEL_CANCELLED_NOT)
        call->cancelled = RPCANCEL_CANCELLED_OPEN;
}

static void saw_call(struct rpcancel_observer *observer, unsigned number)
{
    struct rpcancel_observed_lane *lane = &observer->lanes[number];
    lane->handle.waits = 1;
    if (observer->link_lost)
        return;
    rpcancel_observe_new_call(observer, number);
    if (lane->handle.taken)
        put_server_in_doubt(&lane->call);
}

/* The stub returned. Whatever else becomes of the call, nobody is told. */
static void saw_return(struct rpcancel_observed_lane *lane)
{
    struct rpcancel_observed_handle *thread = &lane->handle;
    *thread = (struct rpcancel_observed_handle){.taken = thread->taken,
                                                .cancel_timeout = thread->cancel_timeout,
                                                .call_timeout = thread->call_timeout};
    lane->call.outcome = RPCANCEL_OUTCOME_NONE;
}

/* A time-out ran out. Whatever the server is told of that, of the cancel it knows. */
static void give_up(struct rpcancel_observed_handle *thread)
{
    thread->abortive = 1;
    thread->due_in = 0;
}

static unsigned earlier_of(unsigned a, unsigned b)
{
    if (a == RPCANCEL_TIMEOUT_INFINITE || b == RPCANCEL_TIMEOUT_INFINITE)
        return a == RPCANCEL_TIMEOUT_INFINITE ? b : a;
    return a < b ? a : b;
}

/* RpcCancelThreadEx's time-out is that of the call, or of the function itself: two sentences of its page. So the earlier
 * one of it and the thread's own counts perhaps, and for certain only when they are the same. Whether a second cancel
 * begins a new time-out nobody says. */
static void set_due(struct rpcancel_observed_handle *thread, struct rpcancel_operation operation, bool is_second)
{
    static const uint8_t seconds[RPCANCEL_TIMEOUTS] = {[RPCANCEL_TIMEOUT_ONE] = 1, [RPCANCEL_TIMEOUT_TWO] = 2};
    bool is_extended = operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX;
    unsigned own = thread->cancel_timeout;
    unsigned timeout = is_extended ? earlier_of(operation.argument, own) : own;
    thread->late_cancel |= is_second || (is_extended && operation.argument != own);
    if (timeout == RPCANCEL_TIMEOUT_ZERO)
        give_up(thread);
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
            put_server_in_doubt(&lane->call);
        return;
    }
    bool is_second = thread->nonabortive;
    thread->nonabortive = 1;
    lane->call.cancel = 1;
    set_due(thread, operation, is_second);
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

static void saw_second(struct rpcancel_observed_lane *lane)
{
    struct rpcancel_observed_handle *thread = &lane->handle;
    if (thread->phase != RPCANCEL_SEEN_THREAD || !is_pending(thread))
        return;
    if (thread->call_timeout) { /* the server is not told; what it is answered when it asks is open */
        thread->late_cancel |= thread->nonabortive;
        give_up(thread);
        put_server_in_doubt(&lane->call);
    } else if (thread->due_in == 1) {
        give_up(thread);
    } else if (thread->due_in > 1) {
        thread->due_in--;
    }
}

static bool is_thread(const struct rpcancel_observed_handle *handle)
{
    return handle->phase == RPCANCEL_SEEN_ZEROED || handle->phase == RPCANCEL_SEEN_THREAD;
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
            saw_second(&observer->lanes[i]);
    } else if (is_thread(&observer->lanes[operation.handle].handle)) {
        saw_thread(observer, operation, answer);
    }
}
