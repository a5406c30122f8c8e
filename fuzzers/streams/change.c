// SPDX-License-Identifier: Apache-2.0
#include "streams/change.h"

#include "wire/presentation.h"
#include "streams/templates.h"

enum { ROOM = 6144 };

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

/* Numbers at which something may change. */
static uint32_t some_number(struct rpcancel_wire_draft *draft)
{
    static const uint32_t edges[] = {
        0,    1,    2,    7,    8,      15,     16,     24,         32,         255,        256,        1432,
        2048, 4280, 5840, 5841, 0x7FFF, 0x8000, 0xFFFF, 0x00400000, 0x00400001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    if (rpcancel_random_chance(&draft->random, 5))
        return edges[rpcancel_wire_draft_below(draft, sizeof edges / sizeof edges[0])];
    return (uint32_t)rpcancel_random_bits(&draft->random);
}

/* A fragment that is there, or NULL; |pdu| is what its header says, and all of it where |*understood|. */
static uint8_t *some_fragment(struct rpcancel_wire_draft *draft, unsigned *at, struct rpcancel_pdu *pdu,
                              bool *understood)
{
    struct rpcancel_pdu_complaint complaint;
    size_t size;
    *at = rpcancel_wire_draft_below(draft, draft->count);
    uint8_t *octets = rpcancel_wire_draft_piece(draft, *at, &size);
    if (!rpcancel_wire_draft_is_fragment(draft, *at, pdu))
        return NULL;
    *understood = rpcancel_pdu_decode(octets, size, RPCANCEL_LENIENT, pdu, &complaint);
    return octets;
}

void rpcancel_wire_change_header(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_pdu pdu;
    bool understood;
    unsigned at;
    uint8_t *octets = some_fragment(draft, &at, &pdu, &understood);
    if (!octets)
        return;
    switch (rpcancel_wire_draft_below(draft, 8)) {
    case 0:
        octets[2] = (uint8_t)rpcancel_wire_draft_below(draft, RPCANCEL_PDU_TYPE_COUNT + 1);
        break;
    case 1:
        octets[1] = (uint8_t)rpcancel_wire_draft_below(draft, 3);
        break;
    case 2:
    case 3:
    case 4:
        octets[3] ^= (uint8_t)(1u << rpcancel_wire_draft_below(draft, 8));
        break;
    default: /* that of a neighbour, or another one */
        rpcancel_write_32(octets + 12,
                          rpcancel_random_chance(&draft->random, 6) ? 1 + rpcancel_wire_draft_below(draft, 6)
                                                                    : some_number(draft),
                          rpcancel_pdu_is_big_endian(&pdu));
    }
}

void rpcancel_wire_change_body(struct rpcancel_wire_draft *draft)
{
    /* Offset and size of fields of request, response, fault, bind and bind_ack. */
    static const uint8_t fields[][2] = {{16, 4}, {20, 2}, {22, 2}, {22, 1}, {24, 4}, {28, 4}, {16, 2},
                                        {18, 2}, {20, 4}, {24, 1}, {24, 2}, {28, 2}, {30, 1}, {26, 2}};
    struct rpcancel_pdu pdu;
    bool understood;
    unsigned at;
    uint8_t *octets = some_fragment(draft, &at, &pdu, &understood);
    const uint8_t *field = fields[rpcancel_wire_draft_below(draft, sizeof fields / sizeof fields[0])];
    if (!octets || draft->begins[at + 1] - draft->begins[at] < (uint32_t)field[0] + field[1])
        return;
    uint32_t number =
        rpcancel_random_chance(&draft->random, 4) ? rpcancel_wire_draft_below(draft, 8) : some_number(draft);
    if (field[1] == 1)
        octets[field[0]] = (uint8_t)number;
    else if (field[1] == 2)
        rpcancel_write_16(octets + field[0], (uint16_t)number, rpcancel_pdu_is_big_endian(&pdu));
    else
        rpcancel_write_32(octets + field[0], number, rpcancel_pdu_is_big_endian(&pdu));
}

void rpcancel_wire_change_lengths(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_pdu pdu;
    bool understood;
    unsigned at;
    uint8_t *octets = some_fragment(draft, &at, &pdu, &understood);
    if (!octets)
        return;
    unsigned offset = rpcancel_random_chance(&draft->random, 4) ? 8 : 10;
    bool big_endian = rpcancel_pdu_is_big_endian(&pdu);
    unsigned number = rpcancel_read_16(octets + offset, big_endian);
    number = rpcancel_random_chance(&draft->random, 4) ? some_number(draft)
                                                       : number + rpcancel_wire_draft_below(draft, 17) - 8;
    rpcancel_write_16(octets + offset, (uint16_t)number, big_endian);
    rpcancel_wire_draft_split(draft);
}

void rpcancel_wire_change_octets(struct rpcancel_wire_draft *draft)
{
    size_t size;
    uint8_t *octets = rpcancel_wire_draft_piece(draft, rpcancel_wire_draft_below(draft, draft->count), &size);
    for (unsigned left = 1 + rpcancel_wire_draft_below(draft, 4); left > 0; left--) {
        size_t at = rpcancel_wire_draft_below(draft, (unsigned)size);
        if (rpcancel_random_chance(&draft->random, 4))
            octets[at] ^= (uint8_t)(1u << rpcancel_wire_draft_below(draft, 8));
        else
            octets[at] = (uint8_t)some_number(draft);
    }
    rpcancel_wire_draft_split(draft);
}

/* Writes |pdu| in place of piece |at|. */
static void rewrite(struct rpcancel_wire_draft *draft, unsigned at, const struct rpcancel_pdu *pdu)
{
    uint8_t octets[ROOM];
    size_t size = rpcancel_pdu_encode(pdu, octets, sizeof octets);
    if (size > 0)
        rpcancel_wire_draft_replace(draft, at, 1, octets, size);
}

/* Each writes a list in the other byte order than it is read in; returns its size. */
static size_t turn_contexts(struct rpcancel_span list, bool big_endian, uint8_t *out, size_t capacity)
{
    struct rpcancel_syntax transfers[UINT8_MAX];
    struct rpcancel_context context;
    size_t size = 0;
    while (rpcancel_context_next(&list, big_endian, &context)) {
        for (unsigned i = 0; rpcancel_syntax_next(&context.transfers, big_endian, &transfers[i]);)
            i++;
        size += rpcancel_context_write(out + size, capacity - size, !big_endian, &context, transfers,
                                       context.transfer_count);
    }
    return size;
}

static size_t turn_results(struct rpcancel_span list, bool big_endian, uint8_t *out, size_t capacity)
{
    struct rpcancel_result result;
    size_t size = 0;
    while (rpcancel_result_next(&list, big_endian, &result))
        size += rpcancel_result_write(out + size, capacity - size, !big_endian, &result);
    return size;
}

void rpcancel_wire_change_byte_order(struct rpcancel_wire_draft *draft)
{
    uint8_t list[ROOM];
    struct rpcancel_pdu pdu;
    bool understood;
    unsigned at;
    if (!some_fragment(draft, &at, &pdu, &understood) || !understood)
        return;
    bool big_endian = rpcancel_pdu_is_big_endian(&pdu);
    if (pdu.type == RPCANCEL_PDU_BIND || pdu.type == RPCANCEL_PDU_ALTER_CONTEXT) {
        size_t size = turn_contexts(pdu.bind.contexts, big_endian, list, sizeof list);
        pdu.bind.contexts = (struct rpcancel_span){list, size};
    } else if (pdu.type == RPCANCEL_PDU_BIND_ACK || pdu.type == RPCANCEL_PDU_ALTER_CONTEXT_RESP) {
        size_t size = turn_results(pdu.bind_ack.results, big_endian, list, sizeof list);
        pdu.bind_ack.results = (struct rpcancel_span){list, size};
    }
    pdu.drep[0] = (uint8_t)((pdu.drep[0] & 15) | (big_endian ? 0x10 : 0));
    rewrite(draft, at, &pdu);
}

void rpcancel_wire_change_size(struct rpcancel_wire_draft *draft)
{
    uint8_t data[ROOM] = {0};
    struct rpcancel_pdu pdu;
    bool understood;
    unsigned at;
    if (!some_fragment(draft, &at, &pdu, &understood) || !understood || pdu.data.size > sizeof data)
        return;
    size_t size = rpcancel_random_chance(&draft->random, 6) ? rpcancel_wire_draft_below(draft, 64)
                                                            : rpcancel_wire_draft_below(draft, sizeof data);
    if (pdu.data.size > 0)
        memcpy(data, pdu.data.bytes, pdu.data.size);
    pdu.data = (struct rpcancel_span){data, size};
    rewrite(draft, at, &pdu);
}

void rpcancel_wire_split_fragment(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[2 * ROOM];
    struct rpcancel_pdu pdu, later;
    bool understood;
    unsigned at;
    if (!some_fragment(draft, &at, &pdu, &understood) || !understood ||
        (pdu.type != RPCANCEL_PDU_REQUEST && pdu.type != RPCANCEL_PDU_RESPONSE))
        return;
    size_t cut = pdu.data.size ? rpcancel_wire_draft_below(draft, (unsigned)pdu.data.size + 1) : 0;
    later = pdu;
    later.flags &= (uint8_t) ~(RPCANCEL_PFC_FIRST_FRAG | RPCANCEL_PFC_PENDING_CANCEL);
    pdu.flags &= (uint8_t)~RPCANCEL_PFC_LAST_FRAG;
    if (pdu.data.size > 0) {
        later.data = (struct rpcancel_span){pdu.data.bytes + cut, pdu.data.size - cut};
        pdu.data.size = cut;
    }
    size_t size = rpcancel_pdu_encode(&pdu, octets, ROOM);
    size_t rest = size ? rpcancel_pdu_encode(&later, octets + size, ROOM) : 0;
    if (rest > 0)
        rpcancel_wire_draft_replace(draft, at, 1, octets, size + rest);
}
