// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes sequences of operations on the reference implementation and judges every answer.
 *
 * Exercised: rpcancel_step and everything behind it, rpcancel_binary_next, rpcancel_judge, rpcancel_observe.
 * Found: answers that break a rule of profile documented-98, which holds all rules that rest on documents, of any age.
 * Environment: RPCANCEL_MUTANT names a mutant or variant to fuzz in place of the reference, under the profile that is
 * meant to tell it from the reference or not to (see `rpcancel mutants`).
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feedback.h"
#include "sequence/sequence.h"
#include "violation.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rpcancel_step_function *step = rpcancel_step;
static struct rpcancel_rule_set rules;
static uint64_t operations; /* that happened, in all inputs */
static clock_t begin;

static void print_operations(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", operations);
}

/* Fuzzes the mutant or variant with |name|, if there is one, in place of the reference. */
static enum rpcancel_profile take_mutant(const char *name)
{
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        if (strcmp(mutant->name, name) == 0) {
            step = mutant->step;
            return mutant->profile;
        }
    }
    fprintf(stderr, "RPCANCEL_MUTANT: there is no mutant or variant '%s'; `rpcancel mutants --list` names them\n",
            name);
    exit(2);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *mutant = getenv("RPCANCEL_MUTANT");
    enum rpcancel_profile profile = mutant ? take_mutant(mutant) : RPCANCEL_PROFILE_DOCUMENTED_98;
    rpcancel_rule_set_init(&rules, profile, ~0u);
    atexit(print_operations);
    begin = clock();
    return 0;
}

/* Never inlined: it is not for the loop to make room for. */
__attribute__((noinline)) static void violated(struct rpcancel_operation operation, struct rpcancel_verdict verdict,
                                               const uint8_t *data, const uint8_t *end)
{
    unsigned lowest = (unsigned)__builtin_ctz(verdict.violated);
    struct rpcancel_violation violation = {.rule = rules.index[operation.kind][lowest],
                                           .step = step,
                                           .data = data,
                                           .end = end,
                                           .operations = operations,
                                           .seconds = (double)(clock() - begin) / CLOCKS_PER_SEC};
    rpcancel_violation_abort(&violation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    struct rpcancel_feedback feedback;
    struct rpcancel_situation situation;
    struct rpcancel_operation operation;
    const uint8_t *cursor = data;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    rpcancel_feedback_begin(&feedback);
    while (rpcancel_binary_next(&cursor, data + size, &operation)) {
        struct rpcancel_answer answer = step(&rpcancel_choices_documented, &world, operation);
        if (!rpcancel_answer_happened(answer))
            continue;
        operations++;
        rpcancel_situate(&situation, &observer, operation);
        struct rpcancel_verdict verdict = rpcancel_judge_situation(&rules, &situation, answer);
        if (verdict.violated)
            violated(operation, verdict, data, cursor);
        rpcancel_feedback_note(&feedback, &situation);
        rpcancel_observe(&observer, operation, answer);
    }
    return 0;
}
