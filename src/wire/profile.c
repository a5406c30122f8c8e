// SPDX-License-Identifier: Apache-2.0
#include "wire/profile.h"

#include <string.h>

/* What all but Windows' servers do. */
#define SHARED .counts_cancels = true, .takes_pending_cancel = true, .orphaned_ends_assembly = true, .knows_maybe = true

static const struct {
    const char *name;
    struct rpcancel_wire_choices choices;
} profiles[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {"core", {SHARED, .closes_after_orphaned = true}},
    [RPCANCEL_WIRE_C706] = {"c706", {SHARED, .says_cancel_pending = true}},
    [RPCANCEL_WIRE_MS_RPCE] = {"ms-rpce", {SHARED, .closes_after_orphaned = true}},
    [RPCANCEL_WIRE_WINDOWS] = {"windows",
                               {.closes_after_orphaned = true, .short_context_id = true, .one_of_each_syntax = true}},
    [RPCANCEL_WIRE_FREEDCE] = {"freedce", {SHARED, .says_cancel_pending = true}},
};

const struct rpcancel_wire_choices *rpcancel_wire_choices_of(enum rpcancel_wire_profile profile)
{
    return &profiles[profile].choices;
}

const char *rpcancel_wire_profile_name(enum rpcancel_wire_profile profile)
{
    return profiles[profile].name;
}

bool rpcancel_wire_profile_from_name(const char *name, enum rpcancel_wire_profile *profile)
{
    for (unsigned i = 0; i < RPCANCEL_WIRE_PROFILES; i++) {
        if (strcmp(profiles[i].name, name) == 0) {
            *profile = (enum rpcancel_wire_profile)i;
            return true;
        }
    }
    return false;
}
