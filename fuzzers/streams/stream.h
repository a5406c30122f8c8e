// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_STREAM_H
#define RPCANCEL_FUZZERS_STREAMS_STREAM_H
/*
 * The inputs of the targets of the wire: streams of fragments, with what the application does in between.
 *
 * The first octet holds settings; a target's head says which. Then come pieces, each of which begins with an octet that
 * tells what it is: with 5, which is rpc_vers, a fragment, as long as its frag_length says; with any other a choice of
 * the application, two octets. So every string of octets means something, and what goes over a connection is, with an
 * octet before it, an input.
 */
#include "wire/pdu.h"

enum rpcancel_piece_kind {
    RPCANCEL_PIECE_FRAGMENT,
    RPCANCEL_PIECE_CUT_OFF,  /* a fragment that the end of the input cuts off */
    RPCANCEL_PIECE_NONSENSE, /* a fragment that cannot be one, as its frag_length is below 16: 16 octets, or the rest */
    RPCANCEL_PIECE_CHOICE
};

struct rpcancel_piece {
    enum rpcancel_piece_kind kind;
    struct rpcancel_span bytes;
    uint8_t choice, argument; /* of a choice; a missing argument is 0 */
};

/* rpcancel_stream_begin sets |*rest| to what follows the settings in the |size| octets at |data|, and returns the
 * settings, 0 where there are none. */
uint8_t rpcancel_stream_begin(const uint8_t *data, size_t size, struct rpcancel_span *rest);

/* rpcancel_piece_next takes the first piece off |*rest|; false at the end. */
bool rpcancel_piece_next(struct rpcancel_span *rest, struct rpcancel_piece *piece);

/* rpcancel_stream_print prints the settings and the pieces, a line each, of which the last ones may be there in part,
 * to standard error. */
void rpcancel_stream_print(const uint8_t *data, size_t size);

#endif
