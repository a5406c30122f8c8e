// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/child_failure.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "runtime/clean_text.h"

enum { QUOTE_MAX = 64 }; /* bytes of foreign text in a message */

struct quote {
    char text[QUOTE_MAX + sizeof "…"];
};

/* Makes |length| bytes fit to be shown: short, and without control characters. */
static struct quote quote(const char *bytes, size_t length)
{
    struct quote quoted;
    size_t kept = length > QUOTE_MAX ? QUOTE_MAX : length;
    memcpy(quoted.text, bytes, kept);
    for (size_t i = 0; i < kept; i++) {
        if (bytes[i] < ' ' || bytes[i] > '~')
            quoted.text[i] = '?';
    }
    snprintf(quoted.text + kept, sizeof quoted.text - kept, "%s", kept < length ? "…" : "");
    return quoted;
}

/* Appends to the failure's line, as far as there is room. */
__attribute__((format(printf, 2, 3))) static void add(struct rpcancel_runtime *runtime, const char *format, ...)
{
    size_t length = strlen(runtime->failure);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(runtime->failure + length, RPCANCEL_FAILURE_TEXT_MAX - length, format, arguments);
    va_end(arguments);
}

/* Copies the last whole lines of standard error; returns the last one that is not empty. */
static struct quote take_error_tail(const struct rpcancel_child_failure *failure)
{
    const struct rpcancel_process *process = failure->process;
    char *tail = failure->runtime->error_tail;
    const char *from = process->error_tail;
    size_t length = process->error_tail_length;
    if (length == RPCANCEL_ERROR_TAIL_MAX) { /* its beginning was lost, perhaps amid a line */
        const char *newline = memchr(from, '\n', length);
        size_t lost = newline ? (size_t)(newline + 1 - from) : 1;
        from += lost;
        length -= lost;
    }
    while (length > 0 && from[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++)
        tail[i] = from[i] != '\0' ? from[i] : '?';
    tail[length] = '\0';
    rpcancel_controls_replace(tail, "\n\t", '?');
    const char *last = strrchr(tail, '\n');
    last = last ? last + 1 : tail;
    struct quote quoted = quote(last, strlen(last));
    if (length > 0)
        strcat(tail, "\n");
    return quoted;
}

static void add_last_words(const struct rpcancel_child_failure *failure)
{
    struct quote last = take_error_tail(failure);
    if (last.text[0] != '\0')
        add(failure->runtime, "; last on its standard error: `%s`", last.text);
}

/* The beginning of an answer is quoted without the number in front of it, as what was asked is. */
static void add_unfinished(const struct rpcancel_child_failure *failure, const struct rpcancel_lines *lines)
{
    const char *rest;
    size_t length = rpcancel_lines_rest(lines, &rest), number = 0;
    while (number < length && isdigit((unsigned char)rest[number]))
        number++;
    if (number > 0 && number < length && rest[number] == ' ')
        number++;
    if (number < length)
        add(failure->runtime, ", after the unfinished line `%s`", quote(rest + number, length - number).text);
    else if (length > 0)
        add(failure->runtime, ", after the unfinished line of nothing but a number");
}

/* Begins the line with who is spoken of. */
static void begin(const struct rpcancel_child_failure *failure)
{
    snprintf(failure->runtime->failure, sizeof failure->runtime->failure, "%s", failure->who);
}

/* What the child was asked, without the number of the line, which is another one in every process and after every
 * change to what comes before: lists of known failures quote this. */
static void add_asked(const struct rpcancel_child_failure *failure)
{
    add(failure->runtime, " `%s`", failure->what);
}

static void add_end(const struct rpcancel_child_failure *failure, int status)
{
    if (WIFSIGNALED(status))
        add(failure->runtime, " was killed by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        add(failure->runtime, " ended with exit code %d", WEXITSTATUS(status));
}

/* Here it is lines that are spoken of, if they are known of, and the number may be what is wrong. */
void rpcancel_child_say_broken(const struct rpcancel_child_failure *failure, const char *line, const char *expected)
{
    begin(failure);
    add(failure->runtime, " answered `");
    if (failure->id != 0)
        add(failure->runtime, "%" PRIu64 " ", failure->id);
    add(failure->runtime, "%s` with `%s`; expected %s", failure->what, quote(line, strlen(line)).text, expected);
    take_error_tail(failure);
}

void rpcancel_child_say_failed(const struct rpcancel_child_failure *failure, const char *why)
{
    failure->runtime->failure[0] = '\0';
    add(failure->runtime, "%s", why);
    add_last_words(failure);
}

void rpcancel_child_say_flooded(const struct rpcancel_child_failure *failure, const char *how)
{
    begin(failure);
    add(failure->runtime, " %s instead of answering", how);
    add_asked(failure);
    take_error_tail(failure);
}

void rpcancel_child_say_hung(const struct rpcancel_child_failure *failure, unsigned limit_ms,
                             const struct rpcancel_lines *lines)
{
    begin(failure);
    add(failure->runtime, " did not answer");
    add_asked(failure);
    add(failure->runtime, " within %u ms", limit_ms);
    add_unfinished(failure, lines);
    add_last_words(failure);
}

void rpcancel_child_say_stuck(const struct rpcancel_child_failure *failure)
{
    begin(failure);
    add(failure->runtime, " says that `%s` does not return", failure->what);
}

void rpcancel_child_say_crashed(const struct rpcancel_child_failure *failure, const int *status,
                                const struct rpcancel_lines *lines)
{
    begin(failure);
    if (status)
        add_end(failure, *status);
    else
        add(failure->runtime, " closed its output and went on running");
    add(failure->runtime, " instead of answering");
    add_asked(failure);
    add_unfinished(failure, lines);
    add_last_words(failure);
}

void rpcancel_child_say_bad_end(const struct rpcancel_child_failure *failure, const int *status, unsigned limit_ms)
{
    begin(failure);
    if (status)
        add_end(failure, *status);
    else
        add(failure->runtime, " did not end within %u ms", limit_ms);
    add(failure->runtime, " when it was closed");
    add_last_words(failure);
}
