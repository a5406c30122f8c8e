// SPDX-License-Identifier: Apache-2.0
/* rpcancel diff: what changed between two results. */
#include <getopt.h>
#include <string.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/result_file.h"
#include "results/difference.h"

static const char *const name = "diff";

static const char help[] =
    "Usage: rpcancel diff [OPTION…] OLD NEW\n\n"
    "Says what changed between two results that `check --json` or `survey --json` has written, what is worse\n"
    "first. One of them may be -, standard input. docs/reports.md explains what counts as worse.\n\n"
    "  --json FILE        also as JSON (docs/diff.schema.json); - is standard output\n\n"
    "The last line is `diff: N worse, N changed, N better`.\n"
    "Exit codes: 0 nothing is worse, though something may have changed · 1 something is worse: a rule held and\n"
    "does not, a new crash or hang, an operation that is no longer there · 2 usage · 3 a file that is no result.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    const char *json;
};

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    (void)option; /* there is but one */
    request->json = value;
    return true;
}

static enum rpcancel_exit_code report(const struct request *request, const struct rpcancel_differences *differences,
                                      const char *old_path, const char *new_path)
{
    bool json_is_out = rpcancel_output_is_standard(request->json);
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    struct rpcancel_output output;
    if (differences->counts[RPCANCEL_CHANGE_WORSE] > 0)
        code = RPCANCEL_EXIT_FINDING;
    rpcancel_differences_print(differences, old_path, new_path, json_is_out ? stderr : stdout);
    if (!request->json)
        return code;
    if (!rpcancel_output_begin(name, request->json, &output))
        return RPCANCEL_EXIT_TROUBLE;
    bool written = rpcancel_differences_json(differences, old_path, new_path, output.file);
    return rpcancel_exit_stronger(code, rpcancel_output_end(name, request->json, &output, written));
}

static enum rpcancel_exit_code compare(const struct request *request, const char *old_path, const char *new_path)
{
    struct rpcancel_saved_result old = {0}, new = {0};
    struct rpcancel_differences differences = {0};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (rpcancel_result_load(name, old_path, &old) && rpcancel_result_load(name, new_path, &new)) {
        if (old.kind != new.kind)
            rpcancel_say(name, "%s is a %s and %s is a %s", old_path,
                         old.kind == RPCANCEL_RESULT_CHECK ? "check" : "survey", new_path,
                         new.kind == RPCANCEL_RESULT_CHECK ? "check" : "survey");
        else if (!rpcancel_differences_find(&differences, &old, &new))
            rpcancel_say(name, "out of memory");
        else
            code = report(request, &differences, old_path, new_path);
    }
    rpcancel_differences_free(&differences);
    rpcancel_result_free(&old);
    rpcancel_result_free(&new);
    return code;
}

int rpcancel_command_diff(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'}, {"json", required_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {NULL};
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (argc - optind != 2)
        return rpcancel_usage(name, "expected two arguments, OLD and NEW, found %d", argc - optind);
    if (strcmp(argv[optind], "-") == 0 && strcmp(argv[optind + 1], "-") == 0)
        return rpcancel_usage(name, "OLD and NEW cannot both be standard input");
    const struct rpcancel_named_output output = {"--json", request.json};
    if (!rpcancel_outputs_spare(name, &output, 1, (const char *const *)(argv + optind), 2))
        return RPCANCEL_EXIT_USAGE;
    if (!rpcancel_output_is_possible(name, request.json))
        return RPCANCEL_EXIT_TROUBLE;
    return (int)compare(&request, argv[optind], argv[optind + 1]);
}
