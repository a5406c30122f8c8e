// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_LINES_H
#define RPCANCEL_LINES_H
/*
 * Reads lines of bounded length from a file descriptor, one read(2) at a time and without taking memory.
 */
#include <stddef.h>
#include <sys/types.h>

enum { RPCANCEL_LINES_BYTES_MAX = 4096 }; /* bytes of a line without its newline */

struct rpcancel_lines {
    size_t start;   /* first byte not yet handed out */
    size_t scanned; /* no newline before this one */
    size_t end;     /* one past the last byte read */
    char buffer[2 * RPCANCEL_LINES_BYTES_MAX];
};

enum rpcancel_lines_result {
    RPCANCEL_LINES_LINE,
    RPCANCEL_LINES_UNFINISHED, /* what was read holds no whole line (more) */
    RPCANCEL_LINES_TOO_LONG    /* more than RPCANCEL_LINES_BYTES_MAX bytes without a newline */
};

/* rpcancel_lines_reset forgets what was read. */
void rpcancel_lines_reset(struct rpcancel_lines *lines);

/* rpcancel_lines_next takes the next whole line out of what was read: |*line| is terminated by NUL in place of the
 * newline (and of a carriage return before it), |*length| is its length, and it stays valid until the next call of
 * rpcancel_lines_fill. */
enum rpcancel_lines_result rpcancel_lines_next(struct rpcancel_lines *lines, char **line, size_t *length);

/* rpcancel_lines_fill reads once from |fd|, after rpcancel_lines_next has answered UNFINISHED. Returns what read(2)
 * does. */
ssize_t rpcancel_lines_fill(struct rpcancel_lines *lines, int fd);

/* rpcancel_lines_rest sets |*rest| to what was read behind the last whole line and returns its length. */
size_t rpcancel_lines_rest(const struct rpcancel_lines *lines, const char **rest);

#endif
