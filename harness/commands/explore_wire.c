// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "association/lockstep.h"
#include "association/promises.h"
#include "association/search.h"
#include "commands/command.h"
#include "commands/sub_commands.h"
#include "sequence/sequence.h"

static const char name[] = "explore";

enum { DEFAULT_MEMORY_MIB = 4096, MEMORY_MIB_MAX = 1 << 20, CALLS_MAX = 2, EVERY_HYPOTHESIS = 7 };

struct settings {
    unsigned calls;
    uint64_t memory; /* octets */
    enum rpcancel_wire_profile profile;
    bool lockstep;
};

/* Of all searches. */
struct totals {
    uint64_t states, pairs, edges, unjudged, answers;
    bool wrong, open, stopped;
};

static void print_help(void)
{
    printf(
        "Usage: rpcancel explore --wire [OPTION…]\n\n"
        "Tries every order in which the calls of one association are made in fragments, cancelled, given up,\n"
        "answered and lost, and judges every PDU by the rules of the wire, as seen at the client and at the\n"
        "server: without and with multiplexing, without and with leave to keep the connection after orphaned,\n"
        "with managers that do as they like, that take cancels and that never do, and with cancels for calls\n"
        "that do not exist.\n\n"
        "  --calls N     1 (default): 3 fragments each way, 2 cancels · 2: 2 and 1 fragments, 1 cancel each\n"
        "  --profile P   core (default), c706, ms-rpce, windows, freedce\n"
        "  --lockstep    instead: holds associations against the abstract network of the reference, in every\n"
        "                state it reaches, by each hypothesis of what an abortive cancel sends (docs/association.md)\n"
        "  --memory MIB  end when the tables have this size (default %d)\n\n"
        "The last line says how far it came: closed when everything that can be reached was searched, else open.\n"
        "Unjudged are PDUs that only rules on headers say anything of.\n"
        "Exit codes: 0 nothing wrong · 1 a rule violated, or a disagreement · 6 a limit of memory ended it ·\n"
        "2 usage · 3 trouble, interrupted.\n",
        DEFAULT_MEMORY_MIB);
}

/* ---- arguments ---- */

bool rpcancel_has_option(int argc, char **argv, const char *option)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], option) == 0)
            return true;
    }
    return false;
}

static bool take_option(void *context, int option, const char *value)
{
    struct settings *settings = context;
    uint64_t number = 0;
    switch (option) {
    case 'c':
        if (!rpcancel_take_number(name, "calls", value, 1, CALLS_MAX, &number))
            return false;
        settings->calls = (unsigned)number;
        return true;
    case 'm':
        if (!rpcancel_take_number(name, "memory", value, 1, MEMORY_MIB_MAX, &number))
            return false;
        settings->memory = number << 20;
        return true;
    case 'P':
        return rpcancel_take_wire_profile(name, value, &settings->profile);
    case 'l':
        settings->lockstep = true;
        return true;
    default:
        return true; /* --wire */
    }
}

