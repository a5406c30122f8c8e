// SPDX-License-Identifier: Apache-2.0
#include "coverage/completion.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/set_cover.h"

enum { PROGRESS_EVERY = 16 };

struct making {
    const struct rpcancel_completion_options *options;
    struct rpcancel_completion *completion;
    struct rpcancel_candidate *candidates; /* by sequence */
    size_t capacity;
    struct rpcancel_trace trace;
    bool exhausted; /* memory */
};

static bool grow(struct making *making)
{
    struct rpcancel_completion *completion = making->completion;
    size_t capacity = making->capacity ? 2 * making->capacity : 64;
    if (completion->count < making->capacity)
        return true;
    struct rpcancel_sequence *sequences = realloc(completion->sequences, capacity * sizeof *sequences);
    if (sequences)
        completion->sequences = sequences;
    struct rpcancel_candidate *candidates = realloc(making->candidates, capacity * sizeof *candidates);
    if (candidates)
        making->candidates = candidates;
    if (!sequences || !candidates)
        return false;
    making->capacity = capacity;
    return true;
}

static bool copy_sequence(struct rpcancel_sequence *to, const struct rpcancel_sequence *from)
{
    *to = (struct rpcancel_sequence){0};
    for (size_t i = 0; i < from->count; i++) {
        if (!rpcancel_sequence_append(to, from->items[i].operation, from->items[i].expected, 0)) {
            rpcancel_sequence_free(to);
            return false;
        }
    }
    return true;
}

static bool keep(struct making *making, const struct rpcancel_coverage_map *map,
                 const struct rpcancel_sequence *sequence)
{
    struct rpcancel_completion *completion = making->completion;
    struct rpcancel_trace *trace = &making->trace;
    if (!grow(making))
        return false;
    struct rpcancel_candidate *candidate = &making->candidates[completion->count];
    rpcancel_trace_sequence(trace, map, sequence);
    candidate->count = trace->count;
    candidate->size = sequence->count * RPCANCEL_BINARY_RECORD;
    candidate->items = malloc((trace->count + 1) * sizeof *candidate->items);
    if (!candidate->items)
        return false;
    memcpy(candidate->items, trace->items, trace->count * sizeof *candidate->items);
    if (copy_sequence(&completion->sequences[completion->count], sequence)) {
        completion->count++;
        return true;
    }
    free(candidate->items);
    return false;
}

struct taking {
    struct making *making;
    const struct rpcancel_coverage_map *map;
};

static bool take(void *context, const struct rpcancel_sequence *sequence)
{
    const struct taking *taking = context;
    struct making *making = taking->making;
    const struct rpcancel_completion_options *options = making->options;
    if (!keep(making, taking->map, sequence)) {
        making->exhausted = true;
        return false;
    }
    if (options->progress && making->completion->count % PROGRESS_EVERY == 0)
        options->progress(options->context, making->completion->count);
    return true;
}

/* Leaves out the sequences that later ones have made needless. */
static bool prune(struct making *making, struct rpcancel_covered *covered)
{
    struct rpcancel_completion *completion = making->completion;
    bool *chosen = calloc(completion->count + 1, sizeof *chosen);
    if (!chosen || !rpcancel_set_cover(covered, making->candidates, completion->count, chosen)) {
        free(chosen);
        return false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < completion->count; i++) {
        if (chosen[i])
            completion->sequences[kept++] = completion->sequences[i];
        else
            rpcancel_sequence_free(&completion->sequences[i]);
        free(making->candidates[i].items);
        making->candidates[i].items = NULL;
    }
    completion->count = kept;
    free(chosen);
    return true;
}

bool rpcancel_completion_make(struct rpcancel_completion *completion, struct rpcancel_covered *covered,
                              const struct rpcancel_completion_options *options)
{
    struct making making = {.options = options, .completion = completion};
    struct taking taking = {.making = &making, .map = covered->map};
    const struct rpcancel_complete_options complete = {.stop = options->stop, .take = take, .context = &taking};
    struct rpcancel_covered goal = {0};
    *completion = (struct rpcancel_completion){0};
    bool made = rpcancel_trace_open(&making.trace, covered->map) && rpcancel_covered_copy(&goal, covered);
    if (made) {
        completion->complete = rpcancel_coverage_complete(&goal, &complete);
        bool was_stopped = options->stop && *options->stop;
        made = (completion->complete || was_stopped) && !making.exhausted && prune(&making, covered);
    }
    for (size_t i = 0; !made && i < completion->count; i++)
        free(making.candidates[i].items);
    free(making.candidates);
    rpcancel_trace_close(&making.trace);
    rpcancel_covered_close(&goal);
    return made;
}

void rpcancel_completion_free(struct rpcancel_completion *completion)
{
    for (size_t i = 0; i < completion->count; i++)
        rpcancel_sequence_free(&completion->sequences[i]);
    free(completion->sequences);
    *completion = (struct rpcancel_completion){0};
}
