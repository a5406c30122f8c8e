// SPDX-License-Identifier: Apache-2.0
#include "survey/question.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char folder[] = "survey/", suffix[] = ".seq";

/* One line of text, without its end; |*text| is moved behind it. */
static size_t take_line(const char **text, const char **line)
{
    size_t length = strcspn(*text, "\n");
    *line = *text;
    *text += length + ((*text)[length] == '\n');
    return length;
}

static bool copy(char *out, size_t size, const char *from, size_t length)
{
    if (length >= size)
        return false;
    memcpy(out, from, length);
    out[length] = '\0';
    return true;
}

static bool fail(char failure[RPCANCEL_ERROR_TEXT_MAX], const char *name, const char *expected)
{
    snprintf(failure, RPCANCEL_ERROR_TEXT_MAX, "%s: expected %s", name, expected);
    return false;
}

/* Reads the head: comments, each in a line of its own. */
static bool read_head(struct rpcancel_question *question, const struct rpcancel_catalogue_entry *entry,
                      char failure[RPCANCEL_ERROR_TEXT_MAX])
{
    const char *text = entry->text, *line;
    take_line(&text, &line); /* the licence */
    size_t length = take_line(&text, &line);
    question->is_undefined = length == strlen("# undefined") && strncmp(line, "# undefined", length) == 0;
    if (question->is_undefined)
        length = take_line(&text, &line);
    const char *colon = memchr(line, ':', length);
    if (length < 2 || strncmp(line, "# ", 2) != 0 || !colon || colon[1] != ' ')
        return fail(failure, entry->name, "`# STATEMENTS: QUESTION` behind the licence");
    const char *end = line + length;
    if (!copy(question->about, sizeof question->about, line + 2, (size_t)(colon - line) - 2) ||
        !copy(question->text, sizeof question->text, colon + 2, (size_t)(end - colon) - 2))
        return fail(failure, entry->name, "a shorter question");
    length = take_line(&text, &line);
    if (length > 2 && strncmp(line, "# ", 2) == 0 &&
        !copy(question->meanings, sizeof question->meanings, line + 2, length - 2))
        return fail(failure, entry->name, "fewer words on what answers mean");
    return true;
}

static bool read_id(struct rpcancel_question *question, const struct rpcancel_catalogue_entry *entry)
{
    const char *path = entry->name + strlen(folder);
    return copy(question->id, sizeof question->id, path, strlen(path) - strlen(suffix));
}

bool rpcancel_question_read(struct rpcancel_question *question, const struct rpcancel_catalogue_entry *entry,
                            char failure[RPCANCEL_ERROR_TEXT_MAX])
{
    struct rpcancel_sequence_error error;
    memset(question, 0, sizeof *question);
    if (!read_id(question, entry))
        return fail(failure, entry->name, "a shorter name");
    if (!read_head(question, entry, failure))
        return false;
    if (!rpcancel_sequence_read_text(&question->sequence, entry->text, entry->length, &error)) {
        snprintf(failure, RPCANCEL_ERROR_TEXT_MAX, "%.64s:%u:%u: %.900s", entry->name, error.line, error.column,
                 error.expected);
        return false;
    }
    question->subject = rpcancel_sequence_subject(&question->sequence);
    return true;
}

void rpcancel_question_free(struct rpcancel_question *question)
{
    rpcancel_sequence_free(&question->sequence);
}

/* ---- meanings ---- */

static bool is_of_word(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

/* The |length| octets at |word| stand in |text| as a word, or words. */
static bool has_word(const char *text, const char *word, size_t length)
{
    for (const char *at = text; *at; at++) {
        bool begins = at == text || !is_of_word(at[-1]);
        if (begins && strncmp(at, word, length) == 0 && !is_of_word(at[length]))
            return true;
    }
    return false;
}

void rpcancel_question_meaning(const struct rpcancel_question *question, const char *answer, char *out, size_t size)
{
    out[0] = '\0';
    for (const char *part = question->meanings; *part;) {
        size_t length = strcspn(part, ";");
        const char *colon = memchr(part, ':', length);
        bool is_meant = false;
        /* Several codes may have one meaning: `1702, 1914: …`. */
        for (const char *word = part; colon && word < colon;) {
            size_t word_length = strcspn(word, ",:");
            is_meant |= has_word(answer, word, word_length);
            word += word_length + 1;
            word += strspn(word, " ");
        }
        if (is_meant) {
            snprintf(out, size, "%.*s", (int)(part + length - colon - 2), colon + 2);
            return;
        }
        part += length;
        part += strspn(part, "; ");
    }
}

const char *rpcancel_question_asked(const char *statement, size_t *cursor)
{
    static struct rpcancel_question question;
    char failure[RPCANCEL_ERROR_TEXT_MAX];
    while (*cursor < rpcancel_survey_catalogue_count) {
        const struct rpcancel_catalogue_entry *entry = &rpcancel_survey_catalogue[(*cursor)++];
        if (read_id(&question, entry) && read_head(&question, entry, failure) &&
            has_word(question.about, statement, strlen(statement)))
            return question.id;
    }
    return NULL;
}
