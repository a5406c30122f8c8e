// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_H
#define RPCANCEL_CHILD_H
/*
 * Runtimes in a process of their own that is spoken to by lines, whatever runs there.
 */
#include "runtime/runtime.h"

enum { RPCANCEL_CHILD_WHO_MAX = 80 };

/* What runs in the process. */
struct rpcancel_child_program {
    char **words;                   /* a program and its arguments, as execv(2) takes them; or NULL and */
    int (*function)(void *context); /* a function in a fork of the harness, which returns the exit code */
    void *context;
    void *memory;                     /* released with free() when the runtime is closed, or cannot be opened */
    char who[RPCANCEL_CHILD_WHO_MAX]; /* the subject of messages, "the child" */
};

/* rpcancel_child_open starts |program|, and again whenever that is needed. NULL on failure, with a line for people in
 * |failure|. */
struct rpcancel_runtime *rpcancel_child_open(const struct rpcancel_child_program *program,
                                             const struct rpcancel_runtime_options *options,
                                             char failure[RPCANCEL_FAILURE_TEXT_MAX]);

#endif
