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
