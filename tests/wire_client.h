// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_WIRE_CLIENT_H
#define RPCANCEL_TESTS_WIRE_CLIENT_H
/* A client and an application around a server's association, in memory: what was sent and told is there to be looked
 * at. */
#include "wire/server.h"

enum { WIRE_SENT_MAX = 64, WIRE_TOLD_MAX = 64 };

/* Operations of the interface that the application has. */
enum { WIRE_ECHO, WIRE_PARK, WIRE_OPERATIONS };

enum wire_told { WIRE_TOLD_REQUEST, WIRE_TOLD_CANCEL, WIRE_TOLD_ORPHANED };

struct wire_client {
    struct rpcancel_server_host host;
    struct rpcancel_server server;
    bool open; /* the server did not ask to close the connection */
    unsigned sent_count, told_count;
    struct rpcancel_pdu sent[WIRE_SENT_MAX]; /* point into |octets| */
    struct {
        enum wire_told what;
        unsigned call;
        size_t stub_size;
    } told[WIRE_TOLD_MAX];
    size_t octets_used;
    uint8_t octets[256 * 1024];
    uint8_t assembly[1024 * 1024];
};

extern const struct rpcancel_interface wire_interface;

/* wire_connect begins an association and binds context 1 to wire_interface, with |flags| besides first and last. */
void wire_connect(struct wire_client *client, enum rpcancel_wire_profile profile, uint8_t flags, uint16_t fragment_max);

/* wire_send sends |pdu|; what was sent and told before is forgotten. */
void wire_send(struct wire_client *client, const struct rpcancel_pdu *pdu);

/* wire_request, wire_co_cancel and wire_orphaned send such a PDU; a request has |size| octets of stub data. */
void wire_request(struct wire_client *client, uint32_t call_id, uint16_t opnum, uint8_t flags, size_t size);
void wire_co_cancel(struct wire_client *client, uint32_t call_id);
void wire_orphaned(struct wire_client *client, uint32_t call_id);

/* wire_faults asserts that all that was sent is this fault. */
void wire_faults(const struct wire_client *client, uint32_t call_id, uint8_t flags, uint32_t status);

#endif
