// SPDX-License-Identifier: Apache-2.0
/* States to ends and back. */
#include "exchange/ends.h"

const struct rpcancel_uuid rpcancel_exchange_activity = {0x61637469, 0x7669, 0x7479, {0x80, 1, 2, 3, 4, 5, 6, 7}};
const struct rpcancel_interface rpcancel_exchange_interface = {
    {{0x72706361, 0x6E63, 0x656C, {0x80, 1, 0x74, 0x65, 0x73, 0x74, 0, 1}}, 1}, 4};

void rpcancel_exchange_wrong(struct rpcancel_exchange_ends *ends, const char *text)
{
    if (!ends->outcome->wrong)
        ends->outcome->wrong = text;
}

void rpcancel_exchange_tell(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_event event)
{
    struct rpcancel_exchange_outcome *outcome = ends->outcome;
    if (outcome->count == RPCANCEL_EXCHANGE_EVENTS_MAX)
        outcome->is_full = true;
    else
        outcome->events[outcome->count++] = event;
}

struct rpcancel_exchange_fate *rpcancel_exchange_fate(struct rpcancel_exchange_ends *ends, uint32_t sequence)
{
    return sequence >= 1 && sequence <= RPCANCEL_EXCHANGE_CALLS ? &ends->state->fates[sequence - 1] : NULL;
}

uint16_t rpcancel_exchange_keep(struct rpcancel_exchange_ends *ends, const uint8_t *bytes, size_t size)
{
    struct rpcancel_kept_datagram kept = {.size = (uint16_t)size};
    bool is_new;
    if (size > RPCANCEL_DATAGRAM_OCTETS) {
        ends->outcome->is_full = true;
        return 0;
    }
    memcpy(kept.bytes, bytes, size);
    uint32_t number = rpcancel_flat_table_add(&ends->setup->datagrams, &kept, &is_new);
    if (number > UINT16_MAX) {
        ends->outcome->is_full = true;
        return 0;
    }
    return (uint16_t)number;
}

/* ---- states to ends ---- */

static void begin_client(struct rpcancel_exchange_ends *ends)
{
    const struct rpcancel_exchange_state *state = ends->state;
    const struct rpcancel_exchange_setup *setup = ends->setup;
    struct rpcancel_datagram_client *client = &ends->client;
    rpcancel_datagram_client_init(client, &ends->client_host, &setup->choices, &rpcancel_exchange_activity,
                                  &rpcancel_exchange_interface.syntax);
    client->server_boot = state->client.knows_boot ? RPCANCEL_EXCHANGE_BOOT : 0;
    client->sequence = state->client.sequence;
    client->state = state->client.state;
    client->pings = state->client.pings;
    client->is_known = state->client.is_known;
    client->is_answered = state->client.is_answered;
    client->is_accepting = state->client.is_accepting;
    client->was_pending = state->client.was_pending;
    client->cancels = state->client.cancels;
    client->acknowledged = state->client.acknowledged;
    client->interval = state->client.interval;
    client->ping_timer = state->client.ping_timer;
    client->cancel_timer = state->client.cancel_timer;
    client->timeout_timer = state->client.timeout_timer;
    client->quit_timer = state->client.quit_timer;
    client->quit_end_timer = state->client.quit_end_timer;
    if (client->sequence == 0)
        return;
    client->opnum = 1;
    client->is_idempotent = setup->idempotent;
    client->timeout = setup->timeout;
    if (client->state == RPCANCEL_DATAGRAM_CALLING)
        client->stub_data = rpcancel_exchange_stub_data(client->sequence, false);
}

static void begin_server(struct rpcancel_exchange_ends *ends)
{
    const struct rpcancel_exchange_state *state = ends->state;
    struct rpcancel_activity *activity = &ends->server.activities[0];
    rpcancel_datagram_server_init(&ends->server, &ends->server_host, &ends->setup->choices, RPCANCEL_EXCHANGE_BOOT);
    if (state->server.state == RPCANCEL_ACTIVITY_NONE)
        return;
    *activity = (struct rpcancel_activity){.uuid = rpcancel_exchange_activity,
                                           .peer = RPCANCEL_EXCHANGE_PEER,
                                           .state = state->server.state,
                                           .flags = state->server.flags,
                                           .cancel_pending = state->server.cancel_pending,
                                           .sequence = state->server.sequence,
                                           .cancels = state->server.cancels,
                                           .interface = rpcancel_exchange_interface.syntax,
                                           .opnum = 1,
                                           .resends = state->server.resends,
                                           .is_fault = state->server.is_fault,
                                           .resend_timer = state->server.resend_timer};
    if (activity->state == RPCANCEL_ACTIVITY_FINAL && activity->is_fault)
        activity->status = (uint32_t)RPCANCEL_S_FAULT_CANCEL;
    else if (activity->state == RPCANCEL_ACTIVITY_FINAL)
        activity->stub_data = rpcancel_exchange_stub_data(activity->sequence, true);
}

