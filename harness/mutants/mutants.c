// SPDX-License-Identifier: Apache-2.0
/*
 * Mutants: what goes wrong in real runtimes, one defect each. Where a defect has to remember something it uses the
 * bits of the world that the reference leaves unused.
 */
#include "mutants/notification.h"
#include "mutants/reported.h"
#include "mutants/synchronous.h"
#include "mutants/words.h"
#include "status.h"

#define MUTANT(name)                                                                                         \
    static struct rpcancel_answer name(const struct rpcancel_choices *choices, struct rpcancel_world *world, \
                                       struct rpcancel_operation operation)

static void complete_with(struct rpcancel_handle *handle, unsigned result)
{
    handle->phase = result == RPCANCEL_RESULT_SUCCESS ? RPCANCEL_HANDLE_ANSWERED : RPCANCEL_HANDLE_FAILED;
    handle->result = result & 15u;
    handle->notification = RPCANCEL_NOTIFICATION_PENDING;
}

static bool is_running(struct rpcancel_call call)
{
    return call.phase == RPCANCEL_CALL_DISPATCHED || call.phase == RPCANCEL_CALL_HANDED_OFF;
}

/* ---- RpcServerTestCancel ---- */

MUTANT(test_cancel_consumes_flag)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        rpcancel_call_of(world, operation)->cancelled = 0;
    return answer;
}

MUTANT(test_cancel_clears_another_call)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_happened(answer)) {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
            if (i != operation.handle)
                world->lanes[i].call.cancelled = 0;
        }
    }
    return answer;
}

MUTANT(test_cancel_zero_answers_for_another_thread)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != RPCANCEL_OP_TEST_CANCEL_ZERO)
        return answer;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_call call = world->lanes[i].call;
        if (is_running(call) && call.manager != operation.thread)
            return rpcancel_answer_code(call.cancelled ? RPCANCEL_S_OK : RPCANCEL_S_CALL_IN_PROGRESS);
    }
    return answer;
}

MUTANT(test_cancel_accepts_any_handle)
{
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_INVALID)
        return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
    return rpcancel_step(choices, world, operation);
}

MUTANT(test_cancel_fails_on_worker)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool on_worker = operation.kind == RPCANCEL_OP_TEST_CANCEL && operation.thread == RPCANCEL_THREAD_WORKER;
    return on_worker && rpcancel_answer_happened(answer) ? rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE) : answer;
}

MUTANT(test_cancel_says_cancelled)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool cancelled = operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
    return cancelled ? rpcancel_answer_code(RPCANCEL_S_CALL_CANCELLED) : answer;
}

/* ---- cancels on their way ---- */

MUTANT(cancel_lost_before_hand_off)
{
    struct rpcancel_call before = *rpcancel_call_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_DELIVER_CANCEL && before.phase == RPCANCEL_CALL_DISPATCHED)
        rpcancel_call_of(world, operation)->cancelled = before.cancelled;
    return answer;
}

MUTANT(cancel_lost_while_queued)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_DISPATCH && rpcancel_answer_happened(answer))
        rpcancel_call_of(world, operation)->cancelled = 0;
    return answer;
}

MUTANT(cancel_hits_another_call)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_DELIVER_CANCEL && rpcancel_answer_happened(answer)) {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
            if (i != operation.handle && is_running(world->lanes[i].call))
                world->lanes[i].call.cancelled = 1;
        }
    }
    return answer;
}

MUTANT(abortive_cancel_not_sent)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        world->lanes[operation.handle].call.orphaned = 0;
    return answer;
}

MUTANT(nonabortive_cancel_not_sent)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL)
        world->lanes[operation.handle].call.cancel = 0;
    return answer;
}

/* ---- what a cancel does at the client ---- */

MUTANT(escalation_ignored)
{
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && handle_of(world, operation)->phase == RPCANCEL_HANDLE_CANCELLING)
        return rpcancel_answer_code(RPCANCEL_S_OK);
    return rpcancel_step(choices, world, operation);
}

