// SPDX-License-Identifier: Apache-2.0
#include "sequence/text_bytes.h"

#include <stdbool.h>

#include "sequence/sequence.h"

static bool ends_line(const char *data, size_t length, size_t at)
{
    return at + 1 == length || data[at + 1] == '\n';
}

static bool belongs(const char *data, size_t length, size_t at, bool comment)
{
    unsigned char byte = (unsigned char)data[at];
    if (byte == '\r')
        return ends_line(data, length, at);
    if (byte < 0x20)
        return byte == '\t' || byte == '\n';
    return byte <= 0x7E || comment;
}

size_t rpcancel_text_extent(const char *data, size_t length)
{
    bool comment = false;
    size_t at = 0;
    while (at < length && belongs(data, length, at, comment)) {
        comment = data[at] == '#' || (comment && data[at] != '\n');
        at++;
    }
    return at;
}

bool rpcancel_sequence_looks_like_text(const void *data, size_t length)
{
    return rpcancel_text_extent(data, length) == length;
}
