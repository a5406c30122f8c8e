// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_REPORT_H
#define RPCANCEL_SURVEY_REPORT_H
/* What a survey found, as JSON, which can be put beside another (results/survey_text.h). */
#include <stdio.h>

#include "survey/survey.h"

/* A survey: the questions that were asked, and the reply to each. */
struct rpcancel_survey {
    const char *how, *name, *version, *profile; /* of the runtime */
    size_t count;
    const struct rpcancel_question *questions;
    const struct rpcancel_survey_reply *replies;
};

/* rpcancel_survey_json writes it as docs/survey.schema.json says; false when memory is exhausted. */
bool rpcancel_survey_json(const struct rpcancel_survey *survey, FILE *out);

/* rpcancel_survey_is_answered tells whether the runtime was asked to the end. */
bool rpcancel_survey_is_answered(const struct rpcancel_survey_reply *reply);

/* rpcancel_survey_end returns how the question ended, a word of docs/survey.schema.json; static storage. */
const char *rpcancel_survey_end(const struct rpcancel_survey_reply *reply);

#endif
