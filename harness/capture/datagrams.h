// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAMS_H
#define RPCANCEL_DATAGRAMS_H
/*
 * Calls over datagrams in a capture, internal to its judge: found on any port of UDP by what the octets are, and kept
 * apart by their activity. Who the client is, the first datagram tells whose type only one side sends.
 *
 * Bounded: RPCANCEL_CAPTURE_ACTIVITIES activities, of which those that were heard of least recently are forgotten.
 */
#include "capture/frame.h"
#include "datagram/observer.h"

enum { RPCANCEL_CAPTURE_ACTIVITIES = 4096, RPCANCEL_ACTIVITY_BUCKETS = 4096 };

struct rpcancel_capture;
struct rpcancel_capture_packet;

struct rpcancel_capture_activity {
    struct rpcancel_capture_activity *in_bucket;      /* the next one there */
    struct rpcancel_capture_activity *before, *after; /* by when they were heard of last */
    struct rpcancel_uuid uuid;
    struct rpcancel_endpoint client; /* when |knows_client| */
    struct rpcancel_datagram_observer observer;
    int64_t time;       /* of the last datagram */
    uint32_t forgotten; /* the highest sequence number of a call that was forgotten; when |has_forgotten| */
    bool has_forgotten, knows_client;
    bool has_verifier;
    bool was_heard[2]; /* the client, the server: a datagram that could be read */
};

struct rpcancel_capture_activities {
    struct rpcancel_capture_activity *first, *last; /* those first that were heard of last */
    struct rpcancel_capture_activity *buckets[RPCANCEL_ACTIVITY_BUCKETS];
    uint32_t count;
};

/* rpcancel_datagrams_take judges what |frame|, of UDP, carries, if that is a datagram of DCE/RPC. Its first octet came
 * in packet |first_packet|, its last in |packet|. */
void rpcancel_datagrams_take(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                             const struct rpcancel_capture_packet *packet, uint64_t first_packet);

/* rpcancel_datagrams_release releases all activities. */
void rpcancel_datagrams_release(struct rpcancel_capture *capture);

#endif
