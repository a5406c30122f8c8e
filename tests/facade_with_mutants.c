// SPDX-License-Identifier: Apache-2.0
/*
 * The step of a façade that can be made defective: RPCANCEL_MUTANT in the environment names the defect. The façade is
 * compiled to call it in place of rpcancel_step, so that one exported test runs both ways.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutants/mutants.h"

struct rpcancel_answer facade_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation);

struct rpcancel_answer facade_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation)
{
    static struct rpcancel_stepper step;
    static bool is_chosen;
    const char *name = getenv("RPCANCEL_MUTANT");
    if (!is_chosen) {
        step.function = rpcancel_step;
        if (name && !rpcancel_stepper_find(name, strlen(name), &step, NULL)) {
            fprintf(stderr, "RPCANCEL_MUTANT: there is no mutant '%s'\n", name);
            abort();
        }
        is_chosen = true;
    }
    return rpcancel_take_step(&step, choices, world, operation);
}
