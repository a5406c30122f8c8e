// SPDX-License-Identifier: Apache-2.0
/* Differences for people and as JSON. */
#include <inttypes.h>
#include <string.h>

#include "report/json_print.h"
#include "results/difference.h"
#include "results/line_text.h"

static const char *subject_word(enum rpcancel_change_subject subject)
{
    static const char *const words[] = {[RPCANCEL_CHANGE_OF_RULE] = "rule",
                                        [RPCANCEL_CHANGE_OF_SEQUENCE] = "sequence",
                                        [RPCANCEL_CHANGE_OF_CAPABILITY] = "capability",
                                        [RPCANCEL_CHANGE_OF_QUESTION] = "question",
                                        [RPCANCEL_CHANGE_OF_FACT] = "fact"};
    return words[subject];
}

static const char *change_word(enum rpcancel_change change)
{
    static const char *const words[] = {
        [RPCANCEL_CHANGE_WORSE] = "worse", [RPCANCEL_CHANGE_OTHER] = "changed", [RPCANCEL_CHANGE_BETTER] = "better"};
    return words[change];
}

/* ---- for people ---- */

static void print_source(const char *label, const char *name, const struct rpcancel_saved_result *result, FILE *out)
{
    fprintf(out, "%s  ", label);
    rpcancel_line_text(name, out);
    fputs(": ", out);
    rpcancel_line_text(result->name, out);
    if (result->runtime_version[0])
        fputc(' ', out);
    rpcancel_line_text(result->runtime_version, out);
    fputs(", profile ", out);
    rpcancel_line_text(result->profile, out);
    if (result->started[0])
        fputs(", ", out);
    rpcancel_line_text(result->started, out);
    fputc('\n', out);
}

static void print_side(const char *label, const struct rpcancel_change_side *side, FILE *out)
{
    fprintf(out, "    %s  ", label);
    rpcancel_line_text(side->word[0] ? side->word : "(nothing)", out);
    if (side->text[0])
        fputs(": ", out);
    rpcancel_line_text(side->text, out);
    fputc('\n', out);
}

static void print_difference(const struct rpcancel_difference *difference, FILE *out)
{
    const struct rpcancel_change_side *old = &difference->old, *new = &difference->new;
    fprintf(out, "  %s ", subject_word(difference->subject));
    rpcancel_line_text(difference->id, out);
    if (!old->word || !new->word) {
        fprintf(out, " is %s", old->word ? "gone; was " : "new: ");
        rpcancel_line_text(old->word ? old->word : new->word, out);
        if (new->word &&new->text[0])
            fputs(": ", out);
        rpcancel_line_text(new->word ? new->text : "", out);
        fputc('\n', out);
        return;
    }
    fputc('\n', out);
    print_side("old", old, out);
    print_side("new", new, out);
}

static void print_number(const char *what, uint64_t old, uint64_t new, FILE *out)
{
    if (old != new)
        fprintf(out, "  %-14s %" PRIu64 " -> %" PRIu64 "\n", what, old, new);
}

static bool have_same_counts(const struct rpcancel_saved_result *old, const struct rpcancel_saved_result *new)
{
    return memcmp(old->counts, new->counts, sizeof old->counts) == 0 && old->operations == new->operations &&
           old->unspecified == new->unspecified && old->stale == new->stale;
}

static void print_counts(const struct rpcancel_saved_result *old, const struct rpcancel_saved_result *new, FILE *out)
{
    if (have_same_counts(old, new))
        return;
    fprintf(out, "counts\n");
    for (unsigned i = 0; i < RPCANCEL_VERDICT_WORDS; i++)
        print_number(rpcancel_verdict_text((enum rpcancel_verdict_word)i), old->counts[i], new->counts[i], out);
    print_number("UNSPECIFIED", old->unspecified, new->unspecified, out);
    print_number("operations", old->operations, new->operations, out);
    print_number("stale entries", old->stale, new->stale, out);
}

void rpcancel_differences_print(const struct rpcancel_differences *differences, const char *old_name,
                                const char *new_name, FILE *out)
{
    const char *caution;
    print_source("old", old_name, differences->old, out);
    print_source("new", new_name, differences->new, out);
    for (unsigned i = 0; (caution = rpcancel_differences_caution(differences, i)); i++)
        fprintf(out, "comparable in part: %s\n", caution);
    for (size_t i = 0; i < differences->count; i++) {
        const struct rpcancel_difference *difference = &differences->list[i];
        if (i == 0 || difference->change != difference[-1].change)
            fprintf(out, "%s\n", change_word(difference->change));
        print_difference(difference, out);
    }
    print_counts(differences->old, differences->new, out);
    fprintf(out, "diff: %zu worse, %zu changed, %zu better\n", differences->counts[RPCANCEL_CHANGE_WORSE],
            differences->counts[RPCANCEL_CHANGE_OTHER], differences->counts[RPCANCEL_CHANGE_BETTER]);
}

/* ---- for programs ---- */

static void add_source(cJSON *root, const char *member, const char *name, const struct rpcancel_saved_result *result)
{
    cJSON *object = cJSON_AddObjectToObject(root, member);
    rpcancel_json_add_text(object, "file", name);
    cJSON_AddStringToObject(object, "version", result->version);
    rpcancel_json_add_runtime(object, result->how, result->name, result->runtime_version);
    cJSON_AddStringToObject(object, "profile", result->profile);
    cJSON_AddStringToObject(object, "catalogue", result->catalogue);
    cJSON_AddStringToObject(object, "started", result->started);
    cJSON *counts = cJSON_AddObjectToObject(object, "summary");
    for (unsigned i = 0; result->kind == RPCANCEL_RESULT_CHECK && i < RPCANCEL_VERDICT_WORDS; i++)
        cJSON_AddNumberToObject(counts, rpcancel_verdict_text((enum rpcancel_verdict_word)i),
                                (double)result->counts[i]);
}

static void add_side(cJSON *object, const char *member, const struct rpcancel_change_side *side)
{
    if (!side->word) {
        cJSON_AddNullToObject(object, member);
        return;
    }
    cJSON *part = cJSON_AddObjectToObject(object, member);
    cJSON_AddStringToObject(part, "is", side->word);
    cJSON_AddStringToObject(part, "message", side->text);
}

bool rpcancel_differences_json(const struct rpcancel_differences *differences, const char *old_name,
                               const char *new_name, FILE *out)
{
    const char *caution;
    cJSON *root = rpcancel_json_root(), *array;
    bool is_check = differences->old->kind == RPCANCEL_RESULT_CHECK;
    cJSON_AddStringToObject(root, "of", is_check ? "check" : "survey");
    add_source(root, "old", old_name, differences->old);
    add_source(root, "new", new_name, differences->new);
    array = cJSON_AddArrayToObject(root, "cautions");
    for (unsigned i = 0; (caution = rpcancel_differences_caution(differences, i)); i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(caution));
    for (unsigned i = 0; i < RPCANCEL_CHANGES; i++)
        cJSON_AddNumberToObject(root, change_word((enum rpcancel_change)i), (double)differences->counts[i]);
    array = cJSON_AddArrayToObject(root, "changes");
    for (size_t i = 0; i < differences->count; i++) {
        const struct rpcancel_difference *difference = &differences->list[i];
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "change", change_word(difference->change));
        cJSON_AddStringToObject(object, "subject", subject_word(difference->subject));
        cJSON_AddStringToObject(object, "id", difference->id);
        add_side(object, "old", &difference->old);
        add_side(object, "new", &difference->new);
        cJSON_AddItemToArray(array, object);
    }
    return rpcancel_json_print(root, out);
}
