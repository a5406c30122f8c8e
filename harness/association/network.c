// SPDX-License-Identifier: Apache-2.0
#include "association/network.h"

#include <string.h>

struct step_result {
    uint32_t state;
    bool happened;
};

struct taken_step {
    struct rpcancel_action action;
    uint32_t state, unused;
};
static_assert(sizeof(struct taken_step) == 16, "no padding: bytes are identity");

/* ---- states of associations ---- */

static void get_state(const struct rpcancel_network *network, uint32_t number, struct rpcancel_association_state *state)
{
    rpcancel_flat_table_get(&network->states, number, state);
}

static uint32_t number_of(struct rpcancel_network *network, const struct rpcancel_association_state *state)
{
    bool is_new;
    uint32_t number = rpcancel_flat_table_add(&network->states, state, &is_new);
    if (number != RPCANCEL_NO_ITEM)
        return number;
    network->no_memory = true;
    return 0;
}

bool rpcancel_network_open(struct rpcancel_network *network)
{
    struct rpcancel_association_state start;
    network->setup = (struct rpcancel_setup){.choices = network->choices,
                                             .multiplexed = network->shared,
                                             .keeps_connection = network->shared,
                                             .renames = network->shared};
    network->taken = (struct rpcancel_flat_memo){0};
    network->states = (struct rpcancel_flat_table){0};
    network->no_memory = false;
    network->wrong = NULL;
    if (!rpcancel_setup_open(&network->setup, &start))
        return false;
    if (rpcancel_flat_table_open(&network->states, sizeof start) &&
        rpcancel_flat_memo_open(&network->taken, sizeof(struct taken_step), sizeof(struct step_result))) {
        number_of(network, &start);
        return true;
    }
    rpcancel_network_close(network);
    return false;
}

void rpcancel_network_close(struct rpcancel_network *network)
{
    rpcancel_setup_close(&network->setup);
    rpcancel_flat_table_close(&network->states);
    rpcancel_flat_memo_close(&network->taken);
}

/* Clears what no later message or answer depends on, so that one situation is one state. */
static void simplify(struct rpcancel_fate *fate)
{
    fate->arrived = fate->taken = 0; /* what a manager asks stays the same when it asks again */
    fate->cancel_pending = 0;        /* nothing of the API tells a client */
    fate->told = (fate->told > 0) & 1u;
    if (fate->at_client != RPCANCEL_FATE_OPEN)
        fate->cancels = 0; /* there will be no more */
    if (fate->at_server == RPCANCEL_FATE_ANSWERED)
        fate->told = 0;
}

static struct step_result take_step(struct rpcancel_network *network, uint32_t number, struct rpcancel_action action)
{
    struct rpcancel_association_state state;
    struct rpcancel_step_outcome outcome;
    get_state(network, number, &state);
    rpcancel_association_step(&network->setup, &state, action, &outcome);
    if (outcome.wrong)
        network->wrong = outcome.wrong;
    network->no_memory |= outcome.is_full;
    for (unsigned place = 0; place < RPCANCEL_PLACES; place++)
        simplify(&state.fates[place]);
    return (struct step_result){number_of(network, &state), outcome.happened};
}

/* Takes a step of association |*number|; false when it does not happen. */
static bool step(struct rpcancel_network *network, uint32_t *number, struct rpcancel_action action)
{
    struct taken_step key = {.action = action, .state = *number};
    bool is_new;
    struct step_result *result = rpcancel_flat_memo_at(&network->taken, &key, &is_new);
    if (!result) {
        network->no_memory = true;
        return false;
    }
    if (is_new)
        *result = take_step(network, *number, action);
    *number = result->state;
    return result->happened;
}

static bool plain_step(struct rpcancel_network *network, uint32_t *number, enum rpcancel_action_kind kind,
                       unsigned place, unsigned argument)
{
    return step(network, number,
                (struct rpcancel_action){.kind = (uint8_t)kind, .call = (uint8_t)place, .argument = (uint8_t)argument});
}

/* Sets the association of |place|, which may be that of all. */
static void set_route(const struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned place,
                      uint32_t number)
{
    for (unsigned i = 0; i < RPCANCEL_PLACES; i++) {
        if (i == place || network->shared)
            routes->association[i] = number;
    }
}

/* Ends at association |number|, unless nothing |happened|: that is |otherwise|. */
static enum rpcancel_network_end finish(const struct rpcancel_network *network, struct rpcancel_routes *routes,
                                        unsigned place, uint32_t number, bool happened,
                                        enum rpcancel_network_end otherwise)
{
    if (!happened)
        return otherwise;
    set_route(network, routes, place, number);
    return RPCANCEL_NETWORK_DONE;
}

/* ---- what is on its way ---- */

/* What stands in a queue, as far as messages go. |type| is RPCANCEL_PDU_TYPE_COUNT for the end of the connection. */
struct item {
    uint8_t type;
    uint8_t call_id;
};

