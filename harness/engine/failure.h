// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FAILURE_H
#define RPCANCEL_FAILURE_H
/*
 * Failures: which one a run shows, and whether it shows again.
 */
#include "engine/run.h"

enum { RPCANCEL_ATTEMPTS = 3 }; /* a failure is reliable when so many runs in a row show it */

struct rpcancel_failure_kind {
    enum rpcancel_run_end end;
    int rule; /* index of a rule that must be among run->violated, -1 for any or none */
};

/* rpcancel_failure_of returns the failure that |run| shows: how it ended, and the first of the rules it names, if it
 * names any. */
struct rpcancel_failure_kind rpcancel_failure_of(const struct rpcancel_run *run);

/* rpcancel_run_shows tells whether |run| ended in the way |kind| says. */
bool rpcancel_run_shows(const struct rpcancel_run *run, struct rpcancel_failure_kind kind);

/* rpcancel_run_repeat runs |sequence| on |runtime| |times| more times, without tallies, and returns how many of these
 * runs show |kind|. |run| holds the last of them that did; if none did, it is as it was. */
unsigned rpcancel_run_repeat(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                             const struct rpcancel_sequence *sequence, struct rpcancel_failure_kind kind,
                             unsigned times);

#endif
