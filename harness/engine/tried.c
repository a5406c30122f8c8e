// SPDX-License-Identifier: Apache-2.0
#include "engine/tried.h"

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
    return hash;
}

enum rpcancel_tried_added rpcancel_tried_add(struct rpcancel_tried *tried, const struct rpcancel_sequence *sequence)
{
    uint64_t hash = hash_of(sequence);
    bool is_new;
    if (tried->hashes.item_size == 0 && !rpcancel_flat_table_open(&tried->hashes, sizeof hash))
        return RPCANCEL_TRIED_NO_MEMORY;
    if (rpcancel_flat_table_add(&tried->hashes, &hash, &is_new) == RPCANCEL_NO_ITEM)
        return RPCANCEL_TRIED_NO_MEMORY;
    return is_new ? RPCANCEL_TRIED_NEW : RPCANCEL_TRIED_KNOWN;
}

void rpcancel_tried_free(struct rpcancel_tried *tried)
{
    rpcancel_flat_table_close(&tried->hashes);
}
