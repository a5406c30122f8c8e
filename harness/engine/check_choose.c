// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
/* Choosing what a check runs and reports. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/alphabet.h"
#include "engine/check.h"

static bool matches(const char *filter, const char *name)
{
    size_t length = strlen(filter);
    if (strncmp(filter, name, length) == 0 && (name[length] == '/' || strcmp(name + length, ".seq") == 0))
        return true;
    return fnmatch(filter, name, 0) == 0;
}

static bool is_binding(const struct rpcancel_check *check, const struct rpcancel_rule *rule)
{
    return check->options.strict || !(RPCANCEL_LEVELS_LENIENT >> rule->level & 1);
}

const char *rpcancel_check_profile(const struct rpcancel_check *check)
{
    return check->options.subject != RPCANCEL_SUBJECT_API ? rpcancel_wire_profile_name(check->options.wire_profile)
                                                          : rpcancel_profile_name(check->options.profile);
}

static void init_rule_set(const struct rpcancel_check *check, struct rpcancel_rule_set *set, unsigned levels)
{
    if (check->options.subject != RPCANCEL_SUBJECT_API)
        rpcancel_rule_set_init_wire(set, check->options.wire_profile, check->options.subject, levels);
    else
        rpcancel_rule_set_init(set, check->options.profile, levels);
}

static void fill_rule_sets(struct rpcancel_check *check)
{
    const unsigned lenient = check->options.strict ? 0 : RPCANCEL_LEVELS_LENIENT;
    init_rule_set(check, &check->in_force, ~0u);
    init_rule_set(check, &check->binding, ~lenient);
    init_rule_set(check, &check->lenient, lenient);
}

static enum rpcancel_check_prepared complain(struct rpcancel_check *check, enum rpcancel_check_prepared why,
                                             const char *what, const char *name)
{
    snprintf(check->failure, sizeof check->failure, "%s%s%s", what, name ? ": " : "", name ? name : "");
    return why;
}

static enum rpcancel_check_prepared read_catalogue(struct rpcancel_check *check,
                                                   const struct rpcancel_catalogue_entry *catalogue, size_t count)
{
    check->sequences = calloc(count + 1, sizeof *check->sequences);
    if (!check->sequences)
        return complain(check, RPCANCEL_CHECK_UNREADABLE, "out of memory for the catalogue", NULL);
    if (count == 0)
        return complain(check, RPCANCEL_CHECK_UNREADABLE, "the catalogue has no sequences", NULL);
    for (size_t i = 0; i < count; i++) {
        struct rpcancel_check_sequence *sequence = &check->sequences[i];
        struct rpcancel_sequence_error error;
        sequence->name = catalogue[i].name;
        sequence->verdict = RPCANCEL_VERDICT_SKIP;
        check->sequence_count++;
        if (rpcancel_sequence_read_text(&sequence->sequence, catalogue[i].text, catalogue[i].length, &error))
            continue;
        snprintf(check->failure, sizeof check->failure, "%.120s:%u:%u: %.300s", catalogue[i].name, error.line,
                 error.column, error.expected);
        return RPCANCEL_CHECK_UNREADABLE;
    }
    return RPCANCEL_CHECK_PREPARED;
}

/* What one filter chooses. */
struct choice {
    size_t sequences, rules;
};

/* Nothing that is run could decide it. */
static bool is_left_out(const struct rpcancel_check *check, const struct rpcancel_rule *rule)
{
    return check->options.core && !(rule->operations & rpcancel_slice_operations(RPCANCEL_SLICE_CORE));
}

static struct choice apply_filter(struct rpcancel_check *check, const char *filter, bool chosen_rules[])
{
    struct choice choice = {0, 0};
    for (size_t i = 0; i < check->sequence_count; i++) {
        if (matches(filter, check->sequences[i].name)) {
            check->sequences[i].chosen = true;
            choice.sequences++;
        }
    }
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if (rpcancel_rule_set_has(&check->in_force, i) && !is_left_out(check, rule) && matches(filter, rule->id)) {
            chosen_rules[i] = true;
            choice.rules++;
        }
    }
    return choice;
}

static void choose_all_sequences(struct rpcancel_check *check)
{
    for (size_t i = 0; i < check->sequence_count; i++)
        check->sequences[i].chosen = true;
}

static enum rpcancel_check_prepared take_rules(struct rpcancel_check *check, const bool chosen[], bool all)
{
    check->rules = calloc(rpcancel_rule_all() + 1, sizeof *check->rules);
    if (!check->rules)
        return complain(check, RPCANCEL_CHECK_UNREADABLE, "out of memory for the rules", NULL);
    for (unsigned i = 0; i < rpcancel_rule_all(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        if (!rpcancel_rule_set_has(&check->in_force, i) || !(all || chosen[i]) || is_left_out(check, rule))
            continue;
        struct rpcancel_check_rule *row = &check->rules[check->rule_count++];
        row->index = i;
        row->binding = is_binding(check, rule);
        row->verdict = RPCANCEL_VERDICT_SKIP;
    }
    return RPCANCEL_CHECK_PREPARED;
}

enum rpcancel_check_prepared rpcancel_check_prepare(struct rpcancel_check *check,
                                                    const struct rpcancel_catalogue_entry *catalogue, size_t count,
                                                    const struct rpcancel_check_options *options)
{
    bool chosen_rules[RPCANCEL_RULES_MAX] = {false};
    struct choice all = {0, 0};
    *check = (struct rpcancel_check){.options = *options, .filtered = options->filter_count > 0};
    assert(rpcancel_rule_all() <= RPCANCEL_RULES_MAX);
    fill_rule_sets(check);
    enum rpcancel_check_prepared result = read_catalogue(check, catalogue, count);
    if (result != RPCANCEL_CHECK_PREPARED)
        return result;
    for (unsigned i = 0; i < options->filter_count; i++) {
        struct choice choice = apply_filter(check, options->filters[i], chosen_rules);
        if (choice.sequences + choice.rules == 0)
            return complain(check, RPCANCEL_CHECK_NOTHING_CHOSEN, "no sequence and no rule in force matches the filter",
                            options->filters[i]);
        all.sequences += choice.sequences;
        all.rules += choice.rules;
    }
    if (all.sequences == 0)
        choose_all_sequences(check);
    for (size_t i = 0; i < check->sequence_count; i++)
        check->chosen_count += check->sequences[i].chosen;
    return take_rules(check, chosen_rules, all.rules == 0);
}

void rpcancel_check_free(struct rpcancel_check *check)
{
    for (size_t i = 0; i < check->sequence_count; i++)
        rpcancel_sequence_free(&check->sequences[i].sequence);
    for (size_t i = 0; i < check->rule_count; i++)
        rpcancel_sequence_free(&check->rules[i].failure.sequence);
    free(check->sequences);
    free(check->rules);
    rpcancel_run_free(&check->run);
    *check = (struct rpcancel_check){0};
}
