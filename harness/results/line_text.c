// SPDX-License-Identifier: Apache-2.0
#include "results/line_text.h"

#include <string.h>

#include "runtime/clean_text.h"

/* Writes the character that |text| begins with, a blank for a control character; returns what follows. */
static const char *write_one(const char *text, FILE *out)
{
    unsigned length = rpcancel_control_length(text);
    if (length > 0) {
        fputc(' ', out);
        return text + length;
    }
    length = rpcancel_utf8_length(text);
    fwrite(text, 1, length, out);
    return text + length;
}

void rpcancel_line_text(const char *text, FILE *out)
{
    while (*text)
        text = write_one(text, out);
}

/* How long the address is that begins at |text|; 0: none does. */
static size_t address_length(const char *text)
{
    if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
        return 0;
    size_t length = 0;
    while ((unsigned char)text[length] > ' ' && !strchr("<>|`\"\\", text[length]) &&
           rpcancel_control_length(text + length) == 0)
        length += rpcancel_utf8_length(text + length);
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
        text = write_one(text, out);
    }
}

void rpcancel_markdown_code(const char *text, FILE *out)
{
    fputc('`', out);
    while (*text) {
        if (*text == '`') {
            fputc('\'', out);
            text++;
            continue;
        }
        if (*text == '|')
            fputc('\\', out);
        text = write_one(text, out);
    }
    fputc('`', out);
}
