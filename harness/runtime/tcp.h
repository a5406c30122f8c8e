// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TCP_H
#define RPCANCEL_TCP_H
/* The parts of the runtime over TCP, for its own files: a connection that PDUs go over, and the PDUs a client sends. */
#include <netinet/in.h>

#include "runtime/runtime.h"
#include "runtime/target.h"
#include "wire/pdu.h"

enum { RPCANCEL_TCP_INPUT = 2 * 65536, RPCANCEL_TCP_FRAGMENT = 5840 };

/* A connection to the server under test, blocking, with a deadline for every wait. */
struct rpcancel_tcp_connection {
    int socket; /* -1: none */
    unsigned deadline_ms;
    const struct rpcancel_wire_tap *tap; /* told of all that passes; NULL: nobody looks on */
    const struct rpcancel_target *target;
    /* Told of each PDU that arrives; |context| is handed on. */
    void (*received)(void *context, const struct rpcancel_pdu *pdu);
    void *context;
    bool was_closed_by_server; /* the last one that was open */
    size_t size;               /* octets of a fragment that is not whole yet */
    uint8_t input[RPCANCEL_TCP_INPUT];
};

/* rpcancel_tcp_open connects to |address|; false with errno set. */
bool rpcancel_tcp_open(struct rpcancel_tcp_connection *connection, const struct sockaddr_in *address);

/* rpcancel_tcp_close closes it, if it is open, on our side. */
void rpcancel_tcp_close(struct rpcancel_tcp_connection *connection);

/* rpcancel_tcp_send sends the fragment of |size| octets at |bytes|. When the server has closed, that is told, and the
 * connection is none any longer. |class| is that of the event. */
void rpcancel_tcp_send(struct rpcancel_tcp_connection *connection, const uint8_t *bytes, size_t size,
                       enum rpcancel_wire_operation_class class);

/*
 * rpcancel_tcp_receive waits for something until |until| (of rpcancel_clock_ms) and takes it in: whole fragments, or
 * the end of the connection, which is none any longer then. Returns false when nothing came in time.
 */
bool rpcancel_tcp_receive(struct rpcancel_tcp_connection *connection, int64_t until);

/* rpcancel_tcp_releases tells whoever looks on that the server is about to be told to let waiting calls go on. */
void rpcancel_tcp_releases(struct rpcancel_tcp_connection *connection);

/* rpcancel_tcp_look takes in what is there, without waiting. */
void rpcancel_tcp_look(struct rpcancel_tcp_connection *connection);

#endif
