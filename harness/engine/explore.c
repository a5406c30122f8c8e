// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "engine/explore.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/flips.h"
#include "engine/worth_trying.h"
#include "mutants/ask.h"
#include "rules/tables.h"

enum { PROGRESS_EVERY = 1 << 14 /* pairs between looks at the clock */ };

/* A pair found by an edge, waiting until the memory it will be looked up in has been loaded. */
struct found {
    struct rpcancel_pair_key key;
    uint64_t hash;
    uint16_t lead;
};

struct search {
    const struct rpcancel_explore_options *options;
    struct rpcancel_explore_result *result;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_rule_set rules;
    struct rpcancel_pair_table table;
    uint32_t expanding; /* number of the pair being expanded */
    unsigned found_count;
    struct found found[RPCANCEL_ALPHABET_MAX];
    struct timespec begin;
    bool ended; /* result->end was set early */
};

static double elapsed(const struct search *search)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - search->begin.tv_sec) + (double)(now.tv_nsec - search->begin.tv_nsec) / 1e9;
}

static void end_search(struct search *search, enum rpcancel_explore_end end)
{
    search->result->end = end;
    search->ended = true;
}

/* ---- what went wrong, and the way there ---- */

static unsigned depth_of(const struct rpcancel_pair_table *table, uint32_t number)
{
    unsigned depth = 0;
    for (; number != 0; number = table->parents[number])
        depth++;
    return depth;
}

/* Notes the first thing that went wrong: |operation| answered with |answer| in the pair being expanded. */
static void note(struct search *search, struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    struct rpcancel_explore_result *result = search->result;
    unsigned depth = depth_of(&search->table, search->expanding);
    if (result->path_length > 0 || depth + 1 > RPCANCEL_PATH_MAX)
        return;
    result->path_length = depth + 1;
    result->path[depth] = operation;
    result->path_answer = answer;
    for (uint32_t number = search->expanding; number != 0; number = search->table.parents[number])
        result->path[--depth] = search->alphabet.operations[search->table.leads[number]];
}

static unsigned lowest_bit(uint32_t mask)
{
    return (unsigned)__builtin_ctz(mask);
}

/* ---- one edge ---- */

static bool has_return_code(struct rpcancel_answer answer)
{
    return answer.kind != RPCANCEL_ANSWER_DONE;
}

static void count_decisions(struct search *search, unsigned kind, uint32_t decided)
{
    for (; decided; decided &= decided - 1)
        search->result->decided[search->rules.index[kind][lowest_bit(decided)]]++;
}

static void hold_against_tables(struct search *search, const struct rpcancel_cell *cell,
                                struct rpcancel_operation operation, struct rpcancel_answer answer, uint32_t decided)
{
    struct rpcancel_explore_result *result = search->result;
    bool owed = rpcancel_cell_is_owed(cell);
    if (owed && !decided) {
        result->unjudged++;
        note(search, operation, answer);
    } else if (!owed && decided) {
        result->overjudged++;
        note(search, operation, answer);
    } else if (owed && !rpcancel_cell_allows(cell, answer)) {
        result->outside++;
        note(search, operation, answer);
    }
}

/* Whether the documents rule |flip| out. The facts about the structure are no part of a cell: what they must be after a
 * success was observed on Windows. */
static bool says_otherwise(const struct search *search, const struct rpcancel_cell *cell, struct rpcancel_answer flip)
{
    const uint8_t all =
        RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
    if (!rpcancel_cell_is_owed(cell))
        return false;
    if (flip.facts && flip.facts != all)
        return search->rules.profile == RPCANCEL_PROFILE_WINDOWS;
    return !rpcancel_cell_allows(cell, flip);
}

static void count_flip(struct search *search, const struct rpcancel_situation *situation,
                       const struct rpcancel_cell *cell, struct rpcancel_answer flip)
{
    struct rpcancel_explore_result *result = search->result;
    struct rpcancel_operation operation = situation->operation;
    struct rpcancel_verdict verdict = rpcancel_judge_situation(&search->rules, situation, flip);
    bool may_flag = says_otherwise(search, cell, flip);
    result->flips_tried++;
    if (verdict.violated && !may_flag) {
        result->flips_wrong++;
        note(search, operation, flip);
    } else if (verdict.violated) {
        result->flips_flagged++;
        if ((verdict.violated & (verdict.violated - 1)) == 0)
            result->flipped_alone[search->rules.index[operation.kind][lowest_bit(verdict.violated)]]++;
    } else if (may_flag) {
        result->flips_missed++;
        note(search, operation, flip);
    } else {
        result->flips_unspecified++;
    }
}

