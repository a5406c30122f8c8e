// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REPORT_H
#define RPCANCEL_REPORT_H
/*
 * Reports of a check: for people on a terminal, and for programs as JSON (docs/report.schema.json) and as JUnit XML.
 */
#include <stdio.h>

#include "engine/check.h"
#include "engine/expect_list.h"

/* What a report says about a check that the check itself does not know. */
struct rpcancel_report {
    const struct rpcancel_check *check;
    const struct rpcancel_expect_list *list; /* NULL: none was given */
    const char *list_path;
    const char *how;     /* what --runtime said */
    const char *options; /* the other options that make the same check again, each with a blank before it */
    uint64_t seed;
    const char *saved_in; /* folder with the shortest failing sequences, NULL when they were not saved */
};

/* rpcancel_report_count fills |counts| with how many of the reported rules have each verdict. */
void rpcancel_report_count(const struct rpcancel_check *check, size_t counts[RPCANCEL_VERDICT_WORDS]);

/* rpcancel_report_unspecified returns how many answers no rule in force decided. */
uint64_t rpcancel_report_unspecified(const struct rpcancel_check *check);

/* rpcancel_report_terminal writes for people: a block per failure, a line per rule that could not be judged, what is
 * stale in the expectation list, and a table of verdicts. */
void rpcancel_report_terminal(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_json writes one JSON object; false when memory is exhausted. */
bool rpcancel_report_json(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_junit writes JUnit XML: a test case per rule. */
void rpcancel_report_junit(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_sequence writes |sequence| with |separator| between its operations. */
void rpcancel_report_sequence(const struct rpcancel_sequence *sequence, const char *separator, FILE *out);

/* rpcancel_report_file_name writes the name of the file that holds the failing sequence of the rule |id| into |out|:
 * the id with - for /, and .seq. */
void rpcancel_report_file_name(const char *id, char *out, size_t size);

/* rpcancel_report_quote writes |word| so that a shell reads it as one word. */
void rpcancel_report_quote(const char *word, FILE *out);

#endif
