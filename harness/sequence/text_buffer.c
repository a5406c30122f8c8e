// SPDX-License-Identifier: Apache-2.0
#include "sequence/text_buffer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct rpcancel_text rpcancel_text_in(char *out, size_t size)
{
    if (size > 0)
        out[0] = '\0';
    return (struct rpcancel_text){.out = out, .size = size};
}

void rpcancel_text_put(struct rpcancel_text *text, const char *bytes, size_t length)
{
    if (text->size == 0)
        return;
    size_t room = text->size - 1 - text->length;
    if (length > room)
        length = room;
    memcpy(text->out + text->length, bytes, length);
    text->length += length;
    text->out[text->length] = '\0';
}

void rpcancel_text_put_string(struct rpcancel_text *text, const char *string)
{
    rpcancel_text_put(text, string, strlen(string));
}

void rpcancel_text_put_format(struct rpcancel_text *text, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    rpcancel_text_put_string(text, line);
}

void rpcancel_text_put_code(struct rpcancel_text *text, uint32_t code)
{
    char digits[16];
    snprintf(digits, sizeof digits, code < 65536 ? "%" PRIu32 : "0x%08" PRIX32, code);
    rpcancel_text_put_string(text, digits);
}
