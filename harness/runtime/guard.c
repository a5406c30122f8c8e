// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/pipes.h"

/* Where the guard keeps its end of the pipe; nothing above it stays open. */
enum { GUARD_FD = STDERR_FILENO + 1 };

/* The guard is forked from a harness that may have threads: it may use async-signal-safe functions only. */
static void detach_from_harness(int lifeline)
{
    setpgid(0, 0); /* out of the terminal's foreground group: Ctrl-C is not meant for the guard */
    prctl(PR_SET_NAME, "rpcancel-guard");
    signal(SIGTERM, SIG_DFL);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(nowhere, fd);
    dup2(lifeline, GUARD_FD);
    closefrom(GUARD_FD + 1);
}

static _Noreturn void guard(int lifeline)
{
    detach_from_harness(lifeline);
    pid_t group = 0;
    for (;;) {
        pid_t message;
        ssize_t count = read(GUARD_FD, &message, sizeof message);
        if (count < 0 && errno == EINTR)
            continue;
        if (count != (ssize_t)sizeof message)
            break;
        group = message;
    }
    if (group > 0 && kill(-group, SIGTERM) == 0) {
        nanosleep(&(struct timespec){.tv_nsec = RPCANCEL_TERM_MS * 1000000L}, NULL);
        kill(-group, SIGKILL);
    }
    _exit(0);
}

bool rpcancel_guard_start(struct rpcancel_guard *guard_process)
{
    *guard_process = (struct rpcancel_guard){.lifeline = -1};
    int ends[2];
    if (!rpcancel_pipe(ends))
        return false;
    pid_t pid = fork();
    if (pid == 0)
        guard(ends[0]);
    int error = errno;
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        errno = error;
        return false;
    }
    *guard_process = (struct rpcancel_guard){.pid = pid, .lifeline = ends[1]};
    return true;
}

void rpcancel_guard_watch(const struct rpcancel_guard *guard_process, pid_t group)
{
    /* A guard that somebody killed cannot be told; the harness still ends its children itself. */
    ssize_t ignored = write(guard_process->lifeline, &group, sizeof group);
    (void)ignored;
}

void rpcancel_guard_end(struct rpcancel_guard *guard_process)
{
    if (guard_process->pid == 0)
        return;
    close(guard_process->lifeline);
    while (waitpid(guard_process->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    *guard_process = (struct rpcancel_guard){.lifeline = -1};
}
