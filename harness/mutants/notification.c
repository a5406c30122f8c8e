// SPDX-License-Identifier: Apache-2.0
#include "mutants/notification.h"

#include <string.h>

#include "status.h"
#include "subscription.h"

#define MUTANT(name)                                     \
    struct rpcancel_answer rpcancel_notification_##name( \
        const struct rpcancel_choices *choices, struct rpcancel_world *world, struct rpcancel_operation operation)

/* Takes back what a step did to subscriptions, all of them. */
static void take_back(struct rpcancel_world *world, const struct rpcancel_world *before)
{
    memcpy(world->subscriptions, before->subscriptions, sizeof world->subscriptions);
}

static bool is_subscribing(struct rpcancel_operation operation)
{
    return operation.kind == RPCANCEL_OP_SUBSCRIBE || operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO;
}

static bool is_announced(const struct rpcancel_world *world, struct rpcancel_operation operation)
{
    return rpcancel_subscription_of(world, &world->lanes[operation.handle].call, RPCANCEL_EVENT_CANCEL) ==
           RPCANCEL_SUBSCRIPTION_DUE;
}

/* What the reference does, but for subscriptions, which stay as they were if |stay|. */
static struct rpcancel_answer step_beside_subscriptions(const struct rpcancel_choices *choices,
                                                        struct rpcancel_world *world,
                                                        struct rpcancel_operation operation, bool stay)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (stay)
        take_back(world, &before);
    return answer;
}

/* ---- defects ---- */

MUTANT(cancel_not_announced)
{
    bool arrives = operation.kind == RPCANCEL_OP_DELIVER_CANCEL || operation.kind == RPCANCEL_OP_SETTLE;
    return step_beside_subscriptions(choices, world, operation, arrives);
}

MUTANT(disconnect_not_announced)
{
    return step_beside_subscriptions(choices, world, operation, operation.kind == RPCANCEL_OP_LOSE_LINK);
}

MUTANT(announced_again)
{
    return step_beside_subscriptions(choices, world, operation, operation.kind == RPCANCEL_OP_TAKE);
}

MUTANT(announced_when_sent)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool is_late = operation.kind == RPCANCEL_OP_TAKE && operation.argument == RPCANCEL_EVENT_CANCEL &&
                   rpcancel_answer_is_code(answer, RPCANCEL_S_WAIT_TIMEOUT);
    struct rpcancel_call *call = rpcancel_call_of(world, operation);
    if (!is_late || !call->cancel ||
        rpcancel_subscription_of(world, call, RPCANCEL_EVENT_CANCEL) != RPCANCEL_SUBSCRIPTION_ARMED)
        return answer;
    rpcancel_announce(world, call, RPCANCEL_EVENT_CANCEL);
    return rpcancel_step(choices, world, operation);
}

MUTANT(announced_as_disconnect)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_DELIVER_CANCEL && rpcancel_answer_happened(answer)) {
        take_back(world, &before);
        rpcancel_announce(world, rpcancel_call_of(world, operation), RPCANCEL_EVENT_DISCONNECT);
    }
    return answer;
}

MUTANT(announced_to_all)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != RPCANCEL_OP_DELIVER_CANCEL || !rpcancel_answer_happened(answer))
        return answer;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        rpcancel_announce(world, &world->lanes[i].call, RPCANCEL_EVENT_CANCEL);
    return answer;
}

MUTANT(unsubscribing_does_nothing)
{
    return step_beside_subscriptions(choices, world, operation, operation.kind == RPCANCEL_OP_UNSUBSCRIBE);
}

MUTANT(unsubscribing_ends_both)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_UNSUBSCRIBE && rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        rpcancel_forget_subscriptions(world, rpcancel_call_of(world, operation));
    return answer;
}

MUTANT(unsubscribing_refused)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != RPCANCEL_OP_UNSUBSCRIBE || operation.thread != RPCANCEL_THREAD_WORKER ||
        !rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        return answer;
    take_back(world, &before);
    return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
}

MUTANT(second_kind_refused)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != RPCANCEL_OP_SUBSCRIBE || !rpcancel_answer_is_code(answer, RPCANCEL_S_OK) ||
        !rpcancel_is_subscribed(&before, rpcancel_call_of((struct rpcancel_world *)&before, operation)))
        return answer;
    take_back(world, &before);
    return rpcancel_answer_code(RPCANCEL_S_INVALID_ARG);
}

MUTANT(any_number_accepted)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool is_none = is_subscribing(operation) && operation.argument == RPCANCEL_EVENT_UNSUPPORTED;
    return is_none && rpcancel_answer_happened(answer) ? rpcancel_answer_code(RPCANCEL_S_OK) : answer;
}

MUTANT(no_type_accepted)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool is_none = is_subscribing(operation) && operation.argument == RPCANCEL_EVENT_NO_TYPE;
    return is_none && rpcancel_answer_happened(answer) ? rpcancel_answer_code(RPCANCEL_S_OK) : answer;
}

MUTANT(zero_refused)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind != RPCANCEL_OP_SUBSCRIBE_ZERO || !rpcancel_answer_is_code(answer, RPCANCEL_S_OK))
        return answer;
    take_back(world, &before);
    return rpcancel_answer_code(RPCANCEL_S_NO_CALL_ACTIVE);
}

/* ---- variants ---- */

MUTANT(announced_late)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_SUBSCRIBE && operation.argument == RPCANCEL_EVENT_CANCEL &&
        rpcancel_answer_is_code(answer, RPCANCEL_S_OK) && rpcancel_call_of(world, operation)->cancelled)
        rpcancel_announce(world, rpcancel_call_of(world, operation), RPCANCEL_EVENT_CANCEL);
    return answer;
}

MUTANT(stays_queued)
{
    bool was_announced = operation.kind == RPCANCEL_OP_UNSUBSCRIBE && is_announced(world, operation) &&
                         !operation.earlier && operation.argument == RPCANCEL_EVENT_CANCEL;
    return step_beside_subscriptions(choices, world, operation, was_announced);
}

MUTANT(orphaned_is_disconnect)
{
    const struct rpcancel_world before = *world;
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    if (operation.kind == RPCANCEL_OP_DELIVER_ORPHANED && rpcancel_answer_happened(answer)) {
        take_back(world, &before);
        rpcancel_announce(world, rpcancel_call_of(world, operation), RPCANCEL_EVENT_DISCONNECT);
    }
    return answer;
}

MUTANT(no_attributes)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    bool is_asked = operation.kind == RPCANCEL_OP_CALL_ATTRIBUTES && rpcancel_answer_happened(answer);
    return is_asked ? rpcancel_answer_code(RPCANCEL_S_CANNOT_SUPPORT) : answer;
}
