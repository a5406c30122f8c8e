// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "engine/kill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/catalogue.h"
#include "engine/explore.h"
#include "engine/fuzz_run.h"
#include "engine/random.h"
#include "engine/run.h"
#include "engine/shrink.h"

enum { RANDOM_LENGTH = 60, SHRINK_RUNS = 2000 };
static const uint64_t explore_memory = UINT64_C(2) << 30;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool is_stopped(const struct rpcancel_kill_options *options)
{
    return options->stop && *options->stop;
}

/* ---- engines that run sequences ---- */

struct runner {
    const struct rpcancel_kill_options *options;
    struct rpcancel_kill *kill;
    struct rpcancel_runtime *runtime;
    struct rpcancel_rule_set rules;
    struct rpcancel_run run;
};

/* Runs |sequence|; true when that decided the matter. A sequence that shows a violation is kept, shrunk. */
static bool decides(struct runner *runner, struct rpcancel_sequence *sequence)
{
    struct rpcancel_kill *kill = runner->kill;
    enum rpcancel_run_end end = rpcancel_run_sequence(&runner->run, runner->runtime, sequence);
    kill->effort++;
    if (end == RPCANCEL_RUN_OK || end == RPCANCEL_RUN_UNIMPLEMENTED)
        return false;
    kill->end = end == RPCANCEL_RUN_VIOLATED ? RPCANCEL_KILL_VIOLATED : RPCANCEL_KILL_FAILED;
    if (kill->end == RPCANCEL_KILL_FAILED)
        return true;
    kill->rule = runner->run.violated[0];
    const struct rpcancel_shrink_options options = {
        .kind = rpcancel_failure_of(&runner->run), .runs = SHRINK_RUNS, .interrupted = runner->options->stop};
    struct rpcancel_shrink_result result;
    rpcancel_shrink(&runner->run, runner->runtime, sequence, &options, &result);
    kill->sequence = *sequence;
    *sequence = (struct rpcancel_sequence){0};
    return true;
}

static void run_catalogue(struct runner *runner)
{
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        struct rpcancel_sequence sequence = {0};
        struct rpcancel_sequence_error error;
        const struct rpcancel_catalogue_entry *entry = &rpcancel_catalogue[i];
        bool read = rpcancel_sequence_read_text(&sequence, entry->text, entry->length, &error);
        if (!read || is_stopped(runner->options))
            runner->kill->end = RPCANCEL_KILL_FAILED;
        bool decided = !read || is_stopped(runner->options) || decides(runner, &sequence);
        rpcancel_sequence_free(&sequence);
        if (decided)
            return;
    }
}

static void run_random(struct runner *runner, const struct rpcancel_mutant *mutant)
{
    struct rpcancel_alphabet *alphabet = malloc(sizeof *alphabet);
    struct rpcancel_random random = {.state = runner->options->seed};
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_random_options options = {
        .length = RANDOM_LENGTH, .hidden = runner->options->hide_delivery, .alphabet = alphabet};
    bool decided = alphabet == NULL;
    if (alphabet)
        rpcancel_alphabet_init_slice(alphabet, 2, 2, false, mutant->slice);
    for (uint64_t i = 0; i < runner->options->runs && !decided; i++) {
        decided = is_stopped(runner->options) || !rpcancel_random_sequence(&random, &options, &sequence);
        if (decided)
            runner->kill->end = RPCANCEL_KILL_FAILED;
        else
            decided = decides(runner, &sequence);
    }
    if (!alphabet)
        runner->kill->end = RPCANCEL_KILL_FAILED;
    rpcancel_sequence_free(&sequence);
    free(alphabet);
}

/* What the fuzzer found is run once more in this process, so that the rule is named and the sequence is short. */
static void run_fuzzer(struct runner *runner, const struct rpcancel_mutant *mutant)
{
    const struct rpcancel_kill_options *options = runner->options;
    struct rpcancel_kill *kill = runner->kill;
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_fuzz_run run = {
        .afl = options->engine == RPCANCEL_KILL_AFL,
        .target = options->fuzzer,
        .mutant = mutant->name,
        .seconds = options->fuzz_seconds,
        .seed = options->seed,
        .stop = options->stop,
    };
    uint64_t executions;
    enum rpcancel_fuzz_end end = rpcancel_fuzz_run(&run, &sequence, &executions, kill->failure);
    bool decided = end == RPCANCEL_FUZZ_CRASHED && decides(runner, &sequence);
    kill->effort = executions;
    if (end == RPCANCEL_FUZZ_CRASHED && !decided)
        snprintf(kill->failure, sizeof kill->failure, "an input crashes the fuzz target, but breaks no rule");
    if (end != RPCANCEL_FUZZ_NOTHING && !decided)
        kill->end = RPCANCEL_KILL_FAILED;
    rpcancel_sequence_free(&sequence);
}

