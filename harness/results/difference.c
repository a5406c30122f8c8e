// SPDX-License-Identifier: Apache-2.0
#include "results/difference.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const char *one, const char *other)
{
    return strcmp(one, other) == 0;
}

static bool is_same_side(const struct rpcancel_change_side *one, const struct rpcancel_change_side *other)
{
    if (!one->word || !other->word)
        return one->word == other->word;
    return is_same(one->word, other->word) && is_same(one->text, other->text);
}

static void add(struct rpcancel_differences *differences, const struct rpcancel_difference *difference)
{
    if (is_same_side(&difference->old, &difference->new) || differences->exhausted)
        return;
    if (differences->count == differences->capacity) {
        size_t capacity = differences->capacity ? 2 * differences->capacity : 32;
        void *grown = realloc(differences->list, capacity * sizeof *difference);
        differences->exhausted = !grown;
        if (!grown)
            return;
        differences->list = grown;
        differences->capacity = capacity;
    }
    differences->list[differences->count++] = *difference;
    differences->counts[difference->change]++;
}

/* ---- what is comparable ---- */

static bool are_like(const struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    return is_same(old->profile, new->profile) && is_same(old->catalogue, new->catalogue) && old->strict == new->strict;
}

const char *rpcancel_differences_caution(const struct rpcancel_differences *differences, unsigned index)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    const struct {
        bool applies;
        const char *text;
    } cautions[] = {
        {!is_same(old->name, new->name), "the runtimes are different ones"},
        {!is_same(old->profile, new->profile),
         "the profiles differ: only rules that both have in force can be compared"},
        {!is_same(old->catalogue, new->catalogue),
         "the catalogues differ: sequences of one name may not be the same, and rules may be decided elsewhere"},
        {old->strict != new->strict, "one of them is strict, so rules of some levels count in that one only"},
        {old->kind == RPCANCEL_RESULT_CHECK && (!old->complete || !new->complete),
         "a check that is not complete says nothing of what it did not get to"},
        {old->sequence_count != new->sequence_count, "one has more sequences: rules that only these decide are SKIP "
                                                     "in the other"},
        {!is_same(old->version, new->version), "two versions of rpcancel may judge differently"},
    };
    for (unsigned i = 0; i < sizeof cautions / sizeof cautions[0]; i++) {
        if (cautions[i].applies && index-- == 0)
            return cautions[i].text;
    }
    return NULL;
}

/* ---- rules and sequences ---- */

static struct rpcancel_change_side side_of(enum rpcancel_verdict_word verdict, const char *message)
{
    return (struct rpcancel_change_side){rpcancel_verdict_text(verdict), message};
}

/* What a verdict has become; either is NULL where the result has no such rule or sequence. */
static enum rpcancel_change weigh(const enum rpcancel_verdict_word *old, const enum rpcancel_verdict_word *new)
{
    bool held = old && *old == RPCANCEL_VERDICT_PASS, holds = new &&*new == RPCANCEL_VERDICT_PASS;
    if (new &&rpcancel_result_is_lost(*new) && !(old && rpcancel_result_is_lost(*old)))
        return RPCANCEL_CHANGE_WORSE;
    if (!old || !new || held == holds)
        return RPCANCEL_CHANGE_OTHER;
    return held ? RPCANCEL_CHANGE_WORSE : RPCANCEL_CHANGE_BETTER;
}

/* The rule |id|, as one result, or both, have it. */
static void compare_rule(struct rpcancel_differences *differences, const char *id,
                         const struct rpcancel_result_rule *old, const struct rpcancel_result_rule *new)
{
    struct rpcancel_difference difference = {
        .subject = RPCANCEL_CHANGE_OF_RULE,
        .id = id,
        .change = weigh(old ? &old->found : NULL, new ? &new->found : NULL),
    };
    bool was_passed_over = new &&new->found == RPCANCEL_VERDICT_SKIP &&
                           differences->new->sequence_count < differences->old->sequence_count;
    if (was_passed_over)
        difference.change = RPCANCEL_CHANGE_OTHER;
    if (old)
        difference.old = side_of(old->verdict, old->message);
    if (new)
        difference.new = side_of(new->verdict, new->message);
    add(differences, &difference);
}

