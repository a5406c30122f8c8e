// SPDX-License-Identifier: Apache-2.0
#include "results/page.h"

#include <stdlib.h>
#include <string.h>

#include "report/text_stream.h"
#include "results/line_text.h"

/* ---- paths ---- */

/* Writes |text| without each |root| and the slash behind it. */
static void write_without(const char *text, const char *root, FILE *out)
{
    size_t length = root ? strlen(root) : 0;
    while (length > 1 && root[length - 1] == '/')
        length--;
    while (*text) {
        if (length > 0 && strncmp(text, root, length) == 0 && text[length] == '/')
            text += length + 1;
        else
            fputc(*text++, out);
    }
}

void rpcancel_page_path(const struct rpcancel_page *page, const char *text, void (*write)(const char *text, FILE *out),
                        FILE *out)
{
    struct rpcancel_text_stream stream;
    char *shorter = NULL;
    if (rpcancel_text_stream_begin(&stream)) {
        write_without(text, page->root, stream.out);
        shorter = rpcancel_text_stream_end(&stream);
    }
    write(shorter ? shorter : text, out);
    free(shorter);
}

const char *rpcancel_page_subject(enum rpcancel_test_subject subject)
{
    static const char *const words[] = {[RPCANCEL_SUBJECT_API] = "The API",
                                        [RPCANCEL_SUBJECT_SERVER] = "Servers on the wire",
                                        [RPCANCEL_SUBJECT_CLIENT] = "Clients on the wire"};
    return words[subject];
}

/* ---- what was run ---- */

static void cell(const char *text, FILE *out)
{
    fputs(" | ", out);
    rpcancel_markdown_text(text[0] ? text : "-", out);
}

static void print_check_row(const struct rpcancel_page *page, const struct rpcancel_column *column, FILE *out)
{
    const struct rpcancel_saved_result *result = &column->result;
    char date[sizeof "2026-01-31"];
    snprintf(date, sizeof date, "%.10s", result->started);
    fputs("| ", out);
    rpcancel_markdown_text(column->label, out);
    cell(result->runtime_version, out);
    cell(result->profile, out);
    fputs(result->strict ? ", strict" : "", out);
    cell(date, out);
    cell(result->version, out);
    cell(result->catalogue, out);
    fprintf(out, " | %zu%s | %zu | ", result->sequence_count, result->complete ? "" : " (not complete)",
            result->rule_count);
    rpcancel_page_path(page, result->how, rpcancel_markdown_code, out);
    fputs(" |\n", out);
}

static void print_checks(const struct rpcancel_page *page, FILE *out)
{
    fprintf(out,
            "## What was run\n\n"
            "| Runtime | It says its version is | Profile | Date | rpcancel | Catalogue | Sequences | Rules in force | "
            "`--runtime` |\n|---|---|---|---|---|---|--:|--:|---|\n");
    for (size_t i = 0; i < page->columns->count; i++) {
        const struct rpcancel_column *column = &page->columns->list[i];
        if (rpcancel_column_is(column, RPCANCEL_RESULT_CHECK, NULL))
            print_check_row(page, column, out);
    }
    fputc('\n', out);
}

static size_t print_operations(const struct rpcancel_saved_result *result, const char *word, const char *lead,
                               FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < result->capability_count; i++) {
        if (strcmp(result->capabilities[i].word, word) != 0)
            continue;
        fputs(count++ ? ", " : lead, out);
        rpcancel_markdown_code(result->capabilities[i].operation, out);
    }
    return count;
}

/* What is spoken to in PDUs has no capabilities of this kind: what its target lacks, the rules say. */
static void print_capabilities(const struct rpcancel_page *page, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < page->columns->count; i++) {
        const struct rpcancel_column *column = &page->columns->list[i];
        const struct rpcancel_saved_result *result = &column->result;
        if (!rpcancel_column_is(column, RPCANCEL_RESULT_CHECK, NULL) || column->subject != RPCANCEL_SUBJECT_API)
            continue;
        fputs(any ? "" : "Operations of the API that a runtime lacks or does unseen:\n\n", out);
        any = true;
        fputs("- **", out);
        rpcancel_markdown_text(column->label, out);
        fputs("**, ", out);
        rpcancel_markdown_text(result->profile, out);
        size_t count = print_operations(result, "unimplemented", "; not implemented: ", out);
        count += print_operations(result, "partly", "; in some situations not: ", out);
        count += print_operations(result, "hidden", "; unseen: ", out);
        fputs(count ? ".\n" : ": none.\n", out);
    }
    fputs(any ? "\n" : "", out);
}

