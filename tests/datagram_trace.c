// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "datagram_trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "datagram/event.h"

enum { WORDS_MAX = 12 };

struct trace {
    struct rpcancel_datagram_observer observer;
    struct rpcancel_wire_mask rules;
    enum rpcancel_pdu_sender role;
    struct rpcancel_datagram_trace_verdict *verdict;
    char *words[WORDS_MAX + 1];
    unsigned count;
};

static void merge(struct rpcancel_wire_mask *into, const struct rpcancel_wire_mask *mask)
{
    into->bits[0] |= mask->bits[0];
    into->bits[1] |= mask->bits[1];
}

static void show(struct trace *trace, const struct rpcancel_datagram_event *event)
{
    if (event->sender & trace->role) {
        struct rpcancel_wire_verdict verdict = rpcancel_datagram_judge(&trace->rules, &trace->observer, event);
        merge(&trace->verdict->decided, &verdict.decided);
        merge(&trace->verdict->violated, &verdict.violated);
    }
    rpcancel_datagram_observe(&trace->observer, event);
}

static uint32_t number(const char *word)
{
    return word ? (uint32_t)strtoul(word, NULL, 0) : 0;
}

static bool is(const char *word, const char *other)
{
    return word && strcmp(word, other) == 0;
}

/* ---- datagrams ---- */

static bool type_of(const char *word, bool is_client, struct rpcancel_datagram *datagram)
{
    static const struct {
        const char *word;
        enum rpcancel_pdu_type type;
    } types[] = {
        {"request", RPCANCEL_PDU_REQUEST},   {"ping", RPCANCEL_PDU_PING},
        {"response", RPCANCEL_PDU_RESPONSE}, {"fault", RPCANCEL_PDU_FAULT},
        {"working", RPCANCEL_PDU_WORKING},   {"nocall", RPCANCEL_PDU_NOCALL},
        {"reject", RPCANCEL_PDU_REJECT},     {"cancel_ack", RPCANCEL_PDU_CANCEL_ACK},
        {"cancel", RPCANCEL_PDU_CL_CANCEL},  {"quit", RPCANCEL_PDU_CL_CANCEL},
        {"fack", RPCANCEL_PDU_FACK},         {"quack", RPCANCEL_PDU_CANCEL_ACK},
        {"ack", RPCANCEL_PDU_ACK},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!is(word, types[i].word))
            continue;
        bool acks_cancel = types[i].type == RPCANCEL_PDU_ACK && !is_client;
        rpcancel_datagram_init(datagram, acks_cancel ? RPCANCEL_PDU_CANCEL_ACK : types[i].type);
        return true;
    }
    return false;
}

/* The words behind a datagram's; |*size| is how many octets of body it is to have, or -1. */
static bool take_details(struct trace *trace, unsigned from, struct rpcancel_datagram *datagram, long *size)
{
    for (unsigned i = from; i < trace->count; i++) {
        const char *word = trace->words[i];
        if (is(word, "refusing"))
            datagram->cancel_ack.accepting[0] = 0;
        else if (is(word, "idempotent"))
            datagram->flags |= RPCANCEL_PF_IDEMPOTENT;
        else if (is(word, "version"))
            datagram->cancel.version = datagram->cancel_ack.version = number(trace->words[++i]);
        else if (is(word, "size"))
            *size = (long)number(trace->words[++i]);
        else if (is(word, "flags2"))
            datagram->flags2 = (uint8_t)number(trace->words[++i]);
        else if (is(word, "opnum"))
            datagram->opnum = (uint16_t)number(trace->words[++i]);
        else if (is(word, "interface"))
            datagram->interface.time_low = number(trace->words[++i]);
        else if (is(word, "activity"))
            datagram->activity.time_low = number(trace->words[++i]);
        else
            return false;
    }
    return true;
}

static bool show_datagram(struct trace *trace, enum rpcancel_pdu_sender sender)
{
    struct rpcancel_datagram datagram;
    uint8_t bytes[RPCANCEL_DATAGRAM_HEADER_SIZE + 64] = {0};
    unsigned details = 3;
    long wanted = -1;
    if (trace->count < 3 || !type_of(trace->words[1], sender == RPCANCEL_SENDER_CLIENT, &datagram))
        return false;
    datagram.sequence = number(trace->words[2]);
    datagram.activity.time_low = 0xA;
    datagram.interface.time_low = 0xB;
    datagram.opnum = 1;
    if (is(trace->words[1], "cancel")) {
        datagram.cancel = (struct rpcancel_cancel_body){true, 0, number(trace->words[details++])};
    } else if (datagram.type == RPCANCEL_PDU_CANCEL_ACK && is(trace->words[1], "ack")) {
        datagram.cancel_ack = (struct rpcancel_cancel_ack_body){true, false, {1}, 0, number(trace->words[details++])};
    }
    if (!take_details(trace, details, &datagram, &wanted))
        return false;
    size_t size = rpcancel_datagram_encode(&datagram, bytes, sizeof bytes);
    if (wanted >= 0) {
        size = RPCANCEL_DATAGRAM_HEADER_SIZE + (size_t)wanted;
        bytes[74] = (uint8_t)wanted;
    }
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(sender, bytes, size, 0);
    show(trace, &event);
    return true;
}

