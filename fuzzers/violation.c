// SPDX-License-Identifier: Apache-2.0
#include "violation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/want.h"
#include "mutants/ask.h"
#include "sequence/sequence.h"

void rpcancel_violation_print_trace(const struct rpcancel_run *run)
{
    fputs("sequence:\n", stderr);
    for (size_t i = 0; i < run->step_count; i++) {
        const struct rpcancel_run_step *step = &run->steps[i];
        char text[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX];
        rpcancel_operation_print(step->operation, text, sizeof text);
        rpcancel_answer_print(step->answer, answer, sizeof answer);
        if (step->announced)
            fprintf(stderr, "  # announced: %s\n", text);
        else
            fprintf(stderr, "  %-32s # %s\n", text, answer);
    }
}

/* Carries out the operations up to the one whose answer breaks the rule once more, and keeps the answers. */
static void run_again(const struct rpcancel_violation *violation, struct rpcancel_run *run)
{
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    struct rpcancel_operation operation;
    const uint8_t *cursor = violation->data;
    size_t records = (size_t)(violation->end - violation->data) / RPCANCEL_BINARY_RECORD;
    run->steps = calloc(records, sizeof *run->steps);
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    while (run->steps && rpcancel_binary_next(&cursor, violation->end, &operation)) {
        struct rpcancel_answer answer =
            rpcancel_ask(&violation->step, &rpcancel_choices_documented, &world, &observer, operation);
        run->last_step = run->step_count++;
        run->steps[run->last_step] = (struct rpcancel_run_step){.operation = operation, .answer = answer};
        run->where[0] = observer;
        rpcancel_observe(&observer, operation, answer);
    }
    run->violated[0] = (uint8_t)violation->rule;
    run->violated_count = 1;
}

static void print_account(const struct rpcancel_run *run, unsigned rule)
{
    char got[RPCANCEL_ANSWER_TEXT_MAX], want[1024];
    unsigned i = 0;
    rpcancel_violation_print_trace(run);
    if (run->step_count == 0)
        return; /* no memory for them */
    while (i + 1 < run->violated_count && run->violated[i] != rule)
        i++;
    const struct rpcancel_run_step *last = &run->steps[run->last_step];
    rpcancel_answer_print(last->answer, got, sizeof got);
    rpcancel_want_print(rule, &run->where[i], last->operation, want, sizeof want);
    fprintf(stderr, "got:  %s\nwant: %s\n", got, want);
}

/* On the stack above the rule's function; |used| keeps link-time optimisation from renaming it. */
__attribute__((noinline, used)) static void report(const struct rpcancel_rule *rule, void *context)
{
    const struct rpcancel_violation *violation = context;
    struct rpcancel_run again = {.steps = NULL};
    fprintf(stderr, "VIOLATED %s (%s): %s\nsource: %s\n", rule->id, rpcancel_level_name(rule->level), rule->text,
            rule->source);
    if (!violation->run)
        run_again(violation, &again);
    print_account(violation->run ? violation->run : &again, violation->rule);
    fprintf(stderr, "operations: %" PRIu64 "\nprocessor seconds: %.6f\n", violation->operations, violation->seconds);
    abort();
}

void rpcancel_violation_abort(const struct rpcancel_violation *violation)
{
    rpcancel_rule_at(violation->rule)->violated(report, (void *)violation);
    abort(); /* not reached */
}
