// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_rewriting.h"

#include <string.h>

#include "engine/guide.h"
#include "engine/shrink_order.h"

bool rpcancel_rewriting_begin(const struct rpcancel_shrinker *shrinker, struct rpcancel_rewriting *rewriting)
{
    const struct rpcancel_sequence *best = &shrinker->best;
    if (best->count > RPCANCEL_SHORT_MAX)
        return false;
    rewriting->count = (unsigned)best->count;
    for (unsigned i = 0; i < rewriting->count; i++)
        rewriting->operations[i] = best->items[i].operation;
    return true;
}

void rpcancel_rewriting_drop(struct rpcancel_rewriting *rewriting, unsigned position)
{
    rewriting->count--;
    memmove(&rewriting->operations[position], &rewriting->operations[position + 1],
            (rewriting->count - position) * sizeof rewriting->operations[0]);
}

/* ---- the guide ---- */

void rpcancel_guide_reset(struct rpcancel_pair *guide)
{
    rpcancel_world_reset(&guide->world);
    rpcancel_observer_reset(&guide->observer);
}

struct rpcancel_answer rpcancel_guide_advance(const struct rpcancel_shrinker *shrinker, struct rpcancel_pair *guide,
                                              struct rpcancel_operation operation)
{
    struct rpcancel_answer answer = rpcancel_guide_step(&guide->world, operation, shrinker->hidden);
    rpcancel_observe(&guide->observer, operation, answer);
    return answer;
}

bool rpcancel_guide_changes(const struct rpcancel_shrinker *shrinker, const struct rpcancel_pair *guide,
                            struct rpcancel_operation operation)
{
    struct rpcancel_pair after = *guide;
    rpcancel_guide_advance(shrinker, &after, operation);
    return memcmp(&after, guide, sizeof after) != 0;
}

/* ---- is it worth a run? ---- */

/* Whether the rule that is to be broken decides |answer| of |operation| where |guide| stands. */
static bool decides(const struct rpcancel_shrinker *shrinker, const struct rpcancel_pair *guide,
                    struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    const struct rpcancel_rule_set *rules = shrinker->run->rules;
    uint32_t decided = rpcancel_judge(rules, &guide->observer, operation, answer).decided;
    for (unsigned n = 0; n < rules->count[operation.kind]; n++) {
        if ((decided >> n & 1u) && rules->index[operation.kind][n] == shrinker->options->kind.rule)
            return true;
    }
    return false;
}

static bool is_plausible(const struct rpcancel_shrinker *shrinker, const struct rpcancel_rewriting *rewriting)
{
    bool any_end_will_do = shrinker->options->kind.end != RPCANCEL_RUN_VIOLATED || shrinker->hidden;
    struct rpcancel_pair guide, before;
    size_t misuses = 0;
    rpcancel_guide_reset(&guide);
    before = guide;
    for (unsigned i = 0; i < rewriting->count; i++) {
        struct rpcancel_operation operation = rewriting->operations[i];
        before.observer = guide.observer;
        struct rpcancel_answer answer = rpcancel_guide_advance(shrinker, &guide, operation);
        misuses += rpcancel_is_misuse(answer);
        if (misuses > shrinker->misuses)
            return false;
        if (i + 1 == rewriting->count)
            return any_end_will_do || decides(shrinker, &before, operation, answer);
    }
    return false;
}

bool rpcancel_rewriting_try(struct rpcancel_shrinker *shrinker, const struct rpcancel_rewriting *rewriting)
{
    if (shrinker->over || !is_plausible(shrinker, rewriting))
        return false;
    rpcancel_shrinker_clear(shrinker);
    for (unsigned i = 0; i < rewriting->count; i++)
        rpcancel_shrinker_add(shrinker, rewriting->operations[i]);
    return rpcancel_shrinker_try(shrinker);
}

/* ---- letters ---- */

static unsigned count_up_to_highest(unsigned mask)
{
    unsigned count = 0;
    while (mask >> count)
        count++;
    return count;
}

void rpcancel_rewriting_letters(const struct rpcancel_shrinker *shrinker, struct rpcancel_alphabet *letters)
{
    unsigned dispatchers = rpcancel_threads_of(&shrinker->best) & ~(1u << RPCANCEL_THREAD_WORKER);
    unsigned threads = count_up_to_highest(dispatchers) + 1;
    unsigned calls = count_up_to_highest(rpcancel_handles_of(&shrinker->best));
    unsigned kept = 0;
    rpcancel_alphabet_init(letters, calls ? calls : 1,
                           threads < RPCANCEL_DISPATCHERS_MAX ? threads : RPCANCEL_DISPATCHERS_MAX, false);
    for (unsigned i = 0; i < letters->count; i++) {
        if (!shrinker->hidden || !rpcancel_is_network(letters->operations[i].kind))
            letters->operations[kept++] = letters->operations[i];
    }
    letters->count = kept;
}
