// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Moves |*fd| above the standard descriptors; the new one is closed on exec as well. */
static bool move_up(int *fd)
{
    if (*fd > STDERR_FILENO)
        return true;
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0)
        return false;
    close(*fd);
    *fd = moved;
    return true;
}

bool rpcancel_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    if (move_up(&ends[0]) && move_up(&ends[1]))
        return true;
    int error = errno;
    rpcancel_close(&ends[0]);
    rpcancel_close(&ends[1]);
    errno = error;
    return false;
}

void rpcancel_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

size_t rpcancel_read_some(int fd, char *out, size_t size)
{
    ssize_t got;
    do
        got = read(fd, out, size);
    while (got < 0 && errno == EINTR);
    return got > 0 ? (size_t)got : 0;
}

bool rpcancel_write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}
