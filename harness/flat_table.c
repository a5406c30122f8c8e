// SPDX-License-Identifier: Apache-2.0
#include "flat_table.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 256 };

static uint64_t hash_of(const uint8_t *item, size_t size)
{
    uint64_t hash = 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word;
        memcpy(&word, item + i, sizeof word);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    return hash;
}

static const uint8_t *item_at(const struct rpcancel_flat_table *table, uint32_t number)
{
    return table->items + (size_t)number * table->item_size;
}

bool rpcancel_flat_table_open(struct rpcancel_flat_table *table, size_t item_size)
{
    *table = (struct rpcancel_flat_table){.item_size = item_size, .room = ROOM_AT_FIRST, .mask = 2 * ROOM_AT_FIRST - 1};
    table->items = malloc(ROOM_AT_FIRST * item_size);
    table->slots = calloc(2 * ROOM_AT_FIRST, sizeof *table->slots);
    if (table->items && table->slots)
        return true;
    rpcancel_flat_table_close(table);
    return false;
}

void rpcancel_flat_table_close(struct rpcancel_flat_table *table)
{
    free(table->items);
    free(table->slots);
    *table = (struct rpcancel_flat_table){0};
}

/* The slot of |item|, or the empty one that it belongs into. */
static uint32_t find_slot(const struct rpcancel_flat_table *table, const uint8_t *item)
{
    uint32_t slot = (uint32_t)hash_of(item, table->item_size) & table->mask;
    while (table->slots[slot] && memcmp(item_at(table, table->slots[slot] - 1), item, table->item_size) != 0)
        slot = (slot + 1) & table->mask;
    return slot;
}

static bool grow(struct rpcancel_flat_table *table)
{
    uint32_t room = table->room * 2, mask = 2 * room - 1;
    if (room < table->room || mask < room)
        return false;
    uint8_t *items = realloc(table->items, (size_t)room * table->item_size);
    if (!items)
        return false;
    table->items = items;
    uint32_t *slots = calloc((size_t)mask + 1, sizeof *slots);
    if (!slots)
        return false;
    free(table->slots);
    table->slots = slots;
    table->mask = mask;
    table->room = room;
    for (uint32_t i = 0; i < table->count; i++)
        slots[find_slot(table, item_at(table, i))] = i + 1;
    return true;
}

uint32_t rpcancel_flat_table_add(struct rpcancel_flat_table *table, const void *item, bool *is_new)
{
    uint32_t slot = find_slot(table, item);
    *is_new = table->slots[slot] == 0;
    if (!*is_new)
        return table->slots[slot] - 1;
    if (table->count == table->room) {
        if (!grow(table))
            return RPCANCEL_NO_ITEM;
        slot = find_slot(table, item);
    }
    memcpy(table->items + (size_t)table->count * table->item_size, item, table->item_size);
    table->slots[slot] = ++table->count;
    return table->count - 1;
}

void rpcancel_flat_table_get(const struct rpcancel_flat_table *table, uint32_t number, void *item)
{
    memcpy(item, item_at(table, number), table->item_size);
}
