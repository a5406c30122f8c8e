// SPDX-License-Identifier: Apache-2.0
#include "exchange/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datagram/event.h"
#include "exchange/strays.h"

enum { LOOK_EVERY = 4096 /* pairs between looks at the limits */ };

/* What is searched: states by their number, and what the observers know, by theirs. */
struct pair {
    uint32_t state;
    struct rpcancel_exchange_watched watched;
};
static_assert(sizeof(struct pair) == 16, "no padding: bytes are identity");

struct search {
    const struct rpcancel_exchange_search_options *options;
    struct rpcancel_exchange_search_result *result;
    struct rpcancel_flat_table states, pairs;
    struct rpcancel_exchange_watch watch;
    uint32_t *parents; /* of each pair, and the action that led to it */
    uint8_t *leads;
    uint32_t room;
    unsigned action_count;
    struct rpcancel_exchange_action actions[RPCANCEL_EXCHANGE_LEADS_MAX];
    uint32_t expanding;
    bool ended;
};

/* ---- the alphabet ---- */

static void add_action(struct search *search, enum rpcancel_exchange_action_kind kind, unsigned place)
{
    assert(search->action_count < RPCANCEL_EXCHANGE_LEADS_MAX);
    search->actions[search->action_count++] =
        (struct rpcancel_exchange_action){.kind = (uint8_t)kind, .place = (uint8_t)place};
}

/* Without reordering nothing but the oldest moves: what is to be lost may as well be when it is the oldest. */
static void list_actions_of_network(struct search *search)
{
    const struct rpcancel_exchange_limits *limits = &search->options->limits;
    const struct rpcancel_exchange_setup *setup = search->options->setup;
    for (unsigned place = 0; place < (setup->reorders ? setup->capacity : 1); place++) {
        add_action(search, RPCANCEL_EXCHANGE_ARRIVE_SERVER, place);
        add_action(search, RPCANCEL_EXCHANGE_ARRIVE_CLIENT, place);
        if (limits->doubles) {
            add_action(search, RPCANCEL_EXCHANGE_DOUBLE_SERVER, place);
            add_action(search, RPCANCEL_EXCHANGE_DOUBLE_CLIENT, place);
        }
        if (limits->loses) {
            add_action(search, RPCANCEL_EXCHANGE_LOSE_SERVER, place);
            add_action(search, RPCANCEL_EXCHANGE_LOSE_CLIENT, place);
        }
    }
}

static void list_actions(struct search *search)
{
    const struct rpcancel_exchange_limits *limits = &search->options->limits;
    bool to_server = limits->stray_to == RPCANCEL_SENDER_SERVER;
    add_action(search, RPCANCEL_EXCHANGE_CALL, 0);
    add_action(search, RPCANCEL_EXCHANGE_CANCEL, 0);
    if (limits->gives_up)
        add_action(search, RPCANCEL_EXCHANGE_ORPHAN, 0);
    list_actions_of_network(search);
    add_action(search, RPCANCEL_EXCHANGE_TAKE, 0);
    add_action(search, RPCANCEL_EXCHANGE_RESPOND, 0);
    if (limits->faults)
        add_action(search, RPCANCEL_EXCHANGE_FAULT, 0);
    add_action(search, RPCANCEL_EXCHANGE_WAIT, 0);
    for (unsigned which = 0; which < (limits->strays ? RPCANCEL_EXCHANGE_STRAYS : 0); which++)
        add_action(search, to_server ? RPCANCEL_EXCHANGE_STRAY_SERVER : RPCANCEL_EXCHANGE_STRAY_CLIENT, which);
}

/* Whether the limits let |action| be tried. */
static bool is_within(const struct rpcancel_exchange_limits *limits, const struct rpcancel_exchange_state *state,
                      struct rpcancel_exchange_action action)
{
    unsigned sequence = state->client.sequence;
    switch (action.kind) {
    case RPCANCEL_EXCHANGE_CALL:
        return sequence < limits->calls;
    case RPCANCEL_EXCHANGE_CANCEL:
        return sequence > 0 && state->fates[sequence - 1].cancels < limits->cancels;
    case RPCANCEL_EXCHANGE_WAIT:
        return limits->is_slow || state->to_server_count + state->to_client_count == 0;
    case RPCANCEL_EXCHANGE_STRAY_SERVER:
    case RPCANCEL_EXCHANGE_STRAY_CLIENT:
        return state->strays < limits->strays;
    default:
        return true;
    }
}

/* ---- the search ---- */

static void end_search(struct search *search, enum rpcancel_exchange_search_end end)
{
    search->result->end = end;
    search->ended = true;
}

static void note_wrong(struct search *search, struct rpcancel_exchange_action action, const char *wrong, int violated)
{
    struct rpcancel_exchange_search_result *result = search->result;
    struct rpcancel_exchange_action way[RPCANCEL_EXCHANGE_PATH_MAX];
    unsigned count = 1;
    result->wrong = wrong;
    result->violated = violated;
    way[0] = action;
    for (uint32_t pair = search->expanding; pair != 0 && count < RPCANCEL_EXCHANGE_PATH_MAX;
         pair = search->parents[pair])
        way[count++] = search->actions[search->leads[pair]];
    result->path_length = count;
    for (unsigned i = 0; i < count; i++)
        result->path[i] = way[count - 1 - i];
    end_search(search, RPCANCEL_EXCHANGE_WRONG);
}

