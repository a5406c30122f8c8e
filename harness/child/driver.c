// SPDX-License-Identifier: Apache-2.0
/*
 * The program that makes a runtime with the documented API a child of the harness: reads operations, one a line, and
 * answers each with a line. docs/runtime-protocol.md is the manual of the lines.
 *
 * Speed matters here: what has arrived is read with one call, and all its answers leave with one.
 */
#include <stdio.h>
#include <string.h>

#include "child/execute.h"
#include "child/port.h"
#include "sequence/sequence.h"

enum {
    LINE_BYTES_MAX = 4096, /* of a line of the harness, with its end */
    ANSWER_BYTES_MAX = 256,
    IN_BYTES = 16 * LINE_BYTES_MAX,
    OUT_BYTES = 16 * 1024
};

static char in[IN_BYTES];
static char out[OUT_BYTES];
static size_t out_length;

static void say(const char *text)
{
    while (*text)
        out[out_length++] = *text++;
}

static void say_number(const char *format, uint32_t number)
{
    int length = snprintf(out + out_length, ANSWER_BYTES_MAX / 2, format, (unsigned)number);
    out_length += (size_t)length;
}

static void say_answer(struct child_answer said)
{
    switch (said.answer.kind) {
    case RPCANCEL_ANSWER_CODE:
        say_number("%u", said.answer.code);
        break;
    case RPCANCEL_ANSWER_DONE:
        say("0");
        break;
    case RPCANCEL_ANSWER_NULL:
        say("0 handle=null");
        break;
    case RPCANCEL_ANSWER_HANDLE:
        say("0 handle=set");
        break;
    case RPCANCEL_ANSWER_EXCEPTION:
        say_number("exception 0x%08X", said.answer.code);
        break;
    case RPCANCEL_ANSWER_REFUSED:
        say("refused");
        break;
    case RPCANCEL_ANSWER_UNDEFINED:
        say("undefined");
        break;
    default:
        say("unimplemented");
        break;
    }
    if (said.answer.facts & RPCANCEL_FACT_LOOKED) {
        say_number(" signature=0x%08X", said.signature);
        say(said.answer.facts & RPCANCEL_FACT_CLEARED ? " cleared=1" : " cleared=0");
        say(said.answer.facts & RPCANCEL_FACT_KEPT ? " kept=1" : " kept=0");
    }
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* What is asked stands in |what|; an operation this program has never heard of is one it does not implement. */
static void answer(const char *what, size_t length)
{
    if (is_word(what, length, "describe")) {
        char description[ANSWER_BYTES_MAX / 2];
        port_describe(description, sizeof description);
        say("0 ");
        say(description);
        return;
    }
    if (is_word(what, length, "reset")) {
        port_reset();
        child_reset();
        say("0");
        return;
    }
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    if (!rpcancel_operation_parse(&operation, what, length, &error)) {
        fprintf(stderr, "unknown operation \"%.*s\": %s\n", (int)length, what, error.expected);
        say("unimplemented");
        return;
    }
    struct child_answer said = child_execute(operation);
    said.answer = port_last_word(operation, said.answer);
    say_answer(said);
}

static bool flush(void)
{
    bool written = out_length == 0 || port_write(out, out_length);
    out_length = 0;
    return written;
}

/* Takes one line, its end stripped; false when the channel cannot be used any more. */
static bool take_line(const char *line, size_t length)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    size_t digits = 0;
    while (digits < length && line[digits] >= '0' && line[digits] <= '9')
        digits++;
    if (digits == 0 || digits > 20 || digits == length || line[digits] != ' ') {
        fprintf(stderr, "expected \"ID WHAT\" (a decimal number, a blank, an operation), got \"%.*s\"\n",
                length < 80 ? (int)length : 80, line);
        return false;
    }
    if (out_length + ANSWER_BYTES_MAX > OUT_BYTES && !flush())
        return false;
    memcpy(out + out_length, line, digits + 1);
    out_length += digits + 1;
    answer(line + digits + 1, length - digits - 1);
    say("\n");
    return true;
}

/* Answers the whole lines among the |length| bytes of |in|; returns how many bytes they took, or -1. */
static long take_lines(size_t length)
{
    size_t start = 0;
    for (;;) {
        const char *end = memchr(in + start, '\n', length - start);
        if (!end)
            break;
        size_t line = (size_t)(end - (in + start));
        if (line >= LINE_BYTES_MAX || !take_line(in + start, line))
            return -1;
        start += line + 1;
    }
    if (length - start >= LINE_BYTES_MAX) {
        fprintf(stderr, "expected a line of at most %d bytes\n", LINE_BYTES_MAX - 1);
        return -1;
    }
    return (long)start;
}

int main(int argc, char **argv)
{
    int code = port_start(argc, argv);
    if (code != PORT_CARRY_ON)
        return code;
    size_t length = 0;
    for (;;) {
        size_t got = port_read(in + length, sizeof in - length);
        if (got == 0)
            return PORT_EXIT_OK;
        length += got;
        long taken = take_lines(length);
        if (!flush() || taken < 0)
            return PORT_EXIT_FAILED;
        length -= (size_t)taken;
        memmove(in, in + taken, length);
    }
}
