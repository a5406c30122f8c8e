// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "wire_trace.h"

#include <stdlib.h>
#include <string.h>

#include "wire/event.h"
#include "wire/relevance.h"
#include "wire/presentation.h"

enum { TEXT_MAX = 4096, FRAGMENT_MAX = 256, HEXADECIMAL = 16, MUCH = 0x400001 };

struct trace {
    struct rpcancel_wire_observer observer;
    struct rpcancel_wire_mask rules;
    enum rpcancel_pdu_sender role;
    struct rpcancel_trace_verdict *verdict;
};

/* Words of an event, one after the other. */
struct words {
    char *save;
    const char *next;
};

static const char *take(struct words *words)
{
    const char *word = words->next;
    words->next = strtok_r(NULL, " ", &words->save);
    return word;
}

static bool is_next(struct words *words, const char *word)
{
    if (!words->next || strcmp(words->next, word) != 0)
        return false;
    take(words);
    return true;
}

static unsigned long number(struct words *words, int base)
{
    const char *word = take(words);
    return word ? strtoul(word, NULL, base) : 0;
}

/* ---- events ---- */

static void pass(struct trace *trace, const struct rpcancel_wire_event *event)
{
    struct rpcancel_trace_verdict *all = trace->verdict;
    for (unsigned i = 0; i < sizeof all->before.bits / sizeof all->before.bits[0]; i++)
        all->before.bits[i] |= all->violated.bits[i];
    all->violated = (struct rpcancel_wire_mask){{0}};
    if (event->sender & trace->role) {
        struct rpcancel_wire_verdict verdict = rpcancel_wire_judge(&trace->rules, &trace->observer, event);
        struct rpcancel_wire_verdict whole = rpcancel_wire_judge_all(&trace->rules, &trace->observer, event);
        if (memcmp(&verdict, &whole, sizeof whole) != 0)
            abort(); /* a rule that is not asked applies: harness/wire/relevance.c is wrong */
        all->violated = verdict.violated;
        for (unsigned i = 0; i < sizeof all->decided.bits / sizeof all->decided.bits[0]; i++)
            all->decided.bits[i] |= verdict.decided.bits[i];
    }
    rpcancel_wire_observe(&trace->observer, event);
}

static void pass_pdu(struct trace *trace, enum rpcancel_pdu_sender sender, const struct rpcancel_pdu *pdu,
                     enum rpcancel_wire_operation_class class)
{
    uint8_t octets[FRAGMENT_MAX];
    size_t size = rpcancel_pdu_encode(pdu, octets, sizeof octets);
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(sender, octets, size, &event);
    event.class = (uint8_t) class;
    pass(trace, &event);
}

/* Bind-time features, or the answer to who asks for some. */
struct features {
    bool is_named;
    uint8_t bits;
};

/* A bind or alter_context for one interface, or for bind-time features, or the answer that accepts it. */
static void pass_bind(struct trace *trace, enum rpcancel_pdu_type type, uint32_t call_id, uint8_t flags, bool auth,
                      struct features features)
{
    static const uint8_t asking[16] = {0x2C, 0x1C, 0xB7, 0x6C, 0x12, 0x98, 0x40, 0x45}, token[16] = {1};
    uint8_t context[44] = {[2] = 1}, result[24] = {0};
    bool is_answer = type == RPCANCEL_PDU_BIND_ACK || type == RPCANCEL_PDU_ALTER_CONTEXT_RESP;
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, call_id);
    pdu.flags |= flags;
    if (features.is_named) {
        memcpy(context + 24, asking, sizeof asking);
        context[32] = features.bits;
        context[40] = 1;
        result[0] = RPCANCEL_NEGOTIATE_ACK;
        result[2] = features.bits;
    }
    if (is_answer) {
        pdu.bind_ack.max_transmit = pdu.bind_ack.max_receive = RPCANCEL_PDU_MUST_RECEIVE;
        pdu.bind_ack.result_count = 1;
        pdu.bind_ack.results = (struct rpcancel_span){result, sizeof result};
    } else {
        pdu.bind.max_transmit = pdu.bind.max_receive = RPCANCEL_PDU_MUST_RECEIVE;
        pdu.bind.context_count = 1;
        pdu.bind.contexts = (struct rpcancel_span){context, sizeof context};
    }
    if (auth)
        pdu.auth = (struct rpcancel_auth_verifier){.type = 10, .level = 2, .value = {token, sizeof token}};
    pass_pdu(trace, is_answer ? RPCANCEL_SENDER_SERVER : RPCANCEL_SENDER_CLIENT, &pdu, RPCANCEL_CLASS_UNKNOWN);
}

