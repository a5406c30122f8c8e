// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "engine/pair_table.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_SLOTS = 1 << 16, WORDS = 4 };
static_assert(sizeof(struct rpcancel_world) == WORDS * sizeof(uint64_t), "a world is so many words");
static_assert(sizeof(struct rpcancel_observer) == WORDS * sizeof(uint64_t), "and an observer");

/* Address space is reserved for the limit at once; pages come as they are written. */
static void *reserve(uint64_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static uint32_t *reserve_slots(uint32_t mask)
{
    return reserve(((uint64_t)mask + 1) * sizeof(uint32_t));
}

static void release(void *memory, uint64_t bytes)
{
    if (memory)
        munmap(memory, bytes);
}

static unsigned pair_bytes(const struct rpcancel_pair_table *table)
{
    return 2 * table->half * (unsigned)sizeof(uint64_t) + (unsigned)sizeof(uint32_t) + (unsigned)sizeof(uint16_t);
}

bool rpcancel_pair_table_open(struct rpcancel_pair_table *table, unsigned calls, bool behind_lanes, uint64_t memory)
{
    memset(table, 0, sizeof *table);
    size_t used = offsetof(struct rpcancel_world, lanes) + calls * sizeof(struct rpcancel_lane);
    table->half = (unsigned)((used + sizeof(uint64_t) - 1) / sizeof(uint64_t));
    table->half += behind_lanes && table->half < WORDS;
    table->last = behind_lanes ? WORDS - 1 : table->half - 1;
    /* Besides itself a pair takes at most 32 bytes of slots: two tables, sparsest just after they were doubled and
     * while the old one is still there. */
    uint64_t limit = memory / (pair_bytes(table) + 32u);
    table->reserved = limit > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)limit;
    table->limit = table->reserved;
    table->keys = reserve((uint64_t)table->reserved * 2 * table->half * sizeof *table->keys + 1);
    table->parents = reserve((uint64_t)table->reserved * sizeof *table->parents + 1);
    table->leads = reserve((uint64_t)table->reserved * sizeof *table->leads + 1);
    table->slots = reserve_slots(FIRST_SLOTS - 1);
    table->world_slots = reserve_slots(FIRST_SLOTS - 1);
    table->mask = table->world_mask = FIRST_SLOTS - 1;
    if (table->keys && table->parents && table->leads && table->slots && table->world_slots)
        return true;
    rpcancel_pair_table_close(table);
    return false;
}

void rpcancel_pair_table_close(struct rpcancel_pair_table *table)
{
    release(table->keys, (uint64_t)table->reserved * 2 * table->half * sizeof *table->keys + 1);
    release(table->parents, (uint64_t)table->reserved * sizeof *table->parents + 1);
    release(table->leads, (uint64_t)table->reserved * sizeof *table->leads + 1);
    release(table->slots, ((uint64_t)table->mask + 1) * sizeof *table->slots);
    release(table->world_slots, ((uint64_t)table->world_mask + 1) * sizeof *table->world_slots);
    memset(table, 0, sizeof *table);
}

