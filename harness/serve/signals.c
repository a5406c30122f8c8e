// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "serve/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

int rpcancel_signals_watch(sigset_t *before)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, before);
    return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool rpcancel_signals_take(int signals)
{
    struct signalfd_siginfo signal;
    return read(signals, &signal, sizeof signal) == sizeof signal;
}
