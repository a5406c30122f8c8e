// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TOUR_H
#define RPCANCEL_TOUR_H
/*
 * Tours: routes that do at every place all that is new there, and then go to the nearest place where something is. The
 * same gaps give the same tours.
 */
#include "coverage/route.h"

struct rpcancel_tour; /* room for the search of near places */

/* rpcancel_tour_open returns it; NULL when memory is exhausted. Release it with rpcancel_tour_close; NULL is allowed
 * there. */
struct rpcancel_tour *rpcancel_tour_open(void);
void rpcancel_tour_close(struct rpcancel_tour *tour);

/* rpcancel_tour_go_on takes |route| on by |plan|, from where it is until nothing new is near, or there is no more room
 * than |kept|. */
void rpcancel_tour_go_on(struct rpcancel_tour *tour, struct rpcancel_route *route,
                         const struct rpcancel_route_plan *plan, size_t kept);

#endif
