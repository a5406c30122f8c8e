// SPDX-License-Identifier: Apache-2.0
#include "streams/server_under_test.h"

/* The open call of that number, or NULL. */
static struct rpcancel_server_call *find(struct rpcancel_server *server, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        struct rpcancel_server_call *call = &server->calls[i];
        if (call->call_id == call_id &&
            (call->state == RPCANCEL_CALL_ASSEMBLING || call->state == RPCANCEL_CALL_EXECUTING))
            return call;
    }
    return NULL;
}

static struct rpcancel_server_call *another(struct rpcancel_server *server, const struct rpcancel_server_call *call)
{
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        if (&server->calls[i] != call && server->calls[i].state == RPCANCEL_CALL_EXECUTING)
            return &server->calls[i];
    }
    return NULL;
}

static void send_fault(struct rpcancel_server *server, uint32_t call_id)
{
    uint8_t bytes[32];
    struct rpcancel_pdu fault;
    rpcancel_pdu_init(&fault, RPCANCEL_PDU_FAULT, call_id);
    fault.fault.status = RPCANCEL_NCA_PROTO_ERROR;
    server->host->send(server->host->context, bytes, rpcancel_pdu_encode(&fault, bytes, sizeof bytes));
}

/* co_cancel with a defect; false: it is to be received as it is. */
static bool mistake_cancel(enum rpcancel_server_defect defect, struct rpcancel_server *server, uint32_t call_id)
{
    struct rpcancel_server_call *call = find(server, call_id), *other = another(server, call);
    switch (defect) {
    case RPCANCEL_SERVER_DEFECT_UNKNOWN_CANCEL_IS_FAULTED:
        if (!call)
            send_fault(server, call_id);
        return !call;
    case RPCANCEL_SERVER_DEFECT_SECOND_CANCEL_IS_LOST:
        return call && call->cancels == 1;
    case RPCANCEL_SERVER_DEFECT_CANCEL_HITS_ANOTHER_CALL:
        if (call && other)
            server->host->cancel(server->host->context, server, (unsigned)(other - server->calls));
        return call && other;
    default:
        return false;
    }
}

static bool mistake_orphaned(enum rpcancel_server_defect defect, struct rpcancel_server *server, uint32_t call_id)
{
    const struct rpcancel_server_call *call = find(server, call_id);
    if (defect == RPCANCEL_SERVER_DEFECT_ORPHANED_FRAGMENTS_ARE_EXECUTED)
        return call && call->state == RPCANCEL_CALL_ASSEMBLING;
    return defect == RPCANCEL_SERVER_DEFECT_ORPHANED_IS_LOST && call;
}

/* What the association remembers wrongly from now on. */
static void forget(enum rpcancel_server_defect defect, struct rpcancel_server *server, const struct rpcancel_pdu *pdu)
{
    for (unsigned i = 0; i < RPCANCEL_SERVER_CALLS_MAX; i++) {
        struct rpcancel_server_call *call = &server->calls[i];
        if (defect == RPCANCEL_SERVER_DEFECT_ORPHANED_IS_ANSWERED && call->state == RPCANCEL_CALL_ORPHANED)
            call->state = RPCANCEL_CALL_EXECUTING;
        if (defect == RPCANCEL_SERVER_DEFECT_CANCEL_IS_NOT_COUNTED && call->cancels > 1)
            call->cancels = 1;
        if (defect == RPCANCEL_SERVER_DEFECT_MAYBE_IS_ANSWERED)
            call->maybe = false;
    }
    if (defect == RPCANCEL_SERVER_DEFECT_FRAGMENTS_TOO_LONG && pdu->type == RPCANCEL_PDU_BIND &&
        server->fragment_max + 8 <= RPCANCEL_SERVER_FRAGMENT_MAX)
        server->fragment_max = (uint16_t)(server->fragment_max + 8);
}

bool rpcancel_tested_receive(enum rpcancel_server_defect defect, struct rpcancel_server *server, const uint8_t *bytes,
                             size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (defect == RPCANCEL_SERVER_DEFECT_NONE || !rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint))
        return rpcancel_server_receive(server, bytes, size);
    if (pdu.type == RPCANCEL_PDU_CO_CANCEL && mistake_cancel(defect, server, pdu.call_id))
        return true;
    if (pdu.type == RPCANCEL_PDU_ORPHANED && mistake_orphaned(defect, server, pdu.call_id))
        return true;
    bool open = rpcancel_server_receive(server, bytes, size);
    if (open)
        forget(defect, server, &pdu);
    return open;
}

void rpcancel_tested_respond(enum rpcancel_server_defect defect, struct rpcancel_server *server, unsigned call,
                             struct rpcancel_span stub_data)
{
    struct rpcancel_server_call again = server->calls[call];
    rpcancel_server_respond(server, call, stub_data);
    if (defect != RPCANCEL_SERVER_DEFECT_ANSWERED_TWICE || again.state != RPCANCEL_CALL_EXECUTING)
        return;
    server->calls[call] = again;
    rpcancel_server_respond(server, call, stub_data);
}

bool rpcancel_tested_take_cancel(enum rpcancel_server_defect defect, struct rpcancel_server *server, unsigned call)
{
    bool pending = rpcancel_server_take_cancel(server, call);
    if (defect == RPCANCEL_SERVER_DEFECT_TAKEN_CANCEL_STAYS_PENDING)
        server->calls[call].cancel_pending = pending;
    return pending;
}
