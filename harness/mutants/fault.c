// SPDX-License-Identifier: Apache-2.0
#include "mutants/fault.h"

#include <string.h>

#include "mutants/fault_parameters.h"

/* ---- cells ---- */

#define BIT(dimension) (1u << RPCANCEL_DIMENSION_##dimension)

/* The dimensions that tell the classes of an operation apart. */
static unsigned dimensions_of(unsigned kind)
{
    const unsigned server = BIT(CALL) | BIT(CANCELLED) | BIT(LINK);
    switch (kind) {
    case RPCANCEL_OP_CALL:
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        return BIT(HANDLE) | BIT(LINK);
    case RPCANCEL_OP_AWAIT:
        return BIT(HANDLE) | BIT(NOTIFICATION);
    case RPCANCEL_OP_INIT_BAD_MEMORY:
        return 0;
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
    case RPCANCEL_OP_HAND_OFF:
    case RPCANCEL_OP_RETURN:
    case RPCANCEL_OP_RAISE:
        return server;
    default:
        if (rpcancel_is_of_threads(kind))
            return BIT(HANDLE);
        if (kind < RPCANCEL_OP_AWAIT)
            return kind >= RPCANCEL_OP_STATUS && kind <= RPCANCEL_OP_CANCEL_ABORT ? BIT(HANDLE) | BIT(CALL)
                                                                                  : BIT(HANDLE);
        return kind <= RPCANCEL_OP_SETTLE ? BIT(HANDLE) | BIT(CALL) : server | BIT(THREAD);
    }
}

static unsigned value_of(enum rpcancel_fault_dimension dimension, const struct rpcancel_world *world,
                         struct rpcancel_operation operation)
{
    const struct rpcancel_lane *lane = &world->lanes[operation.handle];
    struct rpcancel_call call = operation.earlier ? lane->earlier : lane->call;
    switch (dimension) {
    case RPCANCEL_DIMENSION_HANDLE:
        return lane->handle.phase;
    case RPCANCEL_DIMENSION_NOTIFICATION:
        return lane->handle.notification;
    case RPCANCEL_DIMENSION_CALL:
        return call.phase;
    case RPCANCEL_DIMENSION_CANCELLED:
        return call.cancelled;
    case RPCANCEL_DIMENSION_LINK:
        return world->link_lost;
    default:
        return operation.thread == RPCANCEL_THREAD_WORKER;
    }
}

void rpcancel_fault_class(const struct rpcancel_world *world, struct rpcancel_operation operation,
                          uint8_t where[RPCANCEL_DIMENSIONS])
{
    unsigned dimensions = dimensions_of(operation.kind);
    for (unsigned i = 0; i < RPCANCEL_DIMENSIONS; i++)
        where[i] =
            dimensions >> i & 1u ? (uint8_t)(value_of((enum rpcancel_fault_dimension)i, world, operation) + 1) : 0;
}

static bool lies_in(const struct rpcancel_fault *fault, const struct rpcancel_world *world,
                    struct rpcancel_operation operation)
{
    uint8_t where[RPCANCEL_DIMENSIONS];
    if (operation.kind != fault->operation)
        return false;
    rpcancel_fault_class(world, operation, where);
    return memcmp(where, fault->where, sizeof where) == 0;
}

/* ---- another answer ---- */

static bool is_in_place_of(struct rpcancel_answer candidate, struct rpcancel_answer answer, unsigned kind)
{
    bool same = candidate.kind == answer.kind && candidate.code == answer.code;
    bool returns = answer.kind == RPCANCEL_ANSWER_CODE || answer.kind == RPCANCEL_ANSWER_EXCEPTION;
    if (same || answer.kind == RPCANCEL_ANSWER_DONE)
        return false;
    if (kind == RPCANCEL_OP_CALL) /* a stub returns nothing: it was issued, or it raised */
        return candidate.kind == RPCANCEL_ANSWER_EXCEPTION ? answer.kind == RPCANCEL_ANSWER_CODE
                                                           : rpcancel_answer_is_code(candidate, 0);
    return returns == (candidate.kind == RPCANCEL_ANSWER_CODE || candidate.kind == RPCANCEL_ANSWER_EXCEPTION);
}

/* ---- another state ---- */

bool rpcancel_fault_is_of_thread(const struct rpcancel_fault *fault)
{
    return rpcancel_is_of_threads(fault->operation) || fault->where[RPCANCEL_DIMENSION_HANDLE] > RPCANCEL_HANDLE_PHASES;
}

