// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_LINE_H
#define RPCANCEL_CHILD_LINE_H
/*
 * The lines a child writes, taken apart: `ID CODE [key=value …]`, `ID exception 0x…`, `ID unimplemented`, `ID hung`,
 * `event …`. docs/runtime-protocol.md is the manual. Nothing here keeps state or takes memory.
 *
 * Functions that return false set |*expected| to what should have stood there (static storage).
 */
#include <stdbool.h>
#include <stdint.h>

#include "runtime/runtime.h"

struct rpcancel_child_line {
    uint64_t id;                   /* of the line it answers */
    struct rpcancel_answer answer; /* CODE, EXCEPTION, REFUSED, UNDEFINED or UNIMPLEMENTED */
    const char *keys;              /* the pairs behind a code, well formed; "" for none; points into the line */
    bool hung;                     /* there is no answer: the function was called, and does not return */
};

/* rpcancel_child_line_is_event tells an event from an answer. */
bool rpcancel_child_line_is_event(const char *line);

/* rpcancel_child_read_event takes an event apart into the operation it amounts to and that operation's answer. */
bool rpcancel_child_read_event(const char *line, struct rpcancel_event *event, const char **expected);

/* rpcancel_child_print_event writes the line, without its end, that rpcancel_child_read_event takes apart into |event|;
 * terminated, cut to |size|. 64 bytes suffice. */
enum { RPCANCEL_CHILD_EVENT_MAX = 64 };
void rpcancel_child_print_event(const struct rpcancel_event *event, char *out, size_t size);

/* rpcancel_child_read_answer takes an answer apart, whatever it answers. */
bool rpcancel_child_read_answer(const char *line, struct rpcancel_child_line *parts, const char **expected);

/* rpcancel_child_answer_of sets |*answer| to what |parts| means as an answer to |operation|. */
bool rpcancel_child_answer_of(struct rpcancel_operation operation, const struct rpcancel_child_line *parts,
                              struct rpcancel_answer *answer, const char **expected);

/* rpcancel_child_key returns the value of |key| among |keys| and sets |*length|, or returns NULL. */
const char *rpcancel_child_key(const char *keys, const char *key, size_t *length);

/* rpcancel_child_key_is tells whether |key| is among |keys| with exactly |value|. */
bool rpcancel_child_key_is(const char *keys, const char *key, const char *value);

#endif
