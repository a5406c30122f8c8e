// SPDX-License-Identifier: Apache-2.0
/* Findings as JUnit XML: a case for each, and one that says whether every input was looked at. */
#include <stdlib.h>

#include "findings/findings_report.h"
#include "report/junit.h"
#include "report/text_stream.h"

static char *text_of(const struct rpcancel_finding *finding, const struct rpcancel_findings_report *report)
{
    struct rpcancel_text_stream stream;
    if (!rpcancel_text_stream_begin(&stream))
        return NULL;
    rpcancel_finding_print(finding, report->context, report->folder, stream.out);
    return rpcancel_text_stream_end(&stream);
}

static void add_finding(struct rpcancel_junit *junit, const struct rpcancel_findings_report *report,
                        const struct rpcancel_finding *finding)
{
    char classname[128], message[2 * RPCANCEL_MESSAGE_MAX];
    char *text = text_of(finding, report);
    bool violated = finding->rule >= 0;
    snprintf(classname, sizeof classname, "rpcancel.findings.%s",
             violated ? rpcancel_rule_at((unsigned)finding->rule)->function : rpcancel_finding_subject(finding));
    if (violated)
        snprintf(message, sizeof message, "%sgot %s, want %s", finding->known ? "known: " : "", finding->got,
                 finding->want);
    else
        snprintf(message, sizeof message, "%s%s", finding->known ? "known: " : "", finding->failure);
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){
                                   .classname = classname,
                                   .name = finding->name,
                                   .outcome = finding->known ? RPCANCEL_JUNIT_SKIPPED
                                              : violated     ? RPCANCEL_JUNIT_FAILURE
                                                             : RPCANCEL_JUNIT_ERROR,
                                   .type = rpcancel_finding_word(finding),
                                   .message = message,
                                   .text = text,
                               });
    free(text);
}

bool rpcancel_findings_junit(const struct rpcancel_findings_report *report, FILE *out)
{
    const struct rpcancel_findings *findings = report->findings;
    struct rpcancel_junit *junit = rpcancel_junit_begin();
    if (!junit)
        return false;
    rpcancel_junit_suite(junit, "rpcancel findings", report->started, report->seconds);
    rpcancel_junit_property(junit, "runtime", report->context->how);
    rpcancel_junit_property(junit, "runtime-name", report->context->runtime->name);
    rpcancel_junit_property(junit, "runtime-version", report->context->runtime->version);
    rpcancel_junit_property(junit, "profile", rpcancel_profile_name(report->context->profile));
    rpcancel_junit_property(junit, "version", RPCANCEL_VERSION);
    const char *why = "not every input was looked at";
    rpcancel_junit_case(junit, &(struct rpcancel_junit_case){
                                   .classname = "rpcancel.findings",
                                   .name = "every input was looked at",
                                   .outcome = report->complete ? RPCANCEL_JUNIT_PASSED : RPCANCEL_JUNIT_ERROR,
                                   .type = "incomplete",
                                   .message = why,
                                   .text = why,
                               });
    for (size_t i = 0; i < findings->count; i++)
        add_finding(junit, report, &findings->list[i]);
    return rpcancel_junit_end(junit, out);
}