static void flip_edge(struct search *search, const struct rpcancel_situation *situation,
                      const struct rpcancel_cell *cell, struct rpcancel_answer answer)
{
    struct rpcancel_answer flips[RPCANCEL_FLIPS_MAX];
    unsigned count = rpcancel_flips_of(situation->operation, answer, flips);
    for (unsigned i = 0; i < count; i++)
        count_flip(search, situation, cell, flips[i]);
}

/* The rules among |violated|, as in a verdict on |kind|, that the search is to find. */
static uint32_t sought(const struct search *search, unsigned kind, uint32_t violated)
{
    uint32_t found = violated;
    if (!search->options->only_rule)
        return found;
    for (uint32_t rest = violated; rest; rest &= rest - 1) {
        if (rpcancel_rule_at(search->rules.index[kind][lowest_bit(rest)]) != search->options->only_rule)
            found &= ~(rest & -rest);
    }
    return found;
}

/* Returns false when a run would end here. */
static bool judge_edge(struct search *search, const struct rpcancel_observer *observer,
                       struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    struct rpcancel_situation situation;
    if (!has_return_code(answer))
        return true; /* tables and rules speak of what functions return; that nothing happened unasked, later ones
                        show */
    rpcancel_situate(&situation, observer, operation);
    struct rpcancel_verdict verdict = rpcancel_judge_situation(&search->rules, &situation, answer);
    count_decisions(search, operation.kind, verdict.decided);
    if (verdict.violated) {
        uint32_t found = sought(search, operation.kind, verdict.violated);
        if (!found)
            return false;
        search->result->violated_rule = search->rules.index[operation.kind][lowest_bit(found)];
        search->result->path_length = 0;
        note(search, operation, answer);
        end_search(search, RPCANCEL_EXPLORE_VIOLATED);
        return false;
    }
    const struct rpcancel_cell *cell = rpcancel_cell_find(&situation, search->rules.profile);
    hold_against_tables(search, cell, operation, answer, verdict.decided);
    if (search->options->flips)
        flip_edge(search, &situation, cell, answer);
    return true;
}

static bool is_same_pair(const struct rpcancel_pair *a, const struct rpcancel_pair *b)
{
    uint64_t left[8], right[8], difference = 0;
    static_assert(sizeof *a == sizeof left, "a pair is eight words");
    memcpy(left, a, sizeof left);
    memcpy(right, b, sizeof right);
    for (unsigned i = 0; i < 8; i++)
        difference |= left[i] ^ right[i];
    return difference == 0;
}

static void follow_edge(struct search *search, const struct rpcancel_pair *from, unsigned lead)
{
    struct rpcancel_operation operation = search->alphabet.operations[lead];
    struct found *found = &search->found[search->found_count];
    struct rpcancel_pair to;
    to.world = from->world;
    struct rpcancel_answer answer =
        rpcancel_ask(&search->options->step, search->options->choices, &to.world, &from->observer, operation);
    if (!rpcancel_answer_happened(answer))
        return;
    if (rpcancel_makes_a_call(operation.kind) && rpcancel_count_earlier(&to.world) > search->options->earlier)
        return;
    search->result->edges++;
    bool goes_on = judge_edge(search, &from->observer, operation, answer);
    to.observer = from->observer;
    rpcancel_observe(&to.observer, operation, answer);
    if (search->options->edge) {
        struct rpcancel_edge edge = {from, search->expanding, lead, operation, answer, &to};
        search->options->edge(search->options->edge_context, &edge);
    }
    if (search->options->represent)
        search->options->represent(&to);
    if (!goes_on || is_same_pair(&to, from))
        return;
    rpcancel_pair_key(&search->table, &to, &found->key);
    found->hash = rpcancel_pair_hash(&search->table, &found->key);
    found->lead = (uint16_t)lead;
    search->found_count++;
}

/* ---- one pair ---- */

