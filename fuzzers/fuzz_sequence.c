// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes sequences of operations on the reference implementation and judges every answer.
 *
 * Exercised: rpcancel_step and everything behind it, rpcancel_binary_next, rpcancel_judge, rpcancel_observe.
 * Found: answers that break a rule of profile documented-98, which holds all rules that rest on documents, of any age.
 * Environment: RPCANCEL_MUTANT names mutants or variants to fuzz in place of the reference, with commas between them
 * (subjects.h); RPCANCEL_PASS_OVER rules to say nothing of (passed_over.h); RPCANCEL_PROGRESS a file to count in
 * (progress.h).
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "coverage/one_call_index.h"
#include "feedback.h"
#include "mutants/ask.h"
#include "passed_over.h"
#include "progress.h"
#include "sequence/sequence.h"
#include "subjects.h"
#include "violation.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rpcancel_subjects subjects;
static struct rpcancel_progress progress;
static struct rpcancel_one_call_index *states; /* while progress.shared */
static uint64_t decisions;                     /* in this input, while progress.shared */
static uint64_t operations;                    /* that happened, in all inputs */
static clock_t begin;

enum { EXIT_TROUBLE = 3 };

static void print_operations(void)
{
    fprintf(stderr, "operations: %" PRIu64 "\n", operations);
}

/* The states are searched for only if they are to be counted: it takes some milliseconds. */
static void open_progress(void)
{
    const char *path = getenv("RPCANCEL_PROGRESS");
    bool opened = true;
    if (path && *path) {
        states = rpcancel_one_call_index_open();
        opened = states != NULL;
    }
    unsigned count = states ? rpcancel_one_call_index_state_count(states) : 0;
    if (!opened || !rpcancel_progress_open(&progress, rpcancel_rule_set_size(subjects.items[0].rules), count))
        exit(EXIT_TROUBLE);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    rpcancel_subjects_init(&subjects, getenv("RPCANCEL_MUTANT"));
    rpcancel_pass_over_begin();
    open_progress();
    atexit(print_operations);
    begin = clock();
    return 0;
}

/* Never inlined: it is not for the loop to make room for. Returns when all rules that are broken are passed over. */
__attribute__((noinline)) static void violated(const struct rpcancel_subject *subject,
                                               struct rpcancel_operation operation, struct rpcancel_verdict verdict,
                                               const uint8_t *data, const uint8_t *end, uint64_t happened)
{
    struct rpcancel_violation violation = {.step = subject->step,
                                           .data = data,
                                           .end = end,
                                           .operations = operations,
                                           .seconds = (double)(clock() - begin) / CLOCKS_PER_SEC};
    for (uint32_t left = verdict.violated; left; left &= left - 1) {
        violation.rule = subject->rules->index[operation.kind][(unsigned)__builtin_ctz(left)];
        if (rpcancel_is_passed_over(violation.rule))
            continue;
        if (progress.shared)
            rpcancel_progress_input(&progress, happened, decisions, true);
        rpcancel_feedback_violated(violation.rule);
        rpcancel_violation_abort(&violation);
    }
}

__attribute__((noinline)) static void count(const struct rpcancel_subject *subject, const struct rpcancel_world *world,
                                            struct rpcancel_operation operation, uint32_t decided)
{
    int state = rpcancel_one_call_index_state(states, world, operation.handle);
    if (state >= 0)
        rpcancel_progress_state(&progress, (unsigned)state);
    decisions += (unsigned)__builtin_popcount(decided);
    for (; decided; decided &= decided - 1)
        rpcancel_progress_rule(&progress, subject->rules->index[operation.kind][(unsigned)__builtin_ctz(decided)]);
}

/* Returns whether it went through without a violation. */
static bool run(const struct rpcancel_subject *subject, const uint8_t *data, size_t size)
{
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    struct rpcancel_feedback feedback = {0};
    struct rpcancel_situation situation;
    struct rpcancel_operation operation;
    const uint8_t *cursor = data;
    const uint64_t before = operations;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    while (rpcancel_binary_next(&cursor, data + size, &operation)) {
        struct rpcancel_answer answer =
            rpcancel_ask(&subject->step, &rpcancel_choices_documented, &world, &observer, operation);
        if (!rpcancel_answer_happened(answer))
            continue;
        operations++;
        rpcancel_situate(&situation, &observer, operation);
        struct rpcancel_verdict verdict = rpcancel_judge_situation(subject->rules, &situation, answer);
        if (progress.shared)
            count(subject, &world, operation, verdict.decided);
        if (verdict.violated) {
            violated(subject, operation, verdict, data, cursor, operations - before);
            return false;
        }
        rpcancel_feedback_note(&feedback, &situation);
        rpcancel_observe(&observer, operation, answer);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint64_t before = operations;
    bool held = true;
    decisions = 0;
    rpcancel_feedback_begin();
    unsigned first = rpcancel_subjects_first(&subjects, data, size);
    for (unsigned i = 0; i < subjects.count; i++)
        held &= run(&subjects.items[(first + i) % subjects.count], data, size);
    if (progress.shared)
        rpcancel_progress_input(&progress, operations - before, decisions, !held);
    return 0;
}
