// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PROJECTION_H
#define RPCANCEL_PROJECTION_H
/*
 * Projection: what a sequence with any number of calls shows of one call, or of two of them, as if the others were not
 * there. docs/coverage.md says why each operation counts where it does.
 */
#include <stdbool.h>

#include "operation.h"
#include "world.h"

/* What an operation is about: the handle whose current call or structure it names or serves, or one of these. */
enum {
    RPCANCEL_ABOUT_NO_CALL = -1, /* `init bad-memory`, `test-cancel invalid`, `test-cancel 0` where no call is served */
    RPCANCEL_ABOUT_EVERY_CALL = -2, /* `settle`, `lose link` */
    RPCANCEL_ABOUT_EARLIER = -3     /* an earlier call, which has no counterpart */
};

/* rpcancel_served_on returns the handle whose current call's manager routine runs on dispatcher |thread|;
 * RPCANCEL_ABOUT_EARLIER when that of an earlier call does, RPCANCEL_ABOUT_NO_CALL when none does. */
int rpcancel_served_on(const struct rpcancel_world *world, unsigned thread);

/* rpcancel_subject returns what |operation| is about where |world| stands before it. */
int rpcancel_subject(const struct rpcancel_world *world, struct rpcancel_operation operation);

/*
 * rpcancel_thread_remains tells whether the thread |operation| runs on is still there when only the handles in |mask|
 * (bit n: handle n) are looked at and the server has |threads| dispatchers: the thread is the program's own, or runs
 * the manager routine of one of their current calls, or is idle and there is an idle one. True where the operation
 * names no thread, and for `dispatch`, which takes an idle one.
 */
bool rpcancel_thread_remains(const struct rpcancel_world *world, struct rpcancel_operation operation, unsigned mask,
                             unsigned threads);

#endif
