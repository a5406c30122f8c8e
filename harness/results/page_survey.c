// SPDX-License-Identifier: Apache-2.0
/* The page's tables of answers where documents are silent. */
#include <string.h>

#include "results/line_text.h"
#include "results/page.h"

/* How the answers to a question compare. The order is that of the page. */
enum agreement { DIFFER, ASKED_OF_ONE, AGREE, AGREEMENTS };

/* What is asked of the API is not asked on the wire: |group| begins the names of questions. */
static bool is_column(const struct rpcancel_column *column, const char *group)
{
    size_t length = strlen(group);
    return rpcancel_column_is(column, RPCANCEL_RESULT_SURVEY, NULL) && column->result.question_count > 0 &&
           strncmp(column->result.questions[0].id, group, length) == 0;
}

static enum agreement compare(const struct rpcancel_columns *columns, const char *group, const char *id)
{
    const char *first = NULL;
    unsigned asked = 0;
    bool differ = false;
    for (size_t i = 0; i < columns->count; i++) {
        const struct rpcancel_result_question *question =
            is_column(&columns->list[i], group) ? rpcancel_result_question(&columns->list[i].result, id) : NULL;
        if (!question)
            continue;
        differ |= first && strcmp(first, question->said) != 0;
        first = first ? first : question->said;
        asked++;
    }
    return differ ? DIFFER : asked > 1 ? AGREE : ASKED_OF_ONE;
}

static void print_head(const struct rpcancel_columns *columns, const char *group, bool is_one, FILE *out)
{
    fputs("| Question", out);
    for (size_t i = 0; i < columns->count; i++) {
        if (is_one || !is_column(&columns->list[i], group))
            continue;
        fputs(" | ", out);
        rpcancel_markdown_text(columns->list[i].label, out);
        fputs(", ", out);
        rpcancel_markdown_text(columns->list[i].result.profile, out);
    }
    fputs(is_one ? " | All of them |\n|---|---" : " |\n|---", out);
    for (size_t i = 0; i < columns->count; i++)
        fputs(!is_one && is_column(&columns->list[i], group) ? "|---" : "", out);
    fputs("|\n", out);
}

static void print_row(const struct rpcancel_columns *columns, const char *group,
                      const struct rpcancel_result_question *row, bool is_one, FILE *out)
{
    fputs("| **", out);
    rpcancel_markdown_text(row->id, out);
    fputs("**: ", out);
    rpcancel_markdown_text(row->text, out);
    if (is_one) {
        fputs(" | ", out);
        rpcancel_markdown_text(row->said, out);
    }
    for (size_t i = 0; i < columns->count; i++) {
        if (is_one || !is_column(&columns->list[i], group))
            continue;
        const struct rpcancel_result_question *question = rpcancel_result_question(&columns->list[i].result, row->id);
        fputs(" | ", out);
        rpcancel_markdown_text(question ? question->said : "not asked", out);
    }
    fputs(" |\n", out);
}

static bool was_asked_before(const struct rpcancel_columns *columns, const char *group, size_t column, const char *id)
{
    for (size_t i = 0; i < column; i++) {
        if (is_column(&columns->list[i], group) && rpcancel_result_question(&columns->list[i].result, id))
            return true;
    }
    return false;
}

static void print_table(const struct rpcancel_columns *columns, const char *group, enum agreement agreement, FILE *out)
{
    static const char *const leads[] = {
        [DIFFER] = "They differ:\n\n", [ASKED_OF_ONE] = "Asked of one:\n\n", [AGREE] = "They agree:\n\n"};
    bool any = false;
    for (size_t i = 0; i < columns->count; i++) {
        const struct rpcancel_saved_result *result = &columns->list[i].result;
        for (size_t k = 0; is_column(&columns->list[i], group) && k < result->question_count; k++) {
            const struct rpcancel_result_question *question = &result->questions[k];
            if (was_asked_before(columns, group, i, question->id) || compare(columns, group, question->id) != agreement)
                continue;
            if (!any) {
                fputs(leads[agreement], out);
                print_head(columns, group, agreement == AGREE, out);
            }
            any = true;
            print_row(columns, group, question, agreement == AGREE, out);
        }
    }
    fputs(any ? "\n" : "", out);
}

static void print_group(const struct rpcancel_columns *columns, const char *group, const char *title, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < columns->count; i++)
        any |= is_column(&columns->list[i], group);
    if (!any)
        return;
    fprintf(out, "### %s\n\n", title);
    for (unsigned agreement = 0; agreement < AGREEMENTS; agreement++)
        print_table(columns, group, (enum agreement)agreement, out);
}

void rpcancel_page_surveys(const struct rpcancel_page *page, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < page->columns->count; i++)
        any |= rpcancel_column_is(&page->columns->list[i], RPCANCEL_RESULT_SURVEY, NULL);
    if (!any)
        return;
    fputs("## Where documents are silent\n\nNo answer here is right or wrong; [survey.md](survey.md) has the "
          "questions.\n\n",
          out);
    print_group(page->columns, "api/", rpcancel_page_subject(RPCANCEL_SUBJECT_API), out);
    print_group(page->columns, "wire/", rpcancel_page_subject(RPCANCEL_SUBJECT_SERVER), out);
}
