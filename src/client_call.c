// SPDX-License-Identifier: Apache-2.0
/*
 * The client-call machine: what the functions a client calls on its RPC_ASYNC_STATE return, and what they change.
 *
 * `machine` is meant to be read beside the client table of docs/rules.md (rows K0 … K8). Cells for which the
 * documents name no answer carry the reference's choice.
 */
#include "machines.h"

#include "status.h"
#include "subscription.h"

/* What a cell answers. */
enum reply {
    OK,         /* 0 */
    PENDING,    /* 997 */
    INVALID,    /* 1914 */
    NO_CALL,    /* choices->no_call */
    UNUSED,     /* choices->no_call_used */
    WRONG_ROLE, /* choices->wrong_role */
    RESULT,     /* the code of the handle's result */
    UNDEFINED   /* undefined or forbidden by the documents */
};

/* What a cell does besides moving to the next phase. */
enum effect { NOTHING, FORGET, SEND_CANCEL, SEND_ORPHANED };

struct cell {
    uint8_t reply;
    uint8_t next; /* enum rpcancel_handle_phase */
    uint8_t effect;
};

enum column { INIT, STATUS, COMPLETE, CANCEL, CANCEL_ABORT, ABORT, COLUMNS };

// clang-format off
#define STAY(phase, reply) {reply, RPCANCEL_HANDLE_##phase, NOTHING}
#define GO(phase, reply, effect) {reply, RPCANCEL_HANDLE_##phase, effect}
// clang-format on

static const struct cell machine[RPCANCEL_HANDLE_PHASES][COLUMNS] = {
    [RPCANCEL_HANDLE_ZEROED] = {[INIT] = GO(INITIALISED, OK, FORGET),
                                [STATUS] = STAY(ZEROED, NO_CALL),
                                [COMPLETE] = STAY(ZEROED, INVALID),
                                [CANCEL] = STAY(ZEROED, INVALID),
                                [CANCEL_ABORT] = STAY(ZEROED, INVALID),
                                [ABORT] = STAY(ZEROED, INVALID)},
    [RPCANCEL_HANDLE_CORRUPTED] = {[INIT] = GO(INITIALISED, OK, FORGET),
                                   [STATUS] = STAY(CORRUPTED, INVALID),
                                   [COMPLETE] = STAY(CORRUPTED, INVALID),
                                   [CANCEL] = STAY(CORRUPTED, INVALID),
                                   [CANCEL_ABORT] = STAY(CORRUPTED, INVALID),
                                   [ABORT] = STAY(CORRUPTED, INVALID)},
    [RPCANCEL_HANDLE_INITIALISED] = {[INIT] = GO(INITIALISED, OK, FORGET),
                                     [STATUS] = STAY(INITIALISED, NO_CALL),
                                     [COMPLETE] = STAY(INITIALISED, UNUSED),
                                     [CANCEL] = STAY(INITIALISED, UNUSED),
                                     [CANCEL_ABORT] = STAY(INITIALISED, UNUSED),
                                     [ABORT] = STAY(INITIALISED, UNUSED)},
    [RPCANCEL_HANDLE_RAISED] = {[INIT] = GO(INITIALISED, OK, FORGET),
                                [STATUS] = STAY(RAISED, NO_CALL),
                                [COMPLETE] = STAY(RAISED, UNUSED),
                                [CANCEL] = STAY(RAISED, UNUSED),
                                [CANCEL_ABORT] = STAY(RAISED, UNUSED),
                                [ABORT] = STAY(RAISED, UNUSED)},
    [RPCANCEL_HANDLE_OUTSTANDING] = {[INIT] = STAY(OUTSTANDING, UNDEFINED),
                                     [STATUS] = STAY(OUTSTANDING, PENDING),
                                     [COMPLETE] = STAY(OUTSTANDING, PENDING),
                                     [CANCEL] = GO(CANCELLING, OK, SEND_CANCEL),
                                     [CANCEL_ABORT] = GO(ABORTED, OK, SEND_ORPHANED),
                                     [ABORT] = STAY(OUTSTANDING, WRONG_ROLE)},
    [RPCANCEL_HANDLE_CANCELLING] = {[INIT] = STAY(CANCELLING, UNDEFINED),
                                    [STATUS] = STAY(CANCELLING, PENDING),
                                    [COMPLETE] = STAY(CANCELLING, PENDING),
                                    [CANCEL] = GO(CANCELLING, OK, SEND_CANCEL),
                                    [CANCEL_ABORT] = GO(ABORTED, OK, SEND_ORPHANED),
                                    [ABORT] = STAY(CANCELLING, WRONG_ROLE)},
    [RPCANCEL_HANDLE_ABORTED] = {[INIT] = STAY(ABORTED, UNDEFINED),
                                 [STATUS] = STAY(ABORTED, RESULT),
                                 [COMPLETE] = GO(FINAL, RESULT, FORGET),
                                 [CANCEL] = STAY(ABORTED, OK),
                                 [CANCEL_ABORT] = STAY(ABORTED, OK),
                                 [ABORT] = STAY(ABORTED, WRONG_ROLE)},
    [RPCANCEL_HANDLE_ANSWERED] = {[INIT] = STAY(ANSWERED, UNDEFINED),
                                  [STATUS] = STAY(ANSWERED, RESULT),
                                  [COMPLETE] = GO(FINAL, RESULT, FORGET),
                                  [CANCEL] = STAY(ANSWERED, OK),
                                  [CANCEL_ABORT] = STAY(ANSWERED, OK),
                                  [ABORT] = STAY(ANSWERED, WRONG_ROLE)},
    [RPCANCEL_HANDLE_FAILED] = {[INIT] = STAY(FAILED, UNDEFINED),
                                [STATUS] = STAY(FAILED, RESULT),
                                [COMPLETE] = GO(FINAL, RESULT, FORGET),
                                [CANCEL] = STAY(FAILED, OK),
                                [CANCEL_ABORT] = STAY(FAILED, OK),
                                [ABORT] = STAY(FAILED, WRONG_ROLE)},
    [RPCANCEL_HANDLE_FINAL] = {[INIT] = GO(INITIALISED, OK, FORGET),
                               [STATUS] = STAY(FINAL, NO_CALL),
                               [COMPLETE] = STAY(FINAL, UNDEFINED),
                               [CANCEL] = STAY(FINAL, UNDEFINED),
                               [CANCEL_ABORT] = STAY(FINAL, UNDEFINED),
                               [ABORT] = STAY(FINAL, WRONG_ROLE)},
};

