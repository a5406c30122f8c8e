// SPDX-License-Identifier: Apache-2.0
#include "coverage/map.h"

#include <stdlib.h>

#include "coverage/bits.h"
#include "reference.h"

static bool is_in_force(unsigned rule, unsigned profile)
{
    return rpcancel_rule_at(rule)->profiles >> profile & 1u;
}

static void number_items(struct rpcancel_coverage_map *map)
{
    unsigned rules = rpcancel_rule_count();
    uint32_t sizes[RPCANCEL_COVERAGE_PARTS] = {
        [RPCANCEL_COVERS_STATE] = rpcancel_one_call_index_state_count(map->one_call->states),
        [RPCANCEL_COVERS_EDGE] = map->one_call->edge_numbers,
        [RPCANCEL_COVERS_PAIR] = RPCANCEL_TWO_CALL_CELLS,
    };
    map->total[RPCANCEL_COVERS_STATE] = sizes[RPCANCEL_COVERS_STATE];
    map->total[RPCANCEL_COVERS_EDGE] = map->one_call->edge_count;
    map->total[RPCANCEL_COVERS_PAIR] = map->two_calls->count;
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
        sizes[RPCANCEL_COVERS_RULE + profile] = rules;
        for (unsigned rule = 0; rule < rules; rule++)
            map->total[RPCANCEL_COVERS_RULE + profile] += is_in_force(rule, profile);
    }
    for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++)
        map->begin[part + 1] = map->begin[part] + sizes[part];
}

struct rpcancel_coverage_map *rpcancel_coverage_map_open(const volatile sig_atomic_t *stop)
{
    struct rpcancel_coverage_map *map = calloc(1, sizeof *map);
    if (!map)
        return NULL;
    map->one_call = rpcancel_one_call_open();
    map->two_calls = map->one_call ? rpcancel_two_calls_open(false, stop) : NULL;
    if (!map->two_calls) {
        rpcancel_coverage_map_close(map);
        return NULL;
    }
    rpcancel_rule_set_init(&map->documented, RPCANCEL_PROFILE_DOCUMENTED_98, ~0u);
    rpcancel_rule_set_init(&map->windows, RPCANCEL_PROFILE_WINDOWS, ~0u);
    number_items(map);
    return map;
}

void rpcancel_coverage_map_close(struct rpcancel_coverage_map *map)
{
    if (!map)
        return;
    rpcancel_one_call_close(map->one_call);
    rpcancel_two_calls_close(map->two_calls);
    free(map);
}

enum rpcancel_coverage_part rpcancel_coverage_part_of(const struct rpcancel_coverage_map *map, uint32_t item)
{
    unsigned part = 0;
    while (item >= map->begin[part + 1])
        part++;
    return (enum rpcancel_coverage_part)part;
}

static unsigned profile_of(enum rpcancel_coverage_part part)
{
    return (unsigned)part - (unsigned)RPCANCEL_COVERS_RULE;
}

bool rpcancel_coverage_can(const struct rpcancel_coverage_map *map, uint32_t item)
{
    enum rpcancel_coverage_part part = rpcancel_coverage_part_of(map, item);
    uint32_t number = item - map->begin[part];
    switch (part) {
    case RPCANCEL_COVERS_STATE:
        return true;
    case RPCANCEL_COVERS_EDGE:
        return rpcancel_bits_have(map->one_call->edges, number);
    case RPCANCEL_COVERS_PAIR:
        return rpcancel_two_call_can(map->two_calls, number);
    default:
        return is_in_force(number, profile_of(part));
    }
}

/* ---- the way to an item ---- */

static unsigned reach_state(const struct rpcancel_one_call *slice, uint32_t state, struct rpcancel_operation *out)
{
    struct rpcancel_pair pair;
    uint32_t number = 0;
    for (; number < slice->pairs.count; number++) {
        rpcancel_pair_get(&slice->pairs, number, &pair);
        if (rpcancel_one_call_index_state(slice->states, &pair.world, 0) == (int)state)
            break;
    }
    return rpcancel_one_call_path(slice, number, out);
}

static unsigned reach_edge(const struct rpcancel_one_call *slice, uint32_t edge, struct rpcancel_operation *out)
{
    unsigned length = rpcancel_one_call_path(slice, rpcancel_one_call_pair_of_edge(slice, edge), out);
    out[length] = rpcancel_one_call_operation_of_edge(slice, edge);
    return length + 1;
}

static bool decides(const struct rpcancel_rule_set *rules, const struct rpcancel_choices *choices,
                    const struct rpcancel_one_call *slice, uint32_t edge, unsigned rule)
{
    struct rpcancel_operation operation = rpcancel_one_call_operation_of_edge(slice, edge);
    struct rpcancel_pair pair;
    rpcancel_pair_get(&slice->pairs, rpcancel_one_call_pair_of_edge(slice, edge), &pair);
    struct rpcancel_answer answer = rpcancel_step(choices, &pair.world, operation);
    struct rpcancel_verdict verdict = rpcancel_judge(rules, &pair.observer, operation, answer);
    for (unsigned n = 0; n < rules->count[operation.kind]; n++) {
        if (rules->index[operation.kind][n] == rule && (verdict.decided >> n & 1u))
            return true;
    }
    return false;
}

static unsigned reach_rule(const struct rpcancel_coverage_map *map, unsigned rule, bool is_windows,
                           struct rpcancel_operation *out)
{
    const struct rpcancel_one_call *slice = map->one_call;
    const struct rpcancel_choices *choices = is_windows ? &rpcancel_choices_windows : &rpcancel_choices_documented;
    for (uint32_t edge = 0; edge < slice->edge_numbers; edge++) {
        if (rpcancel_bits_have(slice->edges, edge) &&
            decides(is_windows ? &map->windows : &map->documented, choices, slice, edge, rule))
            return reach_edge(slice, edge, out);
    }
    return 0;
}

unsigned rpcancel_coverage_reach(const struct rpcancel_coverage_map *map, uint32_t item,
                                 struct rpcancel_operation out[RPCANCEL_COVERAGE_PATH_MAX])
{
    static_assert((int)RPCANCEL_COVERAGE_PATH_MAX > (int)RPCANCEL_ONE_CALL_PATH_MAX, "room for one operation more");
    enum rpcancel_coverage_part part = rpcancel_coverage_part_of(map, item);
    uint32_t number = item - map->begin[part];
    switch (part) {
    case RPCANCEL_COVERS_STATE:
        return reach_state(map->one_call, number, out);
    case RPCANCEL_COVERS_EDGE:
        return reach_edge(map->one_call, number, out);
    case RPCANCEL_COVERS_PAIR:
        return rpcancel_two_call_path(map->two_calls, number, out);
    default:
        return reach_rule(map, number, profile_of(part) == RPCANCEL_PROFILE_WINDOWS, out);
    }
}
