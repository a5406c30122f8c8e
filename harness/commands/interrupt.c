// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "commands/command.h"

static volatile sig_atomic_t interrupted;

static void take_note(int signal)
{
    (void)signal;
    interrupted = 1;
}

void rpcancel_interrupts_watch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = take_note;
    action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

const volatile sig_atomic_t *rpcancel_interrupted(void)
{
    return &interrupted;
}
