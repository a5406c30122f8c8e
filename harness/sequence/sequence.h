// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SEQUENCE_H
#define RPCANCEL_SEQUENCE_H
/*
 * Sequences: lists of operations, each with the answers its author expects. docs/sequences.md is the manual of both
 * forms.
 *
 * Text is what people read and review; binary is what fuzzers mutate. Text → binary → text keeps operations,
 * arguments and expectations (not comments); every byte string decodes; binary → text → binary yields the canonical
 * encoding, which round-trips.
 *
 * Nothing here is shared between calls: different threads may work on different sequences.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "answer.h"
#include "operation.h"

/*
 * Expected answers: a set, 0 when none is given. Bit n below RPCANCEL_EXPECT_EXCEPTION is the status code at position
 * n of the status table; the bits above it are answers without a code.
 */
typedef uint64_t rpcancel_expectation;
enum {
    RPCANCEL_EXPECT_EXCEPTION = 56, /* `exception`: any exception */
    RPCANCEL_EXPECT_NULL = 57,      /* `null` */
    RPCANCEL_EXPECT_HANDLE = 58,    /* `handle` */
    RPCANCEL_EXPECT_REFUSED = 59,   /* `refused` */
    RPCANCEL_EXPECT_UNDEFINED = 60, /* `undefined` */
    RPCANCEL_EXPECT_DONE = 61       /* `done` */
};

struct rpcancel_sequence_item {
    struct rpcancel_operation operation; /* canonical */
    uint32_t line;                       /* line of the text it came from, 0 when it came from elsewhere */
    rpcancel_expectation expected;
};

/* A growing list; zero-initialise, end with rpcancel_sequence_free. */
struct rpcancel_sequence {
    struct rpcancel_sequence_item *items;
    size_t count;
    size_t capacity;
};

enum {
    RPCANCEL_LINE_MAX = 1024, /* bytes of a line of text, without the line end */
    RPCANCEL_ERROR_TEXT_MAX = 1024
};

/* Where and why a text could not be read. */
struct rpcancel_sequence_error {
    unsigned line;                          /* from 1 */
    unsigned column;                        /* from 1, in bytes */
    char expected[RPCANCEL_ERROR_TEXT_MAX]; /* what stands there and what was expected instead; one line */
};

void rpcancel_sequence_free(struct rpcancel_sequence *sequence);

/* rpcancel_sequence_reserve makes room for |more| items at once; false when memory is exhausted. */
bool rpcancel_sequence_reserve(struct rpcancel_sequence *sequence, size_t more);

/* rpcancel_sequence_append adds one item, in canonical form and without expectations that have no meaning; false when
 * memory is exhausted (the sequence stays as it was). */
bool rpcancel_sequence_append(struct rpcancel_sequence *sequence, struct rpcancel_operation operation,
                              rpcancel_expectation expected, uint32_t line);

/* rpcancel_sequence_subject returns whom |sequence| is for: the first operation of the wire in it tells. Other runtimes
 * have nothing to do with it. */
enum rpcancel_test_subject rpcancel_sequence_subject(const struct rpcancel_sequence *sequence);

/* rpcancel_sequence_drop_wire takes the operations of the wire out. */
void rpcancel_sequence_drop_wire(struct rpcancel_sequence *sequence);

/* rpcancel_sequence_read_text parses |length| bytes at |text| and appends to |sequence|. On false |*error| says where
 * and what was expected, and |sequence| holds the items before the error. */
bool rpcancel_sequence_read_text(struct rpcancel_sequence *sequence, const char *text, size_t length,
                                 struct rpcancel_sequence_error *error);

/* rpcancel_sequence_write_text prints one line per item, in canonical spelling; expectations follow `=>`. False when
 * |out| has failed. */
bool rpcancel_sequence_write_text(const struct rpcancel_sequence *sequence, FILE *out);

/* rpcancel_sequence_read_binary appends what |length| bytes at |data| mean; total: it fails only for lack of memory. */
bool rpcancel_sequence_read_binary(struct rpcancel_sequence *sequence, const uint8_t *data, size_t length);

/* rpcancel_sequence_write_binary writes the canonical encoding to |out| (at most |size| bytes, whole records only) and
 * returns the number of bytes the whole encoding has, whether it fitted or not. */
size_t rpcancel_sequence_write_binary(const struct rpcancel_sequence *sequence, uint8_t *out, size_t size);

/* rpcancel_sequence_looks_like_text guesses the form of a file: text has no control characters but tab, line feed and
 * carriage return, the last only in front of a line feed or the end, and no byte above 0x7E outside comments. Whatever
 * rpcancel_sequence_read_text accepts looks like text; some binary does too, so a name that tells is better. */
bool rpcancel_sequence_looks_like_text(const void *data, size_t length);

/* The pieces both forms are made of. */

/* rpcancel_operation_print writes the canonical text of |operation| (no newline) into |out| of |size| bytes,
 * terminated and cut to fit; returns its length. 48 bytes suffice for every operation. */
enum { RPCANCEL_OPERATION_TEXT_MAX = 48 };
size_t rpcancel_operation_print(struct rpcancel_operation operation, char *out, size_t size);

/* rpcancel_operation_parse reads one operation from the |length| bytes at |text|, which hold nothing else but blanks
 * around it. On false |*error| has line 1. */
bool rpcancel_operation_parse(struct rpcancel_operation *operation, const char *text, size_t length,
                              struct rpcancel_sequence_error *error);

/* rpcancel_answer_print writes |answer| as people read it: `1791 RPC_S_CALL_IN_PROGRESS`, `null`, `refused`,
 * `exception 0x80000100`. Terminated, cut to |size|; 64 bytes suffice. Returns the length. */
enum { RPCANCEL_ANSWER_TEXT_MAX = 64 };
size_t rpcancel_answer_print(struct rpcancel_answer answer, char *out, size_t size);

/* rpcancel_expectation_print writes |expected| as it follows `=>` (`0|1818|exception`), terminated and cut to |size|;
 * "" for the empty set. Returns the length. */
enum { RPCANCEL_EXPECTATION_TEXT_MAX = 704 };
size_t rpcancel_expectation_print(rpcancel_expectation expected, char *out, size_t size);

/* rpcancel_expectation_of returns the set that holds just |answer|; 0 when it cannot be expected (no known code). */
rpcancel_expectation rpcancel_expectation_of(struct rpcancel_answer answer);

/* rpcancel_binary_next decodes the next operation at |*cursor| and moves it on; false at |end|. Skips records that
 * are not operations of the API. For engines that cannot afford a sequence: no memory is taken. */
bool rpcancel_binary_next(const uint8_t **cursor, const uint8_t *end, struct rpcancel_operation *operation);

/* rpcancel_binary_put writes the canonical record of |operation| to |out|. */
enum { RPCANCEL_BINARY_RECORD = 2 };
void rpcancel_binary_put(struct rpcancel_operation operation, uint8_t out[RPCANCEL_BINARY_RECORD]);

#endif
