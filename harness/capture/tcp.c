// SPDX-License-Identifier: Apache-2.0
/* Segments, put in order: each direction by its sequence numbers, both by what they acknowledge. */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_parts.h"

enum {
    STALLED_MAX = 64, /* packets of a conversation until octets are given up that were received */
    HELD_MAX = 256,   /* segments of one that wait */
    HELD_OCTETS_MAX = 1024 * 1024,
    ACKNOWLEDGED_MAX = 1 << 30 /* octets; what acknowledges more than that ahead is nonsense */
};

/* How far |number| is behind |from|, around the end of 32 bits. */
static int32_t distance(uint32_t from, uint32_t number)
{
    return (int32_t)(number - from);
}

/* ---- taking in ---- */

static void close_side(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side)
{
    struct rpcancel_tcp_side *own = &conversation->sides[side];
    if (own->is_ended)
        return;
    own->is_ended = true;
    if (conversation->dialog)
        rpcancel_dialog_close(capture, conversation, side);
}

static void miss(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                 uint32_t size)
{
    conversation->sides[side].next += size;
    conversation->sides[side].has_data = true;
    if (conversation->dialog)
        rpcancel_stream_miss(capture, conversation, side, size);
    else
        conversation->is_start_missing = true;
}

/* Takes in a segment whose turn it is: what of |*piece| is new, which is used up. */
static void deliver(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                    uint32_t sequence, struct rpcancel_piece *piece, uint32_t length)
{
    struct rpcancel_tcp_side *own = &conversation->sides[side];
    int32_t known = distance(sequence, own->next);
    if (known < 0 || (uint32_t)known >= length)
        return; /* it was sent before */
    uint32_t left = length - (uint32_t)known, there = piece->size > (uint32_t)known ? piece->size - (uint32_t)known : 0;
    own->next += there;
    own->has_data = true;
    if (there > 0) {
        piece->bytes += known;
        piece->offset += (uint32_t)known;
        piece->size = there;
        rpcancel_stream_take(capture, conversation, side, piece);
    }
    if (left > there && conversation->kind <= RPCANCEL_CONVERSATION_DIALOG)
        miss(capture, conversation, side, left - there);
}

/* A segment's turn is when all before it is there, and what its sender had received. */
static bool is_due(const struct rpcancel_conversation *conversation, unsigned side, uint32_t sequence,
                   bool has_acknowledgement, uint32_t acknowledgement)
{
    const struct rpcancel_tcp_side *own = &conversation->sides[side], *other = &conversation->sides[!side];
    if (distance(own->next, sequence) > 0)
        return false;
    bool is_in_order =
        !has_acknowledgement || !other->is_known || (conversation->dialog && conversation->dialog->is_lost);
    int32_t ahead = distance(other->next, acknowledgement);
    /* The end of the other direction counts as an octet, too. */
    bool is_end = other->has_fin && acknowledgement == other->fin + 1 && other->next == other->fin;
    return is_in_order || ahead <= 0 || ahead > ACKNOWLEDGED_MAX || is_end;
}

/* ---- what waits ---- */

static void release_held(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                         struct rpcancel_held **at)
{
    struct rpcancel_held *held = *at;
    *at = held->next;
    conversation->held_count--;
    conversation->held_octets -= held->captured;
    capture->held -= sizeof *held + held->captured;
    free(held);
}

void rpcancel_tcp_release(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    while (conversation->held)
        release_held(capture, conversation, &conversation->held);
}

static void hold(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                 uint32_t sequence, const struct rpcancel_frame *frame, const struct rpcancel_capture_packet *packet)
{
    struct rpcancel_held *held = malloc(sizeof *held + frame->captured), **end = &conversation->held;
    capture->exhausted |= !held;
    if (!held)
        return;
    *held = (struct rpcancel_held){.packet = packet->number,
                                   .time = packet->time,
                                   .sequence = sequence,
                                   .acknowledgement = frame->acknowledgement,
                                   .captured = frame->captured,
                                   .length = frame->length,
                                   .offset = frame->header,
                                   .side = (uint8_t)side,
                                   .has_acknowledgement = frame->flags & RPCANCEL_TCP_ACK};
    memcpy(held->bytes, frame->payload, frame->captured);
    while (*end)
        end = &(*end)->next;
    *end = held;
    conversation->held_count++;
    conversation->held_octets += held->captured;
    capture->held += sizeof *held + held->captured;
    rpcancel_capture_trim(capture, conversation);
}

