// SPDX-License-Identifier: Apache-2.0
#include "engine/hidden.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/interned.h"
#include "engine/view.h"
#include "engine/worth_trying.h"
#include "mutants/ask.h"

enum { MEMBERS_MAX = 2048 };

/* A state that the reference may be in after a trace, or might be in had it answered otherwise where it may, and the
 * account that goes with it. */
struct member {
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    uint32_t is_exact; /* 1: it answered all as the trace has it */
};
static_assert(sizeof(struct member) == 68, "no padding: bytes are identity");

/* What the mutant is in: its state, what happened to it in truth, and the set that its trace leads to. */
struct state {
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    uint32_t set;
};
static_assert(sizeof(struct state) == 68, "no padding: bytes are identity");

/* A step from a set: its number, the operation and the answer. */
struct step {
    uint32_t set;
    uint32_t code;
    uint16_t lead;
    uint8_t kind;
    uint8_t facts;
};
static_assert(sizeof(struct step) == 12, "no padding: bytes are identity");

enum move_kind {
    SAME,    /* to |set| */
    BROKEN,  /* of accounts: no account is left; |set| is the index of a rule */
    EXCUSED, /* of the reference: it answers otherwise, and may; |set| goes on, or RPCANCEL_NOT_INTERNED */
    UNHEARD, /* of the reference: it answers otherwise, and the documents allow nothing else */
    FAILED   /* no memory, or more members than are kept */
};

struct move {
    uint8_t kind; /* enum move_kind */
    uint32_t set;
};

/* Sets of one sort, and what is known of steps from them. */
struct sets {
    struct rpcancel_interned kept;
    struct rpcancel_interned steps;
    struct move *moves; /* by number of the step */
    uint32_t room;
};

struct rpcancel_hidden {
    const struct rpcancel_classify_options *options;
    struct rpcancel_rule_set rules;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_view view;
    struct sets accounts;  /* of struct rpcancel_observer */
    struct sets reference; /* of struct member, as long as some are exact of those alone */
    struct sets wide;      /* of struct member, of all */
    uint32_t no_trace;     /* of all sorts of sets the first, which belongs to the trace without anything */
    struct rpcancel_interned states;
    uint32_t *parents;
    uint16_t *leads;
    uint32_t room;
    unsigned count;
    struct member members[MEMBERS_MAX];
};

/* ---- sets ---- */

static int compare_observers(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct rpcancel_observer));
}

static int compare_members(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct member));
}

static struct move move_to(uint32_t set)
{
    return (struct move){.kind = set == RPCANCEL_NOT_INTERNED ? FAILED : SAME, .set = set};
}

/* Keeps what the view stands for. */
static uint32_t keep_accounts(struct rpcancel_hidden *hidden)
{
    struct rpcancel_observer_set *now = &hidden->view.now;
    qsort(now->members, now->count, sizeof now->members[0], compare_observers);
    return rpcancel_interned_add(&hidden->accounts.kept, now->members, now->count * sizeof now->members[0]);
}

/* Keeps the members collected. */
static uint32_t keep_members(struct rpcancel_hidden *hidden, struct sets *sets)
{
    qsort(hidden->members, hidden->count, sizeof hidden->members[0], compare_members);
    return rpcancel_interned_add(&sets->kept, hidden->members, hidden->count * sizeof hidden->members[0]);
}

static bool collect(struct rpcancel_hidden *hidden, const struct member *member)
{
    for (unsigned i = 0; i < hidden->count; i++) {
        if (memcmp(&hidden->members[i], member, offsetof(struct member, is_exact)) != 0)
            continue;
        hidden->members[i].is_exact |= member->is_exact;
        return true;
    }
    if (hidden->count == MEMBERS_MAX)
        return false;
    hidden->members[hidden->count++] = *member;
    return true;
}

static struct rpcancel_answer ask_reference(const struct rpcancel_hidden *hidden, struct member *member,
                                            struct rpcancel_operation operation)
{
    const struct rpcancel_stepper reference = {.function = NULL};
    return rpcancel_ask(&reference, hidden->options->choices, &member->world, &member->observer, operation);
}

/* Adds to the members collected what unseen deliveries make of them; false when they are too many. */
static bool close_members(struct rpcancel_hidden *hidden)
{
    for (unsigned i = 0; i < hidden->count; i++) {
        for (unsigned lead = 0; lead < hidden->alphabet.count; lead++) {
            struct rpcancel_operation operation = hidden->alphabet.operations[lead];
            struct member next = hidden->members[i];
            if (!rpcancel_is_delivery(operation.kind))
                continue;
            struct rpcancel_answer answer = ask_reference(hidden, &next, operation);
            rpcancel_observe(&next.observer, operation, answer);
            if (rpcancel_answer_happened(answer) && !collect(hidden, &next))
                return false;
        }
    }
    return true;
}

