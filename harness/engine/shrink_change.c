// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "engine/shrink_moves.h"
#include "engine/shrink_rewriting.h"

/* ---- another operation in the place of one ---- */

bool rpcancel_shrink_replace(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_rewriting whole;
    if (!rpcancel_rewriting_begin(shrinker, &whole))
        return false;
    for (unsigned i = 0; i < whole.count; i++) {
        struct rpcancel_rewriting changed = whole;
        for (unsigned kind = 0; kind < whole.operations[i].kind; kind++) {
            struct rpcancel_operation operation = whole.operations[i];
            operation.kind = (uint8_t)kind;
            operation.argument = 0;
            changed.operations[i] = rpcancel_operation_canonical(operation);
            if ((!shrinker->hidden || !rpcancel_is_network(kind)) && rpcancel_rewriting_try(shrinker, &changed))
                return true;
        }
    }
    return false;
}

/* ---- changes that let another operation go ---- */

/* Tries |rewriting| without one of its operations, whichever it is. */
static bool try_without_one(struct rpcancel_shrinker *shrinker, const struct rpcancel_rewriting *rewriting)
{
    for (unsigned i = rewriting->count; i-- > 0;) {
        struct rpcancel_rewriting left = *rewriting;
        rpcancel_rewriting_drop(&left, i);
        if (rpcancel_rewriting_try(shrinker, &left))
            return true;
    }
    return false;
}

bool rpcancel_shrink_move_and_drop(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_rewriting whole;
    if (!rpcancel_rewriting_begin(shrinker, &whole))
        return false;
    for (unsigned from = 0; from < whole.count; from++) {
        for (unsigned to = 0; to < whole.count; to++) {
            struct rpcancel_rewriting moved = whole;
            if (from == to)
                continue;
            rpcancel_rewriting_drop(&moved, from);
            memmove(&moved.operations[to + 1], &moved.operations[to], (moved.count - to) * sizeof moved.operations[0]);
            moved.operations[to] = whole.operations[from];
            moved.count++;
            if (try_without_one(shrinker, &moved))
                return true;
        }
    }
    return false;
}

bool rpcancel_shrink_change_and_drop(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_rewriting whole;
    struct rpcancel_alphabet letters;
    struct rpcancel_pair guide;
    if (!rpcancel_rewriting_begin(shrinker, &whole))
        return false;
    rpcancel_rewriting_letters(shrinker, &letters);
    rpcancel_guide_reset(&guide);
    for (unsigned i = 0; i < whole.count; i++) {
        for (unsigned letter = 0; letter < letters.count && !shrinker->over; letter++) {
            struct rpcancel_rewriting changed = whole;
            changed.operations[i] = letters.operations[letter];
            if (rpcancel_guide_changes(shrinker, &guide, changed.operations[i]) && try_without_one(shrinker, &changed))
                return true;
        }
        rpcancel_guide_advance(shrinker, &guide, whole.operations[i]);
    }
    return false;
}
