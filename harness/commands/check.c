// SPDX-License-Identifier: Apache-2.0
/* rpcancel check: the catalogue on a runtime, with a verdict on every rule. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/files.h"
#include "report/output.h"
#include "report/report.h"

static const char *const name = "check";

static const char help[] =
    "Usage: rpcancel check [OPTION…] [FILTER…]\n\n"
    "Runs the catalogue of sequences on a runtime and gives every rule a verdict. Filters are globs, or\n"
    "the part of a name before a slash: those that match sequences say what is run, those that match\n"
    "rules say what is reported.\n\n" RPCANCEL_RUNTIME_HELP
    "  --strict           rules of the levels should and historical count as well, and so does a rule\n"
    "                     that no sequence decides\n"
    "  --expect LIST      failures that are known (docs/expectations.md)\n"
    "  --fix              rewrite LIST to what was found\n"
    "  --json FILE        also report as JSON (docs/report.schema.json); - is standard output\n"
    "  --junit FILE       also report as JUnit XML\n"
    "  --save FOLDER      write the shortest failing sequences there\n"
    "  --list             only list what would be run and reported\n";

struct request {
    struct rpcancel_runtime_choice choice;
    struct rpcancel_check_options options;
    const char *expect, *json, *junit, *save;
    bool fix, list;
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

/* ---- what is written besides the report ---- */

