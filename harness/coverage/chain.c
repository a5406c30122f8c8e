// SPDX-License-Identifier: Apache-2.0
#include "coverage/chain.h"

#include <assert.h>

#include "coverage/projection.h"

/* The way of one handle, as far as it has been gone. */
struct progress {
    const struct rpcancel_way *way;
    unsigned taken;      /* operations behind it */
    unsigned settles[2]; /* in it: before the link is lost, after it */
};

struct chain {
    struct rpcancel_route *route;
    unsigned count;
    struct progress ways[RPCANCEL_HANDLES_MAX];
    struct rpcancel_route_plan plan;
};

static bool is_common(unsigned kind)
{
    return kind == RPCANCEL_OP_SETTLE || kind == RPCANCEL_OP_LOSE_LINK;
}

static struct progress begin(const struct rpcancel_way *way)
{
    struct progress progress = {.way = way};
    bool lost = false;
    for (unsigned i = 0; i < way->length; i++) {
        lost |= way->operations[i].kind == RPCANCEL_OP_LOSE_LINK;
        progress.settles[lost] += way->operations[i].kind == RPCANCEL_OP_SETTLE;
    }
    return progress;
}

/* The dispatcher that runs the manager routine of |handle|; else an idle one, or the last. */
static unsigned dispatcher_of(const struct rpcancel_world *world, unsigned handle)
{
    unsigned thread = 0;
    if (rpcancel_manager_runs(world->lanes[handle].call))
        return world->lanes[handle].call.manager;
    while (thread + 1 < RPCANCEL_DISPATCHERS_MAX && rpcancel_served_on(world, thread) != RPCANCEL_ABOUT_NO_CALL)
        thread++;
    return thread;
}

/* The operation of one call as it is on |handle| and its dispatcher. */
static struct rpcancel_operation translate(const struct rpcancel_world *world, unsigned handle,
                                           struct rpcancel_operation operation)
{
    unsigned uses = rpcancel_operation_describe(operation.kind)->uses;
    if (uses & RPCANCEL_USES_HANDLE)
        operation.handle = handle & 3u;
    if ((uses & RPCANCEL_USES_THREAD) && operation.thread != RPCANCEL_THREAD_WORKER)
        operation.thread = dispatcher_of(world, handle) & 3u;
    return operation;
}

/* Does all that is new of |part| for |handle| where the route is, and keeps room for the ways that are left. */
static void do_all(struct chain *chain, unsigned handle, enum rpcancel_coverage_part part)
{
    const struct rpcancel_alphabet *alphabet = &chain->route->covered->map->one_call->alphabet;
    size_t kept = 0;
    for (unsigned i = 0; i < chain->count; i++)
        kept += chain->ways[i].way->length - chain->ways[i].taken;
    chain->plan.part = part;
    chain->plan.count = 0;
    for (unsigned lead = 0; lead < alphabet->count; lead++) {
        if (!alphabet->operations[lead].earlier)
            chain->plan.operations[chain->plan.count++] =
                translate(&chain->route->walk.pair.world, handle, alphabet->operations[lead]);
    }
    rpcancel_route_do_all(chain->route, &chain->plan, kept);
}

/* Lets the manager routine of a handle return whose way is gone, so that its dispatcher is idle. */
static void free_dispatcher(struct chain *chain)
{
    for (unsigned i = 0; i < chain->count; i++) {
        const struct progress *progress = &chain->ways[i];
        bool is_gone = progress->taken == progress->way->length;
        if (is_gone && rpcancel_manager_runs(chain->route->walk.pair.world.lanes[progress->way->handle].call)) {
            rpcancel_route_do(chain->route, (struct rpcancel_operation){.kind = RPCANCEL_OP_RETURN,
                                                                        .handle = progress->way->handle & 3u});
            return;
        }
    }
}

/* Goes the next step of a way. */
static void step(struct chain *chain, struct progress *progress)
{
    const struct rpcancel_world *world = &chain->route->walk.pair.world;
    struct rpcancel_operation operation = progress->way->operations[progress->taken++];
    bool is_dispatch = operation.kind == RPCANCEL_OP_DISPATCH;
    if (is_dispatch && rpcancel_served_on(world, dispatcher_of(world, progress->way->handle)) != RPCANCEL_ABOUT_NO_CALL)
        free_dispatcher(chain);
    rpcancel_route_do(chain->route, translate(world, progress->way->handle, operation));
    do_all(chain, progress->way->handle, RPCANCEL_COVERS_EDGE);
    for (unsigned i = 0; world->link_lost && i < chain->count; i++)
        do_all(chain, chain->ways[i].way->handle, RPCANCEL_COVERS_PAIR);
}

/* Goes on along a way, up to what is common to all. */
static void follow(struct chain *chain, struct progress *progress)
{
    const struct rpcancel_way *way = progress->way;
    do_all(chain, progress->way->handle, RPCANCEL_COVERS_EDGE);
    while (progress->taken < way->length && !is_common(way->operations[progress->taken].kind))
        step(chain, progress);
}

/* Lets happen what is common, for the ways where it is next. */
static void do_together(struct chain *chain, unsigned kind)
{
    rpcancel_route_do(chain->route, (struct rpcancel_operation){.kind = (uint8_t)kind});
    for (unsigned i = 0; i < chain->count; i++) {
        struct progress *progress = &chain->ways[i];
        bool is_next =
            progress->taken < progress->way->length && progress->way->operations[progress->taken].kind == kind;
        progress->taken += is_next;
    }
}

static unsigned most_settles(const struct chain *chain, bool after_loss)
{
    unsigned most = 0;
    for (unsigned i = 0; i < chain->count; i++) {
        unsigned settles = chain->ways[i].settles[after_loss];
        most = settles > most ? settles : most;
    }
    return most;
}

/* Before the link is lost, a way with fewer settles begins later. */
static void go_before_loss(struct chain *chain)
{
    for (unsigned left = most_settles(chain, false);; left--) {
        for (unsigned i = 0; i < chain->count; i++) {
            if (chain->ways[i].settles[false] >= left)
                follow(chain, &chain->ways[i]);
        }
        if (left == 0)
            return;
        do_together(chain, RPCANCEL_OP_SETTLE);
    }
}

/* After it, it ends earlier. */
static void go_after_loss(struct chain *chain)
{
    unsigned most = most_settles(chain, true);
    for (unsigned settled = 0; settled <= most; settled++) {
        if (settled > 0)
            do_together(chain, RPCANCEL_OP_SETTLE);
        for (unsigned i = 0; i < chain->count; i++)
            follow(chain, &chain->ways[i]);
    }
}

void rpcancel_chain_make(struct rpcancel_route *route, const struct rpcancel_way *ways, unsigned count)
{
    struct chain chain = {.route = route, .count = count};
    assert(count <= RPCANCEL_HANDLES_MAX);
    for (unsigned i = 0; i < count; i++)
        chain.ways[i] = begin(&ways[i]);
    go_before_loss(&chain);
    do_together(&chain, RPCANCEL_OP_LOSE_LINK);
    go_after_loss(&chain);
}
