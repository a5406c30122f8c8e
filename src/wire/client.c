// SPDX-License-Identifier: Apache-2.0
#include "wire/client.h"

enum { CONTEXTS_SIZE = 2 * (RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE) };

void rpcancel_client_init(struct rpcancel_client *client, const struct rpcancel_client_host *host,
                          const struct rpcancel_wire_choices *choices)
{
    memset(client, 0, sizeof *client);
    client->host = host;
    client->choices = choices;
    client->fragment_max = RPCANCEL_PDU_MUST_RECEIVE;
}

static void send_pdu(struct rpcancel_client *client, const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[RPCANCEL_CLIENT_FRAGMENT_MAX];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    if (size > 0)
        client->host->send(client->host->context, bytes, size);
}

static struct rpcancel_client_call *find_call(struct rpcancel_client *client, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        if (client->calls[i].is_open && client->calls[i].call_id == call_id)
            return &client->calls[i];
    }
    return NULL;
}

/* ---- what the client sends ---- */

void rpcancel_client_bind(struct rpcancel_client *client, const struct rpcancel_syntax *interface, uint16_t features,
                          bool multiplex)
{
    uint8_t list[CONTEXTS_SIZE];
    struct rpcancel_context context = {.id = 0, .abstract = *interface};
    struct rpcancel_syntax asked = rpcancel_syntax_of_features(features);
    struct rpcancel_pdu pdu;
    size_t size = rpcancel_context_write(list, sizeof list, false, &context, &rpcancel_syntax_ndr, 1);
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_BIND, ++client->last_call_id);
    pdu.flags |= multiplex ? RPCANCEL_PFC_CONC_MPX : 0;
    pdu.bind.max_transmit = pdu.bind.max_receive = RPCANCEL_CLIENT_FRAGMENT_MAX;
    pdu.bind.context_count = 1;
    if (features) {
        context.id = 1;
        size += rpcancel_context_write(list + size, sizeof list - size, false, &context, &asked, 1);
        pdu.bind.context_count = 2;
    }
    pdu.bind.contexts = (struct rpcancel_span){list, size};
    send_pdu(client, &pdu);
}

/* A place for another call, or NULL. */
static struct rpcancel_client_call *free_call(struct rpcancel_client *client)
{
    struct rpcancel_client_call *found = NULL;
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        if (client->calls[i].is_open && !client->multiplexed)
            return NULL;
        if (!client->calls[i].is_open && !found)
            found = &client->calls[i];
    }
    return found;
}

bool rpcancel_client_call(struct rpcancel_client *client, uint16_t opnum, struct rpcancel_span stub_data,
                          bool cancelled, uint32_t *call_id)
{
    struct rpcancel_client_call *call = client->bound && !client->is_over ? free_call(client) : NULL;
    uint8_t first = RPCANCEL_PFC_FIRST_FRAG | (cancelled ? RPCANCEL_PFC_PENDING_CANCEL : 0);
    if (!call)
        return false;
    *call = (struct rpcancel_client_call){.is_open = true, .call_id = ++client->last_call_id};
    *call_id = call->call_id;
    for (bool last = false; !last; first = 0) {
        struct rpcancel_pdu pdu;
        rpcancel_pdu_init(&pdu, RPCANCEL_PDU_REQUEST, call->call_id);
        pdu.flags = first;
        pdu.request.alloc_hint = (uint32_t)stub_data.size;
        pdu.request.opnum = opnum;
        last = rpcancel_pdu_take_data(&pdu, &stub_data, client->fragment_max);
        send_pdu(client, &pdu);
    }
    return true;
}

bool rpcancel_client_cancel(struct rpcancel_client *client, uint32_t call_id)
{
    struct rpcancel_client_call *call = find_call(client, call_id);
    struct rpcancel_pdu pdu;
    if (!call || client->is_over)
        return false;
    call->cancels++;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_CO_CANCEL, call_id);
    pdu.flags = RPCANCEL_PFC_LAST_FRAG | RPCANCEL_PFC_PENDING_CANCEL; /* as Windows and FreeDCE have it (W47) */
    send_pdu(client, &pdu);
    return true;
}

bool rpcancel_client_orphan(struct rpcancel_client *client, uint32_t call_id, bool *close)
{
    struct rpcancel_client_call *call = find_call(client, call_id);
    struct rpcancel_pdu pdu;
    *close = false;
    if (!call || client->is_over)
        return false;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_ORPHANED, call_id);
    send_pdu(client, &pdu);
    call->is_open = false;
    *close = client->choices->closes_after_orphaned && !(client->features & RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    return true;
}

