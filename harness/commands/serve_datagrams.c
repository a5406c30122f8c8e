// SPDX-License-Identifier: Apache-2.0
/* rpcancel serve --datagrams: the reference server over UDP. */
#define _POSIX_C_SOURCE 200809L
#include "serve/datagrams.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/sub_commands.h"

static const char name[] = "serve";

struct request {
    struct rpcancel_serve_datagrams_settings settings;
    bool allow_host;
};

static void print_help(void)
{
    printf("Usage: rpcancel serve --datagrams [OPTION…]\n\n"
           "A DCE/RPC server over UDP (ncadg_ip_udp) that behaves as a profile of the wire says, with the test\n"
           "interface, whose operations show what becomes of a cancel (docs/datagrams.md). Prints\n"
           "`listening on ADDRESS:PORT` when it is ready; ends on Ctrl-C or SIGTERM.\n\n"
           "  --address A   an IPv4 address of this machine, of its loopback network 127.0.0.0/8 (default 127.0.0.1)\n"
           "  --allow-host  lets --address be any other\n"
           "  --port N      default 0: one that is free\n"
           "  --profile P   core (default), c706, ms-rpce, windows or freedce\n\n"
           "Exit codes: 0 ended by a signal · 2 usage · 3 trouble, such as a port that is taken.\n");
}

static bool take_option(void *context, int option, const char *value)
{
    struct request *request = context;
    uint64_t number;
    switch (option) {
    case 'a':
        request->settings.address = value;
        return true;
    case 'A':
        request->allow_host = true;
        return true;
    case 'P':
        return rpcancel_take_wire_profile(name, value, &request->settings.profile);
    case 'p':
        if (!rpcancel_take_number(name, "port", value, 0, UINT16_MAX, &number))
            return false;
        request->settings.port = (uint16_t)number;
        return true;
    default:
        return true; /* --datagrams */
    }
}

int rpcancel_serve_over_datagrams(int argc, char **argv)
{
    static const struct option options[] = {{"datagrams", no_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"address", required_argument, NULL, 'a'},
                                            {"allow-host", no_argument, NULL, 'A'},
                                            {"port", required_argument, NULL, 'p'},
                                            {"profile", required_argument, NULL, 'P'},
                                            {NULL, 0, NULL, 0}};
    static const struct rpcancel_command_line command_line = {name, options, print_help, take_option};
    struct request request = {.settings = {.address = "127.0.0.1", .profile = RPCANCEL_WIRE_CORE}};
    struct rpcancel_serve_datagrams_totals totals;
    const char *failure;
    int refused = rpcancel_options_only(&command_line, argc, argv, &request);
    if (refused >= 0)
        return refused;
    if (!rpcancel_serve_may(request.settings.address, request.allow_host))
        return RPCANCEL_EXIT_USAGE;
    if (!rpcancel_serve_datagrams(&request.settings, &totals, &failure)) {
        rpcancel_say(name, "%s:%u: %s: %s", request.settings.address, (unsigned)request.settings.port, failure,
                     strerror(errno));
        return RPCANCEL_EXIT_TROUBLE;
    }
    printf("serve: %" PRIu64 " datagrams, %" PRIu64 " calls, %" PRIu64 " cancels, %" PRIu64 " orphaned\n",
           totals.datagrams, totals.calls, totals.cancels, totals.orphaned);
    return RPCANCEL_EXIT_CONFORMANT;
}
