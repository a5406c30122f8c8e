// SPDX-License-Identifier: Apache-2.0
#include "survey/survey.h"

#include <string.h>

#include "survey/listen.h"

static const struct rpcancel_sequence_item *item_of_line(const struct rpcancel_sequence *sequence, uint32_t line)
{
    for (size_t i = 0; i < sequence->count; i++) {
        if (sequence->items[i].line == line)
            return &sequence->items[i];
    }
    return NULL;
}

/* The code alone, without its name. */
static void print_code(struct rpcancel_answer answer, char *out, size_t size)
{
    rpcancel_answer_print(answer, out, size);
    if (answer.kind == RPCANCEL_ANSWER_CODE)
        out[strcspn(out, " ")] = '\0';
}

/* Takes a step of the trace: an operation that asks, or one that leads to the question. */
static void take_step(const struct rpcancel_run_step *step, const struct rpcancel_sequence_item *item,
                      struct rpcancel_survey_reply *reply)
{
    if (item->expected == 0) {
        bool says_nothing = step->answer.kind == RPCANCEL_ANSWER_DONE;
        if (says_nothing || reply->count == RPCANCEL_SURVEY_ANSWERS_MAX)
            return;
        struct rpcancel_survey_answer *answer = &reply->answers[reply->count++];
        rpcancel_operation_print(step->operation, answer->asked, sizeof answer->asked);
        print_code(step->answer, answer->said, sizeof answer->said);
        return;
    }
    if (rpcancel_expectation_of(step->answer) & item->expected || !reply->is_reached)
        return;
    char operation[RPCANCEL_OPERATION_TEXT_MAX], said[RPCANCEL_ANSWER_TEXT_MAX],
        expected[RPCANCEL_EXPECTATION_TEXT_MAX];
    rpcancel_operation_print(step->operation, operation, sizeof operation);
    rpcancel_answer_print(step->answer, said, sizeof said);
    rpcancel_expectation_print(item->expected, expected, sizeof expected);
    reply->is_reached = false;
    snprintf(reply->detail, sizeof reply->detail, "`%s` is %s, expected %.64s", operation, said, expected);
}

void rpcancel_survey_ask(const struct rpcancel_question *question, struct rpcancel_runtime *runtime,
                         struct rpcancel_run *run, struct rpcancel_survey_reply *reply)
{
    static const struct rpcancel_rule_set no_rules;
    struct rpcancel_listener listener = {.reply = reply};
    memset(reply, 0, sizeof *reply);
    reply->is_reached = true;
    run->rules = &no_rules;
    run->passed = question->subject == RPCANCEL_SUBJECT_API ? NULL : rpcancel_listener_hear;
    run->passed_context = &listener;
    reply->end = rpcancel_run_sequence(run, runtime, &question->sequence);
    if (question->subject != RPCANCEL_SUBJECT_API)
        rpcancel_listener_end(&listener);
    for (size_t i = 0; i < run->step_count && question->subject == RPCANCEL_SUBJECT_API; i++) {
        const struct rpcancel_sequence_item *item = item_of_line(&question->sequence, run->steps[i].line);
        if (item && run->steps[i].line)
            take_step(&run->steps[i], item, reply);
    }
    if (reply->end != RPCANCEL_RUN_OK)
        memcpy(reply->detail, run->failure, sizeof reply->detail);
}
