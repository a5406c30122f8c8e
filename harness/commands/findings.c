// SPDX-License-Identifier: Apache-2.0
/* rpcancel findings: what a fuzzer left, made small, told apart, and written in forms that others can use. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/files.h"
#include "commands/outputs.h"
#include "findings/finding_files.h"
#include "findings/findings_report.h"
#include "report/private_findings.h"

static const char *const name = "findings";

static const char help[] =
    "Usage: rpcancel findings [OPTION…] INPUT…\n\n"
    "Runs each INPUT (files that a fuzzer stopped at, or folders of them; text or binary) on a runtime,\n"
    "makes what breaks a rule as small as it gets, and counts what comes out the same once. All rules of\n"
    "the profile count. An empty folder is what a fuzzer leaves that found nothing: no "
    "findings.\n\n" RPCANCEL_RUNTIME_HELP
    "  --out FOLDER       write each finding to a folder there: input, sequence, tests, how to show it again;\n"
    "                     crashes to private-findings below it (docs/disclosure.md)\n"
    "  --baseline FOLDER  findings written there before are known: only others decide the exit code\n"
    "  --json FILE        also report as JSON (docs/findings.schema.json); - is standard output\n"
    "  --junit FILE       also report as JUnit XML\n"
    "  --sarif FILE       also report as SARIF 2.1.0\n\n"
    "Exit codes: 0 nothing new · 1 a new finding · 4 a new crash or hang · 2 usage · 3 trouble.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    struct rpcancel_runtime_choice choice;
    const char *out, *baseline, *json, *junit, *sarif;
};

/* ---- running the inputs ---- */

static void show_progress(size_t done, size_t total, size_t found)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%zu of %zu inputs, %zu finding%s  ", done, total, found, found == 1 ? "" : "s");
}

/* Takes all inputs. What cannot be read makes the exit code, but does not keep the others from being looked at. */
static enum rpcancel_exit_code take_all(struct rpcancel_findings *findings, const struct rpcancel_paths *paths)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    for (size_t i = 0; i < paths->count && !*rpcancel_interrupted(); i++) {
        struct rpcancel_sequence sequence = {0};
        enum rpcancel_form form;
        show_progress(i, paths->count, findings->count);
        bool taken = true;
        if (!rpcancel_sequence_load(name, paths->list[i], &sequence, &form))
            code = RPCANCEL_EXIT_TROUBLE;
        else
            taken = rpcancel_findings_take(findings, &sequence, paths->list[i]);
        rpcancel_sequence_free(&sequence);
        if (!taken) {
            rpcancel_progress_clear();
            rpcancel_say(name, "%s: %s", paths->list[i], findings->failure);
            return RPCANCEL_EXIT_TROUBLE;
        }
    }
    rpcancel_progress_clear();
    if (*rpcancel_interrupted()) {
        rpcancel_say(name, "interrupted after %zu of %zu inputs", findings->inputs, paths->count);
        code = RPCANCEL_EXIT_TROUBLE;
    }
    return code;
}

/* ---- results ---- */

/* Writes and prints the findings. */
static enum rpcancel_exit_code show_all(const struct rpcancel_findings *findings,
                                        const struct rpcancel_finding_context *context, const char *folder, FILE *out)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    bool is_any_private = false;
    for (size_t i = 0; i < findings->count; i++) {
        const struct rpcancel_finding *finding = &findings->list[i];
        char failed[RPCANCEL_FINDING_PATH_MAX];
        if (folder && !rpcancel_finding_write(finding, context, folder, failed))
            code = rpcancel_cannot_write(name, failed);
        is_any_private |= rpcancel_is_private(finding->end, context->how);
        rpcancel_finding_print(finding, context, folder, out);
        fputc('\n', out);
    }
    for (size_t i = 0; i < findings->unshown_count; i++)
        fprintf(out, "not shown: %s: %s\n", findings->unshown[i].input, findings->unshown[i].reason);
    if (folder && is_any_private) {
        char place[RPCANCEL_PRIVATE_PATH_MAX];
        rpcancel_private_path(folder, place);
        rpcancel_say_private(name, place);
    }
    return code;
}

typedef bool report_function(const struct rpcancel_findings_report *report, FILE *out);

static enum rpcancel_exit_code write_report(const struct rpcancel_findings_report *report, const char *path,
                                            report_function *write)
{
    struct rpcancel_output output;
    if (!path)
        return RPCANCEL_EXIT_CONFORMANT;
    if (!rpcancel_output_begin(name, path, &output))
        return RPCANCEL_EXIT_TROUBLE;
    return rpcancel_output_end(name, path, &output, write(report, output.file));
}

static enum rpcancel_exit_code code_of(const struct rpcancel_findings *findings)
{
    if (rpcancel_findings_count_new(findings, RPCANCEL_RUN_CRASHED) ||
        rpcancel_findings_count_new(findings, RPCANCEL_RUN_HUNG))
        return RPCANCEL_EXIT_RUNTIME;
    return rpcancel_findings_count_new(findings, RPCANCEL_RUN_VIOLATED) ? RPCANCEL_EXIT_FINDING
                                                                        : RPCANCEL_EXIT_CONFORMANT;
}

