// SPDX-License-Identifier: Apache-2.0
/*
 * The table of rules, the list of statements, and the tables of cells: complete, consistent, and about each other.
 */
#include "rules/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/judge.h"
#include "rules/tables.h"

/* Whether |list|, words separated by blanks, holds |word|. */
static bool names(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    }
    return false;
}

static const struct rpcancel_statement *statement_named(const char *id, size_t length)
{
    for (unsigned i = 0; i < rpcancel_statement_count(); i++) {
        const struct rpcancel_statement *statement = rpcancel_statement_at(i);
        if (strlen(statement->id) == length && memcmp(statement->id, id, length) == 0)
            return statement;
    }
    return NULL;
}

static void every_rule_is_whole(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        assert_int_equal(rpcancel_rule_find(rule->id), i); /* ids are unique */
        assert_non_null(strchr(rule->id, '/'));
        assert_true(strlen(rule->text) > 20 && strlen(rule->source) > 10);
        assert_int_not_equal(rule->operations, 0);
        assert_int_not_equal(rule->profiles, 0);
        assert_non_null(rule->judge);
        assert_non_null(rule->violated);
        if (rule->level == RPCANCEL_LEVEL_HISTORICAL)
            assert_int_equal(rule->profiles, 1 << RPCANCEL_PROFILE_DOCUMENTED_98);
        if (rule->level == RPCANCEL_LEVEL_OBSERVED)
            assert_int_equal(rule->profiles, 1 << RPCANCEL_PROFILE_WINDOWS);
    }
    assert_int_equal(rpcancel_rule_find("RpcServerTestCancel/0"), -1);
}

static void rules_name_statements_that_are_rules(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        for (const char *word = rule->statements; *word; word += strspn(word, " ")) {
            size_t length = strcspn(word, " ");
            const struct rpcancel_statement *statement = statement_named(word, length);
            if (!statement || statement->as != RPCANCEL_AS_RULE)
                fail_msg("%s names %.*s, which is no statement that became a rule", rule->id, (int)length, word);
            word += length;
        }
    }
}

static void every_statement_ends_somewhere(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_statement_count(); i++) {
        const struct rpcancel_statement *statement = rpcancel_statement_at(i);
        unsigned rules = 0;
        for (unsigned r = 0; r < rpcancel_rule_all(); r++)
            rules += names(rpcancel_rule_at(r)->statements, statement->id);
        if (statement->as == RPCANCEL_AS_RULE ? rules == 0 : rules > 0 || strlen(statement->reason) < 10)
            fail_msg("%s: %u rules, reason \"%s\"", statement->id, rules, statement->reason);
    }
}

static void assert_all_there(char letter, unsigned last)
{
    for (unsigned number = 1; number <= last; number++) {
        char id[16];
        int length = snprintf(id, sizeof id, "%c%u", letter, number);
        if (!statement_named(id, (size_t)length))
            fail_msg("%s is missing", id);
    }
}

static void all_statements_are_there(void **state)
{
    (void)state;
    assert_all_there('N', 138);
    assert_all_there('W', 134);
}

static const struct rpcancel_rule *reported;

static void take_report(const struct rpcancel_rule *rule, void *context)
{
    *(unsigned *)context += 1;
    reported = rule;
}

static void a_violation_is_reported_by_the_rule_itself(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        unsigned calls = 0;
        rpcancel_rule_at(i)->violated(take_report, &calls);
        assert_int_equal(calls, 1);
        assert_ptr_equal(reported, rpcancel_rule_at(i));
        for (unsigned j = 0; j < i; j++)
            assert_ptr_not_equal(rpcancel_rule_at(i)->violated, rpcancel_rule_at(j)->violated);
    }
}

static void a_set_holds_the_rules_of_its_profile_and_levels(void **state)
{
    (void)state;
    struct rpcancel_rule_set set;
    for (unsigned profile = 0; profile < RPCANCEL_PROFILES; profile++) {
        rpcancel_rule_set_init(&set, (enum rpcancel_profile)profile, 1u << RPCANCEL_LEVEL_MUST);
        for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
            for (unsigned n = 0; n < set.count[kind]; n++) {
                const struct rpcancel_rule *rule = rpcancel_rule_at(set.index[kind][n]);
                assert_int_equal(rule->level, RPCANCEL_LEVEL_MUST);
                assert_true(rule->profiles >> profile & 1u);
                assert_true(rule->operations >> kind & 1u);
            }
        }
    }
}

