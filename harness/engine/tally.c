// SPDX-License-Identifier: Apache-2.0
#include "engine/tally.h"

bool rpcancel_answers_has(const struct rpcancel_answers *answers, struct rpcancel_answer answer)
{
    for (unsigned i = 0; i < answers->count; i++) {
        if (answers->list[i].kind == answer.kind && answers->list[i].code == answer.code)
            return true;
    }
    return false;
}

void rpcancel_answers_add(struct rpcancel_answers *answers, struct rpcancel_answer answer)
{
    if (answers->count < RPCANCEL_ANSWERS_MAX && !rpcancel_answers_has(answers, answer))
        answers->list[answers->count++] = answer;
}

/* Keeps the first place. */
static void note_place(struct rpcancel_place *place, const struct rpcancel_tallies *tallies)
{
    if (!place->sequence)
        *place = tallies->here;
}

/* An operation that merely happened says nothing a rule could judge. */
static bool is_informative(struct rpcancel_answer answer)
{
    return rpcancel_answer_happened(answer) && answer.kind != RPCANCEL_ANSWER_DONE;
}

void rpcancel_tally_answer(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set,
                           struct rpcancel_operation operation, struct rpcancel_answer answer, uint32_t decided)
{
    for (unsigned n = 0; n < set->count[operation.kind]; n++) {
        if (!(decided & 1u << n))
            continue;
        struct rpcancel_rule_tally *rule = &tallies->rules[set->index[operation.kind][n]];
        rule->decided++;
        note_place(&rule->decided_at, tallies);
        rpcancel_answers_add(&rule->held, answer);
    }
    struct rpcancel_kind_tally *kind = &tallies->kinds[operation.kind];
    tallies->operations += rpcancel_answer_happened(answer);
    kind->happened += rpcancel_answer_happened(answer);
    if (!is_informative(answer))
        return;
    kind->answered++;
    if (!decided) {
        kind->unspecified++;
        rpcancel_answers_add(&kind->undecided, answer);
    }
}

void rpcancel_tally_unimplemented(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set, unsigned kind)
{
    for (unsigned n = 0; n < set->count[kind]; n++) {
        struct rpcancel_rule_tally *rule = &tallies->rules[set->index[kind][n]];
        rule->unimplemented++;
        note_place(&rule->missed_at, tallies);
    }
    tallies->kinds[kind].unimplemented++;
}

void rpcancel_tally_unreached(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set, unsigned kind,
                              enum rpcancel_run_end end, unsigned ended_by)
{
    for (unsigned n = 0; n < set->count[kind]; n++) {
        struct rpcancel_rule_tally *rule = &tallies->rules[set->index[kind][n]];
        rule->unreached[end]++;
        if (end != RPCANCEL_RUN_UNIMPLEMENTED)
            continue;
        rule->missing |= UINT64_C(1) << ended_by;
        note_place(&rule->missed_at, tallies);
    }
}
