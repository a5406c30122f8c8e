// SPDX-License-Identifier: Apache-2.0
#include "capture/datagrams.h"

#include <stdlib.h>

#include "capture/capture_parts.h"
#include "datagram/event.h"
#include "datagram/rules.h"

enum { HEADER = RPCANCEL_DATAGRAM_HEADER_SIZE, LENGTH_AT = 74, AUTH_AT = 78, CLIENT = 0, SERVER = 1 };

/* ---- activities ---- */

static uint32_t bucket_of(const struct rpcancel_uuid *uuid)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t rest, hash = ((uint64_t)uuid->time_low << 32 | (uint64_t)uuid->time_mid << 16 | uuid->time_high) * odd;
    memcpy(&rest, uuid->rest, sizeof rest);
    return (uint32_t)((hash ^ rest) * odd >> 40) & (RPCANCEL_ACTIVITY_BUCKETS - 1);
}

static void drop(struct rpcancel_capture_activities *list, struct rpcancel_capture_activity *activity)
{
    *(activity->before ? &activity->before->after : &list->first) = activity->after;
    *(activity->after ? &activity->after->before : &list->last) = activity->before;
}

static void push(struct rpcancel_capture_activities *list, struct rpcancel_capture_activity *activity)
{
    activity->before = NULL;
    activity->after = list->first;
    *(list->first ? &list->first->before : &list->last) = activity;
    list->first = activity;
}

static void forget(struct rpcancel_capture_activities *list, struct rpcancel_capture_activity *activity)
{
    struct rpcancel_capture_activity **at = &list->buckets[bucket_of(&activity->uuid)];
    while (*at != activity)
        at = &(*at)->in_bucket;
    *at = activity->in_bucket;
    drop(list, activity);
    list->count--;
    free(activity);
}

void rpcancel_datagrams_release(struct rpcancel_capture *capture)
{
    while (capture->activities.first)
        forget(&capture->activities, capture->activities.first);
}

static struct rpcancel_capture_activity *find(struct rpcancel_capture_activities *list,
                                              const struct rpcancel_uuid *uuid)
{
    struct rpcancel_capture_activity *at = list->buckets[bucket_of(uuid)];
    while (at && !rpcancel_uuid_is(&at->uuid, uuid))
        at = at->in_bucket;
    if (at && list->first != at) {
        drop(list, at);
        push(list, at);
    }
    return at;
}

static struct rpcancel_capture_activity *make(struct rpcancel_capture *capture, const struct rpcancel_uuid *uuid)
{
    struct rpcancel_capture_activities *list = &capture->activities;
    struct rpcancel_capture_activity *activity = calloc(1, sizeof *activity);
    capture->exhausted |= !activity;
    if (!activity)
        return NULL;
    if (list->count == RPCANCEL_CAPTURE_ACTIVITIES) {
        capture->counts.forgotten++;
        forget(list, list->last);
    }
    uint32_t bucket = bucket_of(uuid);
    activity->uuid = *uuid;
    activity->in_bucket = list->buckets[bucket];
    rpcancel_datagram_observer_reset(&activity->observer, RPCANCEL_BETWEEN, false);
    activity->observer.incomplete = !capture->settings.is_whole;
    list->buckets[bucket] = activity;
    list->count++;
    push(list, activity);
    capture->counts.activities++;
    return activity;
}

/* ---- is it one? ---- */

/* C706 12.5.1. What has no room for more than |len| is trusted more than a header alone. */
static bool looks_like(const struct rpcancel_frame *frame)
{
    const uint8_t *bytes = frame->payload;
    if (frame->captured < HEADER || bytes[0] != 4 || bytes[1] >= RPCANCEL_DATAGRAM_TYPES || bytes[4] & 0xEE ||
        bytes[5] > 3 || bytes[6])
        return false;
    return rpcancel_read_16(bytes + LENGTH_AT, bytes[4] >> 4 == 0) <= frame->length - HEADER;
}

