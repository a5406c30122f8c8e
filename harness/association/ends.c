// SPDX-License-Identifier: Apache-2.0
/* States to ends and back. */
#include "association/ends.h"

#include <string.h>

void rpcancel_ends_wrong(struct rpcancel_ends *ends, const char *text)
{
    if (!ends->outcome->wrong)
        ends->outcome->wrong = text;
}

struct rpcancel_fate *rpcancel_ends_fate(struct rpcancel_ends *ends, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        struct rpcancel_fate *fate = &ends->state->fates[i];
        if (fate->at_client != RPCANCEL_FATE_NONE && fate->call_id == call_id)
            return fate;
    }
    return NULL;
}

void rpcancel_ends_pattern(unsigned call, bool is_response, uint8_t octets[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8])
{
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8; i++)
        octets[i] = (uint8_t)((is_response ? 0x80 : 0) + 0x40 * (call % 2) + i);
}

uint16_t rpcancel_ends_keep(struct rpcancel_ends *ends, const uint8_t *bytes, size_t size)
{
    struct rpcancel_kept_fragment kept = {.size = (uint16_t)size};
    bool is_new;
    if (size > RPCANCEL_FRAGMENT_OCTETS) {
        ends->outcome->is_full = true;
        return 0;
    }
    memcpy(kept.bytes, bytes, size);
    uint32_t number = rpcancel_flat_table_add(&ends->setup->fragments, &kept, &is_new);
    if (number > UINT16_MAX) {
        ends->outcome->is_full = true;
        return 0;
    }
    return (uint16_t)number;
}

/* ---- states to ends ---- */

void rpcancel_ends_begin(struct rpcancel_ends *ends, struct rpcancel_setup *setup,
                         struct rpcancel_association_state *state, struct rpcancel_step_outcome *outcome)
{
    ends->setup = setup;
    ends->state = state;
    ends->outcome = outcome;
    ends->fills_outbox = ends->connection_ends = false;
    ends->client_room_size = ends->server_room_size = 0;
    ends->client_room_call = ends->server_room_call = 0;
    ends->client = setup->client;
    ends->server = setup->server;
    ends->client.host = &ends->client_host;
    ends->server.host = &ends->server_host;
    ends->client.is_over = state->client_ended;
    ends->client.last_call_id = state->last_call_id;
    ends->server.assembled = state->assembled;
    ends->server.assembling = state->assembling;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        ends->client.calls[i] = (struct rpcancel_client_call){.is_open = state->client_calls[i].is_open,
                                                              .is_answered = state->client_calls[i].is_answered,
                                                              .call_id = state->client_calls[i].call_id,
                                                              .cancels = state->client_calls[i].cancels,
                                                              .received = state->client_calls[i].received};
        ends->server.calls[i] = (struct rpcancel_server_call){.state = state->server_calls[i].state,
                                                              .cancel_pending = state->server_calls[i].cancel_pending,
                                                              .maybe = state->server_calls[i].maybe,
                                                              .cancels = state->server_calls[i].cancels,
                                                              .call_id = state->server_calls[i].call_id};
    }
}

/* ---- call_ids numbered anew ---- */

/* The numbers that are in use, and what each becomes. */
struct renaming {
    bool used[RPCANCEL_STRAY_CALL_ID];
    uint8_t renamed[RPCANCEL_STRAY_CALL_ID + 1];
};

static void use(struct renaming *renaming, unsigned call_id)
{
    if (call_id < RPCANCEL_STRAY_CALL_ID)
        renaming->used[call_id] = true;
}

static uint8_t rename_id(const struct renaming *renaming, unsigned call_id)
{
    return call_id < RPCANCEL_STRAY_CALL_ID ? renaming->renamed[call_id] : RPCANCEL_STRAY_CALL_ID;
}

/* The least octet of call_id, where it is whichever the byte order: numbers here are small. */
static uint8_t *id_in(struct rpcancel_kept_fragment *kept)
{
    return &kept->bytes[kept->bytes[4] >> 4 ? 12 : 15];
}

static void use_queue(struct rpcancel_ends *ends, struct renaming *renaming, const uint16_t *queue, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_kept_fragment kept;
        if (queue[i] == RPCANCEL_END_OF_CONNECTION)
            continue;
        rpcancel_fragment_at(ends->setup, queue[i], &kept);
        use(renaming, *id_in(&kept));
    }
}

