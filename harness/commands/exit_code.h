// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXIT_CODE_H
#define RPCANCEL_EXIT_CODE_H
/*
 * What the program's exit code says. Frozen: scripts rely on the numbers.
 */
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

#endif