static struct item item_at(struct rpcancel_network *network, const uint16_t *queue, unsigned count, unsigned position)
{
    struct rpcancel_kept_fragment kept;
    if (position >= count)
        return (struct item){0xFF, 0};
    if (queue[position] == RPCANCEL_END_OF_CONNECTION)
        return (struct item){RPCANCEL_PDU_TYPE_COUNT, 0};
    rpcancel_fragment_at(&network->setup, queue[position], &kept);
    return (struct item){kept.bytes[2], kept.bytes[12]};
}

/* Whether what was sent to give a call up begins at |position|, with a co_cancel. */
static bool begins_orphaned(struct rpcancel_network *network, const struct rpcancel_association_state *state,
                            unsigned position, unsigned call_id)
{
    struct item next = item_at(network, state->to_server, state->to_server_count, position + 1);
    switch (network->abandonment) {
    case RPCANCEL_ABANDON_CANCEL_ORPHANED:
        return next.type == RPCANCEL_PDU_ORPHANED && next.call_id == call_id;
    case RPCANCEL_ABANDON_CANCEL_DISCONNECT:
        return next.type == RPCANCEL_PDU_TYPE_COUNT;
    default:
        return false;
    }
}

/* Which message of |call_id| the |position|th item on its way to the server is part of: an operation that delivers it,
 * or 0. The last co_cancel of a call that was given up that way belongs to its orphaned, and so does the end of the
 * connection behind it. */
static unsigned message_at(struct rpcancel_network *network, const struct rpcancel_association_state *state,
                           unsigned position, unsigned call_id)
{
    struct item item = item_at(network, state->to_server, state->to_server_count, position);
    if (item.type == RPCANCEL_PDU_TYPE_COUNT) /* a connection that ends has one call, or nobody looks at it */
        return RPCANCEL_OP_DELIVER_ORPHANED;
    if (item.call_id != call_id)
        return 0;
    switch (item.type) {
    case RPCANCEL_PDU_REQUEST:
        return RPCANCEL_OP_DELIVER_REQUEST;
    case RPCANCEL_PDU_CO_CANCEL:
        return begins_orphaned(network, state, position, call_id) ? RPCANCEL_OP_DELIVER_ORPHANED
                                                                  : RPCANCEL_OP_DELIVER_CANCEL;
    case RPCANCEL_PDU_ORPHANED:
        return RPCANCEL_OP_DELIVER_ORPHANED;
    default:
        return 0;
    }
}

void rpcancel_network_view(struct rpcancel_network *network, const struct rpcancel_routes *routes, unsigned place,
                           struct rpcancel_call_view *view)
{
    struct rpcancel_association_state state;
    get_state(network, routes->association[place], &state);
    *view = (struct rpcancel_call_view){
        .fate = state.fates[place], .client_ended = state.client_ended, .server_ended = state.server_ended};
    if (view->fate.at_client == RPCANCEL_FATE_NONE)
        return;
    for (unsigned i = 0; i < state.to_server_count; i++) {
        unsigned message = message_at(network, &state, i, view->fate.call_id);
        view->request |= message == RPCANCEL_OP_DELIVER_REQUEST;
        view->cancel |= message == RPCANCEL_OP_DELIVER_CANCEL;
        view->orphaned |= message == RPCANCEL_OP_DELIVER_ORPHANED;
        view->parts_orphaned |=
            message == RPCANCEL_OP_DELIVER_ORPHANED && begins_orphaned(network, &state, i, view->fate.call_id);
    }
    for (unsigned i = 0; i < state.to_client_count; i++)
        view->reply |= item_at(network, state.to_client, state.to_client_count, i).call_id == view->fate.call_id;
}

/* ---- sending ---- */

enum rpcancel_network_end rpcancel_network_request(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                   unsigned place)
{
    uint32_t number = routes->association[place];
    bool happened = plain_step(network, &number, RPCANCEL_ACTION_CALL, place, RPCANCEL_NETWORK_FRAGMENTS);
    while (happened && plain_step(network, &number, RPCANCEL_ACTION_TRANSMIT, 0, 0))
        continue;
    return finish(network, routes, place, number, happened, RPCANCEL_NETWORK_NOTHING);
}

enum rpcancel_network_end rpcancel_network_cancel(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                  unsigned place)
{
    struct rpcancel_call_view view;
    rpcancel_network_view(network, routes, place, &view);
    if (view.fate.at_client == RPCANCEL_FATE_OPEN && view.fate.cancels >= network->cancels)
        return RPCANCEL_NETWORK_BEYOND;
    uint32_t number = routes->association[place];
    bool happened = plain_step(network, &number, RPCANCEL_ACTION_CANCEL, place, 0);
    return finish(network, routes, place, number, happened, RPCANCEL_NETWORK_NOTHING);
}

