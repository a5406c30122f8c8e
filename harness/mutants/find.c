// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "mutants/mutants.h"

unsigned rpcancel_mutant_count(void)
{
    return rpcancel_defect_count + rpcancel_variant_count;
}

const struct rpcancel_mutant *rpcancel_mutant_at(unsigned index)
{
    return index < rpcancel_defect_count ? &rpcancel_defects[index] : &rpcancel_variants[index - rpcancel_defect_count];
}

static const struct rpcancel_mutant *find(const char *name, size_t length)
{
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        if (strlen(mutant->name) == length && memcmp(mutant->name, name, length) == 0)
            return mutant;
    }
    return NULL;
}

rpcancel_step_function *rpcancel_mutant_find(const char *name)
{
    const struct rpcancel_mutant *mutant = find(name, strlen(name));
    return mutant ? mutant->step : NULL;
}

bool rpcancel_stepper_find(const char *name, size_t length, struct rpcancel_stepper *stepper,
                           enum rpcancel_profile *profile)
{
    const struct rpcancel_mutant *mutant = find(name, length);
    *stepper = (struct rpcancel_stepper){.function = mutant ? mutant->step : NULL};
    if (profile)
        *profile = mutant ? mutant->profile : RPCANCEL_PROFILE_DOCUMENTED;
    return mutant || rpcancel_fault_parse(&stepper->fault, name, length);
}
