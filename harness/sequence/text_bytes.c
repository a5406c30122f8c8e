// SPDX-License-Identifier: Apache-2.0
#include "sequence/text_bytes.h"

#include <stdbool.h>

#include "sequence/sequence.h"

static bool ends_line(const char *data, size_t length, size_t at)
{
    return at + 1 == length || data[at + 1] == '\n';
}

size_t rpcancel_text_extent(const char *data, size_t length)
{
    bool comment = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (byte == '\n')
            comment = false;
        else if (byte == '#')
            comment = true;
        else if (byte == '\r' ? !ends_line(data, length, i) : byte < 0x20 && byte != '\t')
            return i;
        else if (byte > 0x7E && !comment)
            return i;
    }
    return length;
}

bool rpcancel_sequence_looks_like_text(const void *data, size_t length)
{
    return rpcancel_text_extent(data, length) == length;
}
