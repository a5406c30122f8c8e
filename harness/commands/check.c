// SPDX-License-Identifier: Apache-2.0
/* rpcancel check: the catalogue on a runtime, with a verdict on every rule. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/check_outputs.h"
#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "report/output.h"
#include "report/report.h"
#include "suite/model.h"
#include "suite/text.h"

static const char *const name = "check";

static const char help[] =
    "Usage: rpcancel check [OPTION…] [FILTER…]\n\n"
    "Runs the catalogue of sequences on a runtime and gives every rule a verdict. Filters are globs, or\n"
    "the part of a name before a slash: those that match sequences say what is run, those that match\n"
    "rules say what is reported.\n\n" RPCANCEL_RUNTIME_HELP
    "  --strict           rules of the levels should and historical count as well, and so does a rule\n"
    "                     that no sequence decides\n"
    "  --suite            the complete suite of one call (docs/completeness.md) in place of the catalogue\n"
    "  --expect LIST      failures that are known (docs/expectations.md)\n"
    "  --fix              rewrite LIST to what was found\n"
    "  --json FILE        also report as JSON (docs/report.schema.json); - is standard output\n"
    "  --junit FILE       also report as JUnit XML\n"
    "  --sarif FILE       also report as SARIF 2.1.0 (all three: docs/reports.md)\n"
    "  --save FOLDER      write the shortest failing sequences there; those that crash somebody else's\n"
    "                     program to private-findings below it (docs/disclosure.md)\n"
    "  --list             only list what would be run and reported\n" RPCANCEL_BISECT_HELP;

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    struct rpcancel_runtime_choice choice;
    struct rpcancel_check_options options;
    const char *expect;
    struct rpcancel_check_outputs outputs;
    bool fix, list, suite, bisect;
    struct rpcancel_suite_texts texts; /* of the suite, if it is to be run */
};

/* ---- progress ---- */

struct progress {
    struct timespec last;
    bool shown;
};

static void show_progress(void *context, size_t done, size_t total)
{
    struct progress *progress = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - progress->last.tv_sec < 1)
        return;
    progress->last = now;
    progress->shown = true;
    fprintf(stderr, "\r%zu of %zu sequences", done, total);
}

static void end_progress(const struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
}

/* ---- the expectation list ---- */

