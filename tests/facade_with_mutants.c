// SPDX-License-Identifier: Apache-2.0
/*
 * The step of a façade that can be made defective: RPCANCEL_MUTANT in the environment names the defect. The façade is
 * compiled to call it in place of rpcancel_step, so that one exported test runs both ways.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mutants/mutants.h"

struct rpcancel_answer facade_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation);

struct rpcancel_answer facade_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation)
{
    static rpcancel_step_function *step;
    const char *name = getenv("RPCANCEL_MUTANT");
    if (!step)
        step = name ? rpcancel_mutant_find(name) : rpcancel_step;
    if (!step) {
        fprintf(stderr, "RPCANCEL_MUTANT: there is no mutant '%s'\n", name);
        abort();
    }
    return step(choices, world, operation);
}
