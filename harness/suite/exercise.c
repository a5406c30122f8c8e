// SPDX-License-Identifier: Apache-2.0
#include "suite/exercise.h"

#include <stdlib.h>

#include "engine/profile_choices.h"
#include "rules/judge.h"
#include "suite/model.h"

/* Where a run stands. */
struct place {
    struct rpcancel_world world;     /* of the mutant */
    struct rpcancel_world reference; /* of the reference, after the same operations */
    struct rpcancel_observer observer;
};

struct runner {
    struct rpcancel_exercise *exercise;
    const struct rpcancel_alphabet *alphabet;
    const struct rpcancel_mutant *mutant;
    const struct rpcancel_choices *choices;
    struct rpcancel_rule_set rules;
    struct place *places;               /* by depth: before that operation */
    struct rpcancel_operation *carried; /* by depth */
    bool failed;                        /* memory was exhausted */
};

/* Keeps the operations up to |depth| as |shortest|, if they are fewer; true when they were. */
static bool keep(struct runner *runner, struct rpcancel_sequence *shortest, unsigned depth)
{
    if (shortest->count > 0 && shortest->count <= depth + 1)
        return false;
    shortest->count = 0;
    for (unsigned i = 0; i <= depth; i++)
        runner->failed |= !rpcancel_sequence_append(shortest, runner->carried[i], 0, 0);
    return true;
}

static bool is_same(struct rpcancel_answer one, struct rpcancel_answer other)
{
    return one.kind == other.kind && one.code == other.code && one.facts == other.facts;
}

static bool enter(void *context, unsigned depth, unsigned input, bool ends)
{
    struct runner *runner = context;
    struct place *at = &runner->places[depth];
    struct place *to = at + 1;
    struct rpcancel_operation operation = runner->alphabet->operations[input];
    (void)ends;
    runner->carried[depth] = operation;
    *to = *at;
    struct rpcancel_answer answer = runner->mutant->step(runner->choices, &to->world, operation);
    struct rpcancel_answer recorded = rpcancel_step(runner->choices, &to->reference, operation);
    struct rpcancel_verdict verdict = rpcancel_judge(&runner->rules, &at->observer, operation, answer);
    rpcancel_observe(&to->observer, operation, answer);
    if (!is_same(answer, recorded))
        keep(runner, &runner->exercise->differed, depth);
    if (verdict.violated && keep(runner, &runner->exercise->objected, depth))
        runner->exercise->rule = runner->rules.index[operation.kind][__builtin_ctz(verdict.violated)];
    return !verdict.violated; /* a run would end here */
}

bool rpcancel_suite_exercise(struct rpcancel_exercise *exercise, const struct rpcancel_suite *suite,
                             const struct rpcancel_alphabet *alphabet, const struct rpcancel_mutant *mutant)
{
    struct runner runner = {.exercise = exercise,
                            .alphabet = alphabet,
                            .mutant = mutant,
                            .choices = rpcancel_profile_choices(mutant->profile)};
    const struct rpcancel_suite_visit visit = {enter, &runner};
    size_t longest = rpcancel_suite_measure(suite).longest;
    *exercise = (struct rpcancel_exercise){.rule = -1};
    rpcancel_rule_set_init(&runner.rules, mutant->profile, ~0u);
    runner.places = calloc(longest + 1, sizeof *runner.places);
    runner.carried = calloc(longest + 1, sizeof *runner.carried);
    runner.failed = !runner.places || !runner.carried;
    if (!runner.failed) {
        rpcancel_world_reset(&runner.places[0].world);
        rpcancel_world_reset(&runner.places[0].reference);
        rpcancel_observer_reset(&runner.places[0].observer);
        rpcancel_suite_walk(suite, &visit);
    }
    free(runner.places);
    free(runner.carried);
    return !runner.failed;
}

void rpcancel_exercise_free(struct rpcancel_exercise *exercise)
{
    rpcancel_sequence_free(&exercise->objected);
    rpcancel_sequence_free(&exercise->differed);
}
