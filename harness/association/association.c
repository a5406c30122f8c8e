// SPDX-License-Identifier: Apache-2.0
#include "association/association.h"

#include <string.h>

#include "association/ends.h"

static const struct rpcancel_interface the_interface = {
    {{0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x66, 0x6C, 0x61, 0x74, 0x00, 0x01}}, 1}, 1};

/* ---- on the way ---- */

static void note_sent(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, uint16_t fragment)
{
    struct rpcancel_step_outcome *outcome = ends->outcome;
    if (outcome->sent_count == RPCANCEL_SENT_MAX) {
        outcome->is_full = true;
        return;
    }
    outcome->sent[outcome->sent_count].sender = (uint8_t)sender;
    outcome->sent[outcome->sent_count++].fragment = fragment;
}

static void push(struct rpcancel_ends *ends, uint16_t *queue, uint8_t *count, unsigned most, uint16_t fragment)
{
    if (*count == most)
        ends->outcome->is_full = true;
    else
        queue[(*count)++] = fragment;
}

/* |fragment| is on the wire. The other end sees it unless it has left. */
static void travel(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, uint16_t fragment)
{
    struct rpcancel_association_state *state = ends->state;
    note_sent(ends, sender, fragment);
    if (sender == RPCANCEL_SENDER_CLIENT && !state->server_ended)
        push(ends, state->to_server, &state->to_server_count, RPCANCEL_TO_SERVER_MAX, fragment);
    else if (sender == RPCANCEL_SENDER_SERVER && !state->client_ended)
        push(ends, state->to_client, &state->to_client_count, RPCANCEL_TO_CLIENT_MAX, fragment);
}

void rpcancel_ends_send(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, const struct rpcancel_pdu *pdu)
{
    uint8_t bytes[RPCANCEL_FRAGMENT_OCTETS];
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    bool has_left = sender == RPCANCEL_SENDER_CLIENT ? ends->state->client_ended : ends->state->server_ended;
    if (size == 0) {
        ends->outcome->is_full = true;
        return;
    }
    if (has_left) {
        rpcancel_ends_wrong(ends, "a fragment was sent after the connection had ended");
        return;
    }
    uint16_t fragment = rpcancel_ends_keep(ends, bytes, size);
    if (fragment)
        travel(ends, sender, fragment);
}

/* A fragment leaves an end, by way of the change. */
static void leave(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size)
{
    const struct rpcancel_wire_change *change = ends->setup->change;
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    unsigned times = 1;
    if (!rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, &pdu, &complaint)) {
        rpcancel_ends_wrong(ends, rpcancel_pdu_error_text(complaint.error));
        return;
    }
    if (change && change->leaves)
        times = change->leaves(ends, sender, &pdu);
    while (times-- > 0)
        rpcancel_ends_send(ends, sender, &pdu);
}

/* ---- the end of the connection ---- */

static void client_ends(struct rpcancel_ends *ends)
{
    ends->state->client_ended = 1;
    ends->state->outbox_count = ends->state->to_client_count = 0;
    rpcancel_client_lost(&ends->client);
}

static void server_ends(struct rpcancel_ends *ends)
{
    ends->state->server_ended = 1;
    ends->state->to_server_count = 0;
    ends->connection_ends = true;
    rpcancel_server_lost(&ends->server);
    ends->connection_ends = false;
}

void rpcancel_ends_close(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender)
{
    bool is_client = sender == RPCANCEL_SENDER_CLIENT;
    if (is_client ? ends->state->client_ended : ends->state->server_ended)
        return;
    travel(ends, sender, RPCANCEL_END_OF_CONNECTION);
    if (is_client)
        client_ends(ends);
    else
        server_ends(ends);
}

/* ---- the hosts ---- */

static void client_sends(void *context, const uint8_t *bytes, size_t size)
{
    struct rpcancel_ends *ends = context;
    struct rpcancel_association_state *state = ends->state;
    if (ends->fills_outbox)
        push(ends, state->outbox, &state->outbox_count, RPCANCEL_ASSOCIATION_FRAGMENTS_MAX,
             rpcancel_ends_keep(ends, bytes, size));
    else
        leave(ends, RPCANCEL_SENDER_CLIENT, bytes, size);
}

static void server_sends(void *context, const uint8_t *bytes, size_t size)
{
    leave(context, RPCANCEL_SENDER_SERVER, bytes, size);
}

static void bound(void *context, bool accepted)
{
    (void)context;
    (void)accepted; /* rpcancel_setup_open looks at the client */
}

