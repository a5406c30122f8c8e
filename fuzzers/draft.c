// SPDX-License-Identifier: Apache-2.0
#include "draft.h"

#include <assert.h>
#include <string.h>

enum { RECORD = RPCANCEL_BINARY_RECORD };

struct rpcancel_draft rpcancel_draft_open(uint8_t *bytes, size_t size, size_t max_size, uint64_t seed)
{
    struct rpcancel_draft draft = {.bytes = bytes, .capacity = max_size / RECORD, .random = {seed}};
    const uint8_t *cursor = bytes;
    struct rpcancel_operation operation;
    assert(size <= max_size);
    while (rpcancel_binary_next(&cursor, bytes + size, &operation))
        rpcancel_binary_put(operation, bytes + RECORD * draft.count++); /* never overtakes the cursor */
    return draft;
}

struct rpcancel_operation rpcancel_draft_get(const struct rpcancel_draft *draft, size_t at)
{
    const uint8_t *cursor = draft->bytes + RECORD * at;
    struct rpcancel_operation operation;
    assert(at < draft->count);
    rpcancel_binary_next(&cursor, cursor + RECORD, &operation);
    return operation;
}

void rpcancel_draft_put(struct rpcancel_draft *draft, size_t at, struct rpcancel_operation operation)
{
    assert(at < draft->count);
    rpcancel_binary_put(operation, draft->bytes + RECORD * at);
}

void rpcancel_draft_delete(struct rpcancel_draft *draft, size_t at, size_t count)
{
    assert(at + count <= draft->count);
    uint8_t *hole = draft->bytes + RECORD * at;
    memmove(hole, hole + RECORD * count, RECORD * (draft->count - at - count));
    draft->count -= count;
}

size_t rpcancel_draft_open_gap(struct rpcancel_draft *draft, size_t at, size_t count)
{
    assert(at <= draft->count);
    if (count > draft->capacity - at)
        count = draft->capacity - at;
    size_t room = draft->capacity - at - count;
    size_t kept = draft->count - at < room ? draft->count - at : room;
    uint8_t *gap = draft->bytes + RECORD * at;
    memmove(gap + RECORD * count, gap, RECORD * kept);
    draft->count = at + count + kept;
    return count;
}

void rpcancel_draft_replay(const struct rpcancel_draft *draft, size_t count, struct rpcancel_world *world)
{
    const uint8_t *cursor = draft->bytes;
    struct rpcancel_operation operation;
    rpcancel_world_reset(world);
    while (rpcancel_binary_next(&cursor, draft->bytes + RECORD * count, &operation))
        rpcancel_step(&rpcancel_choices_documented, world, operation);
}

void rpcancel_draft_tidy(struct rpcancel_draft *draft)
{
    const uint8_t *cursor = draft->bytes, *end = draft->bytes + RECORD * draft->count;
    struct rpcancel_world world;
    struct rpcancel_operation operation;
    size_t kept = 0;
    rpcancel_world_reset(&world);
    while (rpcancel_binary_next(&cursor, end, &operation)) {
        if (!rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &world, operation)))
            continue;
        memmove(draft->bytes + RECORD * kept++, cursor - RECORD, RECORD);
    }
    draft->count = kept;
}
