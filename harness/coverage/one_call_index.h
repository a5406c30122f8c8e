// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ONE_CALL_INDEX_H
#define RPCANCEL_ONE_CALL_INDEX_H
/*
 * The one-call index: a number for every state that one call can come to, found by exhaustive search when it is opened,
 * so that coverage has an exact denominator. For whoever counts states while it runs, as the fuzz targets do: a look-up
 * takes no memory and a few nanoseconds.
 *
 * A state is what the reference knows of one handle: the handle, its call, and whether the link is lost. Which thread
 * the manager routine runs on makes no difference.
 *
 * An index does not change; threads may share it.
 */
#include "world.h"

struct rpcancel_one_call_index;

/* rpcancel_one_call_index_open makes the index, in a few milliseconds; NULL when memory is exhausted, or the reference
 * breaks a rule, so that the search cannot end. Release it with rpcancel_one_call_index_close; NULL is allowed there.
 */
struct rpcancel_one_call_index *rpcancel_one_call_index_open(void);
void rpcancel_one_call_index_close(struct rpcancel_one_call_index *index);

/* rpcancel_one_call_index_state_count returns how many states there are. */
unsigned rpcancel_one_call_index_state_count(const struct rpcancel_one_call_index *index);

/*
 * rpcancel_one_call_index_state returns the number, from 0 to the count - 1, of the state that |handle| (below
 * RPCANCEL_HANDLES_MAX) is in; -1 when the search has no such state: an earlier call of the handle is alive, or
 * |world| is not the reference's but a mutant's. State 0 is the initial one, and a state has a lower number than those
 * that take longer to reach.
 */
int rpcancel_one_call_index_state(const struct rpcancel_one_call_index *index, const struct rpcancel_world *world,
                                  unsigned handle);

#endif
