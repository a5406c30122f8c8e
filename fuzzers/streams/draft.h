// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DRAFT_H
#define RPCANCEL_FUZZERS_STREAMS_DRAFT_H
/*
 * A stream while the mutator works on it, in the buffer of its input. Positions are numbers of pieces; those of a
 * stream with more than RPCANCEL_WIRE_PIECES_MAX that are beyond belong to the last one.
 */
#include "random.h"
#include "streams/stream.h"

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

/* rpcancel_wire_draft_is_fragment tells whether piece |at| has a whole header of a fragment, and reads it. */
bool rpcancel_wire_draft_is_fragment(const struct rpcancel_wire_draft *draft, unsigned at, struct rpcancel_pdu *pdu);

/* rpcancel_wire_draft_replace puts |size| octets, which are not in the draft, in place of |count| pieces from |at| on;
 * nothing is done, and false returned, where there is no room. */
bool rpcancel_wire_draft_replace(struct rpcancel_wire_draft *draft, unsigned at, unsigned count, const uint8_t *octets,
                                 size_t size);

#endif
