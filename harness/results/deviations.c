// SPDX-License-Identifier: Apache-2.0
#include "results/deviations.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const char *one, const char *other)
{
    return strcmp(one, other) == 0;
}

/* Makes place for one more behind the |count| of |list|; NULL: memory is exhausted. */
static void *extend(struct rpcancel_deviations *deviations, void **list, size_t count, size_t size)
{
    if (count % 32 == 0) {
        void *grown = realloc(*list, (count + 32) * size);
        deviations->exhausted |= !grown;
        if (!grown)
            return NULL;
        *list = grown;
    }
    return (char *)*list + count * size;
}

/* ---- deviations ---- */

/* Which of the first |count| the deviation is, were it there already: by rule, or by sequence. */
static struct rpcancel_deviation *find(struct rpcancel_deviations *deviations, size_t count,
                                       const struct rpcancel_column *column, const struct rpcancel_result_rule *rule,
                                       const struct rpcancel_result_sequence *sequence)
{
    for (size_t i = 0; i < count; i++) {
        struct rpcancel_deviation *at = &deviations->list[i];
        if (!is_same(at->column->label, column->label) || !rule != !at->rule)
            continue;
        if (rule ? is_same(at->rule->id, rule->id) : is_same(at->sequence->id, sequence->id))
            return at;
    }
    return NULL;
}

/* Silence may be the fault of a machine that is slow, where what is wrong with an answer is the runtime's. */
static bool hung_now_and_then(const struct rpcancel_result_rule *rule)
{
    return rule->found == RPCANCEL_VERDICT_HANG && rule->shown < rule->attempts;
}

static bool shows_better(const struct rpcancel_result_rule *rule, const struct rpcancel_result_rule *than)
{
    if (hung_now_and_then(rule) != hung_now_and_then(than))
        return hung_now_and_then(than) && rule->found != RPCANCEL_VERDICT_NONSTRICT;
    if (than->found == RPCANCEL_VERDICT_NONSTRICT)
        return rule->found != RPCANCEL_VERDICT_NONSTRICT;
    return rule->found != RPCANCEL_VERDICT_NONSTRICT && rule->sequence && !than->sequence;
}

/* Adds a deviation that |column| shows, unless it is one of the first |known|, which others show. */
static void add(struct rpcancel_deviations *deviations, size_t known, const struct rpcancel_column *column,
                const struct rpcancel_result_rule *rule, const struct rpcancel_result_sequence *sequence)
{
    struct rpcancel_deviation *at = find(deviations, known, column, rule, sequence);
    bool is_new = !at;
    if (is_new) {
        at = extend(deviations, (void **)&deviations->list, deviations->count, sizeof *at);
        if (!at)
            return;
        *at = (struct rpcancel_deviation){.column = column, .rule = rule, .sequence = sequence};
        deviations->count++;
    } else if (rule && shows_better(rule, at->rule)) {
        at->rule = rule;
        at->column = column;
    }
    at->shown_by |= (uint64_t)1 << (column - deviations->columns->list);
    at->counting = RPCANCEL_COUNTS;
    if (at->rule && at->rule->found == RPCANCEL_VERDICT_NONSTRICT)
        at->counting = RPCANCEL_COUNTS_NOT_BINDING;
    else if (at->rule && hung_now_and_then(at->rule))
        at->counting = RPCANCEL_COUNTS_NOW_AND_THEN;
}

/* What the rule is about crashed or hung before the rule could be decided. */
static bool was_never_decided(const struct rpcancel_result_rule *rule)
{
    return rpcancel_result_is_lost(rule->found) && !rule->sequence;
}

static void add_column(struct rpcancel_deviations *deviations, const struct rpcancel_column *column)
{
    const struct rpcancel_saved_result *result = &column->result;
    const size_t known = deviations->count; /* no result names anything twice */
    for (size_t i = 0; i < result->rule_count; i++) {
        if (rpcancel_result_is_broken(result->rules[i].found) && !was_never_decided(&result->rules[i]))
            add(deviations, known, column, &result->rules[i], NULL);
    }
    for (size_t i = 0; i < result->sequence_count; i++) {
        const struct rpcancel_result_sequence *sequence = &result->sequences[i];
        bool is_lost = rpcancel_result_is_lost(sequence->found) || sequence->found == RPCANCEL_VERDICT_XFAIL;
        if (is_lost && !sequence->attributed)
            add(deviations, known, column, NULL, sequence);
    }
}

/* ---- what does not count by itself ---- */

/* Tells whether nothing that the runtime did with |function| tells it from one that always answers |got|. */
static bool is_stub(const struct rpcancel_deviations *deviations, const char *label, const char *function,
                    const char *got)
{
    for (size_t i = 0; i < deviations->columns->count; i++) {
        const struct rpcancel_column *column = &deviations->columns->list[i];
        for (size_t k = 0; rpcancel_column_is(column, RPCANCEL_RESULT_CHECK, label) && k < column->result.rule_count;
             k++) {
            const struct rpcancel_result_rule *rule = &column->result.rules[k];
            if (!is_same(rule->function, function))
                continue;
            if (rule->found == RPCANCEL_VERDICT_PASS)
                return false;
            if (rpcancel_result_is_broken(rule->found) && !is_same(rule->got, got))
                return false;
        }
    }
    return true;
}

