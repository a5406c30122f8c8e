// SPDX-License-Identifier: Apache-2.0
#include "coverage/walk.h"

#include <string.h>

#include "coverage/projection.h"
#include "reference.h"

enum { ALL_HANDLES = (1 << RPCANCEL_HANDLES_MAX) - 1 };

void rpcancel_walk_begin(struct rpcancel_walk *walk)
{
    memset(walk, 0, sizeof *walk);
    rpcancel_world_reset(&walk->pair.world);
    rpcancel_observer_reset(&walk->pair.observer);
    walk->standing.counted = ALL_HANDLES;
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++)
        walk->standing.classes[handle] = (uint8_t)rpcancel_state_class(&walk->pair.observer, handle);
}

static void add(struct rpcancel_step_coverage *covered, uint32_t item)
{
    covered->items[covered->count++] = item;
}

/* ---- what the answer decides ---- */

static void add_rules(const struct rpcancel_coverage_map *map, const struct rpcancel_rule_set *rules, unsigned kind,
                      struct rpcancel_verdict verdict, unsigned profiles, struct rpcancel_step_coverage *covered)
{
    for (uint32_t decided = verdict.decided; decided; decided &= decided - 1) {
        unsigned rule = rules->index[kind][__builtin_ctz(decided)];
        unsigned in_force = rpcancel_rule_at(rule)->profiles & profiles;
        for (; in_force; in_force &= in_force - 1)
            add(covered, map->begin[RPCANCEL_COVERS_RULE + __builtin_ctz(in_force)] + rule);
    }
    if (verdict.violated)
        covered->violated = rules->index[kind][__builtin_ctz(verdict.violated)];
}

/* |answer| is that of profile documented; Windows may give another one in the same world. */
static void judge(const struct rpcancel_coverage_map *map, const struct rpcancel_walk *walk,
                  struct rpcancel_operation operation, struct rpcancel_answer answer,
                  struct rpcancel_step_coverage *covered)
{
    const unsigned documented = 1u << RPCANCEL_PROFILE_DOCUMENTED | 1u << RPCANCEL_PROFILE_DOCUMENTED_98;
    struct rpcancel_situation situation;
    struct rpcancel_world copy = walk->pair.world;
    if (answer.kind == RPCANCEL_ANSWER_DONE)
        return; /* rules speak of what functions return */
    rpcancel_situate(&situation, &walk->pair.observer, operation);
    add_rules(map, &map->documented, operation.kind, rpcancel_judge_situation(&map->documented, &situation, answer),
              documented, covered);
    answer = rpcancel_step(&rpcancel_choices_windows, &copy, operation);
    add_rules(map, &map->windows, operation.kind, rpcancel_judge_situation(&map->windows, &situation, answer),
              1u << RPCANCEL_PROFILE_WINDOWS, covered);
}

/* ---- where it was asked ---- */

/* The handles, as a mask, that an operation about |subject| is an edge of. One about no call says something of a single
 * call only where there is no other. */
static unsigned edges_of(const struct rpcancel_walk *walk, int subject)
{
    unsigned used = walk->used;
    if (subject >= 0)
        return 1u << subject;
    if (subject == RPCANCEL_ABOUT_EVERY_CALL)
        return ALL_HANDLES;
    if (subject == RPCANCEL_ABOUT_NO_CALL && (used & (used - 1)) == 0)
        return used ? used : 1;
    return 0;
}

static void add_edges(const struct rpcancel_coverage_map *map, const struct rpcancel_walk *walk,
                      struct rpcancel_operation operation, int subject, struct rpcancel_step_coverage *covered)
{
    unsigned handles = edges_of(walk, subject);
    for (; handles; handles &= handles - 1) {
        unsigned handle = (unsigned)__builtin_ctz(handles);
        if (!rpcancel_thread_remains(&walk->pair.world, operation, 1u << handle, 1))
            continue;
        int64_t edge = rpcancel_one_call_edge(map->one_call, walk->numbers[handle], operation);
        if (edge >= 0)
            add(covered, map->begin[RPCANCEL_COVERS_EDGE] + (uint32_t)edge);
    }
}

