// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_GUARD_H
#define RPCANCEL_GUARD_H
/*
 * A guard is a small process of the harness that outlives it by a moment: when the harness goes away without tidying
 * up (a crash, SIGKILL, Ctrl-C), it ends the process group it was told to watch. It learns of the harness's end from
 * the end of a pipe, so it needs no signal handler in the harness.
 */
#include <stdbool.h>
#include <sys/types.h>

struct rpcancel_guard {
    pid_t pid;    /* 0 when there is none */
    int lifeline; /* the harness's end of the pipe */
};

/* What a process group is given between SIGTERM and SIGKILL. */
enum { RPCANCEL_TERM_MS = 500 };

/* rpcancel_guard_start starts a guard that watches nothing yet; false with errno set. */
bool rpcancel_guard_start(struct rpcancel_guard *guard);

/* rpcancel_guard_watch tells the guard which process group to end should the harness go away; 0: none. */
void rpcancel_guard_watch(const struct rpcancel_guard *guard, pid_t group);

/* rpcancel_guard_end ends the guard itself, if there is one. What it watched must have ended. */
void rpcancel_guard_end(struct rpcancel_guard *guard);

#endif
