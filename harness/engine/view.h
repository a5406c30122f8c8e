// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_VIEW_H
#define RPCANCEL_VIEW_H
/*
 * The view: what may have happened on a runtime so far, and the judging of what it says next. Where delivery is
 * controlled the view holds one observer; where it is hidden, the set of those that unseen deliveries allow.
 *
 * An exchange is an answer and whatever the runtime announced while it was awaited. In which order those happened is
 * not known: the announcements keep theirs, the answered operation may lie anywhere among them, and every such order
 * is followed up. An order, or a member of the set, in which a rule is violated is dropped.
 */
#include "observer/set.h"
#include "rules/judge.h"
#include "runtime/runtime.h"

enum { RPCANCEL_VIEW_ITEMS_MAX = RPCANCEL_EVENTS_MAX + 1 };

/* Working memory of a view; about 140 KiB. Zero-initialise, then rpcancel_view_reset. */
struct rpcancel_view {
    bool hidden; /* deliveries happen unseen */
    struct rpcancel_observer_set now;
    struct rpcancel_observer_set merged; /* what the orders of an exchange lead to */
    struct rpcancel_observer_set order;  /* one order of an exchange, followed up */
    struct rpcancel_observer_set next;
};

enum rpcancel_view_result {
    RPCANCEL_VIEW_CONSISTENT,
    RPCANCEL_VIEW_CONTRADICTED, /* whatever happened, a rule is violated; the view is as before the exchange */
    RPCANCEL_VIEW_OVERFLOWED    /* too many possibilities to follow up: no judgement is possible */
};

/* What came of judging an exchange. */
struct rpcancel_view_judgement {
    uint32_t
        decided[RPCANCEL_VIEW_ITEMS_MAX]; /* CONSISTENT: rules (as in a verdict's mask) that decide in every member */
    /* CONTRADICTED: */
    unsigned item;                                                /* the item at which the last members were dropped */
    unsigned count;                                               /* rules violated there */
    uint8_t rules[RPCANCEL_RULES_PER_OPERATION];                  /* their indices in the table of rules */
    struct rpcancel_observer where[RPCANCEL_RULES_PER_OPERATION]; /* for each rule a member in which it was violated */
};

/* rpcancel_view_reset starts over: nothing has happened. */
void rpcancel_view_reset(struct rpcancel_view *view, bool hidden);

/*
 * rpcancel_view_take judges an exchange by |set| and takes it in. items[0] is the operation and its answer, the
 * |count| - 1 others are the announcements in their order; |count| is 1 to RPCANCEL_VIEW_ITEMS_MAX.
 *
 * When several members were dropped last, the rules violated in all of them are named, or, if there is no such rule,
 * those violated in any.
 */
enum rpcancel_view_result rpcancel_view_take(struct rpcancel_view *view, const struct rpcancel_rule_set *set,
                                             const struct rpcancel_event *items, unsigned count,
                                             struct rpcancel_view_judgement *judgement);

/* rpcancel_view_applicable returns the rules (as in a verdict's mask) that decide the answer of |operation| in every
 * member, whatever the answer is. */
uint32_t rpcancel_view_applicable(const struct rpcancel_view *view, const struct rpcancel_rule_set *set,
                                  struct rpcancel_operation operation);

/* rpcancel_view_can tells whether |operation| is possible in every member. */
bool rpcancel_view_can(const struct rpcancel_view *view, struct rpcancel_operation operation);

/* rpcancel_view_is_quiet tells whether no member has a message on its way. */
bool rpcancel_view_is_quiet(const struct rpcancel_view *view);

/* rpcancel_view_runs tells whether in every member the manager routine of the call that |dispatch| names runs on the
 * thread that |dispatch| names, and is as synchronous as it says. */
bool rpcancel_view_runs(const struct rpcancel_view *view, struct rpcancel_operation dispatch);

/* rpcancel_view_close reckons with what may have been delivered unseen by now; returns the number of members. */
unsigned rpcancel_view_close(struct rpcancel_view *view);

/* rpcancel_view_is_exactly tells whether |observer| is the only member. */
bool rpcancel_view_is_exactly(const struct rpcancel_view *view, const struct rpcancel_observer *observer);

#endif