/* Marks what the baseline has; returns how many findings it has not. */
static size_t mark_known(struct rpcancel_findings *findings, const char *baseline)
{
    size_t new = 0;
    for (size_t i = 0; i < findings->count; i++) {
        struct rpcancel_finding *finding = &findings->list[i];
        finding->known = baseline && rpcancel_finding_is_saved(baseline, finding->name);
        new += !finding->known;
    }
    return new;
}

/* |session| has everything but the exit code, which |code| is so far. */
static enum rpcancel_exit_code report(const struct request *request, struct rpcancel_findings *findings,
                                      struct rpcancel_findings_report *session, enum rpcancel_exit_code code)
{
    bool taken = rpcancel_output_is_standard(request->json) || rpcancel_output_is_standard(request->junit) ||
                 rpcancel_output_is_standard(request->sarif);
    FILE *out = taken ? stderr : stdout;
    size_t new = mark_known(findings, request->baseline);
    code = rpcancel_exit_stronger(code, code_of(findings));
    code = rpcancel_exit_stronger(code, show_all(findings, session->context, request->out, out));
    session->exit_code = (int)code;
    code = rpcancel_exit_stronger(code, write_report(session, request->json, rpcancel_findings_json));
    code = rpcancel_exit_stronger(code, write_report(session, request->junit, rpcancel_findings_junit));
    code = rpcancel_exit_stronger(code, write_report(session, request->sarif, rpcancel_findings_sarif));
    fprintf(out, "findings: %zu input%s, %zu finding%s, %zu new, %zu not shown\n", findings->inputs,
            findings->inputs == 1 ? "" : "s", findings->count, findings->count == 1 ? "" : "s", new,
            findings->unshown_count);
    return code;
}

/* ---- the command ---- */

static bool check_outputs(const struct request *request)
{
    struct stat status;
    if (request->baseline && (stat(request->baseline, &status) != 0 || !S_ISDIR(status.st_mode))) {
        rpcancel_say(name, "--baseline %s: expected a folder that findings were written to", request->baseline);
        return false;
    }
    if (!rpcancel_output_is_possible(name, request->json) || !rpcancel_output_is_possible(name, request->junit) ||
        !rpcancel_output_is_possible(name, request->sarif) || !rpcancel_folder_is_possible(name, request->out))
        return false;
    if (request->out && mkdir(request->out, 0777) != 0 && errno != EEXIST) {
        rpcancel_cannot_write(name, request->out);
        return false;
    }
    return true;
}

static enum rpcancel_exit_code run(const struct request *request, const struct rpcancel_paths *paths)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    char options[256];
    struct rpcancel_rule_set rules;
    struct timespec start, end;
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&request->choice, name, &code);
    if (!runtime)
        return code;
    rpcancel_rule_set_init(&rules, request->choice.profile, ~0u);
    rpcancel_runtime_choice_write(&request->choice, options, sizeof options);
    struct rpcancel_findings findings = {.runtime = runtime, .rules = &rules, .interrupted = rpcancel_interrupted()};
    const struct rpcancel_finding_context context = {
        .runtime = runtime, .profile = request->choice.profile, .how = request->choice.how, .options = options};
    struct rpcancel_findings_report session = {
        .findings = &findings, .context = &context, .folder = request->out, .started = time(NULL)};
    clock_gettime(CLOCK_MONOTONIC, &start);
    code = take_all(&findings, paths);
    clock_gettime(CLOCK_MONOTONIC, &end);
    session.seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    session.complete = code == RPCANCEL_EXIT_CONFORMANT;
    code = report(request, &findings, &session, code);
    rpcancel_findings_free(&findings);
    return rpcancel_exit_stronger(code, rpcancel_runtime_choice_close(runtime, name));
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    switch (option) {
    case 'o':
        request->out = value;
        return true;
    case 'b':
        request->baseline = value;
        return true;
    case 'j':
        request->json = value;
        return true;
    case 'u':
        request->junit = value;
        return true;
    case 's':
        request->sarif = value;
        return true;
    default:
        return rpcancel_runtime_choice_take(&request->choice, name, option, value);
    }
}

int rpcancel_command_findings(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"baseline", required_argument, NULL, 'b'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"junit", required_argument, NULL, 'u'},
                                            {"sarif", required_argument, NULL, 's'},
                                            RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {.out = NULL};
    struct rpcancel_paths paths = {0};
    rpcancel_runtime_choice_init(&request.choice);
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (optind == argc)
        return rpcancel_usage(name, "expected at least one file or folder");
    if (!rpcancel_runtime_choice_is_of_api(&request.choice, name))
        return RPCANCEL_EXIT_USAGE;
    const struct rpcancel_named_output outputs[] = {
        {"--json", request.json}, {"--junit", request.junit}, {"--sarif", request.sarif}};
    if (!rpcancel_outputs_are_distinct(name, outputs, sizeof outputs / sizeof outputs[0]))
        return RPCANCEL_EXIT_USAGE;
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    bool found = rpcancel_paths_add_all(name, &paths, argv + optind, argc - optind);
    if (!rpcancel_outputs_spare(name, outputs, sizeof outputs / sizeof outputs[0], (const char *const *)paths.list,
                                paths.count) ||
        !rpcancel_runtime_choice_is_spared(&request.choice, name, outputs, sizeof outputs / sizeof outputs[0]))
        code = RPCANCEL_EXIT_USAGE;
    else if (found && check_outputs(&request))
        code = run(&request, &paths);
    rpcancel_paths_free(&paths);
    return (int)code;
}
