// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_NOTIFICATION_MUTANTS_H
#define RPCANCEL_NOTIFICATION_MUTANTS_H
/*
 * Mutants and variants of what a server can subscribe to; mutants.c and variants.c have them in their lists.
 * X(function, name, the defect in a sentence, how many calls it takes to see it), and X(function, name, the other
 * answer in a sentence).
 */
#include "mutants/mutants.h"

#define RPCANCEL_NOTIFICATION_DEFECTS(X)                                                                            \
    X(cancel_not_announced, "cancel-not-announced",                                                                 \
      "The arrival of a cancel is announced to no server that subscribed to it.", ONE_CALL)                         \
    X(disconnect_not_announced, "disconnect-not-announced",                                                         \
      "The loss of the client is announced to no server that subscribed to it.", ONE_CALL)                          \
    X(announced_again, "notification-announced-again", "A notification that was taken is there again.", ONE_CALL)   \
    X(announced_when_sent, "cancel-announced-when-sent",                                                            \
      "A cancel is announced to the server while it is on its way.", ONE_CALL)                                      \
    X(announced_as_disconnect, "cancel-announced-as-disconnect",                                                    \
      "The arrival of a cancel is announced as the loss of the client.", ONE_CALL)                                  \
    X(announced_to_all, "cancel-announced-to-all",                                                                  \
      "The arrival of a cancel is announced to every call that subscribed to it.", TWO_CALLS)                       \
    X(unsubscribing_does_nothing, "unsubscribing-does-nothing",                                                     \
      "Unsubscribing succeeds, and what happens is announced all the same.", ONE_CALL)                              \
    X(unsubscribing_ends_both, "unsubscribing-ends-both",                                                           \
      "Unsubscribing from one notification ends the other subscription, too.", ONE_CALL)                            \
    X(unsubscribing_refused, "unsubscribing-refused-on-worker", "A worker can not unsubscribe.", ONE_CALL)          \
    X(second_kind_refused, "second-subscription-refused",                                                           \
      "A call can be subscribed to one of the notifications only.", ONE_CALL)                                       \
    X(any_number_accepted, "any-notification-accepted",                                                             \
      "Subscribing to a notification that there is none of succeeds.", ONE_CALL)                                    \
    X(no_type_accepted, "notification-without-type-accepted", "Subscribing with RpcNotificationTypeNone succeeds.", \
      ONE_CALL)                                                                                                     \
    X(zero_refused, "subscribe-0-refused", "Subscribing without a handle is refused in a manager routine.", ONE_CALL)

#define RPCANCEL_NOTIFICATION_VARIANTS(X)                                                                      \
    X(announced_late, "earlier-cancel-announced",                                                              \
      "A server that subscribes to the cancel of a cancelled call is told of it (N99).")                       \
    X(stays_queued, "queued-notification-stays", "What was announced can be taken after unsubscribing (N99).") \
    X(orphaned_is_disconnect, "abortive-cancel-is-disconnect",                                                 \
      "An abortive cancel is announced as the loss of the client (N31).")                                      \
    X(no_attributes, "attributes-not-supported", "A call has no attributes: 1764 (N102).")

#define RPCANCEL_X(function, ...)                            \
    struct rpcancel_answer rpcancel_notification_##function( \
        const struct rpcancel_choices *choices, struct rpcancel_world *world, struct rpcancel_operation operation);
RPCANCEL_NOTIFICATION_DEFECTS(RPCANCEL_X)
RPCANCEL_NOTIFICATION_VARIANTS(RPCANCEL_X)
#undef RPCANCEL_X

#endif
