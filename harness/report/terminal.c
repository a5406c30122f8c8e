// SPDX-License-Identifier: Apache-2.0
/* The report people read. */
#include <inttypes.h>
#include <string.h>

#include "report/report.h"
#include "report/private_findings.h"

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_again(const struct rpcancel_report *report, const struct rpcancel_check_failure *failure, FILE *out)
{
    fprintf(out, "  again     rpcancel check --runtime ");
    rpcancel_report_quote(report->how, out);
    fprintf(out, "%s %s\n", report->options, failure->found_in);
}

static void print_failure(const struct rpcancel_report *report, const struct rpcancel_check_rule *row, FILE *out)
{
    const struct rpcancel_check_failure *failure = &row->failure;
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    fprintf(out, "  sequence  ");
    rpcancel_report_sequence(&failure->sequence, "; ", out);
    fprintf(out, "\n  shown     %u of %u runs of %s\n", failure->shown, failure->attempts, failure->found_in);
    fprintf(out, "  source    %s\n", rule->source);
    print_again(report, failure, out);
    if (report->saved_in) {
        char name[128], place[RPCANCEL_PRIVATE_PATH_MAX];
        bool is_private = rpcancel_is_private(failure->end, report->how);
        rpcancel_private_path(report->saved_in, place);
        rpcancel_report_file_name(rule->id, name, sizeof name);
        fprintf(out, "  saved     %s/%s\n", is_private ? place : report->saved_in, name);
    }
}

void rpcancel_report_rule(const struct rpcancel_report *report, const struct rpcancel_check_rule *row, FILE *out)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    fprintf(out, "%s %s (%s, %s)\n", rpcancel_verdict_text(row->verdict), rule->id,
            rpcancel_level_name((enum rpcancel_level)rule->level), rule->function);
    fprintf(out, "  %s\n", rule->text);
    if (row->has_failure && row->failure.got[0])
        fprintf(out, "  got       %s\n  want      %s\n", row->failure.got, row->failure.want);
    else if (row->message[0])
        fprintf(out, "  what      %s\n", row->message);
    if (row->has_failure)
        print_failure(report, row, out);
    else
        fprintf(out, "  source    %s\n", rule->source);
}

/* A rule without a failing sequence that is no plain pass; of those too when the user asked for some rules only. */
static bool deserves_line(const struct rpcancel_report *report, const struct rpcancel_check_rule *row)
{
    if (row->verdict == RPCANCEL_VERDICT_PASS)
        return report->check->filtered;
    return !row->has_failure;
}

static void print_line(const struct rpcancel_check_rule *row, FILE *out)
{
    fprintf(out, "%-13s %-27s", rpcancel_verdict_text(row->verdict), rpcancel_rule_at(row->index)->id);
    if (row->message[0])
        fprintf(out, " %s", row->message);
    if (row->listed)
        fprintf(out, " (listed)");
    if (row->checked)
        fprintf(out, " (decided %" PRIu64 " time%s)", row->checked, plural(row->checked));
    fputc('\n', out);
}

static void print_lines(const struct rpcancel_report *report, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < report->check->rule_count; i++) {
        const struct rpcancel_check_rule *row = &report->check->rules[i];
        if (!deserves_line(report, row))
            continue;
        print_line(row, out);
        any = true;
    }
    if (any)
        fputc('\n', out);
}

void rpcancel_report_unblamed(const struct rpcancel_check_sequence *row, FILE *out)
{
    fprintf(out, "%s sequence %s\n  what      %s\n  sequence  ", rpcancel_verdict_text(row->verdict), row->name,
            row->message);
    rpcancel_report_sequence(&row->sequence, "; ", out);
    fputc('\n', out);
}

