// SPDX-License-Identifier: Apache-2.0
#include "wire/profile.h"

#include <string.h>

enum { FOUR_MEBIOCTETS = 0x400000 };

static const struct {
    const char *name;
    struct rpcancel_wire_choices choices;
} profiles[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {"core", {true, false, true, true, true, false, false, FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_C706] = {"c706", {true, true, true, true, true, false, false, FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_MS_RPCE] = {"ms-rpce", {true, false, true, true, true, false, false, FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_WINDOWS] = {"windows", {false, false, false, false, false, true, true, FOUR_MEBIOCTETS}},
    [RPCANCEL_WIRE_FREEDCE] = {"freedce", {true, true, true, true, true, false, false, FOUR_MEBIOCTETS}},
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

const char *rpcancel_wire_profile_name(enum rpcancel_wire_profile profile)
{
    return profiles[profile].name;
}
