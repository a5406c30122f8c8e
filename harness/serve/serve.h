// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_H
#define RPCANCEL_SERVE_H
/*
 * The reference server: wire/server.h behind a socket, with interfaces that clients and test suites know, and one whose
 * operations make cancel visible. docs/serve.md is the manual. One thread, epoll(7); every wait and every buffer has a
 * limit.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/profile.h"

struct rpcancel_wire_change;

struct rpcancel_serve_settings {
    const char *address; /* an IPv4 address in text */
    uint16_t port;       /* 0: any that is free */
    uint16_t port_told;  /* what clients are told of it, where somebody stands in front; 0: the port itself */
    enum rpcancel_wire_profile profile;
    unsigned connections_max;  /* at once; one more is closed as it comes */
    size_t memory_max;         /* octets of requests in assembly and of replies not sent, of all connections together */
    unsigned fragment_seconds; /* a fragment that has begun must be there after so long, a bind after the connection */
    bool netlogon;             /* also offer the stand-in for netlogon */
    const struct rpcancel_wire_change *change; /* a mutant's or variant's; NULL: none */
};

/* What a server did, for its last line. */
struct rpcancel_serve_totals {
    uint64_t connections, calls, cancels, orphaned;
};

/*
 * rpcancel_serve serves until SIGINT or SIGTERM comes, which are blocked meanwhile. Prints
 * `listening on ADDRESS:PORT` on standard output when it does. Returns true; or false with a message for errno's sake
 * in |failure| (what was attempted), errno telling why.
 */
bool rpcancel_serve(const struct rpcancel_serve_settings *settings, struct rpcancel_serve_totals *totals,
                    const char **failure);

#endif
