// SPDX-License-Identifier: Apache-2.0
/*
 * Detours: the way to the failure often leads through a stretch for which there is a shorter one, such as `lose link;
 * settle` for everything it takes to get a fault from the server.
 */
#include <string.h>

#include "engine/shrink_moves.h"
#include "engine/shrink_rewriting.h"

/* The smallest sequence so far, and where the guide stands behind its first |prefix| operations. */
struct detour {
    struct rpcancel_rewriting whole;
    unsigned prefix;
    struct rpcancel_pair guide;
    struct rpcancel_alphabet letters;
};

/* Tries the prefix, |first| and |second|, with the rest of the sequence from every place that makes it shorter. */
static bool join(struct rpcancel_shrinker *shrinker, const struct detour *detour, struct rpcancel_operation first,
                 struct rpcancel_operation second)
{
    const struct rpcancel_rewriting *whole = &detour->whole;
    struct rpcancel_rewriting joined = *whole;
    unsigned way = detour->prefix + 2;
    joined.operations[detour->prefix] = first;
    joined.operations[detour->prefix + 1] = second;
    for (unsigned rest = way + 1; rest <= whole->count; rest++) {
        joined.count = way + whole->count - rest;
        memcpy(&joined.operations[way], &whole->operations[rest], (whole->count - rest) * sizeof whole->operations[0]);
        if (rpcancel_rewriting_try(shrinker, &joined))
            return true;
    }
    return false;
}

/* Tries every two operations that make a difference where the guide stands. */
static bool take(struct rpcancel_shrinker *shrinker, const struct detour *detour)
{
    const struct rpcancel_alphabet *letters = &detour->letters;
    for (unsigned i = 0; i < letters->count && !shrinker->over; i++) {
        struct rpcancel_pair between = detour->guide;
        if (!rpcancel_guide_changes(shrinker, &between, letters->operations[i]))
            continue;
        rpcancel_guide_advance(shrinker, &between, letters->operations[i]);
        for (unsigned j = 0; j < letters->count; j++) {
            if (rpcancel_guide_changes(shrinker, &between, letters->operations[j]) &&
                join(shrinker, detour, letters->operations[i], letters->operations[j]))
                return true;
        }
    }
    return false;
}

bool rpcancel_shrink_detour(struct rpcancel_shrinker *shrinker)
{
    struct detour detour;
    if (!rpcancel_rewriting_begin(shrinker, &detour.whole))
        return false;
    rpcancel_rewriting_letters(shrinker, &detour.letters);
    rpcancel_guide_reset(&detour.guide);
    for (detour.prefix = 0; detour.prefix + 2 < detour.whole.count; detour.prefix++) {
        if (take(shrinker, &detour))
            return true;
        rpcancel_guide_advance(shrinker, &detour.guide, detour.whole.operations[detour.prefix]);
    }
    return false;
}
