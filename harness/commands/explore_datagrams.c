// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/sub_commands.h"
#include "exchange/slices.h"

static const char name[] = "explore";

enum { DEFAULT_MEMORY_MIB = 4096, MEMORY_MIB_MAX = 1 << 20 };

struct settings {
    const char *slice; /* NULL: all */
    uint64_t memory;   /* octets */
    enum rpcancel_wire_profile profile;
};

/* Of all slices. */
struct totals {
    uint64_t states, pairs, edges, unjudged;
    uint64_t decided[RPCANCEL_WIRE_RULES_MAX];
    unsigned violations;
    bool open, stopped;
};

static void print_help(void)
{
    printf("Usage: rpcancel explore --datagrams [OPTION…]\n\n"
           "Tries every order in which calls over datagrams are made, cancelled, given up and answered, datagrams\n"
           "arrive, are lost, come twice and overtake each other, and time passes to the next timer; judges what\n"
           "passes, and what the ends tell, by the rules of datagrams, as seen at the client, at the server and in\n"
           "between, and holds both ends to what they promise together (docs/datagrams.md).\n\n"
           "  --slice NAME  one of these alone:\n");
    for (unsigned i = 0; i < rpcancel_exchange_slice_count; i++)
        printf("                  %-17s %s\n", rpcancel_exchange_slices[i].name, rpcancel_exchange_slices[i].text);
    printf("  --profile P   core (default), c706, ms-rpce, windows, freedce\n"
           "  --memory MIB  end when the tables have this size (default %d)\n\n"
           "The last line says how far it came: closed when everything that can be reached was searched, else open.\n"
           "Unjudged are cl_cancel and cancel_ack that no rule says anything of; beyond, what was not tried since as\n"
           "many datagrams were on their way as the slice allows.\n"
           "Exit codes: 0 nothing wrong · 1 a rule violated, or a promise broken · 6 a limit of memory ended it ·\n"
           "2 usage · 3 trouble, interrupted.\n",
           DEFAULT_MEMORY_MIB);
}

/* ---- arguments ---- */

static bool take_slice(struct settings *settings, const char *value)
{
    for (unsigned i = 0; i < rpcancel_exchange_slice_count; i++) {
        if (strcmp(rpcancel_exchange_slices[i].name, value) == 0) {
            settings->slice = value;
            return true;
        }
    }
    rpcancel_usage(name, "--slice: there is no slice of datagrams \"%s\" (see `rpcancel explore --datagrams --help`)",
                   value);
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    uint64_t number = 0;
    switch (option) {
    case 's':
        return take_slice(settings, value);
    case 'm':
        if (!rpcancel_take_number(name, "memory", value, 1, MEMORY_MIB_MAX, &number))
            return false;
        settings->memory = number << 20;
        return true;
    case 'P':
        return rpcancel_take_wire_profile(name, value, &settings->profile);
    default:
        return true; /* --datagrams */
    }
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"datagrams", no_argument, NULL, 'd'},     {"slice", required_argument, NULL, 's'},
        {"profile", required_argument, NULL, 'P'}, {"memory", required_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},          {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    return rpcancel_options_only(&command_line, argc, argv, settings);
}

/* ---- slices ---- */

static void show_progress(uint32_t pairs, uint32_t expanded, uint64_t edges)
{
    fprintf(stderr, "\r%" PRIu32 " pairs, %" PRIu32 " still to expand, %" PRIu64 " edges  ", pairs, pairs - expanded,
            edges);
    fflush(stderr);
}

static void print_wrong(struct rpcancel_exchange_setup *setup, const struct rpcancel_exchange_state *start,
                        const struct rpcancel_exchange_search_result *result)
{
    struct rpcancel_exchange_state state = *start;
    if (result->violated >= 0) {
        const struct rpcancel_rule *rule = rpcancel_datagram_rule_at((unsigned)result->violated);
        printf("  %s is violated: %s\n", rule->id, rule->text);
    } else {
        printf("  %s\n", result->wrong);
    }
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[RPCANCEL_EXCHANGE_TEXT_MAX];
        rpcancel_exchange_step_print(setup, &state, result->path[i], text, sizeof text);
        printf("    %s\n", text);
    }
}

