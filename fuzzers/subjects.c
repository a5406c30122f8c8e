// SPDX-License-Identifier: Apache-2.0
#include "subjects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct rpcancel_subjects *subjects, struct rpcancel_stepper step, enum rpcancel_profile profile)
{
    struct rpcancel_rule_set *rules = &subjects->rules[profile];
    rpcancel_rule_set_init(rules, profile, ~0u);
    subjects->items[subjects->count++] = (struct rpcancel_subject){.step = step, .rules = rules};
}

void rpcancel_subjects_init(struct rpcancel_subjects *subjects, const char *names)
{
    subjects->count = 0;
    if (!names) {
        add(subjects, (struct rpcancel_stepper){.function = rpcancel_step}, RPCANCEL_PROFILE_DOCUMENTED_98);
        return;
    }
    for (const char *name = names;; name++) {
        size_t length = strcspn(name, ",");
        struct rpcancel_stepper step;
        enum rpcancel_profile profile;
        if (!rpcancel_stepper_find(name, length, &step, &profile)) {
            fprintf(stderr,
                    "RPCANCEL_MUTANT: there is no mutant or variant '%.*s'; `rpcancel mutants --list` names them\n",
                    (int)length, name);
            exit(2);
        }
        if (subjects->count == RPCANCEL_SUBJECTS_MAX) {
            fprintf(stderr, "RPCANCEL_MUTANT: more than %d names\n", RPCANCEL_SUBJECTS_MAX);
            exit(2);
        }
        add(subjects, step, profile);
        name += length;
        if (!*name)
            return;
    }
}

unsigned rpcancel_subjects_first(const struct rpcancel_subjects *subjects, const uint8_t *data, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    if (subjects->count == 1)
        return 0;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619u;
    return hash % subjects->count;
}