/* ---- who is who ---- */

static bool is_same(const struct rpcancel_endpoint *one, const struct rpcancel_endpoint *other)
{
    return memcmp(one, other, sizeof *one) == 0;
}

static enum rpcancel_pdu_sender sender_of(struct rpcancel_capture_activity *activity,
                                          const struct rpcancel_frame *frame, unsigned type)
{
    if (activity->knows_client && is_same(&activity->client, &frame->source))
        return RPCANCEL_SENDER_CLIENT;
    if (activity->knows_client && is_same(&activity->client, &frame->destination))
        return RPCANCEL_SENDER_SERVER;
    bool is_client = rpcancel_datagram_is_sent_by_clients(type);
    if (type != RPCANCEL_PDU_FACK) { /* which both send */
        activity->client = is_client ? frame->source : frame->destination;
        activity->knows_client = true;
    }
    return is_client ? RPCANCEL_SENDER_CLIENT : RPCANCEL_SENDER_SERVER;
}

/* ---- judging ---- */

static void tell(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                 const struct rpcancel_capture_packet *packet, uint64_t first_packet,
                 const struct rpcancel_datagram_event *event, const struct rpcancel_wire_mask *violated)
{
    struct rpcancel_capture_finding finding = {.packet = packet->number,
                                               .first_packet = first_packet,
                                               .time = packet->time,
                                               .source = &frame->source,
                                               .destination = &frame->destination,
                                               .sender = event->sender,
                                               .datagram = event};
    for (unsigned number = rpcancel_wire_mask_next(violated, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(violated, number + 1)) {
        finding.rule = rpcancel_wire_rule_count() + number;
        capture->counts.findings++;
        if (capture->settings.found)
            capture->settings.found(capture->settings.context, &finding);
    }
}

static void count_rules(const struct rpcancel_wire_mask *mask, uint64_t *of)
{
    for (unsigned number = rpcancel_wire_mask_next(mask, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(mask, number + 1))
        of[rpcancel_wire_rule_count() + number]++;
}

/* Makes room for the call of |event|. Returns whether that was forgotten before. */
static bool is_late(struct rpcancel_capture_activity *activity, const struct rpcancel_datagram_event *event)
{
    uint32_t sequence = event->datagram.sequence;
    if (rpcancel_datagram_find_call(&activity->observer, event))
        return false;
    if (activity->has_forgotten && sequence <= activity->forgotten)
        return true;
    if (activity->observer.count == RPCANCEL_DATAGRAM_CALLS_MAX) {
        uint32_t highest = rpcancel_datagram_forget(&activity->observer, RPCANCEL_DATAGRAM_CALLS_MAX / 2);
        if (!activity->has_forgotten || highest > activity->forgotten)
            activity->forgotten = highest;
        activity->has_forgotten = true;
    }
    return activity->has_forgotten && sequence <= activity->forgotten;
}

/* Judges |event|; of a call that was forgotten what does not rest on what was. Returns whether by all rules. */
static bool judge(struct rpcancel_capture *capture, struct rpcancel_capture_activity *activity,
                  const struct rpcancel_datagram_event *event, struct rpcancel_wire_mask *violated)
{
    static const struct rpcancel_datagram_observer blank = {.place = RPCANCEL_BETWEEN, .incomplete = true};
    bool late = is_late(activity, event);
    struct rpcancel_wire_verdict verdict =
        rpcancel_datagram_judge(&capture->datagram_rules, late ? &blank : &activity->observer, event);
    count_rules(&verdict.decided, capture->decided);
    count_rules(&verdict.violated, capture->violated);
    if (!late)
        rpcancel_datagram_observe(&activity->observer, event);
    *violated = verdict.violated;
    return !late && !activity->observer.incomplete;
}

/* ---- datagrams ---- */

/* Headers, and bodies but for stub data. */
static void tell_header(const struct rpcancel_capture *capture, const struct rpcancel_frame *frame, uint64_t packet,
                        unsigned type)
{
    uint32_t length = rpcancel_read_16(frame->payload + LENGTH_AT, frame->payload[4] >> 4 == 0);
    bool has_stub = type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_RESPONSE;
    uint32_t size = has_stub ? HEADER : HEADER + length;
    if (capture->settings.has_header && frame->header != RPCANCEL_FRAME_JOINED)
        capture->settings.has_header(capture->settings.context, packet, frame->header,
                                     size < frame->captured ? size : frame->captured);
}

/* The event of what |frame| carries; of stub data what is not there does not matter. */
static struct rpcancel_datagram_event event_of(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                                               uint8_t header[HEADER])
{
    unsigned length = rpcancel_read_16(frame->payload + LENGTH_AT, frame->payload[4] >> 4 == 0),
             type = frame->payload[1];
    bool has_stub = type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_RESPONSE;
    bool is_cut = frame->captured < HEADER + length;
    if (!is_cut || !has_stub)
        return rpcancel_datagram_event_of(RPCANCEL_SENDER_NONE, frame->payload, frame->captured, 0);
    capture->counts.cut_pdus++;
    memcpy(header, frame->payload, HEADER);
    memset(header + LENGTH_AT, 0, 2);
    return rpcancel_datagram_event_of(RPCANCEL_SENDER_NONE, header, HEADER, 0);
}

static uint32_t milliseconds(int64_t from, int64_t to)
{
    const int64_t nanoseconds = 1000000;
    int64_t passed = from ? (to - from) / nanoseconds : 0;
    return passed < 0 ? 0 : passed > UINT32_MAX ? UINT32_MAX : (uint32_t)passed;
}

/* Counts |event| of |activity|; false: it is not judged. */
static bool count(struct rpcancel_capture *capture, struct rpcancel_capture_activity *activity,
                  const struct rpcancel_datagram_event *event, bool is_cut)
{
    struct rpcancel_capture_counts *counts = &capture->counts;
    if (event->datagram.auth_protocol != 0) { /* what it says may be encrypted */
        counts->with_verifier++;
        counts->authenticated += !activity->has_verifier;
        activity->has_verifier = activity->observer.incomplete = true;
        return false;
    }
    if (event->kind == RPCANCEL_DATAGRAM_UNREADABLE) { /* in what only looked like DCE/RPC it is none of a rule's */
        counts->unreadable++;
        return !is_cut && activity->was_heard[CLIENT] && activity->was_heard[SERVER];
    }
    activity->was_heard[event->sender == RPCANCEL_SENDER_CLIENT ? CLIENT : SERVER] = true;
    counts->pdus++;
    counts->types[event->datagram.type]++;
    return true;
}

void rpcancel_datagrams_take(struct rpcancel_capture *capture, const struct rpcancel_frame *frame,
                             const struct rpcancel_capture_packet *packet, uint64_t first_packet)
{
    uint8_t header[HEADER];
    if (!looks_like(frame))
        return;
    struct rpcancel_datagram_event event = event_of(capture, frame, header);
    struct rpcancel_capture_activity *activity = find(&capture->activities, &event.datagram.activity);
    if (!activity)
        activity = make(capture, &event.datagram.activity);
    if (!activity)
        return;
    capture->counts.datagrams++;
    event.sender = (uint8_t)sender_of(activity, frame, event.datagram.type);
    event.elapsed = milliseconds(activity->time, packet->time);
    activity->time = packet->time;
    tell_header(capture, frame, packet->number, event.datagram.type);
    if (!count(capture, activity, &event, frame->captured < frame->length))
        return;
    struct rpcancel_wire_mask violated;
    bool by_all = judge(capture, activity, &event, &violated);
    if (event.kind == RPCANCEL_DATAGRAM_PDU)
        *(by_all ? &capture->counts.judged : &capture->counts.judged_alone) += 1;
    if (!rpcancel_wire_mask_is_empty(&violated))
        tell(capture, frame, packet, first_packet, &event, &violated);
}