static void profiles_have_names(void **state)
{
    (void)state;
    enum rpcancel_profile profile;
    for (unsigned i = 0; i < RPCANCEL_PROFILES; i++) {
        assert_true(rpcancel_profile_from_name(rpcancel_profile_name((enum rpcancel_profile)i), &profile));
        assert_int_equal(profile, i);
    }
    assert_false(rpcancel_profile_from_name("c706", &profile));
}

/* A runtime may take a call after the connection was lost: over a new one, or to fail later. Neither is judged. */
static void a_call_issued_after_the_loss_is_not_judged(void **state)
{
    (void)state;
    struct rpcancel_observer observer;
    struct rpcancel_rule_set set;
    rpcancel_rule_set_init(&set, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    rpcancel_observer_reset(&observer);
    rpcancel_observe(&observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_INIT}, rpcancel_answer_code(0));
    rpcancel_observe(&observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_LOSE_LINK},
                     rpcancel_answer_kind(RPCANCEL_ANSWER_DONE));
    rpcancel_observe(&observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_CALL}, rpcancel_answer_code(0));
    static const uint8_t kinds[] = {RPCANCEL_OP_STATUS, RPCANCEL_OP_COMPLETE, RPCANCEL_OP_CANCEL, RPCANCEL_OP_AWAIT};
    for (unsigned i = 0; i < sizeof kinds; i++) {
        struct rpcancel_operation operation = {.kind = kinds[i]};
        assert_int_equal(rpcancel_judge(&set, &observer, operation, rpcancel_answer_code(1722)).decided, 0);
    }
}

/* A cell is found for every operation, and what it says is what the text of the table says. */
static void cells_are_read_as_written(void **state)
{
    (void)state;
    struct rpcancel_observer observer;
    struct rpcancel_situation situation;
    rpcancel_tables_init();
    rpcancel_observer_reset(&observer);
    rpcancel_situate(&situation, &observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_STATUS});
    const struct rpcancel_cell *cell = rpcancel_cell_find(&situation, RPCANCEL_PROFILE_DOCUMENTED);
    assert_int_equal(cell->mark, RPCANCEL_MARK_DOCUMENTED);
    assert_true(rpcancel_cell_allows(cell, rpcancel_answer_code(1914)));
    assert_false(rpcancel_cell_allows(cell, rpcancel_answer_code(1702)));
    cell = rpcancel_cell_find(&situation, RPCANCEL_PROFILE_WINDOWS);
    assert_int_equal(cell->mark, RPCANCEL_MARK_OBSERVED);
    assert_true(rpcancel_cell_allows(cell, rpcancel_answer_code(1702)));

    rpcancel_situate(&situation, &observer, (struct rpcancel_operation){.kind = RPCANCEL_OP_INIT_BAD_MEMORY});
    cell = rpcancel_cell_find(&situation, RPCANCEL_PROFILE_DOCUMENTED);
    assert_true(rpcancel_cell_allows(cell, rpcancel_answer_exception(0xC0000005u)));
    assert_true(rpcancel_cell_allows(cell, rpcancel_answer_code(1914)));
    assert_false(rpcancel_cell_allows(cell, rpcancel_answer_code(0)));
}

static void every_cell_is_written(void **state)
{
    (void)state;
    for (unsigned t = 0; t < rpcancel_table_count(); t++) {
        const struct rpcancel_table *table = rpcancel_table_at(t);
        for (unsigned i = 0; i < table->rows * table->columns; i++)
            assert_non_null(table->cells[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_whole),
        cmocka_unit_test(rules_name_statements_that_are_rules),
        cmocka_unit_test(every_statement_ends_somewhere),
        cmocka_unit_test(all_statements_are_there),
        cmocka_unit_test(a_violation_is_reported_by_the_rule_itself),
        cmocka_unit_test(a_set_holds_the_rules_of_its_profile_and_levels),
        cmocka_unit_test(profiles_have_names),
        cmocka_unit_test(a_call_issued_after_the_loss_is_not_judged),
        cmocka_unit_test(cells_are_read_as_written),
        cmocka_unit_test(every_cell_is_written),
    };
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
