// SPDX-License-Identifier: Apache-2.0
#include "coverage/complete.h"

#include <stdlib.h>

#include "coverage/after_loss.h"
#include "coverage/chain.h"
#include "coverage/tour.h"

enum { TAIL = 96 /* operations that a tour keeps for the loss of the link and what comes then */ };

struct work {
    const struct rpcancel_complete_options *options;
    struct rpcancel_covered *covered;
    struct rpcancel_route route;
    struct rpcancel_tour *tour;
    struct rpcancel_after_loss *after_loss;
    struct rpcancel_way ways[RPCANCEL_HANDLES_MAX];
    unsigned handles; /* that tours are made with */
    struct rpcancel_route_plan plans[RPCANCEL_HANDLES_MAX];
    bool ended; /* early */
};

/* ---- what was made ---- */

static uint32_t count_covered(const struct work *work)
{
    uint32_t count = 0;
    for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++)
        count += work->covered->count[part];
    return count;
}

/* Hands the route over if it covered anything since |before|; false when it did not, or this is the end. */
static bool hand_over(struct work *work, uint32_t before)
{
    const struct rpcancel_complete_options *options = work->options;
    work->ended = work->route.failed || (options->stop && *options->stop);
    if (work->ended || count_covered(work) == before)
        return false;
    work->route.sequence.count = work->route.useful;
    work->ended = !options->take(options->context, &work->route.sequence);
    return !work->ended;
}

/* ---- tours ---- */

/* Adds |operation| with every argument that counts for the part of |plan|. */
static void add_arguments(struct rpcancel_route_plan *plan, struct rpcancel_operation operation)
{
    for (unsigned argument = 0; argument < RPCANCEL_OPERANDS_MAX; argument++) {
        operation.argument = argument & 7u;
        if (rpcancel_operation_canonical(operation).argument == argument &&
            (plan->part != RPCANCEL_COVERS_PAIR || rpcancel_two_call_stands(operation)))
            plan->operations[plan->count++] = operation;
    }
}

/* Everything that can be done with |handle| on the first |dispatchers| threads and the program's own. */
static void make_plan(struct rpcancel_route_plan *plan, enum rpcancel_coverage_part part, unsigned handle,
                      unsigned dispatchers)
{
    plan->part = part;
    plan->count = 0;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        unsigned uses = rpcancel_operation_describe(kind)->uses;
        struct rpcancel_operation operation = {.kind = (uint8_t)kind,
                                               .handle = uses & RPCANCEL_USES_HANDLE ? handle & 3u : 0u};
        if (kind == RPCANCEL_OP_LOSE_LINK)
            continue; /* as late as possible */
        for (unsigned thread = 0; thread < RPCANCEL_THREADS; thread++) {
            operation.thread = thread & 3u;
            if ((uses & RPCANCEL_USES_THREAD) ? thread < dispatchers || thread == RPCANCEL_THREAD_WORKER : thread == 0)
                add_arguments(plan, operation);
        }
    }
}

static void make_plans(struct work *work, enum rpcancel_coverage_part part, unsigned handles)
{
    unsigned dispatchers = handles < RPCANCEL_DISPATCHERS_MAX ? handles : RPCANCEL_DISPATCHERS_MAX;
    work->handles = handles;
    for (unsigned handle = 0; handle < handles; handle++)
        make_plan(&work->plans[handle], part, handle, dispatchers);
}

/* Takes the route on, with one handle after the other, until none finds anything new. */
static void tour(struct work *work, size_t kept)
{
    uint32_t before;
    do {
        before = count_covered(work);
        for (unsigned handle = 0; handle < work->handles; handle++)
            rpcancel_tour_go_on(work->tour, &work->route, &work->plans[handle], kept);
    } while (count_covered(work) != before && !work->route.failed);
}

/* ---- the loss of the link ---- */

/* Plans ways for the first |handles| handles from where they are; returns for how many there is anything new. */
static unsigned plan_ways(struct work *work, unsigned handles, bool alone)
{
    unsigned count = 0;
    rpcancel_after_loss_begin(work->after_loss, work->covered, alone);
    for (unsigned handle = 0; handle < handles; handle++) {
        uint32_t number = work->route.walk.numbers[handle];
        count += number != RPCANCEL_NO_PAIR &&
                 rpcancel_after_loss_plan(work->after_loss, handle, number, &work->ways[count]);
    }
    return count;
}

