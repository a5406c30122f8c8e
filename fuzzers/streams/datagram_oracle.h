// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DATAGRAM_ORACLE_H
#define RPCANCEL_FUZZERS_STREAMS_DATAGRAM_ORACLE_H
/*
 * Watches both ends of calls over datagrams, each from its own place, and holds them against the invariants
 * datagram_sends_well_formed to datagram_rules_of_server: what they send, and what they tell whoever they run in, by
 * what arrived. Of src/datagram it uses the codec alone.
 */
#include "datagram/event.h"
#include "datagram/rules.h"
#include "wire/profile.h"

enum { RPCANCEL_ORACLE_CALLS_MAX = 128 };

/* A call that the server was sent something of. */
struct rpcancel_oracle_call {
    struct rpcancel_uuid activity;
    uint32_t sequence;
    uint64_t peers;   /* bit n: number n sent something of it */
    uint32_t highest; /* of the cancel_ids that came */
    uint32_t delivered;
    bool was_executed, is_idempotent, is_orphaned;
};

/* One place, at which events happen in an order. */
struct rpcancel_oracle_place {
    struct rpcancel_datagram_observer observer;
    struct rpcancel_wire_mask rules;
    uint32_t elapsed; /* ms since the last event there */
};

struct rpcancel_datagram_oracle {
    struct rpcancel_oracle_place at_client, at_server;
    struct rpcancel_uuid activity; /* the client's */
    uint32_t sequence;             /* of its last call */
    bool is_waiting;               /* its caller, for the end of that */
    struct rpcancel_span arriving; /* octets that an end takes in now */
    uint64_t peer;                 /* that they came from */
    uint32_t count, activities;
    bool is_full; /* more calls than there are places: what is not known any more is no reproach */
    struct rpcancel_oracle_call calls[RPCANCEL_ORACLE_CALLS_MAX];
};

void rpcancel_datagram_oracle_begin(struct rpcancel_datagram_oracle *oracle, enum rpcancel_wire_profile profile,
                                    const struct rpcancel_uuid *activity);

/* rpcancel_datagram_oracle_passes lets |ms| pass, before what happens because of it; rpcancel_datagram_oracle_settled
 * tells that nothing more does by now. */
void rpcancel_datagram_oracle_passes(struct rpcancel_datagram_oracle *oracle, uint32_t ms);
void rpcancel_datagram_oracle_settled(struct rpcancel_datagram_oracle *oracle);

/* ---- the client ---- */

/* What is asked of it, before it is done: a call, whose number will be above those before; a cancel, with the call's
 * time-out; to give the call up. */
void rpcancel_datagram_oracle_calls(struct rpcancel_datagram_oracle *oracle);
void rpcancel_datagram_oracle_called(struct rpcancel_datagram_oracle *oracle, uint32_t sequence);
void rpcancel_datagram_oracle_cancels(struct rpcancel_datagram_oracle *oracle, uint32_t timeout);
void rpcancel_datagram_oracle_orphans(struct rpcancel_datagram_oracle *oracle);

/* Octets that arrive at it; that it sends; and the end of a call that it tells. */
void rpcancel_datagram_oracle_client_receives(struct rpcancel_datagram_oracle *oracle, const uint8_t *bytes,
                                              size_t size);
void rpcancel_datagram_oracle_client_sent(struct rpcancel_datagram_oracle *oracle, const uint8_t *bytes, size_t size);
void rpcancel_datagram_oracle_completed(struct rpcancel_datagram_oracle *oracle, uint32_t sequence,
                                        enum rpcancel_datagram_told_end end, const struct rpcancel_span *response);

/* ---- the server ---- */

/* Octets of |peer|, below 64, that arrive at it; that it sends; a call that it has executed, of what arrives now. */
void rpcancel_datagram_oracle_server_receives(struct rpcancel_datagram_oracle *oracle, uint64_t peer,
                                              const uint8_t *bytes, size_t size);
void rpcancel_datagram_oracle_server_sent(struct rpcancel_datagram_oracle *oracle, uint64_t peer, const uint8_t *bytes,
                                          size_t size);
void rpcancel_datagram_oracle_executed(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                       uint32_t sequence, struct rpcancel_span stub_data);

/* |cancels| more cancels are delivered to a call; a call is orphaned. */
void rpcancel_datagram_oracle_delivered(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                        uint32_t sequence, uint32_t cancels);
void rpcancel_datagram_oracle_orphaned(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                       uint32_t sequence);

#endif