static void add(struct totals *totals, const struct rpcancel_exchange_search_result *result)
{
    totals->states += result->states;
    totals->pairs += result->pairs;
    totals->edges += result->edges;
    totals->unjudged += result->unjudged;
    totals->violations += result->end == RPCANCEL_SEARCH_WRONG;
    totals->open |= result->end != RPCANCEL_SEARCH_CLOSED;
    totals->stopped |= result->end == RPCANCEL_SEARCH_STOPPED;
    for (unsigned i = 0; i < RPCANCEL_WIRE_RULES_MAX; i++)
        totals->decided[i] += result->decided[i];
}

/* Returns false without memory for it. */
static bool search_slice(const struct settings *settings, const struct rpcancel_exchange_slice *slice,
                         struct totals *totals)
{
    struct rpcancel_exchange_subject subject = {.profile = settings->profile, .ends = settings->profile};
    struct rpcancel_exchange_search_options options = {.memory = settings->memory,
                                                       .stop = rpcancel_interrupted(),
                                                       .progress = isatty(STDERR_FILENO) ? show_progress : NULL};
    struct rpcancel_exchange_setup setup;
    struct rpcancel_exchange_search_result result;
    if (!rpcancel_exchange_search_slice(slice, &subject, &options, &setup, &result))
        return false;
    if (options.progress)
        fprintf(stderr, "\r%60s\r", "");
    printf("%-17s %8" PRIu32 " states %9" PRIu32 " pairs %10" PRIu64 " edges %8" PRIu64 " beyond %3" PRIu64
           " unjudged, %s\n",
           slice->name, result.states, result.pairs, result.edges, result.beyond, result.unjudged,
           result.end == RPCANCEL_SEARCH_CLOSED ? "closed" : "open");
    if (result.end == RPCANCEL_SEARCH_WRONG)
        print_wrong(&setup, &options.start, &result);
    fflush(stdout);
    rpcancel_exchange_close(&setup);
    add(totals, &result);
    return true;
}

/* Rules in force that no slice has decided. */
static void print_rules(const struct settings *settings, const struct totals *totals)
{
    struct rpcancel_wire_mask rules;
    unsigned decided = 0, count = 0;
    rpcancel_datagram_rules(&rules, settings->profile, RPCANCEL_SENDER_EITHER, ~0u);
    for (unsigned i = rpcancel_wire_mask_next(&rules, 0); i < RPCANCEL_WIRE_RULES_MAX;
         i = rpcancel_wire_mask_next(&rules, i + 1)) {
        count++;
        decided += totals->decided[i] > 0;
        if (totals->decided[i] == 0)
            printf("never decided: %s\n", rpcancel_datagram_rule_at(i)->id);
    }
    printf("rules: %u of %u decided\n", decided, count);
}

static bool search_all(const struct settings *settings, struct totals *totals)
{
    for (unsigned i = 0; i < rpcancel_exchange_slice_count && !totals->stopped; i++) {
        const struct rpcancel_exchange_slice *slice = &rpcancel_exchange_slices[i];
        if ((!settings->slice || strcmp(settings->slice, slice->name) == 0) && !search_slice(settings, slice, totals))
            return false;
    }
    print_rules(settings, totals);
    printf("explore: %" PRIu64 " states, %" PRIu64 " pairs, %" PRIu64 " edges, %" PRIu64 " unjudged, %u violations, "
           "%s\n",
           totals->states, totals->pairs, totals->edges, totals->unjudged, totals->violations,
           totals->open ? "open" : "closed");
    return true;
}

int rpcancel_explore_datagrams(int argc, char **argv)
{
    struct settings settings = {.memory = (uint64_t)DEFAULT_MEMORY_MIB << 20};
    static struct totals totals;
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    rpcancel_interrupts_watch();
    printf("datagrams, profile %s\n", rpcancel_wire_profile_name(settings.profile));
    if (!search_all(&settings, &totals)) {
        rpcancel_say(name, "no memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (totals.stopped)
        return RPCANCEL_EXIT_TROUBLE;
    if (totals.violations)
        return RPCANCEL_EXIT_FINDING;
    return totals.open ? RPCANCEL_EXIT_FLOOR : RPCANCEL_EXIT_CONFORMANT;
}
