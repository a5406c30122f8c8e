// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_SUBJECTS_H
#define RPCANCEL_FUZZERS_SUBJECTS_H
/*
 * Which implementations a fuzz target sets an input on: the reference, or some mutants and variants in its place, each
 * with the rules it is judged by. Several at once show that an engine tells their findings apart.
 */
#include <stddef.h>

#include "mutants/mutants.h"
#include "rules/judge.h"

struct rpcancel_subject {
    struct rpcancel_stepper step;
    const struct rpcancel_rule_set *rules;
};

enum { RPCANCEL_SUBJECTS_MAX = 64 };

struct rpcancel_subjects {
    unsigned count;
    struct rpcancel_subject items[RPCANCEL_SUBJECTS_MAX];
    struct rpcancel_rule_set rules[RPCANCEL_PROFILES];
};

/* rpcancel_subjects_init fills |subjects| with the mutants and variants of |names|, which have commas between them,
 * each under the profile that is meant to tell it from the reference or not to (see `rpcancel mutants`); with the
 * reference under profile documented-98 when |names| is NULL. A name that is none ends the program: exit code 2. */
void rpcancel_subjects_init(struct rpcancel_subjects *subjects, const char *names);

/* rpcancel_subjects_first returns the index of the subject that the input is set on first; the others follow in turn.
 * The input decides, so that no subject always hides what the others would show. */
unsigned rpcancel_subjects_first(const struct rpcancel_subjects *subjects, const uint8_t *data, size_t size);

#endif
