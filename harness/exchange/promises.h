// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_PROMISES_H
#define RPCANCEL_EXCHANGE_PROMISES_H
/*
 * What both ends of calls over datagrams promise together, which datagrams do not show: a call that is not idempotent
 * executes once at most, ends once, and is answered with its own answer, unless it was given up; a cancel that was
 * accepted reaches the manager routine, and one that no manager routine took is pending at the client afterwards, where
 * the profile counts that; the server says of a call what becomes of it; and nothing that waits does so without a
 * timer. They hold whatever the network does, as long as both ends are ours. Where it loses, doubles and delays
 * nothing, no call is lost and no reply is sent again, either. What is broken, the outcome says.
 */
#include "exchange/ends.h"

/* rpcancel_promise_on_end is told how a call ends, before it is over. */
void rpcancel_promise_on_end(struct rpcancel_exchange_ends *ends, const struct rpcancel_datagram_result *result);

/* rpcancel_promise_on_request is told of a manager routine that begins. */
void rpcancel_promise_on_request(struct rpcancel_exchange_ends *ends, uint32_t sequence,
                                 const struct rpcancel_datagram_request *request);

/* rpcancel_promise_on_send is told of what |sender| sends. */
void rpcancel_promise_on_send(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                              const struct rpcancel_datagram *datagram);

/* rpcancel_promise_on_step looks at both ends behind a step. */
void rpcancel_promise_on_step(struct rpcancel_exchange_ends *ends);

#endif
