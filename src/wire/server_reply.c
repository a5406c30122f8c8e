// SPDX-License-Identifier: Apache-2.0
/* What a server sends for a call: responses in fragments, faults. */
#include "wire/server_parts.h"

enum { FAULT_HINT = 32 }; /* a hint without extended error information, MS-RPCE 2.2.2.8 */

void rpcancel_server_send(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[RPCANCEL_SERVER_FRAGMENT_MAX];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    if (size > 0)
        server->host->send(server->host->context, bytes, size);
}

static void send_fault(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id, uint8_t flags,
                       uint8_t cancel_count, uint32_t status)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call_id);
    pdu.flags |= flags;
    pdu.fault.alloc_hint = FAULT_HINT;
    pdu.fault.context_id = context_id;
    pdu.fault.cancel_count = cancel_count;
    pdu.fault.status = status;
    rpcancel_server_send(server, &pdu);
}

void rpcancel_server_send_fault(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id, uint8_t flags,
                                uint32_t status)
{
    send_fault(server, call_id, context_id, flags, 0, status);
}

static uint8_t cancel_count(const struct rpcancel_server *server, const struct rpcancel_server_call *call)
{
    return server->choices->counts_cancels ? (uint8_t)call->cancels : 0; /* 8 bits, as FreeDCE has it (W62) */
}

/* The flag for a cancel that nobody took, which is pending at the client again (W63, W75). */
static uint8_t pending_flag(const struct rpcancel_server *server, const struct rpcancel_server_call *call)
{
    return server->choices->says_cancel_pending && call->cancel_pending ? RPCANCEL_PFC_PENDING_CANCEL : 0;
}

/* Ends |call|; returns what it was, and whether an answer is to be sent. */
static bool end(struct rpcancel_server *server, unsigned number, struct rpcancel_server_call *call)
{
    *call = server->calls[number];
    memset(&server->calls[number], 0, sizeof server->calls[number]);
    return call->state == RPCANCEL_CALL_EXECUTING && !call->maybe;
}

void rpcancel_server_respond(struct rpcancel_server *server, unsigned number, struct rpcancel_span stub_data)
{
    struct rpcancel_server_call call;
    if (!end(server, number, &call))
        return;
    uint8_t first = RPCANCEL_PFC_FIRST_FRAG;
    for (bool last = false; !last; first = 0) {
        struct rpcancel_pdu pdu;
        rpcancel_pdu_init(&pdu, RPCANCEL_PDU_RESPONSE, call.call_id);
        pdu.flags = first;
        pdu.response.alloc_hint = (uint32_t)stub_data.size;
        pdu.response.context_id = server->choices->short_context_id ? call.context_id & 0xFF : call.context_id;
        pdu.response.cancel_count = cancel_count(server, &call);
        last = rpcancel_pdu_take_data(&pdu, &stub_data, server->fragment_max);
        pdu.flags |= last ? pending_flag(server, &call) : 0;
        rpcancel_server_send(server, &pdu);
    }
}

void rpcancel_server_fault(struct rpcancel_server *server, unsigned number, uint32_t status)
{
    struct rpcancel_server_call call;
    if (end(server, number, &call))
        send_fault(server, call.call_id, call.context_id, pending_flag(server, &call), cancel_count(server, &call),
                   status);
}
