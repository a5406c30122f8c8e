// SPDX-License-Identifier: Apache-2.0
#include "coverage/route.h"

#include <string.h>

void rpcancel_route_begin(struct rpcancel_route *route)
{
    rpcancel_walk_begin(&route->walk);
    route->sequence.count = 0;
    route->useful = 0;
}

static bool take(struct rpcancel_route *route, struct rpcancel_operation operation, const struct rpcancel_walk *next,
                 const struct rpcancel_step_coverage *step)
{
    if (!rpcancel_sequence_append(&route->sequence, operation, 0, 0)) {
        route->failed = true;
        return false;
    }
    route->walk = *next;
    if (rpcancel_covered_add(route->covered, step->items, step->count) > 0)
        route->useful = route->sequence.count;
    return true;
}

bool rpcancel_route_do(struct rpcancel_route *route, struct rpcancel_operation operation)
{
    struct rpcancel_step_coverage step;
    struct rpcancel_walk next = route->walk;
    return rpcancel_route_room(route) > 0 &&
           rpcancel_walk_step(route->covered->map, &next, operation, RPCANCEL_WALK_ALL, &step) &&
           take(route, operation, &next, &step);
}

enum rpcancel_trial rpcancel_route_try(const struct rpcancel_route *route, const struct rpcancel_route_plan *plan,
                                       unsigned position, struct rpcancel_walk *walk)
{
    const struct rpcancel_coverage_map *map = route->covered->map;
    struct rpcancel_step_coverage step;
    if (!rpcancel_walk_step(map, walk, plan->operations[position], 1u << plan->part, &step))
        return RPCANCEL_TRIAL_IMPOSSIBLE;
    for (unsigned i = 0; i < step.count; i++) {
        if (!rpcancel_covered_has(route->covered, step.items[i]))
            return RPCANCEL_TRIAL_NEW;
    }
    return RPCANCEL_TRIAL_KNOWN;
}

bool rpcancel_route_is_at(const struct rpcancel_route *route, const struct rpcancel_walk *walk)
{
    return memcmp(&route->walk.pair, &walk->pair, sizeof walk->pair) == 0;
}

int rpcancel_route_do_all(struct rpcancel_route *route, const struct rpcancel_route_plan *plan, size_t kept)
{
    int leaving = -1;
    for (unsigned i = 0; i < plan->count && rpcancel_route_room(route) > kept; i++) {
        struct rpcancel_walk next = route->walk;
        if (rpcancel_route_try(route, plan, i, &next) != RPCANCEL_TRIAL_NEW)
            continue;
        if (rpcancel_route_is_at(route, &next))
            rpcancel_route_do(route, plan->operations[i]);
        else if (leaving < 0)
            leaving = (int)i;
    }
    return leaving;
}
