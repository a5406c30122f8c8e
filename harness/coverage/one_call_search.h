// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ONE_CALL_SEARCH_H
#define RPCANCEL_ONE_CALL_SEARCH_H
/*
 * The one-call slice: everything that one call on one dispatcher thread can come to, with every argument and without
 * earlier calls; what `rpcancel explore --calls 1 --earlier 0` searches. Its states and edges are the denominators of
 * coverage (docs/coverage.md).
 */
#include "engine/alphabet.h"
#include "engine/explore.h"

/* rpcancel_one_call_alphabet makes the alphabet whose positions the edges of the search carry. */
void rpcancel_one_call_alphabet(struct rpcancel_alphabet *alphabet);

/*
 * rpcancel_one_call_search searches the slice on the reference, in a few milliseconds, and leaves its pairs in |*table|
 * for the caller to close. |edge| is called with |context| for every edge, NULL for none. False, with nothing to close,
 * when memory is exhausted, or when the search finds the reference to break a rule and cannot end.
 */
bool rpcancel_one_call_search(struct rpcancel_pair_table *table,
                              void (*edge)(void *context, const struct rpcancel_edge *edge), void *context);

#endif