/* Takes in one of those that wait, at |at|. */
static void deliver_held(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation,
                         struct rpcancel_held **at)
{
    struct rpcancel_held *held = *at;
    *at = held->next;
    held->next = NULL;
    struct rpcancel_piece piece = {held->bytes, held->captured, held->offset, held->packet, held->time};
    deliver(capture, conversation, held->side, held->sequence, &piece, held->length);
    conversation->held_count--;
    conversation->held_octets -= held->captured;
    capture->held -= sizeof *held + held->captured;
    free(held);
}

/* Takes in all whose turn it is. */
static void drain(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    struct rpcancel_held **at = &conversation->held;
    while (*at && conversation->kind <= RPCANCEL_CONVERSATION_DIALOG) {
        const struct rpcancel_held *held = *at;
        if (!is_due(conversation, held->side, held->sequence, held->has_acknowledgement, held->acknowledgement)) {
            at = &(*at)->next;
            continue;
        }
        deliver_held(capture, conversation, at);
        conversation->stalled = 0;
        at = &conversation->held; /* another one may be due now */
    }
    for (unsigned side = 0; side < 2; side++) {
        const struct rpcancel_tcp_side *own = &conversation->sides[side];
        if (own->has_fin && distance(own->fin, own->next) >= 0)
            close_side(capture, conversation, side);
    }
    if (conversation->sides[0].is_ended && conversation->sides[1].is_ended &&
        conversation->kind != RPCANCEL_CONVERSATION_OVER)
        rpcancel_conversation_end(capture, conversation, RPCANCEL_CONVERSATION_OVER);
}

/* ---- what is missing ---- */

/* How many octets of |side| are missing that are known to have been sent: up to the next segment that waits, or up to
 * where the other side has received. */
static uint32_t missing(const struct rpcancel_conversation *conversation, unsigned side, bool only_received)
{
    const struct rpcancel_tcp_side *own = &conversation->sides[side];
    int32_t received = own->is_known && own->is_acked ? distance(own->next, own->acked) : 0;
    if (own->has_fin && received > distance(own->next, own->fin))
        received = distance(own->next, own->fin);
    int32_t least = 0;
    for (const struct rpcancel_held *held = conversation->held; held; held = held->next) {
        int32_t ahead = held->side == side ? distance(own->next, held->sequence) : 0;
        if (ahead > 0 && (least == 0 || ahead < least))
            least = ahead;
    }
    if (received > 0 && (least == 0 || received < least))
        return (uint32_t)received;
    return least > 0 && (!only_received || received >= least) ? (uint32_t)least : 0;
}

/* Goes on without what is missing. False when nothing is. */
static bool give_up(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    uint32_t size = 0;
    unsigned side = 0;
    for (unsigned i = 0; i < 4 && size == 0; i++) {
        side = i % 2;
        size = missing(conversation, side, i < 2);
    }
    conversation->stalled = 0;
    if (size > 0)
        miss(capture, conversation, side, size);
    else if (conversation->held)
        deliver_held(capture, conversation, &conversation->held);
    else
        return false;
    drain(capture, conversation);
    return true;
}

void rpcancel_tcp_flush(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    while (conversation->held && conversation->kind <= RPCANCEL_CONVERSATION_DIALOG)
        give_up(capture, conversation);
}

/* Looks whether something has been missing for too long. */
static void check_patience(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation)
{
    bool is_received = missing(conversation, 0, true) > 0 || missing(conversation, 1, true) > 0;
    if (!conversation->held && !is_received) {
        conversation->stalled = 0;
        return;
    }
    if (conversation->stalled < UINT16_MAX)
        conversation->stalled++;
    while ((is_received && conversation->stalled > STALLED_MAX) || conversation->held_count > HELD_MAX ||
           conversation->held_octets > HELD_OCTETS_MAX) {
        if (conversation->kind > RPCANCEL_CONVERSATION_DIALOG || !give_up(capture, conversation))
            return;
    }
}

/* ---- segments ---- */

