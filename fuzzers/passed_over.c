// SPDX-License-Identifier: Apache-2.0
#include "passed_over.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

enum { RULES_MAX = 256, EXIT_USAGE = 2 };

static bool passed_over[RULES_MAX];

static bool add(const char *id, size_t length)
{
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const char *own = rpcancel_rule_at(i)->id;
        if (strlen(own) == length && memcmp(own, id, length) == 0) {
            passed_over[i] = true;
            return true;
        }
    }
    return length == 0;
}

void rpcancel_pass_over_begin(void)
{
    const char *ids = getenv("RPCANCEL_PASS_OVER");
    while (ids && *ids) {
        size_t length = strcspn(ids, ",");
        if (!add(ids, length)) {
            fprintf(stderr, "RPCANCEL_PASS_OVER: there is no rule '%.*s'; `rpcancel rules` lists them\n", (int)length,
                    ids);
            exit(EXIT_USAGE);
        }
        ids += length;
        ids += *ids == ',';
    }
}

bool rpcancel_is_passed_over(unsigned rule)
{
    return passed_over[rule];
}
