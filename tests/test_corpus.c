// SPDX-License-Identifier: Apache-2.0
/* The files of the corpus are as corpus/README.md says: names, comments, expectations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus_files.h"
#include "mutants/mutants.h"
#include "reference.h"
#include "rules/judge.h"
#include "rules/tables.h"

enum { LINES_MAX = 64, COMMENT_LINES_MAX = 3, WIDTH_MAX = 120 };

/* ---- names and comments ---- */

static void every_rule_has_a_file(void **state)
{
    (void)state;
    bool found[256] = {false};
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        int rule = corpus_rule_of(&rpcancel_catalogue[i]);
        if (rule >= 0)
            found[rule] = true;
    }
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        if (!found[i])
            fail_msg("there is no corpus/rules/%s-….seq", rpcancel_rule_at(i)->id);
    }
}

/* Returns the line after |line|. */
static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : line + strlen(line);
}

static void every_file_begins_with_licence_and_comment(void **state)
{
    (void)state;
    static const char licence[] = "# SPDX-License-Identifier: Apache-2.0\n";
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        const struct rpcancel_catalogue_entry *entry = &rpcancel_catalogue[i];
        unsigned lines = 0;
        if (strncmp(entry->text, licence, sizeof licence - 1) != 0)
            fail_msg("%s: the first line is not the licence's", entry->name);
        for (const char *line = next_line(entry->text); line[0] == '#'; line = next_line(line))
            lines += next_line(line) - line > 3;
        if (lines < 1 || lines > COMMENT_LINES_MAX)
            fail_msg("%s: %u lines of comment on top, expected 1 to %d", entry->name, lines, COMMENT_LINES_MAX);
    }
}

static void comments_say_where_it_comes_from(void **state)
{
    (void)state;
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        const struct rpcancel_catalogue_entry *entry = &rpcancel_catalogue[i];
        const char *comment = next_line(entry->text);
        int rule = corpus_rule_of(entry);
        const char *id = rule >= 0 ? rpcancel_rule_at((unsigned)rule)->id : "";
        if (strncmp(comment + 2, id, strlen(id)) != 0)
            fail_msg("%s: the comment does not begin with %s", entry->name, id);
        bool has_source = strstr(comment, "https://") || strstr(comment, "github ") || strstr(comment, "commit");
        if (strncmp(entry->name, "bugs/", 5) == 0 && !has_source)
            fail_msg("%s: the comment does not name the report", entry->name);
    }
}

static void lines_are_narrow(void **state)
{
    (void)state;
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        const struct rpcancel_catalogue_entry *entry = &rpcancel_catalogue[i];
        unsigned number = 1;
        for (const char *line = entry->text; *line; line = next_line(line), number++) {
            size_t width = strcspn(line, "\n");
            if (width > WIDTH_MAX || (width > 0 && line[width - 1] == ' ') || line[width] != '\n')
                fail_msg("%s:%u: longer than %d, blanks at the end, or no line feed", entry->name, number, WIDTH_MAX);
        }
    }
}

static bool has_same_operations(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        uint8_t record_a[RPCANCEL_BINARY_RECORD], record_b[RPCANCEL_BINARY_RECORD];
        rpcancel_binary_put(a->items[i].operation, record_a);
        rpcancel_binary_put(b->items[i].operation, record_b);
        same = memcmp(record_a, record_b, sizeof record_a) == 0;
    }
    return same;
}

static void no_two_files_have_the_same_operations(void **state)
{
    (void)state;
    struct rpcancel_sequence *sequences = calloc(rpcancel_catalogue_count, sizeof *sequences);
    assert_non_null(sequences);
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        sequences[i] = corpus_read(&rpcancel_catalogue[i]);
        for (size_t other = 0; other < i; other++) {
            if (has_same_operations(&sequences[i], &sequences[other]))
                fail_msg("%s has the operations of %s", rpcancel_catalogue[i].name, rpcancel_catalogue[other].name);
        }
    }
    for (size_t i = 0; i < rpcancel_catalogue_count; i++)
        rpcancel_sequence_free(&sequences[i]);
    free(sequences);
}

/* ---- expectations ---- */

/* What the tables say of one line. */
struct line {
    rpcancel_expectation owed;      /* answers that today's documents name, or a profile instead of them */
    rpcancel_expectation permitted; /* the same in any profile and for any variant before this line */
    bool returns;                   /* a transition whose function returned or raised */
};

static rpcancel_expectation named_answers(const struct rpcancel_cell *cell)
{
    rpcancel_expectation answers = 0;
    for (unsigned i = 0; !cell->except && i < cell->count; i++)
        answers |= rpcancel_expectation_of(cell->answers[i]);
    return answers;
}

