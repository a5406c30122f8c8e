// SPDX-License-Identifier: Apache-2.0
/*
 * Mutants and variants of synchronous calls. What one of them has to remember of a thread stands in the bits of its
 * handle that the reference leaves unused.
 */
#include "mutants/synchronous.h"

#include <stddef.h>

#include "mutants/words.h"
#include "status.h"

#define MUTANT(name)                                    \
    struct rpcancel_answer rpcancel_synchronous_##name( \
        const struct rpcancel_choices *choices, struct rpcancel_world *world, struct rpcancel_operation operation)

static bool is_cancel_of_thread(struct rpcancel_operation operation)
{
    return operation.kind == RPCANCEL_OP_CANCEL_THREAD || operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX;
}

/* The stub of |thread|, which is in a call, returns. */
static void return_with(struct rpcancel_handle *thread, unsigned result)
{
    thread->phase = RPCANCEL_HANDLE_RETURNED;
    thread->result = result & 15u;
}

/* Whether the step from |was| to |is| ended a call that the client gave up, or that its link did not survive. */
static bool has_failed(struct rpcancel_handle was, struct rpcancel_handle is)
{
    return rpcancel_is_in_stub(was) && is.phase == RPCANCEL_HANDLE_RETURNED && is.result != RPCANCEL_RESULT_SUCCESS &&
           is.result < RPCANCEL_RESULT_FAULT;
}

static bool is_given_up(struct rpcancel_handle was, struct rpcancel_handle is)
{
    return has_failed(was, is) && is.result != RPCANCEL_RESULT_LINK_LOST;
}

/* The call that the manager routine on |thread| serves, or NULL. */
static struct rpcancel_call *served_on(struct rpcancel_world *world, unsigned thread)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        if (rpcancel_manager_runs(lane->call) && lane->call.manager == thread)
            return &lane->call;
        if (rpcancel_manager_runs(lane->earlier) && lane->earlier.manager == thread)
            return &lane->earlier;
    }
    return NULL;
}

/* Answers |code| where the reference carries |operation| out, and changes nothing. */
static struct rpcancel_answer answer_only(const struct rpcancel_choices *choices, const struct rpcancel_world *world,
                                          struct rpcancel_operation operation, uint32_t code)
{
    struct rpcancel_world unused = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, &unused, operation);
    return rpcancel_answer_happened(answer) ? rpcancel_answer_code(code) : answer;
}

/* What a step of the reference made of the thread in each lane; |change| gets the thread as it was before and as it is.
 */
typedef void thread_function(struct rpcancel_handle was, struct rpcancel_handle *is);

static struct rpcancel_answer step_and_change(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                              struct rpcancel_operation operation, thread_function *change)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        change(before.lanes[i].handle, &world->lanes[i].handle);
    return answer;
}

/* ---- defects: RpcTestCancel ---- */

MUTANT(test_never_notices)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    return operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD ? rpcancel_answer_code(RPCANCEL_S_ACCESS_DENIED) : answer;
}

MUTANT(test_says_cancelled)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    return operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD ? rpcancel_answer_code(RPCANCEL_S_OK) : answer;
}

MUTANT(test_consumes)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        served_on(world, operation.thread)->cancelled = 0;
    return answer;
}

MUTANT(test_forgets)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_ELAPSE && i < RPCANCEL_HANDLES_MAX; i++) {
        if (world->lanes[i].call.synchronous)
            world->lanes[i].call.cancelled = 0;
    }
    return answer;
}

MUTANT(test_answers_for_another)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD && i < RPCANCEL_HANDLES_MAX; i++) {
        if (rpcancel_manager_runs(world->lanes[i].call) && world->lanes[i].call.cancelled)
            return rpcancel_answer_code(RPCANCEL_S_OK);
    }
    return answer;
}

/* ---- defects: RpcCancelThread, RpcCancelThreadEx ---- */

MUTANT(cancel_does_nothing)
{
    if (is_cancel_of_thread(operation))
        return answer_only(choices, world, operation, RPCANCEL_S_OK);
    return rpcancel_step(choices, world, operation);
}

MUTANT(cancel_not_sent)
{
    struct rpcancel_call before = world->lanes[operation.handle].call;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (is_cancel_of_thread(operation))
        world->lanes[operation.handle].call = before;
    return answer;
}

MUTANT(cancel_ends_wait)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(*thread))
        return_with(thread, RPCANCEL_RESULT_CANCELLED);
    return answer;
}

MUTANT(cancel_hits_another)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; is_cancel_of_thread(operation) && i < RPCANCEL_HANDLES_MAX; i++) {
        if (rpcancel_is_in_stub(world->lanes[i].handle))
            world->lanes[i].call.cancel = 1;
    }
    return answer;
}

