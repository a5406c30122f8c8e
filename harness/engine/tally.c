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
    for (unsigned n = 0; n < set->count[kind]; n++)
        tallies->rules[set->index[kind][n]].unimplemented++;
    tallies->kinds[kind].unimplemented++;
}

void rpcancel_tally_unreached(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set, unsigned kind,
                              enum rpcancel_run_end end)
{
    for (unsigned n = 0; n < set->count[kind]; n++)
        tallies->rules[set->index[kind][n]].unreached[end]++;
}
