// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SYNCHRONOUS_H
#define RPCANCEL_SYNCHRONOUS_H
/*
 * Synchronous calls at the client: threads that wait in a stub, the functions that cancel what they wait for, and the
 * clock. Internal to the reference implementation.
 *
 * A letter is a thread from the first synchronous call or time-out on, and an RPC_ASYNC_STATE again once the thread is
 * as it was in the beginning: in no call, and without time-outs.
 */
#include "machines.h"

/* rpcancel_synchronous_step carries out the client's operations of synchronous calls, and `elapse`, with
 * rpcancel_step's contract. */
struct rpcancel_answer rpcancel_synchronous_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                 struct rpcancel_operation operation);

/* rpcancel_stub_ends notes that the call of |thread| ended with |result| (enum rpcancel_call_result), if it is in one.
 */
void rpcancel_stub_ends(struct rpcancel_handle *thread, unsigned result);

#endif
