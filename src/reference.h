// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REFERENCE_H
#define RPCANCEL_REFERENCE_H
/*
 * The reference implementation of asynchronous calls and their cancellation, without I/O, clock, threads or heap.
 *
 * rpcancel_step is total (every operation in every state), deterministic and allocation-free. Delivery of messages
 * is an operation like any other, so a race is an explicit, replayable order. Any number of worlds may be stepped by
 * any number of threads as long as no two step the same world at once.
 */
#include "answer.h"
#include "operation.h"
#include "world.h"

/* The answers the documents leave open or contradict each other on: the reference's choice, by source. */
struct rpcancel_choices {
    uint16_t no_call;      /* GetCallStatus on a handle without call: 1914 (page), 1702 (observed on Windows, N34) */
    uint16_t wrong_role;   /* a client function on a server handle or the reverse: 1915 by its meaning (N42) */
    uint16_t no_call_used; /* CompleteCall, CancelCall on an initialised handle never used for a call (N62): 1914 */
    uint16_t link_failure; /* what a call that lost its link ends with: 1726, the server was reachable */
    /* CallStatus of RpcServerInqCallAttributes: 1, 2, 3 (page, N103), or 0, 1, 2 (headers, N104) */
    uint16_t status_in_progress, status_cancelled, status_disconnected;
};

extern const struct rpcancel_choices rpcancel_choices_documented; /* profile `documented`, the default */
extern const struct rpcancel_choices rpcancel_choices_windows;    /* profile `windows`: what tests saw on Windows */

/* rpcancel_world_reset makes |world| the initial one: every handle zeroed, no calls, link up. */
void rpcancel_world_reset(struct rpcancel_world *world);

/*
 * rpcancel_step carries out |operation| (in canonical form) on |world|.
 *
 * REFUSED and UNDEFINED answers leave |world| as it was. UNDEFINED stands where a document calls the result undefined
 * or forbids the step without saying what comes of it.
 */
struct rpcancel_answer rpcancel_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                     struct rpcancel_operation operation);

/* rpcancel_call_alive tells whether |call| still has work or messages outstanding anywhere. */
bool rpcancel_call_alive(struct rpcancel_call call);

#endif
