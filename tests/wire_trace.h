// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_WIRE_TRACE_H
#define RPCANCEL_TESTS_WIRE_TRACE_H
/*
 * Conversations in few words, for tests of the rules of the wire. Events are parted by `;`, `>` is the client, `<` the
 * server:
 *
 *     bind [mpx] [auth]                   bind, and bind_ack with one accepted context
 *     > request ID [fast|park|hold|stream] [first|middle|last] [pending] [maybe] [much] [context N]
 *     > co_cancel ID, > orphaned ID     [flags HEX] [junk] [verifier]
 *     > alter ID [features HEX]         alter_context; it asks for these bind-time features
 *     < altered ID [granted HEX]        its answer, which accepts the context, or grants these
 *     < response ID                     [first|middle|last] [pending] [count N]
 *     < fault ID STATUS                 [dne] [first|middle|last] [pending] [count N]; STATUS in hex
 *     > ack ID                          of a type of connectionless PDUs
 *     capture                           first of all: the observer is of a capture, not of a live run
 *     < shutdown ID, < short ID, < cancel_ack ID  a shutdown, a fault of 28 octets, a datagram's cancel_ack
 *     release                           waiting operations are told to go on
 *     > close, < close
 */
#include "wire/rules.h"

struct rpcancel_trace_verdict {
    struct rpcancel_wire_mask decided;  /* by any event */
    struct rpcancel_wire_mask violated; /* by the last event */
    struct rpcancel_wire_mask before;   /* violated by an earlier one */
};

/* rpcancel_trace_judge plays |trace| to a new observer of a live run, judges the events of |role| by the rules of
 * |profile|, and fills |*verdict|. Returns false at a word that it does not know. */
bool rpcancel_trace_judge(const char *trace, enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role,
                          struct rpcancel_trace_verdict *verdict);

#endif
