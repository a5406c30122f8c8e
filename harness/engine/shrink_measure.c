// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_measure.h"

#include <stdlib.h>

#include "engine/explore.h"
#include "engine/random.h"
#include "engine/shrink.h"

enum { CALLS = 2 };
static const uint64_t search_memory = UINT64_C(2) << 30;

struct measuring {
    const struct rpcancel_mutant *mutant;
    const struct rpcancel_shrink_measure_options *options;
    struct rpcancel_shrink_measure *measure;
    struct rpcancel_runtime *runtime;
    struct rpcancel_rule_set rules;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_random random;
    struct rpcancel_sequence sequence;
    struct rpcancel_run run;
    unsigned needed[RPCANCEL_EXPLORE_RULES_MAX]; /* by rule: operations it takes to break it, 0 when not known yet */
    struct rpcancel_explore_result search;
};

/* Draws sequences until one fails late enough. */
static bool find_failure(struct measuring *measuring)
{
    const struct rpcancel_shrink_measure_options *options = measuring->options;
    struct rpcancel_random_options random = {.length = 2 * options->least, .alphabet = &measuring->alphabet};
    while (measuring->measure->draws < options->draws) {
        measuring->measure->draws++;
        if (!rpcancel_random_sequence(&measuring->random, &random, &measuring->sequence)) {
            measuring->measure->complete = false;
            return false;
        }
        if (rpcancel_run_sequence(&measuring->run, measuring->runtime, &measuring->sequence) == RPCANCEL_RUN_VIOLATED &&
            measuring->run.items_taken >= options->least)
            return true;
    }
    return false;
}

/* How many operations it takes to break |rule|; |known| are enough. 0 when that cannot be told. */
static unsigned count_needed(struct measuring *measuring, int rule, unsigned known)
{
    struct rpcancel_explore_options search = {
        .calls = CALLS,
        .threads = CALLS,
        .earlier = CALLS,
        .depth = known - 1,
        .slice = measuring->mutant->slice,
        .memory = search_memory,
        .profile = measuring->mutant->profile,
        .step = {.function = measuring->mutant->step},
        .choices = &rpcancel_choices_documented,
        .only_rule = rpcancel_rule_at((unsigned)rule),
    };
    if (known == 1)
        return 1;
    rpcancel_explore(&search, &measuring->search);
    switch (measuring->search.end) {
    case RPCANCEL_EXPLORE_VIOLATED:
        return measuring->search.path_length;
    case RPCANCEL_EXPLORE_DEPTH:
    case RPCANCEL_EXPLORE_CLOSED:
        return known;
    default:
        return 0;
    }
}

static void take_figures(struct measuring *measuring, int rule, const struct rpcancel_shrink_result *result)
{
    struct rpcancel_shrink_measure *measure = measuring->measure;
    unsigned left = (unsigned)measuring->sequence.count;
    if (measuring->needed[rule] == 0)
        measuring->needed[rule] = count_needed(measuring, rule, left);
    unsigned needed = measuring->needed[rule];
    if (needed == 0) {
        measure->complete = false;
        return;
    }
    double ratio = (double)left / needed;
    measure->failures++;
    measure->shortest += left == needed;
    measure->operations_after += left;
    measure->ratio_sum += ratio;
    measure->runs += result->runs;
    if (ratio <= measure->ratio_max)
        return;
    struct rpcancel_sequence worst = measure->worst;
    measure->worst = measuring->sequence;
    measuring->sequence = worst;
    measure->ratio_max = ratio;
    measure->worst_rule = rule;
    measure->worst_needed = needed;
}

static void shrink_failure(struct measuring *measuring)
{
    struct rpcancel_shrink_result result;
    struct rpcancel_failure_kind kind = rpcancel_failure_of(&measuring->run);
    const struct rpcancel_shrink_options options = {.kind = kind, .runs = measuring->options->runs};
    measuring->measure->operations_before += measuring->run.items_taken;
    rpcancel_shrink(&measuring->run, measuring->runtime, &measuring->sequence, &options, &result);
    if (result.shown == RPCANCEL_ATTEMPTS)
        take_figures(measuring, kind.rule, &result);
    else
        measuring->measure->complete = false;
}

void rpcancel_shrink_measure(const struct rpcancel_mutant *mutant,
                             const struct rpcancel_shrink_measure_options *options,
                             struct rpcancel_shrink_measure *measure)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_runtime_options settings = {.mutant = mutant->name};
    struct measuring *measuring = calloc(1, sizeof *measuring);
    *measure = (struct rpcancel_shrink_measure){.worst_rule = -1};
    if (!measuring)
        return;
    *measuring = (struct measuring){
        .mutant = mutant, .options = options, .measure = measure, .random = {.state = options->seed}};
    measuring->runtime = rpcancel_runtime_open_reference(&settings, failure);
    if (measuring->runtime) {
        measure->complete = true;
        rpcancel_rule_set_init(&measuring->rules, mutant->profile, ~0u);
        rpcancel_alphabet_init_slice(&measuring->alphabet, CALLS, CALLS, false, mutant->slice);
        measuring->run.rules = &measuring->rules;
        while (measure->complete && measure->failures < options->failures && find_failure(measuring))
            shrink_failure(measuring);
        measuring->runtime->functions->close(measuring->runtime);
    }
    rpcancel_run_free(&measuring->run);
    rpcancel_sequence_free(&measuring->sequence);
    free(measuring);
}
