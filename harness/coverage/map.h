// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_MAP_H
#define RPCANCEL_COVERAGE_MAP_H
/*
 * The map: everything that can be covered, each with a number, its item. The map is constant; threads may share it.
 * docs/coverage.md says what is counted and why.
 */
#include <signal.h>

#include "coverage/one_call.h"
#include "coverage/two_calls.h"
#include "rules/judge.h"

/* The parts of the map, in the order of their items. */
enum rpcancel_coverage_part {
    RPCANCEL_COVERS_STATE, /* of one call */
    RPCANCEL_COVERS_EDGE,  /* of one call: a pair of state and observer, and an operation */
    RPCANCEL_COVERS_PAIR,  /* of two calls: two state classes and an operation */
    /* A rule in force under a profile, decided by an answer; one part for each profile, in the order of profiles. */
    RPCANCEL_COVERS_RULE,
    RPCANCEL_COVERAGE_PARTS = RPCANCEL_COVERS_RULE + (int)RPCANCEL_PROFILES
};

struct rpcancel_coverage_map {
    struct rpcancel_one_call *one_call;
    struct rpcancel_two_calls *two_calls;
    struct rpcancel_rule_set documented; /* of profile documented-98, which has all rules of documented */
    struct rpcancel_rule_set windows;
    uint32_t begin[RPCANCEL_COVERAGE_PARTS + 1]; /* first item of each part; the last is the number of all items */
    uint32_t total[RPCANCEL_COVERAGE_PARTS];     /* items of the part that can be covered; not all numbers are used */
};

/* rpcancel_coverage_map_open searches and makes the map, which takes a second or two; NULL when memory is exhausted,
 * the reference breaks a rule, or |*stop| became other than 0 (NULL: never). Release it with
 * rpcancel_coverage_map_close; NULL is allowed there. */
struct rpcancel_coverage_map *rpcancel_coverage_map_open(const volatile sig_atomic_t *stop);
void rpcancel_coverage_map_close(struct rpcancel_coverage_map *map);

static inline uint32_t rpcancel_coverage_items(const struct rpcancel_coverage_map *map)
{
    return map->begin[RPCANCEL_COVERAGE_PARTS];
}

/* rpcancel_coverage_part_of returns the part that |item| belongs to. */
enum rpcancel_coverage_part rpcancel_coverage_part_of(const struct rpcancel_coverage_map *map, uint32_t item);

/* rpcancel_coverage_can tells whether there is such an |item|: numbers between others are not all used. */
bool rpcancel_coverage_can(const struct rpcancel_coverage_map *map, uint32_t item);

/*
 * rpcancel_coverage_reach writes a shortest sequence that covers |item|, which there must be, and returns its length;
 * 0 for the initial state, which every sequence covers, and for a rule that no edge of one call decides. Of a rule, the
 * first edge that decides it is looked for; the others are known from the search.
 */
enum { RPCANCEL_COVERAGE_PATH_MAX = RPCANCEL_TWO_CALL_PATH_MAX };
unsigned rpcancel_coverage_reach(const struct rpcancel_coverage_map *map, uint32_t item,
                                 struct rpcancel_operation out[RPCANCEL_COVERAGE_PATH_MAX]);

#endif