static void rename_queue(struct rpcancel_ends *ends, const struct renaming *renaming, uint16_t *queue, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_kept_fragment kept;
        if (queue[i] == RPCANCEL_END_OF_CONNECTION)
            continue;
        rpcancel_fragment_at(ends->setup, queue[i], &kept);
        *id_in(&kept) = rename_id(renaming, *id_in(&kept));
        queue[i] = rpcancel_ends_keep(ends, kept.bytes, kept.size);
    }
}

static void rename_calls(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    struct renaming renaming = {0};
    unsigned count = 1; /* the bind's own */
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        use(&renaming, state->fates[i].call_id);
        use(&renaming, state->client_calls[i].call_id);
        use(&renaming, state->server_calls[i].call_id);
    }
    use_queue(ends, &renaming, state->outbox, state->outbox_count);
    use_queue(ends, &renaming, state->to_server, state->to_server_count);
    use_queue(ends, &renaming, state->to_client, state->to_client_count);
    for (unsigned id = 1; id < RPCANCEL_STRAY_CALL_ID; id++) {
        if (renaming.used[id])
            renaming.renamed[id] = (uint8_t)++count;
    }
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        state->fates[i].call_id = rename_id(&renaming, state->fates[i].call_id);
        state->client_calls[i].call_id = rename_id(&renaming, state->client_calls[i].call_id);
        state->server_calls[i].call_id = rename_id(&renaming, state->server_calls[i].call_id);
    }
    rename_queue(ends, &renaming, state->outbox, state->outbox_count);
    rename_queue(ends, &renaming, state->to_server, state->to_server_count);
    rename_queue(ends, &renaming, state->to_client, state->to_client_count);
    state->last_call_id = (uint8_t)count;
}

/* ---- ends to states ---- */

static void pack_calls(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    memset(state->client_calls, 0, sizeof state->client_calls);
    memset(state->server_calls, 0, sizeof state->server_calls);
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        const struct rpcancel_client_call *client = &ends->client.calls[i];
        const struct rpcancel_server_call *server = &ends->server.calls[i];
        if (client->is_open) {
            state->client_calls[i].is_open = 1;
            state->client_calls[i].is_answered = client->is_answered;
            state->client_calls[i].call_id = (uint8_t)client->call_id;
            state->client_calls[i].cancels = (uint8_t)client->cancels;
            state->client_calls[i].received = (uint8_t)client->received;
        }
        if (server->state != RPCANCEL_CALL_FREE) {
            state->server_calls[i].state = server->state & 15u;
            state->server_calls[i].cancel_pending = server->cancel_pending;
            state->server_calls[i].maybe = server->maybe;
            state->server_calls[i].call_id = (uint8_t)server->call_id;
            state->server_calls[i].cancels = (uint8_t)server->cancels;
        }
    }
}

/* What a state has no room for must not have happened. */
static void look_at_the_rest(struct rpcancel_ends *ends)
{
    const struct rpcancel_client *client = &ends->client;
    const struct rpcancel_server *server = &ends->server;
    if (client->calls[RPCANCEL_ASSOCIATION_CALLS].is_open ||
        server->calls[RPCANCEL_ASSOCIATION_CALLS].state != RPCANCEL_CALL_FREE)
        rpcancel_ends_wrong(ends, "more calls at an end than were made");
    if (client->bound != ends->setup->client.bound || client->multiplexed != ends->setup->client.multiplexed ||
        client->features != ends->setup->client.features || server->bound != ends->setup->server.bound ||
        server->multiplexed != ends->setup->server.multiplexed ||
        server->context_count != ends->setup->server.context_count)
        rpcancel_ends_wrong(ends, "what was negotiated changed without a bind");
}

/* Copies the octets of a queue that count, and clears the others. */
static void clear_rest(uint16_t *queue, unsigned count, unsigned most)
{
    memset(queue + count, 0, (most - count) * sizeof *queue);
}

void rpcancel_ends_finish(struct rpcancel_ends *ends)
{
    struct rpcancel_association_state *state = ends->state;
    look_at_the_rest(ends);
    pack_calls(ends);
    state->last_call_id = (uint8_t)ends->client.last_call_id;
    state->assembling = (int16_t)ends->server.assembling;
    state->assembled = ends->server.assembling >= 0 ? (uint8_t)ends->server.assembled : 0;
    if (ends->setup->renames)
        rename_calls(ends);
    if (state->outbox_count == 0)
        state->outbox_call = 0;
    clear_rest(state->outbox, state->outbox_count, RPCANCEL_ASSOCIATION_FRAGMENTS_MAX);
    clear_rest(state->to_server, state->to_server_count, RPCANCEL_TO_SERVER_MAX);
    clear_rest(state->to_client, state->to_client_count, RPCANCEL_TO_CLIENT_MAX);
}
