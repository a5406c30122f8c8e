// SPDX-License-Identifier: Apache-2.0
#include "streams/client_under_test.h"

static struct rpcancel_client_call *find(struct rpcancel_client *client, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        if (client->calls[i].is_open && client->calls[i].call_id == call_id)
            return &client->calls[i];
    }
    return NULL;
}

/* An open call, but not |call|; NULL when there is none. */
static struct rpcancel_client_call *another(struct rpcancel_client *client, const struct rpcancel_client_call *call)
{
    for (unsigned i = 0; i < RPCANCEL_CLIENT_CALLS_MAX; i++) {
        if (client->calls[i].is_open && &client->calls[i] != call)
            return &client->calls[i];
    }
    return NULL;
}

static void send_co_cancel(struct rpcancel_client *client, uint32_t call_id)
{
    uint8_t bytes[RPCANCEL_PDU_HEADER_SIZE];
    struct rpcancel_pdu cancel;
    rpcancel_pdu_init(&cancel, RPCANCEL_PDU_CO_CANCEL, call_id);
    client->host->send(client->host->context, bytes, rpcancel_pdu_encode(&cancel, bytes, sizeof bytes));
}

/* What the association remembers wrongly when a reply for |call_id| comes. */
static void forget(enum rpcancel_client_defect defect, struct rpcancel_client *client, uint32_t call_id)
{
    struct rpcancel_client_call *call = find(client, call_id), *other = another(client, call);
    if (defect == RPCANCEL_CLIENT_DEFECT_CANCEL_IS_FORGOTTEN && call && call->cancels > 0)
        call->cancels--;
    if (defect == RPCANCEL_CLIENT_DEFECT_REPLY_COMPLETES_ANOTHER && call && other) {
        other->call_id = call_id;
        call->is_open = false;
    }
}

bool rpcancel_tested_client_receive(enum rpcancel_client_defect defect, struct rpcancel_client *client,
                                    const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (defect == RPCANCEL_CLIENT_DEFECT_NONE || !rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint))
        return rpcancel_client_receive(client, bytes, size);
    bool is_reply = pdu.type == RPCANCEL_PDU_RESPONSE || pdu.type == RPCANCEL_PDU_FAULT;
    if (is_reply)
        forget(defect, client, pdu.call_id);
    struct rpcancel_client_call *call = is_reply ? find(client, pdu.call_id) : NULL;
    bool open = rpcancel_client_receive(client, bytes, size);
    if (defect == RPCANCEL_CLIENT_DEFECT_COMPLETED_TWICE && open && call && !call->is_open) {
        struct rpcancel_client_result again = {.call_id = pdu.call_id, .end = RPCANCEL_END_FAULT};
        client->host->completed(client->host->context, &again);
    }
    if (defect == RPCANCEL_CLIENT_DEFECT_FRAGMENTS_TOO_LONG && open && pdu.type == RPCANCEL_PDU_BIND_ACK)
        client->fragment_max = RPCANCEL_CLIENT_FRAGMENT_MAX;
    if (defect == RPCANCEL_CLIENT_DEFECT_ONE_CALL_TOO_MANY && open && pdu.type == RPCANCEL_PDU_BIND_ACK)
        client->multiplexed = true;
    if (defect == RPCANCEL_CLIENT_DEFECT_ANSWERS_WHAT_COMES_IN && open && is_reply && !call)
        send_co_cancel(client, pdu.call_id);
    return open;
}

bool rpcancel_tested_client_cancel(enum rpcancel_client_defect defect, struct rpcancel_client *client, uint32_t call_id)
{
    bool done = rpcancel_client_cancel(client, call_id);
    if (defect == RPCANCEL_CLIENT_DEFECT_LATE_CANCEL_IS_SENT && !done && !client->is_over && client->bound)
        send_co_cancel(client, call_id);
    return done;
}

bool rpcancel_tested_client_orphan(enum rpcancel_client_defect defect, struct rpcancel_client *client, uint32_t call_id,
                                   bool *close)
{
    struct rpcancel_client_call *call = find(client, call_id);
    bool done = rpcancel_client_orphan(client, call_id, close);
    if (defect == RPCANCEL_CLIENT_DEFECT_ORPHANED_IS_COMPLETED && done)
        call->is_open = true;
    if (defect == RPCANCEL_CLIENT_DEFECT_KEEPS_THE_CONNECTION)
        *close = false;
    return done;
}

void rpcancel_tested_client_lost(enum rpcancel_client_defect defect, struct rpcancel_client *client)
{
    struct rpcancel_client_call *call = another(client, NULL);
    if (defect == RPCANCEL_CLIENT_DEFECT_LOST_CALL_IS_FORGOTTEN && call)
        call->is_open = false;
    rpcancel_client_lost(client);
}
