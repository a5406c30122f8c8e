// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes sequences of operations on the reference implementation and judges every answer.
 *
 * Exercised: rpcancel_step and everything behind it, rpcancel_binary_next, rpcancel_judge, rpcancel_observe.
 * Found: answers that break a rule of profile documented-98, which holds all rules that rest on documents, of any age.
 * Environment: RPCANCEL_MUTANT names mutants or variants to fuzz in place of the reference, with commas between them
 * (subjects.h).
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "feedback.h"
#include "sequence/sequence.h"
#include "subjects.h"
#include "violation.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rpcancel_subjects subjects;
static uint64_t operations; /* that happened, in all inputs */
static clock_t begin;

static void print_operations(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", operations);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    rpcancel_subjects_init(&subjects, getenv("RPCANCEL_MUTANT"));
    atexit(print_operations);
    begin = clock();
    return 0;
}

/* Never inlined: it is not for the loop to make room for. */
__attribute__((noinline)) static void violated(const struct rpcancel_subject *subject,
                                               struct rpcancel_operation operation, struct rpcancel_verdict verdict,
                                               const uint8_t *data, const uint8_t *end)
{
    unsigned lowest = (unsigned)__builtin_ctz(verdict.violated);
    struct rpcancel_violation violation = {.rule = subject->rules->index[operation.kind][lowest],
                                           .step = subject->step,
                                           .data = data,
                                           .end = end,
                                           .operations = operations,
                                           .seconds = (double)(clock() - begin) / CLOCKS_PER_SEC};
    rpcancel_feedback_violated(violation.rule);
    rpcancel_violation_abort(&violation);
}

static void run(const struct rpcancel_subject *subject, const uint8_t *data, size_t size)
{
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    struct rpcancel_feedback feedback = {0};
    struct rpcancel_situation situation;
    struct rpcancel_operation operation;
    const uint8_t *cursor = data;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    while (rpcancel_binary_next(&cursor, data + size, &operation)) {
        struct rpcancel_answer answer = subject->step(&rpcancel_choices_documented, &world, operation);
        if (!rpcancel_answer_happened(answer))
            continue;
        operations++;
        rpcancel_situate(&situation, &observer, operation);
        struct rpcancel_verdict verdict = rpcancel_judge_situation(subject->rules, &situation, answer);
        if (verdict.violated)
            violated(subject, operation, verdict, data, cursor);
        rpcancel_feedback_note(&feedback, &situation);
        rpcancel_observe(&observer, operation, answer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rpcancel_feedback_begin();
    unsigned first = rpcancel_subjects_first(&subjects, data, size);
    for (unsigned i = 0; i < subjects.count; i++)
        run(&subjects.items[(first + i) % subjects.count], data, size);
    return 0;
}
