// SPDX-License-Identifier: Apache-2.0
/* The report of a check for servers that show findings beside the code. */
#include <inttypes.h>
#include <stdlib.h>

#include "report/json_print.h"
#include "report/report.h"
#include "report/sarif.h"

enum { TEXT_MAX = 4096 };

/* ---- rules ---- */

/* What SARIF calls it; false: there is nothing to say, since the rule holds or was not asked for. */
static bool kind_of(const struct rpcancel_report *report, const struct rpcancel_check_rule *row,
                    enum rpcancel_sarif_kind *kind)
{
    switch (row->verdict) {
    case RPCANCEL_VERDICT_PASS:
    case RPCANCEL_VERDICT_XPASS: /* the list is at fault; a notification says so */
        return false;
    case RPCANCEL_VERDICT_SKIP:
        *kind = RPCANCEL_SARIF_OPEN;
        return rpcancel_check_is_problem(report->check, row);
    case RPCANCEL_VERDICT_UNIMPLEMENTED:
        *kind = RPCANCEL_SARIF_OPEN;
        return true;
    case RPCANCEL_VERDICT_VACUOUS:
        *kind = RPCANCEL_SARIF_REVIEW;
        return true;
    default:
        *kind = RPCANCEL_SARIF_FAIL;
        return true;
    }
}

/* What keeps the runtime from conforming is an error, whatever the rule's level: a strict check, or a profile with
 * observed rules, was asked for. */
static enum rpcancel_sarif_level level_of(const struct rpcancel_report *report, const struct rpcancel_check_rule *row)
{
    return rpcancel_check_is_problem(report->check, row) ? RPCANCEL_SARIF_ERROR : rpcancel_sarif_level(row->index);
}

/* NULL without memory, and then the report fails at its end. */
static char *text_of(const struct rpcancel_sequence *sequence)
{
    char *text = rpcancel_report_sequence_text(sequence);
    if (!text)
        rpcancel_json_exhausted();
    return text;
}

static void print_message(const struct rpcancel_check_rule *row, char out[TEXT_MAX])
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    int length = snprintf(out, TEXT_MAX, "%s: %s. %s", rpcancel_verdict_text(row->verdict), row->message, rule->text);
    if (row->has_failure)
        snprintf(out + length, TEXT_MAX - (size_t)length, " Shown by %u of %u runs of %s, line %" PRIu32 ".",
                 row->failure.shown, row->failure.attempts, row->failure.found_in, row->failure.line);
}

static void add_facts(cJSON *properties, const struct rpcancel_check_rule *row)
{
    cJSON_AddStringToObject(properties, "verdict", rpcancel_verdict_text(row->verdict));
    cJSON_AddNumberToObject(properties, "checked", (double)row->checked);
    if (!row->has_failure)
        return;
    cJSON_AddStringToObject(properties, "got", row->failure.got);
    cJSON_AddStringToObject(properties, "want", row->failure.want);
    cJSON_AddNumberToObject(properties, "shown", row->failure.shown);
    cJSON_AddNumberToObject(properties, "attempts", row->failure.attempts);
}

static void add_rule(struct rpcancel_sarif *sarif, const struct rpcancel_report *report,
                     const struct rpcancel_check_rule *row)
{
    struct rpcancel_sarif_result result = {.rule = row->index, .level = level_of(report, row)};
    if (!kind_of(report, row, &result.kind))
        return;
    char message[TEXT_MAX], *sequence = NULL;
    struct rpcancel_place place = rpcancel_check_place(report->check, row);
    print_message(row, message);
    if (row->has_failure)
        sequence = text_of(&row->failure.sequence);
    result.message = message;
    result.place = (struct rpcancel_sarif_place){.file = place.sequence, .in_corpus = true, .line = place.line};
    result.sequence = sequence;
    if (row->listed)
        result.suppressed = rpcancel_report_reason(report, rpcancel_rule_at(row->index)->id, true);
    add_facts(rpcancel_sarif_result(sarif, &result), row);
    free(sequence);
}

/* ---- sequences that no rule is blamed for ---- */

static struct rpcancel_sarif_place place_of(const struct rpcancel_check_sequence *row)
{
    return (struct rpcancel_sarif_place){.file = row->name, .in_corpus = true, .line = row->line};
}

