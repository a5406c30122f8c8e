// SPDX-License-Identifier: Apache-2.0
#include "violation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/want.h"
#include "sequence/sequence.h"

/* Prints an operation and its answer as a line of a sequence file. */
static void print_line(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX], answer_text[RPCANCEL_ANSWER_TEXT_MAX];
    rpcancel_operation_print(operation, text, sizeof text);
    rpcancel_answer_print(answer, answer_text, sizeof answer_text);
    fprintf(stderr, "  %-32s # %s\n", text, answer_text);
}

static void print_account(const struct rpcancel_violation *violation)
{
    struct rpcancel_world world;
    struct rpcancel_observer before, after;
    struct rpcancel_operation operation = {0};
    struct rpcancel_answer answer = {0};
    const uint8_t *cursor = violation->data;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&after);
    before = after;
    fputs("sequence:\n", stderr);
    while (rpcancel_binary_next(&cursor, violation->end, &operation)) {
        before = after;
        answer = violation->step(&rpcancel_choices_documented, &world, operation);
        rpcancel_observe(&after, operation, answer);
        print_line(operation, answer);
    }
    char got[RPCANCEL_ANSWER_TEXT_MAX], want[1024];
    rpcancel_answer_print(answer, got, sizeof got);
    rpcancel_want_print(violation->rule, &before, operation, want, sizeof want);
    fprintf(stderr, "got:  %s\nwant: %s\n", got, want);
}

/* On the stack above the rule's function; |used| keeps link-time optimisation from renaming it. */
__attribute__((noinline, used)) static void report(const struct rpcancel_rule *rule, void *context)
{
    const struct rpcancel_violation *violation = context;
    fprintf(stderr, "VIOLATED %s (%s): %s\nsource: %s\n", rule->id, rpcancel_level_name(rule->level), rule->text,
            rule->source);
    print_account(violation);
    fprintf(stderr, "operations: %" PRIu64 "\nprocessor seconds: %.6f\n", violation->operations, violation->seconds);
    abort();
}

void rpcancel_violation_abort(const struct rpcancel_violation *violation)
{
    rpcancel_rule_at(violation->rule)->violated(report, (void *)violation);
    abort(); /* not reached */
}
