// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_SERVER_ORACLE_H
#define RPCANCEL_FUZZERS_STREAMS_SERVER_ORACLE_H
/*
 * Watches a server's end of an association from the outside: what goes in and out, and what the application is told and
 * answers. It holds all of it against the invariants `server` of streams/invariants.h. Of src/wire it uses the codec
 * alone; what profiles differ in it has from the table in docs/serve.md.
 */
#include "streams/digest.h"
#include "wire/pdu.h"
#include "wire/profile.h"

enum { RPCANCEL_ORACLE_CALLS = 32 };

/* A request that is complete, and not answered yet. */
struct rpcancel_oracle_call {
    bool is_open, orphaned, maybe;
    bool bit;            /* PENDING_CANCEL was on its first fragment */
    bool cancel_pending; /* that the application has not taken */
    uint32_t call_id;
    uint16_t context_id;
    unsigned cancels; /* co_cancel that came */
    unsigned told;    /* cancels the application was told of */
};

struct rpcancel_server_oracle {
    enum rpcancel_wire_profile profile;
    bool bound, multiplexed;
    unsigned size_max; /* octets of a reply, as the bind_ack announced */
    struct rpcancel_oracle_call calls[RPCANCEL_ORACLE_CALLS];
    struct rpcancel_oracle_call assembling; /* is_open: its fragments are coming */
    struct rpcancel_stub_digest assembled;
    bool refusing; /* the fragments of |refused| may still come, which found all calls taken */
    uint32_t refused;
    /* The fragment that is being received: */
    bool receiving, understood;
    struct rpcancel_pdu in;
    unsigned sent, faults;                /* by the association of its own accord */
    unsigned requests, cancels, orphaned; /* told */
    /* The answer that the application is giving: */
    int answering; /* the call, or -1 */
    bool is_fault;
    uint32_t status;
    struct rpcancel_span stub_data; /* that is left to be sent */
    unsigned replies;
    bool is_complete; /* the last fragment was sent */
};

void rpcancel_server_oracle_begin(struct rpcancel_server_oracle *oracle, enum rpcancel_wire_profile profile);

/* Around rpcancel_server_receive, which said whether the association stays |open|. */
void rpcancel_server_oracle_receive(struct rpcancel_server_oracle *oracle, const uint8_t *bytes, size_t size);
void rpcancel_server_oracle_received(struct rpcancel_server_oracle *oracle, bool open);

/* What the host is asked for. */
void rpcancel_server_oracle_sent(struct rpcancel_server_oracle *oracle, const uint8_t *bytes, size_t size);
void rpcancel_server_oracle_assembly(struct rpcancel_server_oracle *oracle, size_t size);
void rpcancel_server_oracle_request(struct rpcancel_server_oracle *oracle, unsigned call, uint16_t opnum,
                                    struct rpcancel_span stub_data);
void rpcancel_server_oracle_cancel(struct rpcancel_server_oracle *oracle, unsigned call);
void rpcancel_server_oracle_orphaned(struct rpcancel_server_oracle *oracle, unsigned call);

/* Around what the application does: with |status| 0 a response, else a fault. */
void rpcancel_server_oracle_answer(struct rpcancel_server_oracle *oracle, unsigned call, uint32_t status,
                                   struct rpcancel_span stub_data);
void rpcancel_server_oracle_answered(struct rpcancel_server_oracle *oracle);
void rpcancel_server_oracle_took(struct rpcancel_server_oracle *oracle, unsigned call, bool was_pending);

/* rpcancel_server_oracle_open returns the |nth| call that is not answered, counted around; -1 when there is none. */
int rpcancel_server_oracle_open(const struct rpcancel_server_oracle *oracle, unsigned nth);

#endif
