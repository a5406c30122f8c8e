// SPDX-License-Identifier: Apache-2.0
/*
 * The mutator of parcels: whole ones are left out, doubled, moved, put in and given another tag; of others octets and
 * sizes change, without a change to those behind.
 */
#include "mutator.h"

#include "random.h"
#include "streams/parcel.h"

enum { PARCELS_MAX = 512, LEAST = 3, STACKED_MAX = 4, BLOCK_MAX = 4, BLOCK_SIZE_MAX = 4096, NEW_MAX = 8 };

struct draft {
    struct rpcancel_random random;
    uint8_t *bytes;
    size_t size, max_size;
    unsigned count;
    size_t begins[PARCELS_MAX + 1]; /* of the parcels, and the end */
};

static unsigned below(struct draft *draft, size_t limit)
{
    return (unsigned)rpcancel_random_below(&draft->random, limit);
}

static void split(struct draft *draft)
{
    struct rpcancel_span rest;
    struct rpcancel_parcel parcel;
    rpcancel_parcels_begin(draft->bytes, draft->size, &rest);
    draft->count = 0;
    draft->begins[0] = 1;
    while (draft->count < PARCELS_MAX && rpcancel_parcel_next(&rest, &parcel))
        draft->begins[++draft->count] = (size_t)(parcel.bytes.bytes + parcel.bytes.size - draft->bytes);
    draft->begins[draft->count] = draft->size;
}

/* What a parcel that was cut off claims to have, is not there: its head says what is. */
static void mend(struct draft *draft)
{
    struct rpcancel_span rest;
    struct rpcancel_parcel parcel;
    size_t end = 1;
    rpcancel_parcels_begin(draft->bytes, draft->size, &rest);
    while (rpcancel_parcel_next(&rest, &parcel)) {
        rpcancel_parcel_write_head(draft->bytes + end, parcel.tag, parcel.bytes.size);
        end += RPCANCEL_PARCEL_HEAD + parcel.bytes.size;
    }
    draft->size = end;
}

static void open_draft(struct draft *draft, uint8_t *bytes, size_t size, size_t max_size, uint64_t seed)
{
    draft->random.state = seed;
    draft->bytes = bytes;
    draft->size = size < max_size ? size : max_size;
    draft->max_size = max_size;
    if (draft->size == 0)
        bytes[draft->size++] = (uint8_t)below(draft, 256);
    mend(draft);
    split(draft);
}

/* Puts |size| octets in place of |count| parcels from |at| on, where there is room. */
static void replace(struct draft *draft, unsigned at, unsigned count, const uint8_t *octets, size_t size)
{
    size_t begin = draft->begins[at], end = draft->begins[at + count], left = draft->size - end;
    if (begin + size + left > draft->max_size)
        return;
    memmove(draft->bytes + begin + size, draft->bytes + end, left);
    if (size > 0)
        memcpy(draft->bytes + begin, octets, size);
    draft->size = begin + size + left;
    split(draft);
}

/* A place to insert at: the end in half of the cases. */
static unsigned some_gap(struct draft *draft)
{
    return rpcancel_random_chance(&draft->random, 4) ? draft->count : below(draft, draft->count + 1);
}

static uint8_t some_octet(struct draft *draft)
{
    static const uint8_t edges[] = {0, 1, 2, 3, 4, 8, 15, 16, 0x7F, 0x80, 0xFE, 0xFF};
    if (rpcancel_random_chance(&draft->random, 5))
        return edges[below(draft, sizeof edges)];
    return (uint8_t)below(draft, 256);
}

/* ---- whole parcels ---- */

static void insert(struct draft *draft)
{
    uint8_t octets[RPCANCEL_PARCEL_HEAD + NEW_MAX];
    unsigned tag = below(draft, RPCANCEL_PARCEL_TAGS), size = below(draft, NEW_MAX + 1);
    rpcancel_parcel_write_head(octets, tag, size);
    for (unsigned i = 0; i < size; i++)
        octets[RPCANCEL_PARCEL_HEAD + i] = some_octet(draft);
    replace(draft, some_gap(draft), 0, octets, RPCANCEL_PARCEL_HEAD + size);
}

static unsigned some_count(struct draft *draft, unsigned at)
{
    unsigned left = draft->count - at;
    return 1 + below(draft, left < BLOCK_MAX ? left : BLOCK_MAX);
}

static void leave_out(struct draft *draft)
{
    unsigned at = below(draft, draft->count);
    replace(draft, at, some_count(draft, at), NULL, 0);
}

static void copy(struct draft *draft, bool moves)
{
    uint8_t octets[BLOCK_SIZE_MAX];
    unsigned at = below(draft, draft->count), count = some_count(draft, at);
    size_t size = draft->begins[at + count] - draft->begins[at];
    if (size > sizeof octets)
        return;
    memcpy(octets, draft->bytes + draft->begins[at], size);
    if (moves)
        replace(draft, at, count, NULL, 0);
    replace(draft, moves ? below(draft, draft->count + 1) : some_gap(draft), 0, octets, size);
}