void rpcancel_pair_key(const struct rpcancel_pair_table *table, const struct rpcancel_pair *pair,
                       struct rpcancel_pair_key *key)
{
    /* Whole copies are a few moves; the second overwrites what the first wrote too much. */
    uint64_t words[WORDS];
    memcpy(key->words, &pair->world, sizeof pair->world);
    key->words[table->half - 1] = key->words[table->last];
    memcpy(words, &pair->observer, sizeof words);
    memcpy(key->words + table->half, words, sizeof words);
    key->words[2 * table->half - 1] = words[table->last];
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Multiplies the words in pairs that do not wait for each other, and folds the products into one. */
static uint64_t hash_words(const uint64_t *words, unsigned count)
{
    uint64_t hash = 0;
    uint64_t salt = 0xD6E8FEB86659FD93u;
    unsigned i = 0;
    for (; i + 1 < count; i += 2, salt += 0x9E3779B97F4A7C15u)
        hash ^= fold(words[i] ^ salt, words[i + 1] ^ 0xA0761D6478BD642Fu);
    if (i < count)
        hash ^= fold(words[i] ^ salt, 0xE7037ED1A0B428DBu);
    return fold(hash ^ salt, 0x9E3779B97F4A7C15u);
}

static uint64_t hash_world(const struct rpcancel_pair_table *table, const uint64_t *key)
{
    return hash_words(key, table->half);
}

static uint64_t *key_at(const struct rpcancel_pair_table *table, uint32_t number)
{
    return table->keys + (size_t)number * 2 * table->half;
}

uint64_t rpcancel_pair_hash(const struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key)
{
    uint64_t hash = hash_words(key->words, 2 * table->half);
    __builtin_prefetch(&table->slots[hash & table->mask]);
    return hash;
}

static bool is_key(const struct rpcancel_pair_table *table, const uint64_t *stored, const struct rpcancel_pair_key *key)
{
    for (unsigned i = 0; i < 2 * table->half; i++) {
        if (stored[i] != key->words[i])
            return false;
    }
    return true;
}

void rpcancel_pair_prepare(const struct rpcancel_pair_table *table, uint64_t hash)
{
    uint32_t entry = table->slots[hash & table->mask];
    if (entry)
        __builtin_prefetch(key_at(table, entry - 1));
}

/* Doubles a hash table of numbers; |hash_of| gives the hash of the pair with a number. */
static bool grow(const struct rpcancel_pair_table *table, uint32_t **slots, uint32_t *mask, bool worlds_only)
{
    uint32_t wider = *mask * 2 + 1;
    uint32_t *fresh = reserve_slots(wider);
    if (!fresh)
        return false;
    for (uint32_t i = 0; i <= *mask; i++) {
        uint32_t entry = (*slots)[i];
        if (!entry)
            continue;
        const uint64_t *key = key_at(table, entry - 1);
        uint64_t hash = worlds_only ? hash_world(table, key) : hash_words(key, 2 * table->half);
        uint32_t at = (uint32_t)hash & wider;
        while (fresh[at])
            at = (at + 1) & wider;
        fresh[at] = entry;
    }
    release(*slots, ((uint64_t)*mask + 1) * sizeof **slots);
    *slots = fresh;
    *mask = wider;
    return true;
}

static bool is_crowded(uint32_t count, uint32_t mask)
{
    return (uint64_t)count * 4 > (uint64_t)mask * 3;
}

/* Counts the world of the pair just stored at |number| if no other pair has it. */
static void note_world(struct rpcancel_pair_table *table, uint32_t number)
{
    const uint64_t *key = key_at(table, number);
    uint32_t at = (uint32_t)hash_world(table, key) & table->world_mask;
    while (table->world_slots[at]) {
        if (memcmp(key_at(table, table->world_slots[at] - 1), key, table->half * sizeof *key) == 0)
            return;
        at = (at + 1) & table->world_mask;
    }
    table->world_slots[at] = number + 1;
    table->worlds++;
}

enum rpcancel_pair_added rpcancel_pair_add(struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key,
                                           uint64_t hash, uint32_t parent, unsigned lead)
{
    uint32_t at = (uint32_t)hash & table->mask;
    for (; table->slots[at]; at = (at + 1) & table->mask) {
        if (is_key(table, key_at(table, table->slots[at] - 1), key))
            return RPCANCEL_PAIR_KNOWN;
    }
    if (table->count == table->limit)
        return RPCANCEL_PAIR_NO_ROOM;
    uint32_t number = table->count++;
    memcpy(key_at(table, number), key, 2 * table->half * sizeof(uint64_t));
    table->parents[number] = parent;
    table->leads[number] = (uint16_t)lead;
    table->slots[at] = number + 1;
    note_world(table, number);
    if (is_crowded(table->count, table->mask) && !grow(table, &table->slots, &table->mask, false))
        table->limit = table->count;
    if (is_crowded(table->worlds, table->world_mask) && !grow(table, &table->world_slots, &table->world_mask, true))
        table->limit = table->count;
    return RPCANCEL_PAIR_NEW;
}

uint32_t rpcancel_pair_find(const struct rpcancel_pair_table *table, const struct rpcancel_pair_key *key)
{
    uint32_t at = (uint32_t)hash_words(key->words, 2 * table->half) & table->mask;
    for (; table->slots[at]; at = (at + 1) & table->mask) {
        if (is_key(table, key_at(table, table->slots[at] - 1), key))
            return table->slots[at] - 1;
    }
    return RPCANCEL_NO_PAIR;
}

void rpcancel_pair_get(const struct rpcancel_pair_table *table, uint32_t number, struct rpcancel_pair *pair)
{
    const uint64_t *key = key_at(table, number);
    uint64_t world[WORDS] = {0}, observer[WORDS] = {0};
    memcpy(world, key, (table->half - 1) * sizeof *key);
    world[table->last] = key[table->half - 1];
    memcpy(observer, key + table->half, (table->half - 1) * sizeof *key);
    observer[table->last] = key[2 * table->half - 1];
    memcpy(&pair->world, world, sizeof world);
    memcpy(&pair->observer, observer, sizeof observer);
}

uint64_t rpcancel_pair_table_bytes(const struct rpcancel_pair_table *table)
{
    uint64_t slots = (uint64_t)table->mask + table->world_mask + 2;
    return (uint64_t)table->count * pair_bytes(table) + slots * sizeof(uint32_t);
}
