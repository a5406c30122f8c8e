// SPDX-License-Identifier: Apache-2.0
#include "engine/tried.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

static uint64_t mix(uint64_t hash, uint64_t value)
{
    uint64_t z = (hash ^ value) * UINT64_C(0xBF58476D1CE4E5B9);
    return z ^ z >> 29;
}

static uint64_t hash_of(const struct rpcancel_sequence *sequence)
{
    uint64_t hash = mix(UINT64_C(0x9E3779B97F4A7C15), sequence->count);
    for (size_t i = 0; i < sequence->count; i++) {
        uint8_t record[RPCANCEL_BINARY_RECORD];
        rpcancel_binary_put(sequence->items[i].operation, record);
        hash = mix(hash, (uint64_t)record[0] << 8 | record[1]);
    }
    return hash ? hash : 1;
}

/* Returns the slot that holds |hash|, or the empty one where it belongs. */
static uint64_t *find(const struct rpcancel_tried *tried, uint64_t hash)
{
    size_t slot = (size_t)(hash >> 32) & (tried->capacity - 1);
    while (tried->slots[slot] != 0 && tried->slots[slot] != hash)
        slot = (slot + 1) & (tried->capacity - 1);
    return &tried->slots[slot];
}

static bool grow(struct rpcancel_tried *tried)
{
    struct rpcancel_tried larger = {.count = tried->count,
                                    .capacity = tried->capacity ? 2 * tried->capacity : FIRST_CAPACITY};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < tried->capacity; i++) {
        if (tried->slots[i])
            *find(&larger, tried->slots[i]) = tried->slots[i];
    }
    free(tried->slots);
    *tried = larger;
    return true;
}

enum rpcancel_tried_added rpcancel_tried_add(struct rpcancel_tried *tried, const struct rpcancel_sequence *sequence)
{
    if (2 * tried->count >= tried->capacity && !grow(tried))
        return RPCANCEL_TRIED_NO_MEMORY;
    uint64_t hash = hash_of(sequence);
    uint64_t *slot = find(tried, hash);
    if (*slot)
        return RPCANCEL_TRIED_KNOWN;
    *slot = hash;
    tried->count++;
    return RPCANCEL_TRIED_NEW;
}

void rpcancel_tried_free(struct rpcancel_tried *tried)
{
    free(tried->slots);
    *tried = (struct rpcancel_tried){0};
}