static int read_arguments(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {{"wire", no_argument, NULL, 'w'},
                                            {"calls", required_argument, NULL, 'c'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"lockstep", no_argument, NULL, 'l'},
                                            {"memory", required_argument, NULL, 'm'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    return rpcancel_options_only(&command_line, argc, argv, settings);
}

/* ---- one association ---- */

/* What is searched, each by itself. */
struct variety {
    const char *text;
    bool multiplexed, keeps_connection;
    enum rpcancel_pdu_sender role; /* whose rules judge */
    enum rpcancel_wire_operation_class class;
    bool with_strays;
};

static const struct variety varieties[] = {
    {"connection closed after orphaned", false, false, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_UNKNOWN, false},
    {"connection kept after orphaned", false, true, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_UNKNOWN, false},
    {"kept, managers that take cancels", false, true, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_PARK, false},
    {"kept, managers that never do", false, true, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_HOLD, false},
    {"kept, cancels for no call", false, true, RPCANCEL_SENDER_SERVER, RPCANCEL_CLASS_UNKNOWN, true},
    {"multiplexed, closed after orphaned", true, false, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_UNKNOWN, false},
    {"multiplexed, kept", true, true, RPCANCEL_SENDER_EITHER, RPCANCEL_CLASS_UNKNOWN, false},
};

static struct rpcancel_wire_limits limits_of(const struct settings *settings, const struct variety *variety)
{
    bool one = settings->calls == 1;
    return (struct rpcancel_wire_limits){.calls = settings->calls,
                                         .request_fragments = one ? 3 : 2,
                                         .response_fragments = one ? 3 : 1,
                                         .cancels = one ? 2 : 1,
                                         .strays = variety->with_strays ? 1 : 0,
                                         .with_pending_cancel = one,
                                         .with_fault = true,
                                         .with_loss = one,
                                         .abandonments = one ? EVERY_HYPOTHESIS : 1u << RPCANCEL_ABANDON_ORPHANED,
                                         .class = variety->class};
}

static void show_progress(uint32_t pairs, uint32_t expanded, uint64_t edges)
{
    fprintf(stderr, "\r%" PRIu32 " pairs, %" PRIu32 " still to expand, %" PRIu64 " edges  ", pairs, pairs - expanded,
            edges);
    fflush(stderr);
}

static void print_wrong(const struct rpcancel_wire_search_result *result)
{
    if (result->violated >= 0) {
        const struct rpcancel_rule *rule = rpcancel_wire_rule_at((unsigned)result->violated);
        printf("  %s is violated: %s\n", rule->id, rule->text);
    } else {
        printf("  %s\n", result->wrong);
    }
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[RPCANCEL_ACTION_TEXT_MAX];
        rpcancel_action_print(result->path[i], text, sizeof text);
        printf("    %s\n", text);
    }
}

/* Returns false without memory for it. */
static bool search_variety(const struct settings *settings, const struct variety *variety, struct totals *totals)
{
    struct rpcancel_setup setup = {.choices = rpcancel_wire_choices_of(settings->profile),
                                   .multiplexed = variety->multiplexed,
                                   .keeps_connection = variety->keeps_connection};
    struct rpcancel_wire_search_result result;
    struct rpcancel_wire_mask rules;
    struct rpcancel_wire_search_options options = {.setup = &setup,
                                                   .limits = limits_of(settings, variety),
                                                   .rules = &rules,
                                                   .role = variety->role,
                                                   .memory = settings->memory,
                                                   .judge = rpcancel_promise_broken,
                                                   .context = &setup,
                                                   .stop = rpcancel_interrupted(),
                                                   .progress = isatty(STDERR_FILENO) ? show_progress : NULL};
    rpcancel_wire_rules(&rules, settings->profile, variety->role, RPCANCEL_NCACN_IP_TCP, ~0u);
    if (!rpcancel_setup_open(&setup, &options.start))
        return false;
    rpcancel_wire_search(&options, &result);
    rpcancel_setup_close(&setup);
    if (options.progress)
        fprintf(stderr, "\r%60s\r", "");
    printf("%-36s %8" PRIu32 " states %9" PRIu32 " pairs %10" PRIu64 " edges %8" PRIu64 " unjudged, %s\n",
           variety->text, result.states, result.pairs, result.edges, result.unjudged,
           result.end == RPCANCEL_SEARCH_CLOSED ? "closed" : "open");
    if (result.end == RPCANCEL_SEARCH_WRONG)
        print_wrong(&result);
    totals->states += result.states;
    totals->pairs += result.pairs;
    totals->edges += result.edges;
    totals->unjudged += result.unjudged;
    totals->wrong |= result.end == RPCANCEL_SEARCH_WRONG;
    totals->open |= result.end != RPCANCEL_SEARCH_CLOSED;
    totals->stopped |= result.end == RPCANCEL_SEARCH_STOPPED;
    return true;
}

static bool search_all(const struct settings *settings, struct totals *totals)
{
    for (unsigned i = 0; i < sizeof varieties / sizeof varieties[0] && !totals->stopped; i++) {
        if ((varieties[i].multiplexed && settings->calls == 1))
            continue;
        if (!search_variety(settings, &varieties[i], totals))
            return false;
    }
    printf("explore: %" PRIu64 " states, %" PRIu64 " pairs, %" PRIu64 " edges, %" PRIu64 " unjudged, %s\n",
           totals->states, totals->pairs, totals->edges, totals->unjudged, totals->open ? "open" : "closed");
    return true;
}

/* ---- lockstep ---- */

static void print_differences(const struct rpcancel_lockstep_result *result)
{
    for (unsigned i = 0; i < RPCANCEL_DIFFERENCES; i++) {
        if (result->differences[i])
            printf("  %" PRIu64 " edges: %s\n", result->differences[i],
                   rpcancel_lockstep_difference_text((enum rpcancel_lockstep_difference)i));
    }
    if (result->left_out)
        printf("  %" PRIu64 " deliveries left out: one connection does not bring messages in that order\n",
               result->left_out);
    if (result->beyond)
        printf("  %" PRIu64 " cancels not followed: there were as many co_cancel PDUs of the call as are tried\n",
               result->beyond);
}

static void print_disagreement(const struct rpcancel_lockstep_result *result)
{
    printf("  They disagree: %s\n", result->text);
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(result->path[i], text, sizeof text);
        printf("    %s\n", text);
    }
}