static unsigned position_of(const struct rpcancel_ends *ends, const struct rpcancel_fate *fate)
{
    return (unsigned)(fate - ends->state->fates);
}

static uint8_t *client_assembly(void *context, unsigned call, size_t size)
{
    struct rpcancel_ends *ends = context;
    const struct rpcancel_fate *fate = rpcancel_ends_fate(ends, ends->client.calls[call].call_id);
    if (!fate || size > sizeof ends->client_room) {
        rpcancel_ends_wrong(ends, "a response of more octets than were sent, or of no call");
        return NULL;
    }
    ends->client_room_size = size;
    ends->client_room_call = position_of(ends, fate);
    rpcancel_ends_pattern(ends->client_room_call, true, ends->client_room);
    return ends->client_room;
}

static uint8_t *server_assembly(void *context, size_t size)
{
    struct rpcancel_ends *ends = context;
    const struct rpcancel_fate *fate = NULL;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        if (ends->server.calls[i].state == RPCANCEL_CALL_ASSEMBLING)
            fate = rpcancel_ends_fate(ends, ends->server.calls[i].call_id);
    }
    if (!fate || size > sizeof ends->server_room) {
        rpcancel_ends_wrong(ends, "a request of more octets than were sent, or of no call");
        return NULL;
    }
    ends->server_room_size = size;
    ends->server_room_call = position_of(ends, fate);
    rpcancel_ends_pattern(ends->server_room_call, false, ends->server_room);
    return ends->server_room;
}

static void completed(void *context, const struct rpcancel_client_result *result)
{
    static const uint8_t fates[] = {[RPCANCEL_END_RESPONSE] = RPCANCEL_FATE_RESPONSE,
                                    [RPCANCEL_END_FAULT] = RPCANCEL_FATE_FAULT,
                                    [RPCANCEL_END_LOST] = RPCANCEL_FATE_LOST};
    struct rpcancel_ends *ends = context;
    struct rpcancel_fate *fate = rpcancel_ends_fate(ends, result->call_id);
    if (!fate || fate->at_client != RPCANCEL_FATE_OPEN) {
        rpcancel_ends_wrong(ends, "a call was completed that was over");
        return;
    }
    fate->at_client = fates[result->end];
    fate->status = result->status;
    fate->cancel_pending = result->cancel_pending;
}

static const struct rpcancel_interface *find_interface(void *context, const struct rpcancel_syntax *syntax)
{
    (void)context;
    return rpcancel_syntax_is(syntax, &the_interface.syntax) ? &the_interface : NULL;
}

static bool join_group(void *context, uint32_t *group_id)
{
    (void)context;
    *group_id = 1;
    return true;
}

static struct rpcancel_fate *executing(struct rpcancel_ends *ends, unsigned call)
{
    struct rpcancel_fate *fate = rpcancel_ends_fate(ends, ends->server.calls[call].call_id);
    if (!fate || fate->at_server != RPCANCEL_FATE_EXECUTING) {
        rpcancel_ends_wrong(ends, "the application was told of a call that it does not execute");
        return NULL;
    }
    return fate;
}

