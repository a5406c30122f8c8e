// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_moves.h"

static bool is_delivery(const struct rpcancel_shrinker *shrinker, size_t position)
{
    return rpcancel_is_delivery(shrinker->best.items[position].operation.kind);
}

/* Tries `settle` in front of |place| in the place of all deliveries from |first| to |last|. */
static bool settle_at(struct rpcancel_shrinker *shrinker, size_t first, size_t last, size_t place)
{
    rpcancel_shrinker_clear(shrinker);
    for (size_t i = 0; i < shrinker->best.count; i++) {
        if (i == place)
            rpcancel_shrinker_add(shrinker, (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE});
        if (i < first || i > last || !is_delivery(shrinker, i))
            rpcancel_shrinker_add_best(shrinker, i, i + 1);
    }
    return rpcancel_shrinker_try(shrinker);
}

bool rpcancel_shrink_settle(struct rpcancel_shrinker *shrinker)
{
    if (shrinker->best.count > RPCANCEL_SHORT_MAX)
        return false;
    for (size_t first = 0; first < shrinker->best.count; first++) {
        for (size_t last = shrinker->best.count; is_delivery(shrinker, first) && last-- > first + 1;) {
            if (!is_delivery(shrinker, last))
                continue;
            for (size_t place = first; place <= last; place++) {
                if (settle_at(shrinker, first, last, place))
                    return true;
            }
        }
    }
    return false;
}

/* Tries |operation| in the place of the one at |position|. */
static bool put(struct rpcancel_shrinker *shrinker, size_t position, struct rpcancel_operation operation)
{
    rpcancel_shrinker_clear(shrinker);
    rpcancel_shrinker_add_best(shrinker, 0, position);
    rpcancel_shrinker_add(shrinker, operation);
    rpcancel_shrinker_add_best(shrinker, position + 1, shrinker->best.count);
    return rpcancel_shrinker_try(shrinker);
}

bool rpcancel_shrink_lower_arguments(struct rpcancel_shrinker *shrinker)
{
    bool lowered = false;
    for (size_t i = 0; i < shrinker->best.count && !shrinker->over; i++) {
        struct rpcancel_operation operation = shrinker->best.items[i].operation;
        unsigned argument = operation.argument;
        bool done = false;
        for (unsigned lower = 0; lower < argument && !done; lower++) {
            operation.argument = lower & 7u;
            done = put(shrinker, i, operation);
        }
        lowered |= done;
    }
    return lowered;
}

bool rpcancel_shrink_advance(struct rpcancel_shrinker *shrinker)
{
    if (shrinker->best.count > RPCANCEL_SHORT_MAX)
        return false;
    for (size_t from = 1; from < shrinker->best.count; from++) {
        for (size_t to = 0; to < from; to++) {
            rpcancel_shrinker_clear(shrinker);
            rpcancel_shrinker_add_best(shrinker, 0, to);
            rpcancel_shrinker_add_best(shrinker, from, from + 1);
            rpcancel_shrinker_add_best(shrinker, to, from);
            rpcancel_shrinker_add_best(shrinker, from + 1, shrinker->best.count);
            if (rpcancel_shrinker_try(shrinker))
                return true;
        }
    }
    return false;
}
