// SPDX-License-Identifier: Apache-2.0
#include "engine/shrinker.h"

#include <stdio.h>
#include <string.h>

#include "engine/guide.h"
#include "engine/shrink_order.h"

enum { BROKEN_IN_A_ROW = 3 }; /* after so many the runtime is given up on */

static void end(struct rpcancel_shrinker *shrinker, enum rpcancel_shrink_end how)
{
    shrinker->result->end = how;
    shrinker->over = true;
}

static void end_broken(struct rpcancel_shrinker *shrinker, const char *why)
{
    snprintf(shrinker->result->failure, sizeof shrinker->result->failure, "%s", why);
    end(shrinker, RPCANCEL_SHRINK_BROKEN);
}

/* ---- the candidate ---- */

void rpcancel_shrinker_clear(struct rpcancel_shrinker *shrinker)
{
    shrinker->candidate.count = 0;
}

void rpcancel_shrinker_add(struct rpcancel_shrinker *shrinker, struct rpcancel_operation operation)
{
    if (!shrinker->over && !rpcancel_sequence_append(&shrinker->candidate, operation, 0, 0))
        end_broken(shrinker, "out of memory");
}

void rpcancel_shrinker_add_best(struct rpcancel_shrinker *shrinker, size_t first, size_t past)
{
    for (size_t i = first; i < past; i++)
        rpcancel_shrinker_add(shrinker, shrinker->best.items[i].operation);
}

/* ---- does it make sense? ---- */

static size_t count_misuses(const struct rpcancel_sequence *sequence, bool hidden)
{
    struct rpcancel_world guide;
    size_t misuses = 0;
    rpcancel_world_reset(&guide);
    for (size_t i = 0; i < sequence->count; i++)
        if (!rpcancel_is_of_wire(sequence->items[i].operation.kind))
            misuses += rpcancel_is_misuse(rpcancel_guide_step(&guide, sequence->items[i].operation, hidden));
    return misuses;
}

/* ---- does it show? ---- */

/* Runs |sequence|; false, perhaps without a run, once the shrinker is over. */
static bool shows(struct rpcancel_shrinker *shrinker, const struct rpcancel_sequence *sequence)
{
    const struct rpcancel_shrink_options *options = shrinker->options;
    if (!shrinker->over && options->interrupted && *options->interrupted)
        end(shrinker, RPCANCEL_SHRINK_INTERRUPTED);
    if (!shrinker->over && shrinker->result->runs >= options->runs)
        end(shrinker, RPCANCEL_SHRINK_SPENT);
    if (shrinker->over)
        return false;
    if (options->progress)
        options->progress(options->progress_context, shrinker->result->runs, shrinker->best.count);
    shrinker->result->runs++;
    enum rpcancel_run_end how = rpcancel_run_sequence(shrinker->run, shrinker->runtime, sequence);
    shrinker->broken = how == RPCANCEL_RUN_BROKEN ? shrinker->broken + 1 : 0;
    if (shrinker->broken == BROKEN_IN_A_ROW)
        end_broken(shrinker, shrinker->run->failure);
    return rpcancel_run_shows(shrinker->run, options->kind);
}

/* Cuts the candidate off where it fails. */
static bool shows_reliably(struct rpcancel_shrinker *shrinker)
{
    for (unsigned attempt = 0; attempt < RPCANCEL_ATTEMPTS; attempt++) {
        if (!shows(shrinker, &shrinker->candidate))
            return false;
        shrinker->candidate.count = shrinker->run->items_taken;
    }
    return true;
}

/* ---- one takes the place of another ---- */

static void keep_earlier(struct rpcancel_shrinker *shrinker)
{
    if (shrinker->earlier_count == RPCANCEL_SHRINK_STEPS) {
        rpcancel_sequence_free(&shrinker->earlier[1]);
        shrinker->earlier_count--;
        memmove(&shrinker->earlier[1], &shrinker->earlier[2],
                (shrinker->earlier_count - 1) * sizeof shrinker->earlier[0]);
    }
    shrinker->earlier[shrinker->earlier_count++] = shrinker->best;
}

static void take(struct rpcancel_shrinker *shrinker)
{
    shrinker->best = shrinker->candidate;
    shrinker->candidate = (struct rpcancel_sequence){0};
    shrinker->misuses = count_misuses(&shrinker->best, shrinker->hidden);
}

bool rpcancel_shrinker_try(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_sequence *candidate = &shrinker->candidate;
    if (shrinker->over || !rpcancel_is_smaller(candidate, &shrinker->best) ||
        count_misuses(candidate, shrinker->hidden) > shrinker->misuses)
        return false;
    enum rpcancel_tried_added added = rpcancel_tried_add(&shrinker->tried, candidate);
    if (added == RPCANCEL_TRIED_NO_MEMORY)
        end_broken(shrinker, "out of memory");
    if (added != RPCANCEL_TRIED_NEW || !shows_reliably(shrinker))
        return false;
    keep_earlier(shrinker);
    take(shrinker);
    return true;
}

bool rpcancel_shrinker_begin(struct rpcancel_shrinker *shrinker, const struct rpcancel_sequence *sequence)
{
    const struct rpcancel_operation settle = {.kind = RPCANCEL_OP_SETTLE};
    const unsigned attempts = shrinker->options->was_shown ? 1 : RPCANCEL_ATTEMPTS;
    unsigned shown = 0;
    size_t past = 0; /* the operation at which it fails */
    rpcancel_shrinker_clear(shrinker);
    for (size_t i = 0; i < sequence->count; i++) {
        struct rpcancel_operation operation = sequence->items[i].operation;
        rpcancel_shrinker_add(shrinker, rpcancel_is_delivery(operation.kind) && shrinker->hidden ? settle : operation);
    }
    take(shrinker);
    for (unsigned attempt = 0; attempt < attempts; attempt++) {
        if (!shows(shrinker, &shrinker->best))
            continue;
        shown++;
        past = shrinker->run->items_taken > past ? shrinker->run->items_taken : past;
    }
    shrinker->result->shown = shown;
    if (shown == attempts) {
        shrinker->best.count = past;
        shrinker->misuses = count_misuses(&shrinker->best, shrinker->hidden);
    } else if (!shrinker->over) {
        end(shrinker, RPCANCEL_SHRINK_UNRELIABLE);
    }
    return shown == attempts;
}

bool rpcancel_shrinker_verify(struct rpcancel_shrinker *shrinker)
{
    struct rpcancel_shrink_result *result = shrinker->result;
    result->runs += RPCANCEL_ATTEMPTS;
    result->shown = rpcancel_run_repeat(shrinker->run, shrinker->runtime, &shrinker->best, shrinker->options->kind,
                                        RPCANCEL_ATTEMPTS);
    if (result->shown == RPCANCEL_ATTEMPTS || shrinker->earlier_count == 0)
        return true;
    rpcancel_sequence_free(&shrinker->best);
    shrinker->best = shrinker->earlier[--shrinker->earlier_count];
    shrinker->misuses = count_misuses(&shrinker->best, shrinker->hidden);
    return false;
}

void rpcancel_shrinker_free(struct rpcancel_shrinker *shrinker)
{
    for (unsigned i = 0; i < shrinker->earlier_count; i++)
        rpcancel_sequence_free(&shrinker->earlier[i]);
    rpcancel_sequence_free(&shrinker->best);
    rpcancel_sequence_free(&shrinker->candidate);
    rpcancel_tried_free(&shrinker->tried);
}
