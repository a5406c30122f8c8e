// SPDX-License-Identifier: Apache-2.0
/* Findings as SARIF: a result for each, at the operation with which its sequence ends. */
#include <stdlib.h>

#include "findings/findings_report.h"
#include "report/json_print.h"
#include "report/report.h"
#include "report/sarif.h"

enum { TEXT_MAX = 4096 };

static void print_message(const struct rpcancel_finding *finding, char out[TEXT_MAX])
{
    if (finding->rule >= 0)
        snprintf(out, TEXT_MAX, "%s: got %s, want %s. %s", rpcancel_finding_word(finding), finding->got, finding->want,
                 rpcancel_rule_at((unsigned)finding->rule)->text);
    else
        snprintf(out, TEXT_MAX, "%s: %s.", rpcancel_finding_word(finding), finding->failure);
}

static unsigned rule_of(const struct rpcancel_finding *finding)
{
    if (finding->rule >= 0)
        return (unsigned)finding->rule;
    bool crashed = finding->end == RPCANCEL_RUN_CRASHED;
    return rpcancel_sarif_general_rule(crashed ? RPCANCEL_SARIF_CRASH : RPCANCEL_SARIF_HANG);
}

static void add_finding(struct rpcancel_sarif *sarif, const struct rpcancel_findings_report *report,
                        const struct rpcancel_finding *finding)
{
    char message[TEXT_MAX], path[RPCANCEL_FINDING_PATH_MAX];
    char *sequence = rpcancel_report_sequence_text(&finding->sequence);
    struct rpcancel_sarif_result result = {
        .rule = rule_of(finding),
        .kind = RPCANCEL_SARIF_FAIL,
        .level = RPCANCEL_SARIF_ERROR,
        .message = message,
        .sequence = sequence,
        .fingerprint = finding->fingerprint,
        .suppressed = finding->known ? "found before; the baseline has it" : NULL,
    };
    if (!sequence)
        rpcancel_json_exhausted();
    print_message(finding, message);
    if (report->folder) {
        char place[RPCANCEL_FINDING_PATH_MAX];
        rpcancel_finding_place(finding, report->context, report->folder, place);
        snprintf(path, sizeof path, "%.3950s/%s/sequence.seq", place, finding->name);
        result.place = (struct rpcancel_sarif_place){
            .file = path, .line = (uint32_t)(finding->sequence.count + rpcancel_finding_head_lines(finding))};
    }
    cJSON *properties = rpcancel_sarif_result(sarif, &result);
    cJSON_AddStringToObject(properties, "name", finding->name);
    cJSON_AddStringToObject(properties, "verdict", rpcancel_finding_word(finding));
    cJSON_AddNumberToObject(properties, "shown", finding->shown);
    cJSON_AddNumberToObject(properties, "inputs", (double)finding->inputs);
    free(sequence);
}

bool rpcancel_findings_sarif(const struct rpcancel_findings_report *report, FILE *out)
{
    const struct rpcancel_findings *findings = report->findings;
    const struct rpcancel_finding_context *context = report->context;
    const struct rpcancel_sarif_place nowhere = {.file = NULL};
    struct rpcancel_sarif sarif;
    char automation[TEXT_MAX];
    snprintf(automation, sizeof automation, "rpcancel findings/%s/%s/", rpcancel_profile_name(context->profile),
             context->runtime->name);
    rpcancel_sarif_begin(&sarif, automation);
    for (size_t i = 0; i < findings->count; i++)
        add_finding(&sarif, report, &findings->list[i]);
    for (size_t i = 0; i < findings->unshown_count; i++) {
        char message[TEXT_MAX];
        snprintf(message, sizeof message, "%.2000s was not shown again: %s.", findings->unshown[i].input,
                 findings->unshown[i].reason);
        rpcancel_sarif_notify(&sarif, false, RPCANCEL_SARIF_NOTE, message, nowhere);
    }
    if (!report->complete)
        rpcancel_sarif_notify(&sarif, false, RPCANCEL_SARIF_ERROR, "Not every input was looked at.", nowhere);
    rpcancel_json_add_text(sarif.properties, "runtime", context->how);
    cJSON_AddStringToObject(sarif.properties, "profile", rpcancel_profile_name(context->profile));
    cJSON_AddNumberToObject(sarif.properties, "inputs", (double)findings->inputs);
    const struct rpcancel_sarif_invocation invocation = {
        .started = report->started,
        .seconds = report->seconds,
        .exit_code = report->exit_code,
        .successful = report->complete,
    };
    return rpcancel_sarif_end(&sarif, &invocation, out);
}
