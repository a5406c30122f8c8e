// SPDX-License-Identifier: Apache-2.0
/*
 * Variants: runtimes as right as the reference that answer otherwise where the documents are silent, contradict each
 * other, or leave a choice. Each names the statement of docs/rules.md it makes use of.
 */
#include "mutants/mutants.h"
#include "mutants/notification.h"
#include "mutants/synchronous.h"
#include "mutants/words.h"
#include "status.h"

#define VARIANT(name)                                                                                        \
    static struct rpcancel_answer name(const struct rpcancel_choices *choices, struct rpcancel_world *world, \
                                       struct rpcancel_operation operation)

/* N58, N59 */
VARIANT(repeated_cancel_refused)
{
    unsigned phase = handle_of(world, operation)->phase;
    bool again = (operation.kind == RPCANCEL_OP_CANCEL && phase == RPCANCEL_HANDLE_CANCELLING) ||
                 (is_cancel(operation) && phase == RPCANCEL_HANDLE_ABORTED);
    return again ? rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_CALL) : rpcancel_step(choices, world, operation);
}

/* N60: the code */
VARIANT(late_cancel_refused)
{
    bool late = is_cancel(operation) && is_over(*handle_of(world, operation));
    return late ? rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_CALL) : rpcancel_step(choices, world, operation);
}

/* N60: today's pages no longer say that the result stays */
VARIANT(late_cancel_replaces_result)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *handle = handle_of(world, operation);
    if (is_cancel(operation) && is_over(*handle)) {
        handle->phase = RPCANCEL_HANDLE_FAILED;
        handle->result = RPCANCEL_RESULT_CANCELLED;
    }
    return answer;
}

/* N40, N46, N77 */
VARIANT(pending_until_notified)
{
    struct rpcancel_handle handle = *handle_of(world, operation);
    bool asked = operation.kind == RPCANCEL_OP_STATUS || operation.kind == RPCANCEL_OP_COMPLETE;
    if (asked && handle.phase == RPCANCEL_HANDLE_ABORTED && handle.notification == RPCANCEL_NOTIFICATION_PENDING)
        return rpcancel_answer_code(RPCANCEL_S_ASYNC_CALL_PENDING);
    return rpcancel_step(choices, world, operation);
}

/* N46: at once means without waiting for the server; the notification may take its time */
VARIANT(abort_announced_later)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_handle *handle = handle_of(world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && before.phase != handle->phase) {
        handle->notification = RPCANCEL_NOTIFICATION_NONE;
        handle->unused = 1;
    }
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_SETTLE && i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle *settled = &world->lanes[i].handle;
        if (settled->unused)
            settled->notification = RPCANCEL_NOTIFICATION_PENDING;
        settled->unused = 0;
    }
    if (handle->phase != RPCANCEL_HANDLE_ABORTED)
        handle->unused = 0;
    return answer;
}

/* N73 */
VARIANT(completed_after_cancel_is_cancelled)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle *handle = &world->lanes[i].handle;
        if (before.lanes[i].handle.phase == RPCANCEL_HANDLE_CANCELLING && handle->phase == RPCANCEL_HANDLE_ANSWERED) {
            handle->phase = RPCANCEL_HANDLE_FAILED;
            handle->result = RPCANCEL_RESULT_CANCELLED;
        }
    }
    return answer;
}

/* N81 */
VARIANT(server_told_of_cancel)
{
    bool cancelled = rpcancel_call_of(world, operation)->cancelled;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool ends = operation.kind == RPCANCEL_OP_SERVER_COMPLETE || operation.kind == RPCANCEL_OP_SERVER_ABORT;
    if (ends && cancelled && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        return rpcancel_answer_code(RPCANCEL_S_CALL_CANCELLED);
    return answer;
}

static struct rpcancel_answer test_after_disconnect(const struct rpcancel_choices *choices,
                                                    struct rpcancel_world *world, struct rpcancel_operation operation,
                                                    uint32_t code)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool tested = operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_happened(answer);
    return tested && world->link_lost ? rpcancel_answer_code(code) : answer;
}

/* N32 */
VARIANT(disconnected_is_cancelled)
{
    return test_after_disconnect(choices, world, operation, RPCANCEL_S_OK);
}

/* N32 */
VARIANT(disconnected_is_invalid)
{
    return test_after_disconnect(choices, world, operation, RPCANCEL_S_INVALID_BINDING);
}

/* N34, N62: an initialised handle without a call */
VARIANT(unused_handle_is_invalid_binding)
{
    bool asked = operation.kind == RPCANCEL_OP_STATUS || operation.kind == RPCANCEL_OP_COMPLETE || is_cancel(operation);
    if (asked && handle_of(world, operation)->phase == RPCANCEL_HANDLE_INITIALISED)
        return rpcancel_answer_code(RPCANCEL_S_INVALID_BINDING);
    return rpcancel_step(choices, world, operation);
}

