// SPDX-License-Identifier: Apache-2.0
#include "coverage/tour.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 2048, SLOTS = 4 * PLACES_MAX };

/* A place that a search for something new came to. */
struct place {
    struct rpcancel_walk walk;
    struct rpcancel_operation operation; /* that led to it from |parent| */
    uint16_t parent;
    uint16_t depth;
};

struct rpcancel_tour {
    unsigned place_count;
    struct place places[PLACES_MAX];
    uint16_t slots[SLOTS]; /* hash table of places: number + 1, 0 is empty */
};

struct rpcancel_tour *rpcancel_tour_open(void)
{
    return calloc(1, sizeof(struct rpcancel_tour));
}

void rpcancel_tour_close(struct rpcancel_tour *tour)
{
    free(tour);
}

static unsigned slot_of(const struct rpcancel_walk *walk)
{
    uint64_t words[8], hash = 0;
    static_assert(sizeof words == sizeof walk->pair, "eight words");
    memcpy(words, &walk->pair, sizeof words);
    for (unsigned i = 0; i < 8; i++) {
        hash = (hash ^ words[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return (unsigned)(hash & (SLOTS - 1));
}

static void add_place(struct rpcancel_tour *tour, const struct rpcancel_walk *walk, struct rpcancel_operation operation,
                      unsigned parent)
{
    unsigned at = slot_of(walk);
    if (walk->standing.counted != tour->places[0].walk.standing.counted)
        return; /* nothing counts of a handle with an earlier call */
    for (; tour->slots[at]; at = (at + 1) & (SLOTS - 1)) {
        const struct rpcancel_walk *there = &tour->places[tour->slots[at] - 1].walk;
        if (memcmp(&there->pair, &walk->pair, sizeof walk->pair) == 0)
            return;
    }
    if (tour->place_count == PLACES_MAX)
        return;
    unsigned depth = tour->place_count ? tour->places[parent].depth + 1u : 0;
    tour->places[tour->place_count] =
        (struct place){.walk = *walk, .operation = operation, .parent = (uint16_t)parent, .depth = (uint16_t)depth};
    tour->slots[at] = (uint16_t)++tour->place_count;
}

/* Adds the places one step from place |number|; true when there is something new to do at it. */
static bool expand(struct rpcancel_tour *tour, const struct rpcancel_route *route,
                   const struct rpcancel_route_plan *plan, unsigned number)
{
    for (unsigned i = 0; i < plan->count; i++) {
        struct rpcancel_walk next = tour->places[number].walk;
        enum rpcancel_trial trial = rpcancel_route_try(route, plan, i, &next);
        if (trial == RPCANCEL_TRIAL_NEW)
            return true;
        if (trial == RPCANCEL_TRIAL_KNOWN)
            add_place(tour, &next, plan->operations[i], number);
    }
    return false;
}

static void go(const struct rpcancel_tour *tour, struct rpcancel_route *route, unsigned number)
{
    struct rpcancel_operation path[RPCANCEL_ROUTE_MAX];
    unsigned length = tour->places[number].depth;
    for (unsigned at = number, left = length; left > 0; at = tour->places[at].parent)
        path[--left] = tour->places[at].operation;
    for (unsigned i = 0; i < length; i++)
        rpcancel_route_do(route, path[i]);
}

/* Goes to the nearest place where something is new; false when there is none, or too far to do anything there. */
static bool go_to_nearest(struct rpcancel_tour *tour, struct rpcancel_route *route,
                          const struct rpcancel_route_plan *plan, size_t kept)
{
    memset(tour->slots, 0, sizeof tour->slots);
    tour->place_count = 0;
    tour->places[0].walk = route->walk;
    add_place(tour, &route->walk, (struct rpcancel_operation){0}, 0);
    for (unsigned number = 0; number < tour->place_count; number++) {
        if (tour->places[number].depth + kept >= rpcancel_route_room(route))
            return false;
        if (expand(tour, route, plan, number)) {
            go(tour, route, number);
            return true;
        }
    }
    return false;
}

void rpcancel_tour_go_on(struct rpcancel_tour *tour, struct rpcancel_route *route,
                         const struct rpcancel_route_plan *plan, size_t kept)
{
    while (!route->failed) {
        int leaving = rpcancel_route_do_all(route, plan, kept);
        bool left =
            leaving >= 0 && rpcancel_route_room(route) > kept && rpcancel_route_do(route, plan->operations[leaving]);
        if (!left && !go_to_nearest(tour, route, plan, kept))
            return;
    }
}