MUTANT(nonabortive_cancel_completes_at_once)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL && before.phase == RPCANCEL_HANDLE_OUTSTANDING)
        complete_with(handle_of(world, operation), RPCANCEL_RESULT_CANCELLED);
    return answer;
}

/* A second nonabortive cancel marks the handle; the reply to a marked one is swallowed. */
MUTANT(second_cancel_loses_completion)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL &&
        before.lanes[operation.handle].handle.phase == RPCANCEL_HANDLE_CANCELLING)
        handle_of(world, operation)->unused = 1;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle was = before.lanes[i].handle;
        if (was.unused && is_waiting(was) && is_over(world->lanes[i].handle) && !world->link_lost)
            world->lanes[i].handle = was;
    }
    return answer;
}

MUTANT(late_cancel_announces_again)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL && is_over(*handle_of(world, operation)))
        handle_of(world, operation)->notification = RPCANCEL_NOTIFICATION_PENDING;
    return answer;
}

MUTANT(completion_announced_twice)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_AWAIT && !before.unused && rpcancel_answer_is_code(answer, RPCANCEL_S_OK)) {
        handle_of(world, operation)->notification = RPCANCEL_NOTIFICATION_PENDING;
        handle_of(world, operation)->unused = 1;
    }
    return answer;
}

MUTANT(abortive_cancel_never_announced)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && is_waiting(before))
        handle_of(world, operation)->notification = RPCANCEL_NOTIFICATION_NONE;
    return answer;
}

MUTANT(cancel_refused_once_dispatched)
{
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    if (operation.kind == RPCANCEL_OP_CANCEL && is_waiting(lane->handle) && is_running(lane->call))
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return rpcancel_step(choices, world, operation);
}

/* ---- replies ---- */

MUTANT(late_reply_completes_new_call)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && !world->link_lost; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        if (before.lanes[i].earlier.reply && !lane->earlier.reply && is_waiting(lane->handle))
            complete_with(&lane->handle, RPCANCEL_RESULT_SUCCESS);
    }
    return answer;
}

MUTANT(late_reply_replaces_cancellation)
{
    struct rpcancel_lane before = world->lanes[operation.handle];
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool late = operation.kind == RPCANCEL_OP_DELIVER_REPLY && !operation.earlier && rpcancel_answer_happened(answer);
    if (late && before.handle.phase == RPCANCEL_HANDLE_ABORTED)
        handle_of(world, operation)->result = before.call.outcome;
    return answer;
}

MUTANT(abort_seen_as_success)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (operation.kind == RPCANCEL_OP_SERVER_ABORT && call->reply)
        call->outcome = RPCANCEL_RESULT_SUCCESS;
    return answer;
}

MUTANT(fault_code_lost)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (operation.kind == RPCANCEL_OP_SERVER_ABORT && call->reply)
        call->outcome = RPCANCEL_RESULT_LINK_LOST;
    return answer;
}

MUTANT(raise_not_sent)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_RAISE && rpcancel_answer_happened(answer))
        rpcancel_call_of(world, operation)->reply = 0;
    return answer;
}

MUTANT(return_of_manager_completes)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (operation.kind == RPCANCEL_OP_RETURN && call->phase == RPCANCEL_CALL_ON_WORKER && !world->link_lost) {
        call->reply = 1;
        call->outcome = RPCANCEL_RESULT_SUCCESS;
    }
    return answer;
}

MUTANT(lost_link_unnoticed)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_LOSE_LINK && i < RPCANCEL_HANDLES_MAX; i++)
        world->lanes[i].handle = before.lanes[i].handle;
    return answer;
}

/* ---- status, completion, initialisation ---- */

MUTANT(completing_early_is_final)
{
    if (operation.kind == RPCANCEL_OP_COMPLETE && is_waiting(*handle_of(world, operation))) {
        *handle_of(world, operation) = (struct rpcancel_handle){.phase = RPCANCEL_HANDLE_FINAL};
        return rpcancel_answer_code(RPCANCEL_S_CALL_CANCELLED);
    }
    return rpcancel_step(choices, world, operation);
}

