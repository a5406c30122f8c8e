// SPDX-License-Identifier: Apache-2.0
#include "exchange/exchange.h"

#include "exchange/ends.h"
#include "exchange/promises.h"
#include "exchange/strays.h"

struct rpcancel_span rpcancel_exchange_stub_data(uint32_t sequence, bool is_response)
{
    static const uint8_t octets[2][RPCANCEL_EXCHANGE_CALLS + 1] = {{0x00, 0x01, 0x02, 0x03}, {0x80, 0x81, 0x82, 0x83}};
    uint32_t place = sequence <= RPCANCEL_EXCHANGE_CALLS ? sequence : 0;
    return (struct rpcancel_span){&octets[is_response][place], 1};
}

/* ---- the network ---- */

static void put_on_way(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, uint16_t number)
{
    struct rpcancel_exchange_state *state = ends->state;
    bool by_client = sender == RPCANCEL_SENDER_CLIENT;
    uint16_t *way = by_client ? state->to_server : state->to_client;
    uint8_t *count = by_client ? &state->to_server_count : &state->to_client_count;
    if (number == 0 || *count == ends->setup->capacity)
        ends->outcome->is_full = true;
    else
        way[(*count)++] = number;
}

static void send_octets(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, const uint8_t *bytes,
                        size_t size)
{
    const struct rpcancel_exchange_change *change = ends->setup->change;
    uint8_t changed[RPCANCEL_DATAGRAM_OCTETS];
    if (size > sizeof changed) {
        ends->outcome->is_full = true;
        return;
    }
    memcpy(changed, bytes, size);
    if (change && change->octets)
        change->octets(sender, changed, &size);
    uint16_t number = rpcancel_exchange_keep(ends, changed, size);
    rpcancel_exchange_tell(ends, (struct rpcancel_exchange_event){
                                     .kind = RPCANCEL_EXCHANGE_SENT, .sender = (uint8_t)sender, .datagram = number});
    put_on_way(ends, sender, number);
}

void rpcancel_exchange_send(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                            const struct rpcancel_datagram *datagram)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_OCTETS];
    send_octets(ends, sender, bytes, rpcancel_datagram_encode(datagram, bytes, sizeof bytes));
}

/* What |sender| sends. */
static void leave(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, const uint8_t *bytes,
                  size_t size)
{
    const struct rpcancel_exchange_change *change = ends->setup->change;
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, &datagram, &complaint)) {
        rpcancel_exchange_wrong(ends, "an end sent what a strict reader refuses");
        send_octets(ends, sender, bytes, size);
        return;
    }
    unsigned times = change && change->leaves ? change->leaves(ends, sender, &datagram) : 1;
    for (; times > 0; times--) {
        rpcancel_promise_on_send(ends, sender, &datagram);
        rpcancel_exchange_send(ends, sender, &datagram);
    }
}

/* ---- what the ends ask for ---- */

static void client_sends(void *context, const uint8_t *bytes, size_t size)
{
    leave(context, RPCANCEL_SENDER_CLIENT, bytes, size);
}

static void client_completes(void *context, const struct rpcancel_datagram_result *result)
{
    struct rpcancel_exchange_ends *ends = context;
    rpcancel_promise_on_end(ends, result);
    rpcancel_exchange_tell(ends, (struct rpcancel_exchange_event){.kind = RPCANCEL_EXCHANGE_ENDED,
                                                                  .sender = RPCANCEL_SENDER_CLIENT,
                                                                  .sequence = result->sequence,
                                                                  .number = result->end});
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, result->sequence);
    bool is_answered = result->end == RPCANCEL_DATAGRAM_END_RESPONSE || result->end == RPCANCEL_DATAGRAM_END_FAULT;
    if (fate)
        fate->is_over = is_answered ? RPCANCEL_EXCHANGE_OVER_ANSWERED : RPCANCEL_EXCHANGE_OVER_GIVEN_UP;
}