MUTANT(cancel_refused)
{
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(*handle_of(world, operation)) &&
        rpcancel_manager_runs(world->lanes[operation.handle].call))
        return rpcancel_answer_code(RPCANCEL_S_CALL_IN_PROGRESS);
    return rpcancel_step(choices, world, operation);
}

MUTANT(no_access_ignored)
{
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_DENIED)
        operation.kind = RPCANCEL_OP_CANCEL_THREAD;
    return rpcancel_step(choices, world, operation);
}

MUTANT(no_access_cancels)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_DENIED && rpcancel_is_in_stub(*handle_of(world, operation)))
        world->lanes[operation.handle].call.cancel = 1;
    return answer;
}

MUTANT(ex_not_supported)
{
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX)
        return answer_only(choices, world, operation, RPCANCEL_S_CANNOT_SUPPORT);
    return rpcancel_step(choices, world, operation);
}

MUTANT(cancel_hides_dead_peer)
{
    enum { CANCELLED = 1 };
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(*thread))
        thread->unused = CANCELLED;
    else if (operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL)
        thread->unused = 0;
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_LOSE_LINK && i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle was = before.lanes[i].handle;
        if (rpcancel_is_in_stub(was) && was.unused == CANCELLED)
            world->lanes[i].handle = was;
    }
    return answer;
}

/* ---- defects: the cancel time-out ---- */

MUTANT(timeout_ignored)
{
    if (operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT)
        return answer_only(choices, world, operation, RPCANCEL_S_OK);
    return rpcancel_step(choices, world, operation);
}

MUTANT(timeout_not_supported)
{
    if (operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT && operation.argument != RPCANCEL_TIMEOUT_INFINITE)
        return answer_only(choices, world, operation, RPCANCEL_S_CANNOT_SUPPORT);
    return rpcancel_step(choices, world, operation);
}

/* Takes |seconds| off what is left of the time-out of the call in |lane|. */
static void shorten(struct rpcancel_lane *lane, unsigned seconds)
{
    struct rpcancel_handle *thread = &lane->handle;
    unsigned left = thread->phase == RPCANCEL_HANDLE_DUE_IN_2 ? 2 : 1;
    if (thread->phase == RPCANCEL_HANDLE_WAITS || !rpcancel_is_in_stub(*thread))
        return;
    if (seconds < left) {
        thread->phase = (unsigned)(left - seconds == 1 ? RPCANCEL_HANDLE_DUE_IN_1 : RPCANCEL_HANDLE_DUE_IN_2) & 15u;
    } else {
        return_with(thread, thread->result);
        lane->call.orphaned = 1;
    }
}

MUTANT(timeout_runs_from_call)
{
    enum { MOST = 2 };
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    bool begins = is_cancel_of_thread(operation) && lane->handle.phase == RPCANCEL_HANDLE_WAITS;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (begins)
        shorten(lane, lane->handle.unused);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle *thread = &world->lanes[i].handle;
        if (!rpcancel_is_in_stub(*thread))
            thread->unused = 0;
        else if (operation.kind == RPCANCEL_OP_ELAPSE && thread->unused < MOST)
            thread->unused = (thread->unused + 1u) & 7u;
    }
    return answer;
}

MUTANT(timeout_of_process)
{
    struct rpcancel_handle *thread = handle_of(world, operation);
    const unsigned own = thread->cancel_timeout;
    bool borrows = operation.kind == RPCANCEL_OP_CANCEL_THREAD && own == RPCANCEL_TIMEOUT_INFINITE;
    for (unsigned i = 0; borrows && i < RPCANCEL_HANDLES_MAX; i++)
        thread->cancel_timeout |= world->lanes[i].handle.cancel_timeout;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (borrows)
        thread->cancel_timeout = own & 3u;
    return answer;
}

MUTANT(zero_is_none)
{
    struct rpcancel_handle *thread = handle_of(world, operation);
    bool is_zero = operation.kind == RPCANCEL_OP_CANCEL_THREAD && thread->cancel_timeout == RPCANCEL_TIMEOUT_ZERO;
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX && operation.argument == RPCANCEL_TIMEOUT_ZERO)
        operation.argument = RPCANCEL_TIMEOUT_INFINITE;
    if (is_zero)
        thread->cancel_timeout = RPCANCEL_TIMEOUT_INFINITE;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (is_zero)
        thread->cancel_timeout = RPCANCEL_TIMEOUT_ZERO;
    return answer;
}

