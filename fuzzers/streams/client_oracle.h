// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_CLIENT_ORACLE_H
#define RPCANCEL_FUZZERS_STREAMS_CLIENT_ORACLE_H
/*
 * Watches a client's end of an association from the outside: what goes in and out, and what the application asks and is
 * told. It holds all of it against the invariants `client` of streams/invariants.h. Of src/wire it uses the codec
 * alone; what profiles differ in it has from the documents (docs/serve.md, W96).
 */
#include "streams/digest.h"
#include "wire/pdu.h"
#include "wire/profile.h"

/* Results of wire/client.h, as they are told. */
struct rpcancel_client_result;

enum { RPCANCEL_CLIENT_ORACLE_CALLS = 32 };

struct rpcancel_client_oracle_call {
    bool is_open;
    bool answered; /* a fragment of the response came */
    uint32_t call_id;
    unsigned cancels;                   /* co_cancel that were sent */
    struct rpcancel_stub_digest answer; /* of the fragments that came */
};

struct rpcancel_client_oracle {
    enum rpcancel_wire_profile profile;
    bool bound, multiplexed, told_bound, keeps_connection, is_over;
    unsigned size_max; /* octets of a request */
    uint32_t last_call_id;
    struct rpcancel_client_oracle_call calls[RPCANCEL_CLIENT_ORACLE_CALLS];
    /* The fragment that is being received: */
    bool receiving, understood;
    struct rpcancel_pdu in;
    unsigned completed; /* told since then */
    bool is_losing;     /* the end of the connection is being told */
    /* What the application is doing: */
    bool calling;
    struct rpcancel_span stub_data; /* of the request, that is left to be sent */
    bool is_complete;               /* the last fragment was sent */
    unsigned sent;
    uint32_t call_id; /* of what was sent last */
    uint8_t type;
};

void rpcancel_client_oracle_begin(struct rpcancel_client_oracle *oracle, enum rpcancel_wire_profile profile);

/* Around rpcancel_client_receive, which said whether the association stays |open|, and rpcancel_client_lost. */
void rpcancel_client_oracle_receive(struct rpcancel_client_oracle *oracle, const uint8_t *bytes, size_t size);
void rpcancel_client_oracle_received(struct rpcancel_client_oracle *oracle, bool open);
void rpcancel_client_oracle_lose(struct rpcancel_client_oracle *oracle);
void rpcancel_client_oracle_lost(struct rpcancel_client_oracle *oracle);

/* What the host is asked for and told. */
void rpcancel_client_oracle_sent(struct rpcancel_client_oracle *oracle, const uint8_t *bytes, size_t size);
void rpcancel_client_oracle_assembly(struct rpcancel_client_oracle *oracle, size_t size);
void rpcancel_client_oracle_bound(struct rpcancel_client_oracle *oracle, bool accepted);
void rpcancel_client_oracle_completed(struct rpcancel_client_oracle *oracle,
                                      const struct rpcancel_client_result *result);

/* Before what the application asks for; a call has |stub_data|. Then what it was told: whether it was |done|. */
void rpcancel_client_oracle_ask(struct rpcancel_client_oracle *oracle, bool calling, struct rpcancel_span stub_data);
void rpcancel_client_oracle_called(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id);
void rpcancel_client_oracle_cancelled(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id);
void rpcancel_client_oracle_orphaned(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id, bool close);

#endif