static const uint8_t column_of[RPCANCEL_OPERATION_KINDS] = {
    [RPCANCEL_OP_INIT] = INIT,
    [RPCANCEL_OP_STATUS] = STATUS,
    [RPCANCEL_OP_COMPLETE] = COMPLETE,
    [RPCANCEL_OP_CANCEL] = CANCEL,
    [RPCANCEL_OP_CANCEL_ABORT] = CANCEL_ABORT,
    [RPCANCEL_OP_ABORT] = ABORT,
};

void rpcancel_handle_end(struct rpcancel_handle *handle, unsigned result)
{
    bool success = result == RPCANCEL_RESULT_SUCCESS;
    handle->phase = success ? RPCANCEL_HANDLE_ANSWERED : RPCANCEL_HANDLE_FAILED;
    handle->result = result & 15u;
    handle->notification = RPCANCEL_NOTIFICATION_PENDING;
}

static void apply(struct rpcancel_lane *lane, enum effect effect)
{
    switch (effect) {
    case FORGET:
        lane->handle.result = RPCANCEL_RESULT_NONE;
        lane->handle.notification = RPCANCEL_NOTIFICATION_NONE;
        break;
    case SEND_CANCEL:
        lane->call.cancel = 1;
        break;
    case SEND_ORPHANED:
        lane->call.orphaned = 1;
        lane->handle.result = RPCANCEL_RESULT_CANCELLED;
        lane->handle.notification = RPCANCEL_NOTIFICATION_PENDING;
        break;
    default:
        break;
    }
}

static struct rpcancel_answer answer_of(const struct rpcancel_choices *choices, enum reply reply, unsigned result)
{
    switch (reply) {
    case OK:
        return rpcancel_answer_code(RPCANCEL_S_OK);
    case PENDING:
        return rpcancel_answer_code(RPCANCEL_S_ASYNC_CALL_PENDING);
    case INVALID:
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    case NO_CALL:
        return rpcancel_answer_code(choices->no_call);
    case UNUSED:
        return rpcancel_answer_code(choices->no_call_used);
    case WRONG_ROLE:
        return rpcancel_answer_code(choices->wrong_role);
    case RESULT:
        return rpcancel_answer_code(rpcancel_result_code(choices, result));
    default:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    }
}

