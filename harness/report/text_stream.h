// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TEXT_STREAM_H
#define RPCANCEL_TEXT_STREAM_H
/*
 * Text that is printed into memory.
 */
#include <stdbool.h>
#include <stdio.h>

struct rpcancel_text_stream {
    FILE *out; /* print here */
    char *text;
    size_t size;
};

/* rpcancel_text_stream_begin begins one; false when memory is exhausted. */
bool rpcancel_text_stream_begin(struct rpcancel_text_stream *stream);

/* rpcancel_text_stream_end ends it and returns what was printed, which the caller frees; NULL when memory was exhausted
 * at any time. */
char *rpcancel_text_stream_end(struct rpcancel_text_stream *stream);

#endif
