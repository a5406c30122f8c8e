// SPDX-License-Identifier: Apache-2.0
#include "mutants/reported.h"

#include "mutants/words.h"
#include "status.h"

#define MUTANT(name)                                                                        \
    struct rpcancel_answer rpcancel_reported_##name(const struct rpcancel_choices *choices, \
                                                    struct rpcancel_world *world, struct rpcancel_operation operation)

static bool is_test(struct rpcancel_operation operation)
{
    return operation.kind == RPCANCEL_OP_TEST_CANCEL || operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO;
}

static bool ends_at_server(struct rpcancel_operation operation)
{
    return operation.kind == RPCANCEL_OP_SERVER_COMPLETE || operation.kind == RPCANCEL_OP_SERVER_ABORT;
}

/* The bits of a handle that the reference leaves unused, as these mutants use them. */
enum { MARKED = 1, ANNOUNCED_TWICE = 2 };

/* Announces once more what was just taken, if that was asked for. */
static void announce_again(struct rpcancel_world *world, struct rpcancel_operation operation,
                           struct rpcancel_answer answer)
{
    struct rpcancel_handle *handle = handle_of(world, operation);
    if (operation.kind != RPCANCEL_OP_AWAIT || !(handle->unused & ANNOUNCED_TWICE) ||
        !rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        return;
    handle->notification = RPCANCEL_NOTIFICATION_PENDING;
    handle->unused = 0;
}

/* Lets the handles that |mark| says go on waiting where a step ended their calls. */
static void let_marked_wait(struct rpcancel_world *world, const struct rpcancel_world *before, unsigned mark)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_handle was = before->lanes[i].handle;
        if ((was.unused & mark) && is_waiting(was) && is_over(world->lanes[i].handle))
            world->lanes[i].handle = was;
    }
}

/* ---- the server does not notice ---- */

MUTANT(test_never_notices)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool cancelled = is_test(operation) && rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
    return cancelled ? rpcancel_answer_code(RPCANCEL_S_CALL_IN_PROGRESS) : answer;
}

/* Cancels, or orphaneds, arrive and leave the call as it was; those that `settle` would deliver are taken away before.
 */
static struct rpcancel_answer step_ignoring(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation, bool orphaned)
{
    unsigned delivery = orphaned ? RPCANCEL_OP_DELIVER_ORPHANED : RPCANCEL_OP_DELIVER_CANCEL;
    for (unsigned i = 0; operation.kind == RPCANCEL_OP_SETTLE && i < 2 * RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_lane *lane = &world->lanes[i / 2];
        struct rpcancel_call *call = i % 2 ? &lane->earlier : &lane->call;
        if (orphaned)
            call->orphaned = 0;
        else
            call->cancel = 0;
    }
    struct rpcancel_call before = *rpcancel_call_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (operation.kind == delivery && rpcancel_answer_happened(answer) && rpcancel_call_alive(*call))
        call->cancelled = before.cancelled;
    return answer;
}

MUTANT(server_ignores_cancel)
{
    return step_ignoring(choices, world, operation, false);
}

MUTANT(server_ignores_orphaned)
{
    return step_ignoring(choices, world, operation, true);
}

/* ---- functions that are not there ---- */

MUTANT(cancel_is_a_stub)
{
    if (is_cancel(operation))
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return rpcancel_step(choices, world, operation);
}

MUTANT(status_is_a_stub)
{
    if (operation.kind == RPCANCEL_OP_STATUS)
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return rpcancel_step(choices, world, operation);
}

/* Answers |code| to operations of |kind| that could be carried out, and does not carry them out. */
static struct rpcancel_answer step_without(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                           struct rpcancel_operation operation, unsigned kind, uint32_t code)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != kind || !rpcancel_answer_happened(answer))
        return answer;
    *world = before;
    return rpcancel_answer_code(code);
}

MUTANT(abort_is_a_stub)
{
    return step_without(choices, world, operation, RPCANCEL_OP_SERVER_ABORT, RPCANCEL_S_INVALID_ASYNC_HANDLE);
}

MUTANT(completing_is_a_stub)
{
    return step_without(choices, world, operation, RPCANCEL_OP_SERVER_COMPLETE, RPCANCEL_S_CALL_FAILED);
}

/* ---- cancels that do something else ---- */

MUTANT(abortive_cancel_waits)
{
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT)
        operation.kind = RPCANCEL_OP_CANCEL;
    return rpcancel_step(choices, world, operation);
}

