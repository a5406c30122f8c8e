// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SYNTHETIC_H
#define RPCANCEL_SYNTHETIC_H
/*
 * Conversations as captures: octets that two ends of a connection said, or datagrams, in packets that might have
 * carried them: Ethernet, IPv4, TCP or UDP, with right sequence numbers and checksums. Addresses are those for
 * documentation (RFC 5737): 192.0.2.1 is the client, 192.0.2.2 the server.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "wire/pdu.h"

/* One end of a connection. */
struct rpcancel_synthetic_end {
    uint16_t port;
    uint32_t next; /* the sequence number of the octet to come */
    bool is_closed;
};

struct rpcancel_synthetic_connection {
    bool is_open;
    struct rpcancel_synthetic_end client, server;
};

struct rpcancel_synthetic {
    FILE *out;
    uint64_t
        time; /* of the packets to come, nanoseconds since 1970; each one adds a microsecond, so that they differ */
    uint16_t server_port;
    uint16_t next_port;      /* the client's, of the next connection */
    uint16_t identification; /* of the next packet */
};

/* rpcancel_synthetic_begin begins a capture on |out|, with |comment| on all of it (NULL: none). Connections are to
 * |server_port|. */
void rpcancel_synthetic_begin(struct rpcancel_synthetic *capture, FILE *out, uint16_t server_port, const char *comment);

/* rpcancel_synthetic_open begins |connection|: three packets, the first with |comment| (NULL: none). */
void rpcancel_synthetic_open(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                             const char *comment);

/* rpcancel_synthetic_send writes the |size| octets at |bytes| from |sender|, in as many packets as it takes, |comment|
 * (NULL: none) on the first. Nothing when the connection or that end of it is closed. */
void rpcancel_synthetic_send(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                             enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size, const char *comment);

/* rpcancel_synthetic_close closes the end of |sender|: a packet with FIN and one that acknowledges it. */
void rpcancel_synthetic_close(struct rpcancel_synthetic *capture, struct rpcancel_synthetic_connection *connection,
                              enum rpcancel_pdu_sender sender, const char *comment);

/* rpcancel_synthetic_datagram writes a datagram of |size| octets, RPCANCEL_SYNTHETIC_DATAGRAM_MAX at most, from
 * |sender|, between one port of a client's and |server_port|. */
enum { RPCANCEL_SYNTHETIC_DATAGRAM_MAX = 1472 };
void rpcancel_synthetic_datagram(struct rpcancel_synthetic *capture, enum rpcancel_pdu_sender sender,
                                 const uint8_t *bytes, size_t size, const char *comment);

#endif
