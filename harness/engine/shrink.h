// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_H
#define RPCANCEL_SHRINK_H
/*
 * Shrinking: leaving operations out of a failing sequence for as long as it still fails in the same way.
 */
#include "engine/run.h"

/* The failure that must stay. */
struct rpcancel_failure_kind {
    enum rpcancel_run_end end;
    int rule; /* index of a rule that must be among run->violated, -1 for any or none */
};

/* rpcancel_run_shows tells whether |run| ended in the way |kind| says. */
bool rpcancel_run_shows(const struct rpcancel_run *run, struct rpcancel_failure_kind kind);

/* rpcancel_shrink drops one operation at a time from |sequence| until none can be spared, or |runs| runs were made.
 * run->tallies are not added to. |sequence| ends with the item at which it fails. What is left makes as much sense as
 * before: shrinking adds no operation that the reference would refuse, call undefined or raise on where it stands. */
void rpcancel_shrink(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_sequence *sequence,
                     struct rpcancel_failure_kind kind, unsigned runs);

#endif
