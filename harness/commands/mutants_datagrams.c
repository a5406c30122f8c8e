// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/sub_commands.h"
#include "exchange/changes.h"
#include "report/output.h"

static const char name[] = "mutants";

struct settings {
    bool list, variants;
    const char *markdown; /* file, or NULL */
};

/* What there is to try, and what came of it so far. */
struct trial {
    const struct settings *settings;
    FILE *table; /* NULL: none */
    unsigned total, killed;
    unsigned kills[RPCANCEL_WIRE_RULES_MAX]; /* by rule */
    bool failed;
};

static void print_help(void)
{
    printf("Usage: rpcancel mutants --datagrams [OPTION…]\n\n"
           "Searches calls over datagrams with a deliberate defect of one end (mutants), which a rule of datagrams\n"
           "must name, or that do what an end may do otherwise (variants), to which none may object. Mutants that\n"
           "datagrams do not show must break a promise of the two ends together.\n\n"
           "  --list           say which there are\n"
           "  --variants       the variants instead of the mutants\n"
           "  --markdown FILE  also write a table: which rule names which mutant\n\n"
           "Exit codes: 0 all killed, every rule kills, none rejected · 1 otherwise · 2 usage · 3 trouble, "
           "interrupted.\n");
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    settings->list |= option == 'l';
    settings->variants |= option == 'v';
    if (option == 'm')
        settings->markdown = value;
    return true;
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"datagrams", no_argument, NULL, 'd'}, {"list", no_argument, NULL, 'l'},
        {"variants", no_argument, NULL, 'v'},  {"markdown", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},      {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    int code = rpcancel_options_only(&command_line, argc, argv, settings);
    if (code >= 0 || !settings->markdown || (!settings->list && !settings->variants))
        return code;
    return rpcancel_usage(name, "--markdown is of mutants that are tried: it goes neither with --list nor --variants");
}

static const char *verdict_of(const struct rpcancel_exchange_kill *kill)
{
    switch (kill->end) {
    case RPCANCEL_EXCHANGE_KILLED_BY_RULE:
        return rpcancel_datagram_rule_at((unsigned)kill->rule)->id;
    case RPCANCEL_EXCHANGE_KILLED_BY_PROMISE:
        return kill->promise;
    case RPCANCEL_EXCHANGE_KILL_FAILED:
        return "could not be searched";
    default:
        return "no rule objects";
    }
}

static void print_kill(const struct rpcancel_exchange_mutant *mutant, const struct rpcancel_exchange_kill *kill)
{
    printf("%s\n  %s after %" PRIu64 " pairs", mutant->change.name, verdict_of(kill), kill->pairs);
    for (unsigned i = 0; i < kill->path_length; i++)
        printf("%s %s", i ? ";" : ":", kill->path[i]);
    printf("\n");
    fflush(stdout);
}

static void try_one(struct trial *trial, const struct rpcancel_exchange_mutant *mutant)
{
    static struct rpcancel_exchange_kill kill;
    rpcancel_exchange_kill_try(mutant, rpcancel_interrupted(), &kill);
    print_kill(mutant, &kill);
    trial->total++;
    trial->killed += kill.end == RPCANCEL_EXCHANGE_KILLED_BY_RULE || kill.end == RPCANCEL_EXCHANGE_KILLED_BY_PROMISE;
    trial->failed |= kill.end == RPCANCEL_EXCHANGE_KILL_FAILED;
    if (kill.rule >= 0)
        trial->kills[kill.rule]++;
    if (trial->table)
        fprintf(trial->table, "| `%s` | %s | %s | %s | %u |\n", mutant->change.name, mutant->change.text,
                rpcancel_wire_profile_name(mutant->profile), verdict_of(&kill), kill.path_length);
}

static void print_entry(const struct rpcancel_exchange_mutant *mutant)
{
    printf("%-30s %s Profile %s%s\n", mutant->change.name, mutant->change.text,
           rpcancel_wire_profile_name(mutant->profile), mutant->is_hidden ? ", by a promise" : "");
}

static void go_through(struct trial *trial, const struct rpcancel_exchange_mutant *mutants, unsigned count)
{
    for (unsigned i = 0; i < count && !trial->failed; i++) {
        if (trial->settings->list)
            print_entry(&mutants[i]);
        else
            try_one(trial, &mutants[i]);
    }
}

/* Returns how many rules kill none. */
static unsigned print_rules(const struct trial *trial)
{
    unsigned count = rpcancel_datagram_rule_count(), idle = 0;
    for (unsigned i = 0; i < count; i++) {
        idle += trial->kills[i] == 0;
        if (trial->kills[i] == 0)
            printf("kills none: %s\n", rpcancel_datagram_rule_at(i)->id);
    }
    printf("rules: %u of %u kill\n", count - idle, count);
    return idle;
}

static int conclude(const struct trial *trial)
{
    if (trial->settings->variants) {
        printf("variants: %u total, %u rejected\n", trial->total, trial->killed);
        return trial->killed ? RPCANCEL_EXIT_FINDING : RPCANCEL_EXIT_CONFORMANT;
    }
    unsigned idle = print_rules(trial), survived = trial->total - trial->killed;
    printf("mutants: %u total, %u killed, 0 equivalent, 0 unspecified, %u survived\n", trial->total, trial->killed,
           survived);
    return idle || survived ? RPCANCEL_EXIT_FINDING : RPCANCEL_EXIT_CONFORMANT;
}

static int try_all(const struct settings *settings, FILE *table)
{
    static struct trial trial;
    trial.settings = settings;
    trial.table = table;
    if (table)
        fprintf(table,
                "# Mutants of datagrams\n\nWritten by `rpcancel mutants --datagrams --markdown "
                "docs/datagram-mutants.md`: which rule, or promise of both\nends, names each, and how many steps "
                "a shortest way to it has.\n\n| Mutant | Defect | Profile | Named by | Steps |\n"
                "|---|---|---|---|--:|\n");
    if (settings->variants) {
        go_through(&trial, rpcancel_exchange_variants, rpcancel_exchange_variant_count);
    } else {
        go_through(&trial, rpcancel_exchange_defects, rpcancel_exchange_defect_count);
        go_through(&trial, rpcancel_exchange_hidden, rpcancel_exchange_hidden_count);
    }
    if (trial.failed) {
        rpcancel_say(name, "%s", *rpcancel_interrupted() ? "interrupted" : "no memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    return settings->list ? RPCANCEL_EXIT_CONFORMANT : conclude(&trial);
}

int rpcancel_mutants_datagrams(int argc, char **argv)
{
    struct settings settings = {.list = false};
    struct rpcancel_output output;
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    rpcancel_interrupts_watch();
    if (!settings.markdown)
        return try_all(&settings, NULL);
    if (!rpcancel_output_open(&output, settings.markdown)) {
        rpcancel_say(name, "%s: %s", settings.markdown, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    code = try_all(&settings, output.file);
    if (code == RPCANCEL_EXIT_TROUBLE) {
        rpcancel_output_discard(&output);
    } else if (!rpcancel_output_commit(&output)) {
        rpcancel_say(name, "%s: %s", settings.markdown, strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    return code;
}
