// SPDX-License-Identifier: Apache-2.0
/* The page's tables of rules and runtimes. */
#include <stdlib.h>
#include <string.h>

#include "results/line_text.h"
#include "results/page.h"

/* The rules of some columns, each once, in the order of the table. */
struct rule_list {
    const struct rpcancel_result_rule *list;
    size_t count;
};

static bool is_column(const struct rpcancel_column *column, enum rpcancel_test_subject subject)
{
    return rpcancel_column_is(column, RPCANCEL_RESULT_CHECK, NULL) && column->subject == subject;
}

static struct rule_list collect(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < columns->count; i++)
        total += is_column(&columns->list[i], subject) ? columns->list[i].result.rule_count : 0;
    struct rpcancel_result_rule *list = calloc(total + 1, sizeof *list);
    for (size_t i = 0; list && i < columns->count; i++) {
        const struct rpcancel_saved_result *result = &columns->list[i].result;
        if (!is_column(&columns->list[i], subject) || result->rule_count == 0)
            continue;
        memcpy(list + count, result->rules, result->rule_count * sizeof *list);
        count += result->rule_count;
    }
    if (!list)
        return (struct rule_list){NULL, 0};
    qsort(list, count, sizeof *list, rpcancel_result_compare_rules);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(list[kept - 1].id, list[i].id) != 0)
            list[kept++] = list[i];
    }
    return (struct rule_list){list, kept};
}

static void print_head(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject, const char *first,
                       unsigned first_columns, FILE *out)
{
    fputs(first, out);
    for (size_t i = 0; i < columns->count; i++) {
        if (!is_column(&columns->list[i], subject))
            continue;
        fputs(" | ", out);
        rpcancel_markdown_text(columns->list[i].label, out);
        fputs(", ", out);
        rpcancel_markdown_text(columns->list[i].result.profile, out);
    }
    fputs(" |\n", out);
    for (unsigned i = 0; i < first_columns; i++)
        fputs("|---", out);
    for (size_t i = 0; i < columns->count; i++)
        fputs(is_column(&columns->list[i], subject) ? "|---" : "", out);
    fputs("|\n", out);
}

static bool is_of_interest(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject, const char *id)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct rpcancel_result_rule *rule =
            is_column(&columns->list[i], subject) ? rpcancel_result_rule(&columns->list[i].result, id) : NULL;
        if (rule && rule->found != RPCANCEL_VERDICT_PASS && rule->found != RPCANCEL_VERDICT_SKIP)
            return true;
    }
    return false;
}

static void print_row(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject,
                      const struct rpcancel_result_rule *row, FILE *out)
{
    fputs("| ", out);
    rpcancel_markdown_text(row->id, out);
    fputs(" | ", out);
    rpcancel_markdown_text(row->function, out);
    for (size_t i = 0; i < columns->count; i++) {
        if (!is_column(&columns->list[i], subject))
            continue;
        const struct rpcancel_result_rule *rule = rpcancel_result_rule(&columns->list[i].result, row->id);
        fprintf(out, " | %s", rule ? rpcancel_verdict_text(rule->found) : "-");
    }
    fputs(" |\n", out);
}

static size_t count_found(const struct rpcancel_saved_result *result, enum rpcancel_verdict_word verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < result->rule_count; i++)
        count += result->rules[i].found == verdict;
    return count;
}

static bool occurs(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject,
                   enum rpcancel_verdict_word verdict)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (is_column(&columns->list[i], subject) && count_found(&columns->list[i].result, verdict) > 0)
            return true;
    }
    return false;
}

static void print_totals(const struct rpcancel_columns *columns, enum rpcancel_test_subject subject, FILE *out)
{
    print_head(columns, subject, "| Verdict", 1, out);
    for (unsigned i = 0; i < RPCANCEL_VERDICT_WORDS; i++) {
        enum rpcancel_verdict_word verdict = (enum rpcancel_verdict_word)i;
        if (!occurs(columns, subject, verdict))
            continue;
        fprintf(out, "| %s", rpcancel_verdict_text(verdict));
        for (size_t k = 0; k < columns->count; k++) {
            if (is_column(&columns->list[k], subject))
                fprintf(out, " | %zu", count_found(&columns->list[k].result, verdict));
        }
        fputs(" |\n", out);
    }
    fputc('\n', out);
}

static void print_matrix(const struct rpcancel_page *page, enum rpcancel_test_subject subject, FILE *out)
{
    struct rule_list rules = collect(page->columns, subject);
    size_t shown = 0;
    if (rules.count > 0) {
        fprintf(out, "### %s\n\n", rpcancel_page_subject(subject));
        print_totals(page->columns, subject, out);
    }
    for (size_t i = 0; i < rules.count; i++) {
        if (!is_of_interest(page->columns, subject, rules.list[i].id))
            continue;
        if (shown++ == 0)
            print_head(page->columns, subject, "| Rule | Function or PDU", 2, out);
        print_row(page->columns, subject, &rules.list[i], out);
    }
    if (rules.count > 0)
        fprintf(out, "%s%zu of %zu rules are PASS or SKIP wherever they are in force.\n\n", shown ? "\n" : "",
                rules.count - shown, rules.count);
    free((void *)rules.list);
}

void rpcancel_page_matrices(const struct rpcancel_page *page, FILE *out)
{
    fprintf(out, "## Rule by rule\n\nAs the runtimes earned it: expectation lists excuse nothing here. `-` is a rule "
                 "that the profile does "
                 "not have in\nforce.\n\n");
    print_matrix(page, RPCANCEL_SUBJECT_API, out);
    print_matrix(page, RPCANCEL_SUBJECT_SERVER, out);
    print_matrix(page, RPCANCEL_SUBJECT_CLIENT, out);
}