/* ---- how many ---- */

static void print_counts_row(const char *label, const struct rpcancel_deviation_counts *counts, FILE *out)
{
    fputs("| ", out);
    rpcancel_markdown_text(label, out);
    fprintf(out, " | %zu | %zu | %zu | %zu | %zu | %zu | %zu |\n", counts->deviations, counts->sequences,
            counts->unblamed, counts->now_and_then, counts->not_binding, counts->stubs, counts->missing);
}

static void print_counts(const struct rpcancel_page *page, FILE *out)
{
    const char *label;
    struct rpcancel_deviation_counts counts = rpcancel_deviations_count(page->deviations, NULL);
    fprintf(
        out,
        "## How many\n\n**%zu deviation%s**: distinct runtime, function or PDU, and rule. What several profiles show "
        "of one\n"
        "runtime counts once, and so does a function that answers everything alike, whatever rules that breaks. No\n"
        "sequence extends another's. What hung in some runs of its sequence and not in others does not count. What "
        "was not\n"
        "shown is no deviation: the last two columns count functions of which nothing is known but that they always "
        "gave\n"
        "one answer, and capabilities that are missing, each once.\n\n"
        "| Runtime | Deviations | Sequences that show them | Crashes and hangs without a rule | Hung now and then | "
        "Not "
        "binding | VACUOUS functions "
        "| UNIMPLEMENTED capabilities |\n|---|--:|--:|--:|--:|--:|--:|--:|\n",
        counts.deviations, counts.deviations == 1 ? "" : "s");
    for (size_t i = 0; (label = rpcancel_columns_label(page->columns, i)); i++) {
        const struct rpcancel_deviation_counts own = rpcancel_deviations_count(page->deviations, label);
        print_counts_row(label, &own, out);
    }
    print_counts_row("all", &counts, out);
    fputc('\n', out);
}

void rpcancel_page_markdown(const struct rpcancel_page *page, FILE *out)
{
    fprintf(out, "# ");
    rpcancel_markdown_text(page->title, out);
    fprintf(out, "\n\nWritten by `rpcancel compare` from the JSON of `rpcancel check` and `rpcancel survey`; do not "
                 "edit it.\n\n");
    if (page->note)
        fprintf(out, "%s\n\n", page->note);
    print_checks(page, out);
    print_capabilities(page, out);
    print_counts(page, out);
    rpcancel_page_deviations(page, out);
    rpcancel_page_matrices(page, out);
    rpcancel_page_gaps(page, out);
    rpcancel_page_surveys(page, out);
}

/* ---- for a terminal ---- */

void rpcancel_page_terminal(const struct rpcancel_page *page, FILE *out)
{
    size_t checks = 0, surveys = 0, labels = 0;
    const char *label;
    for (size_t i = 0; i < page->columns->count; i++) {
        bool is_check = rpcancel_column_is(&page->columns->list[i], RPCANCEL_RESULT_CHECK, NULL);
        checks += is_check;
        surveys += !is_check;
    }
    for (; (label = rpcancel_columns_label(page->columns, labels)); labels++) {
        const struct rpcancel_deviation_counts own = rpcancel_deviations_count(page->deviations, label);
        rpcancel_line_text(label, out);
        fprintf(out, ": %zu deviation%s, %zu without a rule, %zu VACUOUS, %zu UNIMPLEMENTED\n", own.deviations,
                own.deviations == 1 ? "" : "s", own.unblamed, own.stubs, own.missing);
    }
    const struct rpcancel_deviation_counts all = rpcancel_deviations_count(page->deviations, NULL);
    fprintf(out, "compare: %zu result%s, %zu survey%s, %zu runtime%s; %zu deviation%s\n", checks,
            checks == 1 ? "" : "s", surveys, surveys == 1 ? "" : "s", labels, labels == 1 ? "" : "s", all.deviations,
            all.deviations == 1 ? "" : "s");
}