static bool make_room(struct search *search)
{
    if (search->pairs.room == search->room)
        return true;
    uint32_t *parents = realloc(search->parents, search->pairs.room * sizeof *parents);
    search->parents = parents ? parents : search->parents;
    uint8_t *leads = realloc(search->leads, search->pairs.room);
    search->leads = leads ? leads : search->leads;
    if (!parents || !leads)
        return false;
    search->room = search->pairs.room;
    return true;
}

static void add_pair(struct search *search, const struct rpcancel_exchange_state *state,
                     struct rpcancel_exchange_watched watched, unsigned lead)
{
    bool is_new;
    struct pair pair = {.state = rpcancel_flat_table_add(&search->states, state, &is_new), .watched = watched};
    uint32_t number =
        pair.state == RPCANCEL_NO_ITEM ? RPCANCEL_NO_ITEM : rpcancel_flat_table_add(&search->pairs, &pair, &is_new);
    if (number == RPCANCEL_NO_ITEM || !make_room(search) || search->watch.no_memory) {
        end_search(search, RPCANCEL_EXCHANGE_MEMORY);
        return;
    }
    if (is_new) {
        search->parents[number] = search->expanding;
        search->leads[number] = (uint8_t)lead;
    }
}

static void follow(struct search *search, const struct rpcancel_exchange_state *from,
                   struct rpcancel_exchange_watched watched, unsigned lead)
{
    const struct rpcancel_exchange_search_options *options = search->options;
    struct rpcancel_exchange_action action = search->actions[lead];
    struct rpcancel_exchange_state to = *from;
    struct rpcancel_exchange_outcome outcome;
    struct rpcancel_exchange_verdict verdict;
    if (!is_within(&options->limits, from, action))
        return;
    rpcancel_exchange_step(options->setup, &to, action, &outcome);
    search->result->beyond += outcome.is_full;
    if (!outcome.happened)
        return;
    search->result->edges++;
    rpcancel_exchange_watch_edge(&search->watch, &watched, &outcome, &verdict);
    search->result->unjudged += verdict.unjudged;
    const char *wrong = options->with_promises ? outcome.wrong : NULL;
    if (wrong || verdict.violated >= 0)
        note_wrong(search, action, wrong, verdict.violated);
    else
        add_pair(search, &to, watched, lead);
}

static void look_at_limits(struct search *search)
{
    const struct rpcancel_exchange_search_options *options = search->options;
    uint64_t octets = (uint64_t)search->states.room * search->states.item_size +
                      (uint64_t)search->pairs.room * (search->pairs.item_size + 5) +
                      (uint64_t)search->watch.observers.room * search->watch.observers.item_size;
    if (options->stop && *options->stop)
        end_search(search, RPCANCEL_EXCHANGE_STOPPED);
    else if (options->memory && octets > options->memory)
        end_search(search, RPCANCEL_EXCHANGE_MEMORY);
    else if (options->progress)
        options->progress(search->pairs.count, search->expanding, search->result->edges);
}

static void run(struct search *search)
{
    uint32_t level_end = 1; /* first pair of the next depth */
    while (search->expanding < search->pairs.count && !search->ended) {
        struct rpcancel_exchange_state state;
        struct pair pair;
        if (search->expanding == level_end) {
            level_end = search->pairs.count;
            search->result->depth++;
        }
        rpcancel_flat_table_get(&search->pairs, search->expanding, &pair);
        rpcancel_flat_table_get(&search->states, pair.state, &state);
        for (unsigned lead = 0; lead < search->action_count && !search->ended; lead++)
            follow(search, &state, pair.watched, lead);
        if (!search->ended && ++search->expanding % LOOK_EVERY == 0)
            look_at_limits(search);
    }
}

static void begin(struct search *search)
{
    const struct rpcancel_exchange_search_options *options = search->options;
    struct rpcancel_exchange_watched watched;
    search->watch.setup = options->setup;
    search->watch.rules = *options->rules;
    search->watch.role = options->role;
    if (!rpcancel_exchange_watch_open(&search->watch, &watched)) {
        end_search(search, RPCANCEL_EXCHANGE_MEMORY);
        return;
    }
    add_pair(search, &options->start, watched, 0);
    run(search);
}

void rpcancel_exchange_search(const struct rpcancel_exchange_search_options *options,
                              struct rpcancel_exchange_search_result *result)
{
    struct search *search = calloc(1, sizeof *search);
    memset(result, 0, sizeof *result);
    result->end = RPCANCEL_EXCHANGE_MEMORY;
    result->violated = -1;
    if (!search)
        return;
    search->options = options;
    search->result = result;
    list_actions(search);
    if (rpcancel_flat_table_open(&search->states, sizeof options->start) &&
        rpcancel_flat_table_open(&search->pairs, sizeof(struct pair))) {
        result->end = RPCANCEL_EXCHANGE_CLOSED;
        begin(search);
        memcpy(result->decided, search->watch.decided, sizeof result->decided);
        result->states = search->states.count;
        result->pairs = search->pairs.count;
    }
    rpcancel_exchange_watch_close(&search->watch);
    rpcancel_flat_table_close(&search->states);
    rpcancel_flat_table_close(&search->pairs);
    free(search->parents);
    free(search->leads);
    free(search);
}
