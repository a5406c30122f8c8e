// SPDX-License-Identifier: Apache-2.0
/* Findings as JSON. */
#include <stdlib.h>

#include "findings/findings_report.h"
#include "report/json_print.h"
#include "report/report.h"

static void add_finding(cJSON *array, const struct rpcancel_findings_report *report,
                        const struct rpcancel_finding *finding)
{
    cJSON *object = cJSON_CreateObject();
    char *text = rpcancel_report_sequence_text(&finding->sequence);
    if (!text)
        rpcancel_json_exhausted();
    cJSON_AddStringToObject(object, "name", finding->name);
    cJSON_AddStringToObject(object, "verdict", rpcancel_finding_word(finding));
    if (finding->rule >= 0) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)finding->rule);
        cJSON_AddStringToObject(object, "rule", rule->id);
        cJSON_AddStringToObject(object, "level", rpcancel_level_name((enum rpcancel_level)rule->level));
        cJSON_AddStringToObject(object, "got", finding->got);
        cJSON_AddStringToObject(object, "want", finding->want);
    } else {
        cJSON_AddNullToObject(object, "rule");
        rpcancel_json_add_text(object, "failure", finding->failure);
    }
    cJSON_AddStringToObject(object, "sequence", text ? text : "");
    free(text);
    cJSON_AddBoolToObject(object, "known", finding->known);
    cJSON_AddBoolToObject(object, "testable", finding->testable);
    cJSON_AddNumberToObject(object, "shown", finding->shown);
    cJSON_AddNumberToObject(object, "inputs", (double)finding->inputs);
    rpcancel_json_add_text(object, "input", finding->input);
    if (report->folder) {
        char place[RPCANCEL_FINDING_PATH_MAX];
        rpcancel_finding_place(finding, report->context, report->folder, place);
        rpcancel_json_add_text(object, "folder", place);
    }
    cJSON_AddItemToArray(array, object);
}

bool rpcancel_findings_json(const struct rpcancel_findings_report *report, FILE *out)
{
    const struct rpcancel_findings *findings = report->findings;
    cJSON *root = rpcancel_json_root();
    rpcancel_json_add_runtime(root, report->context->how, report->context->runtime->name,
                              report->context->runtime->version);
    cJSON_AddStringToObject(root, "profile", rpcancel_profile_name(report->context->profile));
    cJSON_AddBoolToObject(root, "complete", report->complete);
    cJSON_AddNumberToObject(root, "inputs", (double)findings->inputs);
    cJSON *array = cJSON_AddArrayToObject(root, "findings");
    for (size_t i = 0; i < findings->count; i++)
        add_finding(array, report, &findings->list[i]);
    array = cJSON_AddArrayToObject(root, "unshown");
    for (size_t i = 0; i < findings->unshown_count; i++) {
        cJSON *object = cJSON_CreateObject();
        rpcancel_json_add_text(object, "input", findings->unshown[i].input);
        rpcancel_json_add_text(object, "reason", findings->unshown[i].reason);
        cJSON_AddItemToArray(array, object);
    }
    return rpcancel_json_print(root, out);
}
