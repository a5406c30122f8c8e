// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "commands/sub_commands.h"
#include "engine/diagram.h"
#include "engine/edge_lines.h"
#include "engine/explore.h"
#include "engine/profile_choices.h"
#include "report/output.h"
#include "rules/tables.h"
#include "sequence/sequence.h"

static const char name[] = "explore";

enum { DEFAULT_MEMORY_MIB = 4096, MEMORY_MIB_MAX = 1 << 20 };

struct settings {
    struct rpcancel_explore_options explore;
    bool earlier_given;
    bool threads_given;
    const char *dot;
    const char *edges;
    enum rpcancel_diagram_view view;
    bool view_given;
};

/* What the edges of the search are collected for. */
struct collected {
    struct rpcancel_diagram diagram;  /* --dot */
    struct rpcancel_edge_lines lines; /* --edges */
    struct rpcancel_output output;    /* of the lines */
};

static void print_help(void)
{
    printf("Usage: rpcancel explore [OPTION…]\n\n"
           "Tries every order of every operation on the reference implementation, judges every answer by every\n"
           "rule, and holds it against the state × operation tables.\n\n"
           "  --calls N        handles, 1 (default) to %d\n"
           "  --threads N      dispatcher threads, 1 to %d (default: one for each call)\n"
           "  --earlier N      earlier calls of a handle that may live on at once while the handle is used again\n"
           "                   (default: 1 with one call, else 0)\n"
           "  --depth N        end with sequences of N operations\n"
           "  --slice NAME     which operations: core (default); notification, which adds what a server can subscribe\n"
           "                   to; or synchronous, the calls that threads wait for\n"
           "  --flips          also replace every answer by every other known one and see which rule objects\n"
           "  --profile P      documented (default), documented-98, windows\n"
           "  --mutant NAME    search this mutant or variant instead (see `rpcancel mutants --list`)\n"
           "  --dot F          write the state diagram, folded to the rows of the tables, as a DOT graph\n"
           "  --view NAME      whose rows: client, server, or both together (default), which is large\n"
           "  --edges F        write the state graph: a line for each operation that happens in a state, with tabs "
           "between\n"
           "                   the state, the operation, its answer and the state it leads to (see docs/spin.md)\n"
           "  --memory MIB     end when the table has this size (default %d)\n"
           "  --seconds N      end after N seconds\n"
           "  --wire           associations of the wire instead (see `rpcancel explore --wire --help`)\n"
           "  --datagrams      calls over datagrams instead (see `rpcancel explore --datagrams --help`)\n\n"
           "The last line says how far it came: closed when everything that can be reached was searched, else open.\n"
           "Exit codes: 0 nothing wrong · 1 a rule violated, or rules and tables disagree · 6 a limit of memory or\n"
           "time ended it · 2 usage · 3 trouble, interrupted.\n",
           RPCANCEL_HANDLES_MAX, RPCANCEL_DISPATCHERS_MAX, DEFAULT_MEMORY_MIB);
}

/* ---- arguments ---- */

static bool take_profile(struct settings *settings, const char *value)
{
    bool is_taken = rpcancel_take_profile(name, value, &settings->explore.profile);
    settings->explore.choices = rpcancel_profile_choices(settings->explore.profile);
    return is_taken;
}

static bool take_mutant(struct settings *settings, const char *value)
{
    if (rpcancel_stepper_find(value, strlen(value), &settings->explore.step, NULL))
        return true;
    rpcancel_usage(name, "--mutant: there is no mutant or variant %s (see `rpcancel mutants --list`)", value);
    return false;
}

