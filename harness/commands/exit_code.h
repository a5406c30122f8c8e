// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXIT_CODE_H
#define RPCANCEL_EXIT_CODE_H
/*
 * What the program's exit code says. Frozen: scripts rely on the numbers.
 */
#include <stdbool.h>

enum rpcancel_exit_code {
    RPCANCEL_EXIT_CONFORMANT = 0,
    RPCANCEL_EXIT_FINDING = 1, /* not conformant, or a finding */
    RPCANCEL_EXIT_USAGE = 2,   /* arguments; filters that select nothing */
    RPCANCEL_EXIT_TROUBLE = 3, /* files, harness, infrastructure; interrupted before the end */
    RPCANCEL_EXIT_RUNTIME = 4, /* the runtime crashed or hung */
    RPCANCEL_EXIT_STALE = 5,   /* the expectation list does not fit any more */
    RPCANCEL_EXIT_FLOOR = 6    /* coverage or speed is below what it must be */
};

/* rpcancel_exit_stronger returns the one of two codes that counts when both apply. Strongest first: 2, 3, 4, 5, 1, 6,
 * 0. */
enum rpcancel_exit_code rpcancel_exit_stronger(enum rpcancel_exit_code a, enum rpcancel_exit_code b);

/* What `git bisect run` makes of other numbers: 0 is good, those up to 127 are bad but for that of SKIP, and those
 * beyond end it. */
enum { RPCANCEL_BISECT_SKIP = 125, RPCANCEL_BISECT_ABORT = 128 };

/*
 * rpcancel_exit_for_bisect returns what |code| is for `git bisect run`: whether this revision is bad. Trouble says
 * nothing of it: it is skipped. Mistakes in arguments are the same at every revision, and whoever interrupts means all
 * of it: both end it. A list that does not fit any more is no failure of the runtime: good.
 */
int rpcancel_exit_for_bisect(enum rpcancel_exit_code code, bool interrupted);

#endif