/* A crash or a hang; |verdict| is which, though it may be excused. */
static void add_failed_sequence(struct rpcancel_sarif *sarif, const struct rpcancel_report *report,
                                const struct rpcancel_check_sequence *row, enum rpcancel_verdict_word verdict)
{
    bool hung = verdict == RPCANCEL_VERDICT_HANG;
    char message[TEXT_MAX], *sequence = text_of(&row->sequence);
    snprintf(message, sizeof message, "%s: %s.", rpcancel_verdict_text(row->verdict), row->message);
    const struct rpcancel_sarif_result result = {
        .rule = rpcancel_sarif_general_rule(hung ? RPCANCEL_SARIF_HANG : RPCANCEL_SARIF_CRASH),
        .level = RPCANCEL_SARIF_ERROR,
        .message = message,
        .place = place_of(row),
        .sequence = sequence,
        .suppressed = row->listed ? rpcancel_report_reason(report, row->name, false) : NULL,
    };
    cJSON *properties = rpcancel_sarif_result(sarif, &result);
    cJSON_AddStringToObject(properties, "verdict", rpcancel_verdict_text(row->verdict));
    free(sequence);
}

static void add_sequence(struct rpcancel_sarif *sarif, const struct rpcancel_report *report,
                         const struct rpcancel_check_sequence *row)
{
    const struct rpcancel_expect_line *entry =
        row->listed ? rpcancel_expect_find(report->list, row->name, false) : NULL;
    enum rpcancel_verdict_word verdict = entry ? entry->verdict : row->verdict;
    char message[TEXT_MAX];
    if (row->attributed)
        return;
    if (verdict == RPCANCEL_VERDICT_CRASH || verdict == RPCANCEL_VERDICT_HANG)
        add_failed_sequence(sarif, report, row, verdict);
    if (verdict != RPCANCEL_VERDICT_HARNESS_ERROR)
        return;
    snprintf(message, sizeof message, "%s: %s.", rpcancel_verdict_text(verdict), row->message);
    rpcancel_sarif_notify(sarif, false, RPCANCEL_SARIF_ERROR, message, place_of(row));
}

/* ---- the check as a whole ---- */

static void add_notifications(struct rpcancel_sarif *sarif, const struct rpcancel_report *report)
{
    const struct rpcancel_check *check = report->check;
    const struct rpcancel_sarif_place nowhere = {.file = NULL};
    char message[TEXT_MAX];
    if (!check->complete) {
        snprintf(message, sizeof message, "The check is incomplete: %s.", check->failure);
        rpcancel_sarif_notify(sarif, false, RPCANCEL_SARIF_ERROR, message, nowhere);
    }
    if (!rpcancel_check_shows_something(check))
        rpcancel_sarif_notify(sarif, false, RPCANCEL_SARIF_ERROR, "No rule was decided.", nowhere);
    if (check->last_words_of) {
        snprintf(message, sizeof message, "Last words of the runtime on its standard error, in %s:\n%s",
                 check->last_words_of, check->last_words);
        rpcancel_sarif_notify(sarif, false, RPCANCEL_SARIF_NOTE, message, nowhere);
    }
    for (size_t i = 0; report->list && i < report->list->count; i++) {
        const struct rpcancel_sarif_place place = {.file = report->list_path, .line = (uint32_t)(i + 1)};
        if (!report->list->lines[i].stale[0])
            continue;
        snprintf(message, sizeof message, "Stale: %s.", report->list->lines[i].stale);
        rpcancel_sarif_notify(sarif, true, RPCANCEL_SARIF_ERROR, message, place);
    }
}

bool rpcancel_report_sarif(const struct rpcancel_report *report, FILE *out)
{
    const struct rpcancel_check *check = report->check;
    struct rpcancel_sarif sarif;
    char automation[TEXT_MAX];
    snprintf(automation, sizeof automation, "rpcancel check/%s/%s/", rpcancel_check_profile(check),
             check->runtime->name);
    rpcancel_sarif_begin(&sarif, automation);
    for (size_t i = 0; i < check->rule_count; i++)
        add_rule(&sarif, report, &check->rules[i]);
    for (size_t i = 0; i < check->sequence_count; i++)
        add_sequence(&sarif, report, &check->sequences[i]);
    add_notifications(&sarif, report);
    rpcancel_report_json_facts(sarif.properties, report);
    const struct rpcancel_sarif_invocation invocation = {
        .started = report->started,
        .seconds = report->seconds,
        .exit_code = report->exit_code,
        .successful = check->complete && rpcancel_check_conclude(check) != RPCANCEL_HARNESS_FAILED,
    };
    return rpcancel_sarif_end(&sarif, &invocation, out);
}
