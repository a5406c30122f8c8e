// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COMMAND_WORDS_H
#define RPCANCEL_COMMAND_WORDS_H
/*
 * Splits a command line into words the way a POSIX shell quotes, without running one: nothing is expanded, and `$`,
 * `*`, `|`, `;` and their like are ordinary characters.
 *
 *   blank, tab, newline   end a word
 *   'text'                text as it stands
 *   "text"                text, in which \ before one of " \ $ ` stands for that character, and \ before a newline
 *                         for nothing
 *   \c                    the character c; \ before a newline stands for nothing
 */
#include <stddef.h>

enum rpcancel_command_words_result {
    RPCANCEL_COMMAND_WORDS_OK,
    RPCANCEL_COMMAND_WORDS_MALFORMED, /* no words, a quote that is not closed, a \ with nothing behind it */
    RPCANCEL_COMMAND_WORDS_NO_MEMORY
};

enum { RPCANCEL_COMMAND_WORDS_ERROR_MAX = 96 };

/* rpcancel_command_words_split sets |*words| to a NULL-terminated array of the words of |command|, as execv(2) takes
 * it; there is at least one, and the first is not empty. Release it with one free(). On failure |*words| is NULL and
 * |error| says at which byte (from 1) what was expected. */
enum rpcancel_command_words_result rpcancel_command_words_split(const char *command, char ***words,
                                                                char error[RPCANCEL_COMMAND_WORDS_ERROR_MAX]);

#endif
