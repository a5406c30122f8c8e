// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ROUTE_H
#define RPCANCEL_ROUTE_H
/*
 * Routes: sequences that are made in order to cover what is not covered yet. A route is somewhere; what it does there
 * is added to what is covered at once.
 */
#include "coverage/covered.h"

enum { RPCANCEL_ROUTE_MAX = 512 /* operations: a kilobyte in binary */ };

/* What is looked for: the operations to choose from, and the part of the map whose items count. */
struct rpcancel_route_plan {
    enum rpcancel_coverage_part part;
    unsigned count;
    struct rpcancel_operation operations[RPCANCEL_ALPHABET_MAX];
};

/* Zero-initialise, set |covered|, and free |sequence| at the end. */
struct rpcancel_route {
    struct rpcancel_covered *covered;
    struct rpcancel_walk walk;
    struct rpcancel_sequence sequence;
    size_t useful; /* operations of it up to the last that covered anything new */
    bool failed;   /* memory was exhausted at some time */
};

/* rpcancel_route_begin goes to the beginning, with an empty sequence. */
void rpcancel_route_begin(struct rpcancel_route *route);

/* rpcancel_route_room returns how many operations may be added. */
static inline size_t rpcancel_route_room(const struct rpcancel_route *route)
{
    return RPCANCEL_ROUTE_MAX - route->sequence.count;
}

/* rpcancel_route_do adds |operation|; false, and nothing is added, when it cannot happen or there is no room. */
bool rpcancel_route_do(struct rpcancel_route *route, struct rpcancel_operation operation);

/* rpcancel_route_try lets |walk| go on by the operation at |position| of |plan| and tells what comes of it: whether it
 * covers something that the plan looks for and that is not covered yet. The route stays as it is. */
enum rpcancel_trial { RPCANCEL_TRIAL_IMPOSSIBLE, RPCANCEL_TRIAL_KNOWN, RPCANCEL_TRIAL_NEW };
enum rpcancel_trial rpcancel_route_try(const struct rpcancel_route *route, const struct rpcancel_route_plan *plan,
                                       unsigned position, struct rpcancel_walk *walk);

/* rpcancel_route_is_at tells whether the route is where |walk| is. */
bool rpcancel_route_is_at(const struct rpcancel_route *route, const struct rpcancel_walk *walk);

/* rpcancel_route_do_all does everything new that leaves the route where it is, while there is more room than |kept|.
 * Returns the position in the plan of an operation that is new and leads elsewhere, or -1. */
int rpcancel_route_do_all(struct rpcancel_route *route, const struct rpcancel_route_plan *plan, size_t kept);

#endif
