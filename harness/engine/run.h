// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RUN_H
#define RPCANCEL_RUN_H
/*
 * A run: one sequence carried out on one runtime and judged. Used by check, replay and random; explore and the fuzz
 * targets, which only ever drive the reference, have tighter loops of their own.
 *
 * Where the runtime controls delivery the observer is exact. Where delivery is hidden, `deliver` lines become
 * `settle` (wait for the event), and the run keeps the set of observers that hidden deliveries allow: a member in
 * which a rule is violated is dropped, and when none is left the run has failed, naming the rules of the members
 * dropped last. A rule counts as decided only when it decides in every member that is left.
 */
#include "rules/judge.h"
#include "runtime/runtime.h"
#include "sequence/sequence.h"

enum rpcancel_run_end {
    RPCANCEL_RUN_OK,            /* carried out to the end, no rule in force violated */
    RPCANCEL_RUN_VIOLATED,      /* a rule was violated; stopped there */
    RPCANCEL_RUN_UNIMPLEMENTED, /* an operation that changes state is not implemented; stopped there */
    RPCANCEL_RUN_CRASHED,
    RPCANCEL_RUN_HUNG,
    RPCANCEL_RUN_BROKEN
};

enum { RPCANCEL_RULES_MAX = 256, RPCANCEL_RUN_ANSWERS_MAX = 8 };

/* What the answers of a function looked like while a rule judged them; tells a rule that was really decided from one
 * that a stub satisfies by accident. */
struct rpcancel_rule_tally {
    uint64_t decided;
    uint64_t violated;
    uint64_t unimplemented;                                      /* the operation it judges was not there */
    struct rpcancel_answer held[RPCANCEL_RUN_ANSWERS_MAX];        /* distinct answers that held */
    unsigned held_count;
};

/* One line of the trace. */
struct rpcancel_run_step {
    struct rpcancel_operation operation;
    struct rpcancel_answer answer;
    uint32_t line;   /* of the sequence's text, 0 for events and settles the run added */
    bool expected;   /* false: an expectation was given and the answer is not in it */
    bool specified;  /* at least one rule in force decided */
};

struct rpcancel_run {
    /* in */
    const struct rpcancel_rule_set *rules;
    struct rpcancel_rule_tally *tallies; /* RPCANCEL_RULES_MAX of them, added to; by rule index */
    /* out, reused from run to run; rpcancel_run_free releases it */
    enum rpcancel_run_end end;
    struct rpcancel_run_step *steps;
    size_t step_count;
    size_t step_capacity;
    size_t unexpected;                     /* answers outside their expectation */
    uint8_t violated[RPCANCEL_RULES_PER_OPERATION]; /* rule indices, when VIOLATED */
    unsigned violated_count;
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* when CRASHED, HUNG, BROKEN */
};

/* rpcancel_run_sequence resets |runtime| and carries out |sequence| on it. Returns run->end. */
enum rpcancel_run_end rpcancel_run_sequence(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                            const struct rpcancel_sequence *sequence);

void rpcancel_run_free(struct rpcancel_run *run);

#endif