static void move(struct draft *draft)
{
    copy(draft, true);
}

static void twice(struct draft *draft)
{
    copy(draft, false);
}

/* ---- one parcel ---- */

static void change_tag(struct draft *draft)
{
    uint8_t *head = draft->bytes + draft->begins[below(draft, draft->count)];
    head[1] = (uint8_t)((head[1] & 7) | below(draft, RPCANCEL_PARCEL_TAGS) << 3);
}

/* The first octets, headers, more often than those behind. */
static void change_octets(struct draft *draft)
{
    enum { HEADERS = 136 };
    unsigned at = below(draft, draft->count);
    uint8_t *octets = draft->bytes + draft->begins[at] + RPCANCEL_PARCEL_HEAD;
    size_t size = draft->begins[at + 1] - draft->begins[at] - RPCANCEL_PARCEL_HEAD;
    if (size == 0)
        return;
    for (unsigned left = 1 + below(draft, 4); left > 0; left--) {
        size_t limit = rpcancel_random_chance(&draft->random, 6) && size > HEADERS ? HEADERS : size;
        size_t where = below(draft, limit);
        if (rpcancel_random_chance(&draft->random, 3))
            octets[where] ^= (uint8_t)(1u << below(draft, 8));
        else
            octets[where] = some_octet(draft);
    }
}

static void change_size(struct draft *draft)
{
    uint8_t octets[RPCANCEL_PARCEL_HEAD + RPCANCEL_PARCEL_MAX] = {0};
    unsigned at = below(draft, draft->count);
    const uint8_t *parcel = draft->bytes + draft->begins[at];
    size_t size = draft->begins[at + 1] - draft->begins[at] - RPCANCEL_PARCEL_HEAD;
    if (size > RPCANCEL_PARCEL_MAX) /* the last one, of more than there may be */
        return;
    memcpy(octets, parcel, RPCANCEL_PARCEL_HEAD + size);
    size = rpcancel_random_chance(&draft->random, 5) ? size + below(draft, 33) : below(draft, size + 1);
    size = size < RPCANCEL_PARCEL_MAX ? size : RPCANCEL_PARCEL_MAX;
    rpcancel_parcel_write_head(octets, parcel[1] >> 3, size);
    replace(draft, at, 1, octets, RPCANCEL_PARCEL_HEAD + size);
}

static void change_settings(struct draft *draft)
{
    draft->bytes[0] ^= (uint8_t)(1u << below(draft, 8));
}

/* ---- all of it ---- */

static void change(struct draft *draft)
{
    typedef void change_function(struct draft * draft);
    static change_function *const changes[] = {insert,        insert,        change_settings, leave_out,
                                               move,          twice,         change_tag,      change_octets,
                                               change_octets, change_octets, change_size};
    enum { ALWAYS = 3, ALL = sizeof changes / sizeof changes[0] };
    changes[below(draft, draft->count > 0 ? ALL : ALWAYS)](draft);
}

static size_t finish(struct draft *draft)
{
    if (draft->count == 0) {
        rpcancel_parcel_write_head(draft->bytes + 1, below(draft, RPCANCEL_PARCEL_TAGS), 0);
        draft->size = LEAST;
    }
    return draft->size;
}

size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed)
{
    struct draft draft;
    if (max_size < LEAST)
        return 0;
    open_draft(&draft, data, size, max_size, seed);
    for (unsigned left = 1 + below(&draft, STACKED_MAX); left > 0; left--)
        change(&draft);
    return finish(&draft);
}

/* The first up to some parcel, then the second from some parcel on. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed)
{
    struct draft draft;
    struct rpcancel_span rest, walk;
    struct rpcancel_parcel parcel;
    unsigned count = 0;
    if (max_size < LEAST)
        return 0;
    size_t taken = first_size < max_size ? first_size : max_size;
    memcpy(out, first, taken);
    open_draft(&draft, out, taken, max_size, seed);
    unsigned cut = below(&draft, draft.count + 1);
    rpcancel_parcels_begin(second, second_size, &rest);
    for (walk = rest; rpcancel_parcel_next(&walk, &parcel);)
        count++;
    for (unsigned skipped = below(&draft, count + 1); skipped > 0; skipped--)
        rpcancel_parcel_next(&rest, &parcel);
    replace(&draft, cut, draft.count - cut, NULL, 0);
    size_t room = max_size - draft.size;
    replace(&draft, cut, 0, rest.bytes, rest.size < room ? rest.size : room);
    mend(&draft);
    split(&draft);
    return finish(&draft);
}
