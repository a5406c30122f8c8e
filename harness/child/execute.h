// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_EXECUTE_H
#define RPCANCEL_CHILD_EXECUTE_H
/*
 * Operations as calls of the documented functions; the half of the driver that knows nothing of lines.
 */
#include "child/port.h"

/* What init saw, for its answer line. Signature means something when the answer has RPCANCEL_FACT_LOOKED. */
struct child_answer {
    struct rpcancel_answer answer;
    uint32_t signature;
};

/* child_execute carries out |operation| (canonical). */
struct child_answer child_execute(struct rpcancel_operation operation);

/* child_ask calls the documented function of a `test-cancel`, `subscribe`, `unsubscribe` or `call-attributes` with
 * |binding|, on the thread of |operation|. */
struct rpcancel_answer child_ask(struct rpcancel_operation operation, RPC_BINDING_HANDLE binding);

/* child_notification returns what the argument of a `subscribe`, `unsubscribe` or `take` means to the documented
 * functions; a number that is no notification, for UNSUPPORTED. */
RPC_NOTIFICATIONS child_notification(struct rpcancel_operation operation);

/* child_is_ready tells whether the structure of |handle| was initialised and not corrupted since. */
bool child_is_ready(unsigned handle);

/* Resets after which what the runtime was given is used again: it may still look at what it gave back a moment ago. */
enum { CHILD_TURNS = 16 };

/* child_reset takes other structures for the client, full of zeroes. Their memory was last used CHILD_TURNS resets ago,
 * or, where the runtime has kept that, never. False when there is no memory: nothing more can be executed. */
bool child_reset(void);

#endif
