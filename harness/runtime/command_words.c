// SPDX-License-Identifier: Apache-2.0
#include "runtime/command_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reading position in the command and writing position in the room for the words' characters. */
struct splitter {
    const char *command;
    const char *in;
    char *out;
    char *error; /* RPCANCEL_COMMAND_WORDS_ERROR_MAX bytes */
};

static bool is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool fail(const struct splitter *s, const char *at, const char *expected)
{
    snprintf(s->error, RPCANCEL_COMMAND_WORDS_ERROR_MAX, "byte %zu: %s", (size_t)(at - s->command) + 1, expected);
    return false;
}

static bool single_quoted(struct splitter *s)
{
    const char *opening = s->in++;
    const char *closing = strchr(s->in, '\'');
    if (!closing)
        return fail(s, opening, "this ' is not closed");
    size_t length = (size_t)(closing - s->in);
    memcpy(s->out, s->in, length);
    s->out += length;
    s->in = closing + 1;
    return true;
}

static bool double_quoted(struct splitter *s)
{
    const char *opening = s->in++;
    while (*s->in != '"') {
        if (*s->in == '\0')
            return fail(s, opening, "this \" is not closed");
        if (*s->in == '\\' && s->in[1] != '\0' && strchr("\"\\$`\n", s->in[1])) {
            s->in++;
            if (*s->in == '\n') {
                s->in++;
                continue;
            }
        }
        *s->out++ = *s->in++;
    }
    s->in++;
    return true;
}

static bool escaped(struct splitter *s)
{
    if (s->in[1] == '\0')
        return fail(s, s->in, "expected a character after this \\");
    s->in++;
    if (*s->in != '\n')
        *s->out++ = *s->in;
    s->in++;
    return true;
}

/* Skips what lies between words: separators and escaped newlines. */
static void skip_separators(struct splitter *s)
{
    while (is_separator(*s->in) || (*s->in == '\\' && s->in[1] == '\n'))
        s->in += *s->in == '\\' ? 2 : 1;
}

static bool one_word(struct splitter *s)
{
    while (*s->in != '\0' && !is_separator(*s->in)) {
        bool good = true;
        if (*s->in == '\'')
            good = single_quoted(s);
        else if (*s->in == '"')
            good = double_quoted(s);
        else if (*s->in == '\\')
            good = escaped(s);
        else
            *s->out++ = *s->in++;
        if (!good)
            return false;
    }
    *s->out++ = '\0';
    return true;
}

static bool all_words(struct splitter *s, char **words)
{
    size_t count = 0;
    for (skip_separators(s); *s->in != '\0'; skip_separators(s)) {
        words[count++] = s->out;
        if (!one_word(s))
            return false;
    }
    words[count] = NULL;
    if (count == 0)
        return fail(s, s->command, "expected the name of a program");
    if (words[0][0] == '\0')
        return fail(s, s->command, "the name of the program is empty");
    return true;
}

enum rpcancel_command_words_result rpcancel_command_words_split(const char *command, char ***words,
                                                                char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX])
{
    /* Two characters make at most one word and its end, so this is room for every pointer and every character. */
    size_t length = strlen(command);
    size_t pointers = (length / 2 + 2) * sizeof(char *);
    *words = NULL;
    char **room = malloc(pointers + length + 1);
    if (!room) {
        snprintf(error, RPCANCEL_COMMAND_WORDS_ERROR_MAX, "out of memory");
        return RPCANCEL_COMMAND_WORDS_NO_MEMORY;
    }
    struct splitter s = {.command = command, .in = command, .out = (char *)room + pointers, .error = error};
    if (!all_words(&s, room)) {
        free(room);
        return RPCANCEL_COMMAND_WORDS_MALFORMED;
    }
    *words = room;
    return RPCANCEL_COMMAND_WORDS_OK;
}
