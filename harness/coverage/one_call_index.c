// SPDX-License-Identifier: Apache-2.0
#include "coverage/one_call_index.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/one_call_search.h"

struct rpcancel_one_call_index {
    unsigned count;
    unsigned shift;  /* of a product, so that what is left is below the number of slots */
    uint64_t mask;   /* number of slots - 1 */
    uint64_t *slots; /* key of a state << 16 | its number + 1; 0 is empty */
};

enum { KEY_SHIFT = 16, NUMBER_MASK = (1 << KEY_SHIFT) - 1, NO_KEY_BITS = 33 };

/* The 33 bits that tell states apart; all ones, which no state has, when an earlier call lives. */
static inline uint64_t key_of(const struct rpcancel_world *world, unsigned handle)
{
    const struct rpcancel_lane *lane = &world->lanes[handle];
    struct rpcancel_call call = lane->call;
    uint16_t handle_bits, call_bits, earlier_bits;
    call.manager = 0;
    memcpy(&handle_bits, &lane->handle, sizeof handle_bits);
    memcpy(&call_bits, &call, sizeof call_bits);
    memcpy(&earlier_bits, &lane->earlier, sizeof earlier_bits);
    uint64_t key = (uint64_t)(world->link_lost != 0) << 32 | (uint64_t)handle_bits << 16 | call_bits;
    return earlier_bits ? (UINT64_C(1) << NO_KEY_BITS) - 1 : key;
}

/* Multiplying moves every bit of the key to the top, which is kept. */
static inline uint64_t first_slot(const struct rpcancel_one_call_index *index, uint64_t key)
{
    return (key * 0x9E3779B97F4A7C15u) >> index->shift;
}

/* The slot that holds |key|, or the empty one where it belongs. */
static inline uint64_t *slot_of(const struct rpcancel_one_call_index *index, uint64_t key)
{
    uint64_t at = first_slot(index, key);
    while (index->slots[at] && index->slots[at] >> KEY_SHIFT != key)
        at = (at + 1) & index->mask;
    return &index->slots[at];
}

static bool make_room(struct rpcancel_one_call_index *index, unsigned states)
{
    index->shift = 64;
    for (index->mask = 0; index->mask < 4u * states; index->mask = index->mask * 2 + 1)
        index->shift--;
    index->slots = states < NUMBER_MASK ? calloc(index->mask + 1, sizeof *index->slots) : NULL;
    return index->slots != NULL;
}

static void add_states(struct rpcancel_one_call_index *index, const struct rpcancel_pair_table *table)
{
    struct rpcancel_pair pair;
    for (uint32_t i = 0; i < table->count; i++) {
        rpcancel_pair_get(table, i, &pair);
        uint64_t key = key_of(&pair.world, 0);
        uint64_t *slot = slot_of(index, key);
        if (!*slot)
            *slot = key << KEY_SHIFT | ++index->count;
    }
}

struct rpcancel_one_call_index *rpcancel_one_call_index_open(void)
{
    struct rpcancel_pair_table table;
    struct rpcancel_one_call_index *index = calloc(1, sizeof *index);
    if (!index || !rpcancel_one_call_search(&table, NULL, NULL)) {
        free(index);
        return NULL;
    }
    bool made = make_room(index, table.worlds);
    if (made)
        add_states(index, &table);
    rpcancel_pair_table_close(&table);
    if (made)
        return index;
    free(index);
    return NULL;
}

void rpcancel_one_call_index_close(struct rpcancel_one_call_index *index)
{
    if (index)
        free(index->slots);
    free(index);
}

unsigned rpcancel_one_call_index_state_count(const struct rpcancel_one_call_index *index)
{
    return index->count;
}

int rpcancel_one_call_index_state(const struct rpcancel_one_call_index *index, const struct rpcancel_world *world,
                                  unsigned handle)
{
    return (int)(*slot_of(index, key_of(world, handle)) & NUMBER_MASK) - 1;
}
