// SPDX-License-Identifier: Apache-2.0
/* rpcancel coverage: what sequences reach on the reference, and what they do not. */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/coverage_folders.h"
#include "commands/coverage_measure.h"
#include "commands/outputs.h"
#include "report/coverage_report.h"
#include "report/output.h"

static const char *const name = "coverage";

enum { DEFAULT_LIMIT = 10, LIMIT_MAX = 1 << 20, HUNDREDTHS = 100 };

static const char help[] =
    "Usage: rpcancel coverage [OPTION…] [PATH…]\n\n"
    "Carries out the sequences in the files PATH, and in the folders PATH and below (files named *.seq,\n"
    "*.bin or without a dot), on the reference implementation, and counts what they cover: states and\n"
    "edges of one call, pairs of two calls, rules decided; of how many, exhaustive search says.\n"
    "docs/coverage.md explains what is counted.\n\n"
    "  --catalogue        the sequences of the catalogue count as well\n"
    "  --beside PATH      so do those in the file or folder PATH; can be given several times\n"
    "  --missing          list what is not covered, each with a shortest sequence that would cover it\n"
    "  --limit N          of each kind at most N (default 10)\n"
    "  --json FILE        also as JSON (docs/coverage.schema.json); - is standard output\n"
    "  --floor LIST       what must be covered, in percent: states=100,edges=99.5,pairs=90,rules=100\n"
    "                     or some of these\n"
    "  --minimise DIR     write few of the sequences given as PATH to the folder DIR that cover as much,\n"
    "                     together with the catalogue and what is beside, if they count\n"
    "  --complete DIR     write new sequences to the folder DIR that cover what is missing\n\n"
    "Sequences are written in canonical binary form, named by the SHA-256 of their bytes.\n"
    "The last line is `coverage: states N of N, edges N of N, pairs N of N, rules N of N`.\n"
    "Exit codes: 0 measured · 6 a floor was missed · 1 the reference broke a rule · 2 usage · 3 trouble,\n"
    "interrupted.\n";

static void print_help(void)
{
    fputs(help, stdout);
}

struct request {
    struct rpcancel_measured measured;
    bool beside_found; /* all of what is to count beside */
    bool missing;
    uint32_t limit;
    const char *json;
    const char *minimise;
    const char *complete;
    int floors[RPCANCEL_FIGURES]; /* hundredths of a percent, 0 for none */
};

/* ---- arguments ---- */

/* Reads a percentage with at most two decimals; false when |text| is none. */
static bool read_percentage(const char *text, size_t length, int *hundredths)
{
    size_t dot = 0;
    int value = 0;
    while (dot < length && isdigit((unsigned char)text[dot]) && dot < 3)
        value = value * 10 + (text[dot++] - '0');
    if (dot == 0 || (dot < length && (text[dot] != '.' || length - dot < 2 || length - dot > 3)))
        return false;
    value *= HUNDREDTHS;
    int worth = HUNDREDTHS / 10;
    for (size_t i = dot + 1; i < length; i++, worth /= 10) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        value += (text[i] - '0') * worth;
    }
    *hundredths = value;
    return value <= 100 * HUNDREDTHS;
}

static bool take_floor(struct request *request, const char *item, size_t length)
{
    for (unsigned figure = 0; figure < RPCANCEL_FIGURES; figure++) {
        const char *word = rpcancel_coverage_figure_name((enum rpcancel_coverage_figure)figure);
        size_t word_length = strlen(word);
        if (length > word_length && strncmp(item, word, word_length) == 0 && item[word_length] == '=')
            return read_percentage(item + word_length + 1, length - word_length - 1, &request->floors[figure]);
    }
    return false;
}

static bool take_floors(struct request *request, const char *list)
{
    for (const char *item = list; item; item = strchr(item, ',') ? strchr(item, ',') + 1 : NULL) {
        size_t length = strcspn(item, ",");
        if (take_floor(request, item, length))
            continue;
        rpcancel_usage(name,
                       "--floor: found \"%.*s\", expected states=, edges=, pairs= or rules= with a number from 0 to "
                       "100 and at most two decimals",
                       (int)length, item);
        return false;
    }
    return true;
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    uint64_t number = 0;
    switch (option) {
    case 'c':
        request->measured.catalogue = true;
        return true;
    case 'b':
        request->beside_found = request->beside_found && rpcancel_paths_add(name, &request->measured.beside, value);
        return true;
    case 'm':
        request->missing = true;
        return true;
    case 'l':
        if (!rpcancel_take_number(name, "limit", value, 1, LIMIT_MAX, &number))
            return false;
        request->limit = (uint32_t)number;
        return true;
    case 'j':
        request->json = value;
        return true;
    case 'f':
        return take_floors(request, value);
    case 'M':
        request->minimise = value;
        return true;
    default:
        request->complete = value;
        return true;
    }
}

static bool counts_anything(const struct request *request)
{
    const struct rpcancel_measured *measured = &request->measured;
    return measured->catalogue || measured->paths.count + measured->beside.count > 0;
}

/* Whether the JSON does not go where one of |paths| is; else said that it would. */
static bool spares(const struct request *request, const struct rpcancel_paths *paths)
{
    const struct rpcancel_named_output output = {"--json", request->json};
    return rpcancel_outputs_spare(name, &output, 1, (const char *const *)paths->list, paths->count);
}

