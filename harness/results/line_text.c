// SPDX-License-Identifier: Apache-2.0
#include "results/line_text.h"

#include <string.h>

static int plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x20 || byte == 0x7f ? ' ' : byte;
}

void rpcancel_line_text(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc(plain(*text), out);
}

void rpcancel_markdown_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>|#", *text))
            fputc('\\', out);
        fputc(plain(*text), out);
    }
}

void rpcancel_markdown_code(const char *text, FILE *out)
{
    fputc('`', out);
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text == '`' ? '\'' : plain(*text), out);
    }
    fputc('`', out);
}
