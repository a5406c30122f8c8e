// SPDX-License-Identifier: Apache-2.0
#include "streams/draft.h"

#include "streams/part.h"

enum { BLOCK_MAX = 4, BLOCK_SIZE_MAX = 4096 };

void rpcancel_wire_draft_split(struct rpcancel_wire_draft *draft)
{
    struct rpcancel_span rest = {draft->bytes + 1, draft->size - 1};
    struct rpcancel_span part;
    draft->count = 0;
    draft->begins[0] = 1;
    while (draft->count < RPCANCEL_WIRE_PIECES_MAX && rpcancel_part_next(&rest, &part))
        draft->begins[++draft->count] = (uint32_t)(part.bytes + part.size - draft->bytes);
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

/* ---- what every mutator does ---- */

unsigned rpcancel_wire_draft_below(struct rpcancel_wire_draft *draft, size_t limit)
{
    return (unsigned)rpcancel_random_below(&draft->random, limit);
}

unsigned rpcancel_wire_draft_gap(struct rpcancel_wire_draft *draft)
{
    return rpcancel_random_chance(&draft->random, 4) ? draft->count
                                                     : rpcancel_wire_draft_below(draft, draft->count + 1);
}

struct block {
    unsigned at, count;
};

static struct block some_block(struct rpcancel_wire_draft *draft)
{
    struct block block = {.at = rpcancel_wire_draft_below(draft, draft->count)};
    unsigned left = draft->count - block.at;
    block.count = 1 + rpcancel_wire_draft_below(draft, left < BLOCK_MAX ? left : BLOCK_MAX);
    return block;
}

/* Copies a block to |out|; returns its size, 0 when it is longer than that. */
static size_t copy(const struct rpcancel_wire_draft *draft, struct block block, uint8_t out[BLOCK_SIZE_MAX])
{
    size_t size = draft->begins[block.at + block.count] - draft->begins[block.at];
    if (size > BLOCK_SIZE_MAX)
        return 0;
    memcpy(out, draft->bytes + draft->begins[block.at], size);
    return size;
}

void rpcancel_wire_draft_leave_out(struct rpcancel_wire_draft *draft)
{
    struct block block = some_block(draft);
    rpcancel_wire_draft_replace(draft, block.at, block.count, NULL, 0);
}

void rpcancel_wire_draft_double(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[BLOCK_SIZE_MAX];
    size_t size = copy(draft, some_block(draft), octets);
    if (size > 0)
        rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_gap(draft), 0, octets, size);
}

void rpcancel_wire_draft_move(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[BLOCK_SIZE_MAX];
    struct block block = some_block(draft);
    size_t size = copy(draft, block, octets);
    if (size == 0)
        return;
    rpcancel_wire_draft_replace(draft, block.at, block.count, NULL, 0);
    rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_below(draft, draft->count + 1), 0, octets, size);
}

void rpcancel_wire_draft_settings(struct rpcancel_wire_draft *draft)
{
    draft->bytes[0] ^= (uint8_t)(1u << rpcancel_wire_draft_below(draft, 8));
}

void rpcancel_wire_draft_cross(struct rpcancel_wire_draft *draft, const uint8_t *second, size_t size)
{
    struct rpcancel_span rest = {second, 0}, part;
    unsigned cut = rpcancel_wire_draft_below(draft, draft->count + 1), count = 0;
    if (size > 1)
        rest = (struct rpcancel_span){second + 1, size - 1};
    for (struct rpcancel_span walk = rest; rpcancel_part_next(&walk, &part);)
        count++;
    for (unsigned skipped = rpcancel_wire_draft_below(draft, count + 1); skipped > 0; skipped--)
        rpcancel_part_next(&rest, &part);
    rpcancel_wire_draft_replace(draft, cut, draft->count - cut, NULL, 0);
    size_t room = draft->max_size - draft->size;
    rpcancel_wire_draft_replace(draft, cut, 0, rest.bytes, rest.size < room ? rest.size : room);
}
