// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FINDINGS_REPORT_H
#define RPCANCEL_FINDINGS_REPORT_H
/*
 * Findings for programs: JSON (docs/findings.schema.json), JUnit XML, SARIF 2.1.0 (docs/reports.md). The functions
 * return false when memory is exhausted.
 */
#include <time.h>

#include "findings/finding_files.h"

struct rpcancel_findings_report {
    const struct rpcancel_findings *findings;
    const struct rpcancel_finding_context *context;
    const char *folder; /* that the findings were written to, NULL for none */
    bool complete;      /* every input was looked at */
    time_t started;
    double seconds;
    int exit_code;
};

bool rpcancel_findings_json(const struct rpcancel_findings_report *report, FILE *out);
bool rpcancel_findings_junit(const struct rpcancel_findings_report *report, FILE *out);
bool rpcancel_findings_sarif(const struct rpcancel_findings_report *report, FILE *out);

#endif
