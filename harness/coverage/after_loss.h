// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_AFTER_LOSS_H
#define RPCANCEL_AFTER_LOSS_H
/*
 * What can come after the link is lost. It does not come back, and no call can be made any more, so every way there
 * ends soon, and never leads back but for a few steps of the client: to cover all edges behind the loss takes many
 * sequences. This finds ways on which much is new.
 */
#include "coverage/covered.h"

struct rpcancel_after_loss;

/* A way of one handle, in operations of one call: to where the link is lost, and what comes then. */
struct rpcancel_way {
    unsigned handle;
    uint32_t loses_in; /* pair of the one-call slice */
    unsigned length;
    struct rpcancel_operation operations[2 * RPCANCEL_ONE_CALL_PATH_MAX];
};

/* rpcancel_after_loss_open returns the moves of one call; NULL when memory is exhausted. |map| must outlive it. Release
 * it with rpcancel_after_loss_close; NULL is allowed there. */
struct rpcancel_after_loss *rpcancel_after_loss_open(const struct rpcancel_coverage_map *map);
void rpcancel_after_loss_close(struct rpcancel_after_loss *after);

/* rpcancel_after_loss_begin forgets which ways were planned, and counts what |covered| has as covered. It must outlive
 * the planning. With |alone| ways are for a handle with no other beside it: what is new about no call counts, and
 * nothing without it. */
void rpcancel_after_loss_begin(struct rpcancel_after_loss *after, const struct rpcancel_covered *covered, bool alone);

/*
 * rpcancel_after_loss_plan sets |*way| to one from pair |number| on which much is new, and which |handle| is to go;
 * false when nothing is. What ways planned before have counts as covered. A way from the initial pair may settle before
 * the link is lost, others do not, as that could move handles that are somewhere already.
 */
bool rpcancel_after_loss_plan(struct rpcancel_after_loss *after, unsigned handle, uint32_t number,
                              struct rpcancel_way *way);

#endif
