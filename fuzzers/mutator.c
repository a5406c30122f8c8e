// SPDX-License-Identifier: Apache-2.0
#include "mutator.h"

#include <string.h>

#include "choose.h"
#include "draft.h"

enum { STACKED_MAX = 4, BLOCK_MAX = 16, WALK_MAX = 16, SKIP_MAX = 3 };

static size_t below(struct rpcancel_draft *draft, size_t limit)
{
    return rpcancel_random_below(&draft->random, limit);
}

/* A block of operations that are there: short ones more often. */
struct block {
    size_t at;
    size_t count;
};

static struct block some_block(struct rpcancel_draft *draft, size_t longest)
{
    struct block block = {.at = below(draft, draft->count)};
    size_t left = draft->count - block.at;
    size_t limit = 1 + below(draft, longest < left ? longest : left);
    block.count = 1 + below(draft, limit);
    return block;
}

/* A place to insert at: the end, where the sequence goes on, in half of the cases. */
static size_t some_gap(struct rpcancel_draft *draft)
{
    return rpcancel_random_chance(&draft->random, 4) ? draft->count : below(draft, draft->count + 1);
}

/* ---- what is done to a sequence that has operations ---- */

static void delete_block(struct rpcancel_draft *draft)
{
    struct block block = some_block(draft, BLOCK_MAX);
    rpcancel_draft_delete(draft, block.at, block.count);
}

/* Copies a block, at most BLOCK_MAX, to |out|. */
static void take(const struct rpcancel_draft *draft, struct block block, struct rpcancel_operation out[BLOCK_MAX])
{
    memcpy(out, &draft->operations[block.at], block.count * sizeof out[0]);
}

static void insert(struct rpcancel_draft *draft, size_t at, const struct rpcancel_operation *operations, size_t count)
{
    size_t gap = rpcancel_draft_open_gap(draft, at, count);
    memcpy(rpcancel_draft_change(draft, at), operations, gap * sizeof operations[0]);
}

/* Moves a block to other handles: what happened to one call happens to the next. */
static void rename_handles(struct rpcancel_draft *draft, struct rpcancel_operation *operations, size_t count)
{
    unsigned difference = (unsigned)below(draft, RPCANCEL_HANDLES_MAX);
    for (size_t i = 0; i < count; i++) {
        operations[i].handle = (operations[i].handle ^ difference) & 3u;
        operations[i] = rpcancel_operation_canonical(operations[i]);
    }
}

static void duplicate_block(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operations[BLOCK_MAX];
    struct block block = some_block(draft, BLOCK_MAX);
    take(draft, block, operations);
    if (rpcancel_random_chance(&draft->random, 4))
        rename_handles(draft, operations, block.count);
    bool behind = rpcancel_random_chance(&draft->random, 4);
    insert(draft, behind ? block.at + block.count : below(draft, draft->count + 1), operations, block.count);
}

static void move_block(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operations[BLOCK_MAX];
    struct block block = some_block(draft, BLOCK_MAX);
    take(draft, block, operations);
    rpcancel_draft_delete(draft, block.at, block.count);
    insert(draft, below(draft, draft->count + 1), operations, block.count);
}

static void swap_neighbours(struct rpcancel_draft *draft)
{
    if (draft->count < 2)
        return;
    struct rpcancel_operation *pair = rpcancel_draft_change(draft, below(draft, draft->count - 1));
    struct rpcancel_operation first = pair[0];
    pair[0] = pair[1];
    pair[1] = first;
}

static void replace_operands(struct rpcancel_draft *draft)
{
    struct rpcancel_operation *operation = rpcancel_draft_change(draft, below(draft, draft->count));
    uint64_t bits = rpcancel_random_bits(&draft->random);
    switch (bits & 3) {
    case 0:
        operation->handle = bits >> 2 & 3u;
        break;
    case 1:
        operation->thread = bits >> 2 & 3u;
        break;
    case 2:
        operation->argument = bits >> 2 & 7u;
        break;
    default:
        operation->earlier ^= 1u;
        break;
    }
    *operation = rpcancel_operation_canonical(*operation);
}