static bool take_view(struct settings *settings, const char *value)
{
    settings->view_given = true;
    for (unsigned view = 0; view < RPCANCEL_VIEWS; view++) {
        if (strcmp(value, rpcancel_view_name((enum rpcancel_diagram_view)view)) == 0) {
            settings->view = (enum rpcancel_diagram_view)view;
            return true;
        }
    }
    rpcancel_usage(name, "--view: found \"%s\", expected client, server or both", value);
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    struct rpcancel_explore_options *explore = &settings->explore;
    unsigned number = 0;
    switch (option) {
    case 'c':
        return rpcancel_take_unsigned(name, "calls", value, 1, RPCANCEL_HANDLES_MAX, &explore->calls);
    case 't':
        settings->threads_given = true;
        return rpcancel_take_unsigned(name, "threads", value, 1, RPCANCEL_DISPATCHERS_MAX, &explore->threads);
    case 'e':
        settings->earlier_given = true;
        return rpcancel_take_unsigned(name, "earlier", value, 0, RPCANCEL_HANDLES_MAX, &explore->earlier);
    case 'd':
        return rpcancel_take_unsigned(name, "depth", value, 1, RPCANCEL_PATH_MAX, &explore->depth);
    case 's':
        return rpcancel_take_unsigned(name, "seconds", value, 1, 1u << 30, &explore->seconds);
    case 'm':
        if (!rpcancel_take_unsigned(name, "memory", value, 1, MEMORY_MIB_MAX, &number))
            return false;
        explore->memory = (uint64_t)number << 20;
        return true;
    case 'f':
        explore->flips = true;
        return true;
    case 'P':
        return take_profile(settings, value);
    case 'M':
        return take_mutant(settings, value);
    case 'S':
        return rpcancel_take_slice(name, value, &explore->slice);
    case 'E':
        settings->edges = value;
        return true;
    case 'V':
        return take_view(settings, value);
    default:
        settings->dot = value;
        return true;
    }
}

/* Returns -1 to go on, else the exit code. */
static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"calls", required_argument, NULL, 'c'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"earlier", required_argument, NULL, 'e'},
                                            {"depth", required_argument, NULL, 'd'},
                                            {"flips", no_argument, NULL, 'f'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"mutant", required_argument, NULL, 'M'},
                                            {"dot", required_argument, NULL, 'D'},
                                            {"edges", required_argument, NULL, 'E'},
                                            {"memory", required_argument, NULL, 'm'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"slice", required_argument, NULL, 'S'},
                                            {"view", required_argument, NULL, 'V'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int refused = rpcancel_options_only(&command_line, argc, argv, settings);
    if (refused >= 0)
        return refused;
    if (settings->view_given && !settings->dot)
        return rpcancel_usage(name, "--view is about the diagram that --dot writes");
    const struct rpcancel_named_output outputs[] = {{"--dot", settings->dot}, {"--edges", settings->edges}};
    if (!rpcancel_outputs_are_distinct(name, outputs, sizeof outputs / sizeof *outputs))
        return RPCANCEL_EXIT_USAGE;
    bool possible =
        rpcancel_output_is_possible(name, settings->dot) && rpcancel_output_is_possible(name, settings->edges);
    return possible ? -1 : RPCANCEL_EXIT_TROUBLE;
}

/* ---- results ---- */

static void show_progress(const struct rpcancel_pair_table *table, uint32_t expanded, uint64_t edges)
{
    fprintf(stderr, "\r%" PRIu32 " pairs, %" PRIu32 " still to expand, %" PRIu64 " edges  ", table->count,
            table->count - expanded, edges);
    fflush(stderr);
}

static void print_path(const struct rpcancel_explore_result *result)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX], answer[RPCANCEL_ANSWER_TEXT_MAX];
    for (unsigned i = 0; i < result->path_length; i++) {
        rpcancel_operation_print(result->path[i], text, sizeof text);
        printf("  %s\n", text);
    }
    rpcancel_answer_print(result->path_answer, answer, sizeof answer);
    printf("  answered %s\n", answer);
}

static const char *end_text(enum rpcancel_explore_end end)
{
    static const char *const texts[] = {[RPCANCEL_EXPLORE_CLOSED] = "everything that can be reached was searched",
                                        [RPCANCEL_EXPLORE_DEPTH] = "ended at the depth asked for",
                                        [RPCANCEL_EXPLORE_MEMORY] = "ended at the limit of memory",
                                        [RPCANCEL_EXPLORE_TIME] = "ended at the limit of time",
                                        [RPCANCEL_EXPLORE_STOPPED] = "interrupted",
                                        [RPCANCEL_EXPLORE_VIOLATED] = "ended at a violation",
                                        [RPCANCEL_EXPLORE_NO_MEMORY] = "no memory"};
    return texts[end];
}