static void compare_rules(struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    for (size_t i = 0, k = 0; i < old->rule_count || k < new->rule_count;) {
        int order = i == old->rule_count   ? 1
                    : k == new->rule_count ? -1
                                           : rpcancel_result_compare_rules(&old->rules[i], &new->rules[k]);
        const char *id = order <= 0 ? old->rules[i].id : new->rules[k].id;
        const struct rpcancel_result_rule *one = order <= 0 ? &old->rules[i++] : NULL;
        const struct rpcancel_result_rule *other = order >= 0 ? &new->rules[k++] : NULL;
        compare_rule(differences, id, one, other);
    }
}

static void compare_sequence(struct rpcancel_differences *differences, const struct rpcancel_result_sequence *old,
                             const struct rpcancel_result_sequence *new)
{
    struct rpcancel_difference difference = {
        .subject = RPCANCEL_CHANGE_OF_SEQUENCE,
        .id = old ? old->id : new->id,
        .change = weigh(old ? &old->found : NULL, new ? &new->found : NULL),
    };
    if (!are_like(differences) && !(new &&rpcancel_result_is_lost(new->found)))
        difference.change = RPCANCEL_CHANGE_OTHER;
    if (old)
        difference.old = side_of(old->verdict, old->message);
    if (new)
        difference.new = side_of(new->verdict, new->message);
    add(differences, &difference);
}

static void compare_sequences(struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    for (size_t i = 0; i < old->sequence_count; i++)
        compare_sequence(differences, &old->sequences[i], rpcancel_result_sequence(new, old->sequences[i].id));
    for (size_t i = 0; i < new->sequence_count; i++) {
        if (!rpcancel_result_sequence(old, new->sequences[i].id))
            compare_sequence(differences, NULL, &new->sequences[i]);
    }
}

/* ---- capabilities and facts ---- */

static bool is_missing(const struct rpcancel_result_capability *capability)
{
    return is_same(capability->word, "unimplemented") || is_same(capability->word, "partly");
}

static void compare_capability(struct rpcancel_differences *differences, const struct rpcancel_result_capability *old,
                               const struct rpcancel_result_capability *new)
{
    struct rpcancel_difference difference = {
        .subject = RPCANCEL_CHANGE_OF_CAPABILITY,
        .id = old ? old->operation : new->operation,
        .change = RPCANCEL_CHANGE_OTHER,
        .old = {old ? old->word : NULL, ""},
        .new = {new ? new->word : NULL, ""},
    };
    if (old && new &&is_missing(old) != is_missing(new))
        difference.change = is_missing(new) ? RPCANCEL_CHANGE_WORSE : RPCANCEL_CHANGE_BETTER;
    add(differences, &difference);
}

static void compare_capabilities(struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    for (size_t i = 0; i < old->capability_count; i++)
        compare_capability(differences, &old->capabilities[i],
                           rpcancel_result_capability(new, old->capabilities[i].operation));
    for (size_t i = 0; i < new->capability_count; i++) {
        if (!rpcancel_result_capability(old, new->capabilities[i].operation))
            compare_capability(differences, NULL, &new->capabilities[i]);
    }
}

static void compare_fact(struct rpcancel_differences *differences, const char *id, const char *old, const char *new)
{
    const struct rpcancel_difference difference = {.subject = RPCANCEL_CHANGE_OF_FACT,
                                                   .id = id,
                                                   .change = RPCANCEL_CHANGE_OTHER,
                                                   .old = {old, ""},
                                                   .new = {new, ""}};
    add(differences, &difference);
}

