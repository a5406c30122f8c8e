// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SPELLING_H
#define RPCANCEL_SPELLING_H
/*
 * How operations are spelled, derived from the table in operation.h: a row of slots, each filled by one word. Printing,
 * reading and complaining all walk the same slots, so an operation added to the table is known to all three.
 */
#include <stdbool.h>
#include <stddef.h>

#include "operation.h"
#include "sequence/text_buffer.h"
#include "sequence/words.h"

/* The order of the slots: words, handle, argument, suffix, thread, end. */
enum rpcancel_slot_kind {
    RPCANCEL_SLOT_WORD, /* one word of |words| or |suffix| of the description */
    RPCANCEL_SLOT_HANDLE,
    RPCANCEL_SLOT_ARGUMENT,
    RPCANCEL_SLOT_THREAD,
    RPCANCEL_SLOT_END
};

struct rpcancel_slot {
    enum rpcancel_slot_kind kind;
    const char *word; /* of a word slot; not terminated */
    size_t length;
};

/* rpcancel_slot_at returns the slot at |position| (from 0) of operations of |kind|; END after the last one. */
struct rpcancel_slot rpcancel_slot_at(unsigned kind, unsigned position);

/* rpcancel_slot_read takes |word| for |slot| and sets the operand it spells in |operation|, whose kind counts. False,
 * with |operation| as it was, when the word does not fit; an END slot takes only the end of the line. */
bool rpcancel_slot_read(struct rpcancel_slot slot, struct rpcancel_word word, struct rpcancel_operation *operation);

/* rpcancel_slot_print appends the word that |operation| has in |slot|; nothing for END. */
void rpcancel_slot_print(struct rpcancel_slot slot, struct rpcancel_operation operation, struct rpcancel_text *text);

/* rpcancel_argument_values returns how many arguments operations of |kind| tell apart; 1 when they take none. */
unsigned rpcancel_argument_values(unsigned kind);

/* rpcancel_word_is_handle tells whether |word| is a handle, and whether it names an earlier call. */
bool rpcancel_word_is_handle(struct rpcancel_word word, unsigned *handle, bool *earlier);

#endif