/* ---- steps from sets ---- */

static struct move judge(struct rpcancel_hidden *hidden, uint32_t set, const struct rpcancel_event *event)
{
    struct rpcancel_observer_set *now = &hidden->view.now;
    struct rpcancel_view_judgement judgement;
    size_t size;
    const uint8_t *record = rpcancel_interned_at(&hidden->accounts.kept, set, &size);
    hidden->view.hidden = true;
    rpcancel_set_clear(now);
    for (; size > 0; record += sizeof now->members[0], size -= sizeof now->members[0]) {
        struct rpcancel_observer member;
        memcpy(&member, record, sizeof member);
        rpcancel_set_add(now, &member);
    }
    switch (rpcancel_view_take(&hidden->view, &hidden->rules, event, 1, &judgement)) {
    case RPCANCEL_VIEW_CONSISTENT:
        return move_to(keep_accounts(hidden));
    case RPCANCEL_VIEW_CONTRADICTED:
        return (struct move){.kind = BROKEN, .set = judgement.rules[0]};
    default:
        return (struct move){.kind = FAILED};
    }
}

static bool is_allowed(const struct rpcancel_hidden *hidden, const struct rpcancel_observer *observer,
                       const struct rpcancel_event *event)
{
    struct rpcancel_situation situation;
    rpcancel_situate(&situation, observer, event->operation);
    const struct rpcancel_cell *cell = rpcancel_cell_find(&situation, hidden->options->profile);
    return !rpcancel_cell_is_owed(cell) || rpcancel_cell_allows(cell, event->answer);
}

static bool is_same(struct rpcancel_answer a, struct rpcancel_answer b)
{
    return a.kind == b.kind && a.code == b.code && a.facts == b.facts;
}

/* What became of the members of a set that were asked. */
struct asked {
    unsigned count;   /* of those that can be asked, by their accounts */
    unsigned allowed; /* of those whose accounts allow the answer */
    bool is_exact;    /* one gives that answer, and gave all before it */
};

/* Collects the members of |set| that give the answer of |event|, and those that do not but may and would know the same
 * then. */
static struct asked follow_members(struct rpcancel_hidden *hidden, const struct sets *sets, uint32_t set,
                                   const struct rpcancel_event *event)
{
    size_t size;
    const uint8_t *record = rpcancel_interned_at(&sets->kept, set, &size);
    struct asked asked = {0};
    hidden->count = 0;
    for (; size > 0; record += sizeof(struct member), size -= sizeof(struct member)) {
        struct member member;
        memcpy(&member, record, sizeof member);
        const struct rpcancel_observer before = member.observer;
        struct rpcancel_observer told = before;
        struct rpcancel_answer answer = ask_reference(hidden, &member, event->operation);
        if (!rpcancel_answer_happened(answer))
            continue;
        bool same = is_same(answer, event->answer);
        bool allowed = same || is_allowed(hidden, &before, event);
        rpcancel_observe(&member.observer, event->operation, answer);
        rpcancel_observe(&told, event->operation, event->answer);
        member.is_exact &= same;
        asked.count++;
        asked.allowed += allowed;
        asked.is_exact |= member.is_exact != 0;
        if (allowed && compare_observers(&told, &member.observer) == 0)
            collect(hidden, &member); /* no more than there were */
    }
    return asked;
}

static void leave_exact_members(struct rpcancel_hidden *hidden)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < hidden->count; i++) {
        if (hidden->members[i].is_exact)
            hidden->members[kept++] = hidden->members[i];
    }
    hidden->count = kept;
}

static struct move compare(struct rpcancel_hidden *hidden, struct sets *sets, uint32_t set,
                           const struct rpcancel_event *event)
{
    struct asked asked = follow_members(hidden, sets, set, event);
    if (sets == &hidden->reference && asked.is_exact)
        leave_exact_members(hidden);
    /* What no function returns, and whether a stub raises, nobody speaks of. */
    bool is_spoken_of = !rpcancel_returns_no_code(event->operation.kind) && event->operation.kind != RPCANCEL_OP_CALL;
    if (is_spoken_of && asked.count > 0 && asked.allowed == 0)
        return (struct move){.kind = UNHEARD};
    if (hidden->count == 0)
        return (struct move){.kind = EXCUSED, .set = RPCANCEL_NOT_INTERNED};
    uint32_t next = close_members(hidden) ? keep_members(hidden, sets) : RPCANCEL_NOT_INTERNED;
    if (next == RPCANCEL_NOT_INTERNED)
        return (struct move){.kind = FAILED};
    return (struct move){.kind = asked.is_exact ? SAME : EXCUSED, .set = next};
}