/* The first segment of a direction tells where it begins, and what it acknowledges where the other one does. */
static void note_numbers(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                         const struct rpcancel_frame *frame)
{
    struct rpcancel_tcp_side *own = &conversation->sides[side], *other = &conversation->sides[!side];
    bool is_syn = frame->flags & RPCANCEL_TCP_SYN;
    if (!own->is_known)
        own->next = frame->sequence + is_syn;
    own->is_known = true;
    if (is_syn && (!conversation->saw_syn || !(frame->flags & RPCANCEL_TCP_ACK))) {
        conversation->saw_syn = true;
        conversation->syn_sequence = frame->sequence;
    }
    if (!(frame->flags & RPCANCEL_TCP_ACK))
        return;
    if (!other->is_known) {
        other->next = frame->acknowledgement;
        /* Whoever says something for the first time may have received nothing; later, who knows. */
        conversation->is_open_start |= own->has_data || frame->sequence + is_syn != own->next;
        if (conversation->is_open_start && conversation->dialog)
            rpcancel_dialog_lose(capture, conversation->dialog);
    }
    other->is_known = true;
    int32_t ahead = distance(other->next, frame->acknowledgement);
    if (ahead <= 0 || ahead > ACKNOWLEDGED_MAX)
        return;
    if (!other->is_acked || distance(other->acked, frame->acknowledgement) > 0)
        other->acked = frame->acknowledgement;
    other->is_acked = true;
}

/* A SYN between ends that have a conversation begins another one, unless it is the first one's: once more, or late. */
static bool begins_another(const struct rpcancel_conversation *conversation, unsigned side,
                           const struct rpcancel_frame *frame)
{
    const struct rpcancel_tcp_side *own = &conversation->sides[side];
    if ((frame->flags & (RPCANCEL_TCP_SYN | RPCANCEL_TCP_ACK)) != RPCANCEL_TCP_SYN)
        return false;
    if (conversation->kind == RPCANCEL_CONVERSATION_NEW)
        return own->is_known && own->next != frame->sequence + 1;
    return !conversation->saw_syn || conversation->syn_sequence != frame->sequence;
}

static void take_payload(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                         const struct rpcancel_frame *frame, const struct rpcancel_capture_packet *packet)
{
    uint32_t sequence = frame->sequence + ((frame->flags & RPCANCEL_TCP_SYN) != 0);
    struct rpcancel_piece piece = {frame->payload, frame->captured, frame->header, packet->number, packet->time};
    struct rpcancel_tcp_side *own = &conversation->sides[side];
    if (frame->flags & RPCANCEL_TCP_FIN && !own->has_fin) {
        own->fin = sequence + frame->length;
        own->has_fin = true;
    }
    if (frame->length == 0)
        return;
    bool is_turn = is_due(conversation, side, sequence, frame->flags & RPCANCEL_TCP_ACK, frame->acknowledgement);
    if (is_turn && !conversation->held)
        deliver(capture, conversation, side, sequence, &piece, frame->length);
    else if (distance(own->next, sequence + frame->length) > 0)
        hold(capture, conversation, side, sequence, frame, packet);
}

void rpcancel_tcp_take(struct rpcancel_capture *capture, struct rpcancel_conversation *conversation, unsigned side,
                       const struct rpcancel_frame *frame, const struct rpcancel_capture_packet *packet)
{
    if (begins_another(conversation, side, frame))
        rpcancel_conversation_reset(capture, conversation);
    if (conversation->kind > RPCANCEL_CONVERSATION_DIALOG)
        return;
    note_numbers(capture, conversation, side, frame);
    take_payload(capture, conversation, side, frame, packet);
    if (conversation->held || conversation->sides[0].has_fin || conversation->sides[1].has_fin)
        drain(capture, conversation);
    if (frame->flags & RPCANCEL_TCP_RST && conversation->kind <= RPCANCEL_CONVERSATION_DIALOG) {
        rpcancel_tcp_flush(capture, conversation);
        close_side(capture, conversation, side);
        rpcancel_conversation_end(capture, conversation, RPCANCEL_CONVERSATION_OVER);
    }
    if (conversation->kind <= RPCANCEL_CONVERSATION_DIALOG &&
        (conversation->held || conversation->sides[0].is_acked || conversation->sides[1].is_acked))
        check_patience(capture, conversation);
}
