// SPDX-License-Identifier: Apache-2.0
/*
 * The mutator of parcels: whole ones are left out, doubled, moved, put in and given another tag; of others octets and
 * sizes change, without a change to those behind.
 */
#include "mutator.h"

#include "streams/draft.h"
#include "streams/parcel.h"

enum { STACKED_MAX = 4, NEW_MAX = 8 };

/* What a parcel that was cut off claims to have, is not there: its head says what is. */
static void mend(struct rpcancel_wire_draft *draft)
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
    rpcancel_wire_draft_split(draft);
}

static uint8_t some_octet(struct rpcancel_wire_draft *draft)
{
    static const uint8_t edges[] = {0, 1, 2, 3, 4, 8, 15, 16, 0x7F, 0x80, 0xFE, 0xFF};
    if (rpcancel_random_chance(&draft->random, 5))
        return edges[rpcancel_wire_draft_below(draft, sizeof edges)];
    return (uint8_t)rpcancel_wire_draft_below(draft, 256);
}

/* ---- whole parcels ---- */

static void insert(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[RPCANCEL_PARCEL_HEAD + NEW_MAX];
    unsigned tag = rpcancel_wire_draft_below(draft, RPCANCEL_PARCEL_TAGS),
             size = rpcancel_wire_draft_below(draft, NEW_MAX + 1);
    rpcancel_parcel_write_head(octets, tag, size);
    for (unsigned i = 0; i < size; i++)
        octets[RPCANCEL_PARCEL_HEAD + i] = some_octet(draft);
    rpcancel_wire_draft_replace(draft, rpcancel_wire_draft_gap(draft), 0, octets, RPCANCEL_PARCEL_HEAD + size);
}

/* ---- one parcel ---- */

static void change_tag(struct rpcancel_wire_draft *draft)
{
    uint8_t *head = draft->bytes + draft->begins[rpcancel_wire_draft_below(draft, draft->count)];
    head[1] = (uint8_t)((head[1] & 7) | rpcancel_wire_draft_below(draft, RPCANCEL_PARCEL_TAGS) << 3);
}

/* The first octets, headers, more often than those behind. */
static void change_octets(struct rpcancel_wire_draft *draft)
{
    enum { HEADERS = 136 };
    unsigned at = rpcancel_wire_draft_below(draft, draft->count);
    uint8_t *octets = draft->bytes + draft->begins[at] + RPCANCEL_PARCEL_HEAD;
    size_t size = draft->begins[at + 1] - draft->begins[at] - RPCANCEL_PARCEL_HEAD;
    if (size == 0)
        return;
    for (unsigned left = 1 + rpcancel_wire_draft_below(draft, 4); left > 0; left--) {
        size_t limit = rpcancel_random_chance(&draft->random, 6) && size > HEADERS ? HEADERS : size;
        size_t where = rpcancel_wire_draft_below(draft, limit);
        if (rpcancel_random_chance(&draft->random, 3))
            octets[where] ^= (uint8_t)(1u << rpcancel_wire_draft_below(draft, 8));
        else
            octets[where] = some_octet(draft);
    }
}

static void change_size(struct rpcancel_wire_draft *draft)
{
    uint8_t octets[RPCANCEL_PARCEL_HEAD + RPCANCEL_PARCEL_MAX] = {0};
    unsigned at = rpcancel_wire_draft_below(draft, draft->count);
    const uint8_t *parcel = draft->bytes + draft->begins[at];
    size_t size = draft->begins[at + 1] - draft->begins[at] - RPCANCEL_PARCEL_HEAD;
    if (size > RPCANCEL_PARCEL_MAX) /* the last one, of more than there may be */
        return;
    memcpy(octets, parcel, RPCANCEL_PARCEL_HEAD + size);
    size = rpcancel_random_chance(&draft->random, 5) ? size + rpcancel_wire_draft_below(draft, 33)
                                                     : rpcancel_wire_draft_below(draft, size + 1);
    size = size < RPCANCEL_PARCEL_MAX ? size : RPCANCEL_PARCEL_MAX;
    rpcancel_parcel_write_head(octets, parcel[1] >> 3, size);
    rpcancel_wire_draft_replace(draft, at, 1, octets, RPCANCEL_PARCEL_HEAD + size);
}

/* ---- all of it ---- */

static void change(struct rpcancel_wire_draft *draft)
{
    typedef void change_function(struct rpcancel_wire_draft * draft);
    static change_function *const changes[] = {insert,
                                               insert,
                                               rpcancel_wire_draft_settings,
                                               rpcancel_wire_draft_leave_out,
                                               rpcancel_wire_draft_move,
                                               rpcancel_wire_draft_double,
                                               change_tag,
                                               change_octets,
                                               change_octets,
                                               change_octets,
                                               change_size};
    enum { ALWAYS = 3, ALL = sizeof changes / sizeof changes[0] };
    changes[rpcancel_wire_draft_below(draft, draft->count > 0 ? ALL : ALWAYS)](draft);
}

static size_t finish(struct rpcancel_wire_draft *draft)
{
    if (draft->count == 0) {
        rpcancel_parcel_write_head(draft->bytes + 1, rpcancel_wire_draft_below(draft, RPCANCEL_PARCEL_TAGS), 0);
        draft->size = RPCANCEL_WIRE_DRAFT_LEAST;
    }
    return draft->size;
}

size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed)
{
    struct rpcancel_wire_draft draft;
    if (max_size < RPCANCEL_WIRE_DRAFT_LEAST)
        return 0;
    rpcancel_wire_draft_open(&draft, data, size, max_size, seed);
    mend(&draft);
    for (unsigned left = 1 + rpcancel_wire_draft_below(&draft, STACKED_MAX); left > 0; left--)
        change(&draft);
    return finish(&draft);
}

/* The first up to some parcel, then the second from some parcel on. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed)
{
    struct rpcancel_wire_draft draft;
    if (max_size < RPCANCEL_WIRE_DRAFT_LEAST)
        return 0;
    size_t taken = first_size < max_size ? first_size : max_size;
    memcpy(out, first, taken);
    rpcancel_wire_draft_open(&draft, out, taken, max_size, seed);
    mend(&draft);
    rpcancel_wire_draft_cross(&draft, second, second_size);
    mend(&draft);
    return finish(&draft);
}