static void compare_answer(struct rpcancel_differences *differences, const char *id, bool old, bool new,
                           enum rpcancel_change no_more)
{
    const struct rpcancel_difference difference = {.subject = RPCANCEL_CHANGE_OF_FACT,
                                                   .id = id,
                                                   .change = old ? no_more : RPCANCEL_CHANGE_OTHER,
                                                   .old = {old ? "yes" : "no", ""},
                                                   .new = {new ? "yes" : "no", ""}};
    add(differences, &difference);
}

static void compare_facts(struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    compare_fact(differences, "runtime", old->name, new->name);
    compare_fact(differences, "runtime version", old->runtime_version, new->runtime_version);
    compare_fact(differences, "how it was run", old->how, new->how);
    compare_fact(differences, "profile", old->profile, new->profile);
    compare_fact(differences, "rpcancel version", old->version, new->version);
    if (old->kind == RPCANCEL_RESULT_SURVEY)
        return;
    compare_fact(differences, "options", old->options, new->options);
    compare_fact(differences, "catalogue", old->catalogue, new->catalogue);
    compare_answer(differences, "strict", old->strict, new->strict, RPCANCEL_CHANGE_OTHER);
    compare_answer(differences, "complete", old->complete, new->complete, RPCANCEL_CHANGE_WORSE);
    compare_answer(differences, "conformant", old->conformant, new->conformant, RPCANCEL_CHANGE_OTHER);
}

/* ---- surveys ---- */

static bool was_lost(const struct rpcancel_result_question *question)
{
    return question && (is_same(question->end, "crashed") || is_same(question->end, "hung"));
}

static void compare_question(struct rpcancel_differences *differences, const struct rpcancel_result_question *old,
                             const struct rpcancel_result_question *new)
{
    const struct rpcancel_difference difference = {
        .subject = RPCANCEL_CHANGE_OF_QUESTION,
        .id = old ? old->id : new->id,
        .change = was_lost(new) && !was_lost(old) ? RPCANCEL_CHANGE_WORSE : RPCANCEL_CHANGE_OTHER,
        .old = {old ? old->end : NULL, old ? old->said : ""},
        .new = {new ? new->end : NULL, new ? new->said : ""},
    };
    add(differences, &difference);
}

static void compare_questions(struct rpcancel_differences *differences)
{
    const struct rpcancel_saved_result *old = differences->old, *new = differences->new;
    for (size_t i = 0; i < old->question_count; i++)
        compare_question(differences, &old->questions[i], rpcancel_result_question(new, old->questions[i].id));
    for (size_t i = 0; i < new->question_count; i++) {
        if (!rpcancel_result_question(old, new->questions[i].id))
            compare_question(differences, NULL, &new->questions[i]);
    }
}

/* ---- all ---- */

/* Behind what is worse the others, in the order in which they were found. */
static bool put_in_order(struct rpcancel_differences *differences)
{
    struct rpcancel_difference *sorted = calloc(differences->count + 1, sizeof *sorted);
    size_t count = 0;
    if (!sorted)
        return false;
    for (unsigned change = 0; change < RPCANCEL_CHANGES; change++) {
        for (size_t i = 0; i < differences->count; i++) {
            if (differences->list[i].change == change)
                sorted[count++] = differences->list[i];
        }
    }
    free(differences->list);
    differences->list = sorted;
    differences->capacity = count + 1;
    return true;
}

bool rpcancel_differences_find(struct rpcancel_differences *differences, const struct rpcancel_saved_result *old,
                               const struct rpcancel_saved_result *new)
{
    *differences = (struct rpcancel_differences){.old = old, .new = new};
    compare_rules(differences);
    compare_sequences(differences);
    compare_capabilities(differences);
    compare_questions(differences);
    compare_facts(differences);
    return !differences->exhausted && put_in_order(differences);
}

void rpcancel_differences_free(struct rpcancel_differences *differences)
{
    free(differences->list);
    *differences = (struct rpcancel_differences){0};
}
