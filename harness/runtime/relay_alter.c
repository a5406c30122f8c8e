// SPDX-License-Identifier: Apache-2.0
/* What a client under test gets in place of what the server said. */
#include "runtime/process.h"
#include "runtime/relay.h"
#include "status.h"

enum { FEW = 8, NEARBY = 0x1000 };

static bool is_reply(const struct rpcancel_wire_event *event)
{
    return event->kind == RPCANCEL_WIRE_PDU &&
           (event->pdu.type == RPCANCEL_PDU_RESPONSE || event->pdu.type == RPCANCEL_PDU_FAULT);
}

static bool is_response(const struct rpcancel_wire_event *event)
{
    return is_reply(event) && event->pdu.type == RPCANCEL_PDU_RESPONSE;
}

static void send_pdu(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                     const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[RPCANCEL_PDU_SIZE_MAX];
    rpcancel_relay_send(relay, connection, bytes, rpcancel_pdu_encode(pdu, bytes, sizeof bytes));
}

static void send_fragments(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                           const struct rpcancel_pdu *whole)
{
    size_t at = 0;
    do {
        struct rpcancel_pdu piece = *whole;
        size_t left = whole->data.size - at;
        size_t size = left > FEW ? FEW : left;
        if (at > 0)
            piece.flags &= (uint8_t)~RPCANCEL_PFC_FIRST_FRAG;
        if (size < left)
            piece.flags &= (uint8_t)~RPCANCEL_PFC_LAST_FRAG;
        piece.response.alloc_hint = (uint32_t)left;
        piece.data = (struct rpcancel_span){whole->data.bytes + at, size};
        send_pdu(relay, connection, &piece);
        at += size;
    } while (at < whole->data.size);
}

/* In place of the whole reply: its other fragments are swallowed. */
static void send_fault(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                       const struct rpcancel_pdu *reply)
{
    struct rpcancel_pdu fault;
    if (!(reply->flags & RPCANCEL_PFC_FIRST_FRAG))
        return;
    rpcancel_pdu_init(&fault, RPCANCEL_PDU_FAULT, reply->call_id);
    fault.fault.status = RPCANCEL_S_FAULT_CANCEL;
    send_pdu(relay, connection, &fault);
}

/* As a whole response to another call; a client that matches by order takes it for its own. */
static void send_stray(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                       const struct rpcancel_pdu *response)
{
    struct rpcancel_pdu stray = *response;
    stray.flags |= RPCANCEL_PFC_SINGLE;
    stray.call_id += NEARBY;
    send_pdu(relay, connection, &stray);
}

/* Holds the first reply of a connection back; true while it is. */
static bool hold(struct rpcancel_relay_connection *connection)
{
    if (connection->was_held)
        return false;
    connection->was_held = true;
    connection->held_until = rpcancel_clock_ms() + RPCANCEL_RELAY_PAUSE_MS;
    return true;
}

bool rpcancel_relay_alter(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                          const struct rpcancel_wire_event *event)
{
    bool is_plain = is_response(event) && event->pdu.auth.value.size == 0;
    if (relay->how == RPCANCEL_RELAY_LATE && is_reply(event) && hold(connection))
        return false;
    if (relay->how == RPCANCEL_RELAY_STRAY_REPLY && is_plain && hold(connection)) {
        send_stray(relay, connection, &event->pdu);
        return false;
    }
    if (relay->how == RPCANCEL_RELAY_FAULT && is_reply(event)) {
        send_fault(relay, connection, &event->pdu);
    } else if (relay->how == RPCANCEL_RELAY_FRAGMENTS && is_plain) {
        send_fragments(relay, connection, &event->pdu);
    } else if (relay->how == RPCANCEL_RELAY_PENDING_CANCEL && is_response(event) &&
               event->pdu.flags & RPCANCEL_PFC_LAST_FRAG) {
        struct rpcancel_pdu pending = event->pdu;
        pending.flags |= RPCANCEL_PFC_PENDING_CANCEL;
        send_pdu(relay, connection, &pending);
    } else {
        rpcancel_relay_send(relay, connection, event->octets.bytes, event->octets.size);
    }
    return true;
}
