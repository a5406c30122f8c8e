// SPDX-License-Identifier: Apache-2.0
#include "coverage/trace.h"

#include <stdlib.h>

#include "coverage/bits.h"

bool rpcancel_trace_open(struct rpcancel_trace *trace, const struct rpcancel_coverage_map *map)
{
    trace->items = calloc(rpcancel_coverage_items(map), sizeof *trace->items);
    trace->seen = calloc(rpcancel_bits_words(rpcancel_coverage_items(map)), sizeof *trace->seen);
    return trace->items && trace->seen;
}

void rpcancel_trace_close(struct rpcancel_trace *trace)
{
    free(trace->items);
    free(trace->seen);
    *trace = (struct rpcancel_trace){0};
}

static void forget(struct rpcancel_trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++)
        rpcancel_bits_remove(trace->seen, trace->items[i]);
    trace->count = 0;
    trace->operations = 0;
    trace->violated = -1;
}

static void take(struct rpcancel_trace *trace, uint32_t item)
{
    if (rpcancel_bits_add(trace->seen, item))
        trace->items[trace->count++] = item;
}

void rpcancel_trace_sequence(struct rpcancel_trace *trace, const struct rpcancel_coverage_map *map,
                             const struct rpcancel_sequence *sequence)
{
    struct rpcancel_walk walk;
    struct rpcancel_step_coverage covered;
    forget(trace);
    rpcancel_walk_begin(&walk);
    for (size_t i = 0; i < sequence->count; i++) {
        if (!rpcancel_walk_step(map, &walk, sequence->items[i].operation, RPCANCEL_WALK_ALL, &covered))
            continue;
        trace->operations++;
        for (unsigned k = 0; k < covered.count; k++)
            take(trace, covered.items[k]);
        if (trace->violated < 0)
            trace->violated = covered.violated;
    }
    if (trace->operations > 0)
        take(trace, map->begin[RPCANCEL_COVERS_STATE]); /* where it began */
}