/* What |event|, operation |lead| of the alphabet, makes of |set|: found out once, then known. */
static struct move take(struct rpcancel_hidden *hidden, struct sets *sets, uint32_t set, unsigned lead,
                        const struct rpcancel_event *event)
{
    const struct step step = {.set = set,
                              .code = event->answer.code,
                              .lead = (uint16_t)lead,
                              .kind = event->answer.kind,
                              .facts = event->answer.facts};
    uint32_t before = sets->steps.count;
    uint32_t number = rpcancel_interned_add(&sets->steps, &step, sizeof step);
    if (number == RPCANCEL_NOT_INTERNED)
        return (struct move){.kind = FAILED};
    if (number < before)
        return sets->moves[number];
    if (number >= sets->room) {
        uint32_t room = sets->room ? 2 * sets->room : 1024;
        struct move *moves = realloc(sets->moves, room * sizeof *moves);
        if (!moves)
            return (struct move){.kind = FAILED};
        sets->moves = moves;
        sets->room = room;
    }
    sets->moves[number] = sets == &hidden->accounts ? judge(hidden, set, event) : compare(hidden, sets, set, event);
    return sets->moves[number];
}

/* ---- the search ---- */

struct search {
    struct rpcancel_hidden *hidden;
    const struct rpcancel_stepper *step;
    struct rpcancel_hidden_result *result;
    struct sets *sets;
    uint32_t expanding;
    bool ended, failed;
};

static void add(struct search *search, const struct state *state, unsigned lead)
{
    struct rpcancel_hidden *hidden = search->hidden;
    uint32_t before = hidden->states.count;
    uint32_t number = rpcancel_interned_add(&hidden->states, state, sizeof *state);
    search->failed |= number == RPCANCEL_NOT_INTERNED || hidden->states.used > hidden->options->memory;
    if (search->failed || number < before)
        return;
    if (number >= hidden->room) {
        uint32_t room = hidden->room ? 2 * hidden->room : 1024;
        uint32_t *parents = realloc(hidden->parents, room * sizeof *parents);
        hidden->parents = parents ? parents : hidden->parents;
        uint16_t *leads = realloc(hidden->leads, room * sizeof *leads);
        hidden->leads = leads ? leads : hidden->leads;
        search->failed = !parents || !leads;
        if (search->failed)
            return;
        hidden->room = room;
    }
    hidden->parents[number] = search->expanding;
    hidden->leads[number] = (uint16_t)lead;
}

static void keep_path(struct search *search, unsigned lead, struct rpcancel_answer answer)
{
    const struct rpcancel_hidden *hidden = search->hidden;
    struct rpcancel_hidden_result *result = search->result;
    unsigned depth = 0;
    for (uint32_t number = search->expanding; number != 0; number = hidden->parents[number])
        depth++;
    result->path_length = depth + 1;
    result->answer = answer;
    if (depth < RPCANCEL_PRODUCT_PATH_MAX)
        result->path[depth] = hidden->alphabet.operations[lead];
    for (uint32_t number = search->expanding; number != 0; number = hidden->parents[number]) {
        if (--depth < RPCANCEL_PRODUCT_PATH_MAX)
            result->path[depth] = hidden->alphabet.operations[hidden->leads[number]];
    }
}

static void decide(struct search *search, struct move move, unsigned lead, struct rpcancel_answer answer)
{
    struct rpcancel_hidden_result *result = search->result;
    search->failed |= move.kind == FAILED;
    if (move.kind == BROKEN) {
        result->mutant_class = RPCANCEL_MUTANT_KILLED;
        result->rule = (int)move.set;
    } else if (move.kind == UNHEARD) {
        result->mutant_class = RPCANCEL_MUTANT_MISSED;
    }
    search->ended = move.kind == BROKEN || move.kind == UNHEARD;
    if (search->ended || (move.kind == EXCUSED && result->mutant_class == RPCANCEL_MUTANT_EQUIVALENT))
        keep_path(search, lead, answer);
    if (move.kind == EXCUSED)
        result->mutant_class = RPCANCEL_MUTANT_UNSPECIFIED;
}