void rpcancel_exchange_begin(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_setup *setup,
                             struct rpcancel_exchange_state *state, struct rpcancel_exchange_outcome *outcome)
{
    ends->setup = setup;
    ends->state = state;
    ends->outcome = outcome;
    begin_client(ends);
    begin_server(ends);
}

/* ---- ends to states ---- */

/* What an idle client knows of the call before makes no difference, but for whether it was answered. */
static void finish_client(struct rpcancel_exchange_ends *ends)
{
    struct rpcancel_exchange_state *state = ends->state;
    const struct rpcancel_datagram_client *client = &ends->client;
    memset(&state->client, 0, sizeof state->client);
    state->client.state = client->state;
    state->client.sequence = (uint8_t)client->sequence;
    state->client.knows_boot = client->server_boot != 0;
    state->client.is_answered = client->is_answered;
    state->client.ping_timer = client->ping_timer;
    state->client.cancel_timer = client->cancel_timer;
    state->client.timeout_timer = client->timeout_timer;
    state->client.quit_timer = client->quit_timer;
    state->client.quit_end_timer = client->quit_end_timer;
    if (client->state != RPCANCEL_DATAGRAM_CALLING)
        return;
    state->client.pings = client->pings;
    state->client.is_known = client->is_known;
    state->client.is_accepting = client->is_accepting;
    state->client.was_pending = client->was_pending;
    state->client.cancels = client->cancels;
    state->client.acknowledged = client->acknowledged;
    state->client.interval = client->interval;
}

static void finish_server(struct rpcancel_exchange_ends *ends)
{
    struct rpcancel_exchange_state *state = ends->state;
    const struct rpcancel_activity *activity = &ends->server.activities[0];
    memset(&state->server, 0, sizeof state->server);
    for (unsigned i = 1; i < RPCANCEL_ACTIVITIES_MAX; i++) {
        if (ends->server.activities[i].state != RPCANCEL_ACTIVITY_NONE)
            rpcancel_exchange_wrong(ends, "more activities at the server than clients there are");
    }
    state->server.resend_timer = activity->resend_timer;
    state->server.state = activity->state;
    if (activity->state == RPCANCEL_ACTIVITY_NONE)
        return;
    state->server.sequence = (uint8_t)activity->sequence;
    state->server.cancels = activity->cancels;
    state->server.flags = activity->flags;
    if (activity->state == RPCANCEL_ACTIVITY_IDLE)
        return; /* it sends no reply any more */
    state->server.cancel_pending = activity->cancel_pending;
    state->server.is_fault = activity->is_fault;
    state->server.resends = activity->resends;
}

/* Of a call that is over for its caller, only how often it was executed. */
static void forget(struct rpcancel_exchange_state *state)
{
    for (unsigned i = 0; i < RPCANCEL_EXCHANGE_CALLS; i++) {
        struct rpcancel_exchange_fate *fate = &state->fates[i];
        if (fate->is_over)
            fate->cancels = fate->posted = fate->taken = 0;
    }
}

static void arrange(uint16_t *way, unsigned count, bool sorted)
{
    memset(way + count, 0, (RPCANCEL_EXCHANGE_WAY_MAX - count) * sizeof *way);
    for (unsigned i = 1; i < count && sorted; i++) {
        for (unsigned j = i; j > 0 && way[j - 1] > way[j]; j--) {
            uint16_t other = way[j];
            way[j] = way[j - 1];
            way[j - 1] = other;
        }
    }
}

void rpcancel_exchange_finish(struct rpcancel_exchange_ends *ends)
{
    struct rpcancel_exchange_state *state = ends->state;
    finish_client(ends);
    finish_server(ends);
    forget(state);
    arrange(state->to_server, state->to_server_count, ends->setup->reorders);
    arrange(state->to_client, state->to_client_count, ends->setup->reorders);
}
