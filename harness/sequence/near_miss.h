// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_NEAR_MISS_H
#define RPCANCEL_NEAR_MISS_H
/*
 * How near a mistyped word is to one that exists.
 */
#include <stddef.h>

enum { RPCANCEL_NEAR_MISS_MAX = 40 };

/* rpcancel_near_miss_distance returns how many single-byte slips (one inserted, lost, changed, or two neighbours
 * swapped) turn one word into the other; more than any limit when one of them is longer than RPCANCEL_NEAR_MISS_MAX. */
unsigned rpcancel_near_miss_distance(const char *a, size_t a_length, const char *b, size_t b_length);

/* rpcancel_near_miss_limit returns how many slips a word of |length| bytes may have to be taken for another. */
unsigned rpcancel_near_miss_limit(size_t length);

#endif
