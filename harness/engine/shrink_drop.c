// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_moves.h"
#include "engine/shrink_order.h"

bool rpcancel_shrink_drop_elapses(struct rpcancel_shrinker *shrinker)
{
    const struct rpcancel_sequence *best = &shrinker->best;
    rpcancel_shrinker_clear(shrinker);
    for (size_t i = 0; i < best->count; i++) {
        if (best->items[i].operation.kind != RPCANCEL_OP_ELAPSE)
            rpcancel_shrinker_add(shrinker, best->items[i].operation);
    }
    return shrinker->candidate.count < best->count && rpcancel_shrinker_try(shrinker);
}

static bool is_about(struct rpcancel_operation operation, unsigned handle, bool earlier_only)
{
    bool uses_handle = rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE;
    return uses_handle && operation.handle == handle && (operation.earlier || !earlier_only);
}

static bool drop_call(struct rpcancel_shrinker *shrinker, unsigned handle, bool earlier_only)
{
    const struct rpcancel_sequence *best = &shrinker->best;
    rpcancel_shrinker_clear(shrinker);
    for (size_t i = 0; i < best->count; i++) {
        if (!is_about(best->items[i].operation, handle, earlier_only))
            rpcancel_shrinker_add(shrinker, best->items[i].operation);
    }
    return rpcancel_shrinker_try(shrinker);
}

bool rpcancel_shrink_drop_calls(struct rpcancel_shrinker *shrinker)
{
    unsigned handles = rpcancel_handles_of(&shrinker->best);
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
        if ((handles >> handle & 1u) && (drop_call(shrinker, handle, false) || drop_call(shrinker, handle, true)))
            return true;
    }
    return false;
}

/* Tries every block of |size| operations once, from the end. */
static bool drop_blocks_of(struct rpcancel_shrinker *shrinker, size_t size)
{
    bool dropped = false;
    for (size_t past = shrinker->best.count; past > 0 && !shrinker->over;) {
        size_t first = past > size ? past - size : 0;
        rpcancel_shrinker_clear(shrinker);
        rpcancel_shrinker_add_best(shrinker, 0, first);
        rpcancel_shrinker_add_best(shrinker, past, shrinker->best.count);
        dropped |= rpcancel_shrinker_try(shrinker);
        past = first < shrinker->best.count ? first : shrinker->best.count; /* it may have failed sooner */
    }
    return dropped;
}

bool rpcancel_shrink_drop_blocks(struct rpcancel_shrinker *shrinker)
{
    bool dropped = false;
    for (size_t size = shrinker->best.count / 2; size > 0 && !shrinker->over; size /= 2)
        dropped |= drop_blocks_of(shrinker, size);
    return dropped;
}

bool rpcancel_shrink_drop_pairs(struct rpcancel_shrinker *shrinker)
{
    const struct rpcancel_sequence *best = &shrinker->best;
    if (best->count > RPCANCEL_SHORT_MAX)
        return false;
    for (size_t second = best->count; second-- > 1;) {
        for (size_t first = second; first-- > 0;) {
            rpcancel_shrinker_clear(shrinker);
            rpcancel_shrinker_add_best(shrinker, 0, first);
            rpcancel_shrinker_add_best(shrinker, first + 1, second);
            rpcancel_shrinker_add_best(shrinker, second + 1, best->count);
            if (rpcancel_shrinker_try(shrinker))
                return true;
        }
    }
    return false;
}
