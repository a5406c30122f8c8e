// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PROCESS_H
#define RPCANCEL_PROCESS_H
/*
 * A program the harness started, or a function of the harness in a copy of itself: the leader of a process group of its
 * own, with pipes on its standard descriptors.
 *
 * Whatever happens to it or to the harness, the whole group ends: rpcancel_process_finish ends it, the guard does so
 * when the harness goes away, and the kernel sends the leader SIGTERM when the *thread* that started it ends; so that
 * thread must live as long as the process. The harness must not wait for processes it does not name (waitpid(-1)).
 *
 * What the program writes to its standard error is read whenever the harness waits, and its end is kept.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/guard.h"
#include "runtime/runtime.h"

enum { RPCANCEL_PATH_MAX = 4096 }; /* with the NUL, as Linux has it */

struct rpcancel_process {
    pid_t pid;  /* 0 when nothing runs */
    int input;  /* these three are the harness's ends, -1 when closed: its standard input, */
    int output; /* standard output */
    int error;  /* and standard error */
    char error_tail[RPCANCEL_ERROR_TAIL_MAX];
    size_t error_tail_length;
};

/* rpcancel_clock_ms returns milliseconds of a clock that only goes forward. */
int64_t rpcancel_clock_ms(void);

/* rpcancel_process_find finds the program |name| as a shell does (PATH, unless the name has a slash). Returns 0 with
 * |path| set, or an error number. */
int rpcancel_process_find(const char *name, char path[RPCANCEL_PATH_MAX]);

/* rpcancel_process_start starts the program words[0], found so. False with a line for people in |failure| and errno
 * set; nothing runs then. */
bool rpcancel_process_start(struct rpcancel_process *process, char *const words[], const struct rpcancel_guard *guard,
                            char failure[RPCANCEL_FAILURE_TEXT_MAX]);

/* rpcancel_process_start_function does the same with |function|, called with |context| in a fork of this process, in
 * which no other thread lives on, nothing but the standard descriptors is open and the signals that the harness handles
 * are as they are at first. What it returns is the exit code; functions registered with atexit run. */
bool rpcancel_process_start_function(struct rpcancel_process *process, int (*function)(void *context), void *context,
                                     const struct rpcancel_guard *guard, char failure[RPCANCEL_FAILURE_TEXT_MAX]);

enum rpcancel_process_event {
    RPCANCEL_PROCESS_READY,  /* as asked: output can be read or is at its end; or everything was written */
    RPCANCEL_PROCESS_ENDED,  /* the program has ended and there is nothing to read, although something holds its end */
    RPCANCEL_PROCESS_EXPIRED /* the deadline passed */
};

/* rpcancel_process_wait waits for output until |deadline| (of rpcancel_clock_ms). */
enum rpcancel_process_event rpcancel_process_wait(struct rpcancel_process *process, int64_t deadline);

/* rpcancel_process_write writes |length| bytes (at most PIPE_BUF), waiting for room until |deadline|. A program that
 * no longer reads counts as written to: what it has still to say comes first. */
enum rpcancel_process_event rpcancel_process_write(struct rpcancel_process *process, const char *bytes, size_t length,
                                                   int64_t deadline);

/* rpcancel_process_look takes off the program's output, to nowhere, and its standard error what is there, without
 * waiting. Returns whether the program has ended. */
bool rpcancel_process_look(struct rpcancel_process *process);

/* How much time rpcancel_process_finish gives a program to end by itself. */
enum { RPCANCEL_PATIENCE_NONE = 0, RPCANCEL_PATIENCE_MS = 1000 };

/*
 * rpcancel_process_finish ends the process group and reaps the process, if there is one. The program is given
 * |patience_ms| to end by itself; then the group gets SIGTERM, and RPCANCEL_TERM_MS later SIGKILL. What is left of the
 * group after the program ended gets SIGKILL. True when the program ended by itself; |status| (may be NULL) is set to
 * its wait status.
 */
bool rpcancel_process_finish(struct rpcancel_process *process, int patience_ms, const struct rpcancel_guard *guard,
                             int *status);

#endif
