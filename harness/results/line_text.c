// SPDX-License-Identifier: Apache-2.0
#include "results/line_text.h"

#include <string.h>

char rpcancel_line_character(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x20 || byte == 0x7f ? ' ' : c;
}

void rpcancel_line_text(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc(rpcancel_line_character(*text), out);
}

/* How long the address is that begins at |text|; 0: none does. */
static size_t address_length(const char *text)
{
    if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
        return 0;
    size_t length = 0;
    while ((unsigned char)text[length] > ' ' && !strchr("<>|`\"\\\x7f", text[length]))
        length++;
    while (length > 0 && strchr(".,;:)", text[length - 1]))
        length--;
    return length;
}

void rpcancel_markdown_text(const char *text, FILE *out)
{
    while (*text) {
        size_t length = address_length(text);
        if (length) {
            fprintf(out, "<%.*s>", (int)length, text);
            text += length;
            continue;
        }
        if (strchr("\\`*_{}[]<>|#", *text))
            fputc('\\', out);
        fputc(rpcancel_line_character(*text++), out);
    }
}

void rpcancel_markdown_code(const char *text, FILE *out)
{
    fputc('`', out);
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text == '`' ? '\'' : rpcancel_line_character(*text), out);
    }
    fputc('`', out);
}