static void lockstep_one(struct rpcancel_lockstep_options options, struct totals *totals)
{
    struct rpcancel_lockstep_result result;
    rpcancel_lockstep(&options, &result);
    printf("H%u, %s: %" PRIu32 " states, %" PRIu64 " edges; %" PRIu32 " of %" PRIu32 " worlds and %" PRIu64
           " of %" PRIu64 " edges of the reference\n",
           options.abandonment + 1u, options.shared ? "one association" : "an association for each call", result.states,
           result.edges, result.worlds, result.worlds_of_reference, result.world_edges,
           result.world_edges_of_reference);
    print_differences(&result);
    if (result.end == RPCANCEL_LOCKSTEP_DISAGREE)
        print_disagreement(&result);
    fflush(stdout);
    totals->states += result.states;
    totals->edges += result.edges;
    totals->answers += result.answers;
    totals->wrong |= result.end == RPCANCEL_LOCKSTEP_DISAGREE;
    totals->open |= result.end != RPCANCEL_LOCKSTEP_CLOSED;
    totals->stopped |= result.end == RPCANCEL_LOCKSTEP_STOPPED;
}

/* With one call a handle is used again while its earlier call lives. On one association there is one co_cancel for each
 * call, and no hypothesis by which giving a call up ends the others. */
static void lockstep_all(const struct settings *settings, struct totals *totals)
{
    for (unsigned how = 0; how < RPCANCEL_ABANDONMENTS; how++) {
        for (unsigned shared = 0; shared < 2 && !totals->stopped; shared++) {
            if (shared && how == RPCANCEL_ABANDON_CANCEL_DISCONNECT)
                continue;
            lockstep_one((struct rpcancel_lockstep_options){.profile = settings->profile,
                                                            .abandonment = (enum rpcancel_client_abandonment)how,
                                                            .shared = shared,
                                                            .calls = settings->calls,
                                                            .threads = 1,
                                                            .earlier = settings->calls == 1,
                                                            .cancels = shared ? 1 : 2,
                                                            .stop = rpcancel_interrupted()},
                         totals);
        }
    }
    printf("lockstep: %" PRIu64 " states, %" PRIu64 " edges, %" PRIu64 " answers, %s\n", totals->states, totals->edges,
           totals->answers, totals->open ? "open" : "closed");
}

int rpcancel_explore_wire(int argc, char **argv)
{
    struct settings settings = {.calls = 1, .memory = (uint64_t)DEFAULT_MEMORY_MIB << 20};
    struct totals totals = {0};
    int code = read_arguments(&settings, argc, argv);
    if (code >= 0)
        return code;
    rpcancel_interrupts_watch();
    printf("%u call%s, profile %s of the wire\n", settings.calls, settings.calls == 1 ? "" : "s",
           rpcancel_wire_profile_name(settings.profile));
    if (settings.lockstep) {
        lockstep_all(&settings, &totals);
    } else if (!search_all(&settings, &totals)) {
        rpcancel_say(name, "no memory");
        return RPCANCEL_EXIT_TROUBLE;
    }
    if (totals.stopped)
        return RPCANCEL_EXIT_TROUBLE;
    if (totals.wrong)
        return RPCANCEL_EXIT_FINDING;
    return totals.open ? RPCANCEL_EXIT_FLOOR : RPCANCEL_EXIT_CONFORMANT;
}
