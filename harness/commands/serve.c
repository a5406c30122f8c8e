// SPDX-License-Identifier: Apache-2.0
/* rpcancel serve: the reference server. */
#define _POSIX_C_SOURCE 200809L
#include "serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "association/changes.h"
#include "commands/command.h"
#include "commands/sub_commands.h"

static const char name[] = "serve";

enum {
    CONNECTIONS_DEFAULT = 1024,
    CONNECTIONS_MOST = 100000,
    MEGABYTE = 1024 * 1024,
    MEMORY_DEFAULT = 256,
    TIMEOUT_DEFAULT = 30
};

static void print_help(void)
{
    printf("Usage: rpcancel serve [OPTION…]\n\n"
           "A DCE/RPC server (ncacn_ip_tcp) that behaves as a profile of the wire says: for clients under test, for\n"
           "captures, for other people's test suites. It offers mgmt, the endpoint mapper, and a test interface whose\n"
           "operations show what becomes of a cancel (docs/serve.md). Prints `listening on ADDRESS:PORT` when it is\n"
           "ready; ends on Ctrl-C or SIGTERM.\n\n"
           "  --address A        an IPv4 address of this machine, of its loopback network 127.0.0.0/8 (default "
           "127.0.0.1)\n"
           "  --allow-host       lets --address be any other\n"
           "  --port N           default 0: one that is free\n"
           "  --profile P        core (default), c706, ms-rpce, windows or freedce\n"
           "  --mutant NAME      with a defect, or what a peer may do otherwise (rpcancel mutants --wire --list)\n"
           "  --datagrams        over UDP instead (see `rpcancel serve --datagrams --help`)\n"
           "  --netlogon         also offer a stand-in for netlogon, for suites that ask for it\n"
           "  --connections N    at once (default %d)\n"
           "  --memory N         megabytes for requests that are not complete and replies not sent (default %d)\n"
           "  --timeout N        seconds in which a fragment that has begun must be there, or a bind (default %d)\n\n"
           "Exit codes: 0 ended by a signal · 2 usage · 3 trouble, such as a port that is taken.\n",
           CONNECTIONS_DEFAULT, MEMORY_DEFAULT, TIMEOUT_DEFAULT);
}

struct request {
    struct rpcancel_serve_settings settings;
    bool allow_host;
};

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    struct rpcancel_serve_settings *settings = &request->settings;
    uint64_t number;
    switch (option) {
    case 'a':
        settings->address = value;
        return true;
    case 'A':
        request->allow_host = true;
        return true;
    case 'n':
        settings->netlogon = true;
        return true;
    case 'P':
        return rpcancel_take_wire_profile(name, value, &settings->profile);
    case 'M':
        settings->change = rpcancel_wire_change_find(value);
        if (!settings->change)
            rpcancel_usage(name, "--mutant: there is no mutant or variant of the wire \"%s\"", value);
        return settings->change != NULL;
    case 'p':
        if (!rpcancel_take_number(name, "port", value, 0, UINT16_MAX, &number))
            return false;
        settings->port = (uint16_t)number;
        return true;
    case 'c':
        if (!rpcancel_take_number(name, "connections", value, 1, CONNECTIONS_MOST, &number))
            return false;
        settings->connections_max = (unsigned)number;
        return true;
    case 'm':
        if (!rpcancel_take_number(name, "memory", value, 1, 1024 * MEGABYTE, &number))
            return false;
        settings->memory_max = (size_t)number * MEGABYTE;
        return true;
    default:
        if (!rpcancel_take_number(name, "timeout", value, 1, 86400, &number))
            return false;
        settings->fragment_seconds = (unsigned)number;
        return true;
    }
}

bool rpcancel_serve_may(const char *given, bool allow_host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, given, &address) != 1) {
        rpcancel_usage(name, "--address: found \"%s\", expected an IPv4 address", given);
        return false;
    }
    if (allow_host || ntohl(address.s_addr) >> 24 == 127)
        return true;
    rpcancel_usage(name, "--address %s: others could reach this server there; add --allow-host if they may", given);
    return false;
}

int rpcancel_command_serve(int argc, char **argv)
{
    if (rpcancel_has_option(argc, argv, "--datagrams"))
        return rpcancel_serve_over_datagrams(argc, argv);
    static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                            {"address", required_argument, NULL, 'a'},
                                            {"allow-host", no_argument, NULL, 'A'},
                                            {"port", required_argument, NULL, 'p'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {"mutant", required_argument, NULL, 'M'},
                                            {"netlogon", no_argument, NULL, 'n'},
                                            {"connections", required_argument, NULL, 'c'},
                                            {"memory", required_argument, NULL, 'm'},
                                            {"timeout", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {.settings = {.address = "127.0.0.1",
                                           .profile = RPCANCEL_WIRE_CORE,
                                           .connections_max = CONNECTIONS_DEFAULT,
                                           .memory_max = (size_t)MEMORY_DEFAULT * MEGABYTE,
                                           .fragment_seconds = TIMEOUT_DEFAULT}};
    struct rpcancel_serve_totals totals;
    const char *failure;
    int refused = rpcancel_options_read(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (optind < argc)
        return rpcancel_usage(name, "unexpected argument \"%s\"", argv[optind]);
    if (!rpcancel_serve_may(request.settings.address, request.allow_host))
        return RPCANCEL_EXIT_USAGE;
    if (!rpcancel_serve(&request.settings, &totals, &failure)) {
        rpcancel_say(name, "%s:%u: %s: %s", request.settings.address, (unsigned)request.settings.port, failure,
                     strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    printf("serve: %" PRIu64 " connections, %" PRIu64 " calls, %" PRIu64 " cancels, %" PRIu64 " orphaned\n",
           totals.connections, totals.calls, totals.cancels, totals.orphaned);
    return RPCANCEL_EXIT_CONFORMANT;
}
