// SPDX-License-Identifier: Apache-2.0
/* rpcancel compare: results of many runtimes side by side. */
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/result_file.h"
#include "results/page.h"

static const char *const name = "compare";

static const char help[] =
    "Usage: rpcancel compare [OPTION…] [NAME=]FILE…\n\n"
    "Puts results side by side that `check --json` and `survey --json` have written: what deviates, rule by rule,\n"
    "and what was not tested. NAME says which runtime a file is about; several files, of several profiles, may be\n"
    "about one. Without, it is what the runtime calls itself, of servers and clients over TCP the name of the file.\n\n"
    "  --markdown FILE    write a page in Markdown; - is standard output\n"
    "  --title TEXT       of the page (default: Runtimes compared)\n"
    "  --note TEXT        Markdown that stands below the title\n"
    "  --relative-to FOLDER\n"
    "                     write paths below FOLDER without it; it may be a folder of another machine\n"
    "  --captures FOLDER  where captures of deviations are, as FOLDER/RESULT/RULE.pcapng: RESULT is the name of the\n"
    "                     file without .json, a slash in RULE a hyphen\n\n"
    "Standard output has a line for each runtime; the last line is\n"
    "`compare: N results, N surveys, N runtimes; N deviations`. docs/reports.md says how these are counted.\n"
    "Exit codes: 0 written · 2 usage · 3 a file that is no result, or cannot be written.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    const char *markdown, *title, *note, *root, *captures;
    struct rpcancel_columns columns;
    char *labels[RPCANCEL_COLUMNS_MAX], *names[RPCANCEL_COLUMNS_MAX]; /* owned */
};

/* What stands before the first = is a name, unless it has a slash: then it is part of a path. */
static size_t name_length(const char *argument)
{
    size_t length = strcspn(argument, "=/");
    return argument[length] == '=' ? length : 0;
}

static const char *path_of(const char *argument)
{
    size_t length = name_length(argument);
    return argument + length + (length > 0);
}

static char *name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *base = strdup(slash ? slash + 1 : path);
    char *dot = base ? strrchr(base, '.') : NULL;
    if (dot && dot != base)
        *dot = '\0';
    return base;
}

static char *label_of_runtime(const struct rpcancel_saved_result *result)
{
    size_t size = strlen(result->name) + strlen(result->runtime_version) + 2;
    char *label = malloc(size);
    if (label)
        snprintf(label, size, "%s%s%s", result->name, result->runtime_version[0] ? " " : "", result->runtime_version);
    return label;
}

static bool is_ambiguous(const struct rpcancel_columns *columns, const struct rpcancel_column *column)
{
    for (const struct rpcancel_column *at = columns->list; at < column; at++) {
        if (rpcancel_column_is(at, column->result.kind, column->label) &&
            strcmp(at->result.profile, column->result.profile) == 0)
            return true;
    }
    return false;
}

/* Takes one argument into the next column. False: said why. */
static bool load(struct request *request, const char *argument)
{
    size_t index = request->columns.count++, length = name_length(argument);
    struct rpcancel_column *column = &request->columns.list[index];
    const char *path = path_of(argument);
    if (!rpcancel_result_load(name, path, &column->result))
        return false;
    column->subject = rpcancel_runtime_subject(column->result.how);
    if (length > 0)
        request->labels[index] = strndup(argument, length);
    else if (column->subject == RPCANCEL_SUBJECT_API)
        request->labels[index] = label_of_runtime(&column->result);
    else
        request->labels[index] = name_of_file(path);
    column->label = request->labels[index];
    column->name = request->names[index] = name_of_file(path);
    if (!column->label || !column->name) {
        rpcancel_say(name, "out of memory");
        return false;
    }
    if (!is_ambiguous(&request->columns, column))
        return true;
    rpcancel_say(name, "%s: there is a %s of \"%s\" by the profile %s already; NAME=FILE tells runtimes apart", path,
                 column->result.kind == RPCANCEL_RESULT_CHECK ? "result" : "survey", column->label,
                 column->result.profile);
    return false;
}

static enum rpcancel_exit_code write_page(const struct request *request, const struct rpcancel_page *page)
{
    struct rpcancel_output output;
    if (!request->markdown)
        return RPCANCEL_EXIT_CONFORMANT;
    if (!rpcancel_output_begin(name, request->markdown, &output))
        return RPCANCEL_EXIT_TROUBLE;
    rpcancel_page_markdown(page, output.file);
    return rpcancel_output_end(name, request->markdown, &output, true);
}

static enum rpcancel_exit_code compare(const struct request *request)
{
    struct rpcancel_deviations deviations = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    const struct rpcancel_page page = {.columns = &request->columns,
                                       .deviations = &deviations,
                                       .title = request->title,
                                       .note = request->note,
                                       .root = request->root,
                                       .captures = request->captures};
    if (rpcancel_deviations_find(&deviations, &request->columns)) {
        rpcancel_page_terminal(&page, rpcancel_output_is_standard(request->markdown) ? stderr : stdout);
        code = write_page(request, &page);
    } else {
        rpcancel_say(name, "out of memory");
    }
    rpcancel_deviations_free(&deviations);
    return code;
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    if (option == 'm')
        request->markdown = value;
    else if (option == 't')
        request->title = value;
    else if (option == 'n')
        request->note = value;
    else if (option == 'c')
        request->captures = value;
    else
        request->root = value;
    return true;
}

/* A folder that is misspelt would look like one without captures. */
static bool is_folder_or_none(const char *path)
{
    struct stat status;
    if (!path || (stat(path, &status) == 0 && S_ISDIR(status.st_mode)))
        return true;
    rpcancel_say(name, "--captures %s: expected a folder", path);
    return false;
}

static enum rpcancel_exit_code load_and_compare(struct request *request, char **files, int count)
{
    const struct rpcancel_named_output output = {"--markdown", request->markdown};
    for (int i = 0; i < count; i++) {
        const char *path = path_of(files[i]);
        if (!rpcancel_outputs_spare(name, &output, 1, &path, 1))
            return RPCANCEL_EXIT_USAGE;
    }
    if (!is_folder_or_none(request->captures) || !rpcancel_output_is_possible(name, request->markdown))
        return RPCANCEL_EXIT_TROUBLE;
    for (int i = 0; i < count; i++) {
        if (!load(request, files[i]))
            return RPCANCEL_EXIT_TROUBLE;
    }
    return compare(request);
}

int rpcancel_command_compare(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"markdown", required_argument, NULL, 'm'},
                                            {"title", required_argument, NULL, 't'},
                                            {"note", required_argument, NULL, 'n'},
                                            {"relative-to", required_argument, NULL, 'r'},
                                            {"captures", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    static struct request request; /* large for a stack */
    request.title = "Runtimes compared";
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (optind == argc)
        return rpcancel_usage(name, "expected at least one file");
    if (argc - optind > RPCANCEL_COLUMNS_MAX)
        return rpcancel_usage(name, "found %d files, expected at most %d", argc - optind, RPCANCEL_COLUMNS_MAX);
    enum rpcancel_exit_code code = load_and_compare(&request, argv + optind, argc - optind);
    for (size_t i = 0; i < request.columns.count; i++) {
        rpcancel_result_free(&request.columns.list[i].result);
        free(request.labels[i]);
        free(request.names[i]);
    }
    return (int)code;
}
