// SPDX-License-Identifier: Apache-2.0
#include "association/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
    const struct rpcancel_wire_search_options *options;
    struct rpcancel_wire_search_result *result;
    struct rpcancel_flat_search pairs;
    struct rpcancel_watch watch;
    struct rpcancel_action actions[RPCANCEL_WIRE_ACTIONS_MAX];
};

/* ---- the alphabet ---- */

static void add_action(struct search *search, struct rpcancel_action action)
{
    assert(search->pairs.leads < RPCANCEL_WIRE_ACTIONS_MAX);
    search->actions[search->pairs.leads++] = action;
}

static void add_plain(struct search *search, enum rpcancel_action_kind kind, unsigned call, unsigned argument)
{
    add_action(search,
               (struct rpcancel_action){.kind = (uint8_t)kind, .call = (uint8_t)call, .argument = (uint8_t)argument});
}

static void list_actions_of_call(struct search *search, unsigned call)
{
    const struct rpcancel_wire_limits *limits = &search->options->limits;
    for (unsigned n = 1; n <= limits->request_fragments; n++) {
        add_plain(search, RPCANCEL_ACTION_CALL, call, n);
        if (limits->with_pending_cancel)
            add_plain(search, RPCANCEL_ACTION_CALL_CANCELLED, call, n);
    }
    add_plain(search, RPCANCEL_ACTION_CANCEL, call, 0);
    for (unsigned how = 0; how < RPCANCEL_ABANDONMENTS; how++) {
        if (limits->abandonments >> how & 1u)
            add_plain(search, RPCANCEL_ACTION_ABANDON, call, how);
    }
    add_plain(search, RPCANCEL_ACTION_TAKE, call, 0);
    for (unsigned n = 1; n <= limits->response_fragments; n++)
        add_plain(search, RPCANCEL_ACTION_RESPOND, call, n);
    if (limits->with_fault)
        add_action(search, (struct rpcancel_action){.kind = RPCANCEL_ACTION_FAULT,
                                                    .call = (uint8_t)call,
                                                    .status = (uint32_t)RPCANCEL_S_FAULT_CANCEL});
}

static void list_actions(struct search *search)
{
    const struct rpcancel_wire_limits *limits = &search->options->limits;
    for (unsigned call = 0; call < limits->calls; call++)
        list_actions_of_call(search, call);
    add_plain(search, RPCANCEL_ACTION_TRANSMIT, 0, 0);
    add_plain(search, RPCANCEL_ACTION_ARRIVE_SERVER, 0, 0);
    add_plain(search, RPCANCEL_ACTION_ARRIVE_CLIENT, 0, 0);
    if (limits->strays) {
        add_plain(search, RPCANCEL_ACTION_STRAY_CANCEL, 0, 0);
        add_plain(search, RPCANCEL_ACTION_STRAY_ORPHANED, 0, 0);
    }
    if (limits->with_loss)
        add_plain(search, RPCANCEL_ACTION_LOSE, 0, 0);
}

/* Whether the limits let |action| be tried. */
static bool is_within(const struct rpcancel_wire_limits *limits, const struct rpcancel_association_state *state,
                      struct rpcancel_action action)
{
    switch (action.kind) {
    case RPCANCEL_ACTION_CANCEL:
        return state->fates[action.call].cancels < limits->cancels;
    case RPCANCEL_ACTION_STRAY_CANCEL:
    case RPCANCEL_ACTION_STRAY_ORPHANED:
        return state->strays < limits->strays;
    case RPCANCEL_ACTION_TAKE:
        return limits->class != RPCANCEL_CLASS_HOLD;
    case RPCANCEL_ACTION_RESPOND:
        return limits->class != RPCANCEL_CLASS_PARK;
    case RPCANCEL_ACTION_FAULT:
        return limits->class != RPCANCEL_CLASS_PARK || state->fates[action.call].taken > 0;
    default:
        return true;
    }
}

/* ---- the search ---- */

static void note_wrong(struct search *search, unsigned lead, const char *wrong, int violated)
{
    struct rpcancel_wire_search_result *result = search->result;
    uint8_t way[RPCANCEL_WIRE_PATH_MAX];
    result->wrong = wrong;
    result->violated = violated;
    result->path_length = rpcancel_flat_search_path(&search->pairs, lead, way, RPCANCEL_WIRE_PATH_MAX);
    for (unsigned i = 0; i < result->path_length; i++)
        result->path[i] = search->actions[way[i]];
    rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_WRONG);
}

