// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_MUTANTS_H
#define RPCANCEL_MUTANTS_H
/*
 * Mutants and variants: the reference implementation with deliberate changes, made from outside. A mutant has a
 * defect that some rule must name; a variant answers otherwise only where the documents are silent, and no rule may
 * object to it. Together they show that the rules are neither too weak nor too strong.
 *
 * Each is a step function with rpcancel_step's contract that calls rpcancel_step and changes what goes in, what
 * comes out, or the world after it.
 */
#include <stdbool.h>

#include "reference.h"

typedef struct rpcancel_answer rpcancel_step_function(const struct rpcancel_choices *choices,
                                                      struct rpcancel_world *world,
                                                      struct rpcancel_operation operation);

struct rpcancel_mutant {
    const char *name;
    const char *text; /* the defect, or the other answer, in one sentence */
    bool variant;     /* true: must live; false: must die */
    rpcancel_step_function *step;
};

unsigned rpcancel_mutant_count(void);
const struct rpcancel_mutant *rpcancel_mutant_at(unsigned index);

/* rpcancel_mutant_find returns the step function of the mutant or variant with |name|, or NULL. */
rpcancel_step_function *rpcancel_mutant_find(const char *name);

#endif
