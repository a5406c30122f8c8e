// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_H
#define RPCANCEL_SURVEY_H
/*
 * Asks a runtime what the documents leave open. Nothing is judged: no answer is wrong here.
 */
#include "engine/run.h"
#include "survey/question.h"

enum { RPCANCEL_ASKED_MAX = 64, RPCANCEL_SAID_MAX = 96, RPCANCEL_SURVEY_ANSWERS_MAX = 16 };

/* What was asked, an operation or a call, and what was said. */
struct rpcancel_survey_answer {
    char asked[RPCANCEL_ASKED_MAX];
    char said[RPCANCEL_SAID_MAX];
};

struct rpcancel_survey_reply {
    bool is_reached;           /* what leads to the question went as it must: else |detail| says what did not */
    enum rpcancel_run_end end; /* OK, or why it was not asked to its end: |detail| says */
    char detail[RPCANCEL_FAILURE_TEXT_MAX];
    unsigned count;
    struct rpcancel_survey_answer answers[RPCANCEL_SURVEY_ANSWERS_MAX]; /* as far as they were given */
};

/* rpcancel_survey_ask asks |runtime| the |question|, which is for its subject, and fills |*reply|. |run| is working
 * memory, zeroed once, released with rpcancel_run_free. */
void rpcancel_survey_ask(const struct rpcancel_question *question, struct rpcancel_runtime *runtime,
                         struct rpcancel_run *run, struct rpcancel_survey_reply *reply);

#endif
