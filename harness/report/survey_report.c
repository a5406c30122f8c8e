// SPDX-License-Identifier: Apache-2.0
#include "report/survey_report.h"

#include <stdlib.h>
#include <string.h>

#include "report/json_print.h"

struct rpcancel_survey_file {
    cJSON *root;
};

bool rpcancel_survey_is_answered(const struct rpcancel_survey_reply *reply)
{
    return reply->is_reached && reply->end == RPCANCEL_RUN_OK;
}

static const char *end_word(const struct rpcancel_survey_reply *reply)
{
    static const char *const words[] = {
        [RPCANCEL_RUN_OK] = "answered",
        [RPCANCEL_RUN_VIOLATED] = "answered",
        [RPCANCEL_RUN_UNIMPLEMENTED] = "unimplemented",
        [RPCANCEL_RUN_CRASHED] = "crashed",
        [RPCANCEL_RUN_HUNG] = "hung",
        [RPCANCEL_RUN_BROKEN] = "trouble",
    };
    if (reply->end == RPCANCEL_RUN_OK && !reply->is_reached)
        return "not reached";
    return words[reply->end];
}

/* ---- JSON ---- */

static cJSON *answer_object(const struct rpcancel_question *question, const struct rpcancel_survey_answer *answer)
{
    char meaning[RPCANCEL_MEANINGS_MAX];
    cJSON *object = cJSON_CreateObject();
    rpcancel_question_meaning(question, answer->said, meaning, sizeof meaning);
    cJSON_AddStringToObject(object, "asked", answer->asked);
    rpcancel_json_add_text(object, "answer", answer->said);
    cJSON_AddStringToObject(object, "meaning", meaning);
    return object;
}

static cJSON *question_object(const struct rpcancel_question *question, const struct rpcancel_survey_reply *reply)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "id", question->id);
    cJSON_AddStringToObject(object, "about", question->about);
    cJSON_AddStringToObject(object, "question", question->text);
    cJSON_AddStringToObject(object, "end", end_word(reply));
    rpcancel_json_add_text(object, "detail", reply->detail);
    cJSON *answers = cJSON_AddArrayToObject(object, "answers");
    for (unsigned i = 0; i < reply->count; i++)
        cJSON_AddItemToArray(answers, answer_object(question, &reply->answers[i]));
    return object;
}

bool rpcancel_survey_json(const struct rpcancel_survey *survey, FILE *out)
{
    cJSON *root = rpcancel_json_root();
    rpcancel_json_add_runtime(root, survey->how, survey->name, survey->version);
    cJSON_AddStringToObject(root, "profile", survey->profile);
    cJSON *questions = cJSON_AddArrayToObject(root, "questions");
    for (size_t i = 0; i < survey->count; i++)
        cJSON_AddItemToArray(questions, question_object(&survey->questions[i], &survey->replies[i]));
    return rpcancel_json_print(root, out);
}

static const char *text_of(const cJSON *object, const char *member)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, member));
    return text ? text : "";
}

struct rpcancel_survey_file *rpcancel_survey_file_read(const char *text, size_t length,
                                                       char failure[RPCANCEL_ERROR_TEXT_MAX])
{
    struct rpcancel_survey_file *file = calloc(1, sizeof *file);
    if (file)
        file->root = cJSON_ParseWithLength(text, length);
    if (file && file->root && strcmp(text_of(file->root, "tool"), "rpcancel") == 0 &&
        cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(file->root, "questions")))
        return file;
    snprintf(failure, RPCANCEL_ERROR_TEXT_MAX, "%s",
             file ? "expected JSON that `rpcancel survey --json` has written" : "out of memory");
    rpcancel_survey_file_free(file);
    return NULL;
}

void rpcancel_survey_file_free(struct rpcancel_survey_file *file)
{
    if (file)
        cJSON_Delete(file->root);
    free(file);
}

static const cJSON *find_question(const cJSON *root, const char *id)
{
    const cJSON *question;
    cJSON_ArrayForEach(question, cJSON_GetObjectItemCaseSensitive(root, "questions"))
    {
        if (strcmp(text_of(question, "id"), id) == 0)
            return question;
    }
    return NULL;
}

/* ---- for people ---- */

static void print_runtime(FILE *out, const char *name, const char *version, const char *profile)
{
    fprintf(out, "    %s%s%s, %s\n", name, version[0] ? " " : "", version, profile);
}

/* What question_object makes, now or when a file was written. */
static void print_replies(const cJSON *question, FILE *out)
{
    const cJSON *answer;
    cJSON_ArrayForEach(answer, cJSON_GetObjectItemCaseSensitive(question, "answers"))
    {
        const char *meaning = text_of(answer, "meaning");
        fprintf(out, "        %-24s %s%s%s\n", text_of(answer, "asked"), text_of(answer, "answer"),
                meaning[0] ? " - " : "", meaning);
    }
    if (strcmp(text_of(question, "end"), "answered") != 0)
        fprintf(out, "        %s: %s\n", text_of(question, "end"), text_of(question, "detail"));
}

static void print_other(const struct rpcancel_survey_file *other, const char *id, FILE *out)
{
    const cJSON *runtime = cJSON_GetObjectItemCaseSensitive(other->root, "runtime");
    const cJSON *question = find_question(other->root, id);
    if (!question)
        return;
    print_runtime(out, text_of(runtime, "name"), text_of(runtime, "version"), text_of(other->root, "profile"));
    print_replies(question, out);
}

void rpcancel_survey_print(const struct rpcancel_survey *survey, struct rpcancel_survey_file *const *others,
                           size_t count, FILE *out)
{
    size_t answered = 0;
    for (size_t i = 0; i < survey->count; i++) {
        const struct rpcancel_question *question = &survey->questions[i];
        answered += rpcancel_survey_is_answered(&survey->replies[i]);
        fprintf(out, "%s  %s\n    %s\n", question->id, question->about, question->text);
        print_runtime(out, survey->name, survey->version, survey->profile);
        cJSON *own = question_object(question, &survey->replies[i]);
        print_replies(own, out);
        cJSON_Delete(own);
        for (size_t k = 0; k < count; k++)
            print_other(others[k], question->id, out);
    }
    fprintf(out, "survey: %zu questions, %zu answered, %zu not\n", survey->count, answered, survey->count - answered);
}