/* N11: the reading of making-the-asynchronous-call */
VARIANT(reuse_needs_init)
{
    unsigned phase = handle_of(world, operation)->phase;
    if (operation.kind == RPCANCEL_OP_CALL && (phase == RPCANCEL_HANDLE_FINAL || phase == RPCANCEL_HANDLE_RAISED))
        return rpcancel_answer_exception(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return rpcancel_step(choices, world, operation);
}

/* N137 */
VARIANT(reserved_code_replaced)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (call->reply && call->outcome == RPCANCEL_RESULT_FAULT + RPCANCEL_FAULT_CANCELLED)
        call->outcome = RPCANCEL_RESULT_LINK_LOST;
    return answer;
}

/* The page does not say what a thread that was not given the handle is told. */
VARIANT(third_thread_refused)
{
    struct rpcancel_call call = *rpcancel_call_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool running = call.phase == RPCANCEL_CALL_DISPATCHED || call.phase == RPCANCEL_CALL_HANDED_OFF;
    bool own = operation.thread == RPCANCEL_THREAD_WORKER || (running && call.manager == operation.thread);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_happened(answer) && !own)
        return rpcancel_answer_code(RPCANCEL_S_INVALID_BINDING);
    return answer;
}

/* Which messages an abortive cancel sends is open: here both. */
VARIANT(abort_sends_cancel_too)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && before.phase != handle_of(world, operation)->phase)
        world->lanes[operation.handle].call.cancel = 1;
    return answer;
}

// clang-format off
#define VARIANT_OF(slice, name, function, text) \
    {name, text, function, true, RPCANCEL_MUTANT_ONE_CALL, RPCANCEL_PROFILE_DOCUMENTED_98, NULL, RPCANCEL_SLICE_##slice}
#define LIVES(name, function, text) VARIANT_OF(CORE, name, function, text)
#define RPCANCEL_Y(function, name, text) VARIANT_OF(NOTIFICATION, name, rpcancel_notification_##function, text),
#define RPCANCEL_Z(function, name, text) VARIANT_OF(SYNCHRONOUS, name, rpcancel_synchronous_##function, text),
// clang-format on

const struct rpcancel_mutant rpcancel_variants[] = {
    LIVES("repeated-cancel-refused", repeated_cancel_refused, "A cancel that adds nothing answers 1915 (N58, N59)."),
    LIVES("late-cancel-refused", late_cancel_refused, "A cancel after the answer answers 1915 (N60)."),
    {"late-cancel-replaces-result", "A cancel after the answer makes the result 1818 (N60; not under documented-98).",
     late_cancel_replaces_result, true, RPCANCEL_MUTANT_ONE_CALL, RPCANCEL_PROFILE_DOCUMENTED, NULL,
     RPCANCEL_SLICE_CORE},
    LIVES("pending-until-notified", pending_until_notified,
          "An abortively cancelled call is 997 until its notification was taken (N40, N77)."),
    LIVES("abort-announced-later", abort_announced_later,
          "The notification of an abortive cancel comes when everything settles (N46)."),
    LIVES("completed-after-cancel-is-cancelled", completed_after_cancel_is_cancelled,
          "A call completed by the server after a nonabortive cancel yields 1818 (N73)."),
    LIVES("server-told-of-cancel", server_told_of_cancel,
          "Completing or aborting a cancelled call answers 1818 at the server (N81)."),
    LIVES("disconnected-is-cancelled", disconnected_is_cancelled, "A call whose client is gone tests as 0 (N32)."),
    LIVES("disconnected-is-invalid", disconnected_is_invalid, "A call whose client is gone tests as 1702 (N32)."),
    LIVES("unused-handle-is-invalid-binding", unused_handle_is_invalid_binding,
          "An initialised handle without a call answers 1702 (N34, N62)."),
    LIVES("reuse-needs-init", reuse_needs_init, "A call on a final handle raises until it is initialised again (N11)."),
    LIVES("reserved-code-replaced", reserved_code_replaced, "A server's 1818 reaches the client as 1726 (N137)."),
    LIVES("third-thread-refused", third_thread_refused,
          "A test on a dispatcher that serves another call answers 1702 (no page speaks of it)."),
    LIVES("abort-sends-cancel-too", abort_sends_cancel_too,
          "An abortive cancel sends a cancel and an orphaned (no page says what it sends)."),
    RPCANCEL_NOTIFICATION_VARIANTS(RPCANCEL_Y) RPCANCEL_SYNCHRONOUS_VARIANTS(RPCANCEL_Z)};
const unsigned rpcancel_variant_count = sizeof rpcancel_variants / sizeof rpcancel_variants[0];
