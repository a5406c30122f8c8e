// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_EXERCISE_H
#define RPCANCEL_SUITE_EXERCISE_H
/*
 * Exercising a mutant or variant with a whole suite: every operation is carried out once for all sequences that have it
 * in common.
 */
#include "engine/alphabet.h"
#include "mutants/mutants.h"
#include "suite/suite.h"

struct rpcancel_exercise {
    int rule;                          /* index of a rule that objected, -1: none did */
    struct rpcancel_sequence objected; /* the shortest sequence at whose last answer one did */
    struct rpcancel_sequence differed; /* the shortest at whose last the answer was not the reference's; empty: none */
};

/* rpcancel_suite_exercise carries out |suite|, whose inputs are operations of |alphabet|, on |mutant|, under the rules
 * of every level of its profile. False when memory is exhausted. Release |*exercise| with rpcancel_exercise_free in any
 * case. */
bool rpcancel_suite_exercise(struct rpcancel_exercise *exercise, const struct rpcancel_suite *suite,
                             const struct rpcancel_alphabet *alphabet, const struct rpcancel_mutant *mutant);
void rpcancel_exercise_free(struct rpcancel_exercise *exercise);

#endif