static struct rpcancel_answer table_step(const struct rpcancel_choices *choices, struct rpcancel_lane *lane,
                                         struct rpcancel_operation operation)
{
    if (lane->handle.phase >= RPCANCEL_HANDLE_THREAD)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED); /* there is no such structure */
    const struct cell *cell = &machine[lane->handle.phase][column_of[operation.kind]];
    struct rpcancel_answer answer = answer_of(choices, cell->reply, lane->handle.result);
    lane->handle.phase = cell->next & 15u;
    apply(lane, cell->effect);
    if (operation.kind == RPCANCEL_OP_INIT && answer.kind == RPCANCEL_ANSWER_CODE)
        answer.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
    return answer;
}

/* A handle with a call on its way: documents forbid initialising or altering it. */
static bool is_busy(struct rpcancel_handle handle)
{
    return handle.phase >= RPCANCEL_HANDLE_OUTSTANDING && handle.phase <= RPCANCEL_HANDLE_FAILED;
}

static struct rpcancel_answer init_bad_size(struct rpcancel_lane *lane)
{
    if (is_busy(lane->handle))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    return rpcancel_answer_code(RPCANCEL_S_INVALID_ARG);
}

static struct rpcancel_answer corrupt(struct rpcancel_lane *lane)
{
    if (is_busy(lane->handle))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    if (lane->handle.phase == RPCANCEL_HANDLE_ZEROED || lane->handle.phase >= RPCANCEL_HANDLE_THREAD)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    lane->handle = (struct rpcancel_handle){.phase = RPCANCEL_HANDLE_CORRUPTED};
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

bool rpcancel_new_call(struct rpcancel_world *world, struct rpcancel_lane *lane)
{
    if (rpcancel_call_alive(lane->call)) {
        if (rpcancel_call_alive(lane->earlier))
            return false;
        lane->earlier = lane->call;
        if (rpcancel_has_subscriptions(world))
            rpcancel_move_subscriptions(world, (unsigned)(lane - world->lanes));
        lane->earlier.outcome = RPCANCEL_RESULT_NONE; /* nobody waits for it any more */
    }
    lane->call = (struct rpcancel_call){.request = 1};
    return true;
}

/* The stub: issues the call, or raises. A handle whose call is final may be used again without init (the reading of
 * RpcAsyncInitializeHandle for Windows XP and later). */
static struct rpcancel_answer issue(struct rpcancel_world *world, struct rpcancel_lane *lane)
{
    if (is_busy(lane->handle))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    if (lane->handle.phase == RPCANCEL_HANDLE_ZEROED || lane->handle.phase == RPCANCEL_HANDLE_CORRUPTED)
        return rpcancel_answer_exception(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    if (lane->handle.phase >= RPCANCEL_HANDLE_THREAD)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    if (world->link_lost) {
        lane->handle = (struct rpcancel_handle){.phase = RPCANCEL_HANDLE_RAISED};
        return rpcancel_answer_exception(RPCANCEL_S_SERVER_UNAVAILABLE);
    }
    if (!rpcancel_new_call(world, lane))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    lane->handle = (struct rpcancel_handle){.phase = RPCANCEL_HANDLE_OUTSTANDING};
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

/* RpcAsyncGetCallHandle is a macro that reads RuntimeInfo: NULL until a call was issued, and again once it is final and
 * everything the runtime held for it is freed. */
static struct rpcancel_answer get_call_handle(struct rpcancel_handle handle)
{
    return rpcancel_answer_kind(is_busy(handle) ? RPCANCEL_ANSWER_HANDLE : RPCANCEL_ANSWER_NULL);
}

static struct rpcancel_answer await(struct rpcancel_handle *handle)
{
    if (handle->notification != RPCANCEL_NOTIFICATION_PENDING)
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    handle->notification = RPCANCEL_NOTIFICATION_TAKEN;
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

struct rpcancel_answer rpcancel_client_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                            struct rpcancel_operation operation)
{
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    switch (operation.kind) {
    case RPCANCEL_OP_INIT_BAD_SIZE:
        return init_bad_size(lane);
    case RPCANCEL_OP_INIT_BAD_MEMORY:
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    case RPCANCEL_OP_CORRUPT:
        return corrupt(lane);
    case RPCANCEL_OP_CALL:
        return issue(world, lane);
    case RPCANCEL_OP_GET_CALL_HANDLE:
        return get_call_handle(lane->handle);
    case RPCANCEL_OP_AWAIT:
        return await(&lane->handle);
    default:
        return table_step(choices, lane, operation);
    }
}