/* Returns -1 to go on, else the exit code. */
static int read_arguments(struct request *request, int argc, char **argv)
{
    static const struct option options[] = {
        {"catalogue", no_argument, NULL, 'c'},      {"beside", required_argument, NULL, 'b'},
        {"missing", no_argument, NULL, 'm'},        {"limit", required_argument, NULL, 'l'},
        {"json", required_argument, NULL, 'j'},     {"floor", required_argument, NULL, 'f'},
        {"minimise", required_argument, NULL, 'M'}, {"complete", required_argument, NULL, 'C'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int refused = rpcancel_options_read(&command_line, argc, argv, request);
    if (refused >= 0)
        return refused;
    if (optind == argc && (request->minimise || !counts_anything(request)))
        return rpcancel_usage(name, "expected at least one file or folder%s",
                              request->minimise ? " to minimise" : ", or --catalogue");
    if (!rpcancel_paths_add_all(name, &request->measured.paths, argv + optind, argc - optind))
        return RPCANCEL_EXIT_TROUBLE;
    if (!spares(request, &request->measured.paths) || !spares(request, &request->measured.beside))
        return RPCANCEL_EXIT_USAGE;
    return request->beside_found ? -1 : RPCANCEL_EXIT_TROUBLE;
}

/* ---- results ---- */

static enum rpcancel_exit_code write_json(const struct rpcancel_coverage_report *report, const char *path)
{
    struct rpcancel_output output;
    if (!rpcancel_output_open(&output, path)) {
        rpcancel_say(name, "%s: %s", path, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (!rpcancel_coverage_json(report, output.file)) {
        rpcancel_output_discard(&output);
        rpcancel_say(name, "%s: out of memory", path);
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (rpcancel_output_commit(&output))
        return RPCANCEL_EXIT_CONFORMANT;
    rpcancel_say(name, "%s: %s", path, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

static enum rpcancel_exit_code hold_against_floors(const struct request *request,
                                                   const struct rpcancel_covered *covered)
{
    enum rpcancel_exit_code code = RPCANCEL_EXIT_CONFORMANT;
    for (unsigned figure = 0; figure < RPCANCEL_FIGURES; figure++) {
        int floor = request->floors[figure];
        struct rpcancel_coverage_ratio ratio = rpcancel_coverage_figure(covered, (enum rpcancel_coverage_figure)figure);
        if ((uint64_t)ratio.covered * 100 * HUNDREDTHS >= (uint64_t)floor * ratio.total)
            continue;
        rpcancel_say(name, "%s: %" PRIu32 " of %" PRIu32 " covered, the floor is %d.%02d %%",
                     rpcancel_coverage_figure_name((enum rpcancel_coverage_figure)figure), ratio.covered, ratio.total,
                     floor / HUNDREDTHS, floor % HUNDREDTHS);
        code = RPCANCEL_EXIT_FLOOR;
    }
    return code;
}

/* Reports what was measured. Standard output is the report's, unless the JSON goes there. */
static enum rpcancel_exit_code report(const struct request *request, struct rpcancel_measurement *measurement)
{
    const struct rpcancel_coverage_report report = {.covered = &measurement->covered,
                                                    .sequences = measurement->sequences,
                                                    .idle = measurement->idle,
                                                    .operations = measurement->operations,
                                                    .missing = request->missing,
                                                    .limit = request->limit};
    FILE *out = rpcancel_output_is_standard(request->json) ? stderr : stdout;
    enum rpcancel_exit_code code = request->json ? write_json(&report, request->json) : RPCANCEL_EXIT_CONFORMANT;
    rpcancel_coverage_terminal(&report, out);
    if (request->minimise)
        code = rpcancel_exit_stronger(code, rpcancel_coverage_minimise(measurement, request->minimise, out));
    if (request->complete)
        code = rpcancel_exit_stronger(code, rpcancel_coverage_complete_to(measurement, request->complete, out));
    code = rpcancel_exit_stronger(code, hold_against_floors(request, report.covered));
    fputs("coverage: ", out);
    rpcancel_coverage_line(report.covered, out);
    fputc('\n', out);
    return code;
}

static int measure_and_report(const struct request *request)
{
    struct rpcancel_measurement measurement = {.command = name, .shows_progress = isatty(STDERR_FILENO)};
    enum rpcancel_exit_code code = RPCANCEL_EXIT_TROUBLE;
    if (!counts_anything(request))
        return rpcancel_usage(name, "there is no sequence (a file named *.seq or *.bin or without a dot)");
    if (rpcancel_measure(&measurement, &request->measured))
        code = rpcancel_exit_stronger(measurement.code, report(request, &measurement));
    rpcancel_measurement_free(&measurement);
    return (int)code;
}

int rpcancel_command_coverage(int argc, char **argv)
{
    struct request request = {.limit = DEFAULT_LIMIT, .beside_found = true};
    int code = read_arguments(&request, argc, argv);
    if (code < 0) {
        request.measured.candidates = request.minimise != NULL;
        code = measure_and_report(&request);
    }
    rpcancel_paths_free(&request.measured.paths);
    rpcancel_paths_free(&request.measured.beside);
    return code;
}
