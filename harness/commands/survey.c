// SPDX-License-Identifier: Apache-2.0
/* rpcancel survey: what a runtime does where documents are silent. */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "commands/result_file.h"
#include "results/survey_text.h"

static const char *const name = "survey";

enum { OTHERS_MAX = 16 };

static const char help[] =
    "Usage: rpcancel survey [OPTION…] [FILTER…]\n\n"
    "Asks a runtime what the documents leave open or contradict each other on, and says what each answer\n"
    "would mean. Nothing is judged. FILTER chooses questions by name; * and ? stand for any characters.\n"
    "docs/survey.md explains it.\n\n" RPCANCEL_RUNTIME_HELP
    "  --beside FILE      show what another survey found, as --json has written it, beside; can be\n"
    "                     given several times\n"
    "  --undefined        ask as well what the documents call undefined or forbid: the runtime may crash\n"
    "  --list             the questions, without asking\n"
    "  --json FILE        also as JSON (docs/survey.schema.json); - is standard output\n\n"
    "The last line is `survey: N questions, N answered, N not`.\n"
    "Exit codes: 0 asked · 4 the runtime crashed or hung at a question · 2 usage · 3 trouble, interrupted.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    struct rpcancel_runtime_choice choice;
    const char *json;
    bool undefined, list;
    size_t other_count;
    const char *other_paths[OTHERS_MAX];
    struct rpcancel_saved_result others[OTHERS_MAX];
    size_t count;
    struct rpcancel_question *questions;
    struct rpcancel_survey_reply *replies;
};

/* ---- questions ---- */

static bool is_chosen(const struct request *request, const struct rpcancel_question *question, char *const *filters,
                      int filter_count)
{
    bool is_meant = filter_count == 0;
    for (int i = 0; i < filter_count; i++)
        is_meant |= fnmatch(filters[i], question->id, 0) == 0;
    return is_meant && question->subject == rpcancel_runtime_subject(request->choice.how) &&
           (request->undefined || !question->is_undefined);
}

/* Fills request->questions with those that are chosen. False: said why. */
static bool choose(struct request *request, char *const *filters, int filter_count)
{
    request->questions = calloc(rpcancel_survey_catalogue_count + 1, sizeof *request->questions);
    request->replies = calloc(rpcancel_survey_catalogue_count + 1, sizeof *request->replies);
    if (!request->questions || !request->replies) {
        rpcancel_say(name, "out of memory");
        return false;
    }
    for (size_t i = 0; i < rpcancel_survey_catalogue_count; i++) {
        struct rpcancel_question *question = &request->questions[request->count];
        char failure[RPCANCEL_ERROR_TEXT_MAX];
        if (!rpcancel_question_read(question, &rpcancel_survey_catalogue[i], failure)) {
            rpcancel_question_free(question);
            rpcancel_say(name, "%s", failure);
            return false;
        }
        if (is_chosen(request, question, filters, filter_count))
            request->count++;
        else
            rpcancel_question_free(question);
    }
    return true;
}

static bool read_others(struct request *request)
{
    for (size_t i = 0; i < request->other_count; i++) {
        if (!rpcancel_result_load(name, request->other_paths[i], &request->others[i]))
            return false;
        if (request->others[i].kind != RPCANCEL_RESULT_SURVEY) {
            rpcancel_say(name, "%s: found a result of `rpcancel check`, expected one of `rpcancel survey`",
                         request->other_paths[i]);
            return false;
        }
    }
    return true;
}

/* ---- asking ---- */

/* Asks all of them. Returns how many were; fewer when Ctrl-C came. */
static size_t ask(struct request *request, struct rpcancel_runtime *runtime, enum rpcancel_exit_code *code)
{
    struct rpcancel_run run = {0};
    size_t asked = 0;
    while (asked < request->count && !*rpcancel_interrupted()) {
        struct rpcancel_survey_reply *reply = &request->replies[asked];
        rpcancel_survey_ask(&request->questions[asked], runtime, &run, reply);
        if (reply->end == RPCANCEL_RUN_BROKEN && *rpcancel_interrupted())
            break;
        asked++;
        if (reply->end == RPCANCEL_RUN_CRASHED || reply->end == RPCANCEL_RUN_HUNG)
            *code = rpcancel_exit_stronger(*code, RPCANCEL_EXIT_RUNTIME);
        else if (reply->end == RPCANCEL_RUN_BROKEN)
            *code = rpcancel_exit_stronger(*code, RPCANCEL_EXIT_TROUBLE);
    }
    rpcancel_run_free(&run);
    return asked;
}

