// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RELAY_H
#define RPCANCEL_RELAY_H
/*
 * Stands between clients under test and a server of ours on the loopback network: takes connections, passes whole
 * fragments on in both ways, and tells all that passes. On the way to the client it alters them. Nothing here waits;
 * who drives it polls what rpcancel_relay_poll says.
 */
#include <netinet/in.h>
#include <poll.h>

#include "runtime/runtime.h"
#include "wire/event.h"

enum {
    RPCANCEL_RELAY_INPUT = 2 * 65536,
    RPCANCEL_RELAY_OUTPUT = 5 * 65536, /* what may come of one fragment */
    RPCANCEL_RELAY_PAUSE_MS = 100,     /* of replies that are late or held back */
    RPCANCEL_RELAY_POLLED_MAX = 1 + 2 * RPCANCEL_WIRE_CONNECTIONS_MAX
};

/* Octets on their way from one side to the other. */
struct rpcancel_relay_flow {
    bool is_at_end;      /* nothing more comes */
    size_t size;         /* of |input| */
    size_t sent, queued; /* of |output| */
    uint8_t input[RPCANCEL_RELAY_INPUT];
    uint8_t output[RPCANCEL_RELAY_OUTPUT];
};

struct rpcancel_relay_connection {
    unsigned number;
    int client, server; /* sockets; |server| -1: that side is closed, and the client only listened to */
    bool was_held;      /* its first reply */
    bool is_shut;       /* the client sends nothing more, and the server knows */
    int64_t held_until; /* of rpcancel_clock_ms; before that nothing goes to the client */
    struct rpcancel_relay_flow up, down; /* to the server, to the client */
};

struct rpcancel_relay {
    const struct rpcancel_wire_tap *tap;
    enum rpcancel_relay_kind how;
    int listener;              /* -1: none */
    uint16_t port;             /* it listens on */
    struct sockaddr_in server; /* whom it connects to */
    unsigned heard; /* fragments of clients since rpcancel_relay_begin, those that cannot be read with them */
    size_t octets;  /* of clients, likewise, whole fragments or not */
    int failure;    /* errno: the server could not be reached, or memory is exhausted; 0 when all is well */
    struct rpcancel_relay_connection *connections[RPCANCEL_WIRE_CONNECTIONS_MAX]; /* by number; NULL: free */
};

/* rpcancel_relay_listen listens on 127.0.0.1:|port|, 0 for any that is free. False with errno set. */
bool rpcancel_relay_listen(struct rpcancel_relay *relay, uint16_t port);

/* rpcancel_relay_begin forgets what was before, connections that were not taken yet with it. */
void rpcancel_relay_begin(struct rpcancel_relay *relay, enum rpcancel_relay_kind how);

/* rpcancel_relay_poll writes to |polled|, of RPCANCEL_RELAY_POLLED_MAX, what is waited for; returns how many they are.
 * |*next| is lowered to when there is something to do though nothing comes. */
unsigned rpcancel_relay_poll(const struct rpcancel_relay *relay, struct pollfd *polled, int64_t *next);

/* rpcancel_relay_serve does what can be done now. Returns how many connections there are then. */
unsigned rpcancel_relay_serve(struct rpcancel_relay *relay);

/* rpcancel_relay_drop closes all connections, and tells nobody. */
void rpcancel_relay_drop(struct rpcancel_relay *relay);

/* For relay_alter.c and what it does with a fragment of the server. */

/* rpcancel_relay_send queues the fragment of |size| octets for the client, and tells that it passes. */
void rpcancel_relay_send(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                         const uint8_t *bytes, size_t size);

/* rpcancel_relay_alter takes the fragment |event| of the server, and sends the client what it is to get in place of it.
 * False: not yet; it is handed in once more when connection->held_until has passed. */
bool rpcancel_relay_alter(const struct rpcancel_relay *relay, struct rpcancel_relay_connection *connection,
                          const struct rpcancel_wire_event *event);

#endif