static rpcancel_expectation transition_answers(void)
{
    return rpcancel_expectation_of(rpcancel_answer_code(0)) | rpcancel_expectation_of(rpcancel_answer_exception(0)) |
           rpcancel_expectation_of(rpcancel_answer_kind(RPCANCEL_ANSWER_DONE));
}

static bool is_named_today(const struct rpcancel_situation *situation)
{
    const struct rpcancel_cell *cell = rpcancel_cell_find(situation, RPCANCEL_PROFILE_DOCUMENTED);
    return !cell->except && (cell->mark == RPCANCEL_MARK_DOCUMENTED || cell->mark == RPCANCEL_MARK_IMPLIED);
}

/* Takes note of what the tables say of each line of |sequence| carried out by |step|, or by the reference for NULL. */
static void consult(const struct rpcancel_sequence *sequence, rpcancel_step_function *step,
                    enum rpcancel_profile profile, struct line lines[LINES_MAX])
{
    bool windows = profile == RPCANCEL_PROFILE_WINDOWS;
    struct rpcancel_world world;
    struct rpcancel_observer observer;
    rpcancel_world_reset(&world);
    rpcancel_observer_reset(&observer);
    assert_true(sequence->count <= LINES_MAX);
    for (size_t i = 0; i < sequence->count; i++) {
        struct rpcancel_operation operation = sequence->items[i].operation;
        struct rpcancel_situation situation;
        rpcancel_situate(&situation, &observer, operation);
        const struct rpcancel_cell *cell = rpcancel_cell_find(&situation, profile);
        bool named_today = is_named_today(&situation);
        bool is_transition = cell->mark == RPCANCEL_MARK_TRANSITION;
        struct rpcancel_answer answer = (step ? step : rpcancel_step)(
            windows ? &rpcancel_choices_windows : &rpcancel_choices_documented, &world, operation);
        rpcancel_observe(&observer, operation, answer);
        lines[i].permitted |= is_transition ? transition_answers() : named_answers(cell);
        if (step)
            continue;
        lines[i].owed |= named_today ? named_answers(cell) : 0;
        lines[i].returns |= is_transition && rpcancel_answer_happened(answer) && answer.kind != RPCANCEL_ANSWER_DONE;
    }
}

static void consult_all(const struct rpcancel_sequence *sequence, struct line lines[LINES_MAX])
{
    memset(lines, 0, LINES_MAX * sizeof lines[0]);
    for (unsigned n = 0; n < RPCANCEL_PROFILES; n++)
        consult(sequence, NULL, (enum rpcancel_profile)n, lines);
    for (unsigned i = 0; i < rpcancel_variant_count; i++)
        consult(sequence, rpcancel_variants[i].step, rpcancel_variants[i].profile, lines);
}

/* Complains about the expectation of |item|; returns the number of complaints. */
static unsigned check_line(const char *name, const struct rpcancel_sequence_item *item, const struct line *line)
{
    char owed[RPCANCEL_EXPECTATION_TEXT_MAX], excess[RPCANCEL_EXPECTATION_TEXT_MAX];
    bool is_missing = line->returns && !item->expected;
    rpcancel_expectation_print(line->owed & ~item->expected, owed, sizeof owed);
    rpcancel_expectation_print(item->expected & ~line->permitted, excess, sizeof excess);
    if (owed[0])
        print_error("%s:%u: the documents allow %s, which is not expected\n", name, item->line, owed);
    if (excess[0])
        print_error("%s:%u: no document names %s, which is expected\n", name, item->line, excess);
    if (is_missing)
        print_error("%s:%u: the function returns, but no answer is expected\n", name, item->line);
    return (owed[0] ? 1u : 0u) + (excess[0] ? 1u : 0u) + (is_missing ? 1u : 0u);
}

static void expectations_are_what_the_documents_name(void **state)
{
    (void)state;
    struct line lines[LINES_MAX];
    unsigned complaints = 0;
    rpcancel_tables_init();
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        struct rpcancel_sequence sequence = corpus_read(&rpcancel_catalogue[i]);
        consult_all(&sequence, lines);
        for (size_t n = 0; n < sequence.count; n++)
            complaints += check_line(rpcancel_catalogue[i].name, &sequence.items[n], &lines[n]);
        rpcancel_sequence_free(&sequence);
    }
    assert_int_equal(complaints, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_a_file),
        cmocka_unit_test(every_file_begins_with_licence_and_comment),
        cmocka_unit_test(comments_say_where_it_comes_from),
        cmocka_unit_test(lines_are_narrow),
        cmocka_unit_test(no_two_files_have_the_same_operations),
        cmocka_unit_test(expectations_are_what_the_documents_name),
    };
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
