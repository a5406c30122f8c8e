// SPDX-License-Identifier: Apache-2.0
#include "suite/model.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/one_call.h"
#include "engine/explore.h"
#include "engine/profile_choices.h"
#include "engine/want.h"
#include "rules/tables.h"

enum { MEMORY = 8 << 20 /* of the table of pairs: ten times what it takes */ };

/* ---- one transition ---- */

struct builder {
    struct rpcancel_suite_model *model;
    struct rpcancel_machine whole; /* a state for each pair */
    struct rpcancel_rule_set rules;
};

/* The answers to |edge| that no rule in force objects to, of |candidates|. */
static rpcancel_expectation allowed_answers(const struct rpcancel_rule_set *rules, const struct rpcancel_edge *edge,
                                            rpcancel_expectation candidates)
{
    unsigned kind = edge->operation.kind;
    if (!rpcancel_judge(rules, &edge->from->observer, edge->operation, edge->answer).decided)
        return candidates;
    for (unsigned n = 0; n < rules->count[kind]; n++)
        candidates &= ~rpcancel_want_of(rules->index[kind][n], &edge->from->observer, edge->operation).breaks;
    return candidates;
}

/* Whether it depends on the answer, of those |allowed|, where the observer stands afterwards. */
static bool is_open(const struct rpcancel_edge *edge, rpcancel_expectation allowed)
{
    struct rpcancel_answer candidates[RPCANCEL_WANT_CANDIDATES_MAX];
    unsigned count = rpcancel_want_candidates(candidates, edge->operation);
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_observer after = edge->from->observer;
        rpcancel_observe(&after, edge->operation, candidates[i]);
        if ((allowed & rpcancel_expectation_of(candidates[i])) &&
            memcmp(&after, &edge->to->observer, sizeof after) != 0)
            return true;
    }
    return false;
}

static void add_transition(void *context, const struct rpcancel_edge *edge)
{
    struct builder *builder = context;
    struct rpcancel_answer candidates[RPCANCEL_WANT_CANDIDATES_MAX];
    struct rpcancel_transition *transition = rpcancel_machine_at(&builder->whole, edge->number, edge->lead);
    struct rpcancel_pair_key key;
    rpcancel_expectation all = 0;
    rpcancel_pair_key(&builder->model->pairs, edge->to, &key);
    transition->next = rpcancel_pair_find(&builder->model->pairs, &key);
    transition->allowed = RPCANCEL_MACHINE_UNJUDGED;
    if (edge->answer.kind == RPCANCEL_ANSWER_DONE)
        return;
    unsigned count = rpcancel_want_candidates(candidates, edge->operation);
    for (unsigned i = 0; i < count; i++)
        all |= rpcancel_expectation_of(candidates[i]);
    rpcancel_expectation allowed = allowed_answers(&builder->rules, edge, all);
    transition->given = rpcancel_expectation_of(edge->answer);
    transition->open = is_open(edge, allowed);
    if (allowed != all)
        transition->allowed = allowed;
}

/* ---- the machine ---- */

bool rpcancel_suite_search(const struct rpcancel_explore_options *options)
{
    struct rpcancel_explore_result *result = calloc(1, sizeof *result);
    if (!result)
        return false;
    rpcancel_explore(options, result);
    enum rpcancel_explore_end end = result->end;
    free(result);
    if (end == RPCANCEL_EXPLORE_CLOSED || end == RPCANCEL_EXPLORE_DEPTH)
        return true;
    if (options->keep && end != RPCANCEL_EXPLORE_NO_MEMORY)
        rpcancel_pair_table_close(options->keep);
    return false;
}

static bool search(struct rpcancel_suite_model *model, struct rpcancel_pair_table *keep, struct builder *builder)
{
    const struct rpcancel_explore_options options = {
        .calls = 1,
        .threads = 1,
        .every_argument = true,
        .memory = MEMORY,
        .profile = model->profile,
        .step = {.function = rpcancel_step},
        .choices = model->choices,
        .edge = builder ? add_transition : NULL,
        .edge_context = builder,
        .keep = keep,
    };
    return rpcancel_suite_search(&options);
}

/* Searches twice: only the second time pairs that transitions lead to have their numbers. */
static bool build(struct rpcancel_suite_model *model)
{
    struct builder builder = {.model = model};
    if (!search(model, &model->pairs, NULL))
        return false;
    rpcancel_rule_set_init(&builder.rules, model->profile, ~0u);
    model->class_of = calloc(model->pairs.count, sizeof *model->class_of);
    bool built = model->class_of && rpcancel_machine_open(&builder.whole, model->pairs.count, model->alphabet.count) &&
                 search(model, NULL, &builder) &&
                 rpcancel_machine_fold(&builder.whole, &model->machine, model->class_of) &&
                 rpcancel_identifiers_make(&model->identifiers, &model->machine);
    rpcancel_machine_close(&builder.whole);
    return built;
}

struct rpcancel_suite_model *rpcancel_suite_model_open(enum rpcancel_profile profile)
{
    struct rpcancel_suite_model *model = calloc(1, sizeof *model);
    if (!model)
        return NULL;
    model->profile = profile;
    model->choices = rpcancel_profile_choices(profile);
    rpcancel_alphabet_init(&model->alphabet, 1, 1, true);
    rpcancel_tables_init();
    if (build(model))
        return model;
    rpcancel_suite_model_close(model);
    return NULL;
}

void rpcancel_suite_model_close(struct rpcancel_suite_model *model)
{
    if (!model)
        return;
    if (model->pairs.keys)
        rpcancel_pair_table_close(&model->pairs);
    free(model->class_of);
    rpcancel_machine_close(&model->machine);
    rpcancel_identifiers_free(&model->identifiers);
    free(model);
}

uint32_t rpcancel_suite_model_class(const struct rpcancel_suite_model *model, const struct rpcancel_pair *pair,
                                    unsigned handle)
{
    struct rpcancel_pair one;
    struct rpcancel_pair_key key;
    if (!rpcancel_one_call_project(pair, handle, &one))
        return RPCANCEL_MACHINE_IMPOSSIBLE;
    rpcancel_pair_key(&model->pairs, &one, &key);
    uint32_t number = rpcancel_pair_find(&model->pairs, &key);
    return number == RPCANCEL_NO_PAIR ? RPCANCEL_MACHINE_IMPOSSIBLE : model->class_of[number];
}