static void replace_operation(struct rpcancel_draft *draft)
{
    *rpcancel_draft_change(draft, below(draft, draft->count)) = rpcancel_choose_any(&draft->random);
}

/* ---- what can be done to an empty one too ---- */

static void insert_any(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operation = rpcancel_choose_any(&draft->random);
    insert(draft, some_gap(draft), &operation, 1);
}

/* Goes on from some place by operations that can happen there, not too many for a short sequence. */
static void insert_enabled(struct rpcancel_draft *draft)
{
    size_t longest = 1 + draft->capacity / 4;
    size_t at = rpcancel_draft_replay(draft, some_gap(draft));
    size_t gap = rpcancel_draft_open_gap(draft, at, 1 + below(draft, longest < WALK_MAX ? longest : WALK_MAX));
    for (size_t i = 0; i < gap; i++)
        draft->operations[at + i] = rpcancel_choose_enabled(&draft->random, &draft->world);
    draft->replayed += gap;
}

/* Lays the life of a call over the sequence, in one piece or among what happens to the others. */
static void insert_life(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operations[RPCANCEL_LIFE_MAX];
    unsigned count = rpcancel_choose_life(&draft->random, operations);
    size_t at = some_gap(draft), skip = below(draft, SKIP_MAX + 1);
    if (skip == 0) {
        insert(draft, at, operations, count);
        return;
    }
    for (unsigned i = 0; i < count && at <= draft->count; i++) {
        insert(draft, at, &operations[i], 1);
        at += 1 + below(draft, skip + 1);
    }
}

/* ---- all of it ---- */

static void change(struct rpcancel_draft *draft)
{
    typedef void change_function(struct rpcancel_draft * draft);
    static change_function *const with_operations[] = {delete_block,    duplicate_block,  move_block,
                                                       swap_neighbours, replace_operands, replace_operation};
    static change_function *const always[] = {insert_any, insert_enabled, insert_enabled, insert_life};
    enum { WITH = sizeof with_operations / sizeof with_operations[0], ALWAYS = sizeof always / sizeof always[0] };
    size_t choice = below(draft, draft->count > 0 ? ALWAYS + WITH : ALWAYS);
    if (choice < ALWAYS)
        always[choice](draft);
    else
        with_operations[choice - ALWAYS](draft);
}

static size_t finish(struct rpcancel_draft *draft, uint8_t *out)
{
    rpcancel_draft_replay(draft, draft->count);
    if (draft->count == 0)
        insert_any(draft);
    return rpcancel_draft_write(draft, out);
}

size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed)
{
    if (max_size < RPCANCEL_BINARY_RECORD)
        return 0;
    struct rpcancel_draft draft;
    rpcancel_draft_open(&draft, max_size, seed);
    rpcancel_draft_append(&draft, data, size);
    for (size_t left = 1 + below(&draft, STACKED_MAX); left > 0; left--)
        change(&draft);
    return finish(&draft, data);
}

/* The first up to some place, and there what follows some place of the second, all of it or a graft: a few operations
 * and then the rest of the first. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed)
{
    if (max_size < RPCANCEL_BINARY_RECORD)
        return 0;
    struct rpcancel_draft draft;
    rpcancel_draft_open(&draft, max_size, seed);
    size_t cut = RPCANCEL_BINARY_RECORD * below(&draft, first_size / RPCANCEL_BINARY_RECORD + 1);
    size_t from = RPCANCEL_BINARY_RECORD * below(&draft, second_size / RPCANCEL_BINARY_RECORD + 1);
    size_t graft = RPCANCEL_BINARY_RECORD * (1 + below(&draft, BLOCK_MAX));
    bool is_graft = rpcancel_random_chance(&draft.random, 4) && graft < second_size - from;
    rpcancel_draft_append(&draft, first, cut);
    rpcancel_draft_append(&draft, second + from, is_graft ? graft : second_size - from);
    if (is_graft)
        rpcancel_draft_append(&draft, first + cut, first_size - cut);
    return finish(&draft, out);
}
