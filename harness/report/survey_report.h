// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_REPORT_H
#define RPCANCEL_SURVEY_REPORT_H
/* What a survey found, for people and as JSON, which can be put beside another. */
#include <stdio.h>

#include "survey/survey.h"

/* A survey: the questions that were asked, and the reply to each. */
struct rpcancel_survey {
    const char *how, *name, *version, *profile; /* of the runtime */
    size_t count;
    const struct rpcancel_question *questions;
    const struct rpcancel_survey_reply *replies;
};

/* A survey that was written as JSON before. */
struct rpcancel_survey_file;

/* rpcancel_survey_file_read reads the |length| octets at |text|; NULL, with what is wrong in |failure|, when they are
 * no survey or memory is exhausted. End with rpcancel_survey_file_free. */
struct rpcancel_survey_file *rpcancel_survey_file_read(const char *text, size_t length,
                                                       char failure[RPCANCEL_ERROR_TEXT_MAX]);
void rpcancel_survey_file_free(struct rpcancel_survey_file *file);

/* rpcancel_survey_print writes the survey to |out|, each of |count| others beside it, and how many questions were
 * answered as the last line. */
void rpcancel_survey_print(const struct rpcancel_survey *survey, struct rpcancel_survey_file *const *others,
                           size_t count, FILE *out);

/* rpcancel_survey_json writes it as docs/survey.schema.json says; false when memory is exhausted. */
bool rpcancel_survey_json(const struct rpcancel_survey *survey, FILE *out);

/* rpcancel_survey_is_answered tells whether the runtime was asked to the end. */
bool rpcancel_survey_is_answered(const struct rpcancel_survey_reply *reply);

#endif