static void request(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request_)
{
    struct rpcancel_ends *ends = context;
    struct rpcancel_fate *fate = rpcancel_ends_fate(ends, server->calls[request_->call].call_id);
    uint8_t pattern[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
    if (!fate || fate->at_server != RPCANCEL_FATE_UNKNOWN) {
        rpcancel_ends_wrong(ends, "a request reached the application twice, or none did");
        return;
    }
    rpcancel_ends_pattern(position_of(ends, fate), false, pattern);
    if (request_->stub_data.size == 0 || memcmp(request_->stub_data.bytes, pattern, request_->stub_data.size) != 0)
        rpcancel_ends_wrong(ends, "a request's stub data is not what was sent");
    fate->at_server = RPCANCEL_FATE_EXECUTING;
    fate->slot = (uint8_t)request_->call;
}

static void cancel(void *context, struct rpcancel_server *server, unsigned call)
{
    struct rpcancel_fate *fate = executing(context, call);
    (void)server;
    if (fate && fate->told < 15)
        fate->told++;
}

static void orphaned(void *context, struct rpcancel_server *server, unsigned call)
{
    struct rpcancel_ends *ends = context;
    struct rpcancel_fate *fate = executing(ends, call);
    (void)server;
    if (fate)
        fate->given_up = ends->connection_ends ? RPCANCEL_GIVEN_UP_DISCONNECTED : RPCANCEL_GIVEN_UP_ORPHANED;
}

static void set_hosts(struct rpcancel_ends *ends)
{
    ends->client_host = (struct rpcancel_client_host){ends, client_sends, bound, client_assembly, completed};
    ends->server_host = (struct rpcancel_server_host){
        ends, server_sends, find_interface, join_group, server_assembly, request, cancel, orphaned};
}

/* ---- steps ---- */

void rpcancel_fragment_at(const struct rpcancel_setup *setup, unsigned number, struct rpcancel_kept_fragment *kept)
{
    rpcancel_flat_table_get(&setup->fragments, number, kept);
}

static void transmit(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    struct rpcancel_kept_fragment kept;
    rpcancel_fragment_at(ends->setup, state->outbox[0], &kept);
    memmove(state->outbox, state->outbox + 1, sizeof state->outbox - sizeof state->outbox[0]);
    state->outbox_count--;
    leave(ends, RPCANCEL_SENDER_CLIENT, kept.bytes, kept.size);
}

/* Fragments of one request are not parted by another's (W29), and without multiplexing calls come one after the other:
 * then it does not happen. */
static bool issue(struct rpcancel_ends *ends, struct rpcancel_action action)
{
    struct rpcancel_association_state *state = ends->state;
    struct rpcancel_fate *fate = &state->fates[action.call];
    uint8_t octets[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
    uint32_t call_id;
    if (fate->at_client != RPCANCEL_FATE_NONE || state->outbox_count > 0)
        return false;
    rpcancel_ends_pattern(action.call, false, octets);
    bool cancelled = action.kind == RPCANCEL_ACTION_CALL_CANCELLED;
    ends->fills_outbox = true;
    bool sent = rpcancel_client_call(&ends->client, 0, (struct rpcancel_span){octets, action.argument * 8u}, cancelled,
                                     &call_id);
    ends->fills_outbox = false;
    if (!sent)
        return false;
    *fate = (struct rpcancel_fate){
        .call_id = (uint8_t)call_id, .at_client = RPCANCEL_FATE_OPEN, .cancels = cancelled ? 1 : 0};
    state->outbox_call = action.call;
    transmit(ends);
    return true;
}

/* What did not leave the client of a call that is given up, or over, never will (W93). */
static void forget_outbox(struct rpcancel_ends *ends, unsigned call)
{
    if (ends->state->outbox_count > 0 && ends->state->outbox_call == call)
        ends->state->outbox_count = 0;
}

static bool cancel_call(struct rpcancel_ends *ends, struct rpcancel_fate *fate)
{
    if (fate->at_client != RPCANCEL_FATE_OPEN || !rpcancel_client_cancel(&ends->client, fate->call_id))
        return false;
    fate->cancels++;
    return true;
}

static bool abandon(struct rpcancel_ends *ends, struct rpcancel_action action)
{
    struct rpcancel_fate *fate = &ends->state->fates[action.call];
    bool close;
    if (fate->at_client != RPCANCEL_FATE_OPEN)
        return false;
    enum rpcancel_client_abandonment how = (enum rpcancel_client_abandonment)action.argument;
    if (!rpcancel_client_abandon(&ends->client, fate->call_id, how, &close))
        return false;
    fate->at_client = RPCANCEL_FATE_ABANDONED;
    fate->cancels = (uint8_t)(fate->cancels + (how != RPCANCEL_ABANDON_ORPHANED));
    forget_outbox(ends, action.call);
    if (close)
        rpcancel_ends_close(ends, RPCANCEL_SENDER_CLIENT);
    return true;
}

static bool send_stray(struct rpcancel_ends *ends, enum rpcancel_pdu_type type)
{
    struct rpcancel_pdu pdu;
    if (ends->state->client_ended)
        return false;
    rpcancel_pdu_init(&pdu, type, RPCANCEL_STRAY_CALL_ID);
    rpcancel_ends_send(ends, RPCANCEL_SENDER_CLIENT, &pdu);
    ends->state->strays++;
    return true;
}

static bool answer(struct rpcancel_ends *ends, struct rpcancel_action action)
{
    struct rpcancel_fate *fate = &ends->state->fates[action.call];
    uint8_t octets[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
    if (fate->at_server != RPCANCEL_FATE_EXECUTING)
        return false;
    fate->at_server = RPCANCEL_FATE_ANSWERED;
    unsigned slot = fate->slot;
    fate->slot = 0;
    if (action.kind == RPCANCEL_ACTION_FAULT) {
        rpcancel_server_fault(&ends->server, slot, action.status);
        return true;
    }
    rpcancel_ends_pattern(action.call, true, octets);
    rpcancel_server_respond(&ends->server, slot, (struct rpcancel_span){octets, action.argument * 8u});
    return true;
}

static bool take(struct rpcancel_ends *ends, struct rpcancel_fate *fate)
{
    if (fate->at_server != RPCANCEL_FATE_EXECUTING || fate->taken == fate->arrived || !fate->told)
        return false;
    if (!rpcancel_server_take_cancel(&ends->server, fate->slot))
        rpcancel_ends_wrong(ends, "no cancel is pending of those that came");
    fate->taken = fate->arrived;
    return true;
}

static uint16_t pop(uint16_t *queue, uint8_t *count)
{
    uint16_t fragment = queue[0];
    (*count)--;
    memmove(queue, queue + 1, *count * sizeof *queue);
    queue[*count] = 0;
    return fragment;
}

/* An assembled octet that is not the one sent shows here; those of earlier fragments did in their step. */
static void compare_rooms(struct rpcancel_ends *ends)
{
    uint8_t octets[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
    rpcancel_ends_pattern(ends->server_room_call, false, octets);
    if (ends->server_room_size > 0 && memcmp(ends->server_room, octets, ends->server_room_size) != 0)
        rpcancel_ends_wrong(ends, "a request's stub data is not what was sent");
    rpcancel_ends_pattern(ends->client_room_call, true, octets);
    if (ends->client_room_size > 0 && memcmp(ends->client_room, octets, ends->client_room_size) != 0)
        rpcancel_ends_wrong(ends, "a response's stub data is not what was sent");
}

/* Counts a cancel that arrives, whatever the end makes of it. */
static void count_arrival(struct rpcancel_ends *ends, const struct rpcancel_kept_fragment *kept)
{
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    if (!rpcancel_pdu_decode(kept->bytes, kept->size, RPCANCEL_LENIENT, &pdu, &complaint))
        return;
    bool is_first = pdu.type == RPCANCEL_PDU_REQUEST && pdu.flags & RPCANCEL_PFC_FIRST_FRAG;
    bool is_cancel = pdu.type == RPCANCEL_PDU_CO_CANCEL || (is_first && pdu.flags & RPCANCEL_PFC_PENDING_CANCEL);
    struct rpcancel_fate *fate = rpcancel_ends_fate(ends, pdu.call_id);
    if (is_cancel && fate && fate->at_server != RPCANCEL_FATE_ANSWERED && !fate->given_up)
        fate->arrived++;
}

static void receive(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, uint16_t fragment)
{
    const struct rpcancel_wire_change *change = ends->setup->change;
    struct rpcancel_kept_fragment kept;
    struct rpcancel_pdu pdu;
    struct rpcancel_pdu_complaint complaint;
    uint8_t bytes[RPCANCEL_FRAGMENT_OCTETS];
    rpcancel_fragment_at(ends->setup, fragment, &kept);
    size_t size = kept.size;
    memcpy(bytes, kept.bytes, size);
    if (sender == RPCANCEL_SENDER_CLIENT)
        count_arrival(ends, &kept);
    if (change && change->arrives && rpcancel_pdu_decode(kept.bytes, kept.size, RPCANCEL_LENIENT, &pdu, &complaint)) {
        if (!change->arrives(ends, sender, &pdu))
            return;
        size = rpcancel_pdu_encode(&pdu, bytes, sizeof bytes);
    }
    if (sender == RPCANCEL_SENDER_CLIENT) {
        if (!rpcancel_server_receive(&ends->server, bytes, size))
            rpcancel_ends_close(ends, RPCANCEL_SENDER_SERVER);
    } else {
        if (!rpcancel_client_receive(&ends->client, bytes, size))
            rpcancel_ends_close(ends, RPCANCEL_SENDER_CLIENT);
    }
    compare_rooms(ends);
}

static bool arrive(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender)
{
    struct rpcancel_association_state *state = ends->state;
    bool is_client = sender == RPCANCEL_SENDER_CLIENT;
    uint8_t *count = is_client ? &state->to_server_count : &state->to_client_count;
    if (*count == 0)
        return false;
    uint16_t fragment = pop(is_client ? state->to_server : state->to_client, count);
    if (fragment != RPCANCEL_END_OF_CONNECTION)
        receive(ends, sender, fragment);
    else if (is_client)
        server_ends(ends);
    else
        client_ends(ends);
    /* A call that was answered, by the server's association, before all of it left. */
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        if (state->fates[i].at_client != RPCANCEL_FATE_OPEN && state->fates[i].at_client != RPCANCEL_FATE_NONE)
            forget_outbox(ends, i);
    }
    return true;
}

static bool lose(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    if (state->client_ended && state->server_ended)
        return false;
    if (!state->client_ended)
        client_ends(ends);
    if (!state->server_ended)
        server_ends(ends);
    state->to_client_count = state->to_server_count = 0;
    return true;
}

static bool act(struct rpcancel_ends *ends, struct rpcancel_action action)
{
    struct rpcancel_fate *fate = &ends->state->fates[action.call];
    switch (action.kind) {
    case RPCANCEL_ACTION_CALL:
    case RPCANCEL_ACTION_CALL_CANCELLED:
        return issue(ends, action);
    case RPCANCEL_ACTION_TRANSMIT:
        if (ends->state->outbox_count == 0)
            return false;
        transmit(ends);
        return true;
    case RPCANCEL_ACTION_CANCEL:
        return cancel_call(ends, fate);
    case RPCANCEL_ACTION_ABANDON:
        return abandon(ends, action);
    case RPCANCEL_ACTION_STRAY_CANCEL:
        return send_stray(ends, RPCANCEL_PDU_CO_CANCEL);
    case RPCANCEL_ACTION_STRAY_ORPHANED:
        return send_stray(ends, RPCANCEL_PDU_ORPHANED);
    case RPCANCEL_ACTION_ARRIVE_SERVER:
        return arrive(ends, RPCANCEL_SENDER_CLIENT);
    case RPCANCEL_ACTION_ARRIVE_CLIENT:
        return arrive(ends, RPCANCEL_SENDER_SERVER);
    case RPCANCEL_ACTION_TAKE:
        return take(ends, fate);
    case RPCANCEL_ACTION_LOSE:
        return lose(ends);
    default:
        return answer(ends, action);
    }
}

void rpcancel_association_step(struct rpcancel_setup *setup, struct rpcancel_association_state *association,
                               struct rpcancel_action action, struct rpcancel_step_outcome *outcome)
{
    struct rpcancel_ends ends;
    struct rpcancel_association_state after = *association;
    memset(outcome, 0, sizeof *outcome);
    set_hosts(&ends);
    rpcancel_ends_begin(&ends, setup, &after, outcome);
    outcome->happened = act(&ends, action);
    if (outcome->happened && setup->change && setup->change->after)
        setup->change->after(&ends, action);
    rpcancel_ends_finish(&ends);
    if (outcome->is_full)
        outcome->happened = false;
    if (outcome->happened)
        *association = after;
}

/* ---- the bind ---- */

static bool exchange(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    rpcancel_client_bind(&ends->client, &the_interface.syntax,
                         ends->setup->keeps_connection ? RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN : 0,
                         ends->setup->multiplexed);
    while (!ends->outcome->is_full && !ends->outcome->wrong) {
        if (!arrive(ends, RPCANCEL_SENDER_CLIENT) && !arrive(ends, RPCANCEL_SENDER_SERVER))
            break;
    }
    return ends->client.bound && !state->client_ended && !ends->outcome->is_full && !ends->outcome->wrong;
}

bool rpcancel_setup_open(struct rpcancel_setup *setup, struct rpcancel_association_state *start)
{
    struct rpcancel_ends ends;
    struct rpcancel_kept_fragment none = {0};
    bool is_new;
    memset(start, 0, sizeof *start);
    memset(&setup->greeting, 0, sizeof setup->greeting);
    if (!rpcancel_flat_table_open(&setup->fragments, sizeof none))
        return false;
    rpcancel_flat_table_add(&setup->fragments, &none, &is_new);
    rpcancel_client_init(&setup->client, NULL, setup->choices);
    rpcancel_server_init(&setup->server, NULL, setup->choices, "135");
    start->assembling = -1;
    set_hosts(&ends);
    rpcancel_ends_begin(&ends, setup, start, &setup->greeting);
    if (!exchange(&ends)) {
        rpcancel_setup_close(setup);
        return false;
    }
    setup->client = ends.client;
    setup->server = ends.server;
    setup->client.host = NULL; /* those of a step are set in each */
    setup->server.host = NULL;
    setup->client.fragment_max = setup->server.fragment_max = RPCANCEL_SMALL_FRAGMENT;
    rpcancel_ends_finish(&ends);
    return true;
}

void rpcancel_setup_close(struct rpcancel_setup *setup)
{
    rpcancel_flat_table_close(&setup->fragments);
}
