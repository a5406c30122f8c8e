// SPDX-License-Identifier: Apache-2.0
#include "association/live.h"

#include <string.h>

bool rpcancel_live_end_open(struct rpcancel_live_end *live, const struct rpcancel_wire_change *change,
                            enum rpcancel_pdu_sender side,
                            void (*send)(void *context, const uint8_t *bytes, size_t size), void *context)
{
    static const struct rpcancel_kept_fragment none;
    bool is_new;
    memset(live, 0, sizeof *live);
    if (!rpcancel_flat_table_open(&live->setup.fragments, sizeof none))
        return false;
    rpcancel_flat_table_add(&live->setup.fragments, &none, &is_new); /* number 0 is no fragment */
    live->change = change;
    live->side = side;
    live->send = send;
    live->context = context;
    live->setup.change = change;
    live->ends.setup = &live->setup;
    live->ends.state = &live->state;
    live->ends.outcome = &live->outcome;
    return true;
}

void rpcancel_live_end_close(struct rpcancel_live_end *live)
{
    rpcancel_flat_table_close(&live->setup.fragments);
}

/* Sends what the change put on its way. */
static void send_queue(struct rpcancel_live_end *live)
{
    bool is_client = live->side == RPCANCEL_SENDER_CLIENT;
    uint16_t *queue = is_client ? live->state.to_server : live->state.to_client;
    uint8_t *count = is_client ? &live->state.to_server_count : &live->state.to_client_count;
    for (unsigned i = 0; i < *count; i++) {
        struct rpcancel_kept_fragment kept;
        if (queue[i] == RPCANCEL_END_OF_CONNECTION)
            break;
        rpcancel_fragment_at(&live->setup, queue[i], &kept);
        live->send(live->context, kept.bytes, kept.size);
    }
    *count = 0;
    live->outcome.sent_count = 0;
}

void rpcancel_live_end_sends(struct rpcancel_live_end *live, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (!live->change->leaves || !rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint)) {
        live->send(live->context, bytes, size);
        return;
    }
    unsigned times = live->change->leaves(&live->ends, live->side, &pdu);
    send_queue(live); /* a change that sends something does so in front */
    size_t altered = rpcancel_pdu_encode(&pdu, live->bytes, sizeof live->bytes);
    while (times-- > 0)
        live->send(live->context, live->bytes, altered);
}

void rpcancel_live_end_notes(struct rpcancel_live_end *live, const struct rpcancel_server *server)
{
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        const struct rpcancel_server_call *call = &server->calls[i];
        bool is_alive = call->state == RPCANCEL_CALL_EXECUTING || call->state == RPCANCEL_CALL_ORPHANED;
        live->state.fates[i] = (struct rpcancel_fate){0};
        if (!is_alive)
            continue;
        live->state.fates[i].call_id = (uint8_t)call->call_id;
        live->state.fates[i].at_client = RPCANCEL_FATE_OPEN;
        live->state.fates[i].at_server = RPCANCEL_FATE_EXECUTING;
        live->state.fates[i].slot = (uint8_t)i;
        live->state.fates[i].given_up =
            call->state == RPCANCEL_CALL_ORPHANED ? RPCANCEL_GIVEN_UP_ORPHANED : RPCANCEL_NOT_GIVEN_UP;
    }
}

void rpcancel_live_end_receives(struct rpcancel_live_end *live, struct rpcancel_server *server, const uint8_t **bytes,
                                size_t *size)
{
    bool is_client = live->side == RPCANCEL_SENDER_CLIENT;
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (!live->change->arrives || !rpcancel_pdu_decode(*bytes, *size, RPCANCEL_LENIENT, &pdu, &complaint))
        return;
    if (server) {
        rpcancel_live_end_notes(live, server);
        live->ends.server = *server;
    }
    bool is_seen =
        live->change->arrives(&live->ends, is_client ? RPCANCEL_SENDER_SERVER : RPCANCEL_SENDER_CLIENT, &pdu);
    if (server)
        *server = live->ends.server;
    send_queue(live);
    *size = is_seen ? rpcancel_pdu_encode(&pdu, live->bytes, sizeof live->bytes) : 0;
    *bytes = live->bytes;
}

void rpcancel_live_end_acted(struct rpcancel_live_end *live, struct rpcancel_action action)
{
    if (!live->change->after || action.call >= RPCANCEL_ASSOCIATION_CALLS)
        return;
    live->outcome.sent_count = live->state.fates[action.call].given_up == RPCANCEL_NOT_GIVEN_UP;
    live->change->after(&live->ends, action);
    send_queue(live);
}

bool rpcancel_live_end_is_over(const struct rpcancel_live_end *live)
{
    return live->side == RPCANCEL_SENDER_CLIENT ? live->state.client_ended : live->state.server_ended;
}
