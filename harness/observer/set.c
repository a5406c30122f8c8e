// SPDX-License-Identifier: Apache-2.0
#include "observer/set.h"

#include <string.h>

/* Up to this many members a walk is faster than keeping the hash table. */
enum { FEW = 16 };

static_assert((RPCANCEL_SET_SLOTS & (RPCANCEL_SET_SLOTS - 1)) == 0, "positions are masked");
static_assert(RPCANCEL_SET_SLOTS >= 2 * RPCANCEL_SET_MAX, "probing ends soon");

static bool is_same(const struct rpcancel_observer *a, const struct rpcancel_observer *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* FNV-1a over the bytes. */
static unsigned slot_of(const struct rpcancel_observer *observer)
{
    uint32_t hash = 2166136261u;
    uint8_t bytes[sizeof *observer];
    memcpy(bytes, observer, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return (hash ^ hash >> 15) & (RPCANCEL_SET_SLOTS - 1);
}

static bool has_by_walking(const struct rpcancel_observer_set *set, const struct rpcancel_observer *observer)
{
    for (unsigned i = 0; i < set->count; i++) {
        if (is_same(&set->members[i], observer))
            return true;
    }
    return false;
}

/* Finds |observer|, or the free slot where it belongs. */
static uint16_t *find_slot(struct rpcancel_observer_set *set, const struct rpcancel_observer *observer)
{
    unsigned slot = slot_of(observer);
    while (set->slots[slot] && !is_same(&set->members[set->slots[slot] - 1], observer))
        slot = (slot + 1) & (RPCANCEL_SET_SLOTS - 1);
    return &set->slots[slot];
}

static void build_table(struct rpcancel_observer_set *set)
{
    memset(set->slots, 0, sizeof set->slots);
    for (unsigned i = 0; i < set->count; i++)
        *find_slot(set, &set->members[i]) = (uint16_t)(i + 1);
}

void rpcancel_set_clear(struct rpcancel_observer_set *set)
{
    set->count = 0;
    set->overflowed = false;
}

void rpcancel_set_reset(struct rpcancel_observer_set *set)
{
    rpcancel_set_clear(set);
    rpcancel_observer_reset(&set->members[0]);
    set->count = 1;
}

void rpcancel_set_copy(struct rpcancel_observer_set *to, const struct rpcancel_observer_set *from)
{
    to->count = from->count;
    to->overflowed = from->overflowed;
    memcpy(to->members, from->members, from->count * sizeof from->members[0]);
    if (to->count > FEW)
        memcpy(to->slots, from->slots, sizeof to->slots);
}

bool rpcancel_set_add(struct rpcancel_observer_set *set, const struct rpcancel_observer *observer)
{
    uint16_t *slot = set->count > FEW ? find_slot(set, observer) : NULL;
    if (slot ? *slot != 0 : has_by_walking(set, observer))
        return true;
    if (set->count == RPCANCEL_SET_MAX) {
        set->overflowed = true;
        return false;
    }
    set->members[set->count++] = *observer;
    if (slot)
        *slot = (uint16_t)set->count;
    else if (set->count > FEW)
        build_table(set);
    return true;
}

void rpcancel_set_close(struct rpcancel_observer_set *set)
{
    const struct rpcancel_answer delivered = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    for (unsigned i = 0; i < set->count && !set->overflowed; i++) {
        unsigned count = rpcancel_in_flight(&set->members[i], steps);
        for (unsigned k = 0; k < count; k++) {
            struct rpcancel_observer next = set->members[i];
            rpcancel_observe(&next, steps[k], delivered);
            rpcancel_set_add(set, &next);
        }
    }
}

/* Makes the set anew from its first |count| members, which may have become equal. */
static void refill(struct rpcancel_observer_set *set, unsigned count)
{
    set->count = 0;
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_observer member = set->members[i];
        rpcancel_set_add(set, &member); /* writes at or before position i */
    }
}

void rpcancel_set_settle(struct rpcancel_observer_set *set)
{
    const struct rpcancel_operation settle = {.kind = RPCANCEL_OP_SETTLE};
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    rpcancel_set_close(set);
    unsigned kept = 0;
    for (unsigned i = 0; i < set->count; i++) {
        struct rpcancel_observer member = set->members[i];
        if (rpcancel_in_flight(&member, steps) != 0)
            continue;
        rpcancel_observe(&member, settle, rpcancel_answer_kind(RPCANCEL_ANSWER_DONE));
        set->members[kept++] = member;
    }
    refill(set, kept);
}

bool rpcancel_set_keep_possible(struct rpcancel_observer_set *set, struct rpcancel_operation operation)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < set->count; i++) {
        struct rpcancel_observer member = set->members[i];
        if (rpcancel_is_possible(&member, operation))
            set->members[kept++] = member;
    }
    if (kept == 0)
        return false;
    if (kept < set->count)
        refill(set, kept);
    return true;
}
