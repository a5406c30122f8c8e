// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REPORT_H
#define RPCANCEL_REPORT_H
/*
 * Reports of a check: for people on a terminal, and for programs as JSON (docs/report.schema.json), as JUnit XML and as
 * SARIF. docs/reports.md is the manual.
 */
#include <stdio.h>
#include <time.h>

#include "engine/check.h"
#include "engine/expect_list.h"

/* What a report says about a check that the check itself does not know. */
struct rpcancel_report {
    const struct rpcancel_check *check;
    const struct rpcancel_expect_list *list; /* NULL: none was given */
    const char *list_path;
    const char *how;       /* what --runtime said */
    const char *options;   /* the other options that make the same check again, each with a blank before it */
    const char *catalogue; /* names the sequences, if they are not the catalogue's; NULL: they are */
    uint64_t seed;
    time_t started;
    double seconds;       /* how long the check took */
    int exit_code;        /* what the program is going to end with */
    const char *saved_in; /* folder with the shortest failing sequences, NULL when they were not saved */
};

/* rpcancel_report_catalogue returns what names the sequences that were run: 16 hexadecimal digits that change with any
 * name or byte of them. */
const char *rpcancel_report_catalogue(const struct rpcancel_report *report);

/* rpcancel_report_count fills |counts| with how many of the reported rules have each verdict. */
void rpcancel_report_count(const struct rpcancel_check *check, size_t counts[RPCANCEL_VERDICT_WORDS]);

/* rpcancel_report_unspecified returns how many answers no rule in force decided. */
uint64_t rpcancel_report_unspecified(const struct rpcancel_check *check);

/* rpcancel_report_terminal writes for people: a block per failure, a line per rule that could not be judged, what is
 * stale in the expectation list, and a table of verdicts. */
void rpcancel_report_terminal(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_json writes one JSON object; false when memory is exhausted. */
bool rpcancel_report_json(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_junit writes JUnit XML: a test case per rule, and a few about the check as a whole. Some case has
 * failed exactly when the check does not end with 0. False when memory is exhausted. */
bool rpcancel_report_junit(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_sarif writes SARIF 2.1.0: a result per rule that is no plain PASS; false when memory is exhausted. */
bool rpcancel_report_sarif(const struct rpcancel_report *report, FILE *out);

/* ---- parts that several reports have ---- */

/* rpcancel_report_rule writes for people what is said of one rule: a block of lines, as on a terminal. */
void rpcancel_report_rule(const struct rpcancel_report *report, const struct rpcancel_check_rule *row, FILE *out);

/* rpcancel_report_unblamed does the same of a sequence that failed and that no rule is blamed for. */
void rpcancel_report_unblamed(const struct rpcancel_check_sequence *row, FILE *out);

/* rpcancel_report_stale writes a line per stale entry of the expectation list; returns how many there are. */
size_t rpcancel_report_stale(const struct rpcancel_report *report, FILE *out);

/* rpcancel_report_reason returns what the expectation list gives as the reason for the rule (|is_rule|) or the sequence
 * |name|; "" when it says nothing of it. */
const char *rpcancel_report_reason(const struct rpcancel_report *report, const char *name, bool is_rule);

/* rpcancel_report_json_facts adds to |object| what is said of the check as a whole in JSON and SARIF alike. */
struct cJSON;
void rpcancel_report_json_facts(struct cJSON *object, const struct rpcancel_report *report);

/* rpcancel_report_sequence_text returns |sequence| as text, one operation a line, which the caller frees; NULL when
 * memory is exhausted. */
char *rpcancel_report_sequence_text(const struct rpcancel_sequence *sequence);

/* rpcancel_report_sequence writes |sequence| with |separator| between its operations. */
void rpcancel_report_sequence(const struct rpcancel_sequence *sequence, const char *separator, FILE *out);

/* rpcancel_report_file_name writes the name of the file that holds the failing sequence of the rule |id| into |out|:
 * the id with - for /, and .seq. */
void rpcancel_report_file_name(const char *id, char *out, size_t size);

/* rpcancel_report_quote writes |word| so that a shell reads it as one word. */
void rpcancel_report_quote(const char *word, FILE *out);

#endif
