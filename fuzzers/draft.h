// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_DRAFT_H
#define RPCANCEL_FUZZERS_DRAFT_H
/*
 * A draft: a sequence in the binary form while the mutator works on it. Positions and counts are in operations.
 */
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "reference.h"
#include "sequence/sequence.h"

struct rpcancel_draft {
    uint8_t *bytes;  /* the caller's buffer; canonical records only */
    size_t count;    /* operations in it */
    size_t capacity; /* operations it has room for, at least 1 */
    struct rpcancel_random random;
};

/* rpcancel_draft_open makes a draft of whatever the first |size| bytes of the buffer mean. */
struct rpcancel_draft rpcancel_draft_open(uint8_t *bytes, size_t size, size_t max_size, uint64_t seed);

/* rpcancel_draft_get and _put read and write the operation at |at| (below |count|). */
struct rpcancel_operation rpcancel_draft_get(const struct rpcancel_draft *draft, size_t at);
void rpcancel_draft_put(struct rpcancel_draft *draft, size_t at, struct rpcancel_operation operation);

/* rpcancel_draft_delete removes |count| operations from |at| on; they must be there. */
void rpcancel_draft_delete(struct rpcancel_draft *draft, size_t at, size_t count);

/* rpcancel_draft_open_gap moves what stands from |at| (at most |count|) on by |count| operations, which the caller then
 * puts. Where there is no room the end of the sequence is lost; returns how many operations the gap has, perhaps
 * fewer than |count|. */
size_t rpcancel_draft_open_gap(struct rpcancel_draft *draft, size_t at, size_t count);

/* rpcancel_draft_replay makes |world| what the reference makes of the first |count| operations. */
void rpcancel_draft_replay(const struct rpcancel_draft *draft, size_t count, struct rpcancel_world *world);

/* rpcancel_draft_tidy removes the operations that cannot happen where they stand. */
void rpcancel_draft_tidy(struct rpcancel_draft *draft);

#endif
