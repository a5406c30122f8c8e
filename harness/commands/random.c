// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/outputs.h"
#include "engine/random.h"
#include "engine/random_wire.h"
#include "engine/run.h"
#include "engine/shrink.h"
#include "report/output.h"
#include "report/private_findings.h"
#include "report/report.h"

static const char name[] = "random";

enum {
    DEFAULT_LENGTH = 60,
    DEFAULT_WIRE_LENGTH = 14,
    LENGTH_MAX = 100000,
    DEFAULT_SECONDS = 10,
    SHRINK_RUNS = 5000,
    PROGRESS_EVERY = 4096
};

struct settings {
    struct rpcancel_runtime_choice choice;
    uint64_t seconds;
    uint64_t runs;   /* 0: as many as fit the time */
    uint64_t length; /* 0: the default of what is under test */
    uint64_t calls;
    enum rpcancel_slice slice;
    const char *out;
    bool bisect;
};

/* One session: what is run, and what came of it so far. */
struct session {
    const struct settings *settings;
    struct rpcancel_runtime *runtime;
    struct rpcancel_rule_set rules;
    struct rpcancel_tallies tallies;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_random random;
    struct rpcancel_sequence sequence;
    struct rpcancel_run run;
    uint64_t runs;
    struct timespec end;
};

static void print_help(void)
{
    printf(
        "Usage: rpcancel random [OPTION…]\n\n"
        "Runs random sequences on a runtime and judges every answer. The first sequence that fails is shrunk\n"
        "(see `rpcancel shrink`) and written to a file.\n\n" RPCANCEL_RUNTIME_HELP
        "                     (--seed is that of the random sequences as well)\n"
        "  --seconds T        how long (default %d)\n"
        "  --runs N           end after N sequences\n"
        "  --length N         operations in a sequence (default %d; over TCP %d)\n"
        "  --calls N          handles, 1 to %d (default 2); as many dispatcher threads, at most %d\n"
        "  --slice NAME       core (default); notification, which adds what a server can subscribe to; or\n"
        "                     synchronous, the calls that threads wait for\n"
        "  --out F            where a failing sequence goes (default random-RULE.seq); one that crashes somebody\n"
        "                     else's program to private-findings beside it (docs/disclosure.md)\n" RPCANCEL_BISECT_HELP
        "                     (give --runs and --seed: the same sequences at each revision)\n\n"
        "Exit codes: 0 no violation · 1 a violation · 4 the runtime crashed or hung · 2 usage · 3 trouble.\n",
        DEFAULT_SECONDS, DEFAULT_LENGTH, DEFAULT_WIRE_LENGTH, RPCANCEL_HANDLES_MAX, RPCANCEL_DISPATCHERS_MAX);
}

/* ---- arguments ---- */

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    switch (option) {
    case 't':
        return rpcancel_take_number(name, "seconds", value, 1, 1u << 30, &settings->seconds);
    case 'n':
        return rpcancel_take_number(name, "runs", value, 1, UINT64_MAX, &settings->runs);
    case 'l':
        return rpcancel_take_number(name, "length", value, 1, LENGTH_MAX, &settings->length);
    case 'c':
        return rpcancel_take_number(name, "calls", value, 1, RPCANCEL_HANDLES_MAX, &settings->calls);
    case 's':
        return rpcancel_take_slice(name, value, &settings->slice);
    case 'o':
        settings->out = value;
        return true;
    case RPCANCEL_BISECT_OPTION:
        settings->bisect = true;
        return true;
    default:
        return rpcancel_runtime_choice_take(&settings->choice, name, option, value);
    }
}