/* Whether |at| may be a part of another deviation, or another a part of it. */
static bool is_binding(const struct rpcancel_deviation *at)
{
    return at->rule && at->counting != RPCANCEL_COUNTS_NOT_BINDING && at->counting != RPCANCEL_COUNTS_NOW_AND_THEN;
}

/* Whether the sequence of |later| begins with all of that of |first|, and goes on. */
static bool extends(const struct rpcancel_deviation *first, const struct rpcancel_deviation *later)
{
    const char *one = first->rule->sequence, *other = later->rule->sequence;
    if (!one || !other || !is_same(first->column->label, later->column->label))
        return false;
    size_t length = strlen(one);
    return strncmp(one, other, length) == 0 && other[length];
}

/* Finds the shortest that |later| extends, which extends none itself. */
static void find_shorter(const struct rpcancel_deviations *deviations, struct rpcancel_deviation *later)
{
    for (size_t i = 0; i < deviations->count; i++) {
        const struct rpcancel_deviation *first = &deviations->list[i];
        if (!is_binding(first) || !extends(first, later))
            continue;
        if (later->counting == RPCANCEL_COUNTS_WITH_SHORTER && !extends(first, &deviations->list[later->with]))
            continue;
        later->counting = RPCANCEL_COUNTS_WITH_SHORTER;
        later->with = i;
    }
}

/* Finds the deviation that shows already that the function of |later| is a stub. */
static void find_stub(const struct rpcancel_deviations *deviations, struct rpcancel_deviation *later)
{
    const struct rpcancel_deviation *first = deviations->list;
    while (first < later &&
           !(first->rule && first->counting == RPCANCEL_COUNTS && is_same(first->column->label, later->column->label) &&
             is_same(first->rule->function, later->rule->function)))
        first++;
    if (first == later || !is_stub(deviations, later->column->label, later->rule->function, later->rule->got))
        return;
    later->counting = RPCANCEL_COUNTS_WITH_STUB;
    later->with = (size_t)(first - deviations->list);
}

/* What extends another is found first, and stubs among what is left: each part leads then, by what it is part of, to
 * one that counts. By turns, two might each be part of the other, and neither would count. */
static void find_parts(struct rpcancel_deviations *deviations)
{
    for (size_t i = 0; i < deviations->count; i++) {
        if (is_binding(&deviations->list[i]))
            find_shorter(deviations, &deviations->list[i]);
    }
    for (size_t i = 0; i < deviations->count; i++) {
        struct rpcancel_deviation *later = &deviations->list[i];
        if (later->rule && later->counting == RPCANCEL_COUNTS && later->column->subject == RPCANCEL_SUBJECT_API &&
            later->rule->got[0])
            find_stub(deviations, later);
    }
}

/* ---- gaps ---- */

static bool is_gap(const struct rpcancel_result_rule *rule)
{
    enum rpcancel_verdict_word found = rule->found;
    return was_never_decided(rule) || found == RPCANCEL_VERDICT_VACUOUS || found == RPCANCEL_VERDICT_UNIMPLEMENTED ||
           found == RPCANCEL_VERDICT_SKIP || found == RPCANCEL_VERDICT_HARNESS_ERROR;
}

bool rpcancel_gap_has(const struct rpcancel_gap *gap, const struct rpcancel_result_rule *rule)
{
    const char *why = rule->found == RPCANCEL_VERDICT_VACUOUS ? rule->function : rule->message;
    return rule->found == gap->verdict && is_gap(rule) && is_same(why, gap->why);
}

/* Whether an earlier profile of the same runtime says the same of |rule|. */
static bool was_seen(const struct rpcancel_deviations *deviations, const struct rpcancel_column *column,
                     const struct rpcancel_gap *gap, const char *id)
{
    for (const struct rpcancel_column *at = deviations->columns->list; at < column; at++) {
        const struct rpcancel_result_rule *rule = NULL;
        if (rpcancel_column_is(at, RPCANCEL_RESULT_CHECK, column->label))
            rule = rpcancel_result_rule(&at->result, id);
        if (rule && rpcancel_gap_has(gap, rule))
            return true;
    }
    return false;
}

