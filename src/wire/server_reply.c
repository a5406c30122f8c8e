// SPDX-License-Identifier: Apache-2.0
/* What a server sends for a call: responses in fragments, faults. */
#include "wire/server_parts.h"

enum { RESPONSE_SIZE = 24, FAULT_HINT = 32 }; /* a hint without extended error information, MS-RPCE 2.2.2.8 */

void rpcancel_server_send(struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[RPCANCEL_SERVER_FRAGMENT_MAX];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    if (size > 0)
        server->host->send(server->host->context, bytes, size);
}

void rpcancel_server_send_fault(struct rpcancel_server *server, uint32_t call_id, uint16_t context_id, uint8_t flags,
                                uint32_t status)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call_id);
    pdu.flags |= flags;
    pdu.fault.alloc_hint = FAULT_HINT;
    pdu.fault.context_id = context_id;
    pdu.fault.status = status;
    rpcancel_server_send(server, &pdu);
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
    size_t most =
        (server->fragment_max - (size_t)RESPONSE_SIZE) & ~(size_t)7; /* stub data goes on at a multiple of 8 */
    bool first = true;
    do {
        struct rpcancel_pdu pdu;
        bool last = stub_data.size <= most;
        rpcancel_pdu_init(&pdu, RPCANCEL_PDU_RESPONSE, call.call_id);
        pdu.flags = (uint8_t)((first ? RPCANCEL_PFC_FIRST_FRAG : 0) | (last ? RPCANCEL_PFC_LAST_FRAG : 0) |
                              (last ? pending_flag(server, &call) : 0));
        pdu.response.alloc_hint = (uint32_t)stub_data.size;
        pdu.response.context_id = server->choices->short_context_id ? call.context_id & 0xFF : call.context_id;
        pdu.response.cancel_count = cancel_count(server, &call);
        pdu.data = (struct rpcancel_span){stub_data.bytes, last ? stub_data.size : most};
        rpcancel_server_send(server, &pdu);
        stub_data.size -= pdu.data.size;
        if (stub_data.size > 0)
            stub_data.bytes += pdu.data.size;
        first = false;
        if (last)
            return;
    } while (true);
}

void rpcancel_server_fault(struct rpcancel_server *server, unsigned number, uint32_t status)
{
    struct rpcancel_server_call call;
    struct rpcancel_pdu pdu;
    if (!end(server, number, &call))
        return;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call.call_id);
    pdu.flags |= pending_flag(server, &call);
    pdu.fault.alloc_hint = FAULT_HINT;
    pdu.fault.context_id = call.context_id;
    pdu.fault.cancel_count = cancel_count(server, &call);
    pdu.fault.status = status;
    rpcancel_server_send(server, &pdu);
}
