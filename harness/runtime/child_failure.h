// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_FAILURE_H
#define RPCANCEL_CHILD_FAILURE_H
/*
 * What is said to people about a child that failed. Each function writes one line to runtime->failure and the end of
 * the child's standard error to runtime->error_tail; the process must have been finished, but where the child told
 * itself what happened. The line reads the same whichever number the child's own line had, unless it is lines that are
 * compared.
 */
#include "runtime/lines.h"
#include "runtime/process.h"
#include "runtime/runtime.h"

struct rpcancel_child_failure {
    struct rpcancel_runtime *runtime;
    const struct rpcancel_process *process;
    const char *who;  /* "the child", "the plugin x.so": the subject of what is said */
    uint64_t id;      /* of the line that was sent last; 0: nothing is known of lines */
    const char *what; /* what it asked for */
};

/* rpcancel_child_say_broken: |line| was not |expected|. */
void rpcancel_child_say_broken(const struct rpcancel_child_failure *failure, const char *line, const char *expected);

/* rpcancel_child_say_failed: the child itself says |why| there is no answer. */
void rpcancel_child_say_failed(const struct rpcancel_child_failure *failure, const char *why);

/* rpcancel_child_say_flooded: the child wrote without end; |how| completes "the child …". */
void rpcancel_child_say_flooded(const struct rpcancel_child_failure *failure, const char *how);

/* rpcancel_child_say_hung: no answer within |limit_ms|. |lines| holds an unfinished line, if there was one. */
void rpcancel_child_say_hung(const struct rpcancel_child_failure *failure, unsigned limit_ms,
                             const struct rpcancel_lines *lines);

/* rpcancel_child_say_stuck: the child told that what it called does not return. */
void rpcancel_child_say_stuck(const struct rpcancel_child_failure *failure);

/* rpcancel_child_say_crashed: the child's output ended. |status| is its wait status, or NULL when it went on running.
 */
void rpcancel_child_say_crashed(const struct rpcancel_child_failure *failure, const int *status,
                                const struct rpcancel_lines *lines);

/* rpcancel_child_say_bad_end: the child was to end and did so with |status|, or, NULL, not within |limit_ms|. */
void rpcancel_child_say_bad_end(const struct rpcancel_child_failure *failure, const int *status, unsigned limit_ms);

#endif
