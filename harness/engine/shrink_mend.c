// SPDX-License-Identifier: Apache-2.0
/*
 * Dropping and mending. Much of a sequence depends on what went before it: without the `return` that freed a thread the
 * next call is dispatched elsewhere, and everything done to it there moves along; without the second `call` of a handle
 * what was about its earlier call is about the only one.
 */
#include "engine/guide.h"
#include "engine/shrink_moves.h"
#include "engine/shrink_rewriting.h"

static bool makes_sense(const struct rpcancel_shrinker *shrinker, struct rpcancel_pair *guide,
                        struct rpcancel_operation operation)
{
    struct rpcancel_pair after = *guide;
    if (rpcancel_is_misuse(rpcancel_guide_advance(shrinker, &after, operation)))
        return false;
    *guide = after;
    return true;
}

/* Finds a thread, or a thread and the other call of its handle, with which |operation| makes sense where |guide|
 * stands, and moves the guide on. False when there is none. */
static bool mend_one(const struct rpcancel_shrinker *shrinker, struct rpcancel_pair *guide,
                     struct rpcancel_operation *operation)
{
    for (unsigned other_call = 0; other_call < 2; other_call++) {
        for (unsigned further = 0; further < RPCANCEL_THREADS; further++) {
            struct rpcancel_operation mended = *operation;
            mended.earlier = (operation->earlier ^ other_call) & 1u;
            mended.thread = (operation->thread + further) & 3u;
            mended = rpcancel_operation_canonical(mended);
            if (makes_sense(shrinker, guide, mended)) {
                *operation = mended;
                return true;
            }
        }
    }
    return false;
}

/* Mends every operation of |rewriting| that makes no sense, or leaves it out; false when there was none. */
static bool mend(const struct rpcancel_shrinker *shrinker, struct rpcancel_rewriting *rewriting)
{
    struct rpcancel_pair guide;
    bool mended = false;
    unsigned kept = 0;
    rpcancel_guide_reset(&guide);
    for (unsigned i = 0; i < rewriting->count; i++) {
        struct rpcancel_operation operation = rewriting->operations[i];
        bool sound = makes_sense(shrinker, &guide, operation);
        mended |= !sound;
        if (sound || mend_one(shrinker, &guide, &operation))
            rewriting->operations[kept++] = operation;
    }
    rewriting->count = kept;
    return mended;
}

/* Tries |rewriting| with its last operation on every thread: `test-cancel 0 @t1` makes sense wherever the call that it
 * was about has come to run. */
static bool try_on_every_thread(struct rpcancel_shrinker *shrinker, struct rpcancel_rewriting *rewriting)
{
    struct rpcancel_operation *last = &rewriting->operations[rewriting->count - 1];
    unsigned thread = last->thread;
    for (unsigned further = 0; further < RPCANCEL_THREADS; further++) {
        last->thread = (thread + further) & 3u;
        *last = rpcancel_operation_canonical(*last);
        if (rpcancel_rewriting_try(shrinker, rewriting))
            return true;
    }
    return false;
}

static bool try_mended(struct rpcancel_shrinker *shrinker, const struct rpcancel_rewriting *rewriting)
{
    struct rpcancel_rewriting mended = *rewriting;
    return mend(shrinker, &mended) && mended.count > 0 && try_on_every_thread(shrinker, &mended);
}

bool rpcancel_shrink_drop_and_mend(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_rewriting whole;
    if (!rpcancel_rewriting_begin(shrinker, &whole))
        return false;
    for (unsigned first = 0; first < whole.count; first++) {
        struct rpcancel_rewriting without_one = whole;
        rpcancel_rewriting_drop(&without_one, first);
        if (try_mended(shrinker, &without_one))
            return true;
        for (unsigned second = first; second < without_one.count; second++) {
            struct rpcancel_rewriting without_two = without_one;
            rpcancel_rewriting_drop(&without_two, second);
            if (try_mended(shrinker, &without_two))
                return true;
        }
    }
    return false;
}
