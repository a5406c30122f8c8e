// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERED_H
#define RPCANCEL_COVERED_H
/*
 * What a number of sequences cover together.
 */
#include "coverage/trace.h"

struct rpcancel_covered {
    const struct rpcancel_coverage_map *map;
    uint64_t *bits;                          /* bit n: item n is covered */
    uint32_t count[RPCANCEL_COVERAGE_PARTS]; /* items of each part that are */
};

/* rpcancel_covered_open begins with nothing covered; false when memory is exhausted. |map| must outlive it. */
bool rpcancel_covered_open(struct rpcancel_covered *covered, const struct rpcancel_coverage_map *map);
void rpcancel_covered_close(struct rpcancel_covered *covered);

/* rpcancel_covered_copy opens |to| as a copy of |from|; false when memory is exhausted. */
bool rpcancel_covered_copy(struct rpcancel_covered *to, const struct rpcancel_covered *from);

/* rpcancel_covered_add takes in the |count| items at |items|; returns how many of them are new. */
uint32_t rpcancel_covered_add(struct rpcancel_covered *covered, const uint32_t *items, uint32_t count);

bool rpcancel_covered_has(const struct rpcancel_covered *covered, uint32_t item);

/* rpcancel_covered_rules returns the number of rules that are decided under every profile in which they are in force.
 */
uint32_t rpcancel_covered_rules(const struct rpcancel_covered *covered);

/* rpcancel_covered_next returns the first item from |item| on that can be covered and is not, or the number of all
 * items when there is none. */
uint32_t rpcancel_covered_next(const struct rpcancel_covered *covered, uint32_t item);

#endif