static void add_gap(struct rpcancel_deviations *deviations, const struct rpcancel_column *column,
                    const struct rpcancel_result_rule *rule)
{
    for (size_t i = 0; i < deviations->gap_count; i++) {
        struct rpcancel_gap *gap = &deviations->gaps[i];
        if (!is_same(gap->label, column->label) || !rpcancel_gap_has(gap, rule))
            continue;
        gap->rule_count += !was_seen(deviations, column, gap, rule->id);
        return;
    }
    struct rpcancel_gap *gap = extend(deviations, (void **)&deviations->gaps, deviations->gap_count, sizeof *gap);
    if (!gap)
        return;
    *gap = (struct rpcancel_gap){
        .label = column->label,
        .verdict = rule->found,
        .why = rule->found == RPCANCEL_VERDICT_VACUOUS ? rule->function : rule->message,
        .rule_count = 1,
    };
    deviations->gap_count++;
}

static void add_gaps(struct rpcancel_deviations *deviations, const struct rpcancel_column *column,
                     enum rpcancel_verdict_word verdict)
{
    for (size_t i = 0; i < column->result.rule_count; i++) {
        const struct rpcancel_result_rule *rule = &column->result.rules[i];
        if (rule->found == verdict && is_gap(rule))
            add_gap(deviations, column, rule);
    }
}

/* ---- all ---- */

static void find_of(struct rpcancel_deviations *deviations, const char *label)
{
    const struct rpcancel_columns *columns = deviations->columns;
    for (size_t i = 0; i < columns->count; i++) {
        if (rpcancel_column_is(&columns->list[i], RPCANCEL_RESULT_CHECK, label))
            add_column(deviations, &columns->list[i]);
    }
    for (unsigned verdict = 0; verdict < RPCANCEL_VERDICT_WORDS; verdict++) {
        for (size_t i = 0; i < columns->count; i++) {
            if (rpcancel_column_is(&columns->list[i], RPCANCEL_RESULT_CHECK, label))
                add_gaps(deviations, &columns->list[i], (enum rpcancel_verdict_word)verdict);
        }
    }
}

bool rpcancel_deviations_find(struct rpcancel_deviations *deviations, const struct rpcancel_columns *columns)
{
    const char *label;
    *deviations = (struct rpcancel_deviations){.columns = columns};
    for (size_t i = 0; (label = rpcancel_columns_label(columns, i)); i++)
        find_of(deviations, label);
    find_parts(deviations);
    return !deviations->exhausted;
}

void rpcancel_deviations_free(struct rpcancel_deviations *deviations)
{
    free(deviations->list);
    free(deviations->gaps);
    *deviations = (struct rpcancel_deviations){0};
}

/* Whether an earlier deviation that counts is shown by the same sequence. */
static bool has_sequence_before(const struct rpcancel_deviations *deviations, size_t index)
{
    const struct rpcancel_deviation *at = &deviations->list[index];
    for (size_t i = 0; i < index; i++) {
        const struct rpcancel_deviation *before = &deviations->list[i];
        if (before->counting == RPCANCEL_COUNTS && before->rule && before->rule->sequence &&
            is_same(before->column->label, at->column->label) && is_same(before->rule->sequence, at->rule->sequence))
            return true;
    }
    return false;
}

/* How much of what is said of a rule that is UNIMPLEMENTED names the capability; 0: it names those of others, by which
 * the rule was not reached. */
static size_t capability_length(const char *why)
{
    const char *end = strstr(why, " is not implemented");
    if (strstr(why, " was not reached"))
        return 0;
    return end ? (size_t)(end - why) : strlen(why);
}

/* Whether the gap names a capability that none before it names. */
static bool is_missing(const struct rpcancel_deviations *deviations, const struct rpcancel_gap *gap)
{
    size_t length = capability_length(gap->why);
    if (gap->verdict != RPCANCEL_VERDICT_UNIMPLEMENTED || length == 0)
        return false;
    for (const struct rpcancel_gap *at = deviations->gaps; at < gap; at++) {
        if (at->verdict == gap->verdict && is_same(at->label, gap->label) && capability_length(at->why) == length &&
            strncmp(at->why, gap->why, length) == 0)
            return false;
    }
    return true;
}

struct rpcancel_deviation_counts rpcancel_deviations_count(const struct rpcancel_deviations *deviations,
                                                           const char *label)
{
    struct rpcancel_deviation_counts counts = {0};
    for (size_t i = 0; i < deviations->count; i++) {
        const struct rpcancel_deviation *at = &deviations->list[i];
        if (label && !is_same(at->column->label, label))
            continue;
        counts.not_binding += at->counting == RPCANCEL_COUNTS_NOT_BINDING;
        counts.now_and_then += at->counting == RPCANCEL_COUNTS_NOW_AND_THEN;
        counts.unblamed += !at->rule;
        if (!at->rule || at->counting != RPCANCEL_COUNTS)
            continue;
        counts.deviations++;
        counts.sequences += at->rule->sequence && !has_sequence_before(deviations, i);
    }
    for (size_t i = 0; i < deviations->gap_count; i++) {
        const struct rpcancel_gap *gap = &deviations->gaps[i];
        if (label && !is_same(gap->label, label))
            continue;
        counts.stubs += gap->verdict == RPCANCEL_VERDICT_VACUOUS;
        counts.missing += is_missing(deviations, gap);
    }
    return counts;
}
