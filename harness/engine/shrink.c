// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink.h"

#include <string.h>

#include "engine/guide.h"

bool rpcancel_run_shows(const struct rpcancel_run *run, struct rpcancel_failure_kind kind)
{
    if (run->end != kind.end)
        return false;
    if (kind.rule < 0)
        return true;
    for (unsigned i = 0; i < run->violated_count; i++) {
        if (run->violated[i] == kind.rule)
            return true;
    }
    return false;
}

static bool still_shows(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                        const struct rpcancel_sequence *sequence, struct rpcancel_failure_kind kind, unsigned *runs)
{
    (*runs)--;
    rpcancel_run_sequence(run, runtime, sequence);
    return rpcancel_run_shows(run, kind);
}

static void take_out(struct rpcancel_sequence *sequence, size_t position)
{
    sequence->count--;
    memmove(&sequence->items[position], &sequence->items[position + 1],
            (sequence->count - position) * sizeof sequence->items[0]);
}

static void put_back(struct rpcancel_sequence *sequence, size_t position, struct rpcancel_sequence_item item)
{
    memmove(&sequence->items[position + 1], &sequence->items[position],
            (sequence->count - position) * sizeof sequence->items[0]);
    sequence->items[position] = item;
    sequence->count++;
}

/* How many operations of |sequence| make no sense where they stand: the reference would refuse them, call their
 * outcome undefined, or raise (as the stub does on a handle that was not initialised). */
static size_t count_misuses(const struct rpcancel_sequence *sequence, bool hidden)
{
    struct rpcancel_world guide;
    size_t misuses = 0;
    rpcancel_world_reset(&guide);
    for (size_t i = 0; i < sequence->count; i++) {
        struct rpcancel_answer answer = rpcancel_guide_step(&guide, sequence->items[i].operation, hidden);
        misuses += !rpcancel_answer_happened(answer) || answer.kind == RPCANCEL_ANSWER_EXCEPTION;
    }
    return misuses;
}

/* Tries every operation once, from the end; returns whether any could be spared. */
static bool pass(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_sequence *sequence,
                 struct rpcancel_failure_kind kind, unsigned *runs)
{
    bool spared = false;
    bool hidden = rpcancel_run_hides(runtime);
    size_t misuses = count_misuses(sequence, hidden);
    for (size_t i = sequence->count; i-- > 0 && *runs > 0;) {
        if (i >= sequence->count)
            continue; /* a shorter run was found meanwhile */
        struct rpcancel_sequence_item item = sequence->items[i];
        take_out(sequence, i);
        if (count_misuses(sequence, hidden) <= misuses && still_shows(run, runtime, sequence, kind, runs)) {
            sequence->count = run->items_taken;
            misuses = count_misuses(sequence, hidden);
            spared = true;
        } else {
            put_back(sequence, i, item);
        }
    }
    return spared;
}

void rpcancel_shrink(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_sequence *sequence,
                     struct rpcancel_failure_kind kind, unsigned runs)
{
    struct rpcancel_tallies *tallies = run->tallies;
    run->tallies = NULL;
    while (runs > 0 && pass(run, runtime, sequence, kind, &runs))
        continue;
    run->tallies = tallies;
}
