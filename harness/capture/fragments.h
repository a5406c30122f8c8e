// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FRAGMENTS_H
#define RPCANCEL_FRAGMENTS_H
/*
 * IP packets in fragments, IPv4 and IPv6, put together. Where fragments overlap, what came first counts.
 *
 * Memory is bounded: RPCANCEL_FRAGMENTS_PACKETS packets wait for their fragments, of at most 64 KiB each; of more the
 * oldest is forgotten, and so is what waited for RPCANCEL_FRAGMENTS_SECONDS. Fragments that were not captured whole are
 * left out.
 */
#include <stddef.h>

#include "capture/frame.h"

enum { RPCANCEL_FRAGMENTS_PACKETS = 64, RPCANCEL_FRAGMENTS_SECONDS = 60 };

/* A packet of which fragments came. */
struct rpcancel_fragmented {
    uint8_t *octets;   /* NULL: none */
    uint8_t *is_there; /* a bit for each 8 octets */
    uint32_t capacity; /* of |octets| */
    uint32_t total;    /* octets that there are; 0: the last fragment did not come yet */
    uint32_t end;      /* of what came, in octets */
    uint32_t units;    /* of 8 octets, the last one may have fewer, that are there */
    uint32_t fragments;
    uint32_t identification;
    uint8_t protocol;
    struct rpcancel_endpoint source, destination;
    uint64_t first_packet; /* the one that the first fragment came in */
    int64_t time;          /* of that, in nanoseconds */
};

struct rpcancel_fragments {
    struct rpcancel_fragmented packets[RPCANCEL_FRAGMENTS_PACKETS];
    struct rpcancel_fragmented *whole; /* the one that became so last; NULL: none */
    uint64_t joined;                   /* fragments of packets that became whole */
    size_t held;                       /* octets of memory */
    bool exhausted;
};

/*
 * rpcancel_fragments_take takes in the fragment |*frame|, of packet |packet| at |time|. When that makes its packet
 * whole returns true: |*frame| is what the whole of it is, lasting until the next fragment, and |*first_packet| the
 * packet in which the first of its fragments came.
 */
bool rpcancel_fragments_take(struct rpcancel_fragments *fragments, struct rpcancel_frame *frame, uint64_t packet,
                             int64_t time, uint64_t *first_packet);

/* rpcancel_fragments_release releases what is held. */
void rpcancel_fragments_release(struct rpcancel_fragments *fragments);

#endif
