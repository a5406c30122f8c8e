// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DRAFT_H
#define RPCANCEL_FUZZERS_STREAMS_DRAFT_H
/*
 * An input while the mutator works on it, in its buffer. Positions are numbers of its parts (streams/part.h), which are
 * pieces or parcels; of an input with more than RPCANCEL_WIRE_PIECES_MAX those that are beyond belong to the last one.
 */
#include "random.h"
#include "wire/bytes.h"

enum { RPCANCEL_WIRE_PIECES_MAX = 512, RPCANCEL_WIRE_DRAFT_LEAST = 3 };

struct rpcancel_wire_draft {
    struct rpcancel_random random;
    uint8_t *bytes;
    size_t size, max_size; /* octets that are there, and may be */
    unsigned count;
    uint32_t begins[RPCANCEL_WIRE_PIECES_MAX + 1]; /* of the pieces, and the end */
};

/* rpcancel_wire_draft_open begins with the |size| octets at |bytes|, a buffer of |max_size|, which are at least
 * RPCANCEL_WIRE_DRAFT_LEAST. */
void rpcancel_wire_draft_open(struct rpcancel_wire_draft *draft, uint8_t *bytes, size_t size, size_t max_size,
                              uint64_t seed);

/* rpcancel_wire_draft_split finds the pieces again, after octets were changed. */
void rpcancel_wire_draft_split(struct rpcancel_wire_draft *draft);

/* rpcancel_wire_draft_piece returns the octets of piece |at|, and sets |*size|. */
uint8_t *rpcancel_wire_draft_piece(const struct rpcancel_wire_draft *draft, unsigned at, size_t *size);

/* rpcancel_wire_draft_replace puts |size| octets, which are not in the draft, in place of |count| pieces from |at| on;
 * nothing is done, and false returned, where there is no room. */
bool rpcancel_wire_draft_replace(struct rpcancel_wire_draft *draft, unsigned at, unsigned count, const uint8_t *octets,
                                 size_t size);

/* rpcancel_wire_draft_below chooses a number below |limit|. */
unsigned rpcancel_wire_draft_below(struct rpcancel_wire_draft *draft, size_t limit);

/* rpcancel_wire_draft_gap chooses a place to insert at: the end, where the input goes on, in half of the cases. */
unsigned rpcancel_wire_draft_gap(struct rpcancel_wire_draft *draft);

/* What is done with a few pieces in a row, where there are any: left out, put in once more, moved. */
void rpcancel_wire_draft_leave_out(struct rpcancel_wire_draft *draft);
void rpcancel_wire_draft_double(struct rpcancel_wire_draft *draft);
void rpcancel_wire_draft_move(struct rpcancel_wire_draft *draft);

/* rpcancel_wire_draft_settings changes a bit of the settings. */
void rpcancel_wire_draft_settings(struct rpcancel_wire_draft *draft);

/* rpcancel_wire_draft_cross keeps the first pieces up to some one, and goes on with those of another input, the |size|
 * octets at |second|, from some one on, as far as there is room. */
void rpcancel_wire_draft_cross(struct rpcancel_wire_draft *draft, const uint8_t *second, size_t size);

#endif
