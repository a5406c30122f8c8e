// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_DRAFT_H
#define RPCANCEL_FUZZERS_DRAFT_H
/*
 * A draft: a sequence while the mutator works on it, with what the reference makes of its beginning. Positions and
 * counts are in operations.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "reference.h"
#include "sequence/sequence.h"

enum { RPCANCEL_DRAFT_MAX = 4096 };

struct rpcancel_draft {
    size_t capacity; /* how many operations may be in it, 1 … RPCANCEL_DRAFT_MAX */
    size_t count;    /* how many are */
    bool tidy;       /* replaying removes operations that cannot happen where they stand */
    size_t replayed; /* how many operations |world| has seen */
    struct rpcancel_world world;
    struct rpcancel_random random;
    struct rpcancel_operation operations[RPCANCEL_DRAFT_MAX]; /* canonical */
};

/* rpcancel_draft_open makes |draft| empty, with room for what |max_size| bytes of the binary form hold, at least one
 * operation. Most drafts are tidy; some keep everything, for what the reference refuses another runtime may do. */
void rpcancel_draft_open(struct rpcancel_draft *draft, size_t max_size, uint64_t seed);

/* rpcancel_draft_append adds what |size| bytes of the binary form mean, as far as there is room. */
void rpcancel_draft_append(struct rpcancel_draft *draft, const uint8_t *bytes, size_t size);

/* rpcancel_draft_write writes the binary form to |bytes|, which hold max_size, and returns its size. */
size_t rpcancel_draft_write(const struct rpcancel_draft *draft, uint8_t *bytes);

/* rpcancel_draft_change returns the operations from |at| on, for writing to those of them that there are. */
struct rpcancel_operation *rpcancel_draft_change(struct rpcancel_draft *draft, size_t at);

/* rpcancel_draft_delete removes |count| operations from |at| on; they must be there. */
void rpcancel_draft_delete(struct rpcancel_draft *draft, size_t at, size_t count);

/* rpcancel_draft_open_gap moves what stands from |at| (at most |count|) on by |count| operations, which the caller then
 * writes. Where there is no room the end of the sequence is lost; returns how many operations the gap has, perhaps
 * fewer than |count|. */
size_t rpcancel_draft_open_gap(struct rpcancel_draft *draft, size_t at, size_t count);

/* rpcancel_draft_replay makes |world| what the reference makes of the operations before |at|, and returns where |at| is
 * then: nearer to the beginning by the number of operations removed. */
size_t rpcancel_draft_replay(struct rpcancel_draft *draft, size_t at);

#endif