static void server_sends(void *context, uint64_t peer, const uint8_t *bytes, size_t size)
{
    if (peer != RPCANCEL_EXCHANGE_PEER)
        rpcancel_exchange_wrong(context, "the server answered somebody else");
    leave(context, RPCANCEL_SENDER_SERVER, bytes, size);
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &rpcancel_exchange_interface.syntax) ? &rpcancel_exchange_interface : NULL;
}

static void server_executes(void *context, struct rpcancel_datagram_server *server,
                            const struct rpcancel_datagram_request *request)
{
    struct rpcancel_exchange_ends *ends = context;
    uint32_t sequence = server->activities[request->call].sequence;
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, sequence);
    if (!fate)
        return;
    if (fate->executed < 2)
        fate->executed++;
    fate->posted = fate->taken = 0;
    rpcancel_promise_on_request(ends, sequence, request);
}

static void server_cancelled(void *context, struct rpcancel_datagram_server *server, unsigned call, uint32_t cancels)
{
    struct rpcancel_exchange_ends *ends = context;
    uint32_t sequence = server->activities[call].sequence;
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, sequence);
    rpcancel_exchange_tell(ends, (struct rpcancel_exchange_event){.kind = RPCANCEL_EXCHANGE_POSTED,
                                                                  .sender = RPCANCEL_SENDER_SERVER,
                                                                  .sequence = sequence,
                                                                  .number = cancels});
    if (fate)
        fate->posted = cancels > (uint32_t)UINT8_MAX - fate->posted ? UINT8_MAX : (uint8_t)(fate->posted + cancels);
}

static void server_orphaned(void *context, struct rpcancel_datagram_server *server, unsigned call)
{
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(context, server->activities[call].sequence);
    if (fate) /* the manager routine goes on, and answers or does not */
        fate->given_up = 1;
}

/* ---- actions ---- */

static bool issue(struct rpcancel_exchange_ends *ends)
{
    uint32_t sequence = ends->client.sequence + 1;
    return sequence <= RPCANCEL_EXCHANGE_CALLS &&
           rpcancel_datagram_client_call(&ends->client, 1, rpcancel_exchange_stub_data(sequence, false),
                                         ends->setup->idempotent, ends->setup->timeout);
}

/* The caller knows first. */
static bool cancel_or_orphan(struct rpcancel_exchange_ends *ends, bool orphans)
{
    struct rpcancel_datagram_client *client = &ends->client;
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, client->sequence);
    if (client->state != RPCANCEL_DATAGRAM_CALLING || !fate)
        return false;
    rpcancel_exchange_tell(
        ends, (struct rpcancel_exchange_event){.kind = orphans ? RPCANCEL_EXCHANGE_ENDED : RPCANCEL_EXCHANGE_CANCELLED,
                                               .sender = RPCANCEL_SENDER_CLIENT,
                                               .sequence = client->sequence,
                                               .number = orphans ? RPCANCEL_DATAGRAM_ENDS : 0});
    if (orphans) {
        fate->is_over = RPCANCEL_EXCHANGE_OVER_GIVEN_UP;
        return rpcancel_datagram_client_orphan(client);
    }
    fate->cancels++;
    return rpcancel_datagram_client_cancel(client);
}

static void remove_from(uint16_t *way, uint8_t *count, unsigned place)
{
    memmove(&way[place], &way[place + 1], (*count - place - 1u) * sizeof *way);
    --*count;
}

