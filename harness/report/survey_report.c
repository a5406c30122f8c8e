// SPDX-License-Identifier: Apache-2.0
#include "report/survey_report.h"

#include "report/json_print.h"

bool rpcancel_survey_is_answered(const struct rpcancel_survey_reply *reply)
{
    return reply->is_reached && reply->end == RPCANCEL_RUN_OK;
}

const char *rpcancel_survey_end(const struct rpcancel_survey_reply *reply)
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
    cJSON_AddStringToObject(object, "end", rpcancel_survey_end(reply));
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
