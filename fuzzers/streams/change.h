// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_CHANGE_H
#define RPCANCEL_FUZZERS_STREAMS_CHANGE_H
/* What the mutator does to one fragment of a draft, which has a piece at least. Each does nothing where it finds no
 * fragment that it can do it to. */
#include "streams/draft.h"
#include "streams/stream.h"

/* The type, the flags, the number of the call. */
void rpcancel_wire_change_header(struct rpcancel_wire_draft *draft);
/* Fields of the body: alloc_hint, context, opnum, cancel_count, status, sizes of a bind. */
void rpcancel_wire_change_body(struct rpcancel_wire_draft *draft);
/* frag_length or auth_length alone, so that they lie. */
void rpcancel_wire_change_lengths(struct rpcancel_wire_draft *draft);
/* An octet or a few, anywhere in a piece. */
void rpcancel_wire_change_octets(struct rpcancel_wire_draft *draft);
/* All numbers in the other byte order, lists of contexts and results included. */
void rpcancel_wire_change_byte_order(struct rpcancel_wire_draft *draft);
/* More stub data, or less, with frag_length as it must be. */
void rpcancel_wire_change_size(struct rpcancel_wire_draft *draft);
/* A request or a reply in two fragments in place of one. */
void rpcancel_wire_split_fragment(struct rpcancel_wire_draft *draft);

/* rpcancel_wire_draft_is_fragment tells whether piece |at| has a whole header of a fragment, and reads it. */
bool rpcancel_wire_draft_is_fragment(const struct rpcancel_wire_draft *draft, unsigned at, struct rpcancel_pdu *pdu);

#endif
