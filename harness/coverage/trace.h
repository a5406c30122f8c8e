// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_TRACE_H
#define RPCANCEL_COVERAGE_TRACE_H
/*
 * What one sequence covers: every item once, and how it went.
 */
#include "coverage/walk.h"
#include "sequence/sequence.h"

/* Room for the items of a sequence, used again and again. Zero-initialise, then rpcancel_trace_open. */
struct rpcancel_trace {
    /* of the sequence traced last */
    uint32_t *items;
    uint32_t count;
    size_t operations; /* that happened; the others cover nothing */
    int violated;      /* index of the first rule that the reference broke, or -1 */
    /* inside */
    uint64_t *seen; /* bit n: item n is in |items| */
};

/* rpcancel_trace_open makes room for the items of |map|; false when memory is exhausted. */
bool rpcancel_trace_open(struct rpcancel_trace *trace, const struct rpcancel_coverage_map *map);
void rpcancel_trace_close(struct rpcancel_trace *trace);

/* rpcancel_trace_sequence carries |sequence| out on the reference, under the choices of every profile, and sets
 * |trace|. A sequence without an operation that happens covers nothing. */
void rpcancel_trace_sequence(struct rpcancel_trace *trace, const struct rpcancel_coverage_map *map,
                             const struct rpcancel_sequence *sequence);

#endif
