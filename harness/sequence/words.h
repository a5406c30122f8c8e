// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WORDS_H
#define RPCANCEL_WORDS_H
/*
 * A line of text as words: what stands between blanks and tabs. `=>` and `|` are words wherever they stand.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rpcancel_word_kind {
    RPCANCEL_WORD_END, /* the line is over; |length| is 0 */
    RPCANCEL_WORD_PLAIN,
    RPCANCEL_WORD_ARROW, /* => */
    RPCANCEL_WORD_BAR    /* | */
};

struct rpcancel_word {
    const char *text; /* not terminated; part of the line */
    size_t length;
    unsigned column; /* from 1, in bytes */
    enum rpcancel_word_kind kind;
};

/* Where reading stands. Copying it is a way back. */
struct rpcancel_words {
    const char *line;
    size_t length;
    size_t at;
};

/* rpcancel_words_next returns the next word and moves on; at the end it returns END as often as it is asked. */
struct rpcancel_word rpcancel_words_next(struct rpcancel_words *words);

/* rpcancel_word_is tells whether |word| is the |length| bytes at |text|. */
bool rpcancel_word_is(struct rpcancel_word word, const char *text, size_t length);

/* rpcancel_word_code reads |word| as a code: a decimal number, a hexadecimal one after 0x, or a documented name.
 * False when it is none of them or exceeds 32 bits. */
bool rpcancel_word_code(struct rpcancel_word word, uint32_t *code);

#endif
