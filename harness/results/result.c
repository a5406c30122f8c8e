// SPDX-License-Identifier: Apache-2.0
#include "results/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/text_stream.h"
#include "rules/rules.h"

bool rpcancel_result_is_lost(enum rpcancel_verdict_word found)
{
    return found == RPCANCEL_VERDICT_CRASH || found == RPCANCEL_VERDICT_HANG;
}

bool rpcancel_result_is_broken(enum rpcancel_verdict_word found)
{
    return rpcancel_result_is_lost(found) || found == RPCANCEL_VERDICT_FAIL || found == RPCANCEL_VERDICT_NONSTRICT ||
           found == RPCANCEL_VERDICT_XFAIL;
}

/* ---- order ---- */

int rpcancel_result_compare_rules(const void *one, const void *other)
{
    const struct rpcancel_result_rule *a = one, *b = other;
    /* -1 becomes the largest. */
    unsigned first = (unsigned)a->index, second = (unsigned)b->index;
    if (first != second)
        return first < second ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* Of all other lists: the first member is the name. */
static int compare_names(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

_Static_assert(offsetof(struct rpcancel_result_sequence, id) == 0, "compare_names");
_Static_assert(offsetof(struct rpcancel_result_question, id) == 0, "compare_names");
_Static_assert(offsetof(struct rpcancel_result_capability, operation) == 0, "compare_names");

const struct rpcancel_result_rule *rpcancel_result_rule(const struct rpcancel_saved_result *result, const char *id)
{
    const struct rpcancel_result_rule key = {.id = id, .index = rpcancel_rule_find(id)};
    return result->rule_count
               ? bsearch(&key, result->rules, result->rule_count, sizeof key, rpcancel_result_compare_rules)
               : NULL;
}

static const void *find(const char *id, const void *list, size_t count, size_t size)
{
    return count ? bsearch(&id, list, count, size, compare_names) : NULL;
}

const struct rpcancel_result_sequence *rpcancel_result_sequence(const struct rpcancel_saved_result *result,
                                                                const char *id)
{
    return find(id, result->sequences, result->sequence_count, sizeof *result->sequences);
}

const struct rpcancel_result_question *rpcancel_result_question(const struct rpcancel_saved_result *result,
                                                                const char *id)
{
    return find(id, result->questions, result->question_count, sizeof *result->questions);
}

const struct rpcancel_result_capability *rpcancel_result_capability(const struct rpcancel_saved_result *result,
                                                                    const char *operation)
{
    return find(operation, result->capabilities, result->capability_count, sizeof *result->capabilities);
}

/* ---- reading ---- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static enum rpcancel_verdict_word read_verdict(struct rpcancel_json_reader *reader, const cJSON *object,
                                               const char *name)
{
    enum rpcancel_verdict_word verdict = RPCANCEL_VERDICT_PASS;
    const char *word = rpcancel_json_text(reader, object, name);
    if (!rpcancel_verdict_from_text(word, strlen(word), &verdict)) {
        char text[RPCANCEL_JSON_FAILURE_MAX];
        snprintf(text, sizeof text, "\"%.20s\" to be a verdict such as FAIL, found \"%.40s\"", name, word);
        rpcancel_json_fail(reader, text);
    }
    return verdict;
}

/* Without the list. Results that do not say it tell a FAIL by its answer. */
static enum rpcancel_verdict_word read_found(struct rpcancel_json_reader *reader, const cJSON *object,
                                             enum rpcancel_verdict_word verdict, const char *got)
{
    if (cJSON_GetObjectItemCaseSensitive(object, "found"))
        return read_verdict(reader, object, "found");
    if (verdict == RPCANCEL_VERDICT_XPASS)
        return RPCANCEL_VERDICT_PASS;
    return verdict == RPCANCEL_VERDICT_XFAIL && got[0] ? RPCANCEL_VERDICT_FAIL : verdict;
}

/* Allocates for the items of |array| and begins to read it; NULL: it is empty, or memory is exhausted, and said so. */
static void *begin(struct rpcancel_json_reader *reader, const cJSON *items, const char *name, size_t size)
{
    size_t count = items ? (size_t)cJSON_GetArraySize(items) : 0;
    void *list = count ? calloc(count, size) : NULL;
    if (count && !list) {
        reader->array = NULL;
        rpcancel_json_fail(reader, "more memory");
    }
    reader->array = name;
    reader->index = 0;
    return list;
}

_Static_assert(RPCANCEL_RESULT_RULES_MAX == 1024, "read_rules says so");

/* Ends it: puts it in order, and finds what is there twice. */
static void end(struct rpcancel_json_reader *reader, void *list, size_t count, size_t size,
                int (*compare)(const void *, const void *), const char *name)
{
    reader->array = NULL;
    if (!count || reader->failed)
        return;
    qsort(list, count, size, compare);
    for (size_t i = 1; i < count; i++) {
        char text[RPCANCEL_JSON_FAILURE_MAX], *item = (char *)list + i * size;
        if (compare(item - size, item) != 0)
            continue;
        /* The name is the first member of all of them. */
        snprintf(text, sizeof text, "\"%s\" to name each once, found %.80s twice", name, *(const char *const *)item);
        rpcancel_json_fail(reader, text);
    }
}

_Static_assert(offsetof(struct rpcancel_result_rule, id) == 0, "end");

static void read_rule(struct rpcancel_json_reader *reader, const cJSON *item, struct rpcancel_result_rule *rule)
{
    *rule = (struct rpcancel_result_rule){
        .id = rpcancel_json_text(reader, item, "id"),
        .level = rpcancel_json_text(reader, item, "level"),
        .function = rpcancel_json_text(reader, item, "function"),
        .message = rpcancel_json_text(reader, item, "message"),
        .verdict = read_verdict(reader, item, "verdict"),
        .checked = rpcancel_json_count(reader, item, "checked"),
        .listed = rpcancel_json_flag(reader, item, "listed"),
        .reason = or_empty(rpcancel_json_text_if(reader, item, "reason")),
        .sequence = rpcancel_json_text_if(reader, item, "sequence"),
        .got = or_empty(rpcancel_json_text_if(reader, item, "got")),
        .want = or_empty(rpcancel_json_text_if(reader, item, "want")),
        .found_in = or_empty(rpcancel_json_text_if(reader, item, "found_in")),
    };
    rule->found = read_found(reader, item, rule->verdict, rule->got);
    if (cJSON_GetObjectItemCaseSensitive(item, "shown")) {
        rule->shown = rpcancel_json_count(reader, item, "shown");
        rule->attempts = rpcancel_json_count(reader, item, "attempts");
    }
    rule->index = rpcancel_rule_find(rule->id);
}

static void read_rules(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    const cJSON *item, *items = rpcancel_json_array(reader, result->root, "rules");
    if (items && cJSON_GetArraySize(items) > RPCANCEL_RESULT_RULES_MAX) {
        rpcancel_json_fail(reader, "at most 1024 rules");
        return;
    }
    result->rules = begin(reader, items, "rules", sizeof *result->rules);
    cJSON_ArrayForEach(item, items)
    {
        if (!result->rules || reader->failed)
            break;
        read_rule(reader, item, &result->rules[result->rule_count++]);
        reader->index++;
    }
    end(reader, result->rules, result->rule_count, sizeof *result->rules, rpcancel_result_compare_rules, "rules");
}

/* Results that do not say whether a rule is blamed: one is when it names the sequence. */
static bool is_blamed(const struct rpcancel_saved_result *result, const char *id)
{
    for (size_t i = 0; i < result->rule_count; i++) {
        if (strcmp(result->rules[i].found_in, id) == 0 && result->rules[i].got[0] == '\0')
            return true;
    }
    return false;
}

static void read_sequence(struct rpcancel_json_reader *reader, const cJSON *item,
                          const struct rpcancel_saved_result *result, struct rpcancel_result_sequence *sequence)
{
    *sequence = (struct rpcancel_result_sequence){
        .id = rpcancel_json_text(reader, item, "id"),
        .message = rpcancel_json_text(reader, item, "message"),
        .verdict = read_verdict(reader, item, "verdict"),
        .listed = rpcancel_json_flag(reader, item, "listed"),
        .reason = or_empty(rpcancel_json_text_if(reader, item, "reason")),
    };
    sequence->found = read_found(reader, item, sequence->verdict, "");
    if (cJSON_GetObjectItemCaseSensitive(item, "attributed"))
        sequence->attributed = rpcancel_json_flag(reader, item, "attributed");
    else if (rpcancel_result_is_lost(sequence->found))
        sequence->attributed = is_blamed(result, sequence->id);
}

static void read_sequences(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    const cJSON *item, *items = rpcancel_json_array(reader, result->root, "sequences");
    result->sequences = begin(reader, items, "sequences", sizeof *result->sequences);
    cJSON_ArrayForEach(item, items)
    {
        if (!result->sequences || reader->failed)
            break;
        read_sequence(reader, item, result, &result->sequences[result->sequence_count++]);
        reader->index++;
    }
    end(reader, result->sequences, result->sequence_count, sizeof *result->sequences, compare_names, "sequences");
}

static void read_capabilities(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    const cJSON *item, *items = rpcancel_json_object(reader, result->root, "capabilities");
    result->capabilities = begin(reader, items, "capabilities", sizeof *result->capabilities);
    cJSON_ArrayForEach(item, items)
    {
        if (!result->capabilities)
            break;
        if (!cJSON_IsString(item))
            rpcancel_json_fail(reader, "a string");
        else
            result->capabilities[result->capability_count++] =
                (struct rpcancel_result_capability){item->string, item->valuestring};
        reader->index++;
    }
    end(reader, result->capabilities, result->capability_count, sizeof *result->capabilities, compare_names,
        "capabilities");
}

static void read_summary(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    const cJSON *summary = rpcancel_json_object(reader, result->root, "summary");
    for (unsigned i = 0; summary && i < RPCANCEL_VERDICT_WORDS; i++)
        result->counts[i] = rpcancel_json_count(reader, summary, rpcancel_verdict_text((enum rpcancel_verdict_word)i));
    if (summary)
        result->unspecified = rpcancel_json_count(reader, summary, "UNSPECIFIED");
}

static void read_check(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    result->kind = RPCANCEL_RESULT_CHECK;
    result->started = rpcancel_json_text(reader, result->root, "started");
    result->catalogue = rpcancel_json_text(reader, result->root, "catalogue");
    result->options = or_empty(rpcancel_json_text_if(reader, result->root, "options"));
    result->strict = rpcancel_json_flag(reader, result->root, "strict");
    result->complete = rpcancel_json_flag(reader, result->root, "complete");
    result->conformant = rpcancel_json_flag(reader, result->root, "conformant");
    result->operations = rpcancel_json_count(reader, result->root, "operations");
    read_summary(reader, result);
    read_capabilities(reader, result);
    read_rules(reader, result);
    read_sequences(reader, result);
    const cJSON *stale = rpcancel_json_array(reader, result->root, "stale");
    result->stale = stale ? (uint64_t)cJSON_GetArraySize(stale) : 0;
}

/* ---- surveys ---- */

/* Returns all answers in one line; NULL: memory is exhausted. */
static char *read_answers(struct rpcancel_json_reader *reader, const cJSON *item,
                          struct rpcancel_result_question *question)
{
    const cJSON *answer, *answers = rpcancel_json_array(reader, item, "answers");
    struct rpcancel_text_stream stream;
    const char *separator = "";
    question->answers = calloc((size_t)cJSON_GetArraySize(answers) + 1, sizeof *question->answers);
    if (!question->answers || !rpcancel_text_stream_begin(&stream))
        return NULL;
    cJSON_ArrayForEach(answer, answers)
    {
        const struct rpcancel_result_answer given = {
            .asked = rpcancel_json_text(reader, answer, "asked"),
            .answer = rpcancel_json_text(reader, answer, "answer"),
            .meaning = rpcancel_json_text(reader, answer, "meaning"),
        };
        fprintf(stream.out, "%s%s: %s%s%s%s", separator, given.asked, given.answer, given.meaning[0] ? " (" : "",
                given.meaning, given.meaning[0] ? ")" : "");
        separator = "; ";
        question->answers[question->answer_count++] = given;
    }
    if (!question->is_answered)
        fprintf(stream.out, "%s%s%s%s", separator, question->end, question->detail[0] ? ": " : "", question->detail);
    return rpcancel_text_stream_end(&stream);
}

static void read_question(struct rpcancel_json_reader *reader, const cJSON *item,
                          struct rpcancel_result_question *question)
{
    *question = (struct rpcancel_result_question){
        .id = rpcancel_json_text(reader, item, "id"),
        .about = rpcancel_json_text(reader, item, "about"),
        .text = rpcancel_json_text(reader, item, "question"),
        .end = rpcancel_json_text(reader, item, "end"),
        .detail = rpcancel_json_text(reader, item, "detail"),
    };
    question->is_answered = strcmp(question->end, "answered") == 0;
    question->said = read_answers(reader, item, question);
    if (!question->said)
        rpcancel_json_fail(reader, "more memory");
}

static void read_survey(struct rpcancel_json_reader *reader, struct rpcancel_saved_result *result)
{
    const cJSON *item, *items = rpcancel_json_array(reader, result->root, "questions");
    result->kind = RPCANCEL_RESULT_SURVEY;
    result->started = result->catalogue = result->options = "";
    result->questions = begin(reader, items, "questions", sizeof *result->questions);
    cJSON_ArrayForEach(item, items)
    {
        if (!result->questions || reader->failed)
            break;
        read_question(reader, item, &result->questions[result->question_count++]);
        reader->index++;
    }
    end(reader, result->questions, result->question_count, sizeof *result->questions, compare_names, "questions");
}

bool rpcancel_result_read(struct rpcancel_saved_result *result, const char *text, size_t length,
                          struct rpcancel_json_failure *failure)
{
    struct rpcancel_json_reader reader = {.failure = failure};
    result->root = rpcancel_json_parse(text, length, failure);
    if (!result->root)
        return false;
    const cJSON *tool = cJSON_GetObjectItemCaseSensitive(result->root, "tool");
    bool is_survey = cJSON_HasObjectItem(result->root, "questions");
    bool is_check = cJSON_HasObjectItem(result->root, "rules") && cJSON_HasObjectItem(result->root, "summary");
    if (!cJSON_IsString(tool) || strcmp(tool->valuestring, "rpcancel") != 0 || is_survey == is_check)
        rpcancel_json_fail(&reader, "a result of `rpcancel check --json` or `rpcancel survey --json`");
    result->version = rpcancel_json_text(&reader, result->root, "version");
    result->profile = rpcancel_json_text(&reader, result->root, "profile");
    const cJSON *runtime = rpcancel_json_object(&reader, result->root, "runtime");
    result->how = rpcancel_json_text(&reader, runtime, "how");
    result->name = rpcancel_json_text(&reader, runtime, "name");
    result->runtime_version = rpcancel_json_text(&reader, runtime, "version");
    if (!reader.failed)
        (is_survey ? read_survey : read_check)(&reader, result);
    return !reader.failed;
}

void rpcancel_result_free(struct rpcancel_saved_result *result)
{
    for (size_t i = 0; i < result->question_count; i++) {
        free(result->questions[i].answers);
        free(result->questions[i].said);
    }
    free(result->questions);
    free(result->capabilities);
    free(result->rules);
    free(result->sequences);
    cJSON_Delete(result->root);
    *result = (struct rpcancel_saved_result){0};
}
