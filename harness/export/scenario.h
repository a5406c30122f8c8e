// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SCENARIO_H
#define RPCANCEL_SCENARIO_H
/*
 * A scenario: a sequence as a test in C sees it, with what the documents say of each answer.
 *
 * The sequence is carried out on the healthy reference. Where rules decide an answer there, the scenario names the
 * rules and the answers they allow. So a test written from it passes on the reference, and demands nothing that no
 * document does.
 */
#include "engine/run.h"
#include "rules/judge.h"
#include "sequence/sequence.h"

struct rpcancel_scenario_step {
    struct rpcancel_operation operation;
    bool synchronous;                            /* its call is served by a synchronous manager routine */
    struct rpcancel_answer answer;               /* the reference's */
    rpcancel_expectation allowed;                /* by all rules that decide; 0 when none does */
    rpcancel_expectation forbidden;              /* by at least one of them */
    unsigned rule_count;                         /* rules that decide */
    uint8_t rules[RPCANCEL_RULES_PER_OPERATION]; /* their indices in the table of rules */
};

/* Zero-initialise; end with rpcancel_scenario_free. */
struct rpcancel_scenario {
    enum rpcancel_profile profile;
    int rule; /* index of the rule the test is about, decided in the last step that it decides; -1 for none */
    struct rpcancel_scenario_step *steps;
    size_t count;
    bool handles[RPCANCEL_HANDLES_MAX]; /* which are named */
    bool earlier[RPCANCEL_HANDLES_MAX]; /* … as an earlier call, too */
};

/* rpcancel_scenario_make fills |scenario| with |sequence| as the rules of |profile| judge it, of all levels. |rule| is
 * what the test is about, or -1 for the rule that decides the last answer decided by any. False when memory is
 * exhausted. */
bool rpcancel_scenario_make(struct rpcancel_scenario *scenario, const struct rpcancel_sequence *sequence,
                            enum rpcancel_profile profile, int rule);

/* rpcancel_scenario_rejects tells whether one of the answers of |run|, a run of the same sequence on another runtime,
 * is one that the scenario does not allow: whether a test written from it fails there. */
bool rpcancel_scenario_rejects(const struct rpcancel_scenario *scenario, const struct rpcancel_run *run);

void rpcancel_scenario_free(struct rpcancel_scenario *scenario);

#endif
