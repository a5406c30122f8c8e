// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"

enum { EVERY_MS = 100 };

/* A run may take microseconds or seconds: what is shown changes ten times a second at most. */
static void show_shrinking(void *context, unsigned runs, size_t length)
{
    static struct timespec last;
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000 < EVERY_MS)
        return;
    last = now;
    fprintf(stderr, "\rshrinking: %zu operation%s left, %u runs  ", length, length == 1 ? "" : "s", runs);
    fflush(stderr);
}

void (*rpcancel_progress_of_shrinking(void))(void *context, unsigned runs, size_t length)
{
    return isatty(STDERR_FILENO) ? show_shrinking : NULL;
}

void rpcancel_progress_clear(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%60s\r", "");
}
