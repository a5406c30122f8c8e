// SPDX-License-Identifier: Apache-2.0
#include <stdarg.h>
#include <string.h>

#include "sequence/answer_text.h"
#include "sequence/operation_text.h"
#include "sequence/sequence.h"
#include "sequence/text_bytes.h"
#include "sequence/words.h"

static bool fail(struct rpcancel_sequence_error *error, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct rpcancel_sequence_error *error, size_t offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->expected, sizeof error->expected, format, arguments);
    va_end(arguments);
    error->column = (unsigned)offset + 1;
    return false;
}

/* Checks what a line is made of, before its words are looked at. */
static bool check_bytes(const char *line, size_t length, struct rpcancel_sequence_error *error)
{
    size_t extent = rpcancel_text_extent(line, length);
    if (extent > RPCANCEL_LINE_MAX || (extent == RPCANCEL_LINE_MAX && extent < length))
        return fail(error, RPCANCEL_LINE_MAX, "expected a line of at most %d bytes, found a longer one",
                    RPCANCEL_LINE_MAX);
    if (extent == length)
        return true;
    unsigned byte = (unsigned char)line[extent];
    if (byte == 0)
        return fail(error, extent, "expected text, found a NUL byte");
    if (byte > 0x7E)
        return fail(error, extent, "expected ASCII outside comments, found the byte 0x%02X", byte);
    return fail(error, extent, "expected text, found the control character 0x%02X", byte);
}

static size_t without_line_end(const char *line, size_t length)
{
    return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
}

static size_t without_comment(const char *line, size_t length)
{
    const char *comment = memchr(line, '#', length);
    return comment ? (size_t)(comment - line) : length;
}

/* Reads a line that holds an operation. */
static bool read_item(struct rpcancel_sequence *sequence, struct rpcancel_words words,
                      struct rpcancel_sequence_error *error)
{
    struct rpcancel_operation operation;
    rpcancel_expectation expected;
    if (!rpcancel_operation_read(&words, true, &operation, error) ||
        !rpcancel_expectation_read(&words, &expected, error))
        return false;
    if (!rpcancel_sequence_append(sequence, operation, expected, error->line))
        return fail(error, 0, "expected memory for another operation, found none");
    return true;
}

static bool read_line(struct rpcancel_sequence *sequence, const char *line, size_t length,
                      struct rpcancel_sequence_error *error)
{
    length = without_line_end(line, length);
    if (!check_bytes(line, length, error))
        return false;
    struct rpcancel_words words = {.line = line, .length = without_comment(line, length)};
    struct rpcancel_words ahead = words;
    if (rpcancel_words_next(&ahead).kind == RPCANCEL_WORD_END)
        return true;
    return read_item(sequence, words, error);
}

bool rpcancel_sequence_read_text(struct rpcancel_sequence *sequence, const char *text, size_t length,
                                 struct rpcancel_sequence_error *error)
{
    *error = (struct rpcancel_sequence_error){0};
    while (length > 0) {
        const char *end = memchr(text, '\n', length);
        size_t line_length = end ? (size_t)(end - text) : length;
        error->line++;
        if (!read_line(sequence, text, line_length, error))
            return false;
        size_t used = line_length + (end ? 1 : 0);
        text += used;
        length -= used;
    }
    return true;
}