static void arrive(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, uint16_t number)
{
    const struct rpcancel_exchange_change *change = ends->setup->change;
    struct rpcancel_kept_datagram kept;
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    uint8_t bytes[RPCANCEL_DATAGRAM_OCTETS];
    rpcancel_datagram_at(ends->setup, number, &kept);
    rpcancel_exchange_tell(ends, (struct rpcancel_exchange_event){
                                     .kind = RPCANCEL_EXCHANGE_ARRIVED, .sender = (uint8_t)sender, .datagram = number});
    if (change && change->arrives &&
        rpcancel_datagram_decode(kept.bytes, kept.size, RPCANCEL_LENIENT, &datagram, &complaint)) {
        if (!change->arrives(ends, sender, &datagram))
            return;
        kept.size = (uint16_t)rpcancel_datagram_encode(&datagram, bytes, sizeof bytes);
        memcpy(kept.bytes, bytes, kept.size);
    }
    if (sender == RPCANCEL_SENDER_CLIENT)
        rpcancel_datagram_server_receive(&ends->server, RPCANCEL_EXCHANGE_PEER, kept.bytes, kept.size);
    else
        rpcancel_datagram_client_receive(&ends->client, kept.bytes, kept.size);
}

/* The datagram at |place| of those that |sender| sent arrives, or not, and stays or not. */
static bool travel(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, unsigned place, bool arrives,
                   bool stays)
{
    struct rpcancel_exchange_state *state = ends->state;
    bool by_client = sender == RPCANCEL_SENDER_CLIENT;
    uint16_t *way = by_client ? state->to_server : state->to_client;
    uint8_t *count = by_client ? &state->to_server_count : &state->to_client_count;
    if (place >= *count)
        return false;
    uint16_t number = way[place];
    if (!stays)
        remove_from(way, count, place);
    if (arrives)
        arrive(ends, sender, number);
    return true;
}

static bool serve(struct rpcancel_exchange_ends *ends, enum rpcancel_exchange_action_kind kind)
{
    const struct rpcancel_activity *activity = &ends->server.activities[0];
    struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, activity->sequence);
    if (activity->state != RPCANCEL_ACTIVITY_EXECUTING && activity->state != RPCANCEL_ACTIVITY_ORPHANED)
        return false;
    if (kind == RPCANCEL_EXCHANGE_TAKE) {
        if (fate)
            fate->taken = fate->posted;
        return rpcancel_datagram_server_take_cancel(&ends->server, 0);
    }
    if (kind == RPCANCEL_EXCHANGE_RESPOND)
        rpcancel_datagram_server_respond(&ends->server, 0, rpcancel_exchange_stub_data(activity->sequence, true));
    else
        rpcancel_datagram_server_fault(&ends->server, 0, (uint32_t)RPCANCEL_S_FAULT_CANCEL);
    return true;
}

static bool wait(struct rpcancel_exchange_ends *ends)
{
    uint32_t ms = rpcancel_timer_sooner(rpcancel_datagram_client_next(&ends->client),
                                        rpcancel_datagram_server_next(&ends->server));
    if (ms == RPCANCEL_NEVER)
        return false;
    if (ends->setup->tick)
        ms = rpcancel_timer_sooner(ms, ends->setup->tick);
    ends->outcome->elapsed = ms;
    rpcancel_datagram_client_elapse(&ends->client, ms);
    rpcancel_datagram_server_elapse(&ends->server, ms);
    return true;
}

static bool stray(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender, unsigned which)
{
    const struct rpcancel_exchange_setup *setup = ends->setup;
    bool by_client = sender == RPCANCEL_SENDER_CLIENT;
    uint16_t number = by_client ? setup->strays_to_server[which] : setup->strays_to_client[which];
    if (number == 0)
        return false;
    rpcancel_exchange_tell(ends, (struct rpcancel_exchange_event){
                                     .kind = RPCANCEL_EXCHANGE_STRAYED, .sender = (uint8_t)sender, .datagram = number});
    put_on_way(ends, sender, number);
    ends->state->strays++;
    return true;
}

