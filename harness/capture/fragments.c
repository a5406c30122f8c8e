// SPDX-License-Identifier: Apache-2.0
#include "capture/fragments.h"

#include <stdlib.h>
#include <string.h>

#define OCTETS_MAX 65536U

enum { UNIT = 8, MAP_SIZE = 65536 / UNIT / 8 };

static void forget(struct rpcancel_fragments *fragments, struct rpcancel_fragmented *packet)
{
    if (packet->octets)
        fragments->held -= packet->capacity + MAP_SIZE;
    free(packet->octets);
    free(packet->is_there);
    memset(packet, 0, sizeof *packet);
}

void rpcancel_fragments_release(struct rpcancel_fragments *fragments)
{
    for (unsigned i = 0; i < RPCANCEL_FRAGMENTS_PACKETS; i++)
        forget(fragments, &fragments->packets[i]);
}

static bool is_of(const struct rpcancel_fragmented *packet, const struct rpcancel_frame *frame)
{
    return packet->octets && packet->identification == frame->identification && packet->protocol == frame->protocol &&
           memcmp(&packet->source, &frame->source, sizeof packet->source) == 0 &&
           memcmp(&packet->destination, &frame->destination, sizeof packet->destination) == 0;
}

static bool is_old(const struct rpcancel_fragmented *packet, int64_t time)
{
    return time - packet->time > INT64_C(1000000000) * RPCANCEL_FRAGMENTS_SECONDS;
}

/* The packet that |frame| is of; or a place for it, that of the oldest if need be. */
static struct rpcancel_fragmented *find(struct rpcancel_fragments *fragments, const struct rpcancel_frame *frame,
                                        int64_t time)
{
    struct rpcancel_fragmented *place = NULL;
    for (unsigned i = 0; i < RPCANCEL_FRAGMENTS_PACKETS; i++) {
        struct rpcancel_fragmented *packet = &fragments->packets[i];
        if (packet->octets && is_old(packet, time))
            forget(fragments, packet);
        if (is_of(packet, frame))
            return packet;
        if (!place || (place->octets && (!packet->octets || packet->first_packet < place->first_packet)))
            place = packet;
    }
    forget(fragments, place);
    return place;
}

/* Makes room for octets up to |end|. */
static bool make_room(struct rpcancel_fragments *fragments, struct rpcancel_fragmented *packet, uint32_t end)
{
    enum { LEAST = 4096 };
    uint32_t capacity = end > LEAST ? OCTETS_MAX : LEAST;
    if (packet->octets && end <= packet->capacity)
        return true;
    uint8_t *map = packet->is_there ? packet->is_there : calloc(1, MAP_SIZE);
    uint8_t *octets = map ? realloc(packet->octets, capacity) : NULL;
    packet->is_there = map;
    if (!octets) {
        fragments->exhausted = true;
        return false;
    }
    fragments->held += capacity - packet->capacity + (packet->octets ? 0 : MAP_SIZE);
    packet->octets = octets;
    packet->capacity = capacity;
    return true;
}

static void begin(struct rpcancel_fragmented *packet, const struct rpcancel_frame *frame, uint64_t number, int64_t time)
{
    packet->identification = frame->identification;
    packet->protocol = frame->protocol;
    packet->source = frame->source;
    packet->destination = frame->destination;
    packet->first_packet = number;
    packet->time = time;
}

/* Copies what of the fragment is new. */
static void copy(struct rpcancel_fragmented *packet, const struct rpcancel_frame *frame)
{
    for (uint32_t at = 0; at < frame->length; at += UNIT) {
        uint32_t unit = frame->position + at / UNIT, left = frame->length - at;
        uint8_t bit = (uint8_t)(1u << unit % 8);
        if (packet->is_there[unit / 8] & bit)
            continue;
        packet->is_there[unit / 8] |= bit;
        packet->units++;
        memcpy(packet->octets + (size_t)unit * UNIT, frame->payload + at, left < UNIT ? left : UNIT);
    }
    uint32_t end = frame->position * (uint32_t)UNIT + frame->length;
    packet->total = frame->has_more ? packet->total : end;
    packet->end = end > packet->end ? end : packet->end;
    packet->fragments++;
}

/* There is one end, and nothing behind it. */
static bool fits(const struct rpcancel_fragmented *packet, const struct rpcancel_frame *frame, uint32_t end)
{
    if (packet->total > 0)
        return frame->has_more ? end <= packet->total : end == packet->total;
    return frame->has_more || end >= packet->end;
}

bool rpcancel_fragments_take(struct rpcancel_fragments *fragments, struct rpcancel_frame *frame, uint64_t packet,
                             int64_t time, uint64_t *first_packet)
{
    uint32_t end = frame->position * (uint32_t)UNIT + frame->length;
    bool is_sound = frame->length > 0 && (!frame->has_more || frame->length % UNIT == 0) && end < OCTETS_MAX;
    if (fragments->whole)
        forget(fragments, fragments->whole);
    fragments->whole = NULL;
    if (!is_sound || frame->captured < frame->length)
        return false;
    struct rpcancel_fragmented *whole = find(fragments, frame, time);
    bool is_new = !whole->octets;
    if (!fits(whole, frame, end) || !make_room(fragments, whole, end))
        return false;
    if (is_new)
        begin(whole, frame, packet, time);
    copy(whole, frame);
    if (whole->total == 0 || whole->units != (whole->total + UNIT - 1) / UNIT)
        return false;
    *first_packet = whole->first_packet;
    fragments->joined += whole->fragments;
    fragments->whole = whole;
    rpcancel_frame_read_joined(whole->octets, whole->total, frame);
    return true;
}
