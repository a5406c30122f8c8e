// SPDX-License-Identifier: Apache-2.0
#include "wire/profile.h"

#include <string.h>

enum { FOUR_MEBIOCTETS = 0x400000 };

static const struct {
    const char *name;
    struct rpcancel_wire_choices choices;
} profiles[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {"core",
                            {.counts_cancels = true,
                             .takes_pending_cancel = true,
                             .orphaned_ends_assembly = true,
                             .knows_maybe = true,
                             .closes_after_orphaned = true,
                             .request_max = FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_C706] = {"c706",
                            {.counts_cancels = true,
                             .says_cancel_pending = true,
                             .takes_pending_cancel = true,
                             .orphaned_ends_assembly = true,
                             .knows_maybe = true,
                             .request_max = FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_MS_RPCE] = {"ms-rpce",
                               {.counts_cancels = true,
                                .takes_pending_cancel = true,
                                .orphaned_ends_assembly = true,
                                .knows_maybe = true,
                                .closes_after_orphaned = true,
                                .request_max = FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_WINDOWS] = {"windows",
                               {.closes_after_orphaned = true,
                                .short_context_id = true,
                                .one_of_each_syntax = true,
                                .request_max = FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_FREEDCE] = {"freedce",
                               {.counts_cancels = true,
                                .says_cancel_pending = true,
                                .takes_pending_cancel = true,
                                .orphaned_ends_assembly = true,
                                .knows_maybe = true,
                                .request_max = FOUR_MEBIOCTETS}},
};

const struct rpcancel_wire_choices *rpcancel_wire_choices_of(enum rpcancel_wire_profile profile)
{
    return &profiles[profile].choices;
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
