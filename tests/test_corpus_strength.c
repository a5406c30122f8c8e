// SPDX-License-Identifier: Apache-2.0
/* What the corpus is worth: each file decides its rule, mutants die of it, and no right runtime does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "corpus_files.h"
#include "engine/check.h"
#include "mutants/mutants.h"

enum { SEEDS = 8 };

static struct rpcancel_check check;

/* Runs the catalogue, or the one file and rule that |filters| name, and leaves the verdicts in |check|, until
 * forget_check. */
static void run_check(const struct rpcancel_runtime_options *options, enum rpcancel_profile profile,
                      const char *const *filters, unsigned filter_count)
{
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    const struct rpcancel_check_options check_options = {
        .profile = profile, .strict = true, .filters = filters, .filter_count = filter_count};
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(options, failure);
    assert_non_null(runtime);
    if (rpcancel_check_prepare(&check, rpcancel_catalogue, rpcancel_catalogue_count, &check_options) !=
        RPCANCEL_CHECK_PREPARED)
        fail_msg("%s", check.failure);
    rpcancel_check_run(&check, runtime);
}

static void forget_check(void)
{
    check.runtime->functions->close(check.runtime);
    rpcancel_check_free(&check);
}

static struct rpcancel_runtime_options options_for(enum rpcancel_profile profile, const char *mutant)
{
    return (struct rpcancel_runtime_options){.windows_profile = profile == RPCANCEL_PROFILE_WINDOWS, .mutant = mutant};
}

/* ---- every file decides its rule ---- */

/* Whether the file |entry| by itself shows that the reference keeps |rule|, and that no stub would. */
static bool shows_rule(const struct rpcancel_catalogue_entry *entry, const struct rpcancel_rule *rule,
                       enum rpcancel_profile profile)
{
    const char *const filters[] = {entry->name, rule->id};
    struct rpcancel_runtime_options options = options_for(profile, NULL);
    run_check(&options, profile, filters, 2);
    assert_int_equal(check.chosen_count, 1);
    assert_int_equal(check.rule_count, 1);
    bool shows = check.rules[0].verdict == RPCANCEL_VERDICT_PASS && check.rules[0].checked > 0;
    if (!shows)
        print_error("%s under %s: %s %s\n", entry->name, rpcancel_profile_name(profile),
                    rpcancel_verdict_text(check.rules[0].verdict), check.rules[0].message);
    forget_check();
    return shows;
}

static void every_file_decides_its_rule_and_gives_the_contrast(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        int index = corpus_rule_of(&rpcancel_catalogue[i]);
        if (index < 0)
            continue;
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)index);
        for (unsigned n = 0; n < RPCANCEL_PROFILES; n++) {
            if (rule->profiles >> n & 1u)
                failures += !shows_rule(&rpcancel_catalogue[i], rule, (enum rpcancel_profile)n);
        }
    }
    assert_int_equal(failures, 0);
}

/* ---- right and wrong runtimes ---- */

/* No sequence fails, no answer is unexpected. The reference decides every rule besides, where delivery is controlled. A
 * variant may answer so that a rule does not apply (a late cancel that is refused changes nothing that could be
 * judged), and under hidden delivery RPC_S_OK leaves open whether a cancel was still on its way. */
static void expect_no_objection_once(const struct rpcancel_runtime_options *options, enum rpcancel_profile profile)
{
    run_check(options, profile, NULL, 0);
    for (size_t i = 0; i < check.sequence_count; i++) {
        const struct rpcancel_check_sequence *sequence = &check.sequences[i];
        if (sequence->verdict != RPCANCEL_VERDICT_PASS || sequence->unexpected > 0)
            fail_msg("%s, %s, %s: %s %s, %zu unexpected answers", options->mutant ? options->mutant : "reference",
                     rpcancel_profile_name(profile), sequence->name, rpcancel_verdict_text(sequence->verdict),
                     sequence->message, sequence->unexpected);
    }
    for (size_t i = 0; i < check.rule_count; i++) {
        enum rpcancel_verdict_word verdict = check.rules[i].verdict;
        bool may_skip = options->mutant || options->hide_delivery;
        if (verdict != RPCANCEL_VERDICT_PASS && !(may_skip && verdict == RPCANCEL_VERDICT_SKIP))
            fail_msg("%s, %s: %s %s", options->mutant ? options->mutant : "reference", rpcancel_profile_name(profile),
                     rpcancel_rule_at(check.rules[i].index)->id, rpcancel_verdict_text(verdict));
    }
    forget_check();
}

