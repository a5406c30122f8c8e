// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <time.h>

#include "commands/command.h"

static volatile sig_atomic_t interrupted;
static struct timespec noted; /* when that was; read and written with both signals blocked */

static bool is_a_second_ago(const struct timespec *then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > then->tv_sec + 1 || (now.tv_sec == then->tv_sec + 1 && now.tv_nsec >= then->tv_nsec);
}

/* timeout(1) signals the process and its group: what comes twice at once is meant once. */
static void take_note(int number)
{
    if (!interrupted) {
        clock_gettime(CLOCK_MONOTONIC, &noted);
        interrupted = 1;
    } else if (is_a_second_ago(&noted)) {
        signal(number, SIG_DFL);
        raise(number); /* it is blocked, and ends the program on return from here */
    }
}

void rpcancel_interrupts_watch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = take_note;
    action.sa_flags = SA_RESTART;
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

const volatile sig_atomic_t *rpcancel_interrupted(void)
{
    return &interrupted;
}
