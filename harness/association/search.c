// SPDX-License-Identifier: Apache-2.0
#include "association/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_EVERY = 4096 /* states between looks at the limits */ };

struct search {
    const struct rpcancel_wire_search_options *options;
    struct rpcancel_wire_search_result *result;
    struct rpcancel_flat_table states;
    uint32_t *parents; /* of each state, and the action that led to it */
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
static bool is_within(const struct rpcancel_wire_limits *limits, const struct rpcancel_association *state,
                      struct rpcancel_action action)
{
    switch (action.kind) {
    case RPCANCEL_ACTION_CANCEL:
        return state->fates[action.call].cancels < limits->cancels;
    case RPCANCEL_ACTION_STRAY_CANCEL:
    case RPCANCEL_ACTION_STRAY_ORPHANED:
        return state->strays < limits->strays;
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

static void note_wrong(struct search *search, struct rpcancel_action action, const char *wrong)
{
    struct rpcancel_wire_search_result *result = search->result;
    struct rpcancel_action way[RPCANCEL_WIRE_PATH_MAX];
    unsigned count = 1;
    result->wrong = wrong;
    way[0] = action;
    for (uint32_t state = search->expanding; state != 0 && count < RPCANCEL_WIRE_PATH_MAX;
         state = search->parents[state])
        way[count++] = search->actions[search->leads[state]];
    result->path_length = count;
    for (unsigned i = 0; i < count; i++)
        result->path[i] = way[count - 1 - i];
    end_search(search, RPCANCEL_SEARCH_WRONG);
}

static bool make_room(struct search *search)
{
    if (search->states.room == search->room)
        return true;
    uint32_t *parents = realloc(search->parents, search->states.room * sizeof *parents);
    search->parents = parents ? parents : search->parents;
    uint8_t *leads = realloc(search->leads, search->states.room);
    search->leads = leads ? leads : search->leads;
    if (!parents || !leads)
        return false;
    search->room = search->states.room;
    return true;
}

static void add_state(struct search *search, const struct rpcancel_association *state, unsigned lead)
{
    bool is_new;
    uint32_t number = rpcancel_flat_table_add(&search->states, state, &is_new);
    if (number == RPCANCEL_NO_ITEM || !make_room(search)) {
        end_search(search, RPCANCEL_SEARCH_MEMORY);
        return;
    }
    if (is_new) {
        search->parents[number] = search->expanding;
        search->leads[number] = (uint8_t)lead;
    }
}

static void follow(struct search *search, const struct rpcancel_association *from, unsigned lead)
{
    const struct rpcancel_wire_search_options *options = search->options;
    struct rpcancel_action action = search->actions[lead];
    struct rpcancel_association to = *from;
    struct rpcancel_step_outcome outcome;
    if (!is_within(&options->limits, from, action))
        return;
    rpcancel_association_step(options->setup, &to, action, &outcome);
    search->result->full += outcome.is_full;
    if (!outcome.happened)
        return;
    search->result->edges++;
    struct rpcancel_wire_edge edge = {from, action, &outcome, &to};
    const char *wrong = options->judge(options->context, &edge);
    if (wrong)
        note_wrong(search, action, wrong);
    else
        add_state(search, &to, lead);
}

static void run(struct search *search)
{
    uint32_t level_end = 1; /* first state of the next depth */
    while (search->expanding < search->states.count && !search->ended) {
        struct rpcancel_association state;
        if (search->expanding == level_end) {
            level_end = search->states.count;
            search->result->depth++;
        }
        rpcancel_flat_table_get(&search->states, search->expanding, &state);
        for (unsigned lead = 0; lead < search->action_count && !search->ended; lead++)
            follow(search, &state, lead);
        if (search->ended)
            break;
        search->expanding++;
        if (search->expanding % LOOK_EVERY == 0) {
            const struct rpcancel_wire_search_options *options = search->options;
            if (options->stop && *options->stop)
                end_search(search, RPCANCEL_SEARCH_STOPPED);
            else if (options->memory && (uint64_t)search->states.room * sizeof state > options->memory)
                end_search(search, RPCANCEL_SEARCH_MEMORY);
        }
    }
    search->result->states = search->states.count;
}

void rpcancel_wire_search(const struct rpcancel_wire_search_options *options,
                          struct rpcancel_wire_search_result *result)
{
    struct search search = {.options = options, .result = result};
    memset(result, 0, sizeof *result);
    result->end = RPCANCEL_SEARCH_CLOSED;
    list_actions(&search);
    if (rpcancel_flat_table_open(&search.states, sizeof options->start)) {
        add_state(&search, &options->start, 0);
        run(&search);
    } else {
        result->end = RPCANCEL_SEARCH_MEMORY;
    }
    rpcancel_flat_table_close(&search.states);
    free(search.parents);
    free(search.leads);
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
