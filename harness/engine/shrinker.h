// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINKER_H
#define RPCANCEL_SHRINKER_H
/*
 * The shrinker: the smallest sequence so far, and how a candidate takes its place. For the moves of
 * engine/shrink_moves.h only.
 */
#include "engine/shrink.h"
#include "engine/tried.h"

enum {
    RPCANCEL_SHORT_MAX = 32,   /* operations a sequence may have for moves that make a thousand candidates of it */
    RPCANCEL_SHRINK_STEPS = 16 /* that can be taken back */
};

struct rpcancel_shrinker {
    struct rpcancel_run *run;
    struct rpcancel_runtime *runtime;
    const struct rpcancel_shrink_options *options;
    struct rpcancel_shrink_result *result;
    bool hidden;                        /* the runtime delivers unseen */
    bool over;                          /* result->end is settled; nothing more is tried */
    unsigned broken;                    /* runs in a row in which the harness failed */
    struct rpcancel_sequence best;      /* the smallest so far */
    size_t misuses;                     /* its operations that make no sense */
    struct rpcancel_sequence candidate; /* moves build it here */
    struct rpcancel_tried tried;        /* the candidates that were run */
    /* What |best| was before, from the beginning; when there are more, the second goes. */
    struct rpcancel_sequence earlier[RPCANCEL_SHRINK_STEPS];
    unsigned earlier_count;
};

/* rpcancel_shrinker_begin takes the operations of |sequence| for the smallest so far. A delivery that the runtime
 * cannot be told to make is a `settle`, as it is for a run. False, and the shrinker is over, unless RPCANCEL_ATTEMPTS
 * runs show the failure. */
bool rpcancel_shrinker_begin(struct rpcancel_shrinker *shrinker, const struct rpcancel_sequence *sequence);

/* rpcancel_shrinker_clear empties the candidate, rpcancel_shrinker_add appends one operation to it, and
 * rpcancel_shrinker_add_best the operations |first| to |past| - 1 of the smallest sequence so far. When memory is
 * exhausted the shrinker is over. */
void rpcancel_shrinker_clear(struct rpcancel_shrinker *shrinker);
void rpcancel_shrinker_add(struct rpcancel_shrinker *shrinker, struct rpcancel_operation operation);
void rpcancel_shrinker_add_best(struct rpcancel_shrinker *shrinker, size_t first, size_t past);

/* rpcancel_shrinker_try has the candidate take the place of the smallest sequence so far, cut off behind the operation
 * at which it fails, if it is smaller, makes as much sense, and RPCANCEL_ATTEMPTS runs in a row show the failure. One
 * that was tried before is not tried again. Returns whether it did; what the candidate is then is undefined. */
bool rpcancel_shrinker_try(struct rpcancel_shrinker *shrinker);

/* rpcancel_shrinker_verify makes RPCANCEL_ATTEMPTS more runs of the smallest sequence, even when the shrinker is over,
 * and notes in the result how many show the failure. When all do, or there is nothing before it, returns true. Else it
 * was small by luck: what was before it takes its place again, and false is returned. */
bool rpcancel_shrinker_verify(struct rpcancel_shrinker *shrinker);

void rpcancel_shrinker_free(struct rpcancel_shrinker *shrinker);

static inline bool rpcancel_is_network(unsigned kind)
{
    return rpcancel_operation_describe(kind)->actor == RPCANCEL_ACTOR_NETWORK;
}

#endif