static void pass_alter(struct trace *trace, struct words *words, enum rpcancel_pdu_type type, const char *word)
{
    uint32_t call_id = (uint32_t)number(words, 0);
    struct features features = {.is_named = is_next(words, word)};
    if (features.is_named)
        features.bits = (uint8_t)number(words, HEXADECIMAL);
    pass_bind(trace, type, call_id, 0, false, features);
}

static void take_fragment(struct words *words, struct rpcancel_pdu *pdu)
{
    static const struct {
        const char *word;
        uint8_t flags;
    } places[] = {{"first", RPCANCEL_PFC_FIRST_FRAG}, {"middle", 0}, {"last", RPCANCEL_PFC_LAST_FRAG}};
    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (is_next(words, places[i].word))
            pdu->flags = (uint8_t)((pdu->flags & ~RPCANCEL_PFC_SINGLE) | places[i].flags);
    }
    if (is_next(words, "pending"))
        pdu->flags |= RPCANCEL_PFC_PENDING_CANCEL;
}

static void pass_request(struct trace *trace, struct words *words)
{
    enum rpcancel_wire_operation_class class = RPCANCEL_CLASS_UNKNOWN;
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_REQUEST, (uint32_t)number(words, 0));
    for (unsigned i = RPCANCEL_CLASS_FAST; i < RPCANCEL_WIRE_CLASSES; i++) {
        if (is_next(words, rpcancel_wire_class_name(i)))
            class = i;
    }
    take_fragment(words, &pdu);
    if (is_next(words, "maybe"))
        pdu.flags |= RPCANCEL_PFC_MAYBE;
    if (is_next(words, "much"))
        pdu.request.alloc_hint = MUCH;
    if (is_next(words, "context"))
        pdu.request.context_id = (uint16_t)number(words, 0);
    pass_pdu(trace, RPCANCEL_SENDER_CLIENT, &pdu, class);
}

static void pass_cancel(struct trace *trace, struct words *words, enum rpcancel_pdu_type type)
{
    static const uint8_t octets[16] = {1};
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, (uint32_t)number(words, 0));
    if (is_next(words, "flags"))
        pdu.flags = (uint8_t)number(words, HEXADECIMAL);
    if (is_next(words, "junk"))
        pdu.data = (struct rpcancel_span){octets, 8};
    if (is_next(words, "verifier"))
        pdu.auth = (struct rpcancel_auth_verifier){.type = 10, .level = 2, .value = {octets, sizeof octets}};
    pass_pdu(trace, RPCANCEL_SENDER_CLIENT, &pdu, RPCANCEL_CLASS_UNKNOWN);
}

static void pass_reply(struct trace *trace, struct words *words, enum rpcancel_pdu_type type)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, (uint32_t)number(words, 0));
    if (type == RPCANCEL_PDU_FAULT)
        pdu.fault.status = (uint32_t)number(words, HEXADECIMAL);
    if (is_next(words, "dne"))
        pdu.flags |= RPCANCEL_PFC_DID_NOT_EXECUTE;
    take_fragment(words, &pdu);
    uint8_t count = is_next(words, "count") ? (uint8_t)number(words, 0) : 0;
    if (type == RPCANCEL_PDU_FAULT)
        pdu.fault.cancel_count = count;
    else
        pdu.response.cancel_count = count;
    pass_pdu(trace, RPCANCEL_SENDER_SERVER, &pdu, RPCANCEL_CLASS_UNKNOWN);
}

/* ---- words ---- */

/* A fragment of |type| with |size| octets, which need not be enough. */
static void pass_raw(struct trace *trace, enum rpcancel_pdu_sender sender, uint8_t type, uint32_t call_id, uint8_t size)
{
    uint8_t octets[FRAGMENT_MAX] = {5, 0, type, RPCANCEL_PFC_SINGLE, 0x10, 0, 0, 0, size};
    rpcancel_write_32(octets + 12, call_id, false);
    struct rpcancel_wire_event event;
    rpcancel_wire_event_of(sender, octets, size, &event);
    pass(trace, &event);
}