bool rpcancel_fault_is_apt(const struct rpcancel_fault *fault)
{
    bool is_place = fault->kind == RPCANCEL_FAULT_NEXT ||
                    (fault->kind == RPCANCEL_FAULT_GUARD && fault->parameter < RPCANCEL_PLACES);
    bool of_client = fault->parameter < RPCANCEL_CLIENT_PHASES;
    bool of_thread = rpcancel_fault_is_of_thread(fault);
    bool is_phase_of_thread = fault->parameter >= RPCANCEL_HANDLE_PHASES ||
                              (of_thread && fault->parameter == RPCANCEL_HANDLE_ZEROED); /* idle, and nothing is set */
    if (!is_place)
        return true;
    if (of_client && is_phase_of_thread != of_thread)
        return false;
    if (fault->operation == RPCANCEL_OP_LOSE_LINK || fault->operation == RPCANCEL_OP_SETTLE)
        return true;
    bool by_client = fault->operation <= RPCANCEL_OP_AWAIT || fault->operation == RPCANCEL_OP_DELIVER_REPLY ||
                     rpcancel_is_of_threads(fault->operation);
    return of_client == by_client;
}

static void go_to(struct rpcancel_world *world, struct rpcancel_operation operation, unsigned place)
{
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (place < RPCANCEL_CLIENT_PHASES)
        world->lanes[operation.handle].handle.phase = place & 15u;
    else if (!operation.earlier || rpcancel_call_alive(*call)) /* an earlier call that is over has no place left */
        call->phase = (place - RPCANCEL_CLIENT_PHASES) & 7u;
}

/* Gives |field| of |to| the value that it has in |from|. */
static void copy_field(struct rpcancel_world *to, const struct rpcancel_world *from,
                       struct rpcancel_operation operation, enum rpcancel_fault_field field)
{
    struct rpcancel_world source = *from;
    struct rpcancel_handle *handle = &to->lanes[operation.handle].handle;
    struct rpcancel_call *call = rpcancel_call_of(to, operation);
    const struct rpcancel_call was = *rpcancel_call_of(&source, operation);
    switch (field) {
    case RPCANCEL_FIELD_RESULT:
        handle->result = from->lanes[operation.handle].handle.result;
        break;
    case RPCANCEL_FIELD_NOTIFICATION:
        handle->notification = from->lanes[operation.handle].handle.notification;
        break;
    case RPCANCEL_FIELD_CANCELLED:
        call->cancelled = was.cancelled;
        break;
    case RPCANCEL_FIELD_REQUEST:
        call->request = was.request;
        break;
    case RPCANCEL_FIELD_CANCEL:
        call->cancel = was.cancel;
        break;
    case RPCANCEL_FIELD_ORPHANED:
        call->orphaned = was.orphaned;
        break;
    case RPCANCEL_FIELD_REPLY:
        call->reply = was.reply;
        call->outcome = was.outcome;
        break;
    case RPCANCEL_FIELD_OUTCOME:
        call->outcome = was.outcome;
        break;
    default:
        to->link_lost = from->link_lost;
        break;
    }
}

/* ---- once more ---- */

static unsigned count_of(enum rpcancel_fault_field field, struct rpcancel_handle handle, struct rpcancel_call call)
{
    switch (field) {
    case RPCANCEL_FIELD_NOTIFICATION:
        return handle.notification == RPCANCEL_NOTIFICATION_PENDING;
    case RPCANCEL_FIELD_REQUEST:
        return call.request;
    case RPCANCEL_FIELD_CANCEL:
        return call.cancel;
    case RPCANCEL_FIELD_ORPHANED:
        return call.orphaned;
    default:
        return call.reply;
    }
}

static bool is_there(const struct rpcancel_world *world, struct rpcancel_operation operation,
                     enum rpcancel_fault_field field)
{
    struct rpcancel_world copy = *world;
    return count_of(field, world->lanes[operation.handle].handle, *rpcancel_call_of(&copy, operation)) != 0;
}

/* That there is another is remembered where the reference leaves bits unused: of the handle, or of the call. */
static void remember_another(struct rpcancel_world *world, struct rpcancel_operation operation,
                             enum rpcancel_fault_field field, unsigned value)
{
    if (field == RPCANCEL_FIELD_NOTIFICATION)
        world->lanes[operation.handle].handle.unused = value & 1u;
    else
        rpcancel_call_of(world, operation)->unused = value & 1u;
}

static bool has_another(const struct rpcancel_world *world, struct rpcancel_operation operation,
                        enum rpcancel_fault_field field)
{
    struct rpcancel_world copy = *world;
    if (field == RPCANCEL_FIELD_NOTIFICATION)
        return world->lanes[operation.handle].handle.unused;
    return rpcancel_call_of(&copy, operation)->unused;
}

/* Whether the one in |before| was used up by the step that led to |after|, and not swept away. */
static bool was_used_up(const struct rpcancel_world *before, const struct rpcancel_world *after,
                        struct rpcancel_operation call, enum rpcancel_fault_field field)
{
    if (!has_another(after, call, field) || !is_there(before, call, field) || is_there(after, call, field))
        return false;
    if (field == RPCANCEL_FIELD_NOTIFICATION)
        return after->lanes[call.handle].handle.notification == RPCANCEL_NOTIFICATION_TAKEN;
    return before->link_lost == after->link_lost;
}

