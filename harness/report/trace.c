// SPDX-License-Identifier: Apache-2.0
#include "report/trace.h"

#include "engine/want.h"

static void print_violations(const struct rpcancel_run *run, const struct rpcancel_run_step *step, FILE *out)
{
    for (unsigned i = 0; i < run->violated_count; i++) {
        char want[512];
        if (run->got[0])
            snprintf(want, sizeof want, "%s", rpcancel_rule_at(run->violated[i])->text);
        else
            rpcancel_want_print(run->violated[i], &run->where[i], step->operation, want, sizeof want);
        fprintf(out, "      breaks %s: want %s\n", rpcancel_rule_at(run->violated[i])->id, want);
    }
}

void rpcancel_trace_print(const struct rpcancel_run *run, FILE *out)
{
    for (size_t i = 0; i < run->step_count; i++) {
        const struct rpcancel_run_step *step = &run->steps[i];
        char operation[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX];
        rpcancel_operation_print(step->operation, operation, sizeof operation);
        rpcancel_answer_print(step->answer, answer, sizeof answer);
        if (step->line)
            fprintf(out, "  %4u  %-28s %s\n", step->line, operation, answer);
        else
            fprintf(out, "        %-28s %s\n", operation, answer);
        if (!step->expected) {
            char expected[RPCANCEL_EXPECTATION_TEXT_MAX];
            rpcancel_expectation_print(step->expectation, expected, sizeof expected);
            fprintf(out, "      expected %s\n", expected);
        }
        if (run->end == RPCANCEL_RUN_VIOLATED && i == run->last_step)
            print_violations(run, step, out);
    }
    if (run->failure[0])
        fprintf(out, "      %s\n", run->failure);
}
