// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "runtime/child_failure.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

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
    memcpy(tail, from, length);
    for (size_t i = 0; i < length; i++) {
        if (iscntrl((unsigned char)tail[i]) && tail[i] != '\n' && tail[i] != '\t')
            tail[i] = '?';
    }
    tail[length] = '\0';
    const char *last = strrchr(tail, '\n');
    last = last ? last + 1 : tail;
    struct quote quoted = quote(last, strlen(last));
    if (length > 0)
        memcpy(tail + length, "\n", sizeof "\n");
    return quoted;
}

static void add_last_words(const struct rpcancel_child_failure *failure)
{
    struct quote last = take_error_tail(failure);
    if (last.text[0] != '\0')
        add(failure->runtime, "; last on its standard error: `%s`", last.text);
}

static void add_unfinished(const struct rpcancel_child_failure *failure, const struct rpcancel_lines *lines)
{
    const char *rest;
    size_t length = rpcancel_lines_rest(lines, &rest);
    if (length > 0)
        add(failure->runtime, ", after the unfinished line `%s`", quote(rest, length).text);
}

void rpcancel_child_say_broken(const struct rpcancel_child_failure *failure, const char *line, const char *expected)
{
    struct rpcancel_runtime *runtime = failure->runtime;
    snprintf(runtime->failure, sizeof runtime->failure, "the child answered `%" PRIu64 " %s` with `%s`; expected %s",
             failure->id, failure->what, quote(line, strlen(line)).text, expected);
    take_error_tail(failure);
}

void rpcancel_child_say_flooded(const struct rpcancel_child_failure *failure, const char *how)
{
    struct rpcancel_runtime *runtime = failure->runtime;
    snprintf(runtime->failure, sizeof runtime->failure, "the child %s instead of answering `%" PRIu64 " %s`", how,
             failure->id, failure->what);
    take_error_tail(failure);
}

void rpcancel_child_say_hung(const struct rpcancel_child_failure *failure, unsigned limit_ms,
                             const struct rpcancel_lines *lines)
{
    struct rpcancel_runtime *runtime = failure->runtime;
    snprintf(runtime->failure, sizeof runtime->failure, "the child did not answer `%" PRIu64 " %s` within %u ms",
             failure->id, failure->what, limit_ms);
    add_unfinished(failure, lines);
    add_last_words(failure);
}

void rpcancel_child_say_crashed(const struct rpcancel_child_failure *failure, const int *status,
                                const struct rpcancel_lines *lines)
{
    struct rpcancel_runtime *runtime = failure->runtime;
    runtime->failure[0] = '\0';
    if (!status)
        add(runtime, "the child closed its output and went on running");
    else if (WIFSIGNALED(*status))
        add(runtime, "the child was killed by signal %d (%s)", WTERMSIG(*status), strsignal(WTERMSIG(*status)));
    else
        add(runtime, "the child ended with exit code %d", WEXITSTATUS(*status));
    add(runtime, " instead of answering `%" PRIu64 " %s`", failure->id, failure->what);
    add_unfinished(failure, lines);
    add_last_words(failure);
}
