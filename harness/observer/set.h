// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SET_H
#define RPCANCEL_SET_H
/*
 * The set of observers that are possible where delivery is hidden. Each member is one account of what may have
 * happened so far; the truth is one of them, unless the runtime breaks a rule.
 *
 * Members are distinct by bytes and number at most RPCANCEL_SET_MAX. A set that would grow beyond that overflows:
 * |overflowed| stays true until the next reset, and whoever judges with the set gives up, because a member that was
 * left out might have been the true one. Two calls with every kind of message on its way need a few hundred.
 */
#include "in_flight.h"
#include "observer.h"

enum { RPCANCEL_SET_MAX = 1024, RPCANCEL_SET_SLOTS = 4096 };

struct rpcancel_observer_set {
    unsigned count;
    bool overflowed;
    struct rpcancel_observer members[RPCANCEL_SET_MAX];
    uint16_t slots[RPCANCEL_SET_SLOTS]; /* hash table over |members|: position + 1, 0 is free; unused while few */
};

/* rpcancel_set_clear leaves |set| without members. Must be called once before any other use. */
void rpcancel_set_clear(struct rpcancel_observer_set *set);

/* rpcancel_set_reset leaves the one member that knows of nothing. */
void rpcancel_set_reset(struct rpcancel_observer_set *set);

/* rpcancel_set_copy makes |to| equal to |from|. */
void rpcancel_set_copy(struct rpcancel_observer_set *to, const struct rpcancel_observer_set *from);

/* rpcancel_set_add adds a copy of |observer| unless it is there; false when the set overflowed instead. */
bool rpcancel_set_add(struct rpcancel_observer_set *set, const struct rpcancel_observer *observer);

/* rpcancel_set_close adds what every member becomes by any deliveries that may happen unseen, in any order. */
void rpcancel_set_close(struct rpcancel_observer_set *set);

/* rpcancel_set_settle keeps, of the members and what they become by deliveries, those with nothing on its way, and
 * tells each that everything settled. */
void rpcancel_set_settle(struct rpcancel_observer_set *set);

/* rpcancel_set_keep_possible drops the members in which |operation| cannot have happened; when it cannot have in
 * any, nothing is dropped and false is returned. */
bool rpcancel_set_keep_possible(struct rpcancel_observer_set *set, struct rpcancel_operation operation);

#endif
