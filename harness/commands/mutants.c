// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "engine/kill.h"
#include "rules/tables.h"

static const char name[] = "mutants";

enum { RANDOM_RUNS_MUTANT = 200000, RANDOM_RUNS_VARIANT = 20000 };

struct settings {
    bool list;
    bool variants;
    bool engines[RPCANCEL_KILL_ENGINES];
    bool engine_given;
    uint64_t seed;
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
    printf("Usage: rpcancel mutants [OPTION…]\n\n"
           "Runs deliberate defects of the reference implementation (mutants), each of which a named rule must\n"
           "catch, or other answers where the documents are silent (variants), none of which a rule may reject.\n\n"
           "  --list       say which there are\n"
           "  --variants   the variants instead of the mutants; with delivery controlled and hidden\n"
           "  --engine E   check (the catalogue), explore (exhaustive search) or random; may be repeated\n"
           "               (default: check and explore; variants: all three)\n"
           "  --seed N     of random sequences and hidden delivery (default 1)\n\n"
           "A mutant counts as killed when every engine asked kills it. Fuzzers as engines: ci/fuzz-kill.\n"
           "Exit codes: 0 all killed, none rejected · 1 otherwise · 2 usage · 3 trouble, interrupted.\n");
}

static bool take_engine(struct settings *settings, const char *value)
{
    for (unsigned i = 0; i < RPCANCEL_KILL_ENGINES; i++) {
        if (strcmp(rpcancel_kill_engine_name((enum rpcancel_kill_engine)i), value) == 0) {
            settings->engines[i] = settings->engine_given = true;
            return true;
        }
    }
    bool is_fuzzer = strcmp(value, "libfuzzer") == 0 || strcmp(value, "afl") == 0;
    rpcancel_usage(name, "--engine: found \"%s\", expected check, explore or random%s", value,
                   is_fuzzer ? "; fuzzers are set on mutants by ci/fuzz-kill" : "");
    return false;
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"list", no_argument, NULL, 'l'},         {"variants", no_argument, NULL, 'v'},
        {"engine", required_argument, NULL, 'e'}, {"seed", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},         {0}};
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        switch (option) {
        case 'l':
            settings->list = true;
            break;
        case 'v':
            settings->variants = true;
            break;
        case 'e':
            if (!take_engine(settings, optarg))
                return RPCANCEL_EXIT_USAGE;
            break;
        case 's':
            if (!rpcancel_number(optarg, UINT64_MAX, &settings->seed))
                return rpcancel_usage(name, "--seed: found \"%s\", expected a decimal number", optarg);
            break;
        case 'h':
            print_help();
            return RPCANCEL_EXIT_CONFORMANT;
        default:
            return rpcancel_bad_option(name, option, argv[optind - 1]);
        }
    }
    if (optind < argc)
        return rpcancel_usage(name, "unexpected argument \"%s\"; it takes options only", argv[optind]);
    return -1;
}

static void print_list(bool variants)
{
    for (unsigned i = 0; i < rpcancel_mutant_count(); i++) {
        const struct rpcancel_mutant *mutant = rpcancel_mutant_at(i);
        bool narrow = mutant->profile != RPCANCEL_PROFILE_DOCUMENTED && !mutant->variant;
        if (mutant->variant == variants)
            printf("%-44s %s%s%s\n", mutant->name, mutant->text, narrow ? " Profile " : "",
                   narrow ? rpcancel_profile_name(mutant->profile) : "");
    }
}

static void print_kill(const struct rpcancel_kill *kill, const char *engine, bool hidden)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    printf("  %-8s%s ", engine, hidden ? " (delivery hidden)" : "");
    if (kill->end == RPCANCEL_KILL_VIOLATED) {
        printf("%s after %" PRIu64 ", %.2f s:", rpcancel_rule_at((unsigned)kill->rule)->id, kill->effort,
               kill->seconds);
        for (size_t i = 0; i < kill->sequence.count; i++) {
            rpcancel_operation_print(kill->sequence.items[i].operation, text, sizeof text);
            printf("%s %s", i ? ";" : "", text);
        }
        printf("\n");
    } else {
        printf("%s after %" PRIu64 ", %.2f s\n",
               kill->end == RPCANCEL_KILL_SURVIVED ? "no rule objects" : "could not be carried out", kill->effort,
               kill->seconds);
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
        if (mutant->variant && engine != RPCANCEL_KILL_EXPLORE)
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
    struct settings settings = {.seed = 1};
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
    rpcancel_interrupts_watch();
    rpcancel_tables_init();
    for (unsigned i = 0; i < rpcancel_mutant_count() && !*rpcancel_interrupted(); i++) {
        if (rpcancel_mutant_at(i)->variant == settings.variants)
            try_all_engines(&settings, rpcancel_mutant_at(i), &tally);
    }
    return conclude(&settings, &tally);
}
