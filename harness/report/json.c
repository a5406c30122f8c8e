// SPDX-License-Identifier: Apache-2.0
/* The report programs read; docs/report.schema.json describes it. */
#include <stdlib.h>

#include "report/json_print.h"
#include "report/report.h"
#include "report/time_text.h"

static const char *control_word(unsigned control)
{
    static const char *const words[] = {
        [RPCANCEL_COMMAND] = "command", [RPCANCEL_EVENT] = "event", [RPCANCEL_HIDDEN] = "hidden"};
    return words[control];
}

static const char *capability(const struct rpcancel_check *check, unsigned kind)
{
    const struct rpcancel_kind_tally *tally = &check->tallies.kinds[kind];
    if (!tally->unimplemented)
        return control_word(check->runtime->control[kind]);
    return tally->happened ? "partly" : "unimplemented";
}

/* How the runtime relates to each operation, and which operations it said it does not have. */
static void add_capabilities(cJSON *root, const struct rpcancel_check *check)
{
    cJSON *object = cJSON_AddObjectToObject(root, "capabilities");
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++)
        cJSON_AddStringToObject(object, rpcancel_operation_describe(kind)->enumerator, capability(check, kind));
}

static void add_summary(cJSON *root, const struct rpcancel_check *check)
{
    size_t counts[RPCANCEL_VERDICT_WORDS];
    cJSON *object = cJSON_AddObjectToObject(root, "summary");
    rpcancel_report_count(check, counts);
    for (unsigned i = 0; i < RPCANCEL_VERDICT_WORDS; i++)
        cJSON_AddNumberToObject(object, rpcancel_verdict_text((enum rpcancel_verdict_word)i), (double)counts[i]);
    cJSON_AddNumberToObject(object, "UNSPECIFIED", (double)rpcancel_report_unspecified(check));
}

/* What the expectation list says of what it excuses; the verdict may not show any more what was found. */
static void add_listed(cJSON *object, const struct rpcancel_report *report, const char *name, bool is_rule, bool listed)
{
    const struct rpcancel_expect_line *entry = NULL;
    cJSON_AddBoolToObject(object, "listed", listed);
    if (listed && report->list)
        entry = rpcancel_expect_find(report->list, name, is_rule);
    if (!entry)
        return;
    cJSON_AddStringToObject(object, "found", rpcancel_verdict_text(entry->verdict));
    rpcancel_json_add_text(object, "reason", entry->reason);
}

static void add_sequences(cJSON *root, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    cJSON *array = cJSON_AddArrayToObject(root, "sequences");
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *row = &check->sequences[i];
        if (!row->chosen)
            continue;
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "id", row->name);
        cJSON_AddStringToObject(object, "verdict", rpcancel_verdict_text(row->verdict));
        rpcancel_json_add_text(object, "message", row->message);
        cJSON_AddNumberToObject(object, "unexpected", (double)row->unexpected);
        cJSON_AddBoolToObject(object, "attributed", row->attributed);
        add_listed(object, report, row->name, false, row->listed);
        cJSON_AddItemToArray(array, object);
    }
}

static void add_failure(cJSON *object, const struct rpcancel_check_failure *failure)
{
    char *text = rpcancel_report_sequence_text(&failure->sequence);
    if (text)
        cJSON_AddStringToObject(object, "sequence", text);
    else
        rpcancel_json_exhausted();
    free(text);
    cJSON_AddStringToObject(object, "got", failure->got);
    cJSON_AddStringToObject(object, "want", failure->want);
    cJSON_AddStringToObject(object, "found_in", failure->found_in);
    cJSON_AddNumberToObject(object, "shown", failure->shown);
    cJSON_AddNumberToObject(object, "attempts", failure->attempts);
}

static void add_held(cJSON *object, const struct rpcancel_answers *answers)
{
    cJSON *array = cJSON_AddArrayToObject(object, "held");
    for (unsigned i = 0; i < answers->count; i++) {
        char text[RPCANCEL_ANSWER_TEXT_MAX];
        rpcancel_answer_print(answers->list[i], text, sizeof text);
        cJSON_AddItemToArray(array, cJSON_CreateString(text));
    }
}

static void add_rules(cJSON *root, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    cJSON *array = cJSON_AddArrayToObject(root, "rules");
    for (size_t i = 0; i < check->rule_count; i++) {
        const struct rpcancel_check_rule *row = &check->rules[i];
        const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "id", rule->id);
        cJSON_AddStringToObject(object, "level", rpcancel_level_name((enum rpcancel_level)rule->level));
        cJSON_AddStringToObject(object, "function", rule->function);
        cJSON_AddStringToObject(object, "verdict", rpcancel_verdict_text(row->verdict));
        cJSON_AddNumberToObject(object, "checked", (double)row->checked);
        rpcancel_json_add_text(object, "message", row->message);
        add_listed(object, report, rule->id, true, row->listed);
        add_held(object, &check->tallies.rules[row->index].held);
        if (row->has_failure)
            add_failure(object, &row->failure);
        else
            cJSON_AddNullToObject(object, "sequence");
        cJSON_AddItemToArray(array, object);
    }
}

static void add_stale(cJSON *root, const struct rpcancel_report *report)
{
    cJSON *array = cJSON_AddArrayToObject(root, "stale");
    for (size_t i = 0; report->list && i < report->list->count; i++) {
        if (!report->list->lines[i].stale[0])
            continue;
        cJSON *object = cJSON_CreateObject();
        cJSON_AddNumberToObject(object, "line", (double)(i + 1));
        rpcancel_json_add_text(object, "message", report->list->lines[i].stale);
        cJSON_AddItemToArray(array, object);
    }
}

void rpcancel_report_json_facts(struct cJSON *object, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    char seed[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)report->seed);
    cJSON_AddStringToObject(object, "catalogue", rpcancel_report_catalogue(report));
    rpcancel_json_add_runtime(object, report->how, check->runtime->name, check->runtime->version);
    cJSON_AddStringToObject(object, "profile", rpcancel_check_profile(check));
    cJSON_AddBoolToObject(object, "strict", check->options.strict);
    cJSON_AddRawToObject(object, "seed", seed); /* 64 bits do not fit into cJSON's numbers */
    cJSON_AddBoolToObject(object, "complete", check->complete);
    cJSON_AddBoolToObject(object, "conformant", rpcancel_check_conclude(check) == RPCANCEL_CONFORMANT);
    cJSON_AddNumberToObject(object, "operations", (double)check->tallies.operations);
    add_summary(object, check);
}

static void fill(cJSON *root, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    char started[RPCANCEL_TIME_TEXT_MAX];
    rpcancel_time_text(report->started, started);
    cJSON_AddStringToObject(root, "started", started);
    cJSON_AddNumberToObject(root, "seconds", report->seconds);
    rpcancel_json_add_text(root, "options", report->options + (report->options[0] == ' '));
    rpcancel_report_json_facts(root, report);
    add_capabilities(root, check);
    add_sequences(root, report);
    add_rules(root, report);
    add_stale(root, report);
}

bool rpcancel_report_json(const struct rpcancel_report *report, FILE *out)
{
    cJSON *root = rpcancel_json_root();
    fill(root, report);
    return rpcancel_json_print(root, out);
}