static enum rpcancel_exit_code cannot_write(const char *path)
{
    rpcancel_say(name, "%s: %s", path, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

static bool parse_list(struct rpcancel_expect_list *list, const char *path, const char *text, size_t length)
{
    struct rpcancel_expect_error error;
    if (rpcancel_expect_read(list, text, length, &error))
        return true;
    rpcancel_say(name, "%s:%u:%u: %s", path, error.line, error.column, error.expected);
    return false;
}

static bool read_list(struct rpcancel_expect_list *list, const struct request *request)
{
    char *text;
    size_t length;
    if (!request->expect)
        return true;
    if (request->fix && access(request->expect, F_OK) != 0 && errno == ENOENT)
        return rpcancel_output_is_possible(name, request->expect); /* to be written for the first time */
    if (!rpcancel_file_read(name, request->expect, &text, &length))
        return false;
    bool read = parse_list(list, request->expect, text, length);
    free(text);
    return read;
}

/* Writes the list anew and replaces |list| by what was written. */
static enum rpcancel_exit_code fix_list(struct rpcancel_expect_list *list, const struct rpcancel_check *check,
                                        const char *path)
{
    char *text = NULL;
    size_t length = 0;
    struct rpcancel_output output;
    FILE *memory = open_memstream(&text, &length);
    if (!memory)
        return cannot_write(path);
    rpcancel_expect_fix(list, check, memory);
    if (fclose(memory) != 0 || !rpcancel_output_open(&output, path)) {
        free(text);
        return cannot_write(path);
    }
    fwrite(text, 1, length, output.file);
    enum rpcancel_exit_code code = rpcancel_output_commit(&output) ? RPCANCEL_EXIT_CONFORMANT : cannot_write(path);
    rpcancel_expect_free(list);
    if (!parse_list(list, path, text, length))
        code = RPCANCEL_EXIT_TROUBLE;
    free(text);
    return code;
}

/* ---- the check ---- */

static const struct rpcancel_catalogue_entry *catalogue_for(enum rpcancel_test_subject subject, size_t *count)
{
    switch (subject) {
    case RPCANCEL_SUBJECT_SERVER:
        *count = rpcancel_wire_catalogue_count;
        return rpcancel_wire_catalogue;
    case RPCANCEL_SUBJECT_CLIENT:
        *count = rpcancel_client_catalogue_count;
        return rpcancel_client_catalogue;
    default:
        *count = rpcancel_catalogue_count;
        return rpcancel_catalogue;
    }
}

static enum rpcancel_exit_code code_of(enum rpcancel_conformity conformity)
{
    static const enum rpcancel_exit_code codes[] = {
        [RPCANCEL_CONFORMANT] = RPCANCEL_EXIT_CONFORMANT,
        [RPCANCEL_NOT_CONFORMANT] = RPCANCEL_EXIT_FINDING,
        [RPCANCEL_RUNTIME_FAILED] = RPCANCEL_EXIT_RUNTIME,
        [RPCANCEL_HARNESS_FAILED] = RPCANCEL_EXIT_TROUBLE,
    };
    return codes[conformity];
}

/* When the check began, and how long it took. */
struct times {
    time_t started;
    double seconds;
};

static enum rpcancel_exit_code report(const struct request *request, struct rpcancel_check *check,
                                      struct rpcancel_expect_list *list, struct times times)
{
    char options[256];
    rpcancel_runtime_choice_write(&request->choice, options, sizeof options - sizeof " --strict --suite");
    if (request->options.strict)
        strcat(options, " --strict");
    if (request->suite)
        strcat(options, " --suite");
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (request->fix && check->complete)
        code = fix_list(list, check, request->expect);
    else if (request->fix)
        rpcancel_say(name, "%s: not rewritten, as the check is incomplete", request->expect);
    bool is_stale = request->expect && rpcancel_expect_apply(list, check) > 0;
    const enum rpcancel_exit_code conformity = code_of(rpcancel_check_conclude(check));
    code = rpcancel_exit_stronger(rpcancel_exit_stronger(code, conformity),
                                  is_stale ? RPCANCEL_EXIT_STALE : RPCANCEL_EXIT_CONFORMANT);
    const struct rpcancel_report report = {.check = check,
                                           .list = request->expect ? list : NULL,
                                           .list_path = request->expect,
                                           .how = request->choice.how,
                                           .options = options,
                                           .catalogue = request->suite ? request->texts.id : NULL,
                                           .seed = request->choice.options.seed,
                                           .started = times.started,
                                           .seconds = times.seconds,
                                           .exit_code = (int)code,
                                           .saved_in = request->outputs.save};
    if (conformity == RPCANCEL_EXIT_TROUBLE && !check->interrupted)
        rpcancel_suggest_doctor(name);
    if (request->bisect && code == RPCANCEL_EXIT_STALE)
        code = conformity; /* which would be hidden behind it */
    if (request->bisect && code == RPCANCEL_EXIT_FINDING && !rpcancel_check_shows_something(check))
        code = RPCANCEL_EXIT_TROUBLE; /* where nothing was decided this revision shows nothing */
    return rpcancel_exit_stronger(code, rpcancel_check_write(name, &report, &request->outputs));
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static enum rpcancel_exit_code run(const struct request *request, struct rpcancel_check *check)
{
    struct rpcancel_expect_list list = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!rpcancel_check_outputs_are_possible(name, &request->outputs) || !read_list(&list, request)) {
        rpcancel_expect_free(&list);
        return code;
    }
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&request->choice, name, &code);
    if (runtime) {
        struct progress progress = {.shown = false};
        struct times times = {.started = time(NULL)};
        clock_gettime(CLOCK_MONOTONIC, &progress.last);
        const struct timespec start = progress.last;
        check->options.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
        check->options.progress_context = &progress;
        rpcancel_check_run(check, runtime);
        end_progress(&progress);
        times.seconds = seconds_since(&start);
        code = report(request, check, &list, times);
        code = rpcancel_exit_stronger(code, rpcancel_runtime_choice_close(runtime, name));
    }
    rpcancel_expect_free(&list);
    return code;
}

static void print_sequence_line(const struct rpcancel_check_sequence *row)
{
    printf("sequence %s (%zu operation%s)\n", row->name, row->sequence.count, row->sequence.count == 1 ? "" : "s");
}

static void print_list(const struct rpcancel_check *check)
{
    for (size_t i = 0; i < check->sequence_count; i++) {
        if (check->sequences[i].chosen)
            print_sequence_line(&check->sequences[i]);
    }
    for (size_t i = 0; i < check->rule_count; i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(check->rules[i].index);
        printf("rule     %s (%s) %s\n", rule->id, rpcancel_level_name((enum rpcancel_level)rule->level), rule->text);
    }
    printf("%zu sequence%s, %zu rule%s\n", check->chosen_count, check->chosen_count == 1 ? "" : "s", check->rule_count,
           check->rule_count == 1 ? "" : "s");
}

/* The suite that stands in for the catalogue, for the profile in force. */
static bool make_suite(struct rpcancel_suite_texts *texts, enum rpcancel_profile profile)
{
    struct rpcancel_suite suite = {0};
    struct rpcancel_suite_model *model = rpcancel_suite_model_open(profile);
    bool made = model && rpcancel_suite_open(&suite) &&
                rpcancel_suite_make(&suite, &model->machine, &model->identifiers, 0) &&
                rpcancel_suite_texts_make(texts, &suite, &model->alphabet);
    rpcancel_suite_close(&suite);
    rpcancel_suite_model_close(model);
    return made;
}

static enum rpcancel_exit_code prepare_and_run(struct request *request,
                                               const struct rpcancel_catalogue_entry *catalogue, size_t count)
{
    static struct rpcancel_check check; /* large for a stack */
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    switch (rpcancel_check_prepare(&check, catalogue, count, &request->options)) {
    case RPCANCEL_CHECK_NOTHING_CHOSEN:
        code = (enum rpcancel_exit_code)rpcancel_usage(name, "%s", check.failure);
        break;
    case RPCANCEL_CHECK_UNREADABLE:
        rpcancel_say(name, "%s", check.failure);
        code = RPCANCEL_EXIT_TROUBLE;
        break;
    case RPCANCEL_CHECK_PREPARED:
        if (request->list)
            print_list(&check);
        else
            code = run(request, &check);
        break;
    }
    rpcancel_check_free(&check);
    return code;
}

static int choose_and_run(struct request *request)
{
    enum rpcancel_test_subject subject = rpcancel_runtime_subject(request->choice.how);
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    size_t count;
    const struct rpcancel_catalogue_entry *catalogue = catalogue_for(subject, &count);
    request->options.profile = request->choice.profile;
    request->options.subject = subject;
    request->options.wire_profile = request->choice.options.wire_profile;
    request->options.interrupted = rpcancel_interrupted();
    if (!request->suite)
        code = prepare_and_run(request, catalogue, count);
    else if (make_suite(&request->texts, request->choice.profile))
        code = prepare_and_run(request, request->texts.entries, request->texts.count);
    else
        rpcancel_say(name, "out of memory for the suite");
    rpcancel_suite_texts_free(&request->texts);
    return (int)code;
}

/* ---- the command line ---- */

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    switch (option) {
    case 's':
        request->options.strict = true;
        return true;
    case 'U':
        request->suite = request->options.core = true;
        return true;
    case 'e':
        request->expect = value;
        return true;
    case 'f':
        request->fix = true;
        return true;
    case 'j':
        request->outputs.json = value;
        return true;
    case 'u':
        request->outputs.junit = value;
        return true;
    case 'a':
        request->outputs.sarif = value;
        return true;
    case 'o':
        request->outputs.save = value;
        return true;
    case 'l':
        request->list = true;
        return true;
    case RPCANCEL_BISECT_OPTION:
        request->bisect = true;
        return true;
    default:
        return rpcancel_runtime_choice_take(&request->choice, name, option, value);
    }
}

