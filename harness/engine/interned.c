// SPDX-License-Identifier: Apache-2.0
#include "engine/interned.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void rpcancel_interned_close(struct rpcancel_interned *interned)
{
    free(interned->bytes);
    free(interned->begins);
    free(interned->slots);
    *interned = (struct rpcancel_interned){0};
}

void rpcancel_interned_clear(struct rpcancel_interned *interned)
{
    interned->used = 0;
    interned->count = 0;
    if (interned->slots)
        memset(interned->slots, 0, interned->slots_room * sizeof *interned->slots);
}

static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ size;
    for (; size >= sizeof(uint64_t); bytes += sizeof(uint64_t), size -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    for (; size > 0; bytes++, size--)
        hash = (hash ^ *bytes) * 0xD6E8FEB86659FD93u;
    return hash ^ hash >> 29;
}

const void *rpcancel_interned_at(const struct rpcancel_interned *interned, uint32_t number, size_t *size)
{
    *size = interned->begins[number + 1] - interned->begins[number];
    return interned->bytes + interned->begins[number];
}

static uint32_t *find(const struct rpcancel_interned *interned, const void *record, size_t size)
{
    assert(interned->slots); /* there is room for one more, always */
    uint32_t mask = interned->slots_room - 1;
    uint32_t at = (uint32_t)hash_of(record, size) & mask;
    for (; interned->slots[at]; at = (at + 1) & mask) {
        size_t other;
        const void *known = rpcancel_interned_at(interned, interned->slots[at] - 1, &other);
        if (other == size && memcmp(known, record, size) == 0)
            break;
    }
    return &interned->slots[at];
}

static bool widen(struct rpcancel_interned *interned)
{
    uint32_t room = interned->slots_room ? 2 * interned->slots_room : 1024;
    uint32_t *slots = calloc(room, sizeof *slots);
    if (!slots)
        return false;
    free(interned->slots);
    interned->slots = slots;
    interned->slots_room = room;
    for (uint32_t i = 0; i < interned->count; i++) {
        size_t size;
        const void *record = rpcancel_interned_at(interned, i, &size);
        *find(interned, record, size) = i + 1;
    }
    return true;
}

static bool make_room(struct rpcancel_interned *interned, size_t size)
{
    while (interned->used + size > interned->room) {
        size_t room = interned->room ? 2 * interned->room : 1 << 16;
        uint8_t *bytes = realloc(interned->bytes, room);
        if (!bytes)
            return false;
        interned->bytes = bytes;
        interned->room = room;
    }
    if (interned->count + 2 > interned->records_room) {
        uint32_t room = interned->records_room ? 2 * interned->records_room : 1024;
        size_t *begins = realloc(interned->begins, room * sizeof *begins);
        if (!begins)
            return false;
        interned->begins = begins;
        interned->records_room = room;
    }
    return 2 * (uint64_t)interned->count < interned->slots_room || widen(interned);
}

uint32_t rpcancel_interned_add(struct rpcancel_interned *interned, const void *record, size_t size)
{
    uint32_t *slot = interned->slots ? find(interned, record, size) : NULL;
    if (slot && *slot)
        return *slot - 1;
    if (!make_room(interned, size))
        return RPCANCEL_NOT_INTERNED;
    slot = find(interned, record, size);
    memcpy(interned->bytes + interned->used, record, size);
    interned->begins[interned->count] = interned->used;
    interned->used += size;
    interned->begins[interned->count + 1] = interned->used;
    *slot = ++interned->count;
    return interned->count - 1;
}
