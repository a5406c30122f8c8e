// SPDX-License-Identifier: Apache-2.0
#include "runtime/dialogue.h"

#include <stdio.h>
#include <string.h>

#include "runtime/child_line.h"
#include "sequence/sequence.h"

enum {
    LINE_BYTES_MAX = 4096, /* of a line of the harness, with its end */
    ANSWER_BYTES_MAX = RPCANCEL_EVENTS_MAX * RPCANCEL_CHILD_EVENT_MAX + 2 * RPCANCEL_FAILURE_TEXT_MAX,
    IN_BYTES = 16 * LINE_BYTES_MAX,
    OUT_BYTES = 4 * ANSWER_BYTES_MAX
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
    enum { NUMBER_BYTES_MAX = 64 };
    int length = snprintf(out + out_length, NUMBER_BYTES_MAX, format, (unsigned)number);
    out_length += (size_t)length;
}

static void say_events(const struct rpcancel_said *said)
{
    for (unsigned i = 0; i < said->event_count; i++) {
        char text[RPCANCEL_CHILD_EVENT_MAX];
        rpcancel_child_print_event(&said->events[i], text, sizeof text);
        say(text);
        say("\n");
    }
}

static void say_answer(const struct rpcancel_said *said)
{
    switch (said->answer.kind) {
    case RPCANCEL_ANSWER_CODE:
        say_number("%u", said->answer.code);
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
        say_number("exception 0x%08X", said->answer.code);
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
    if (said->answer.facts & RPCANCEL_FACT_LOOKED) {
        say_number(" signature=0x%08X", said->signature);
        say(said->answer.facts & RPCANCEL_FACT_CLEARED ? " cleared=1" : " cleared=0");
        say(said->answer.facts & RPCANCEL_FACT_KEPT ? " kept=1" : " kept=0");
    }
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* An operation this program has never heard of is one it does not implement. */
static struct rpcancel_said execute(const struct rpcancel_dialogue *dialogue, const char *what, size_t length)
{
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    if (rpcancel_operation_parse(&operation, what, length, &error))
        return dialogue->execute(dialogue->context, operation);
    fprintf(stderr, "unknown operation \"%.*s\": %s\n", (int)length, what, error.expected);
    return (struct rpcancel_said){.answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED)};
}

/* Answers the line with the |id_length| bytes at |id|, the number and a blank, and what is asked behind it. */
static void answer(const struct rpcancel_dialogue *dialogue, const char *id, size_t id_length, size_t length)
{
    const char *what = id + id_length;
    char description[RPCANCEL_DESCRIPTION_MAX] = "";
    struct rpcancel_said said;
    if (is_word(what, length, "describe"))
        said = dialogue->describe(dialogue->context, description);
    else if (is_word(what, length, "reset"))
        said = dialogue->reset(dialogue->context);
    else
        said = execute(dialogue, what, length);
    say_events(&said);
    memcpy(out + out_length, id, id_length);
    out_length += id_length;
    if (said.failure) {
        say("failed ");
        say(said.failure);
    } else if (said.hung) {
        say("hung");
    } else {
        say_answer(&said);
        say(description[0] ? " " : "");
        say(description);
    }
    say("\n");
}

static bool flush(const struct rpcancel_dialogue *dialogue)
{
    bool written = out_length == 0 || dialogue->write(dialogue->context, out, out_length);
    out_length = 0;
    return written;
}

/* Takes one line, its end stripped; false when the channel cannot be used any more. */
static bool take_line(const struct rpcancel_dialogue *dialogue, const char *line, size_t length)
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
    if (out_length + ANSWER_BYTES_MAX > OUT_BYTES && !flush(dialogue))
        return false;
    answer(dialogue, line, digits + 1, length - digits - 1);
    return true;
}

/* Answers the whole lines among the |length| bytes of |in|; returns how many bytes they took, or -1. */
static long take_lines(const struct rpcancel_dialogue *dialogue, size_t length)
{
    size_t start = 0;
    for (;;) {
        const char *end = memchr(in + start, '\n', length - start);
        if (!end)
            break;
        size_t line = (size_t)(end - (in + start));
        if (line >= LINE_BYTES_MAX || !take_line(dialogue, in + start, line))
            return -1;
        start += line + 1;
    }
    if (length - start >= LINE_BYTES_MAX) {
        fprintf(stderr, "expected a line of at most %d bytes\n", LINE_BYTES_MAX - 1);
        return -1;
    }
    return (long)start;
}

bool rpcancel_dialogue_hold(const struct rpcancel_dialogue *dialogue)
{
    size_t length = 0;
    for (;;) {
        size_t got = dialogue->read(dialogue->context, in + length, sizeof in - length);
        if (got == 0)
            return true;
        length += got;
        long taken = take_lines(dialogue, length);
        if (!flush(dialogue) || taken < 0)
            return false;
        length -= (size_t)taken;
        memmove(in, in + taken, length);
    }
}
