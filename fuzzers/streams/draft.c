// SPDX-License-Identifier: Apache-2.0
#include "streams/draft.h"

void rpcancel_wire_draft_split(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_span rest = {draft->bytes + 1, draft->size - 1};
    struct rpcancel_piece piece;
    draft->count = 0;
    draft->begins[0] = 1;
    while (draft->count < RPCANCEL_WIRE_PIECES_MAX && rpcancel_piece_next(&rest, &piece))
        draft->begins[++draft->count] = (uint32_t)(piece.bytes.bytes + piece.bytes.size - draft->bytes);
    draft->begins[draft->count] = (uint32_t)draft->size;
}

void rpcancel_wire_draft_open(struct rpcancel_wire_draft *draft, uint8_t *bytes, size_t size, size_t max_size,
                              uint64_t seed)
{
    draft->random.state = seed;
    draft->bytes = bytes;
    draft->size = size < max_size ? size : max_size;
    draft->max_size = max_size;
    if (draft->size == 0) {
        draft->bytes[0] = (uint8_t)rpcancel_random_bits(&draft->random);
        draft->size = 1;
    }
    rpcancel_wire_draft_split(draft);
}

uint8_t *rpcancel_wire_draft_piece(const struct rpcancel_wire_draft *draft, unsigned at, size_t *size)
{
    *size = draft->begins[at + 1] - draft->begins[at];
    return draft->bytes + draft->begins[at];
}

bool rpcancel_wire_draft_is_fragment(const struct rpcancel_wire_draft *draft, unsigned at, struct rpcancel_pdu *pdu)
{
    struct rpcancel_pdu_complaint complaint;
    size_t size;
    const uint8_t *octets = rpcancel_wire_draft_piece(draft, at, &size);
    if (size < RPCANCEL_PDU_HEADER_SIZE || octets[0] != 5)
        return false;
    rpcancel_pdu_decode(octets, size, RPCANCEL_LENIENT, pdu, &complaint);
    return true;
}

bool rpcancel_wire_draft_replace(struct rpcancel_wire_draft *draft, unsigned at, unsigned count, const uint8_t *octets,
                                 size_t size)
{
    size_t begin = draft->begins[at], end = draft->begins[at + count], left = draft->size - end;
    if (begin + size + left > draft->max_size)
        return false;
    memmove(draft->bytes + begin + size, draft->bytes + end, left);
    if (size > 0)
        memcpy(draft->bytes + begin, octets, size);
    draft->size = begin + size + left;
    rpcancel_wire_draft_split(draft);
    return true;
}