/* Sequences whose failure is no rule's. */
static void print_sequences(const struct rpcancel_report *report, FILE *out)
{
    const struct rpcancel_check *check = report->check;
    for (size_t i = 0; i < check->sequence_count; i++) {
        const struct rpcancel_check_sequence *row = &check->sequences[i];
        if (!rpcancel_check_is_unblamed(row))
            continue;
        rpcancel_report_unblamed(row, out);
        fputc('\n', out);
    }
    if (!check->last_words_of)
        return;
    fprintf(out, "Last words of the runtime on its standard error, in %s:\n", check->last_words_of);
    for (const char *line = check->last_words; *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(out, "  | %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    fputc('\n', out);
}

size_t rpcancel_report_stale(const struct rpcancel_report *report, FILE *out)
{
    size_t stale = 0;
    for (size_t i = 0; report->list && i < report->list->count; i++) {
        if (!report->list->lines[i].stale[0])
            continue;
        fprintf(out, "%s:%zu: stale: %s\n", report->list_path, i + 1, report->list->lines[i].stale);
        stale++;
    }
    return stale;
}

static size_t run_count(const struct rpcancel_check *check)
{
    size_t count = 0;
    for (size_t i = 0; i < check->sequence_count; i++)
        count += check->sequences[i].chosen && check->sequences[i].verdict != RPCANCEL_VERDICT_SKIP;
    return count;
}

static void print_table(const struct rpcancel_report *report, FILE *out)
{
    const struct rpcancel_check *check = report->check;
    const struct rpcancel_runtime *runtime = check->runtime;
    size_t counts[RPCANCEL_VERDICT_WORDS];
    size_t sequences = run_count(check);
    rpcancel_report_count(check, counts);
    fprintf(out, "%s%s%s, profile %s%s, delivery %s: %zu sequence%s, %" PRIu64 " operation%s\n", runtime->name,
            runtime->version[0] ? " " : "", runtime->version, rpcancel_check_profile(check),
            check->options.strict ? ", strict" : "", rpcancel_run_hides(runtime) ? "hidden" : "controlled", sequences,
            plural(sequences), check->tallies.operations, plural(check->tallies.operations));
    for (unsigned i = 0; i < RPCANCEL_VERDICT_WORDS; i++) {
        if (counts[i])
            fprintf(out, "  %-13s %4zu\n", rpcancel_verdict_text((enum rpcancel_verdict_word)i), counts[i]);
    }
    uint64_t unspecified = rpcancel_report_unspecified(check);
    if (unspecified)
        fprintf(out, "  UNSPECIFIED   %4" PRIu64 " answer%s in situations the documents do not settle; not judged\n",
                unspecified, plural(unspecified));
}

static bool decided_any(const struct rpcancel_check *check)
{
    for (size_t i = 0; i < check->rule_count; i++) {
        if (check->rules[i].checked > 0)
            return true;
    }
    return false;
}

/* Rules that do not pass and are excused by the expectation list. */
static size_t count_listed(const struct rpcancel_check *check)
{
    size_t count = 0;
    for (size_t i = 0; i < check->rule_count; i++)
        count += check->rules[i].listed;
    return count;
}

void rpcancel_report_terminal(const struct rpcancel_report *report, FILE *out)
{
    static const char *const conclusions[] = {
        [RPCANCEL_CONFORMANT] = "conformant",
        [RPCANCEL_NOT_CONFORMANT] = "not conformant",
        [RPCANCEL_RUNTIME_FAILED] = "the runtime crashed or hung",
        [RPCANCEL_HARNESS_FAILED] = "not checked as it should be",
    };
    for (size_t i = 0; i < report->check->rule_count; i++) {
        const struct rpcancel_check_rule *row = &report->check->rules[i];
        if (!row->has_failure || row->verdict == RPCANCEL_VERDICT_XFAIL)
            continue;
        rpcancel_report_rule(report, row, out);
        fputc('\n', out);
    }
    print_sequences(report, out);
    print_lines(report, out);
    size_t stale = rpcancel_report_stale(report, out);
    if (stale)
        fputc('\n', out);
    print_table(report, out);
    if (report->check->failure[0])
        fprintf(out, "%s\n", report->check->failure);
    if (!decided_any(report->check))
        fprintf(out, "no rule was decided\n");
    enum rpcancel_conformity conformity = rpcancel_check_conclude(report->check);
    size_t listed = count_listed(report->check);
    fprintf(out, "%s", conclusions[conformity]);
    if (conformity == RPCANCEL_CONFORMANT && listed)
        fprintf(out, " but for %zu rule%s listed as known", listed, plural(listed));
    if (stale)
        fprintf(out, "; %zu stale entr%s in the expectation list", stale, stale == 1 ? "y" : "ies");
    fputc('\n', out);
}
