// SPDX-License-Identifier: Apache-2.0
#include "synchronous.h"

#include "status.h"

static struct rpcancel_answer refused(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
}

/* A letter that is a thread, or may become one. */
static bool is_thread(struct rpcancel_handle handle)
{
    return handle.phase == RPCANCEL_HANDLE_ZEROED || handle.phase >= RPCANCEL_HANDLE_THREAD;
}

void rpcancel_stub_ends(struct rpcancel_handle *thread, unsigned result)
{
    if (!rpcancel_is_in_stub(*thread))
        return;
    thread->phase = RPCANCEL_HANDLE_RETURNED;
    thread->result = result & 15u;
}

/* The thread is in no call. One that nothing sets apart from a letter in the beginning is none. */
static void set_idle(struct rpcancel_handle *thread)
{
    bool is_plain = !thread->cancel_timeout && !thread->call_timeout;
    thread->phase = is_plain ? RPCANCEL_HANDLE_ZEROED : RPCANCEL_HANDLE_THREAD;
    thread->result = RPCANCEL_RESULT_NONE;
}

/* The thread goes into the stub. What it was given up for, the server may still work on. */
static struct rpcancel_answer call(struct rpcancel_world *world, struct rpcancel_lane *lane)
{
    if (!rpcancel_is_free_thread(lane->handle))
        return refused();
    if (!world->link_lost && !rpcancel_new_call(world, lane))
        return refused();
    lane->handle.phase = RPCANCEL_HANDLE_WAITS;
    if (world->link_lost)
        rpcancel_stub_ends(&lane->handle, RPCANCEL_RESULT_UNAVAILABLE);
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

static struct rpcancel_answer returned(const struct rpcancel_choices *choices, struct rpcancel_handle *thread)
{
    if (rpcancel_is_free_thread(*thread))
        return refused();
    if (thread->phase != RPCANCEL_HANDLE_RETURNED)
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    struct rpcancel_answer answer = rpcancel_answer_code(rpcancel_result_code(choices, thread->result));
    set_idle(thread);
    return answer;
}

/* How long the client waits after a cancel; then it gives the call up with |result|, and tells nobody: the server knows
 * of the cancel. A second cancel never makes it longer. */
static void set_due(struct rpcancel_handle *thread, unsigned timeout, unsigned result)
{
    static const uint8_t due[RPCANCEL_TIMEOUTS] = {
        [RPCANCEL_TIMEOUT_ONE] = RPCANCEL_HANDLE_DUE_IN_1, [RPCANCEL_TIMEOUT_TWO] = RPCANCEL_HANDLE_DUE_IN_2};
    if (timeout == RPCANCEL_TIMEOUT_ZERO) {
        rpcancel_stub_ends(thread, result);
    } else if (timeout != RPCANCEL_TIMEOUT_INFINITE &&
               (thread->phase == RPCANCEL_HANDLE_WAITS || due[timeout] < thread->phase)) {
        thread->phase = due[timeout] & 15u;
        thread->result = result & 15u;
    }
}

/* What a cancel does to a thread that is in no call, nobody documents: here nothing. RpcCancelThreadEx has a time-out
 * of its own; of it and the thread's the earlier one counts. */
static struct rpcancel_answer cancel_thread(struct rpcancel_lane *lane, struct rpcancel_operation operation)
{
    bool is_extended = operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX;
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_DENIED)
        return rpcancel_answer_code(RPCANCEL_S_ACCESS_DENIED);
    if (rpcancel_is_in_stub(lane->handle)) {
        lane->call.cancel = 1;
        unsigned own = lane->handle.cancel_timeout;
        if (is_extended)
            set_due(&lane->handle, rpcancel_earlier_timeout(operation.argument, own), RPCANCEL_RESULT_CANCELLED);
        else
            set_due(&lane->handle, own, RPCANCEL_RESULT_CANCEL_TIMED_OUT);
    }
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

/* Time-outs are set by the thread itself, and before a call. */
static struct rpcancel_answer set_timeout(struct rpcancel_handle *thread, struct rpcancel_operation operation)
{
    if (!rpcancel_is_free_thread(*thread))
        return refused();
    if (operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT)
        thread->cancel_timeout = operation.argument & 3u;
    else
        thread->call_timeout = operation.argument == RPCANCEL_TIMEOUT_ONE;
    set_idle(thread);
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

/* A second goes by. Of a call time-out the server is not told. */
static void elapse(struct rpcancel_handle *thread)
{
    if (!rpcancel_is_in_stub(*thread))
        return;
    if (thread->call_timeout)
        rpcancel_stub_ends(thread, RPCANCEL_RESULT_CANCELLED);
    else if (thread->phase == RPCANCEL_HANDLE_DUE_IN_1)
        rpcancel_stub_ends(thread, thread->result);
    else if (thread->phase == RPCANCEL_HANDLE_DUE_IN_2)
        thread->phase = RPCANCEL_HANDLE_DUE_IN_1;
}

struct rpcancel_answer rpcancel_synchronous_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                 struct rpcancel_operation operation)
{
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    if (operation.kind == RPCANCEL_OP_ELAPSE) {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
            elapse(&world->lanes[i].handle);
        return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    }
    if (!is_thread(lane->handle))
        return refused();
    switch (operation.kind) {
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        return call(world, lane);
    case RPCANCEL_OP_RETURNED:
        return returned(choices, &lane->handle);
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        return set_timeout(&lane->handle, operation);
    default:
        return cancel_thread(lane, operation);
    }
}
