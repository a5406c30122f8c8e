// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_DATAGRAMS_H
#define RPCANCEL_SERVE_DATAGRAMS_H
/*
 * The reference server of datagrams: datagram/server.h behind a UDP socket, with the test interface, whose operations
 * make cancel visible. docs/datagrams.md is the manual. One thread, poll(2). Memory is fixed: an activity more than
 * RPCANCEL_ACTIVITIES_MAX that have a call is rejected.
 */
#include <stdbool.h>
#include <stdint.h>

#include "wire/profile.h"

struct rpcancel_serve_datagrams_settings {
    const char *address; /* an IPv4 address in text */
    uint16_t port;       /* 0: any that is free */
    enum rpcancel_wire_profile profile;
};

/* What a server did, for its last line. */
struct rpcancel_serve_datagrams_totals {
    uint64_t datagrams, calls, cancels, orphaned;
};

/*
 * rpcancel_serve_datagrams serves until SIGINT or SIGTERM comes, which are blocked meanwhile. Prints
 * `listening on ADDRESS:PORT` on standard output when it does. Returns true; or false with what was attempted in
 * |failure|, errno telling why.
 */
bool rpcancel_serve_datagrams(const struct rpcancel_serve_datagrams_settings *settings,
                              struct rpcancel_serve_datagrams_totals *totals, const char **failure);

#endif
