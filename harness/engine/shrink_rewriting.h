// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_REWRITING_H
#define RPCANCEL_SHRINK_REWRITING_H
/*
 * Rewritings: candidates of the bolder moves, which make thousands of them where few are worth a run. The guide sorts
 * them out, at no cost to the runtime.
 */
#include "engine/alphabet.h"
#include "engine/pair_table.h"
#include "engine/shrinker.h"

/* A list of operations on its way to be a candidate. */
struct rpcancel_rewriting {
    unsigned count;
    struct rpcancel_operation operations[RPCANCEL_SHORT_MAX]; /* canonical */
};

/* rpcancel_rewriting_begin sets |*rewriting| to the smallest sequence so far; false when that is not short. */
bool rpcancel_rewriting_begin(const struct rpcancel_shrinker *shrinker, struct rpcancel_rewriting *rewriting);

/* rpcancel_rewriting_try tries |rewriting| as a candidate if it is plausible: it makes as much sense as the smallest
 * sequence so far, and where a broken rule is to be kept, that rule decides the last answer, had the reference given
 * all of them. (A runtime that answers otherwise than the reference where documents are silent may break it elsewhere
 * as well; this is passed over.) Where messages arrive unseen the latter cannot be told, and is taken for granted. */
bool rpcancel_rewriting_try(struct rpcancel_shrinker *shrinker, const struct rpcancel_rewriting *rewriting);

/* rpcancel_rewriting_drop takes out the operation at |position|. */
void rpcancel_rewriting_drop(struct rpcancel_rewriting *rewriting, unsigned position);

/* rpcancel_rewriting_letters lists the operations that a rewriting may bring in: those on the handles and threads that
 * the smallest sequence names, up to the highest, on one dispatcher more, and on the worker; without messages where
 * they arrive unseen. */
void rpcancel_rewriting_letters(const struct rpcancel_shrinker *shrinker, struct rpcancel_alphabet *letters);

/* rpcancel_guide_reset and rpcancel_guide_advance have a world of the reference, and an observer of it, go along with a
 * rewriting; the latter returns what the reference answers. */
void rpcancel_guide_reset(struct rpcancel_pair *guide);
struct rpcancel_answer rpcancel_guide_advance(const struct rpcancel_shrinker *shrinker, struct rpcancel_pair *guide,
                                              struct rpcancel_operation operation);

/* rpcancel_guide_changes tells whether |operation| makes a difference where |guide| stands: it happens, and the
 * reference or what is known of it is another then. */
bool rpcancel_guide_changes(const struct rpcancel_shrinker *shrinker, const struct rpcancel_pair *guide,
                            struct rpcancel_operation operation);

#endif