enum rpcancel_network_end rpcancel_network_orphan(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                  unsigned place)
{
    uint32_t number = routes->association[place];
    bool happened = plain_step(network, &number, RPCANCEL_ACTION_ABANDON, place, network->abandonment);
    return finish(network, routes, place, number, happened, RPCANCEL_NETWORK_NOTHING);
}

enum rpcancel_network_end rpcancel_network_reply(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                 unsigned place, uint32_t status)
{
    struct rpcancel_action action = {
        .kind = RPCANCEL_ACTION_RESPOND, .call = (uint8_t)place, .argument = RPCANCEL_NETWORK_FRAGMENTS};
    uint32_t number = routes->association[place];
    if (status != 0)
        action = (struct rpcancel_action){.kind = RPCANCEL_ACTION_FAULT, .call = (uint8_t)place, .status = status};
    bool happened = step(network, &number, action);
    return finish(network, routes, place, number, happened, RPCANCEL_NETWORK_NOTHING);
}

/* ---- arriving ---- */

/* Lets what is next arrive at the server as long as it is part of the message |kind|. */
static enum rpcancel_network_end deliver_to_server(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                   unsigned place, unsigned kind)
{
    uint32_t number = routes->association[place];
    for (unsigned arrived = 0;; arrived++) {
        struct rpcancel_association_state state;
        get_state(network, number, &state);
        if (message_at(network, &state, 0, state.fates[place].call_id) != kind)
            return finish(network, routes, place, number, arrived > 0, RPCANCEL_NETWORK_LEFT_OUT);
        plain_step(network, &number, RPCANCEL_ACTION_ARRIVE_SERVER, 0, 0);
    }
}

static enum rpcancel_network_end deliver_reply(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                               unsigned place)
{
    uint32_t number = routes->association[place];
    for (unsigned arrived = 0;; arrived++) {
        struct rpcancel_association_state state;
        get_state(network, number, &state);
        if (item_at(network, state.to_client, state.to_client_count, 0).call_id != state.fates[place].call_id)
            return finish(network, routes, place, number, arrived > 0, RPCANCEL_NETWORK_LEFT_OUT);
        plain_step(network, &number, RPCANCEL_ACTION_ARRIVE_CLIENT, 0, 0);
    }
}

enum rpcancel_network_end rpcancel_network_deliver(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                   unsigned place, enum rpcancel_operation_kind kind)
{
    struct rpcancel_call_view view;
    rpcancel_network_view(network, routes, place, &view);
    bool is_there = kind == RPCANCEL_OP_DELIVER_REQUEST    ? view.request
                    : kind == RPCANCEL_OP_DELIVER_CANCEL   ? view.cancel
                    : kind == RPCANCEL_OP_DELIVER_ORPHANED ? view.orphaned
                                                           : view.reply;
    if (!is_there)
        return RPCANCEL_NETWORK_NOTHING;
    if (kind == RPCANCEL_OP_DELIVER_REPLY)
        return deliver_reply(network, routes, place);
    return deliver_to_server(network, routes, place, kind);
}

/* ---- all of it ---- */

void rpcancel_network_settle(struct rpcancel_network *network, struct rpcancel_routes *routes)
{
    for (unsigned place = 0; place < (network->shared ? 1 : RPCANCEL_PLACES); place++) {
        uint32_t number = routes->association[place];
        while (plain_step(network, &number, RPCANCEL_ACTION_ARRIVE_SERVER, 0, 0))
            continue;
        while (plain_step(network, &number, RPCANCEL_ACTION_ARRIVE_CLIENT, 0, 0))
            continue;
        set_route(network, routes, place, number);
    }
}

void rpcancel_network_lose(struct rpcancel_network *network, struct rpcancel_routes *routes)
{
    for (unsigned place = 0; place < (network->shared ? 1 : RPCANCEL_PLACES); place++) {
        uint32_t number = routes->association[place];
        if (number != 0 && plain_step(network, &number, RPCANCEL_ACTION_LOSE, 0, 0))
            set_route(network, routes, place, number);
    }
}

static void move(struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned from, unsigned to)
{
    struct rpcancel_association_state state;
    get_state(network, routes->association[from], &state);
    state.fates[to] = state.fates[from];
    memset(&state.fates[from], 0, sizeof state.fates[from]);
    uint32_t number = number_of(network, &state);
    if (!network->shared)
        routes->association[from] = 0;
    set_route(network, routes, to, number);
}

void rpcancel_network_set_aside(struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned handle)
{
    move(network, routes, rpcancel_place(handle, false), rpcancel_place(handle, true));
}

void rpcancel_network_forget(struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned place)
{
    struct rpcancel_association_state state;
    if (!network->shared) {
        routes->association[place] = 0;
        return;
    }
    get_state(network, routes->association[place], &state);
    memset(&state.fates[place], 0, sizeof state.fates[place]);
    set_route(network, routes, place, number_of(network, &state));
}