bool rpcancel_client_abandon(struct rpcancel_client *client, uint32_t call_id, enum rpcancel_client_abandonment how,
                             bool *close)
{
    *close = false;
    if (how != RPCANCEL_ABANDON_ORPHANED && !rpcancel_client_cancel(client, call_id))
        return false;
    if (how != RPCANCEL_ABANDON_CANCEL_DISCONNECT)
        return rpcancel_client_orphan(client, call_id, close);
    find_call(client, call_id)->is_open = false;
    *close = true;
    return true;
}

/* ---- what the server sends ---- */

static bool take_bind_ack(struct rpcancel_client *client, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_span list = pdu->bind_ack.results;
    bool big_endian = rpcancel_pdu_is_big_endian(pdu);
    struct rpcancel_result syntax, features;
    if (client->answered || !rpcancel_result_next(&list, big_endian, &syntax))
        return false;
    client->answered = true;
    if (rpcancel_result_next(&list, big_endian, &features) && features.result == RPCANCEL_NEGOTIATE_ACK)
        client->features = features.reason;
    client->bound = syntax.result == RPCANCEL_ACCEPTANCE;
    client->multiplexed = pdu->flags & RPCANCEL_PFC_CONC_MPX;
    /* What the server takes, if it is as much as everybody must take. */
    client->fragment_max = RPCANCEL_PDU_MUST_RECEIVE;
    if (pdu->bind_ack.max_receive > client->fragment_max)
        client->fragment_max = pdu->bind_ack.max_receive < RPCANCEL_CLIENT_FRAGMENT_MAX ? pdu->bind_ack.max_receive
                                                                                        : RPCANCEL_CLIENT_FRAGMENT_MAX;
    client->host->bound(client->host->context, client->bound);
    return true;
}

/* Ends |call|. |count| and |flags| are those of the last fragment (W60). */
static void complete(struct rpcancel_client *client, struct rpcancel_client_call *call,
                     struct rpcancel_client_result *result, unsigned count, uint8_t flags)
{
    result->call_id = call->call_id;
    /* Counted more than were sent is all of them (W77). */
    result->cancel_pending =
        (client->choices->counts_cancels && call->cancels > count) || flags & RPCANCEL_PFC_PENDING_CANCEL;
    call->is_open = false;
    client->host->completed(client->host->context, result);
}

static bool take_response(struct rpcancel_client *client, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_client_call *call = find_call(client, pdu->call_id);
    if (!call)
        return true;
    unsigned number = (unsigned)(call - client->calls);
    bool is_first = pdu->flags & RPCANCEL_PFC_FIRST_FRAG, is_last = pdu->flags & RPCANCEL_PFC_LAST_FRAG;
    size_t size = call->received + pdu->data.size;
    if (is_first == call->is_answered || size > RPCANCEL_CLIENT_RESPONSE_MAX) /* W22 */
        return false;
    call->is_answered = true;
    uint8_t *room = size > 0 ? client->host->assembly(client->host->context, number, size) : NULL;
    if (size > 0 && !room)
        return false;
    if (room && pdu->data.size > 0)
        memcpy(room + call->received, pdu->data.bytes, pdu->data.size);
    call->received = size;
    if (!is_last)
        return true;
    struct rpcancel_client_result result = {
        .end = RPCANCEL_END_RESPONSE, .big_endian = rpcancel_pdu_is_big_endian(pdu), .stub_data = {room, size}};
    complete(client, call, &result, pdu->response.cancel_count, pdu->flags);
    return true;
}

static bool take_fault(struct rpcancel_client *client, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_client_call *call = find_call(client, pdu->call_id);
    struct rpcancel_client_result result = {.end = RPCANCEL_END_FAULT,
                                            .status = pdu->fault.status,
                                            .did_not_execute = pdu->flags & RPCANCEL_PFC_DID_NOT_EXECUTE};
    if (call)
        complete(client, call, &result, pdu->fault.cancel_count, pdu->flags);
    return true;
}

bool rpcancel_client_receive(struct rpcancel_client *client, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (client->is_over || !rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint))
        return false;
    switch (pdu.type) {
    case RPCANCEL_PDU_BIND_ACK:
        return take_bind_ack(client, &pdu);
    case RPCANCEL_PDU_BIND_NAK:
        if (!client->answered)
            client->host->bound(client->host->context, false);
        client->answered = true;
        return false;
    case RPCANCEL_PDU_RESPONSE:
        return client->bound && take_response(client, &pdu);
    case RPCANCEL_PDU_FAULT:
        return client->bound && take_fault(client, &pdu);
    default: /* shutdown, which asks to close; and what no server sends (W39, W90) */
        return false;
    }
}

void rpcancel_client_lost(struct rpcancel_client *client)
{
    client->is_over = true;
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        struct rpcancel_client_result result = {.end = RPCANCEL_END_LOST};
        if (client->calls[i].is_open)
            complete(client, &client->calls[i], &result, 0, 0);
    }
}
