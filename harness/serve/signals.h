// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_SIGNALS_H
#define RPCANCEL_SERVE_SIGNALS_H
/* SIGINT and SIGTERM as a descriptor: both servers end on them. One thread. */
#include <signal.h>
#include <stdbool.h>

/* rpcancel_signals_watch blocks both, and returns a descriptor that can be read when one comes; -1 with errno set.
 * |*before| is what signals were blocked. */
int rpcancel_signals_watch(sigset_t *before);

/* rpcancel_signals_take takes what came off |signals|, or it would come again once signals are not blocked any more.
 * Returns whether one had come. */
bool rpcancel_signals_take(int signals);

#endif
