// SPDX-License-Identifier: Apache-2.0
#include "survey/listen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/presentation.h"

__attribute__((format(printf, 3, 4))) static void put(struct rpcancel_listener *listener, const char *asked,
                                                      const char *format, ...)
{
    struct rpcancel_survey_reply *reply = listener->reply;
    va_list arguments;
    if (reply->count == RPCANCEL_SURVEY_ANSWERS_MAX)
        return;
    struct rpcancel_survey_answer *answer = &reply->answers[reply->count++];
    snprintf(answer->asked, sizeof answer->asked, "%s", asked);
    va_start(arguments, format);
    vsnprintf(answer->said, sizeof answer->said, format, arguments);
    va_end(arguments);
}

/* ---- what the client sends ---- */

static void note_request(struct rpcancel_listener *listener, struct rpcancel_operation during,
                         const struct rpcancel_pdu *pdu)
{
    bool is_barrier = during.kind == RPCANCEL_OP_SETTLE;
    if (listener->count == RPCANCEL_HEARD_MAX)
        return;
    listener->calls[listener->count].call_id = pdu->call_id;
    listener->calls[listener->count].name[0] = is_barrier ? '\0' : (char)('a' + during.handle);
    listener->count++;
}

/* The name of the last call that had |call_id|: "a"; "" for a barrier; the call_id in words of its own else. */
static const char *name_of(const struct rpcancel_listener *listener, uint32_t call_id)
{
    for (unsigned i = listener->count; i > 0; i--) {
        if (listener->calls[i - 1].call_id == call_id)
            return listener->calls[i - 1].name;
    }
    return "another call_id";
}

/* ---- what the server sends ---- */

static void hear_bind(struct rpcancel_listener *listener, const struct rpcancel_pdu *pdu)
{
    bool is_granted = false;
    struct rpcancel_span list = pdu->bind_ack.results;
    for (; list.size >= RPCANCEL_RESULT_SIZE; list.bytes += RPCANCEL_RESULT_SIZE, list.size -= RPCANCEL_RESULT_SIZE)
        is_granted |= rpcancel_read_16(list.bytes, rpcancel_pdu_is_big_endian(pdu)) == RPCANCEL_NEGOTIATE_ACK;
    if (!listener->is_bound)
        put(listener, "bind", "bind_ack%s%s", pdu->flags & RPCANCEL_PFC_CONC_MPX ? " CONC_MPX" : "",
            is_granted ? " negotiate_ack" : "");
    listener->is_bound = true;
}

static void hear_reply(struct rpcancel_listener *listener, const struct rpcancel_pdu *pdu)
{
    const char *name = name_of(listener, pdu->call_id);
    const char *pending = pdu->flags & RPCANCEL_PFC_PENDING_CANCEL ? " PENDING_CANCEL" : "";
    if (!name[0])
        return;
    if (pdu->type == RPCANCEL_PDU_FAULT)
        put(listener, name, "fault 0x%08x cancel_count %u%s%s", pdu->fault.status, pdu->fault.cancel_count, pending,
            pdu->flags & RPCANCEL_PFC_DID_NOT_EXECUTE ? " DID_NOT_EXECUTE" : "");
    else if (pdu->flags & RPCANCEL_PFC_LAST_FRAG)
        put(listener, name, "response cancel_count %u%s", pdu->response.cancel_count, pending);
}

static void hear_server(struct rpcancel_listener *listener, const struct rpcancel_pdu *pdu)
{
    const struct rpcancel_pdu_type_description *type = rpcancel_pdu_type_describe(pdu->type);
    switch (pdu->type) {
    case RPCANCEL_PDU_BIND_ACK:
        hear_bind(listener, pdu);
        break;
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
        hear_reply(listener, pdu);
        break;
    default:
        put(listener, "connection", "%s", type ? type->name : "a PDU of no type");
    }
}

void rpcancel_listener_hear(void *context, struct rpcancel_operation during, const struct rpcancel_wire_event *event)
{
    struct rpcancel_listener *listener = context;
    bool is_server = event->sender == RPCANCEL_SENDER_SERVER;
    if (is_server && event->kind == RPCANCEL_WIRE_CLOSED)
        put(listener, "connection", "closes");
    else if (is_server && event->kind == RPCANCEL_WIRE_UNREADABLE)
        put(listener, "connection", "octets that are no PDU");
    else if (is_server && event->kind == RPCANCEL_WIRE_PDU)
        hear_server(listener, &event->pdu);
    else if (event->kind == RPCANCEL_WIRE_PDU && event->pdu.type == RPCANCEL_PDU_REQUEST)
        note_request(listener, during, &event->pdu);
}

void rpcancel_listener_end(struct rpcancel_listener *listener)
{
    bool was_asked = listener->count > 0;
    if (was_asked && listener->reply->count == listener->is_bound)
        put(listener, "connection", "nothing");
}