static void run_sequences(const struct rpcancel_mutant *mutant, const struct rpcancel_kill_options *options,
                          struct rpcancel_kill *kill)
{
    struct runner *runner = calloc(1, sizeof *runner);
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    struct rpcancel_runtime_options settings = {
        .hide_delivery = options->hide_delivery, .seed = options->seed, .mutant = mutant->name};
    struct rpcancel_runtime *runtime = runner ? rpcancel_runtime_open_reference(&settings, failure) : NULL;
    if (!runtime) {
        kill->end = RPCANCEL_KILL_FAILED;
        free(runner);
        return;
    }
    runner->options = options;
    runner->kill = kill;
    runner->runtime = runtime;
    rpcancel_rule_set_init(&runner->rules, options->profile, ~0u);
    runner->run.rules = &runner->rules;
    if (options->engine == RPCANCEL_KILL_CHECK)
        run_catalogue(runner);
    else if (options->engine == RPCANCEL_KILL_RANDOM)
        run_random(runner, mutant);
    else
        run_fuzzer(runner, mutant);
    rpcancel_run_free(&runner->run);
    runtime->functions->close(runtime);
    free(runner);
}

/* ---- exhaustive search ---- */

static void keep_path(struct rpcancel_kill *kill, const struct rpcancel_explore_result *result)
{
    kill->rule = result->violated_rule;
    for (unsigned i = 0; i < result->path_length; i++) {
        if (!rpcancel_sequence_append(&kill->sequence, result->path[i], 0, 0))
            kill->end = RPCANCEL_KILL_FAILED;
    }
}

static void explore(const struct rpcancel_mutant *mutant, const struct rpcancel_kill_options *options, unsigned calls,
                    unsigned earlier, struct rpcancel_kill *kill)
{
    struct rpcancel_explore_options search = {
        .calls = calls,
        .threads = calls,
        .earlier = earlier,
        /* there are few, and each is another function of the page */
        .every_argument = mutant->slice != RPCANCEL_SLICE_CORE,
        .slice = mutant->slice,
        .memory = explore_memory,
        .profile = options->profile,
        .step = {.function = mutant->step},
        .choices = &rpcancel_choices_documented,
        .stop = options->stop,
    };
    struct rpcancel_explore_result *result = malloc(sizeof *result);
    if (!result) {
        kill->end = RPCANCEL_KILL_FAILED;
        return;
    }
    rpcancel_explore(&search, result);
    kill->effort += result->pairs;
    kill->end = result->end == RPCANCEL_EXPLORE_CLOSED     ? RPCANCEL_KILL_SURVIVED
                : result->end == RPCANCEL_EXPLORE_VIOLATED ? RPCANCEL_KILL_VIOLATED
                                                           : RPCANCEL_KILL_FAILED;
    if (kill->end == RPCANCEL_KILL_VIOLATED)
        keep_path(kill, result);
    free(result);
}

/* One call first, which is quick; more where that shows nothing. More than one of the other slices than the core are
 * too many to be searched to the end, which only what lives would have to be. */
static void run_explore(const struct rpcancel_mutant *mutant, const struct rpcancel_kill_options *options,
                        struct rpcancel_kill *kill)
{
    bool is_core = mutant->slice == RPCANCEL_SLICE_CORE;
    explore(mutant, options, 1, is_core, kill);
    if (!is_core && mutant->calls == RPCANCEL_MUTANT_EARLIER_CALL && kill->end == RPCANCEL_KILL_SURVIVED)
        explore(mutant, options, 1, 1, kill);
    if ((is_core || mutant->calls == RPCANCEL_MUTANT_TWO_CALLS) && kill->end == RPCANCEL_KILL_SURVIVED)
        explore(mutant, options, 2, 0, kill);
}

void rpcancel_kill_try(const struct rpcancel_mutant *mutant, const struct rpcancel_kill_options *options,
                       struct rpcancel_kill *kill)
{
    double begin = now();
    *kill = (struct rpcancel_kill){.end = RPCANCEL_KILL_SURVIVED, .rule = -1};
    if (options->engine == RPCANCEL_KILL_EXPLORE)
        run_explore(mutant, options, kill);
    else
        run_sequences(mutant, options, kill);
    kill->seconds = now() - begin;
}

const char *rpcancel_kill_engine_name(enum rpcancel_kill_engine engine)
{
    static const char *const names[RPCANCEL_KILL_ENGINES] = {"check", "explore", "random", "libfuzzer", "afl"};
    return names[engine];
}
