// SPDX-License-Identifier: Apache-2.0
#include "export/scenario.h"

#include <stdlib.h>

#include "engine/profile_choices.h"
#include "engine/want.h"
#include "reference.h"

/* A program can look at the structure; the façade, and what was observed on Windows, show all of this. */
static struct rpcancel_answer with_facts(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    if (operation.kind == RPCANCEL_OP_INIT && rpcancel_answer_is_code(answer, 0))
        answer.facts = RPCANCEL_FACT_LOOKED | RPCANCEL_FACT_SIGNATURE_ASYC | RPCANCEL_FACT_CLEARED | RPCANCEL_FACT_KEPT;
    return answer;
}

/* Names the rules that decide the step's answer and what they allow. */
static void name_rules(struct rpcancel_scenario_step *step, const struct rpcancel_rule_set *set,
                       const struct rpcancel_observer *observer)
{
    unsigned kind = step->operation.kind;
    struct rpcancel_verdict verdict = rpcancel_judge(set, observer, step->operation, step->answer);
    for (unsigned n = 0; n < set->count[kind]; n++) {
        if (!(verdict.decided >> n & 1u))
            continue;
        unsigned rule = set->index[kind][n];
        struct rpcancel_want want = rpcancel_want_of(rule, observer, step->operation);
        step->rules[step->rule_count++] = (uint8_t)rule;
        step->allowed |= want.holds;
        step->forbidden |= want.breaks;
    }
    step->allowed &= ~step->forbidden;
}

static void note_handle(struct rpcancel_scenario *scenario, struct rpcancel_operation operation)
{
    if (!(rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE))
        return;
    scenario->handles[operation.handle] = true;
    scenario->earlier[operation.handle] |= operation.earlier;
}

/* The rule that decides the last answer that any decides; -1 when none does. */
static int last_rule(const struct rpcancel_scenario *scenario)
{
    for (size_t i = scenario->count; i-- > 0;) {
        if (scenario->steps[i].rule_count > 0)
            return scenario->steps[i].rules[0];
    }
    return -1;
}

bool rpcancel_scenario_make(struct rpcancel_scenario *scenario, const struct rpcancel_sequence *sequence,
                            enum rpcancel_profile profile, int rule)
{
    struct rpcancel_rule_set set;
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    const struct rpcancel_choices *choices = rpcancel_profile_choices(profile);
    *scenario = (struct rpcancel_scenario){.profile = profile};
    scenario->steps = calloc(sequence->count + 1, sizeof scenario->steps[0]);
    if (!scenario->steps)
        return false;
    rpcancel_rule_set_init(&set, profile, ~0u);
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    for (; scenario->count < sequence->count; scenario->count++) {
        struct rpcancel_scenario_step *step = &scenario->steps[scenario->count];
        step->operation = sequence->items[scenario->count].operation;
        step->synchronous = rpcancel_call_of(&world, step->operation)->synchronous;
        step->answer = with_facts(step->operation, rpcancel_step(choices, &world, step->operation));
        note_handle(scenario, step->operation);
        name_rules(step, &set, &observer);
        rpcancel_observe(&observer, step->operation, step->answer);
    }
    scenario->rule = rule >= 0 ? rule : last_rule(scenario);
    return true;
}

static bool is_same(struct rpcancel_operation a, struct rpcancel_operation b)
{
    return a.kind == b.kind && a.handle == b.handle && a.earlier == b.earlier && a.thread == b.thread &&
           a.argument == b.argument;
}

bool rpcancel_scenario_rejects(const struct rpcancel_scenario *scenario, const struct rpcancel_run *run)
{
    size_t at = 0;
    for (size_t i = 0; i < run->step_count && at < scenario->count; i++) {
        const struct rpcancel_scenario_step *step = &scenario->steps[at];
        if (!is_same(run->steps[i].operation, step->operation))
            continue; /* an event, or something the run did by itself */
        if (rpcancel_answer_happened(step->answer) && (rpcancel_expectation_of(run->steps[i].answer) & step->forbidden))
            return true;
        at++;
    }
    return false;
}

void rpcancel_scenario_free(struct rpcancel_scenario *scenario)
{
    free(scenario->steps);
    *scenario = (struct rpcancel_scenario){0};
}
