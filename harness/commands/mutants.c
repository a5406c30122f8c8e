// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/sub_commands.h"
#include "engine/alphabet.h"
#include "engine/kill.h"
#include "rules/tables.h"

static const char name[] = "mutants";

enum { RANDOM_RUNS_MUTANT = 200000, RANDOM_RUNS_VARIANT = 20000, FUZZ_SECONDS = 10, FUZZ_SECONDS_MOST = 86400 };

struct settings {
    bool list;
    bool variants;
    bool engines[RPCANCEL_KILL_ENGINES];
    bool engine_given;
    uint64_t seed;
    const char *fuzzer; /* as given, or NULL */
    uint64_t fuzz_seconds;
    char fuzzers[RPCANCEL_KILL_ENGINES][PATH_MAX]; /* the fuzz target of each engine that is a fuzzer */
};

/* What became of all of one sort. */
struct tally {
    unsigned total;
    unsigned violated; /* at least once: a variant is rejected */
    unsigned escaped;  /* from at least one engine: a mutant survived */
    bool failed;
};

static void print_help(void)
{
    printf(
        "Usage: rpcancel mutants [OPTION…]\n\n"
        "Runs deliberate defects of the reference implementation (mutants), each of which a named rule must\n"
        "catch, or other answers where the documents are silent (variants), none of which a rule may reject.\n\n"
        "  --list       say which there are\n"
        "  --variants   the variants instead of the mutants; with delivery controlled and hidden\n"
        "  --engine E   check (the catalogue), explore (exhaustive search), random, libfuzzer or afl; may be\n"
        "               repeated (default: check and explore; variants: these and random)\n"
        "  --seed N     of random sequences, hidden delivery and fuzzers (default 1)\n"
        "  --fuzzer F   the fuzz target, built for that engine (default: fuzz_sequence in ../fuzz-libfuzzer\n"
        "               or ../fuzz-afl, as seen from the folder of this program)\n"
        "  --fuzz-seconds N\n"
        "               how long a fuzzer may take for each (default %d)\n"
        "  --wire       those of associations of the wire (see `rpcancel mutants --wire --help`)\n"
        "  --datagrams  those of calls over datagrams (see `rpcancel mutants --datagrams --help`)\n"
        "  --generated  those that can be made of the tables of the machine, thousands, each told killed,\n"
        "               equivalent or unspecified by exhaustive search (see `rpcancel mutants --generated --help`)\n\n"
        "A mutant counts as killed when every engine asked kills it. How fast fuzzers are: ci/fuzz-kill.\n"
        "Exit codes: 0 all killed, none rejected · 1 otherwise · 2 usage · 3 trouble, interrupted.\n",
        FUZZ_SECONDS);
}

static bool take_engine(struct settings *settings, const char *value)
{
    for (unsigned i = 0; i < RPCANCEL_KILL_ENGINES; i++) {
        if (strcmp(rpcancel_kill_engine_name((enum rpcancel_kill_engine)i), value) == 0) {
            settings->engines[i] = settings->engine_given = true;
            return true;
        }
    }
    rpcancel_usage(name, "--engine: found \"%s\", expected check, explore, random, libfuzzer or afl", value);
    return false;
}

static bool is_fuzzer(unsigned engine)
{
    return engine == RPCANCEL_KILL_LIBFUZZER || engine == RPCANCEL_KILL_AFL;
}

/* The fuzz target that was built beside this program. */
static void find_beside(char path[PATH_MAX], unsigned engine)
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(own, '/');
    if (slash)
        *slash = '\0';
    snprintf(path, PATH_MAX, "%.*s/../fuzz-%s/fuzz_sequence", PATH_MAX - 64, own,
             rpcancel_kill_engine_name((enum rpcancel_kill_engine)engine));
}

