// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_ORDER_H
#define RPCANCEL_SHRINK_ORDER_H
/*
 * The order in which one sequence is smaller than another: fewer operations; then fewer handles, fewer threads, lower
 * arguments (their sum), and at last the bytes of the binary form, the first that differ. Operations are canonical and
 * expectations do not count, so no two different lists of operations are equal.
 */
#include <stdbool.h>

#include "sequence/sequence.h"

/* rpcancel_is_smaller tells whether |a| is smaller than |b|. */
bool rpcancel_is_smaller(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b);

/* rpcancel_handles_of and rpcancel_threads_of return which handles and threads |sequence| names: bit n is number n. */
unsigned rpcancel_handles_of(const struct rpcancel_sequence *sequence);
unsigned rpcancel_threads_of(const struct rpcancel_sequence *sequence);

#endif
