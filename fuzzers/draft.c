// SPDX-License-Identifier: Apache-2.0
#include "draft.h"

#include <assert.h>
#include <string.h>

void rpcancel_draft_open(struct rpcancel_draft *draft, size_t max_size, uint64_t seed)
{
    size_t capacity = max_size / RPCANCEL_BINARY_RECORD;
    assert(capacity > 0);
    draft->capacity = capacity < RPCANCEL_DRAFT_MAX ? capacity : RPCANCEL_DRAFT_MAX;
    draft->count = 0;
    draft->replayed = 0;
    draft->random.state = seed;
    draft->tidy = rpcancel_random_chance(&draft->random, 7);
    rpcancel_world_reset(&draft->world);
}

void rpcancel_draft_append(struct rpcancel_draft *draft, const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size;
    while (draft->count < draft->capacity && rpcancel_binary_next(&bytes, end, &draft->operations[draft->count]))
        draft->count++;
}

size_t rpcancel_draft_write(const struct rpcancel_draft *draft, uint8_t *bytes)
{
    for (size_t i = 0; i < draft->count; i++)
        rpcancel_binary_put(draft->operations[i], bytes + RPCANCEL_BINARY_RECORD * i);
    return RPCANCEL_BINARY_RECORD * draft->count;
}

struct rpcancel_operation *rpcancel_draft_change(struct rpcancel_draft *draft, size_t at)
{
    if (at < draft->replayed) {
        draft->replayed = 0;
        rpcancel_world_reset(&draft->world);
    }
    return &draft->operations[at];
}

static void move(struct rpcancel_draft *draft, size_t to, size_t from, size_t count)
{
    memmove(&draft->operations[to], &draft->operations[from], count * sizeof draft->operations[0]);
}

void rpcancel_draft_delete(struct rpcancel_draft *draft, size_t at, size_t count)
{
    assert(at + count <= draft->count);
    rpcancel_draft_change(draft, at);
    move(draft, at, at + count, draft->count - at - count);
    draft->count -= count;
}

size_t rpcancel_draft_open_gap(struct rpcancel_draft *draft, size_t at, size_t count)
{
    assert(at <= draft->count);
    rpcancel_draft_change(draft, at);
    if (count > draft->capacity - at)
        count = draft->capacity - at;
    size_t room = draft->capacity - at - count;
    size_t kept = draft->count - at < room ? draft->count - at : room;
    move(draft, at + count, at, kept);
    draft->count = at + count + kept;
    return count;
}

size_t rpcancel_draft_replay(struct rpcancel_draft *draft, size_t at)
{
    assert(at <= draft->count);
    rpcancel_draft_change(draft, at);
    size_t kept = draft->replayed;
    for (size_t i = draft->replayed; i < at; i++) {
        struct rpcancel_operation operation = draft->operations[i];
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &draft->world, operation);
        if (rpcancel_answer_happened(answer) || !draft->tidy)
            draft->operations[kept++] = operation;
    }
    draft->replayed = kept;
    rpcancel_draft_delete(draft, kept, at - kept);
    return kept;
}