static void add_pairs(const struct rpcancel_coverage_map *map, const struct rpcancel_walk *walk,
                      struct rpcancel_operation operation, struct rpcancel_step_coverage *covered)
{
    uint32_t cells[RPCANCEL_TWO_CALL_CELLS_AT_ONCE];
    unsigned count = rpcancel_two_call_cells(&walk->pair.world, &walk->standing, operation, cells);
    for (unsigned i = 0; i < count; i++) {
        if (rpcancel_two_call_can(map->two_calls, cells[i]))
            add(covered, map->begin[RPCANCEL_COVERS_PAIR] + cells[i]);
    }
}

/* ---- where it led ---- */

static bool is_used(const struct rpcancel_pair *pair, unsigned handle)
{
    static const struct rpcancel_lane lane;
    static const struct rpcancel_observed_lane observed;
    return memcmp(&pair->world.lanes[handle], &lane, sizeof lane) != 0 ||
           memcmp(&pair->observer.lanes[handle], &observed, sizeof observed) != 0;
}

static bool is_wanted(unsigned parts, enum rpcancel_coverage_part part)
{
    return parts >> part & 1u;
}

/* Looks at |handle| again, which something may have happened to. */
static void look_at(const struct rpcancel_coverage_map *map, struct rpcancel_walk *walk, unsigned handle,
                    unsigned parts, struct rpcancel_step_coverage *covered)
{
    struct rpcancel_standing *standing = &walk->standing;
    unsigned bit = 1u << handle;
    const struct rpcancel_lane *lane = &walk->pair.world.lanes[handle];
    bool is_thread = lane->handle.phase >= RPCANCEL_HANDLE_THREAD || lane->call.synchronous;
    bool has_earlier = rpcancel_call_alive(lane->earlier);
    standing->classes[handle] = (uint8_t)rpcancel_state_class(&walk->pair.observer, handle);
    standing->counted = (uint8_t)(has_earlier || is_thread ? standing->counted & ~bit : standing->counted | bit);
    walk->used = is_used(&walk->pair, handle) ? walk->used | bit : walk->used & ~bit;
    walk->numbers[handle] = rpcancel_one_call_pair(map->one_call, &walk->pair, handle);
    if (!is_wanted(parts, RPCANCEL_COVERS_STATE))
        return;
    int state = rpcancel_one_call_index_state(map->one_call->states, &walk->pair.world, handle);
    if (state >= 0)
        add(covered, map->begin[RPCANCEL_COVERS_STATE] + (uint32_t)state);
}

bool rpcancel_walk_step(const struct rpcancel_coverage_map *map, struct rpcancel_walk *walk,
                        struct rpcancel_operation operation, unsigned parts, struct rpcancel_step_coverage *covered)
{
    struct rpcancel_world world = walk->pair.world;
    struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &world, operation);
    covered->count = 0;
    covered->violated = -1;
    if (!rpcancel_answer_happened(answer))
        return false;
    int subject = rpcancel_subject(&walk->pair.world, operation);
    if (is_wanted(parts, RPCANCEL_COVERS_RULE))
        judge(map, walk, operation, answer, covered);
    if (is_wanted(parts, RPCANCEL_COVERS_EDGE))
        add_edges(map, walk, operation, subject, covered);
    if (is_wanted(parts, RPCANCEL_COVERS_PAIR))
        add_pairs(map, walk, operation, covered);
    walk->pair.world = world;
    rpcancel_observe(&walk->pair.observer, operation, answer);
    if (subject == RPCANCEL_ABOUT_EVERY_CALL) {
        for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++)
            look_at(map, walk, handle, parts, covered);
    } else if (rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE) {
        look_at(map, walk, operation.handle, parts, covered);
    }
    return true;
}