MUTANT(cancels_do_nothing)
{
    if (is_cancel(operation) && is_waiting(*handle_of(world, operation)))
        return rpcancel_answer_code(RPCANCEL_S_OK);
    return rpcancel_step(choices, world, operation);
}

MUTANT(early_cancel_hangs)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    if (operation.kind == RPCANCEL_OP_CANCEL && is_waiting(lane->handle) && lane->call.request)
        lane->handle.unused = MARKED;
    if (!world->link_lost)
        let_marked_wait(world, &before, MARKED);
    return answer;
}

MUTANT(cancel_hides_dead_peer)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL && is_waiting(*handle_of(world, operation)))
        handle_of(world, operation)->unused = MARKED;
    if (operation.kind == RPCANCEL_OP_LOSE_LINK)
        let_marked_wait(world, &before, MARKED);
    return answer;
}

MUTANT(abortive_cancel_succeeds)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && is_waiting(before))
        handle_of(world, operation)->result = RPCANCEL_RESULT_SUCCESS;
    return answer;
}

/* ---- completions twice, or not at all ---- */

MUTANT(cancelled_call_replies_twice)
{
    bool cancelled = rpcancel_call_of(world, operation)->cancelled;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool ended = ends_at_server(operation) && rpcancel_answer_is_code(answer, RPCANCEL_S_OK);
    if (ended && cancelled && !operation.earlier && is_waiting(*handle_of(world, operation)))
        handle_of(world, operation)->unused = ANNOUNCED_TWICE;
    announce_again(world, operation, answer);
    return answer;
}

MUTANT(late_cancel_withdraws)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (is_cancel(operation) && is_over(*handle_of(world, operation)))
        handle_of(world, operation)->notification = RPCANCEL_NOTIFICATION_NONE;
    return answer;
}

MUTANT(failed_cancel_announces)
{
    struct rpcancel_handle *handle = handle_of(world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL && handle->phase == RPCANCEL_HANDLE_CANCELLING) {
        handle->notification = RPCANCEL_NOTIFICATION_PENDING;
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    }
    return rpcancel_step(choices, world, operation);
}

MUTANT(abort_announced_twice)
{
    struct rpcancel_handle before = *handle_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_CANCEL_ABORT && is_waiting(before))
        handle_of(world, operation)->unused = ANNOUNCED_TWICE;
    announce_again(world, operation, answer);
    return answer;
}

MUTANT(late_reply_announces)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && !world->link_lost; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        if (before.lanes[i].call.reply && !lane->call.reply && lane->handle.phase == RPCANCEL_HANDLE_ABORTED)
            lane->handle.notification = RPCANCEL_NOTIFICATION_PENDING;
    }
    return answer;
}

MUTANT(notification_frees)
{
    struct rpcancel_handle handle = *handle_of(world, operation);
    bool asked = operation.kind == RPCANCEL_OP_STATUS || operation.kind == RPCANCEL_OP_COMPLETE;
    if (asked && handle.notification == RPCANCEL_NOTIFICATION_TAKEN)
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    return rpcancel_step(choices, world, operation);
}

/* Sends nothing of what the call just ended with. */
static void keep_silent(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    call->reply = 0;
    call->outcome = RPCANCEL_RESULT_NONE;
    if (operation.earlier && !rpcancel_call_alive(*call))
        *call = (struct rpcancel_call){0};
}

MUTANT(finish_after_test_lost)
{
    struct rpcancel_call before = *rpcancel_call_of(world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        call->unused = 1;
    else if (ends_at_server(operation) && before.unused && call->reply)
        keep_silent(world, operation);
    return answer;
}

MUTANT(cancelled_call_unanswered)
{
    bool cancelled = rpcancel_call_of(world, operation)->cancelled;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (ends_at_server(operation) && cancelled && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        keep_silent(world, operation);
    return answer;
}

MUTANT(cancel_is_answered)
{
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && !world->link_lost; i++) {
        struct rpcancel_lane *lane = &world->lanes[i];
        if (!before.lanes[i].call.cancel || lane->call.cancel || !is_waiting(lane->handle))
            continue;
        lane->handle.phase = RPCANCEL_HANDLE_FAILED;
        lane->handle.result = RPCANCEL_RESULT_CANCELLED;
        lane->handle.notification = RPCANCEL_NOTIFICATION_PENDING;
    }
    return answer;
}
