// SPDX-License-Identifier: Apache-2.0
#include "coverage/set_cover.h"

#include <stdlib.h>

/* A candidate in the heap, with what it would have added when that was last looked at: never less than it would now. */
struct entry {
    size_t candidate;
    uint32_t gain;
};

struct choice {
    struct rpcancel_covered *covered;
    const struct rpcancel_candidate *candidates;
    struct entry *heap; /* the best on top */
    size_t heap_count;
    size_t *order; /* of those taken */
    size_t order_count;
    uint32_t *covering; /* by item: how many of those taken cover it */
};

static uint32_t gain_of(const struct choice *choice, size_t candidate)
{
    const struct rpcancel_candidate *c = &choice->candidates[candidate];
    uint32_t gain = 0;
    for (uint32_t i = 0; i < c->count; i++)
        gain += !rpcancel_covered_has(choice->covered, c->items[i]);
    return gain;
}

/* ---- the heap ---- */

static bool is_better(const struct choice *choice, struct entry one, struct entry other)
{
    size_t one_size = choice->candidates[one.candidate].size, other_size = choice->candidates[other.candidate].size;
    if (one.gain != other.gain)
        return one.gain > other.gain;
    return one_size != other_size ? one_size < other_size : one.candidate < other.candidate;
}

/* Lets the entry at |at| sink to where it belongs. */
static void sink(struct choice *choice, size_t at)
{
    struct entry entry = choice->heap[at];
    for (size_t below = 2 * at + 1; below < choice->heap_count; below = 2 * at + 1) {
        if (below + 1 < choice->heap_count && is_better(choice, choice->heap[below + 1], choice->heap[below]))
            below++;
        if (!is_better(choice, choice->heap[below], entry))
            break;
        choice->heap[at] = choice->heap[below];
        at = below;
    }
    choice->heap[at] = entry;
}

static void fill_heap(struct choice *choice, size_t count)
{
    for (size_t i = 0; i < count; i++)
        choice->heap[choice->heap_count++] = (struct entry){i, gain_of(choice, i)};
    for (size_t i = count / 2; i-- > 0;)
        sink(choice, i);
}

/* ---- choosing ---- */

static void take_best(struct choice *choice)
{
    while (choice->heap_count > 0 && choice->heap[0].gain > 0) {
        struct entry *best = &choice->heap[0];
        uint32_t gain = gain_of(choice, best->candidate);
        if (gain == best->gain) {
            const struct rpcancel_candidate *c = &choice->candidates[best->candidate];
            rpcancel_covered_add(choice->covered, c->items, c->count);
            choice->order[choice->order_count++] = best->candidate;
            *best = choice->heap[--choice->heap_count];
        } else {
            best->gain = gain;
        }
        if (choice->heap_count > 0)
            sink(choice, 0);
    }
}

/* Whether each item of |candidate| is covered by another of those taken, or was before. */
static bool is_needless(const struct choice *choice, const struct rpcancel_candidate *candidate)
{
    for (uint32_t i = 0; i < candidate->count; i++) {
        if (choice->covering[candidate->items[i]] == 1)
            return false;
    }
    return true;
}

/* Those taken first are looked at first: what they were taken for, later ones may cover as well. */
static void leave_out_needless(struct choice *choice, bool *chosen)
{
    for (size_t i = 0; i < choice->order_count; i++) {
        const struct rpcancel_candidate *c = &choice->candidates[choice->order[i]];
        chosen[choice->order[i]] = true;
        for (uint32_t k = 0; k < c->count; k++)
            choice->covering[c->items[k]]++;
    }
    for (size_t i = 0; i < choice->order_count; i++) {
        const struct rpcancel_candidate *c = &choice->candidates[choice->order[i]];
        if (!is_needless(choice, c))
            continue;
        chosen[choice->order[i]] = false;
        for (uint32_t k = 0; k < c->count; k++)
            choice->covering[c->items[k]]--;
    }
}

bool rpcancel_set_cover(struct rpcancel_covered *covered, const struct rpcancel_candidate *candidates, size_t count,
                        bool *chosen)
{
    struct choice choice = {.covered = covered, .candidates = candidates};
    uint32_t items = rpcancel_coverage_items(covered->map);
    choice.heap = calloc(count + 1, sizeof *choice.heap);
    choice.order = calloc(count + 1, sizeof *choice.order);
    choice.covering = calloc(items, sizeof *choice.covering);
    bool has_room = choice.heap && choice.order && choice.covering;
    if (has_room) {
        for (uint32_t item = 0; item < items; item++)
            choice.covering[item] = rpcancel_covered_has(covered, item) ? 2 : 0; /* nobody has to */
        for (size_t i = 0; i < count; i++)
            chosen[i] = false;
        fill_heap(&choice, count);
        take_best(&choice);
        leave_out_needless(&choice, chosen);
    }
    free(choice.heap);
    free(choice.order);
    free(choice.covering);
    return has_room;
}
