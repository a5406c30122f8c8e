// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
/* Reading expectation lists. */
#include "engine/expect_list.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The line being read. */
struct reader {
    const char *start, *at, *end;
    unsigned line;
    struct rpcancel_expect_error *error;
};

__attribute__((format(printf, 2, 3))) static bool expected(struct reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->error->expected, sizeof reader->error->expected, format, arguments);
    va_end(arguments);
    reader->error->line = reader->line;
    reader->error->column = (unsigned)(reader->at - reader->start) + 1;
    return false;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
        reader->at++;
}

static size_t word_length(const struct reader *reader)
{
    size_t length = 0;
    while (reader->at + length < reader->end && !strchr(" \t\"#", reader->at[length]))
        length++;
    return length;
}

static bool is_listable(enum rpcancel_verdict_word verdict)
{
    return verdict == RPCANCEL_VERDICT_FAIL || verdict == RPCANCEL_VERDICT_CRASH || verdict == RPCANCEL_VERDICT_HANG ||
           verdict == RPCANCEL_VERDICT_VACUOUS || verdict == RPCANCEL_VERDICT_UNIMPLEMENTED ||
           verdict == RPCANCEL_VERDICT_NONSTRICT || verdict == RPCANCEL_VERDICT_SKIP;
}

static bool read_verdict(struct reader *reader, struct rpcancel_expect_line *entry)
{
    size_t length = word_length(reader);
    entry->is_now_and_then = length > 0 && reader->at[length - 1] == '?';
    size_t name_length = length - entry->is_now_and_then;
    if (!rpcancel_verdict_from_text(reader->at, name_length, &entry->verdict) || !is_listable(entry->verdict))
        return expected(
            reader,
            "found \"%.*s\", expected FAIL, CRASH, HANG, VACUOUS, UNIMPLEMENTED, NONSTRICT or SKIP, perhaps with a ?",
            length < 60 ? (int)length : 60, reader->at);
    reader->at += length;
    skip_blanks(reader);
    return true;
}

static bool read_subject(struct reader *reader, struct rpcancel_expect_line *entry)
{
    size_t length = word_length(reader);
    const char *star = memchr(reader->at, '*', length);
    if (length == 0)
        return expected(reader, "expected the id of a rule or the name of a sequence");
    entry->wildcard = star != NULL;
    if (star && (star != reader->at + length - 1 || length < 3 || star[-1] != '/'))
        return expected(reader, "a * stands for all rules of one function, as in RpcAsyncCancelCall/*");
    entry->subject = strndup(reader->at, star ? length - 1 : length);
    reader->at += length;
    skip_blanks(reader);
    return entry->subject || expected(reader, "out of memory");
}

static bool read_message(struct reader *reader, struct rpcancel_expect_line *entry)
{
    size_t length = 0;
    if (reader->at == reader->end || *reader->at != '"')
        return expected(reader, "expected the start of the message in double quotes");
    reader->at++;
    entry->message = malloc((size_t)(reader->end - reader->at) + 1);
    if (!entry->message)
        return expected(reader, "out of memory");
    for (; reader->at < reader->end && *reader->at != '"'; reader->at++) {
        if (*reader->at == '\\' && reader->at + 1 < reader->end)
            reader->at++;
        entry->message[length++] = *reader->at;
    }
    entry->message[length] = '\0';
    if (reader->at == reader->end)
        return expected(reader, "expected a double quote that ends the message");
    reader->at++;
    skip_blanks(reader);
    return true;
}

static bool read_reason(struct reader *reader, struct rpcancel_expect_line *entry)
{
    if (reader->at == reader->end || *reader->at != '#')
        return expected(reader, "expected # and a reason");
    reader->at++;
    skip_blanks(reader);
    if (reader->at == reader->end)
        return expected(reader, "expected a reason, and a link that tells more");
    entry->reason = strndup(reader->at, (size_t)(reader->end - reader->at));
    return entry->reason || expected(reader, "out of memory");
}

static bool read_line(struct reader *reader, struct rpcancel_expect_line *line)
{
    *line = (struct rpcancel_expect_line){.text = strndup(reader->start, (size_t)(reader->end - reader->start))};
    if (!line->text)
        return expected(reader, "out of memory");
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at == '#')
        return true;
    line->is_entry = true;
    return read_verdict(reader, line) && read_subject(reader, line) && read_message(reader, line) &&
           read_reason(reader, line);
}

static bool is_first_of_its_kind(struct reader *reader, const struct rpcancel_expect_list *list)
{
    const struct rpcancel_expect_line *last = &list->lines[list->count - 1];
    for (size_t i = 0; last->is_entry && i + 1 < list->count; i++) {
        const struct rpcancel_expect_line *other = &list->lines[i];
        if (!other->is_entry || other->wildcard != last->wildcard || strcmp(other->subject, last->subject) != 0)
            continue;
        reader->at = reader->start;
        return expected(reader, "%s%s has an entry already, on line %zu", last->subject, last->wildcard ? "*" : "",
                        i + 1);
    }
    return true;
}

bool rpcancel_expect_read(struct rpcancel_expect_list *list, const char *text, size_t length,
                          struct rpcancel_expect_error *error)
{
    const char *end = text + length;
    struct reader reader = {.line = 0, .error = error};
    for (const char *start = text; start < end; start = reader.end + 1) {
        const char *newline = memchr(start, '\n', (size_t)(end - start));
        reader.start = reader.at = start;
        reader.end = newline ? newline : end;
        reader.line++;
        struct rpcancel_expect_line *lines = realloc(list->lines, (list->count + 1) * sizeof *lines);
        if (!lines)
            return expected(&reader, "out of memory");
        list->lines = lines;
        if (!read_line(&reader, &lines[list->count++]) || !is_first_of_its_kind(&reader, list))
            return false;
    }
    return true;
}

void rpcancel_expect_free(struct rpcancel_expect_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->lines[i].text);
        free(list->lines[i].subject);
        free(list->lines[i].message);
        free(list->lines[i].reason);
    }
    free(list->lines);
    *list = (struct rpcancel_expect_list){0};
}