static void follow(struct search *search, const struct state *from, unsigned lead)
{
    struct rpcancel_hidden *hidden = search->hidden;
    struct rpcancel_event event = {.operation = hidden->alphabet.operations[lead]};
    struct state to = *from;
    event.answer = rpcancel_ask(search->step, hidden->options->choices, &to.world, &from->observer, event.operation);
    if (!rpcancel_answer_happened(event.answer) || rpcancel_count_earlier(&to.world) > hidden->options->earlier)
        return;
    rpcancel_observe(&to.observer, event.operation, event.answer);
    if (!rpcancel_is_delivery(event.operation.kind)) {
        struct move move = take(hidden, search->sets, from->set, lead, &event);
        decide(search, move, lead, event.answer);
        if (search->ended || search->failed || move.set == RPCANCEL_NOT_INTERNED)
            return;
        to.set = move.set;
    }
    add(search, &to, lead);
}

/* Searches the traces of |step| with the sets that |sets| has for them. Returns false when it did not come to its end.
 */
static bool search_traces(struct rpcancel_hidden *hidden, const struct rpcancel_stepper *step, struct sets *sets,
                          struct rpcancel_hidden_result *result)
{
    struct search search = {.hidden = hidden, .step = step, .result = result, .sets = sets};
    struct state state;
    memset(&state, 0, sizeof state);
    rpcancel_world_reset(&state.world);
    rpcancel_observer_reset(&state.observer);
    state.set = hidden->no_trace;
    rpcancel_interned_clear(&hidden->states);
    add(&search, &state, 0);
    for (; search.expanding < hidden->states.count && !search.ended && !search.failed; search.expanding++) {
        size_t size;
        memcpy(&state, rpcancel_interned_at(&hidden->states, search.expanding, &size), sizeof state);
        for (unsigned lead = 0; lead < hidden->alphabet.count && !search.ended && !search.failed; lead++)
            follow(&search, &state, lead);
        search.failed |= hidden->options->stop && *hidden->options->stop;
    }
    result->states += hidden->states.count;
    return !search.failed;
}

void rpcancel_hidden_classify(struct rpcancel_hidden *hidden, const struct rpcancel_stepper *step,
                              struct rpcancel_hidden_result *result)
{
    *result = (struct rpcancel_hidden_result){.mutant_class = RPCANCEL_MUTANT_EQUIVALENT, .rule = -1};
    bool decided = search_traces(hidden, step, &hidden->accounts, result);
    if (decided && result->mutant_class != RPCANCEL_MUTANT_KILLED)
        decided = search_traces(hidden, step, &hidden->reference, result);
    if (decided && result->mutant_class == RPCANCEL_MUTANT_MISSED) { /* by the accounts of exact ones, at least */
        result->mutant_class = RPCANCEL_MUTANT_EQUIVALENT;
        decided = search_traces(hidden, step, &hidden->wide, result);
    }
    if (!decided)
        result->mutant_class = RPCANCEL_MUTANT_UNDECIDED;
}

struct rpcancel_hidden *rpcancel_hidden_open(const struct rpcancel_classify_options *options)
{
    struct rpcancel_hidden *hidden = calloc(1, sizeof *hidden);
    if (!hidden)
        return NULL;
    hidden->options = options;
    rpcancel_rule_set_init(&hidden->rules, options->profile, ~0u);
    if (options->without_rule)
        rpcancel_rule_set_remove(&hidden->rules, options->without_rule);
    rpcancel_alphabet_init(&hidden->alphabet, 1, 1, true);
    rpcancel_view_reset(&hidden->view, true);
    rpcancel_world_reset(&hidden->members[0].world);
    rpcancel_observer_reset(&hidden->members[0].observer);
    hidden->members[0].is_exact = 1;
    hidden->count = 1;
    if (keep_accounts(hidden) == hidden->no_trace && keep_members(hidden, &hidden->reference) == hidden->no_trace &&
        keep_members(hidden, &hidden->wide) == hidden->no_trace)
        return hidden;
    rpcancel_hidden_close(hidden);
    return NULL;
}

static void close_sets(struct sets *sets)
{
    rpcancel_interned_close(&sets->kept);
    rpcancel_interned_close(&sets->steps);
    free(sets->moves);
}

void rpcancel_hidden_close(struct rpcancel_hidden *hidden)
{
    close_sets(&hidden->accounts);
    close_sets(&hidden->reference);
    close_sets(&hidden->wide);
    rpcancel_interned_close(&hidden->states);
    free(hidden->parents);
    free(hidden->leads);
    free(hidden);
}
