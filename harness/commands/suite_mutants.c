// SPDX-License-Identifier: Apache-2.0
#include "commands/suite_mutants.h"

#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "suite/exercise.h"
#include "suite/model.h"
#include "suite/two_calls_suite.h"

/* The suites of one profile, made when they are first asked for. */
struct suites {
    struct rpcancel_suite_model *model;
    struct rpcancel_suite one_call;
    struct rpcancel_two_calls_suite two_calls;
};

struct work {
    const char *command;
    bool variants;
    unsigned extra_states, depth;
    struct suites suites[RPCANCEL_PROFILES];
    unsigned total, objected, differed;
    bool failed;
};

static bool make_one_call(struct work *work, enum rpcancel_profile profile)
{
    struct suites *suites = &work->suites[profile];
    if (suites->model)
        return true;
    suites->model = rpcancel_suite_model_open(profile);
    return suites->model && rpcancel_suite_open(&suites->one_call) &&
           rpcancel_suite_make(&suites->one_call, &suites->model->machine, &suites->model->identifiers,
                               work->extra_states);
}

static bool make_two_calls(struct work *work, enum rpcancel_profile profile)
{
    struct suites *suites = &work->suites[profile];
    return suites->two_calls.suite.count > 0 ||
           rpcancel_two_calls_suite_make(&suites->two_calls, suites->model, work->depth);
}

static void close_all(struct work *work)
{
    for (unsigned i = 0; i < RPCANCEL_PROFILES; i++) {
        rpcancel_suite_close(&work->suites[i].one_call);
        rpcancel_suite_close(&work->suites[i].two_calls.suite);
        rpcancel_suite_model_close(work->suites[i].model);
    }
}

static void print_sequence(const struct rpcancel_sequence *sequence)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    for (size_t i = 0; i < sequence->count; i++) {
        rpcancel_operation_print(sequence->items[i].operation, text, sizeof text);
        printf("%s %s", i ? ";" : "", text);
    }
}

/* One line: what a rule says, and whether it differs from what is recorded. */
static void print_row(const struct rpcancel_mutant *mutant, const struct rpcancel_exercise *exercise, const char *bound)
{
    printf("%-44s %-3s %-7s", mutant->name, exercise->rule >= 0 ? "yes" : "no",
           exercise->differed.count > 0 ? "yes" : "no");
    if (exercise->rule >= 0) {
        printf("  %s%s:", rpcancel_rule_at((unsigned)exercise->rule)->id, bound);
        print_sequence(&exercise->objected);
    } else if (exercise->differed.count > 0) {
        printf("  differs%s:", bound);
        print_sequence(&exercise->differed);
    }
    printf("\n");
}

static void try_one(struct work *work, const struct rpcancel_mutant *mutant)
{
    struct rpcancel_exercise exercise = {.rule = -1};
    const char *bound = "";
    work->failed = !make_one_call(work, mutant->profile) ||
                   !rpcancel_suite_exercise(&exercise, &work->suites[mutant->profile].one_call,
                                            &work->suites[mutant->profile].model->alphabet, mutant);
    if (!work->failed && exercise.rule < 0 && mutant->calls != RPCANCEL_MUTANT_ONE_CALL) {
        const struct rpcancel_two_calls_suite *two = &work->suites[mutant->profile].two_calls;
        rpcancel_exercise_free(&exercise);
        bound = ", two calls";
        work->failed = !make_two_calls(work, mutant->profile) ||
                       !rpcancel_suite_exercise(&exercise, &two->suite, &two->alphabet, mutant);
    }
    if (!work->failed) {
        print_row(mutant, &exercise, bound);
        work->total++;
        work->objected += exercise.rule >= 0;
        work->differed += exercise.differed.count > 0;
    }
    rpcancel_exercise_free(&exercise);
}

static int conclude(const struct work *work)
{
    if (*rpcancel_interrupted() || work->failed) {
        rpcancel_say(work->command, "%s", work->failed ? "out of memory" : "interrupted");
        return RPCANCEL_EXIT_TROUBLE;
    }
    printf("%s: %u total, %u %s by a rule, %u differ from the recorded answers\n",
           work->variants ? "variants" : "mutants", work->total, work->objected, work->variants ? "rejected" : "killed",
           work->differed);
    bool as_it_should = work->variants ? work->objected == 0 : work->objected == work->total;
    return as_it_should ? RPCANCEL_EXIT_CONFORMANT : RPCANCEL_EXIT_FINDING;
}

int rpcancel_suite_mutants(const char *command, bool variants, unsigned extra_states, unsigned depth)
{
    static struct work work; /* large for a stack */
    work = (struct work){.command = command, .variants = variants, .extra_states = extra_states, .depth = depth};
    printf("%-44s %-3s %-7s\n", variants ? "variant" : "mutant", variants ? "bad" : "rule", "differs");
    for (unsigned i = 0; i < rpcancel_mutant_count() && !work.failed && !*rpcancel_interrupted(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        if (mutant->variant == variants && mutant->slice == RPCANCEL_SLICE_CORE) /* the suite is of the core */
            try_one(&work, mutant);
        fflush(stdout);
    }
    close_all(&work);
    return conclude(&work);
}
