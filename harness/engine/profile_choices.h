// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PROFILE_CHOICES_H
#define RPCANCEL_PROFILE_CHOICES_H
#include "reference.h"
#include "rules/rules.h"

/* rpcancel_profile_choices returns what the reference chooses under |profile|. Static storage. */
static inline const struct rpcancel_choices *rpcancel_profile_choices(enum rpcancel_profile profile)
{
    return profile == RPCANCEL_PROFILE_WINDOWS ? &rpcancel_choices_windows : &rpcancel_choices_documented;
}

#endif
