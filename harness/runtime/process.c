// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/pipes.h"

/* While nothing comes, the harness looks this often (ms) whether the program still lives: a process it started may
 * hold the pipes open, so that they do not end with it. */
enum { LOOK_MS = 50 };

int64_t rpcancel_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Tells whether the program has ended; it stays a zombie, so that its process group keeps its number. */
static bool has_ended(const struct rpcancel_process *process)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid != 0;
}

static void keep_tail(struct rpcancel_process *process, const char *bytes, size_t count)
{
    enum { ROOM = sizeof process->error_tail };
    if (count > ROOM) {
        bytes += count - ROOM;
        count = ROOM;
    }
    size_t kept = process->error_tail_length;
    if (kept + count > ROOM) {
        kept = ROOM - count;
        memmove(process->error_tail, process->error_tail + process->error_tail_length - kept, kept);
    }
    memcpy(process->error_tail + kept, bytes, count);
    process->error_tail_length = kept + count;
}

/* Reads once from standard error; false when there was nothing. */
static bool read_error(struct rpcancel_process *process)
{
    char bytes[4096];
    ssize_t count = process->error < 0 ? -1 : read(process->error, bytes, sizeof bytes);
    if (count == 0)
        rpcancel_close(&process->error);
    if (count <= 0)
        return false;
    keep_tail(process, bytes, (size_t)count);
    return true;
}

static int slice(int64_t deadline, int limit)
{
    int64_t left = deadline - rpcancel_clock_ms();
    if (left <= 0)
        return 0;
    return left < limit ? (int)left : limit;
}

enum rpcancel_process_event rpcancel_process_wait(struct rpcancel_process *process, int64_t deadline)
{
    bool ended = false;
    for (;;) {
        int wait_ms = ended ? 0 : slice(deadline, LOOK_MS);
        struct pollfd ends[] = {{.fd = process->output, .events = POLLIN}, {.fd = process->error, .events = POLLIN}};
        int ready = poll(ends, 2, wait_ms);
        if (ready > 0 && ends[1].revents)
            read_error(process);
        if (ready > 0 && ends[0].revents)
            return RPCANCEL_PROCESS_READY;
        if (ended)
            return RPCANCEL_PROCESS_ENDED;
        if (wait_ms == 0)
            return RPCANCEL_PROCESS_EXPIRED;
        ended = ready == 0 && has_ended(process); /* it may have written just before: look at the output once more */
    }
}

bool rpcancel_process_look(struct rpcancel_process *process)
{
    char nowhere[4096];
    bool ended = has_ended(process); /* asked first: what it wrote before is there then */
    ssize_t count = process->output < 0 ? -1 : read(process->output, nowhere, sizeof nowhere);
    if (count == 0)
        rpcancel_close(&process->output);
    read_error(process);
    return ended;
}

enum rpcancel_process_event rpcancel_process_write(struct rpcancel_process *process, const char *bytes, size_t length,
                                                   int64_t deadline)
{
    for (;;) {
        ssize_t count = write(process->input, bytes, length);
        if (count >= 0 || (errno != EAGAIN && errno != EINTR))
            return RPCANCEL_PROCESS_READY;
        int wait_ms = slice(deadline, LOOK_MS);
        if (wait_ms == 0)
            return RPCANCEL_PROCESS_EXPIRED;
        struct pollfd ends[] = {{.fd = process->input, .events = POLLOUT}, {.fd = process->error, .events = POLLIN}};
        if (poll(ends, 2, wait_ms) > 0 && ends[1].revents)
            read_error(process);
    }
}

/* Waits for the program to end by itself, reading what it has to say meanwhile. */
static bool ends_within(struct rpcancel_process *process, int patience_ms)
{
    int64_t deadline = rpcancel_clock_ms() + patience_ms;
    long pause_us = 50;
    for (;;) {
        while (read_error(process) && rpcancel_clock_ms() < deadline)
            continue;
        if (has_ended(process))
            return true;
        if (rpcancel_clock_ms() >= deadline)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = pause_us * 1000}, NULL);
        pause_us = pause_us < 5000 ? pause_us * 2 : pause_us;
    }
}

bool rpcancel_process_finish(struct rpcancel_process *process, int patience_ms, const struct rpcancel_guard *guard,
                             int *status)
{
    if (process->pid == 0)
        return false;
    bool by_itself = ends_within(process, patience_ms);
    if (!by_itself) {
        kill(-process->pid, SIGTERM);
        ends_within(process, RPCANCEL_TERM_MS);
    }
    read_error(process);
    /* The process is not reaped yet, so its group still has its number and nobody else can be hit. */
    kill(-process->pid, SIGKILL);
    rpcancel_guard_watch(guard, 0);
    int ignored;
    while (waitpid(process->pid, status ? status : &ignored, 0) < 0 && errno == EINTR)
        continue;
    rpcancel_close(&process->input);
    rpcancel_close(&process->output);
    rpcancel_close(&process->error);
    process->pid = 0;
    return by_itself;
}