static void follow(void *context, const void *state, const void *known, unsigned lead)
{
    struct search *search = context;
    const struct rpcancel_wire_search_options *options = search->options;
    const struct rpcancel_association_state *from = state;
    struct rpcancel_action action = search->actions[lead];
    struct rpcancel_association_state to = *from;
    struct rpcancel_watched watched;
    struct rpcancel_step_outcome outcome;
    struct rpcancel_watch_verdict verdict = {.violated = -1};
    memcpy(&watched, known, sizeof watched);
    if (!is_within(&options->limits, from, action))
        return;
    rpcancel_association_step(options->setup, &to, action, &outcome);
    search->result->full += outcome.is_full;
    if (!outcome.happened)
        return;
    search->pairs.edges++;
    struct rpcancel_wire_edge edge = {from, action, &outcome, &to};
    const char *wrong = options->judge ? options->judge(options->context, &edge) : NULL;
    if (options->rules)
        rpcancel_watch_edge(&search->watch, &watched, from, action, &outcome, &verdict);
    search->result->unjudged += verdict.unjudged;
    if (wrong || verdict.violated >= 0)
        note_wrong(search, lead, wrong, verdict.violated);
    else if (search->watch.no_memory)
        rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_MEMORY);
    else
        rpcancel_flat_search_add(&search->pairs, &to, &watched, lead);
}

/* The observers have seen the bind, when there are any. */
static void begin(struct search *search)
{
    const struct rpcancel_wire_search_options *options = search->options;
    struct rpcancel_watched watched = {{0}};
    struct rpcancel_watch_verdict verdict = {.violated = -1};
    if (options->rules) {
        search->watch.setup = options->setup;
        search->watch.rules = *options->rules;
        search->watch.role = options->role;
        search->watch.class = options->limits.class;
        if (!rpcancel_watch_open(&search->watch, &watched, &verdict)) {
            rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_MEMORY);
            return;
        }
    }
    if (verdict.violated >= 0) {
        search->result->violated = verdict.violated;
        rpcancel_flat_search_end(&search->pairs, RPCANCEL_SEARCH_WRONG);
        return;
    }
    rpcancel_flat_search_add(&search->pairs, &options->start, &watched, 0);
    rpcancel_flat_search_run(&search->pairs);
}

void rpcancel_wire_search(const struct rpcancel_wire_search_options *options,
                          struct rpcancel_wire_search_result *result)
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
    if (rpcancel_flat_search_open(&search->pairs, sizeof options->start, sizeof(struct rpcancel_watched)))
        begin(search);
    result->end = search->pairs.end;
    if (result->end == RPCANCEL_SEARCH_CLOSED && result->full > 0)
        result->end = RPCANCEL_SEARCH_MEMORY;
    memcpy(result->decided, search->watch.decided, sizeof result->decided);
    result->states = search->pairs.states.count;
    result->pairs = search->pairs.pairs.count;
    result->edges = search->pairs.edges;
    result->depth = search->pairs.depth;
    rpcancel_watch_close(&search->watch);
    rpcancel_flat_search_close(&search->pairs);
    free(search);
}

/* ---- for people ---- */

void rpcancel_action_print(struct rpcancel_action action, char *text, size_t size)
{
    static const char *const words[RPCANCEL_ACTIONS] = {
        [RPCANCEL_ACTION_CALL] = "call %c in %u fragment(s)",
        [RPCANCEL_ACTION_CALL_CANCELLED] = "call %c in %u fragment(s), PENDING_CANCEL on the first",
        [RPCANCEL_ACTION_TRANSMIT] = "the next fragment leaves the client",
        [RPCANCEL_ACTION_CANCEL] = "cancel %c",
        [RPCANCEL_ACTION_ABANDON] = "cancel %c abort, hypothesis H%u",
        [RPCANCEL_ACTION_STRAY_CANCEL] = "co_cancel for a call that does not exist",
        [RPCANCEL_ACTION_STRAY_ORPHANED] = "orphaned for a call that does not exist",
        [RPCANCEL_ACTION_ARRIVE_SERVER] = "the next fragment arrives at the server",
        [RPCANCEL_ACTION_ARRIVE_CLIENT] = "the next fragment arrives at the client",
        [RPCANCEL_ACTION_TAKE] = "the application takes the cancel of %c",
        [RPCANCEL_ACTION_RESPOND] = "the application answers %c in %u fragment(s)",
        [RPCANCEL_ACTION_FAULT] = "the application faults %c",
        [RPCANCEL_ACTION_LOSE] = "the connection is lost"};
    static const char fault[] = " with 0x%08X";
    unsigned number = action.argument + (action.kind == RPCANCEL_ACTION_ABANDON ? 1u : 0u);
    int length = snprintf(text, size, words[action.kind], 'a' + action.call, number);
    if (action.kind == RPCANCEL_ACTION_FAULT && length > 0 && (size_t)length < size)
        snprintf(text + length, size - (size_t)length, fault, action.status);
}
