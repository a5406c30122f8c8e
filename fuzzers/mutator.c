// SPDX-License-Identifier: Apache-2.0
#include "mutator.h"

#include <string.h>

#include "choose.h"
#include "draft.h"

enum { STACKED_MAX = 4, BLOCK_MAX = 16, WALK_MAX = 8, SKIP_MAX = 3 };

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

/* Reads |count| operations from |at| on, at most BLOCK_MAX. */
static void take(const struct rpcancel_draft *draft, struct block block, struct rpcancel_operation out[BLOCK_MAX])
{
    for (size_t i = 0; i < block.count; i++)
        out[i] = rpcancel_draft_get(draft, block.at + i);
}

static void insert(struct rpcancel_draft *draft, size_t at, const struct rpcancel_operation *operations, size_t count)
{
    size_t gap = rpcancel_draft_open_gap(draft, at, count);
    for (size_t i = 0; i < gap; i++)
        rpcancel_draft_put(draft, at + i, operations[i]);
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
    size_t at = below(draft, draft->count - 1);
    struct rpcancel_operation first = rpcancel_draft_get(draft, at);
    rpcancel_draft_put(draft, at, rpcancel_draft_get(draft, at + 1));
    rpcancel_draft_put(draft, at + 1, first);
}

static void replace_operands(struct rpcancel_draft *draft)
{
    size_t at = below(draft, draft->count);
    struct rpcancel_operation operation = rpcancel_draft_get(draft, at);
    uint64_t bits = rpcancel_random_bits(&draft->random);
    switch (bits & 3) {
    case 0:
        operation.handle = bits >> 2 & 3u;
        break;
    case 1:
        operation.thread = bits >> 2 & 3u;
        break;
    case 2:
        operation.argument = bits >> 2 & 7u;
        break;
    default:
        operation.earlier ^= 1u;
        break;
    }
    rpcancel_draft_put(draft, at, rpcancel_operation_canonical(operation));
}

static void replace_operation(struct rpcancel_draft *draft)
{
    rpcancel_draft_put(draft, below(draft, draft->count), rpcancel_choose_any(&draft->random));
}

/* ---- what can be done to an empty one too ---- */

static void insert_any(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operation = rpcancel_choose_any(&draft->random);
    insert(draft, some_gap(draft), &operation, 1);
}

/* Goes on from some place by operations that can happen there. */
static void insert_enabled(struct rpcancel_draft *draft)
{
    struct rpcancel_operation operations[WALK_MAX];
    struct rpcancel_world world;
    size_t at = some_gap(draft), count = 1 + below(draft, WALK_MAX);
    rpcancel_draft_replay(draft, at, &world);
    for (size_t i = 0; i < count; i++)
        operations[i] = rpcancel_choose_enabled(&draft->random, &world);
    insert(draft, at, operations, count);
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

/* Mostly only operations that can happen are kept; some sequences stay as they are, for what the reference refuses
 * another runtime may do. */
static size_t finish(struct rpcancel_draft *draft)
{
    if (rpcancel_random_chance(&draft->random, 7))
        rpcancel_draft_tidy(draft);
    if (draft->count == 0)
        insert_any(draft);
    return RPCANCEL_BINARY_RECORD * draft->count;
}

size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed)
{
    if (max_size < RPCANCEL_BINARY_RECORD)
        return 0;
    struct rpcancel_draft draft = rpcancel_draft_open(data, size, max_size, seed);
    for (size_t left = 1 + below(&draft, STACKED_MAX); left > 0; left--)
        change(&draft);
    return finish(&draft);
}

/* The first up to some place, and there either what follows some place of the second, or a few operations of it. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed)
{
    if (max_size < RPCANCEL_BINARY_RECORD)
        return 0;
    size_t size = first_size < max_size ? first_size : max_size;
    if (size > 0)
        memcpy(out, first, size);
    struct rpcancel_draft draft = rpcancel_draft_open(out, size, max_size, seed);
    size_t at = below(&draft, draft.count + 1), left = 1 + below(&draft, BLOCK_MAX);
    if (rpcancel_random_chance(&draft.random, 4)) {
        rpcancel_draft_delete(&draft, at, draft.count - at);
        left = draft.capacity;
    }
    const uint8_t *cursor = second + RPCANCEL_BINARY_RECORD * below(&draft, second_size / RPCANCEL_BINARY_RECORD + 1);
    struct rpcancel_operation operation;
    for (; left > 0 && at < draft.capacity; left--) {
        if (!rpcancel_binary_next(&cursor, second + second_size, &operation))
            break;
        insert(&draft, at++, &operation, 1);
    }
    return finish(&draft);
}
