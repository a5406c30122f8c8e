// SPDX-License-Identifier: Apache-2.0
#include "association/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_EVERY = 4096 /* states between looks at the limits */ };

/* What is searched: states by their number, and what both observers know, by theirs. */
struct pair {
    uint32_t state;
    struct rpcancel_watched watched;
    uint32_t unused;
};
static_assert(sizeof(struct pair) == 16, "no padding: bytes are identity");

struct search {
    const struct rpcancel_wire_search_options *options;
    struct rpcancel_wire_search_result *result;
    struct rpcancel_flat_table states, pairs;
    struct rpcancel_watch watch;
    uint32_t *parents; /* of each pair, and the action that led to it */
    uint8_t *leads;
    uint32_t room;
    unsigned action_count;
    struct rpcancel_action actions[RPCANCEL_WIRE_ACTIONS_MAX];
    uint32_t expanding;
    bool ended;
};

/* ---- the alphabet ---- */

static void add_action(struct search *search, struct rpcancel_action action)
{
    assert(search->action_count < RPCANCEL_WIRE_ACTIONS_MAX);
    search->actions[search->action_count++] = action;
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

static void end_search(struct search *search, enum rpcancel_wire_search_end end)
{
    search->result->end = end;
    search->ended = true;
}

static void note_wrong(struct search *search, struct rpcancel_action action, const char *wrong, int violated)
{
    struct rpcancel_wire_search_result *result = search->result;
    struct rpcancel_action way[RPCANCEL_WIRE_PATH_MAX];
    unsigned count = 1;
    result->wrong = wrong;
    result->violated = violated;
    way[0] = action;
    for (uint32_t pair = search->expanding; pair != 0 && count < RPCANCEL_WIRE_PATH_MAX; pair = search->parents[pair])
        way[count++] = search->actions[search->leads[pair]];
    result->path_length = count;
    for (unsigned i = 0; i < count; i++)
        result->path[i] = way[count - 1 - i];
    end_search(search, RPCANCEL_SEARCH_WRONG);
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

static void add_pair(struct search *search, const struct rpcancel_association_state *state,
                     struct rpcancel_watched watched, unsigned lead)
{
    bool is_new;
    struct pair pair = {.state = rpcancel_flat_table_add(&search->states, state, &is_new), .watched = watched};
    uint32_t number =
        pair.state == RPCANCEL_NO_ITEM ? RPCANCEL_NO_ITEM : rpcancel_flat_table_add(&search->pairs, &pair, &is_new);
    if (number == RPCANCEL_NO_ITEM || !make_room(search) || search->watch.no_memory) {
        end_search(search, RPCANCEL_SEARCH_MEMORY);
        return;
    }
    if (is_new) {
        search->parents[number] = search->expanding;
        search->leads[number] = (uint8_t)lead;
    }
}

static void follow(struct search *search, const struct rpcancel_association_state *from,
                   struct rpcancel_watched watched, unsigned lead)
{
    const struct rpcancel_wire_search_options *options = search->options;
    struct rpcancel_action action = search->actions[lead];
    struct rpcancel_association_state to = *from;
    struct rpcancel_step_outcome outcome;
    struct rpcancel_watch_verdict verdict = {.violated = -1};
    if (!is_within(&options->limits, from, action))
        return;
    rpcancel_association_step(options->setup, &to, action, &outcome);
    search->result->full += outcome.is_full;
    if (!outcome.happened)
        return;
    search->result->edges++;
    struct rpcancel_wire_edge edge = {from, action, &outcome, &to};
    const char *wrong = options->judge ? options->judge(options->context, &edge) : NULL;
    if (options->rules)
        rpcancel_watch_edge(&search->watch, &watched, from, action, &outcome, &verdict);
    search->result->unjudged += verdict.unjudged;
    if (wrong || verdict.violated >= 0)
        note_wrong(search, action, wrong, verdict.violated);
    else
        add_pair(search, &to, watched, lead);
}

static void look_at_limits(struct search *search)
{
    const struct rpcancel_wire_search_options *options = search->options;
    uint64_t octets = (uint64_t)search->states.room * search->states.item_size +
                      (uint64_t)search->pairs.room * (search->pairs.item_size + 5) +
                      (uint64_t)search->watch.observers.room * search->watch.observers.item_size;
    if (options->stop && *options->stop)
        end_search(search, RPCANCEL_SEARCH_STOPPED);
    else if (options->memory && octets > options->memory)
        end_search(search, RPCANCEL_SEARCH_MEMORY);
    else if (options->progress)
        options->progress(search->pairs.count, search->expanding, search->result->edges);
}

static void run(struct search *search)
{
    uint32_t level_end = 1; /* first pair of the next depth */
    while (search->expanding < search->pairs.count && !search->ended) {
        struct rpcancel_association_state state;
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
            end_search(search, RPCANCEL_SEARCH_MEMORY);
            return;
        }
    }
    if (verdict.violated >= 0) {
        search->result->violated = verdict.violated;
        end_search(search, RPCANCEL_SEARCH_WRONG);
        return;
    }
    add_pair(search, &options->start, watched, 0);
    run(search);
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
    list_actions(search);
    if (rpcancel_flat_table_open(&search->states, sizeof options->start) &&
        rpcancel_flat_table_open(&search->pairs, sizeof(struct pair))) {
        result->end = RPCANCEL_SEARCH_CLOSED;
        begin(search);
        if (result->end == RPCANCEL_SEARCH_CLOSED && result->full > 0)
            result->end = RPCANCEL_SEARCH_MEMORY;
        memcpy(result->decided, search->watch.decided, sizeof result->decided);
        result->states = search->states.count;
        result->pairs = search->pairs.count;
    }
    rpcancel_watch_close(&search->watch);
    rpcancel_flat_table_close(&search->states);
    rpcancel_flat_table_close(&search->pairs);
    free(search->parents);
    free(search->leads);
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