static void print_problems(const struct rpcancel_explore_result *result)
{
    if (result->end == RPCANCEL_EXPLORE_VIOLATED) {
        const struct rpcancel_rule *rule = rpcancel_rule_at((unsigned)result->violated_rule);
        printf("%s is violated: %s\nA shortest sequence that shows it:\n", rule->id, rule->text);
    } else if (result->path_length) {
        printf("Rules and tables disagree: %" PRIu64 " edges owed a decision without one, %" PRIu64
               " decided where no document speaks, %" PRIu64 " answered otherwise than the table says; flips: %" PRIu64
               " missed, %" PRIu64 " flagged without right. The first:\n",
               result->unjudged, result->overjudged, result->outside, result->flips_missed, result->flips_wrong);
    }
    if (result->path_length)
        print_path(result);
}

/* Rules in force that the whole search never decided, or that no flip shows to be of use. */
static unsigned print_idle_rules(const struct settings *settings, const struct rpcancel_explore_result *result)
{
    unsigned idle = 0;
    for (unsigned i = 0; i < rpcancel_rule_count(); i++) {
        const struct rpcancel_rule *rule = rpcancel_rule_at(i);
        uint64_t tried = rpcancel_slice_own_operations(settings->explore.slice);
        if (!(rule->profiles >> settings->explore.profile & 1u) || !(rule->operations & tried))
            continue;
        if (result->decided[i] == 0)
            printf("%s was never decided\n", rule->id);
        else if (settings->explore.flips && result->flipped_alone[i] == 0)
            printf("%s flags no flip on its own\n", rule->id);
        else
            continue;
        idle++;
    }
    return idle;
}

static void print_figures(const struct settings *settings, const struct rpcancel_explore_result *result)
{
    const struct rpcancel_explore_options *explore = &settings->explore;
    printf("%s: %u call%s, %u thread%s, at most %u earlier; profile %s: %s\n", rpcancel_slice_name(explore->slice),
           explore->calls, explore->calls == 1 ? "" : "s", explore->threads, explore->threads == 1 ? "" : "s",
           explore->earlier, rpcancel_profile_name(explore->profile), end_text(result->end));
    printf("depth %u, %.2f s, %.1f million judged edges a second, %.1f bytes a pair\n", result->depth, result->seconds,
           (double)result->edges / 1e6 / (result->seconds > 0 ? result->seconds : 1),
           (double)result->bytes / (result->pairs ? result->pairs : 1));
    printf("explore: %" PRIu32 " states, %" PRIu32 " pairs, %" PRIu64 " edges, %" PRIu64 " unjudged, %s\n",
           result->states, result->pairs, result->edges, result->unjudged,
           result->end == RPCANCEL_EXPLORE_CLOSED ? "closed" : "open");
    if (explore->flips)
        printf("flips: %" PRIu64 " tried, %" PRIu64 " flagged, %" PRIu64 " unspecified, %" PRIu64 " missed\n",
               result->flips_tried, result->flips_flagged, result->flips_unspecified, result->flips_missed);
}

static enum rpcancel_exit_code write_diagram(const char *path, const struct rpcancel_diagram *diagram)
{
    struct rpcancel_output output;
    if (!rpcancel_output_begin(name, path, &output))
        return RPCANCEL_EXIT_TROUBLE;
    rpcancel_diagram_write(diagram, output.file);
    return rpcancel_output_end(name, path, &output, true);
}

/* ---- edges ---- */

static bool begin_lines(const struct settings *settings, struct collected *collected)
{
    if (!settings->edges)
        return true;
    if (!rpcancel_output_begin(name, settings->edges, &collected->output))
        return false;
    if (rpcancel_edge_lines_open(&collected->lines, collected->output.file, settings->explore.calls))
        return true;
    rpcancel_output_end(name, settings->edges, &collected->output, false);
    return false;
}

