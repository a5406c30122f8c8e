// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SET_COVER_H
#define RPCANCEL_SET_COVER_H
/*
 * Set cover: few sequences that cover together what all of them do. Finding the fewest is not feasible; this takes the
 * one that adds most, again and again, and then leaves out those that the others have made needless.
 */
#include "coverage/covered.h"

/* What one sequence covers. */
struct rpcancel_candidate {
    uint32_t *items; /* each once */
    uint32_t count;
    size_t size; /* in bytes: of two that add as much, the smaller is taken */
};

/*
 * rpcancel_set_cover sets chosen[i] for each of the |count| |candidates|, so that the chosen ones cover, together with
 * |covered|, all that all of them do, and none of them could be left out. Of equals the first is taken. |covered| gets
 * what they cover. False when memory is exhausted.
 */
bool rpcancel_set_cover(struct rpcancel_covered *covered, const struct rpcancel_candidate *candidates, size_t count,
                        bool *chosen);

#endif