/* ---- what ends tell ---- */

static bool show_told(struct trace *trace)
{
    static const char *const ends[] = {"answered", "cancelled", "timeout", "otherwise"};
    static const struct rpcancel_uuid activity = {0xA, 0, 0, {0}};
    uint32_t sequence = number(trace->words[2]);
    struct rpcancel_datagram_event event;
    if (is(trace->words[1], "cancelled")) {
        event = rpcancel_datagram_told(RPCANCEL_DATAGRAM_CANCELLED, RPCANCEL_SENDER_CLIENT, &activity, sequence, 0);
        event.timeout = is(trace->words[3], "timeout") ? number(trace->words[4]) : UINT32_MAX;
    } else if (is(trace->words[1], "ended")) {
        event = rpcancel_datagram_told(RPCANCEL_DATAGRAM_ENDED, RPCANCEL_SENDER_CLIENT, &activity, sequence, 0);
        while (event.end < 4 && !is(trace->words[3], ends[event.end]))
            event.end++;
        if (event.end == 4)
            return false;
    } else if (is(trace->words[1], "posted")) {
        event = rpcancel_datagram_told(RPCANCEL_DATAGRAM_POSTED, RPCANCEL_SENDER_SERVER, &activity, sequence, 0);
        event.count = number(trace->words[3]);
    } else {
        return false;
    }
    show(trace, &event);
    return true;
}

static void show_wait(struct trace *trace)
{
    struct rpcancel_datagram_event event = {.kind = RPCANCEL_DATAGRAM_SETTLED, .elapsed = number(trace->words[1])};
    event.sender = RPCANCEL_SENDER_CLIENT;
    show(trace, &event);
    event.elapsed = 0;
    event.sender = RPCANCEL_SENDER_SERVER;
    show(trace, &event);
}

static void place(struct trace *trace)
{
    bool is_capture = is(trace->words[0], "capture");
    enum rpcancel_datagram_place at = is_capture                      ? RPCANCEL_BETWEEN
                                      : is(trace->words[1], "client") ? RPCANCEL_AT_CLIENT
                                                                      : RPCANCEL_AT_SERVER;
    rpcancel_datagram_observer_reset(&trace->observer, at, !is_capture);
    trace->observer.incomplete = is(trace->words[1], "gaps");
}

static bool take_event(struct trace *trace, char *text)
{
    trace->count = 0;
    memset(trace->words, 0, sizeof trace->words);
    for (char *word; trace->count < WORDS_MAX && (word = strtok_r(text, " ", &text));)
        trace->words[trace->count++] = word;
    merge(&trace->verdict->before, &trace->verdict->violated);
    trace->verdict->violated = (struct rpcancel_wire_mask){{0}};
    if (is(trace->words[0], "at") || is(trace->words[0], "capture"))
        place(trace);
    else if (is(trace->words[0], ">"))
        return show_datagram(trace, RPCANCEL_SENDER_CLIENT);
    else if (is(trace->words[0], "<"))
        return show_datagram(trace, RPCANCEL_SENDER_SERVER);
    else if (is(trace->words[0], "!"))
        return show_told(trace);
    else if (is(trace->words[0], "wait"))
        show_wait(trace);
    else
        return false;
    return true;
}

bool rpcancel_datagram_trace_judge(const char *text, enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role,
                                   struct rpcancel_datagram_trace_verdict *verdict)
{
    struct trace trace = {.role = role, .verdict = verdict};
    char copy[4096], *rest = copy;
    memset(verdict, 0, sizeof *verdict);
    rpcancel_datagram_rules(&trace.rules, profile, role, ~0u);
    if (strlen(text) >= sizeof copy)
        return false;
    strcpy(copy, text);
    for (char *event; (event = strtok_r(rest, ";", &rest));) {
        if (!take_event(&trace, event))
            return false;
    }
    return true;
}