/* Whether everything can be written that may have to be: where it goes and under what name tells only the failure. */
static bool outputs_are_possible(const struct settings *settings)
{
    const char *out = settings->out ? settings->out : "random-failure.seq";
    bool is_sound = strcmp(settings->choice.how, "reference") == 0 && !settings->choice.options.mutant;
    if (is_sound && !settings->out)
        return true; /* nobody expects a failure */
    return rpcancel_output_is_possible(name, out) &&
           rpcancel_private_output_is_possible(name, out, settings->choice.how);
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {RPCANCEL_RUNTIME_LONG_OPTIONS,
                                            RPCANCEL_BISECT_LONG_OPTION,
                                            {"seconds", required_argument, NULL, 't'},
                                            {"runs", required_argument, NULL, 'n'},
                                            {"length", required_argument, NULL, 'l'},
                                            {"calls", required_argument, NULL, 'c'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"slice", required_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int refused = rpcancel_options_only(&command_line, argc, argv, settings);
    if (refused >= 0)
        return refused;
    enum rpcancel_test_subject subject = rpcancel_runtime_subject(settings->choice.how);
    if (subject == RPCANCEL_SUBJECT_CLIENT)
        return rpcancel_usage(name,
                              "--runtime %s: what a client does is its own; expected a runtime of the API or a server",
                              settings->choice.how);
    if (subject != RPCANCEL_SUBJECT_API && settings->slice != RPCANCEL_SLICE_CORE)
        return rpcancel_usage(name, "--slice: a server is spoken to in PDUs; expected a runtime of the API");
    if (settings->length == 0)
        settings->length = subject == RPCANCEL_SUBJECT_SERVER ? DEFAULT_WIRE_LENGTH : DEFAULT_LENGTH;
    const struct rpcancel_named_output output = {"--out", settings->out};
    if (!rpcancel_runtime_choice_is_spared(&settings->choice, name, &output, 1))
        return RPCANCEL_EXIT_USAGE;
    return outputs_are_possible(settings) ? -1 : RPCANCEL_EXIT_TROUBLE;
}

/* ---- running ---- */

static bool is_over(const struct session *session)
{
    struct timespec now;
    if (*rpcancel_interrupted() || (session->settings->runs && session->runs >= session->settings->runs))
        return true;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > session->end.tv_sec ||
           (now.tv_sec == session->end.tv_sec && now.tv_nsec >= session->end.tv_nsec);
}

static void show_progress(const struct session *session)
{
    if (session->runs % PROGRESS_EVERY == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%" PRIu64 " sequences, %" PRIu64 " operations  ", session->runs,
                session->tallies.operations);
}

static bool is_of_wire(const struct session *session)
{
    return session->runtime->functions->subject != RPCANCEL_SUBJECT_API;
}

/* The next sequence; false when memory is exhausted. */
static bool draw(struct session *session)
{
    const struct settings *settings = session->settings;
    const struct rpcancel_random_wire_options wire = {
        .length = (unsigned)settings->length, .handles = (unsigned)settings->calls, .lacks = session->runtime->lacks};
    const struct rpcancel_random_options options = {.length = (unsigned)settings->length,
                                                    .hidden = rpcancel_run_hides(session->runtime),
                                                    .alphabet = &session->alphabet};
    return is_of_wire(session) ? rpcancel_random_wire_sequence(&session->random, &wire, &session->sequence)
                               : rpcancel_random_sequence(&session->random, &options, &session->sequence);
}

/* Runs until a sequence fails or the session is over. False when memory is exhausted. */
static bool run_all(struct session *session)
{
    while (!is_over(session)) {
        if (!draw(session))
            return false;
        enum rpcancel_run_end end = rpcancel_run_sequence(&session->run, session->runtime, &session->sequence);
        session->runs++;
        show_progress(session);
        if (end != RPCANCEL_RUN_OK && end != RPCANCEL_RUN_UNIMPLEMENTED)
            break;
    }
    return true;
}

/* ---- what was found ---- */

static void default_path(struct rpcancel_failure_kind kind, char *out, size_t size)
{
    char file[RPCANCEL_MESSAGE_MAX] = "failure.seq";
    if (kind.end == RPCANCEL_RUN_VIOLATED)
        rpcancel_report_file_name(rpcancel_rule_at((unsigned)kind.rule)->id, file, sizeof file);
    snprintf(out, size, "random-%s", file);
}

/* How to run what was saved in |path| again, as it can be given to a shell. */
static void print_hint(const struct settings *settings, const char *path)
{
    char options[256];
    if (strcmp(path, "-") == 0)
        return;
    rpcancel_runtime_choice_write(&settings->choice, options, sizeof options);
    printf("saved as %s; again:\n  rpcancel replay --strict --runtime ", path);
    rpcancel_report_quote(settings->choice.how, stdout);
    printf("%s %s", options, path[0] == '-' ? "./" : "");
    rpcancel_report_quote(path, stdout);
    printf("\n");
}

static int save(const struct session *session, struct rpcancel_failure_kind kind)
{
    char path[RPCANCEL_MESSAGE_MAX + 16], instead[RPCANCEL_PRIVATE_PATH_MAX];
    struct rpcancel_output output;
    default_path(kind, path, sizeof path);
    const char *to = session->settings->out ? session->settings->out : path;
    bool is_private = rpcancel_is_private(kind.end, session->settings->choice.how) && strcmp(to, "-") != 0;
    bool opened = is_private ? rpcancel_private_open(&output, to, instead) : rpcancel_output_open(&output, to);
    to = opened && is_private ? instead : to;
    if (opened && kind.end == RPCANCEL_RUN_CRASHED)
        fprintf(output.file, "# The runtime crashed: %s\n", session->run.failure);
    if (opened && rpcancel_sequence_write_text(&session->sequence, output.file) && rpcancel_output_commit(&output)) {
        print_hint(session->settings, to);
        if (is_private)
            rpcancel_say_private(name, to);
        return RPCANCEL_EXIT_CONFORMANT;
    }
    rpcancel_say(name, "%s: %s", to, strerror(errno));
    return RPCANCEL_EXIT_TROUBLE;
}

static void shrink(struct session *session, struct rpcancel_failure_kind kind, struct rpcancel_shrink_result *result)
{
    const struct rpcancel_shrink_options options = {
        .kind = kind,
        .runs = SHRINK_RUNS,
        .interrupted = rpcancel_interrupted(),
        .progress = rpcancel_progress_of_shrinking(),
    };
    rpcancel_shrink(&session->run, session->runtime, &session->sequence, &options, result);
    rpcancel_progress_clear();
}

static void print_rule(const struct rpcancel_rule *rule)
{
    printf("%s (%s): %s\n", rule->id, rpcancel_level_name((enum rpcancel_level)rule->level), rule->text);
    printf("source: %s\n", rule->source);
}

/* Prints what is left; |shown| of the last runs of it failed in the same way. */
static void print_sequence(const struct session *session, enum rpcancel_run_end end, unsigned shown)
{
    char got[RPCANCEL_ANSWER_TEXT_MAX];
    if (session->runtime->is_gone) {
        printf("not shrunk, for the runtime is gone: ");
    } else if (shown < RPCANCEL_ATTEMPTS) {
        printf("fails now and then, in %u of %u more runs; not shrunk: ", shown, RPCANCEL_ATTEMPTS);
    } else if (end == RPCANCEL_RUN_VIOLATED && is_of_wire(session)) {
        printf("got %s, from: ", session->run.got);
    } else if (end == RPCANCEL_RUN_VIOLATED) {
        rpcancel_answer_print(session->run.steps[session->run.last_step].answer, got, sizeof got);
        printf("got %s from the last of: ", got);
    } else if (session->run.at_reset) {
        printf("fails at the reset after: ");
    } else {
        printf("fails with the last of: ");
    }
    rpcancel_report_sequence(&session->sequence, "; ", stdout);
    printf("\n");
}

/* Where a missing answer is the failure every try waits for a deadline: that is left to `rpcancel shrink`. */
static int report_failure(struct session *session, enum rpcancel_exit_code code)
{
    struct rpcancel_failure_kind kind = rpcancel_failure_of(&session->run);
    struct rpcancel_shrink_result result;
    if (kind.end == RPCANCEL_RUN_VIOLATED)
        print_rule(rpcancel_rule_at((unsigned)kind.rule));
    else
        printf("%s\n", session->run.failure);
    if (kind.end != RPCANCEL_RUN_HUNG) {
        shrink(session, kind, &result);
        print_sequence(session, kind.end, result.shown);
    }
    return (int)rpcancel_exit_stronger(code, (enum rpcancel_exit_code)save(session, kind));
}

static int report(struct session *session)
{
    switch (session->run.end) {
    case RPCANCEL_RUN_VIOLATED:
        return report_failure(session, RPCANCEL_EXIT_FINDING);
    case RPCANCEL_RUN_CRASHED:
    case RPCANCEL_RUN_HUNG:
        return report_failure(session, RPCANCEL_EXIT_RUNTIME);
    case RPCANCEL_RUN_BROKEN:
        rpcancel_say(name, "%s", session->run.failure);
        return RPCANCEL_EXIT_TROUBLE;
    default:
        return *rpcancel_interrupted() ? RPCANCEL_EXIT_TROUBLE : RPCANCEL_EXIT_CONFORMANT;
    }
}

static uint64_t count_decisions(const struct session *session)
{
    uint64_t decisions = 0;
    for (unsigned i = 0; i < rpcancel_rule_all(); i++)
        decisions += session->tallies.rules[i].decided;
    return decisions;
}

static int run_session(struct session *session)
{
    clock_gettime(CLOCK_MONOTONIC, &session->end);
    session->end.tv_sec += (time_t)session->settings->seconds;
    session->random.state = session->settings->choice.options.seed;
    rpcancel_runtime_choice_rules(&session->settings->choice, &session->rules, ~0u);
    unsigned calls = (unsigned)session->settings->calls;
    unsigned threads = calls < RPCANCEL_DISPATCHERS_MAX ? calls : RPCANCEL_DISPATCHERS_MAX;
    enum rpcancel_slice slice = session->settings->slice;
    rpcancel_alphabet_init_slice(&session->alphabet, calls, threads, slice != RPCANCEL_SLICE_CORE, slice);
    session->run.rules = &session->rules;
    session->run.tallies = &session->tallies;
    int code = RPCANCEL_EXIT_TROUBLE;
    if (run_all(session)) {
        rpcancel_progress_clear();
        uint64_t operations = session->tallies.operations;
        uint64_t decisions = count_decisions(session);
        code = report(session);
        printf("random: %" PRIu64 " sequence%s, %" PRIu64 " operations, %" PRIu64 " decisions, seed %" PRIu64 ", %s\n",
               session->runs, session->runs == 1 ? "" : "s", operations, decisions,
               session->settings->choice.options.seed,
               code == RPCANCEL_EXIT_CONFORMANT ? "no violation"
               : code == RPCANCEL_EXIT_FINDING  ? "1 violation"
                                                : "ended early");
    } else {
        rpcancel_say(name, "no memory");
    }
    rpcancel_run_free(&session->run);
    rpcancel_sequence_free(&session->sequence);
    return code;
}

static int run_random(struct settings *settings, int argc, char **argv)
{
    enum rpcancel_exit_code trouble = RPCANCEL_EXIT_TROUBLE;
    rpcancel_runtime_choice_init(&settings->choice);
    int code = read_arguments(settings, argc, argv);
    if (code >= 0)
        return code;
    struct rpcancel_runtime *runtime = rpcancel_runtime_choice_open(&settings->choice, name, &trouble);
    if (!runtime)
        return (int)trouble;
    struct session *session = calloc(1, sizeof *session);
    code = RPCANCEL_EXIT_TROUBLE;
    if (session) {
        session->settings = settings;
        session->runtime = runtime;
        code = run_session(session);
    }
    enum rpcancel_exit_code closed = rpcancel_runtime_choice_close(runtime, name);
    free(session);
    return (int)rpcancel_exit_stronger((enum rpcancel_exit_code)code, closed);
}

int rpcancel_command_random(int argc, char **argv)
{
    struct settings settings = {.seconds = DEFAULT_SECONDS, .calls = 2, .bisect = rpcancel_asks_for_bisect(argc, argv)};
    int code = run_random(&settings, argc, argv);
    return settings.bisect ? rpcancel_end_for_bisect(code) : code;
}