/* Ends a tour with the loss of the link, which all handles take part in, and what comes then. */
static void end_tour(struct work *work)
{
    if (!work->route.walk.pair.world.link_lost)
        rpcancel_chain_make(&work->route, work->ways, plan_ways(work, RPCANCEL_HANDLES_MAX, false));
    tour(work, 0);
}

/* Makes chains of |handles| handles, each with a tour behind it, until there is nothing new for them. */
static void complete_by_chains(struct work *work, unsigned handles)
{
    while (!work->ended) {
        uint32_t before = count_covered(work);
        rpcancel_route_begin(&work->route);
        unsigned count = plan_ways(work, handles, handles == 1);
        if (count == 0)
            return;
        rpcancel_chain_make(&work->route, work->ways, count);
        if (count_covered(work) == before) { /* the handles were in each other's way */
            rpcancel_route_begin(&work->route);
            rpcancel_chain_make(&work->route, work->ways, 1);
        }
        tour(work, 0);
        if (!hand_over(work, before))
            return;
    }
}

/* ---- what is left of a part ---- */

static bool loses_link(const struct rpcancel_operation *path, unsigned length)
{
    for (unsigned i = 0; i < length; i++) {
        if (path[i].kind == RPCANCEL_OP_LOSE_LINK)
            return true;
    }
    return false;
}

/* Writes the way to the first item from |*item| on that is not covered; with |keeping_link|, that does not lose the
 * link. Returns its length, 0 when there is no such item before |end|. */
static unsigned find_way(const struct work *work, uint32_t *item, uint32_t end, bool keeping_link,
                         struct rpcancel_operation *path)
{
    for (;; (*item)++) {
        *item = rpcancel_covered_next(work->covered, *item);
        if (*item >= end)
            return 0;
        unsigned length = rpcancel_coverage_reach(work->covered->map, *item, path);
        if (length > 0 && !(keeping_link && loses_link(path, length)))
            return length;
    }
}

/* Makes tours over |part| that begin with the way to what is left, until nothing is; with |keeping_link|, nothing that
 * can be had before the link is lost. */
static void complete_by_tours(struct work *work, enum rpcancel_coverage_part part, unsigned handles, bool keeping_link)
{
    const struct rpcancel_coverage_map *map = work->covered->map;
    struct rpcancel_operation path[RPCANCEL_COVERAGE_PATH_MAX];
    uint32_t item = map->begin[part];
    make_plans(work, part, handles);
    while (!work->ended) {
        uint32_t before = count_covered(work);
        unsigned length = find_way(work, &item, map->begin[part + 1], keeping_link, path);
        if (length == 0)
            return;
        rpcancel_route_begin(&work->route);
        for (unsigned i = 0; i < length; i++)
            rpcancel_route_do(&work->route, path[i]);
        tour(work, TAIL);
        end_tour(work);
        if (!hand_over(work, before))
            return;
    }
}

/* ---- all of it ---- */

/* Edges about no call count only while no other handle was used; chains with one handle are for those. All others
 * behind the loss of the link are for chains with several, and what these leave is for tours. States and rules come
 * with the edges. */
static void complete(struct work *work)
{
    complete_by_tours(work, RPCANCEL_COVERS_EDGE, 1, true);
    make_plans(work, RPCANCEL_COVERS_EDGE, 1);
    complete_by_chains(work, 1);
    complete_by_tours(work, RPCANCEL_COVERS_PAIR, 2, true);
    make_plans(work, RPCANCEL_COVERS_PAIR, RPCANCEL_HANDLES_MAX);
    complete_by_chains(work, RPCANCEL_HANDLES_MAX);
    for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++)
        complete_by_tours(work, (enum rpcancel_coverage_part)part, part == RPCANCEL_COVERS_PAIR ? 2 : 1, false);
}

bool rpcancel_coverage_complete(struct rpcancel_covered *covered, const struct rpcancel_complete_options *options)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return false;
    work->options = options;
    work->covered = covered;
    work->route.covered = covered;
    work->after_loss = rpcancel_after_loss_open(covered->map);
    work->tour = rpcancel_tour_open();
    work->ended = !work->after_loss || !work->tour;
    if (!work->ended)
        complete(work);
    bool completed = !work->ended;
    rpcancel_after_loss_close(work->after_loss);
    rpcancel_tour_close(work->tour);
    rpcancel_sequence_free(&work->route.sequence);
    free(work);
    return completed;
}
