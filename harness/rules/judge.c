// SPDX-License-Identifier: Apache-2.0
#include "rules/judge.h"

#include <string.h>

static void add(struct rpcancel_rule_set *set, unsigned index)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!(rule->operations >> kind & 1u))
            continue;
        unsigned n = set->count[kind]++;
        assert(n < RPCANCEL_RULES_PER_OPERATION);
        set->index[kind][n] = (uint8_t)index;
        set->judge[kind][n] = rule->judge;
    }
}

void rpcancel_rule_set_init(struct rpcancel_rule_set *set, enum rpcancel_profile profile, unsigned levels)
{
    memset(set, 0, sizeof *set);
    set->profile = profile;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if ((rule->profiles >> profile & 1u) && (levels >> rule->level & 1u))
            add(set, i);
    }
}

void rpcancel_rule_set_remove(struct rpcancel_rule_set *set, const struct rpcancel_rule *rule)
{
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        unsigned kept = 0;
        for (unsigned n = 0; n < set->count[kind]; n++) {
            if (rpcancel_rule_at(set->index[kind][n]) == rule)
                continue;
            set->index[kind][kept] = set->index[kind][n];
            set->judge[kind][kept++] = set->judge[kind][n];
        }
        set->count[kind] = (uint8_t)kept;
    }
}

void rpcancel_rule_set_init_wire(struct rpcancel_rule_set *set, enum rpcancel_wire_profile profile,
                                 enum rpcancel_test_subject subject, unsigned levels)
{
    memset(set, 0, sizeof *set);
    rpcancel_wire_rules(&set->wire, profile, rpcancel_wire_role(subject), RPCANCEL_NCACN_IP_TCP, levels);
}

bool rpcancel_rule_set_has(const struct rpcancel_rule_set *set, unsigned index)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(index);
    if (rpcancel_rule_is_of_datagrams(rule))
        return false; /* no run is of datagrams */
    if (rpcancel_rule_is_of_wire(rule))
        return rpcancel_wire_mask_has(&set->wire, index - rpcancel_rule_count());
    /* It is in the lists of all its operations, or in none. */
    unsigned kind = (unsigned)__builtin_ctzll(rule->operations);
    for (unsigned n = 0; n < set->count[kind]; n++) {
        if (set->index[kind][n] == index)
            return true;
    }
    return false;
}

unsigned rpcancel_rule_set_size(const struct rpcancel_rule_set *set)
{
    bool in_force[UINT8_MAX + 1] = {false};
    unsigned count = 0;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        for (unsigned n = 0; n < set->count[kind]; n++) {
            count += !in_force[set->index[kind][n]];
            in_force[set->index[kind][n]] = true;
        }
    }
    return count;
}

struct rpcancel_verdict rpcancel_judge_situation(const struct rpcancel_rule_set *set,
                                                 const struct rpcancel_situation *situation,
                                                 struct rpcancel_answer answer)
{
    struct rpcancel_verdict verdict = {0, 0};
    unsigned kind = situation->operation.kind;
    for (unsigned n = 0; n < set->count[kind]; n++) {
        enum rpcancel_judgement judgement = set->judge[kind][n](situation, answer);
        verdict.decided |= (uint32_t)(judgement != RPCANCEL_NOT_APPLICABLE) << n;
        verdict.violated |= (uint32_t)(judgement == RPCANCEL_VIOLATED) << n;
    }
    return verdict;
}

struct rpcancel_verdict rpcancel_judge(const struct rpcancel_rule_set *set, const struct rpcancel_observer *observer,
                                       struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    struct rpcancel_situation situation;
    if (set->count[operation.kind] == 0 || !rpcancel_answer_happened(answer))
        return (struct rpcancel_verdict){0, 0};
    rpcancel_situate(&situation, observer, operation);
    return rpcancel_judge_situation(set, &situation, answer);
}