static void add_found(struct search *search)
{
    for (unsigned i = 0; i < search->found_count; i++)
        rpcancel_pair_prepare(&search->table, search->found[i].hash);
    for (unsigned i = 0; i < search->found_count && !search->ended; i++) {
        const struct found *found = &search->found[i];
        if (rpcancel_pair_add(&search->table, &found->key, found->hash, search->expanding, found->lead) ==
            RPCANCEL_PAIR_NO_ROOM)
            end_search(search, RPCANCEL_EXPLORE_MEMORY);
    }
    search->found_count = 0;
}

static void expand(struct search *search)
{
    struct rpcancel_pair pair;
    rpcancel_pair_get(&search->table, search->expanding, &pair);
    unsigned with_code = rpcancel_threads_with_code(&pair.world);
    bool all = !search->options->step.function; /* a fault does not know what cannot be */
    for (unsigned g = 0; g < search->alphabet.group_count; g++) {
        const struct rpcancel_alphabet_group *group = &search->alphabet.groups[g];
        if (!all && group->span && !rpcancel_is_call_there(&pair.world, group)) {
            g += group->span - 1u;
            continue;
        }
        if (!all && !rpcancel_is_worth_trying(&pair.world, group, with_code))
            continue;
        for (unsigned lead = group->first; lead < (unsigned)group->first + group->count; lead++) {
            follow_edge(search, &pair, lead);
            if (search->ended)
                return;
        }
    }
    add_found(search);
}

static void look_at_limits(struct search *search)
{
    const struct rpcancel_explore_options *options = search->options;
    if (options->stop && *options->stop)
        end_search(search, RPCANCEL_EXPLORE_STOPPED);
    else if (options->seconds && elapsed(search) > options->seconds)
        end_search(search, RPCANCEL_EXPLORE_TIME);
    else if (options->progress)
        options->progress(&search->table, search->expanding, search->result->edges);
}

static void run(struct search *search)
{
    struct rpcancel_explore_result *result = search->result;
    uint32_t level_end = 1; /* first pair of the next depth */
    while (search->expanding < search->table.count && !search->ended) {
        if (search->expanding == level_end) {
            level_end = search->table.count;
            result->depth++;
            if (search->options->depth && result->depth >= search->options->depth) {
                end_search(search, RPCANCEL_EXPLORE_DEPTH);
                break;
            }
        }
        expand(search);
        search->expanding++;
        if (search->expanding % PROGRESS_EVERY == 0)
            look_at_limits(search);
    }
    if (!search->ended)
        result->end = RPCANCEL_EXPLORE_CLOSED;
}

static void add_start(struct search *search)
{
    struct rpcancel_pair start = {0};
    struct rpcancel_pair_key key;
    rpcancel_world_reset(&start.world);
    rpcancel_observer_reset(&start.observer);
    rpcancel_pair_key(&search->table, &start, &key);
    rpcancel_pair_add(&search->table, &key, rpcancel_pair_hash(&search->table, &key), 0, 0);
}

void rpcancel_explore(const struct rpcancel_explore_options *options, struct rpcancel_explore_result *result)
{
    memset(result, 0, sizeof *result);
    result->violated_rule = -1;
    result->end = RPCANCEL_EXPLORE_NO_MEMORY;
    struct search *search = calloc(1, sizeof *search);
    if (!search)
        return;
    search->options = options;
    search->result = result;
    clock_gettime(CLOCK_MONOTONIC, &search->begin);
    rpcancel_alphabet_init_slice(&search->alphabet, options->calls, options->threads, options->every_argument,
                                 options->slice);
    rpcancel_rule_set_init(&search->rules, options->profile, ~0u);
    if (options->without_rule)
        rpcancel_rule_set_remove(&search->rules, options->without_rule);
    bool behind_lanes = options->slice == RPCANCEL_SLICE_NOTIFICATION;
    if (!rpcancel_pair_table_open(&search->table, options->calls, behind_lanes, options->memory)) {
        free(search);
        return;
    }
    add_start(search);
    run(search);
    result->states = search->table.worlds;
    result->pairs = search->table.count;
    result->bytes = rpcancel_pair_table_bytes(&search->table);
    result->seconds = elapsed(search);
    if (options->keep)
        *options->keep = search->table;
    else
        rpcancel_pair_table_close(&search->table);
    free(search);
}