static bool pass_client(struct trace *trace, struct words *words)
{
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(RPCANCEL_SENDER_CLIENT);
    if (is_next(words, "request"))
        pass_request(trace, words);
    else if (is_next(words, "co_cancel"))
        pass_cancel(trace, words, RPCANCEL_PDU_CO_CANCEL);
    else if (is_next(words, "orphaned"))
        pass_cancel(trace, words, RPCANCEL_PDU_ORPHANED);
    else if (is_next(words, "alter"))
        pass_alter(trace, words, RPCANCEL_PDU_ALTER_CONTEXT, "features");
    else if (is_next(words, "ack"))
        pass_raw(trace, RPCANCEL_SENDER_CLIENT, RPCANCEL_PDU_ACK, (uint32_t)number(words, 0), 16);
    else if (is_next(words, "close"))
        pass(trace, &closed);
    return !words->next;
}

static bool pass_server(struct trace *trace, struct words *words)
{
    const struct rpcancel_wire_event closed = rpcancel_wire_closed(RPCANCEL_SENDER_SERVER);
    if (is_next(words, "response"))
        pass_reply(trace, words, RPCANCEL_PDU_RESPONSE);
    else if (is_next(words, "fault"))
        pass_reply(trace, words, RPCANCEL_PDU_FAULT);
    else if (is_next(words, "shutdown"))
        pass_raw(trace, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_SHUTDOWN, (uint32_t)number(words, 0), 16);
    else if (is_next(words, "short"))
        pass_raw(trace, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_FAULT, (uint32_t)number(words, 0), 28);
    else if (is_next(words, "cancel_ack"))
        pass_raw(trace, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_CANCEL_ACK, (uint32_t)number(words, 0), 16);
    else if (is_next(words, "altered"))
        pass_alter(trace, words, RPCANCEL_PDU_ALTER_CONTEXT_RESP, "granted");
    else if (is_next(words, "close"))
        pass(trace, &closed);
    return !words->next;
}

static bool pass_event(struct trace *trace, char *text)
{
    const struct rpcancel_wire_event released = {
        .kind = RPCANCEL_WIRE_RELEASED, .sender = RPCANCEL_SENDER_CLIENT, .released = RPCANCEL_WIRE_RELEASED_ALL};
    struct words words = {0};
    words.next = strtok_r(text, " ", &words.save);
    if (is_next(&words, "capture")) {
        rpcancel_wire_observer_reset(&trace->observer, false);
    } else if (is_next(&words, "bind")) {
        uint8_t flags = is_next(&words, "mpx") ? RPCANCEL_PFC_CONC_MPX : 0;
        bool auth = is_next(&words, "auth");
        pass_bind(trace, RPCANCEL_PDU_BIND, 1, flags, auth, (struct features){0});
        pass_bind(trace, RPCANCEL_PDU_BIND_ACK, 1, flags, auth, (struct features){0});
    } else if (is_next(&words, "release")) {
        pass(trace, &released);
    } else if (is_next(&words, ">")) {
        return pass_client(trace, &words);
    } else if (is_next(&words, "<")) {
        return pass_server(trace, &words);
    }
    return !words.next;
}

bool rpcancel_trace_judge(const char *text, enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role,
                          struct rpcancel_trace_verdict *verdict)
{
    struct trace trace = {.role = role, .verdict = verdict};
    char copy[TEXT_MAX], *save = NULL;
    memset(verdict, 0, sizeof *verdict);
    if (strlen(text) >= sizeof copy)
        return false;
    memcpy(copy, text, strlen(text) + 1);
    rpcancel_wire_rules(&trace.rules, profile, role, RPCANCEL_NCACN_IP_TCP, ~0u);
    rpcancel_wire_observer_reset(&trace.observer, true);
    for (char *event = strtok_r(copy, ";", &save); event; event = strtok_r(NULL, ";", &save)) {
        if (!pass_event(&trace, event))
            return false;
    }
    return true;
}
