// SPDX-License-Identifier: Apache-2.0
/* The page's list of deviations, and of what was not shown. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "results/line_text.h"
#include "results/page.h"
#include "rules/rules.h"

/* ---- deviations ---- */

static void print_item(const char *what, const char *text, FILE *out)
{
    if (!text[0])
        return;
    fprintf(out, "- %s: ", what);
    rpcancel_markdown_text(text, out);
    fputc('\n', out);
}

static void print_profiles(const struct rpcancel_page *page, const struct rpcancel_deviation *deviation, FILE *out)
{
    const char *separator = "";
    for (size_t i = 0; i < page->columns->count; i++) {
        if (!(deviation->shown_by >> i & 1))
            continue;
        fputs(separator, out);
        rpcancel_markdown_text(page->columns->list[i].result.profile, out);
        separator = ", ";
    }
}

static void print_counting(const struct rpcancel_page *page, const struct rpcancel_deviation *deviation, FILE *out)
{
    const struct rpcancel_result_rule *with = page->deviations->list[deviation->with].rule;
    switch (deviation->counting) {
    case RPCANCEL_COUNTS:
        break;
    case RPCANCEL_COUNTS_NOT_BINDING:
        fputs("- does not count: the rule is not binding here\n", out);
        break;
    case RPCANCEL_COUNTS_NOW_AND_THEN:
        fputs("- does not count: it hung now and then, as it would on a machine that is slow\n", out);
        break;
    case RPCANCEL_COUNTS_WITH_STUB:
        fputs("- does not count by itself: the function answers everything alike, as ", out);
        rpcancel_markdown_text(with->id, out);
        fputs(" shows\n", out);
        break;
    case RPCANCEL_COUNTS_WITH_SHORTER:
        fputs("- does not count by itself: the sequence extends that of ", out);
        rpcancel_markdown_text(with->id, out);
        fputc('\n', out);
        break;
    }
}

/* The command that runs the sequence |id| of the catalogue once more. */
static void print_command(const struct rpcancel_page *page, const struct rpcancel_saved_result *result, const char *id,
                          FILE *out)
{
    fputs("```sh\nrpcancel check --runtime ", out);
    rpcancel_page_path(page, result->how, rpcancel_report_quote, out);
    fputc(' ', out);
    if (result->options[0]) {
        rpcancel_page_path(page, result->options, rpcancel_line_text, out);
    } else {
        fputs("--profile ", out);
        rpcancel_report_quote(result->profile, out);
        fputs(result->strict ? " --strict" : "", out);
    }
    fputc(' ', out);
    rpcancel_report_quote(id, out);
    fputs("\n```\n\n", out);
}

static void print_sequence(const char *sequence, FILE *out)
{
    size_t length = strlen(sequence);
    fprintf(out, "\n```text\n%s%s```\n\n", sequence, length && sequence[length - 1] == '\n' ? "" : "\n");
}

/* The capture of the sequence, where there is one: a slash of the rule's id is a hyphen in its name. */
static void print_capture(const struct rpcancel_page *page, const struct rpcancel_deviation *deviation, FILE *out)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s/", page->captures ? page->captures : "", deviation->column->name);
    for (const char *at = deviation->rule->id; *at && length < PATH_MAX - 1; at++)
        path[length++] = *at == '/' ? '-' : *at;
    if (!page->captures || length >= PATH_MAX - (int)sizeof ".pcapng")
        return;
    memcpy(path + length, ".pcapng", sizeof ".pcapng");
    if (access(path, R_OK) != 0)
        return;
    fputs("- capture: ", out);
    rpcancel_page_path(page, path, rpcancel_markdown_text, out);
    fputc('\n', out);
}

static void print_rule(const struct rpcancel_page *page, const struct rpcancel_deviation *deviation, FILE *out)
{
    const struct rpcancel_result_rule *rule = deviation->rule;
    const struct rpcancel_rule *known = rule->index >= 0 ? rpcancel_rule_at((unsigned)rule->index) : NULL;
    fprintf(out, "#### %s ", rpcancel_verdict_text(rule->found));
    rpcancel_markdown_text(rule->id, out);
    fputs(", ", out);
    rpcancel_markdown_text(rule->function, out);
    fputs("\n\n", out);
    print_item("the rule", known ? known->text : "", out);
    print_item("level", rule->level, out);
    print_item("source", known ? known->source : "", out);
    print_item("got", rule->got[0] ? rule->got : rule->message, out);
    print_item("expected", known && strcmp(rule->want, known->text) == 0 ? "what the rule says" : rule->want, out);
    fputs("- shown by profile: ", out);
    print_profiles(page, deviation, out);
    if (rule->attempts && rule->shown < rule->attempts)
        fprintf(out, ", in %" PRIu64 " of %" PRIu64 " runs", rule->shown, rule->attempts);
    fputc('\n', out);
    print_item("known", rule->reason, out);
    print_counting(page, deviation, out);
    print_capture(page, deviation, out);
    if (rule->sequence)
        print_sequence(rule->sequence, out);
    else
        fputc('\n', out);
    print_command(page, &deviation->column->result, rule->found_in[0] ? rule->found_in : rule->id, out);
}

