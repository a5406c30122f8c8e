// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PIPES_H
#define RPCANCEL_PIPES_H
/*
 * Pipes between the harness and what it starts.
 */
#include <stdbool.h>
#include <stddef.h>

/* rpcancel_pipe makes a pipe, closed on exec, whose ends (0 reads, 1 writes) lie above standard error even when the
 * harness was started without its standard descriptors. False with errno set and no end open. */
bool rpcancel_pipe(int ends[2]);

/* rpcancel_close closes |*fd| unless it is -1, and sets it to -1. */
void rpcancel_close(int *fd);

/* rpcancel_read_some waits until there is something to read and returns how many bytes it read; 0 at the end or on
 * failure. */
size_t rpcancel_read_some(int fd, char *out, size_t size);

/* rpcancel_write_all writes |length| bytes; false on failure. */
bool rpcancel_write_all(int fd, const char *bytes, size_t length);

#endif
