// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "report/text_stream.h"

#include <stdlib.h>

bool rpcancel_text_stream_begin(struct rpcancel_text_stream *stream)
{
    *stream = (struct rpcancel_text_stream){0};
    stream->out = open_memstream(&stream->text, &stream->size);
    return stream->out != NULL;
}

char *rpcancel_text_stream_end(struct rpcancel_text_stream *stream)
{
    bool failed = ferror(stream->out) != 0;
    failed |= fclose(stream->out) != 0;
    if (!failed)
        return stream->text;
    free(stream->text);
    return NULL;
}