MUTANT(infinite_ends)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (is_cancel_of_thread(operation) && thread->phase == RPCANCEL_HANDLE_WAITS) {
        thread->phase = RPCANCEL_HANDLE_DUE_IN_2;
        thread->result = RPCANCEL_RESULT_CANCEL_TIMED_OUT;
    }
    return answer;
}

static void succeed_where_given_up(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (is_given_up(was, *is))
        is->result = RPCANCEL_RESULT_SUCCESS;
}

MUTANT(given_up_succeeds)
{
    return step_and_change(choices, world, operation, succeed_where_given_up);
}

/* ---- defects: the call time-out ---- */

MUTANT(ends_unasked)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_ELAPSE && i < RPCANCEL_HANDLES_MAX; i++) {
        if (world->lanes[i].handle.phase == RPCANCEL_HANDLE_WAITS)
            return_with(&world->lanes[i].handle, RPCANCEL_RESULT_CANCELLED);
    }
    return answer;
}

/* Remembers, of a thread in no call, that its call time-out ran out before there was one. */
MUTANT(runs_from_setting)
{
    enum { RAN_OUT = 1 };
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *thread = handle_of(world, operation);
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_ELAPSE && i < RPCANCEL_HANDLES_MAX; i++) {
        if (world->lanes[i].handle.call_timeout)
            world->lanes[i].handle.unused = RAN_OUT;
    }
    if (operation.kind == RPCANCEL_OP_SET_CALL_TIMEOUT && rpcancel_answer_happened(answer))
        thread->unused = 0;
    if (operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL && rpcancel_is_in_stub(*thread) && thread->unused == RAN_OUT)
        return_with(thread, RPCANCEL_RESULT_CANCELLED);
    return answer;
}

MUTANT(call_timeout_ignored)
{
    if (operation.kind == RPCANCEL_OP_SET_CALL_TIMEOUT)
        return answer_only(choices, world, operation, RPCANCEL_S_OK);
    return rpcancel_step(choices, world, operation);
}

MUTANT(infinite_refused)
{
    if (operation.kind == RPCANCEL_OP_SET_CALL_TIMEOUT && operation.argument == RPCANCEL_TIMEOUT_INFINITE)
        return answer_only(choices, world, operation, RPCANCEL_S_INVALID_ARG);
    return rpcancel_step(choices, world, operation);
}

static void fail_where_timed_out(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (is_given_up(was, *is) && was.call_timeout)
        is->result = RPCANCEL_RESULT_CANCEL_TIMED_OUT;
}

MUTANT(another_code)
{
    return step_and_change(choices, world, operation, fail_where_timed_out);
}

MUTANT(zero_is_at_once)
{
    enum { AT_ONCE = 1 };
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (operation.kind == RPCANCEL_OP_SET_CALL_TIMEOUT && rpcancel_answer_happened(answer))
        thread->unused = operation.argument == RPCANCEL_TIMEOUT_ZERO ? AT_ONCE : 0;
    if (operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL && rpcancel_is_in_stub(*thread) && thread->unused == AT_ONCE)
        return_with(thread, RPCANCEL_RESULT_CANCELLED);
    return answer;
}

/* ---- defects: what a call ends with ---- */

MUTANT(late_reply)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && !world->link_lost; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        if (before.lanes[i].earlier.reply && !lane->earlier.reply && rpcancel_is_in_stub(lane->handle))
            return_with(&lane->handle, RPCANCEL_RESULT_SUCCESS);
    }
    return answer;
}

static void succeed_where_raised(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (rpcancel_is_in_stub(was) && is->phase == RPCANCEL_HANDLE_RETURNED && is->result >= RPCANCEL_RESULT_FAULT)
        is->result = RPCANCEL_RESULT_SUCCESS;
}

MUTANT(fault_lost)
{
    return step_and_change(choices, world, operation, succeed_where_raised);
}

/* Remembers that the call of a thread was cancelled while it was in it. */
static struct rpcancel_answer step_minding_cancels(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                   struct rpcancel_operation operation, thread_function *change)
{
    struct rpcancel_answer answer = step_and_change(choices, world, operation, change);
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(*thread))
        thread->unused = 1;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (!rpcancel_is_in_stub(world->lanes[i].handle))
            world->lanes[i].handle.unused = 0;
    }
    return answer;
}

static void fail_where_cancelled(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (was.unused && rpcancel_is_in_stub(was) && is->phase == RPCANCEL_HANDLE_RETURNED &&
        is->result == RPCANCEL_RESULT_SUCCESS)
        is->result = RPCANCEL_RESULT_CANCEL_TIMED_OUT;
}

