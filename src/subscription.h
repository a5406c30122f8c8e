// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUBSCRIPTION_H
#define RPCANCEL_SUBSCRIPTION_H
/*
 * Notifications of a call's cancel and of its client's disconnect (RpcServerSubscribeForNotification). What is kept of
 * them is 48 bits behind the lanes of a world, all 0 while nobody subscribes.
 */
#include "machines.h"

/* The calls of a world: lane by lane, the current one and the earlier one. */
static inline unsigned rpcancel_call_number(const struct rpcancel_world *world, const struct rpcancel_call *call)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (call == &world->lanes[i].call)
            return 2 * i;
        if (call == &world->lanes[i].earlier)
            return 2 * i + 1;
    }
    return 0;
}

/* rpcancel_has_subscriptions tells whether there is anything but NONE in |world|. */
static inline bool rpcancel_has_subscriptions(const struct rpcancel_world *world)
{
    return (world->subscriptions[0] | world->subscriptions[1] | world->subscriptions[2]) != 0;
}

/* rpcancel_subscription_of returns where |call| stands (enum rpcancel_subscription) with |event|, CANCEL or DISCONNECT.
 */
unsigned rpcancel_subscription_of(const struct rpcancel_world *world, const struct rpcancel_call *call, unsigned event);

/* rpcancel_is_subscribed tells whether the server's program must unsubscribe before it ends |call|. */
bool rpcancel_is_subscribed(const struct rpcancel_world *world, const struct rpcancel_call *call);

/* rpcancel_announce notes that |event| (CANCEL or DISCONNECT) has happened to |call|. */
void rpcancel_announce(struct rpcancel_world *world, const struct rpcancel_call *call, enum rpcancel_call_event event);

/* rpcancel_forget_subscriptions clears what is kept of |call|; rpcancel_move_subscriptions makes what is kept of the
 * current call of lane |lane| that of its earlier one. */
void rpcancel_forget_subscriptions(struct rpcancel_world *world, const struct rpcancel_call *call);
void rpcancel_move_subscriptions(struct rpcancel_world *world, unsigned lane);

/* rpcancel_subscription_step carries out SUBSCRIBE, UNSUBSCRIBE or TAKE on |call|, which is within reach. */
struct rpcancel_answer rpcancel_subscription_step(struct rpcancel_world *world, const struct rpcancel_call *call,
                                                  struct rpcancel_operation operation);

#endif