/* Finds the targets of the fuzzers that are asked. Returns -1 or an exit code. */
static int find_fuzzers(struct settings *settings)
{
    unsigned asked = 0;
    for (unsigned engine = 0; engine < RPCANCEL_KILL_ENGINES; engine++)
        asked += is_fuzzer(engine) && settings->engines[engine];
    if (settings->fuzzer && asked != 1)
        return rpcancel_usage(name,
                              "--fuzzer is the target of one engine: it needs --engine libfuzzer or --engine afl");
    for (unsigned engine = 0; engine < RPCANCEL_KILL_ENGINES; engine++) {
        char *path = settings->fuzzers[engine];
        if (!is_fuzzer(engine) || !settings->engines[engine])
            continue;
        if (settings->fuzzer)
            snprintf(path, PATH_MAX, "%s", settings->fuzzer);
        else
            find_beside(path, engine);
        if (access(path, X_OK) == 0)
            continue;
        const char *preset = rpcancel_kill_engine_name((enum rpcancel_kill_engine)engine);
        rpcancel_say(name, "%s: %s; build it with cmake --preset fuzz-%s, or say --fuzzer", path, strerror(errno),
                     preset);
        return RPCANCEL_EXIT_TROUBLE;
    }
    return -1;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    switch (option) {
    case 'l':
        settings->list = true;
        return true;
    case 'v':
        settings->variants = true;
        return true;
    case 'e':
        return take_engine(settings, value);
    case 's':
        return rpcancel_take_number(name, "seed", value, 0, UINT64_MAX, &settings->seed);
    case 'f':
        settings->fuzzer = value;
        return true;
    default:
        return rpcancel_take_number(name, "fuzz-seconds", value, 1, FUZZ_SECONDS_MOST, &settings->fuzz_seconds);
    }
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"list", no_argument, NULL, 'l'},         {"variants", no_argument, NULL, 'v'},
        {"engine", required_argument, NULL, 'e'}, {"seed", required_argument, NULL, 's'},
        {"fuzzer", required_argument, NULL, 'f'}, {"fuzz-seconds", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},         {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    return rpcancel_options_only(&command_line, argc, argv, settings);
}

static void print_list(bool variants)
{
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        bool narrow = mutant->profile != RPCANCEL_PROFILE_DOCUMENTED;
        bool is_core = mutant->slice == RPCANCEL_SLICE_CORE;
        if (mutant->variant == variants)
            printf("%-44s %s%s%s%s%s%s%s%s\n", mutant->name, mutant->text, mutant->source ? " [" : "",
                   mutant->source ? mutant->source : "", mutant->source ? "]" : "", narrow ? " Profile " : "",
                   narrow ? rpcancel_profile_name(mutant->profile) : "", is_core ? "" : " Slice ",
                   is_core ? "" : rpcancel_slice_name(mutant->slice));
    }
}

static void print_kill(const struct rpcancel_kill *kill, const char *engine, bool hidden)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    printf("  %-9s%s ", engine, hidden ? " (delivery hidden)" : "");
    if (kill->end == RPCANCEL_KILL_VIOLATED) {
        printf("%s after %" PRIu64 ", %.2f s:", rpcancel_rule_at((unsigned)kill->rule)->id, kill->effort,
               kill->seconds);
        for (size_t i = 0; i < kill->sequence.count; i++) {
            rpcancel_operation_print(kill->sequence.items[i].operation, text, sizeof text);
            printf("%s %s", i ? ";" : "", text);
        }
        printf("\n");
    } else {
        printf("%s%s%s after %" PRIu64 ", %.2f s\n",
               kill->end == RPCANCEL_KILL_SURVIVED ? "no rule objects" : "could not be carried out",
               *kill->failure ? ": " : "", kill->failure, kill->effort, kill->seconds);
    }
}