/* Delivery controlled, then hidden in several ways. */
static void expect_no_objection(const char *mutant, enum rpcancel_profile profile)
{
    struct rpcancel_runtime_options options = options_for(profile, mutant);
    expect_no_objection_once(&options, profile);
    options.hide_delivery = true;
    for (options.seed = 1; options.seed <= SEEDS; options.seed++)
        expect_no_objection_once(&options, profile);
}

static void reference_passes(void **state)
{
    (void)state;
    for (unsigned n = 0; n < RPCANCEL_PROFILES; n++)
        expect_no_objection(NULL, (enum rpcancel_profile)n);
}

static void variants_live(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_variant_count; i++) {
        expect_no_objection(rpcancel_variants[i].name, RPCANCEL_PROFILE_DOCUMENTED);
        if (rpcancel_variants[i].profile != RPCANCEL_PROFILE_DOCUMENTED)
            expect_no_objection(rpcancel_variants[i].name, rpcancel_variants[i].profile);
    }
}

static bool is_killed(const char *mutant, enum rpcancel_profile profile)
{
    bool killed = false;
    struct rpcancel_runtime_options options = options_for(profile, mutant);
    run_check(&options, profile, NULL, 0);
    for (size_t i = 0; i < check.rule_count; i++)
        killed |= check.rules[i].verdict == RPCANCEL_VERDICT_FAIL && check.rules[i].has_failure;
    assert_true(!killed || rpcancel_check_conclude(&check) == RPCANCEL_NOT_CONFORMANT);
    forget_check();
    return killed;
}

static void mutants_die(void **state)
{
    (void)state;
    unsigned survivors = 0;
    for (unsigned i = 0; i < rpcancel_defect_count; i++) {
        if (is_killed(rpcancel_defects[i].name, rpcancel_defects[i].profile))
            continue;
        print_error("%s survives the corpus\n", rpcancel_defects[i].name);
        survivors++;
    }
    assert_int_equal(survivors, 0);
}

/* ---- nothing stands in a file that cannot happen ---- */

static bool all_happened(const char *name, const struct rpcancel_run *run)
{
    bool all = true;
    for (size_t i = 0; i < run->step_count; i++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        if (rpcancel_answer_happened(run->steps[i].answer))
            continue;
        rpcancel_operation_print(run->steps[i].operation, text, sizeof text);
        print_error("%s:%u: `%s` cannot happen there, or the documents forbid it\n", name, run->steps[i].line, text);
        all = false;
    }
    return all;
}

static void every_operation_happens(void **state)
{
    (void)state;
    const struct rpcancel_runtime_options options = {.seed = 0};
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    struct rpcancel_runtime *runtime = rpcancel_runtime_open_reference(&options, failure);
    assert_non_null(runtime);
    static struct rpcancel_rule_set rules;
    rpcancel_rule_set_init(&rules, RPCANCEL_PROFILE_DOCUMENTED, ~0u);
    struct rpcancel_run run = {.rules = &rules};
    unsigned failures = 0;
    for (size_t i = 0; i < rpcancel_catalogue_count; i++) {
        struct rpcancel_sequence sequence = corpus_read(&rpcancel_catalogue[i]);
        assert_int_equal(rpcancel_run_sequence(&run, runtime, &sequence), RPCANCEL_RUN_OK);
        failures += !all_happened(rpcancel_catalogue[i].name, &run);
        rpcancel_sequence_free(&sequence);
    }
    rpcancel_run_free(&run);
    runtime->functions->close(runtime);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_decides_its_rule_and_gives_the_contrast),
        cmocka_unit_test(every_operation_happens),
        cmocka_unit_test(reference_passes),
        cmocka_unit_test(variants_live),
        cmocka_unit_test(mutants_die),
    };
    return cmocka_run_group_tests_name("corpus_strength", tests, NULL, NULL);
}
