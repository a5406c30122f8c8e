// SPDX-License-Identifier: Apache-2.0
#include "runtime/lines.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

void rpcancel_lines_reset(struct rpcancel_lines *lines)
{
    lines->start = lines->scanned = lines->end = 0;
}

enum rpcancel_lines_result rpcancel_lines_next(struct rpcancel_lines *lines, char **line, size_t *length)
{
    char *newline = memchr(lines->buffer + lines->scanned, '\n', lines->end - lines->scanned);
    size_t stop = newline ? (size_t)(newline - lines->buffer) : lines->end;
    if (stop - lines->start > RPCANCEL_LINES_BYTES_MAX)
        return RPCANCEL_LINES_TOO_LONG;
    lines->scanned = newline ? stop + 1 : stop;
    if (!newline)
        return RPCANCEL_LINES_UNFINISHED;
    *line = lines->buffer + lines->start;
    *length = stop - lines->start;
    lines->start = stop + 1;
    if (*length > 0 && (*line)[*length - 1] == '\r')
        --*length;
    (*line)[*length] = '\0';
    return RPCANCEL_LINES_LINE;
}

ssize_t rpcancel_lines_fill(struct rpcancel_lines *lines, int fd)
{
    size_t kept = lines->end - lines->start;
    assert(lines->scanned == lines->end && kept <= RPCANCEL_LINES_BYTES_MAX);
    memmove(lines->buffer, lines->buffer + lines->start, kept);
    lines->start = 0;
    lines->scanned = lines->end = kept;
    ssize_t count = read(fd, lines->buffer + kept, sizeof lines->buffer - kept);
    if (count > 0)
        lines->end += (size_t)count;
    return count;
}

size_t rpcancel_lines_rest(const struct rpcancel_lines *lines, const char **rest)
{
    *rest = lines->buffer + lines->start;
    return lines->end - lines->start;
}