/* Sets one engine on one mutant or variant. */
static void try_one(const struct settings *settings, const struct rpcancel_mutant *mutant,
                    enum rpcancel_kill_engine engine, bool hidden, bool *violated, bool *survived, bool *failed)
{
    struct rpcancel_kill_options options = {
        .engine = engine,
        .profile = mutant->profile,
        .hide_delivery = hidden,
        .seed = settings->seed,
        .runs = mutant->variant ? RANDOM_RUNS_VARIANT : RANDOM_RUNS_MUTANT,
        .fuzzer = settings->fuzzers[engine],
        .fuzz_seconds = (unsigned)settings->fuzz_seconds,
        .stop = rpcancel_interrupted(),
    };
    struct rpcancel_kill kill;
    rpcancel_kill_try(mutant, &options, &kill);
    print_kill(&kill, rpcancel_kill_engine_name(engine), hidden);
    fflush(stdout);
    *violated |= kill.end == RPCANCEL_KILL_VIOLATED;
    *survived |= kill.end == RPCANCEL_KILL_SURVIVED;
    *failed |= kill.end == RPCANCEL_KILL_FAILED;
    rpcancel_sequence_free(&kill.sequence);
}

static void try_all_engines(const struct settings *settings, const struct rpcancel_mutant *mutant, struct tally *tally)
{
    bool violated = false;
    bool survived = false;
    printf("%s\n", mutant->name);
    for (unsigned engine = 0; engine < RPCANCEL_KILL_ENGINES; engine++) {
        if (!settings->engines[engine])
            continue;
        try_one(settings, mutant, (enum rpcancel_kill_engine)engine, false, &violated, &survived, &tally->failed);
        if (mutant->variant && (engine == RPCANCEL_KILL_CHECK || engine == RPCANCEL_KILL_RANDOM))
            try_one(settings, mutant, (enum rpcancel_kill_engine)engine, true, &violated, &survived, &tally->failed);
    }
    tally->total++;
    tally->violated += violated;
    tally->escaped += survived;
}

static int conclude(const struct settings *settings, const struct tally *tally)
{
    unsigned wrong = settings->variants ? tally->violated : tally->escaped;
    if (settings->variants)
        printf("variants: %u total, %u rejected\n", tally->total, tally->violated);
    else
        printf("mutants: %u total, %u killed, 0 equivalent, 0 unspecified, %u survived\n", tally->total,
               tally->total - tally->escaped, tally->escaped);
    if (tally->failed || *rpcancel_interrupted()) {
        rpcancel_say(name, "%s", *rpcancel_interrupted() ? "interrupted" : "an engine could not do its work");
        return RPCANCEL_EXIT_TROUBLE;
    }
    return wrong ? RPCANCEL_EXIT_FINDING : RPCANCEL_EXIT_CONFORMANT;
}

int rpcancel_command_mutants(int argc, char **argv)
{
    if (rpcancel_has_option(argc, argv, "--wire"))
        return rpcancel_mutants_wire(argc, argv);
    if (rpcancel_has_option(argc, argv, "--datagrams"))
        return rpcancel_mutants_datagrams(argc, argv);
    if (rpcancel_has_option(argc, argv, "--generated"))
        return rpcancel_mutants_generated(argc, argv);
    static struct settings settings = {.seed = 1, .fuzz_seconds = FUZZ_SECONDS};
    struct tally tally = {0};
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    if (settings.list) {
        print_list(settings.variants);
        return RPCANCEL_EXIT_CONFORMANT;
    }
    if (!settings.engine_given) {
        settings.engines[RPCANCEL_KILL_CHECK] = settings.engines[RPCANCEL_KILL_EXPLORE] = true;
        settings.engines[RPCANCEL_KILL_RANDOM] = settings.variants;
    }
    code = find_fuzzers(&settings);
    if (code >= 0)
        return code;
    rpcancel_interrupts_watch();
    rpcancel_tables_init();
    for (unsigned i = 0; i < rpcancel_mutant_count() && !*rpcancel_interrupted(); i++) {
        if (rpcancel_mutant_at(i)->variant == settings.variants)
            try_all_engines(&settings, rpcancel_mutant_at(i), &tally);
    }
    return conclude(&settings, &tally);
}