static enum rpcancel_exit_code write_json(const struct request *request, const struct rpcancel_survey *survey)
{
    struct rpcancel_output output;
    if (!rpcancel_output_begin(name, request->json, &output))
        return RPCANCEL_EXIT_TROUBLE;
    return rpcancel_output_end(name, request->json, &output, rpcancel_survey_json(survey, output.file));
}

static int open_and_ask(struct request *request)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&request->choice, name, &code);
    if (!runtime)
        return (int)code;
    struct rpcancel_survey survey = {.how = request->choice.how,
                                     .name = runtime->name,
                                     .version = runtime->version,
                                     .profile = rpcancel_runtime_choice_profile(&request->choice),
                                     .questions = request->questions,
                                     .replies = request->replies};
    survey.count = ask(request, runtime, &code);
    bool json_is_out = rpcancel_output_is_standard(request->json);
    rpcancel_survey_print(&survey, request->others, request->other_count, json_is_out ? stderr : stdout);
    if (request->json)
        code = rpcancel_exit_stronger(code, write_json(request, &survey));
    if (survey.count < request->count) {
        rpcancel_say(name, "interrupted after %zu of %zu questions", survey.count, request->count);
        code = rpcancel_exit_stronger(code, RPCANCEL_EXIT_TROUBLE);
    }
    return (int)rpcancel_exit_stronger(code, rpcancel_runtime_choice_close(runtime, name));
}

/* ---- the command ---- */

static void list(const struct request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        const struct rpcancel_question *question = &request->questions[i];
        printf("%s  %s  %s\n", question->id, question->about, question->text);
    }
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    switch (option) {
    case 'j':
        request->json = value;
        return rpcancel_output_is_possible(name, value);
    case 'u':
        return request->undefined = true;
    case 'l':
        return request->list = true;
    case 'b':
        if (request->other_count == OTHERS_MAX) {
            rpcancel_say(name, "--beside: more than %d files", OTHERS_MAX);
            return false;
        }
        request->other_paths[request->other_count++] = value;
        return true;
    default:
        return rpcancel_runtime_choice_take(&request->choice, name, option, value);
    }
}

static int survey(struct request *request, char *const *filters, int filter_count)
{
    if (!choose(request, filters, filter_count) || !read_others(request))
        return RPCANCEL_EXIT_TROUBLE;
    if (request->count == 0)
        return rpcancel_usage(name, "no question for this runtime is called so; --list shows them");
    if (!request->list)
        return open_and_ask(request);
    list(request);
    return RPCANCEL_EXIT_CONFORMANT;
}

int rpcancel_command_survey(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"beside", required_argument, NULL, 'b'},
                                            {"undefined", no_argument, NULL, 'u'},
                                            {"list", no_argument, NULL, 'l'},
                                            {"json", required_argument, NULL, 'j'},
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {.count = 0};
    rpcancel_runtime_choice_init(&request.choice);
    int code = rpcancel_options_read(&command_line, argc, argv, &request);
    if (code >= 0)
        return code;
    const struct rpcancel_named_output output = {"--json", request.json};
    if (!rpcancel_outputs_spare(name, &output, 1, request.other_paths, request.other_count) ||
        !rpcancel_runtime_choice_is_spared(&request.choice, name, &output, 1))
        return RPCANCEL_EXIT_USAGE;
    code = survey(&request, argv + optind, argc - optind);
    for (size_t i = 0; i < request.count; i++)
        rpcancel_question_free(&request.questions[i]);
    for (size_t i = 0; i < request.other_count; i++)
        rpcancel_result_free(&request.others[i]);
    free(request.questions);
    free(request.replies);
    return code;
}