static void print_unblamed(const struct rpcancel_page *page, const struct rpcancel_deviation *deviation, FILE *out)
{
    const struct rpcancel_result_sequence *sequence = deviation->sequence;
    fprintf(out, "#### %s ", rpcancel_verdict_text(sequence->found));
    rpcancel_markdown_text(sequence->id, out);
    fputs("\n\n- no rule is blamed for it\n", out);
    print_item("got", sequence->message, out);
    fputs("- shown by profile: ", out);
    print_profiles(page, deviation, out);
    fputc('\n', out);
    print_item("known", sequence->reason, out);
    fputc('\n', out);
    print_command(page, &deviation->column->result, sequence->id, out);
}

void rpcancel_page_deviations(const struct rpcancel_page *page, FILE *out)
{
    const struct rpcancel_deviations *deviations = page->deviations;
    fprintf(out, "## Deviations\n\nThe shortest sequence that shows each, and the command that repeats it on a runtime "
                 "that is up.\n"
                 "[sequences.md](sequences.md) and [tcp.md](tcp.md) explain the operations.");
    if (page->root)
        fputs(" Commands want `rpcancel` in\nPATH, and the root of the sources as the current folder; "
              "[tcp.md](tcp.md#starting-the-servers-of-runtimesmd) starts servers.",
              out);
    fputs("\n\n", out);
    for (size_t i = 0; i < deviations->count; i++) {
        const struct rpcancel_deviation *deviation = &deviations->list[i];
        if (i == 0 || strcmp(deviation[-1].column->label, deviation->column->label) != 0) {
            fputs("### ", out);
            rpcancel_markdown_text(deviation->column->label, out);
            fputs("\n\n", out);
        }
        (deviation->rule ? print_rule : print_unblamed)(page, deviation, out);
    }
    if (deviations->count == 0)
        fputs("None.\n\n", out);
}

/* ---- gaps ---- */

/* Tells whether an earlier rule of the gap has the reason of this one, so that each is written once. */
static bool is_repeated(const struct rpcancel_page *page, const struct rpcancel_gap *gap, size_t column, size_t rule,
                        bool by_reason)
{
    const struct rpcancel_result_rule *own = &page->columns->list[column].result.rules[rule];
    for (size_t i = 0; i <= column; i++) {
        const struct rpcancel_column *at = &page->columns->list[i];
        if (!rpcancel_column_is(at, RPCANCEL_RESULT_CHECK, gap->label))
            continue;
        size_t count = i < column ? at->result.rule_count : rule;
        for (size_t k = 0; k < count; k++) {
            const struct rpcancel_result_rule *other = &at->result.rules[k];
            if (rpcancel_gap_has(gap, other) &&
                strcmp(by_reason ? other->reason : other->id, by_reason ? own->reason : own->id) == 0)
                return true;
        }
    }
    return false;
}

static void print_gap_list(const struct rpcancel_page *page, const struct rpcancel_gap *gap, bool by_reason, FILE *out)
{
    const char *separator = "";
    for (size_t i = 0; i < page->columns->count; i++) {
        const struct rpcancel_column *column = &page->columns->list[i];
        for (size_t k = 0;
             rpcancel_column_is(column, RPCANCEL_RESULT_CHECK, gap->label) && k < column->result.rule_count; k++) {
            const struct rpcancel_result_rule *rule = &column->result.rules[k];
            const char *text = by_reason ? rule->reason : rule->id;
            if (!text[0] || !rpcancel_gap_has(gap, rule) || is_repeated(page, gap, i, k, by_reason))
                continue;
            fputs(separator, out);
            rpcancel_markdown_text(text, out);
            separator = by_reason ? "; " : ", ";
        }
    }
}

static void print_gap(const struct rpcancel_page *page, const struct rpcancel_gap *gap, FILE *out)
{
    fputs("| ", out);
    rpcancel_markdown_text(gap->label, out);
    fprintf(out, " | %s | ", rpcancel_verdict_text(gap->verdict));
    if (gap->verdict == RPCANCEL_VERDICT_VACUOUS)
        fputs("gave one answer only: ", out);
    rpcancel_markdown_text(gap->why, out);
    fprintf(out, " | %zu: ", gap->rule_count);
    print_gap_list(page, gap, false, out);
    fputs(" | ", out);
    print_gap_list(page, gap, true, out);
    fputs(" |\n", out);
}

void rpcancel_page_gaps(const struct rpcancel_page *page, FILE *out)
{
    const struct rpcancel_deviations *deviations = page->deviations;
    fputs("## What was not tested\n\n", out);
    if (deviations->gap_count == 0) {
        fputs("Nothing: every rule in force was decided.\n\n", out);
        return;
    }
    fputs("Of these rules nothing is known, neither that they hold nor that they do not. The reasons are those of the\n"
          "[expectation lists](expectations.md).\n\n"
          "| Runtime | Verdict | What | Rules | Why |\n|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < deviations->gap_count; i++)
        print_gap(page, &deviations->gaps[i], out);
    fputc('\n', out);
}
