// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_NOTICES_H
#define RPCANCEL_NOTICES_H
/*
 * What the observer knows of notifications that a server's program subscribed to. Internal to the observer but for
 * rpcancel_notice_of, which rules and tables ask.
 */
#include "observer/observer.h"

static inline bool rpcancel_has_notices(const struct rpcancel_observer *observer)
{
    return (observer->notices[0] | observer->notices[1] | observer->notices[2]) != 0;
}

/* rpcancel_notice_of returns what is known of |event| (CANCEL or DISCONNECT) of |call|, which is in |observer|. */
enum rpcancel_seen_subscription rpcancel_notice_of(const struct rpcancel_observer *observer,
                                                   const struct rpcancel_observed_call *call, unsigned event);

/* rpcancel_notice_subscribed and …_unsubscribed note that the function succeeded; …_taken that one was there. */
void rpcancel_notice_subscribed(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                                unsigned event);
void rpcancel_notice_unsubscribed(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                                  unsigned event);
void rpcancel_notice_taken(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                           unsigned event);

/* rpcancel_notice_happens notes that |event| happened to |call|; |is_certain|: documents say that it is one. */
void rpcancel_notice_happens(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call,
                             unsigned event, bool is_certain);

/* rpcancel_notices_in_doubt notes that from now on |call|'s server may be told of either event, or of none. */
void rpcancel_notices_in_doubt(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call);

/* rpcancel_notices_settle notes that everything settled. */
void rpcancel_notices_settle(struct rpcancel_observer *observer);

/* rpcancel_notices_forget clears what is known of |call|; rpcancel_notices_move makes what is known of the current call
 * of lane |lane| that of its earlier one. */
void rpcancel_notices_forget(struct rpcancel_observer *observer, const struct rpcancel_observed_call *call);
void rpcancel_notices_move(struct rpcancel_observer *observer, unsigned lane);

#endif
