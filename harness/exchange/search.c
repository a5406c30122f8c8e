// SPDX-License-Identifier: Apache-2.0
#include "exchange/search.h"

#include <stdlib.h>
#include <string.h>

#include "datagram/event.h"
#include "exchange/strays.h"

struct search {
    const struct rpcancel_exchange_search_options *options;
    struct rpcancel_exchange_search_result *result;
    struct rpcancel_flat_search pairs;
    struct rpcancel_exchange_watch watch;
    struct rpcancel_exchange_action actions[RPCANCEL_EXCHANGE_LEADS_MAX];
};

/* ---- the alphabet ---- */

static void add_action(struct search *search, enum rpcancel_exchange_action_kind kind, unsigned place)
{
    assert(search->pairs.leads < RPCANCEL_EXCHANGE_LEADS_MAX);
    search->actions[search->pairs.leads++] =
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

static void note_wrong(struct search *search, unsigned lead, const char *wrong, int violated)
{
    struct rpcancel_exchange_search_result *result = search->result;
    uint8_t way[RPCANCEL_EXCHANGE_PATH_MAX];
    result->wrong = wrong;
    result->violated = violated;
    result->path_length = rpcancel_flat_search_path(&search->pairs, lead, way, RPCANCEL_EXCHANGE_PATH_MAX);
    for (unsigned i = 0; i < result->path_length; i++)
        result->path[i] = search->actions[way[i]];
    rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_WRONG);
}

static void follow(void *context, const void *state, const void *known, unsigned lead)
{
    struct search *search = context;
    const struct rpcancel_exchange_search_options *options = search->options;
    const struct rpcancel_exchange_state *from = state;
    struct rpcancel_exchange_action action = search->actions[lead];
    struct rpcancel_exchange_state to = *from;
    struct rpcancel_exchange_watched watched;
    struct rpcancel_exchange_outcome outcome;
    struct rpcancel_exchange_verdict verdict;
    memcpy(&watched, known, sizeof watched);
    if (!is_within(&options->limits, from, action))
        return;
    rpcancel_exchange_step(options->setup, &to, action, &outcome);
    search->result->beyond += outcome.is_full;
    if (!outcome.happened)
        return;
    search->pairs.edges++;
    rpcancel_exchange_watch_edge(&search->watch, &watched, &outcome, &verdict);
    search->result->unjudged += verdict.unjudged;
    const char *wrong = options->with_promises ? outcome.wrong : NULL;
    if (wrong || verdict.violated >= 0)
        note_wrong(search, lead, wrong, verdict.violated);
    else if (search->watch.no_memory)
        rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_MEMORY);
    else
        rpcancel_flat_search_add(&search->pairs, &to, &watched, lead);
}

static void begin(struct search *search)
{
    const struct rpcancel_exchange_search_options *options = search->options;
    struct rpcancel_exchange_watched watched;
    search->watch.setup = options->setup;
    search->watch.rules = *options->rules;
    search->watch.role = options->role;
    if (!rpcancel_exchange_watch_open(&search->watch, &watched)) {
        rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_MEMORY);
        return;
    }
    rpcancel_flat_search_add(&search->pairs, &options->start, &watched, 0);
    rpcancel_flat_search_run(&search->pairs);
}

void rpcancel_exchange_search(const struct rpcancel_exchange_search_options *options,
                              struct rpcancel_exchange_search_result *result)
{
    struct search *search = calloc(1, sizeof *search);
    memset(result, 0, sizeof *result);
    result->end = RPCANCEL_SEARCH_MEMORY;
    result->violated = -1;
    if (!search)
        return;
    search->options = options;
    search->result = result;
    search->pairs = (struct rpcancel_flat_search){.follow = follow,
                                                  .context = search,
                                                  .observers = &search->watch.observers,
                                                  .memory = options->memory,
                                                  .stop = options->stop,
                                                  .progress = options->progress};
    list_actions(search);
    if (rpcancel_flat_search_open(&search->pairs, sizeof options->start, sizeof(struct rpcancel_exchange_watched)))
        begin(search);
    result->end = search->pairs.end;
    memcpy(result->decided, search->watch.decided, sizeof result->decided);
    result->states = search->pairs.states.count;
    result->pairs = search->pairs.pairs.count;
    result->edges = search->pairs.edges;
    result->depth = search->pairs.depth;
    rpcancel_exchange_watch_close(&search->watch);
    rpcancel_flat_search_close(&search->pairs);
    free(search);
}
