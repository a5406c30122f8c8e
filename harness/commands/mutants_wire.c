// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "association/changes.h"
#include "commands/command.h"
#include "commands/sub_commands.h"

static const char name[] = "mutants";

struct settings {
    bool list, variants;
};

static void print_help(void)
{
    printf("Usage: rpcancel mutants --wire [OPTION…]\n\n"
           "Searches associations of the wire with a deliberate defect of one end (mutants), which a rule of the wire\n"
           "must name, or that do what a peer may do otherwise (variants), to which none may object. Mutants that\n"
           "packets do not show must break a promise of the two ends together.\n\n"
           "  --list       say which there are\n"
           "  --variants   the variants instead of the mutants\n\n"
           "Exit codes: 0 all killed, none rejected · 1 otherwise · 2 usage · 3 trouble, interrupted.\n");
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    (void)value;
    settings->list |= option == 'l';
    settings->variants |= option == 'v';
    return true;
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"wire", no_argument, NULL, 'w'},
                                            {"list", no_argument, NULL, 'l'},
                                            {"variants", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    return rpcancel_options_only(&command_line, argc, argv, settings);
}

static void print_kill(const struct rpcancel_wire_mutant *mutant, const struct rpcancel_wire_kill *kill)
{
    const char *verdict = "no rule objects";
    if (kill->end == RPCANCEL_WIRE_KILL_RULE)
        verdict = rpcancel_wire_rule_at((unsigned)kill->rule)->id;
    else if (kill->end == RPCANCEL_WIRE_KILL_PROMISE)
        verdict = kill->promise;
    else if (kill->end == RPCANCEL_WIRE_KILL_FAILED)
        verdict = "could not be searched";
    printf("%s\n  %s after %" PRIu64 " pairs", mutant->change.name, verdict, kill->pairs);
    for (unsigned i = 0; i < kill->path_length; i++) {
        char text[RPCANCEL_ACTION_TEXT_MAX];
        rpcancel_action_print(kill->path[i], text, sizeof text);
        printf("%s %s", i ? ";" : ":", text);
    }
    printf("\n");
    fflush(stdout);
}

/* |mutant|, and whose rules judge it; |ends| where both ends are otherwise something else. */
static void print_entry(const struct rpcancel_wire_mutant *mutant)
{
    printf("%-30s %s Profile %s", mutant->change.name, mutant->change.text,
           rpcancel_wire_profile_name(mutant->profile));
    if (mutant->ends != mutant->profile)
        printf(", ends %s", rpcancel_wire_profile_name(mutant->ends));
    printf("\n");
}

static int conclude(bool variants, unsigned total, unsigned killed)
{
    if (variants)
        printf("variants: %u total, %u rejected\n", total, killed);
    else
        printf("mutants: %u total, %u killed, 0 equivalent, 0 unspecified, %u survived\n", total, killed,
               total - killed);
    return (variants ? killed == 0 : killed == total) ? RPCANCEL_EXIT_CONFORMANT : RPCANCEL_EXIT_FINDING;
}

int rpcancel_mutants_wire(int argc, char **argv)
{
    struct settings settings = {false, false};
    unsigned killed = 0;
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    const struct rpcancel_wire_mutant *mutants = settings.variants ? rpcancel_wire_variants : rpcancel_wire_defects;
    unsigned count = settings.variants ? rpcancel_wire_variant_count : rpcancel_wire_defect_count;
    rpcancel_interrupts_watch();
    for (unsigned i = 0; i < count; i++) {
        struct rpcancel_wire_kill kill;
        if (settings.list) {
            print_entry(&mutants[i]);
            continue;
        }
        rpcancel_wire_kill_try(&mutants[i], rpcancel_interrupted(), &kill);
        print_kill(&mutants[i], &kill);
        killed += kill.end == RPCANCEL_WIRE_KILL_RULE || kill.end == RPCANCEL_WIRE_KILL_PROMISE;
        if (kill.end == RPCANCEL_WIRE_KILL_FAILED) {
            rpcancel_say(name, "%s", *rpcancel_interrupted() ? "interrupted" : "no memory");
            return RPCANCEL_EXIT_TROUBLE;
        }
    }
    return settings.list ? RPCANCEL_EXIT_CONFORMANT : conclude(settings.variants, count, killed);
}
