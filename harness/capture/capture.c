// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"

#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"
#include "datagram/rules.h"

struct rpcancel_capture *rpcancel_capture_open(const struct rpcancel_capture_settings *settings)
{
    struct rpcancel_capture *capture = calloc(1, sizeof *capture);
    if (!capture)
        return NULL;
    capture->settings = *settings;
    rpcancel_wire_rules(&capture->rules, settings->profile, RPCANCEL_SENDER_EITHER, RPCANCEL_NCACN_IP_TCP,
                        settings->levels);
    rpcancel_datagram_rules(&capture->datagram_rules, settings->profile, RPCANCEL_SENDER_EITHER, settings->levels);
    rpcancel_wire_rules_alone(&capture->alone, &capture->rules);
    return capture;
}

unsigned rpcancel_capture_rule_count(void)
{
    return rpcancel_wire_rule_count() + rpcancel_datagram_rule_count();
}

const struct rpcancel_rule *rpcancel_capture_rule_at(unsigned number)
{
    unsigned of_wire = rpcancel_wire_rule_count();
    return number < of_wire ? rpcancel_wire_rule_at(number) : rpcancel_datagram_rule_at(number - of_wire);
}

static void take_tcp(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                     const struct rpcancel_capture_packet *packet)
{
    unsigned side;
    struct rpcancel_conversation *conversation = rpcancel_conversation_find(capture, frame, &side);
    if (conversation)
        rpcancel_tcp_take(capture, conversation, side, frame, packet);
}

bool rpcancel_capture_take(struct rpcancel_capture *capture, const struct rpcancel_capture_packet *packet)
{
    struct rpcancel_frame frame;
    uint64_t first_packet = packet->number;
    rpcancel_frame_read(packet->link, packet->bytes, packet->captured, &frame);
    capture->counts.packets++;
    capture->counts.frames[frame.kind]++;
    if (frame.kind == RPCANCEL_FRAME_FRAGMENT) {
        if (!rpcancel_fragments_take(&capture->fragments, &frame, packet->number, packet->time, &first_packet))
            return !capture->fragments.exhausted;
        capture->counts.joined = capture->fragments.joined;
    }
    if (frame.kind == RPCANCEL_FRAME_TCP)
        take_tcp(capture, &frame, packet);
    else if (frame.kind == RPCANCEL_FRAME_UDP)
        rpcancel_datagrams_take(capture, &frame, packet, first_packet);
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
    rpcancel_datagrams_release(capture);
    rpcancel_fragments_release(&capture->fragments);
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
    rpcancel_datagrams_release(capture);
    rpcancel_fragments_release(&capture->fragments);
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
