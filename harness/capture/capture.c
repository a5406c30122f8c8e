// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"

struct rpcancel_capture *rpcancel_capture_open(const struct rpcancel_capture_settings *settings)
{
    struct rpcancel_capture *capture = calloc(1, sizeof *capture);
    if (!capture)
        return NULL;
    capture->settings = *settings;
    rpcancel_wire_rules(&capture->rules, settings->profile, RPCANCEL_SENDER_EITHER, RPCANCEL_NCACN_IP_TCP,
                        settings->levels);
    rpcancel_wire_rules_alone(&capture->alone, &capture->rules);
    return capture;
}

/* PDUs of connectionless DCE/RPC are found by their header, C706 12.5.1: they are counted, and no more. */
static bool is_datagram(const struct rpcancel_frame *frame)
{
    enum { HEADER = 80, TYPES = 20, LENGTH_AT = 74 };
    const uint8_t *bytes = frame->payload;
    if (frame->captured < HEADER || bytes[0] != 4 || bytes[1] >= TYPES || bytes[4] & 0xEE || bytes[5] > 3 || bytes[6])
        return false;
    return rpcancel_read_16(bytes + LENGTH_AT, bytes[4] >> 4 == 0) <= frame->length - HEADER;
}

bool rpcancel_capture_take(struct rpcancel_capture *capture, const struct rpcancel_capture_packet *packet)
{
    struct rpcancel_frame frame;
    unsigned side;
    rpcancel_frame_read(packet->link, packet->bytes, packet->captured, &frame);
    capture->counts.packets++;
    capture->counts.frames[frame.kind]++;
    if (frame.kind == RPCANCEL_FRAME_UDP)
        capture->counts.datagrams += is_datagram(&frame);
    if (frame.kind != RPCANCEL_FRAME_TCP)
        return true;
    struct rpcancel_conversation *conversation = rpcancel_conversation_find(capture, &frame, &side);
    if (conversation)
        rpcancel_tcp_take(capture, conversation, side, &frame, packet);
    return !capture->exhausted;
}

void rpcancel_capture_end(struct rpcancel_capture *capture)
{
    for (struct rpcancel_conversation *at = capture->others.first, *after; at; at = after) {
        after = at->after; /* it may become a dialog yet */
        rpcancel_tcp_flush(capture, at);
        if (at->kind == RPCANCEL_CONVERSATION_NEW)
            capture->counts.silent++;
    }
    while (capture->dialogs.first) {
        struct rpcancel_conversation *first = capture->dialogs.first;
        rpcancel_tcp_flush(capture, first);
        if (first->dialog)
            rpcancel_conversation_end(capture, first, RPCANCEL_CONVERSATION_OVER);
    }
    rpcancel_dialog_count(capture);
}

const struct rpcancel_capture_counts *rpcancel_capture_counts(const struct rpcancel_capture *capture)
{
    return &capture->counts;
}

uint64_t rpcancel_capture_decided(const struct rpcancel_capture *capture, unsigned number)
{
    return capture->decided[number];
}

uint64_t rpcancel_capture_violated(const struct rpcancel_capture *capture, unsigned number)
{
    return capture->violated[number];
}

static void free_list(struct rpcancel_conversation *first)
{
    while (first) {
        struct rpcancel_conversation *after = first->after;
        free(first);
        first = after;
    }
}

void rpcancel_capture_close(struct rpcancel_capture *capture)
{
    if (!capture)
        return;
    while (capture->dialogs.first)
        rpcancel_conversation_end(capture, capture->dialogs.first, RPCANCEL_CONVERSATION_OVER);
    for (struct rpcancel_conversation *at = capture->others.first; at; at = at->after)
        rpcancel_tcp_release(capture, at);
    free_list(capture->others.first);
    for (struct rpcancel_conversation *at = capture->spare; at;) {
        struct rpcancel_conversation *after = at->in_bucket;
        free(at);
        at = after;
    }
    free(capture);
}