MUTANT(status_consumes_completion)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_STATUS && is_over(*handle_of(world, operation)))
        handle_of(world, operation)->phase = RPCANCEL_HANDLE_OUTSTANDING;
    return answer;
}

MUTANT(status_cancelled_before_answer)
{
    if (operation.kind == RPCANCEL_OP_STATUS && handle_of(world, operation)->phase == RPCANCEL_HANDLE_CANCELLING)
        return rpcancel_answer_code(RPCANCEL_S_CALL_CANCELLED);
    return rpcancel_step(choices, world, operation);
}

MUTANT(init_accepts_bad_size)
{
    if (operation.kind == RPCANCEL_OP_INIT_BAD_SIZE)
        operation = (struct rpcancel_operation){.kind = RPCANCEL_OP_INIT, .handle = operation.handle};
    return rpcancel_step(choices, world, operation);
}

/* The flag lies in the structure and is not cleared when it is used again. */
MUTANT(cancel_survives_reuse)
{
    struct rpcancel_handle *handle = handle_of(world, operation);
    bool was_cancelled = handle->unused;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL && handle->phase == RPCANCEL_HANDLE_CANCELLING)
        handle->unused = 1;
    if (operation.kind == RPCANCEL_OP_CALL && was_cancelled && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        world->lanes[operation.handle].call.cancelled = 1;
    return answer;
}