static enum rpcancel_exit_code end_lines(const struct settings *settings, struct collected *collected)
{
    if (!settings->edges)
        return RPCANCEL_EXIT_CONFORMANT;
    bool is_whole = !collected->lines.has_failed;
    rpcancel_edge_lines_close(&collected->lines);
    return rpcancel_output_end(name, settings->edges, &collected->output, is_whole);
}

static void collect_edge(void *context, const struct rpcancel_edge *edge)
{
    struct collected *collected = context;
    rpcancel_diagram_edge(&collected->diagram, edge);
    if (collected->lines.out)
        rpcancel_edge_lines_edge(&collected->lines, edge);
}

static enum rpcancel_exit_code code_of(const struct rpcancel_explore_result *result)
{
    if (result->end == RPCANCEL_EXPLORE_STOPPED || result->end == RPCANCEL_EXPLORE_NO_MEMORY)
        return RPCANCEL_EXIT_TROUBLE;
    if (result->path_length || result->flips_missed || result->flips_wrong)
        return RPCANCEL_EXIT_FINDING;
    bool limited = result->end == RPCANCEL_EXPLORE_MEMORY || result->end == RPCANCEL_EXPLORE_TIME;
    return limited ? RPCANCEL_EXIT_FLOOR : RPCANCEL_EXIT_CONFORMANT;
}

static int run(struct settings *settings, struct rpcancel_explore_result *result, struct collected *collected)
{
    collected->diagram.view = settings->view;
    if (settings->dot || settings->edges) {
        settings->explore.edge = collect_edge;
        settings->explore.edge_context = collected;
    }
    if (!begin_lines(settings, collected))
        return RPCANCEL_EXIT_TROUBLE;
    rpcancel_explore(&settings->explore, result);
    if (settings->explore.progress)
        fprintf(stderr, "\r%60s\r", "");
    enum rpcancel_exit_code code = code_of(result);
    code = rpcancel_exit_stronger(code, end_lines(settings, collected));
    print_problems(result);
    bool whole = result->end == RPCANCEL_EXPLORE_CLOSED && settings->explore.step.function == rpcancel_step;
    if (whole && print_idle_rules(settings, result) > 0)
        code = rpcancel_exit_stronger(code, RPCANCEL_EXIT_FINDING);
    if (settings->dot)
        code = rpcancel_exit_stronger(code, write_diagram(settings->dot, &collected->diagram));
    print_figures(settings, result);
    return (int)code;
}

int rpcancel_command_explore(int argc, char **argv)
{
    if (rpcancel_has_option(argc, argv, "--wire"))
        return rpcancel_explore_wire(argc, argv);
    if (rpcancel_has_option(argc, argv, "--datagrams"))
        return rpcancel_explore_datagrams(argc, argv);
    struct settings settings = {.explore = {.calls = 1,
                                            .memory = (uint64_t)DEFAULT_MEMORY_MIB << 20,
                                            .step = {.function = rpcancel_step},
                                            .choices = &rpcancel_choices_documented,
                                            .stop = rpcancel_interrupted()}};
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    if (!settings.threads_given)
        settings.explore.threads =
            settings.explore.calls < RPCANCEL_DISPATCHERS_MAX ? settings.explore.calls : RPCANCEL_DISPATCHERS_MAX;
    if (!settings.earlier_given)
        settings.explore.earlier = settings.explore.calls == 1;
    settings.explore.every_argument = settings.explore.calls == 1;
    settings.explore.progress = isatty(STDERR_FILENO) ? show_progress : NULL;
    rpcancel_interrupts_watch();
    rpcancel_tables_init();
    struct rpcancel_explore_result *result = calloc(1, sizeof *result);
    struct collected *collected = calloc(1, sizeof *collected);
    if (result && collected) {
        code = run(&settings, result, collected);
    } else {
        rpcancel_say(name, "no memory");
        code = RPCANCEL_EXIT_TROUBLE;
    }
    free(result);
    free(collected);
    return code;
}
