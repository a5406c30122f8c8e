// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_WALK_H
#define RPCANCEL_COVERAGE_WALK_H
/*
 * A walk: a sequence on its way through the reference, and what each of its operations covers. Copying the struct keeps
 * the place, so that several ways on can be tried.
 */
#include "coverage/map.h"

struct rpcancel_walk {
    struct rpcancel_pair pair;
    struct rpcancel_standing standing;
    unsigned used;                          /* bit n: anything was ever done with handle n */
    uint32_t numbers[RPCANCEL_HANDLES_MAX]; /* pair of the one-call slice that each handle is in, or RPCANCEL_NO_PAIR */
};

enum {
    RPCANCEL_STEP_ITEMS_MAX =
        2 * RPCANCEL_HANDLES_MAX + RPCANCEL_TWO_CALL_CELLS_AT_ONCE + 3 * RPCANCEL_RULES_PER_OPERATION
};

/* What one operation covers. */
struct rpcancel_step_coverage {
    unsigned count;
    uint32_t items[RPCANCEL_STEP_ITEMS_MAX]; /* of the map; some may be there twice */
    int violated;                            /* index of a rule that the reference's answer breaks, or -1 */
};

/* rpcancel_walk_begin sets |walk| to the beginning, where every handle is zeroed and nothing is on its way. */
void rpcancel_walk_begin(struct rpcancel_walk *walk);

/*
 * rpcancel_walk_step carries out |operation| (canonical) and sets |*covered| to the items of |parts| (bit n: part n of
 * the map; bit RPCANCEL_COVERS_RULE: the rules of all profiles). Without the rules, none is held against the answer.
 * False when the operation did not happen: then nothing is covered, and the walk is where it was.
 */
enum { RPCANCEL_WALK_ALL = (1 << (int)RPCANCEL_COVERAGE_PARTS) - 1 };
bool rpcancel_walk_step(const struct rpcancel_coverage_map *map, struct rpcancel_walk *walk,
                        struct rpcancel_operation operation, unsigned parts, struct rpcancel_step_coverage *covered);

#endif