/* Puts back what a step used up and there is another of. Returns whether there was any. */
static bool put_back(enum rpcancel_fault_field field, const struct rpcancel_world *before, struct rpcancel_world *world)
{
    bool any = false;
    for (unsigned i = 0; i < 2 * RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_operation call = {.handle = i / 2 & 3u, .earlier = i % 2 & 1u};
        if ((call.earlier && field == RPCANCEL_FIELD_NOTIFICATION) || !was_used_up(before, world, call, field))
            continue;
        copy_field(world, before, call, field);
        remember_another(world, call, field, 0);
        any = true;
    }
    return any;
}

static struct rpcancel_answer step_doubled(const struct rpcancel_fault *fault, const struct rpcancel_choices *choices,
                                           struct rpcancel_world *world, struct rpcancel_operation operation)
{
    enum rpcancel_fault_field field = (enum rpcancel_fault_field)fault->parameter;
    struct rpcancel_world before = *world;
    bool here = lies_in(fault, world, operation);
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (here && !is_there(&before, operation, field) && is_there(world, operation, field))
        remember_another(world, operation, field, 1);
    bool again = put_back(field, &before, world);
    if (again && operation.kind == RPCANCEL_OP_SETTLE) /* the second arrives as well */
        rpcancel_step(choices, world, operation);
    return answer;
}

/* ---- a guard less ---- */

static struct rpcancel_answer step_unguarded(const struct rpcancel_fault *fault, const struct rpcancel_choices *choices,
                                             struct rpcancel_world *world, struct rpcancel_operation operation)
{
    struct rpcancel_world plain = *world, bold = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, &plain, operation);
    bool is_error = (answer.kind == RPCANCEL_ANSWER_CODE && answer.code != 0) ||
                    answer.kind == RPCANCEL_ANSWER_EXCEPTION || answer.kind == RPCANCEL_ANSWER_NULL;
    struct rpcancel_operation asked = operation;
    if (fault->parameter == RPCANCEL_GUARD_LINK)
        bold.link_lost = 0;
    else if (fault->parameter == RPCANCEL_GUARD_OPERATION)
        asked.kind = (uint8_t)rpcancel_fault_instead_of(operation.kind);
    else
        go_to(&bold, operation, fault->parameter);
    struct rpcancel_world as_if = bold;
    struct rpcancel_answer other = rpcancel_step(choices, &bold, rpcancel_operation_canonical(asked));
    /* Where the state allows what it would not: error or not, a lost link keeps a reply from going out. */
    bool is_guarded = is_error || (fault->parameter == RPCANCEL_GUARD_LINK && world->link_lost);
    if (!is_guarded || !rpcancel_answer_happened(other)) {
        *world = plain;
        return answer;
    }
    if (fault->parameter < RPCANCEL_GUARD_LINK) { /* what it did not change is as it was */
        struct rpcancel_lane *lane = &bold.lanes[operation.handle];
        const struct rpcancel_lane *supposed = &as_if.lanes[operation.handle];
        if (lane->handle.phase == supposed->handle.phase)
            lane->handle.phase = world->lanes[operation.handle].handle.phase;
        if (rpcancel_call_of(&bold, operation)->phase == rpcancel_call_of(&as_if, operation)->phase)
            rpcancel_call_of(&bold, operation)->phase = rpcancel_call_of(world, operation)->phase;
    }
    bold.link_lost = plain.link_lost;
    *world = bold;
    return other;
}

struct rpcancel_answer rpcancel_fault_step(const struct rpcancel_fault *fault, const struct rpcancel_choices *choices,
                                           struct rpcancel_world *world, struct rpcancel_operation operation)
{
    if (fault->kind == RPCANCEL_FAULT_DOUBLED)
        return step_doubled(fault, choices, world, operation);
    if (fault->kind == RPCANCEL_FAULT_NONE || !lies_in(fault, world, operation))
        return rpcancel_step(choices, world, operation);
    if (fault->kind == RPCANCEL_FAULT_GUARD)
        return step_unguarded(fault, choices, world, operation);
    struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (!rpcancel_answer_happened(answer))
        return answer;
    if (fault->kind == RPCANCEL_FAULT_NEXT)
        go_to(world, operation, fault->parameter);
    else if (fault->kind == RPCANCEL_FAULT_DROPPED)
        copy_field(world, &before, operation, (enum rpcancel_fault_field)fault->parameter);
    else if (is_in_place_of(rpcancel_fault_answer(fault->parameter), answer, operation.kind))
        answer = rpcancel_fault_answer(fault->parameter);
    return answer;
}

int rpcancel_fault_compare(const void *a, const void *b)
{
    const struct rpcancel_fault *left = a, *right = b;
    if (left->operation != right->operation)
        return left->operation - right->operation;
    int where = memcmp(left->where, right->where, sizeof left->where);
    if (where != 0)
        return where;
    return left->kind != right->kind ? left->kind - right->kind : left->parameter - right->parameter;
}
