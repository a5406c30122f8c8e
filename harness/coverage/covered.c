// SPDX-License-Identifier: Apache-2.0
#include "coverage/covered.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/bits.h"

bool rpcancel_covered_open(struct rpcancel_covered *covered, const struct rpcancel_coverage_map *map)
{
    *covered = (struct rpcancel_covered){.map = map};
    covered->bits = calloc(rpcancel_bits_words(rpcancel_coverage_items(map)), sizeof *covered->bits);
    return covered->bits != NULL;
}

void rpcancel_covered_close(struct rpcancel_covered *covered)
{
    free(covered->bits);
    *covered = (struct rpcancel_covered){0};
}

bool rpcancel_covered_copy(struct rpcancel_covered *to, const struct rpcancel_covered *from)
{
    if (!rpcancel_covered_open(to, from->map))
        return false;
    memcpy(to->bits, from->bits, rpcancel_bits_words(rpcancel_coverage_items(from->map)) * sizeof *to->bits);
    memcpy(to->count, from->count, sizeof to->count);
    return true;
}

uint32_t rpcancel_covered_add(struct rpcancel_covered *covered, const uint32_t *items, uint32_t count)
{
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!rpcancel_bits_add(covered->bits, items[i]))
            continue;
        covered->count[rpcancel_coverage_part_of(covered->map, items[i])]++;
        fresh++;
    }
    return fresh;
}

bool rpcancel_covered_has(const struct rpcancel_covered *covered, uint32_t item)
{
    return rpcancel_bits_have(covered->bits, item);
}

uint32_t rpcancel_covered_rules(const struct rpcancel_covered *covered)
{
    uint32_t count = 0;
    for (unsigned rule = 0; rule < rpcancel_rule_count(); rule++) {
        bool everywhere = true;
        for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
            uint32_t item = covered->map->begin[RPCANCEL_COVERS_RULE + profile] + rule;
            bool in_force = rpcancel_rule_at(rule)->profiles >> profile & 1u;
            everywhere &= !in_force || rpcancel_covered_has(covered, item);
        }
        count += everywhere;
    }
    return count;
}

uint32_t rpcancel_covered_next(const struct rpcancel_covered *covered, uint32_t item)
{
    uint32_t end = rpcancel_coverage_items(covered->map);
    while (item < end && (rpcancel_covered_has(covered, item) || !rpcancel_coverage_can(covered->map, item)))
        item++;
    return item;
}
