// SPDX-License-Identifier: Apache-2.0
#include "results/survey_text.h"

#include <string.h>

#include "results/line_text.h"

static void print_runtime(const char *name, const char *version, const char *profile, FILE *out)
{
    fputs("    ", out);
    rpcancel_line_text(name, out);
    fputs(version[0] ? " " : "", out);
    rpcancel_line_text(version, out);
    fputs(", ", out);
    rpcancel_line_text(profile, out);
    fputc('\n', out);
}

static void print_answer(const char *asked, const char *answer, const char *meaning, FILE *out)
{
    const int beside = 24; /* columns for what was asked */
    size_t length = strlen(asked);
    fputs("        ", out);
    rpcancel_line_text(asked, out);
    fprintf(out, "%*s ", length < (size_t)beside ? beside - (int)length : 0, "");
    rpcancel_line_text(answer, out);
    fputs(meaning[0] ? " - " : "", out);
    rpcancel_line_text(meaning, out);
    fputc('\n', out);
}

static void print_end(const char *end, const char *detail, FILE *out)
{
    fputs("        ", out);
    rpcancel_line_text(end, out);
    fputs(": ", out);
    rpcancel_line_text(detail, out);
    fputc('\n', out);
}

static void print_reply(const struct rpcancel_question *question, const struct rpcancel_survey_reply *reply, FILE *out)
{
    for (unsigned i = 0; i < reply->count; i++) {
        char meaning[RPCANCEL_MEANINGS_MAX];
        rpcancel_question_meaning(question, reply->answers[i].said, meaning, sizeof meaning);
        print_answer(reply->answers[i].asked, reply->answers[i].said, meaning, out);
    }
    if (!rpcancel_survey_is_answered(reply))
        print_end(rpcancel_survey_end(reply), reply->detail, out);
}

static void print_other(const struct rpcancel_saved_result *other, const char *id, FILE *out)
{
    const struct rpcancel_result_question *question = rpcancel_result_question(other, id);
    if (!question)
        return;
    print_runtime(other->name, other->runtime_version, other->profile, out);
    for (size_t i = 0; i < question->answer_count; i++)
        print_answer(question->answers[i].asked, question->answers[i].answer, question->answers[i].meaning, out);
    if (!question->is_answered)
        print_end(question->end, question->detail, out);
}

void rpcancel_survey_print(const struct rpcancel_survey *survey, const struct rpcancel_saved_result *others,
                           size_t count, FILE *out)
{
    size_t answered = 0;
    for (size_t i = 0; i < survey->count; i++) {
        const struct rpcancel_question *question = &survey->questions[i];
        answered += rpcancel_survey_is_answered(&survey->replies[i]);
        fprintf(out, "%s  %s\n    %s\n", question->id, question->about, question->text);
        print_runtime(survey->name, survey->version, survey->profile, out);
        print_reply(question, &survey->replies[i], out);
        for (size_t k = 0; k < count; k++)
            print_other(&others[k], question->id, out);
    }
    fprintf(out, "survey: %zu questions, %zu answered, %zu not\n", survey->count, answered, survey->count - answered);
}
