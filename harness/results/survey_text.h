// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SURVEY_TEXT_H
#define RPCANCEL_SURVEY_TEXT_H
/* What a survey found, for people, beside what others found that were written as JSON before. */
#include "report/survey_report.h"
#include "results/result.h"

/* rpcancel_survey_print writes |survey| to |out|, each of |count| others beside it, which are surveys too, and how many
 * questions were answered as the last line. */
void rpcancel_survey_print(const struct rpcancel_survey *survey, const struct rpcancel_saved_result *others,
                           size_t count, FILE *out);

#endif