MUTANT(success_lost)
{
    return step_minding_cancels(choices, world, operation, fail_where_cancelled);
}

MUTANT(cancelled_unanswered)
{
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    bool is_cancelled = operation.kind == RPCANCEL_OP_RETURN && call->synchronous && call->cancelled;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (is_cancelled) {
        call->reply = 0;
        call->outcome = RPCANCEL_RESULT_NONE;
    }
    return answer;
}

/* ---- variants ---- */

/* N113 */
static void cancel_where_given_up(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (is_given_up(was, *is))
        is->result = RPCANCEL_RESULT_CANCELLED;
}

MUTANT(expired_is_1818)
{
    return step_and_change(choices, world, operation, cancel_where_given_up);
}

/* N113 */
MUTANT(ex_waits_itself)
{
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX)
        operation = (struct rpcancel_operation){.kind = RPCANCEL_OP_CANCEL_THREAD, .handle = operation.handle};
    return rpcancel_step(choices, world, operation);
}

/* The call goes on, and with it what it is to end with, until everything settles. */
static void put_off(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (!is_given_up(was, *is))
        return;
    is->phase = RPCANCEL_HANDLE_WAITS;
    is->unused = 1;
}

MUTANT(noticed_late)
{
    struct rpcancel_answer answer = step_and_change(choices, world, operation, put_off);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle *thread = &world->lanes[i].handle;
        if (thread->unused && rpcancel_is_in_stub(*thread) && operation.kind == RPCANCEL_OP_SETTLE)
            return_with(thread, thread->result);
        if (!rpcancel_is_in_stub(*thread))
            thread->unused = 0;
    }
    return answer;
}

MUTANT(begins_anew)
{
    struct rpcancel_handle *thread = handle_of(world, operation);
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(*thread)) {
        thread->phase = RPCANCEL_HANDLE_WAITS;
        thread->result = RPCANCEL_RESULT_NONE;
    }
    return rpcancel_step(choices, world, operation);
}

static void change_nothing(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    (void)was;
    (void)is;
}

MUTANT(repeated_refused)
{
    struct rpcancel_handle thread = *handle_of(world, operation);
    if (is_cancel_of_thread(operation) && rpcancel_is_in_stub(thread) && thread.unused)
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    return step_minding_cancels(choices, world, operation, change_nothing);
}

MUTANT(idle_pending)
{
    enum { PENDING = 1 };
    struct rpcancel_handle *thread = handle_of(world, operation);
    bool is_early = is_cancel_of_thread(operation) && rpcancel_is_free_thread(*thread);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (is_early)
        thread->unused = PENDING;
    if (operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL && rpcancel_answer_happened(answer) &&
        thread->unused == PENDING) {
        thread->unused = 0;
        operation.kind = RPCANCEL_OP_CANCEL_THREAD;
        rpcancel_step(choices, world, operation);
    }
    return answer;
}

MUTANT(idle_refused)
{
    if (is_cancel_of_thread(operation) && rpcancel_is_free_thread(*handle_of(world, operation)))
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    return rpcancel_step(choices, world, operation);
}

static void cancel_where_cancelled(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    bool is_open = is->result == RPCANCEL_RESULT_SUCCESS || is->result == RPCANCEL_RESULT_LINK_LOST;
    if (was.unused && rpcancel_is_in_stub(was) && is->phase == RPCANCEL_HANDLE_RETURNED && is_open)
        is->result = RPCANCEL_RESULT_CANCELLED;
}

MUTANT(cancelled_is_1818)
{
    return step_minding_cancels(choices, world, operation, cancel_where_cancelled);
}

static void be_unavailable_where_lost(struct rpcancel_handle was, struct rpcancel_handle *is)
{
    if (has_failed(was, *is) && is->result == RPCANCEL_RESULT_LINK_LOST)
        is->result = RPCANCEL_RESULT_UNAVAILABLE;
}

MUTANT(lost_is_1722)
{
    return step_and_change(choices, world, operation, be_unavailable_where_lost);
}

MUTANT(test_1791)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool is_not = operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD && !rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
    return is_not ? rpcancel_answer_code(RPCANCEL_S_CALL_IN_PROGRESS) : answer;
}

/* N33 */
MUTANT(by_handle_refused)
{
    const struct rpcancel_call *call = operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO
                                           ? served_on(world, operation.thread)
                                           : rpcancel_call_of(world, operation);
    bool is_asked = operation.kind == RPCANCEL_OP_TEST_CANCEL || operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO;
    bool is_synchronous = is_asked && call && call->synchronous;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    return is_synchronous && rpcancel_answer_happened(answer) ? rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE)
                                                              : answer;
}
