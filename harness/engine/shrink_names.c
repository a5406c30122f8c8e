// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_moves.h"
#include "engine/shrink_order.h"

enum { NAMES = 4 }; /* handles, and threads */

static bool uses(struct rpcancel_operation operation, unsigned what)
{
    return rpcancel_operation_describe(operation.kind)->uses & what;
}

/* Tries the sequence with handles, or else threads, called |names| instead. */
static bool rename_all(struct rpcancel_shrinker *shrinker, bool handles, const unsigned names[NAMES])
{
    rpcancel_shrinker_clear(shrinker);
    for (size_t i = 0; i < shrinker->best.count; i++) {
        struct rpcancel_operation operation = shrinker->best.items[i].operation;
        if (handles && uses(operation, RPCANCEL_USES_HANDLE))
            operation.handle = names[operation.handle] & 3u;
        if (!handles && uses(operation, RPCANCEL_USES_THREAD))
            operation.thread = names[operation.thread] & 3u;
        rpcancel_shrinker_add(shrinker, operation);
    }
    return rpcancel_shrinker_try(shrinker);
}

/* Calls each handle, or thread, by each other's name; |swap|: and that one by its. */
static bool try_names(struct rpcancel_shrinker *shrinker, bool handles, bool swap)
{
    unsigned used = handles ? rpcancel_handles_of(&shrinker->best) : rpcancel_threads_of(&shrinker->best);
    for (unsigned from = 0; from < NAMES; from++) {
        for (unsigned to = 0; to < NAMES; to++) {
            unsigned names[NAMES] = {0, 1, 2, 3};
            if (from == to || !(used >> from & 1u))
                continue;
            names[from] = to;
            names[to] = swap ? from : to;
            if (rename_all(shrinker, handles, names))
                return true;
        }
    }
    return false;
}

bool rpcancel_shrink_merge_handles(struct rpcancel_shrinker *shrinker)
{
    return try_names(shrinker, true, false);
}

bool rpcancel_shrink_merge_threads(struct rpcancel_shrinker *shrinker)
{
    return try_names(shrinker, false, false);
}

bool rpcancel_shrink_swap_names(struct rpcancel_shrinker *shrinker)
{
    return try_names(shrinker, true, true) || try_names(shrinker, false, true);
}