static enum rpcancel_exit_code cannot_write(const char *path)
{
    rpcancel_say(name, "%s: %s", path, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

/* Finds out before a long run whether |path| can be written. */
static bool is_writable(const char *path)
{
    struct rpcancel_output probe;
    if (!path || strcmp(path, "-") == 0)
        return true;
    if (!rpcancel_output_open(&probe, path)) {
        cannot_write(path);
        return false;
    }
    rpcancel_output_discard(&probe);
    return true;
}

static bool write_json(const struct rpcancel_report *report, FILE *out)
{
    return rpcancel_report_json(report, out);
}

static bool write_junit(const struct rpcancel_report *report, FILE *out)
{
    rpcancel_report_junit(report, out);
    return true;
}

static enum rpcancel_exit_code write_report(const struct rpcancel_report *report, const char *path,
                                            bool (*write)(const struct rpcancel_report *report, FILE *out))
{
    struct rpcancel_output output;
    if (!path)
        return RPCANCEL_EXIT_CONFORMANT;
    if (!rpcancel_output_open(&output, path))
        return cannot_write(path);
    if (!write(report, output.file)) {
        rpcancel_output_discard(&output);
        errno = ENOMEM;
        return cannot_write(path);
    }
    return rpcancel_output_commit(&output) ? RPCANCEL_EXIT_CONFORMANT : cannot_write(path);
}

static enum rpcancel_exit_code save_failure(const struct rpcancel_check_rule *row, const char *folder)
{
    const struct rpcancel_rule *rule = rpcancel_rule_at(row->index);
    struct rpcancel_output output;
    char file[128], *path;
    rpcancel_report_file_name(rule->id, file, sizeof file);
    if (asprintf(&path, "%s/%s", folder, file) < 0)
        return RPCANCEL_EXIT_TROUBLE;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (rpcancel_output_open(&output, path)) {
        fprintf(output.file, "# %s: %s\n# %s\n", rule->id, rule->text, row->message);
        rpcancel_report_sequence(&row->failure.sequence, "\n", output.file);
        fputc('\n', output.file);
        if (!rpcancel_output_commit(&output))
            code = cannot_write(path);
    } else {
        code = cannot_write(path);
    }
    free(path);
    return code;
}

static enum rpcancel_exit_code save_failures(const struct rpcancel_check *check, const char *folder)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return cannot_write(folder);
    for (size_t i = 0; i < check->rule_count; i++) {
        if (check->rules[i].has_failure)
            code = rpcancel_exit_stronger(code, save_failure(&check->rules[i], folder));
    }
    return code;
}

/* ---- the expectation list ---- */

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
        return is_writable(request->expect); /* to be written for the first time */
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

static enum rpcancel_exit_code report(const struct request *request, struct rpcancel_check *check,
                                      struct rpcancel_expect_list *list)
{
    char options[256];
    rpcancel_runtime_choice_write(&request->choice, options, sizeof options - sizeof " --strict");
    if (request->options.strict)
        strcat(options, " --strict");
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    if (request->fix && check->complete)
        code = fix_list(list, check, request->expect);
    if (request->expect && rpcancel_expect_apply(list, check) > 0)
        code = rpcancel_exit_stronger(code, RPCANCEL_EXIT_STALE);
    if (request->save)
        code = rpcancel_exit_stronger(code, save_failures(check, request->save));
    const struct rpcancel_report report = {.check = check,
                                           .list = request->expect ? list : NULL,
                                           .list_path = request->expect,
                                           .how = request->choice.how,
                                           .options = options,
                                           .seed = request->choice.options.seed,
                                           .saved_in = request->save};
    bool taken =
        (request->json && strcmp(request->json, "-") == 0) || (request->junit && strcmp(request->junit, "-") == 0);
    rpcancel_report_terminal(&report, taken ? stderr : stdout);
    code = rpcancel_exit_stronger(code, write_report(&report, request->json, write_json));
    code = rpcancel_exit_stronger(code, write_report(&report, request->junit, write_junit));
    return rpcancel_exit_stronger(code, code_of(rpcancel_check_conclude(check)));
}

static enum rpcancel_exit_code run(const struct request *request, struct rpcancel_check *check)
{
    struct rpcancel_expect_list list = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!is_writable(request->json) || !is_writable(request->junit) || !read_list(&list, request)) {
        rpcancel_expect_free(&list);
        return code;
    }
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&request->choice, name, &code);
    if (runtime) {
        struct progress progress = {.shown = false};
        clock_gettime(CLOCK_MONOTONIC, &progress.last);
        check->options.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
        check->options.progress_context = &progress;
        rpcancel_interrupts_watch();
        rpcancel_check_run(check, runtime);
        end_progress(&progress);
        code = report(request, check, &list);
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

static int prepare_and_run(struct request *request)
{
    static struct rpcancel_check check; /* large for a stack */
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    request->options.profile = request->choice.profile;
    request->options.interrupted = rpcancel_interrupted();
    switch (rpcancel_check_prepare(&check, rpcancel_catalogue, rpcancel_catalogue_count, &request->options)) {
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
    return (int)code;
}

/* ---- the command line ---- */

static bool take_option(struct request *request, int option)
{
    switch (option) {
    case 's':
        request->options.strict = true;
        return true;
    case 'e':
        request->expect = optarg;
        return true;
    case 'f':
        request->fix = true;
        return true;
    case 'j':
        request->json = optarg;
        return true;
    case 'u':
        request->junit = optarg;
        return true;
    case 'o':
        request->save = optarg;
        return true;
    case 'l':
        request->list = true;
        return true;
    default:
        return rpcancel_runtime_choice_take(&request->choice, name, option, optarg);
    }
}

int rpcancel_command_check(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"strict", no_argument, NULL, 's'},
                                            {"expect", required_argument, NULL, 'e'},
                                            {"fix", no_argument, NULL, 'f'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"junit", required_argument, NULL, 'u'},
                                            {"save", required_argument, NULL, 'o'},
                                            {"list", no_argument, NULL, 'l'},
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    struct request request = {.fix = false};
    int option;
    rpcancel_runtime_choice_init(&request.choice);
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return rpcancel_bad_option(name, option, argv[optind - 1]);
        if (option == 'h') {
            fputs(help, stdout);
            return RPCANCEL_EXIT_CONFORMANT;
        }
        if (!take_option(&request, option))
            return RPCANCEL_EXIT_USAGE;
    }
    request.options.filters = (const char *const *)(argv + optind);
    request.options.filter_count = (unsigned)(argc - optind);
    if (request.fix && !request.expect)
        return rpcancel_usage(name, "--fix needs --expect LIST");
    if (request.fix && request.options.filter_count > 0)
        return rpcancel_usage(name, "--fix needs the whole catalogue; leave out the filters");
    if (request.json && request.junit && strcmp(request.json, "-") == 0 && strcmp(request.junit, "-") == 0)
        return rpcancel_usage(name, "--json and --junit cannot both go to standard output");
    return prepare_and_run(&request);
}