static bool act(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_action action)
{
    unsigned place = action.place;
    switch (action.kind) {
    case RPCANCEL_EXCHANGE_CALL:
        return issue(ends);
    case RPCANCEL_EXCHANGE_CANCEL:
    case RPCANCEL_EXCHANGE_ORPHAN:
        return cancel_or_orphan(ends, action.kind == RPCANCEL_EXCHANGE_ORPHAN);
    case RPCANCEL_EXCHANGE_ARRIVE_SERVER:
    case RPCANCEL_EXCHANGE_ARRIVE_CLIENT:
    case RPCANCEL_EXCHANGE_DOUBLE_SERVER:
    case RPCANCEL_EXCHANGE_DOUBLE_CLIENT:
    case RPCANCEL_EXCHANGE_LOSE_SERVER:
    case RPCANCEL_EXCHANGE_LOSE_CLIENT: {
        unsigned how = action.kind - RPCANCEL_EXCHANGE_ARRIVE_SERVER;
        enum rpcancel_pdu_sender sender = how % 2 ? RPCANCEL_SENDER_SERVER : RPCANCEL_SENDER_CLIENT;
        return travel(ends, sender, place, how / 2 < 2, how / 2 == 1);
    }
    case RPCANCEL_EXCHANGE_WAIT:
        return wait(ends);
    case RPCANCEL_EXCHANGE_STRAY_SERVER:
        return stray(ends, RPCANCEL_SENDER_CLIENT, place);
    case RPCANCEL_EXCHANGE_STRAY_CLIENT:
        return stray(ends, RPCANCEL_SENDER_SERVER, place);
    default:
        return serve(ends, (enum rpcancel_exchange_action_kind)action.kind);
    }
}

void rpcancel_exchange_step(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *state,
                            struct rpcancel_exchange_action action, struct rpcancel_exchange_outcome *outcome)
{
    struct rpcancel_exchange_ends ends; /* large, and set whole by what follows */
    ends.client_host = (struct rpcancel_datagram_client_host){&ends, client_sends, client_completes};
    ends.server_host = (struct rpcancel_datagram_server_host){&ends,           server_sends,     find_interface,
                                                              server_executes, server_cancelled, server_orphaned};
    outcome->is_full = false;
    outcome->wrong = NULL;
    outcome->elapsed = outcome->count = 0;
    rpcancel_exchange_begin(&ends, setup, state, outcome);
    outcome->happened = act(&ends, action);
    if (outcome->happened && setup->change && setup->change->after)
        setup->change->after(&ends, action);
    if (outcome->is_full)
        outcome->happened = false;
    if (!outcome->happened)
        return;
    rpcancel_promise_on_step(&ends);
    rpcancel_exchange_finish(&ends);
}

/* ---- the setup ---- */

void rpcancel_datagram_at(const struct rpcancel_exchange_setup *setup, unsigned number,
                          struct rpcancel_kept_datagram *kept)
{
    rpcancel_flat_table_get(&setup->datagrams, number, kept);
}

bool rpcancel_exchange_open(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *start)
{
    struct rpcancel_exchange_ends ends = {0};
    struct rpcancel_exchange_outcome outcome = {0};
    struct rpcancel_kept_datagram none = {0};
    bool is_new;
    if (!rpcancel_flat_table_open(&setup->datagrams, sizeof none))
        return false;
    rpcancel_flat_table_add(&setup->datagrams, &none, &is_new);
    if (setup->change && setup->change->chooses)
        setup->change->chooses(&setup->choices);
    memset(start, 0, sizeof *start);
    start->client.ping_timer = start->client.cancel_timer = start->client.timeout_timer = RPCANCEL_NEVER;
    start->client.quit_timer = start->client.quit_end_timer = start->server.resend_timer = RPCANCEL_NEVER;
    rpcancel_exchange_begin(&ends, setup, start, &outcome);
    rpcancel_exchange_make_strays(&ends);
    rpcancel_exchange_finish(&ends);
    if (!outcome.is_full)
        return true;
    rpcancel_exchange_close(setup);
    return false;
}

void rpcancel_exchange_close(struct rpcancel_exchange_setup *setup)
{
    rpcancel_flat_table_close(&setup->datagrams);
}