/* The list is an output when it is mended; it must not be overwritten by a report in any case. */
static bool outputs_are_distinct(const struct request *request)
{
    bool is_read_from_input = request->expect && strcmp(request->expect, "-") == 0 && !request->fix;
    const struct rpcancel_named_output named[] = {{"--json", request->outputs.json},
                                                  {"--junit", request->outputs.junit},
                                                  {"--sarif", request->outputs.sarif},
                                                  {"--save", request->outputs.save},
                                                  {"--expect", is_read_from_input ? NULL : request->expect}};
    const size_t count = sizeof named / sizeof named[0];
    return rpcancel_outputs_are_distinct(name, named, count) &&
           rpcancel_runtime_choice_is_spared(&request->choice, name, named, request->fix ? count : count - 1);
}

static int check(struct request *request, int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"strict", no_argument, NULL, 's'},
                                            {"suite", no_argument, NULL, 'U'},
                                            {"expect", required_argument, NULL, 'e'},
                                            {"fix", no_argument, NULL, 'f'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"junit", required_argument, NULL, 'u'},
                                            {"sarif", required_argument, NULL, 'a'},
                                            {"save", required_argument, NULL, 'o'},
                                            {"list", no_argument, NULL, 'l'},
                                            RPCANCEL_BISECT_LONG_OPTION,
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    rpcancel_runtime_choice_init(&request->choice);
    int refused = rpcancel_options_read(&command_line, argc, argv, request);
    if (refused >= 0)
        return refused;
    request->options.filters = (const char *const *)(argv + optind);
    request->options.filter_count = (unsigned)(argc - optind);
    if (request->fix && !request->expect)
        return rpcancel_usage(name, "--fix needs --expect LIST");
    if (request->fix && request->options.filter_count > 0)
        return rpcancel_usage(name, "--fix needs the whole catalogue; leave out the filters");
    if (request->fix && request->suite)
        return rpcancel_usage(name, "--fix needs the whole catalogue; leave out --suite");
    if (request->fix && request->bisect)
        return rpcancel_usage(name, "--fix is for one revision, --bisect for many; leave out one of them");
    if (request->suite && !rpcancel_runtime_choice_is_of_api(&request->choice, "check --suite"))
        return RPCANCEL_EXIT_USAGE;
    if (!outputs_are_distinct(request) || !rpcancel_runtime_choice_fits(&request->choice, name))
        return RPCANCEL_EXIT_USAGE;
    return choose_and_run(request);
}

int rpcancel_command_check(int argc, char **argv)
{
    struct request request = {.bisect = rpcancel_asks_for_bisect(argc, argv)};
    int code = check(&request, argc, argv);
    return request.bisect ? rpcancel_end_for_bisect(code) : code;
}