// clang-format off
#define MUTANT_OF(slice, name, function, text, source, calls) \
    {name, text, function, false, RPCANCEL_MUTANT_##calls, RPCANCEL_PROFILE_DOCUMENTED, source, RPCANCEL_SLICE_##slice}
#define ONE_CALL(name, function, text) MUTANT_OF(CORE, name, function, text, NULL, ONE_CALL)
#define TWO_CALLS(name, function, text) MUTANT_OF(CORE, name, function, text, NULL, TWO_CALLS)
#define REPORTED(name, function, text, source) MUTANT_OF(CORE, name, function, text, source, ONE_CALL)
#define RPCANCEL_X(function, name, text, source) REPORTED(name, rpcancel_reported_##function, text, source),
#define RPCANCEL_Y(function, name, text, calls) MUTANT_OF(NOTIFICATION, name, rpcancel_notification_##function, text, NULL, calls),
#define RPCANCEL_Z(function, name, text, source, calls) MUTANT_OF(SYNCHRONOUS, name, rpcancel_synchronous_##function, text, source, calls),
// clang-format on

const struct rpcancel_mutant rpcancel_defects[] = {
    ONE_CALL("test-cancel-consumes-flag", test_cancel_consumes_flag, "A test that says cancelled clears the flag."),
    TWO_CALLS("test-cancel-clears-another-call", test_cancel_clears_another_call,
              "A test on one call clears the flags of the others."),
    ONE_CALL("test-cancel-zero-answers-for-another-thread", test_cancel_zero_answers_for_another_thread,
             "A test with 0 tells of a call that another thread serves."),
    ONE_CALL("test-cancel-accepts-any-handle", test_cancel_accepts_any_handle,
             "A handle that is none is taken for a call that ended."),
    ONE_CALL("test-cancel-fails-on-worker", test_cancel_fails_on_worker,
             "A test with the call's handle works on the dispatcher only."),
    REPORTED("test-cancel-says-1818", test_cancel_says_cancelled,
             "A test of a cancelled call answers 1818 instead of 0.",
             "github Nulifyer/wine @154527f6 dlls/rpcrt4/rpc_server.c"),
    REPORTED("cancel-lost-before-hand-off", cancel_lost_before_hand_off,
             "A cancel that arrives while the manager routine still has the call is forgotten.",
             "https://github.com/chimera-nas/chimera/issues/1134"),
    ONE_CALL("cancel-lost-while-queued", cancel_lost_while_queued,
             "A cancel that arrives before dispatch is forgotten."),
    MUTANT_OF(CORE, "cancel-hits-another-call", cancel_hits_another_call, "A cancel marks every running call.",
              "https://github.com/marmos91/dittofs/issues/2414", TWO_CALLS),
    REPORTED("abortive-cancel-not-sent", abortive_cancel_not_sent, "An abortive cancel never reaches the server.",
             "https://github.com/apache/brpc/issues/122"),
    REPORTED("nonabortive-cancel-not-sent", nonabortive_cancel_not_sent,
             "A nonabortive cancel never reaches the server.", "https://github.com/apache/brpc/issues/122"),
    ONE_CALL("escalation-ignored", escalation_ignored,
             "An abortive cancel after a nonabortive one is accepted and does nothing."),
    ONE_CALL("nonabortive-completes-at-once", nonabortive_cancel_completes_at_once,
             "A nonabortive cancel completes the call without waiting for the server."),
    REPORTED("second-cancel-loses-completion", second_cancel_loses_completion,
             "After a second nonabortive cancel the reply completes nothing.",
             "https://github.com/daos-stack/cart/pull/115"),
    REPORTED("late-cancel-announces-again", late_cancel_announces_again,
             "A cancel after the answer announces the completion once more.",
             "https://github.com/microsoft/libHttpClient/pull/557"),
    REPORTED("completion-twice", completion_announced_twice, "Every completion is announced twice.",
             "https://github.com/daos-stack/daos/pull/6251"),
    ONE_CALL("abortive-cancel-never-announced", abortive_cancel_never_announced,
             "An abortive cancel completes the call without announcing it."),
    ONE_CALL("cancel-refused-once-dispatched", cancel_refused_once_dispatched,
             "A nonabortive cancel of a call the server works on is refused."),
    MUTANT_OF(CORE, "late-reply-completes-new-call", late_reply_completes_new_call,
              "The reply of an earlier call completes the new call of a reused handle.",
              "https://github.com/sahlberg/libiscsi/pull/222", EARLIER_CALL),
    {"late-reply-replaces-cancellation", "A reply that comes after an abortive cancel becomes its result.",
     late_reply_replaces_cancellation, false, RPCANCEL_MUTANT_ONE_CALL, RPCANCEL_PROFILE_DOCUMENTED_98,
     "https://support.microsoft.com/en-us/kb/889178", RPCANCEL_SLICE_CORE},
    ONE_CALL("abort-seen-as-success", abort_seen_as_success, "A call the server aborted succeeds at the client."),
    ONE_CALL("fault-code-lost", fault_code_lost, "A call the server aborted fails with a code of the link's."),
    ONE_CALL("raise-not-sent", raise_not_sent, "An exception in the manager routine is not sent to the client."),
    ONE_CALL("manager-return-completes", return_of_manager_completes,
             "The return of the manager routine completes a call that was handed off."),
    REPORTED("lost-link-unnoticed", lost_link_unnoticed, "The client goes on waiting when the link is lost.",
             "https://github.com/mercury-hpc/mercury/pull/347"),
    ONE_CALL("completing-early-is-final", completing_early_is_final,
             "Completing before the answer ends the call instead of saying it is pending."),
    ONE_CALL("status-consumes-completion", status_consumes_completion, "Polling a completed call makes it pending."),
    ONE_CALL("status-cancelled-before-answer", status_cancelled_before_answer,
             "The status is 1818 as soon as a nonabortive cancel was asked for."),
    ONE_CALL("init-accepts-bad-size", init_accepts_bad_size, "Any size is accepted."),
    ONE_CALL("cancel-survives-reuse", cancel_survives_reuse,
             "A call on a reused handle starts out cancelled because the last one was."),
    RPCANCEL_REPORTED(RPCANCEL_X) RPCANCEL_NOTIFICATION_DEFECTS(RPCANCEL_Y) RPCANCEL_SYNCHRONOUS_DEFECTS(RPCANCEL_Z)};
const unsigned rpcancel_defect_count = sizeof rpcancel_defects / sizeof rpcancel_defects[0];
