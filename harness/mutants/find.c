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

rpcancel_step_function *rpcancel_mutant_find(const char *name)
{
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        if (strcmp(rpcancel_mutant_at(i)->name, name) == 0)
            return rpcancel_mutant_at(i)->step;
    }
    return NULL;
}
