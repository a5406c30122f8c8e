// SPDX-License-Identifier: Apache-2.0
#include "subscription.h"

#include "status.h"

enum { BITS = 3, EVENTS = 2, MASK = 7, WORD = 16 };

static uint64_t load(const struct rpcancel_world *world)
{
    return world->subscriptions[0] | (uint64_t)world->subscriptions[1] << WORD |
           (uint64_t)world->subscriptions[2] << 2 * WORD;
}

static void store(struct rpcancel_world *world, uint64_t bits)
{
    for (unsigned i = 0; i < 3; i++)
        world->subscriptions[i] = (uint16_t)(bits >> i * WORD);
}

static unsigned place(unsigned number, unsigned event)
{
    return (number * EVENTS + event) * BITS;
}

unsigned rpcancel_subscription_of(const struct rpcancel_world *world, const struct rpcancel_call *call, unsigned event)
{
    return load(world) >> place(rpcancel_call_number(world, call), event) & MASK;
}

static void set(struct rpcancel_world *world, const struct rpcancel_call *call, unsigned event, unsigned state)
{
    unsigned at = place(rpcancel_call_number(world, call), event);
    store(world, (load(world) & ~((uint64_t)MASK << at)) | (uint64_t)state << at);
}

bool rpcancel_is_subscribed(const struct rpcancel_world *world, const struct rpcancel_call *call)
{
    bool is_subscribed = false;
    for (unsigned event = 0; event < EVENTS; event++) {
        unsigned state = rpcancel_subscription_of(world, call, event);
        is_subscribed |= state != RPCANCEL_SUBSCRIPTION_NONE && state != RPCANCEL_SUBSCRIPTION_OVER;
    }
    return is_subscribed;
}

void rpcancel_announce(struct rpcancel_world *world, const struct rpcancel_call *call, enum rpcancel_call_event event)
{
    if (rpcancel_subscription_of(world, call, event) == RPCANCEL_SUBSCRIPTION_ARMED)
        set(world, call, event, RPCANCEL_SUBSCRIPTION_DUE);
}

void rpcancel_forget_subscriptions(struct rpcancel_world *world, const struct rpcancel_call *call)
{
    for (unsigned event = 0; event < EVENTS; event++)
        set(world, call, event, RPCANCEL_SUBSCRIPTION_NONE);
}

void rpcancel_move_subscriptions(struct rpcancel_world *world, unsigned lane)
{
    for (unsigned event = 0; event < EVENTS; event++) {
        set(world, &world->lanes[lane].earlier, event,
            rpcancel_subscription_of(world, &world->lanes[lane].call, event));
        set(world, &world->lanes[lane].call, event, RPCANCEL_SUBSCRIPTION_NONE);
    }
}

/* ---- what the server's program asks ---- */

/* Whether subscriptions to the same count no page says, and so not how often to unsubscribe before the call may end. */
static struct rpcancel_answer subscribe(struct rpcancel_world *world, const struct rpcancel_call *call, unsigned event)
{
    switch (rpcancel_subscription_of(world, call, event)) {
    case RPCANCEL_SUBSCRIPTION_NONE:
        set(world, call, event, RPCANCEL_SUBSCRIPTION_ARMED);
        break;
    case RPCANCEL_SUBSCRIPTION_OVER: /* at most one of each kind for a call */
        set(world, call, event, RPCANCEL_SUBSCRIPTION_SPENT);
        break;
    default:
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    }
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

static struct rpcancel_answer unsubscribe(struct rpcancel_world *world, const struct rpcancel_call *call,
                                          unsigned event)
{
    unsigned state = rpcancel_subscription_of(world, call, event);
    if (state == RPCANCEL_SUBSCRIPTION_ARMED)
        set(world, call, event, RPCANCEL_SUBSCRIPTION_NONE);
    else if (state != RPCANCEL_SUBSCRIPTION_NONE) /* what is announced and not taken is dropped */
        set(world, call, event, RPCANCEL_SUBSCRIPTION_OVER);
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

static struct rpcancel_answer take(struct rpcancel_world *world, const struct rpcancel_call *call, unsigned event)
{
    if (rpcancel_subscription_of(world, call, event) != RPCANCEL_SUBSCRIPTION_DUE)
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    set(world, call, event, RPCANCEL_SUBSCRIPTION_SPENT);
    return rpcancel_answer_code(RPCANCEL_S_OK);
}

struct rpcancel_answer rpcancel_subscription_step(struct rpcancel_world *world, const struct rpcancel_call *call,
                                                  struct rpcancel_operation operation)
{
    if (operation.argument == RPCANCEL_EVENT_NO_TYPE)
        return rpcancel_answer_code(RPCANCEL_S_INVALID_ARG);
    if (operation.argument == RPCANCEL_EVENT_UNSUPPORTED)
        return rpcancel_answer_code(RPCANCEL_S_CANNOT_SUPPORT);
    switch (operation.kind) {
    case RPCANCEL_OP_UNSUBSCRIBE:
        return unsubscribe(world, call, operation.argument);
    case RPCANCEL_OP_TAKE:
        return take(world, call, operation.argument);
    default:
        return subscribe(world, call, operation.argument);
    }
}
