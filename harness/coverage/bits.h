// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_BITS_H
#define RPCANCEL_COVERAGE_BITS_H
/*
 * Sets of numbers, one bit each. The owner says how many numbers there are.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* rpcancel_bits_words returns how many words to have for a set of the numbers below |count|; never none. */
static inline size_t rpcancel_bits_words(size_t count)
{
    return count / 64 + 1;
}

static inline bool rpcancel_bits_have(const uint64_t *bits, size_t number)
{
    return bits[number / 64] >> number % 64 & 1u;
}

/* rpcancel_bits_add adds |number|; true when it is new. */
static inline bool rpcancel_bits_add(uint64_t *bits, size_t number)
{
    uint64_t bit = UINT64_C(1) << number % 64;
    bool is_new = (bits[number / 64] & bit) == 0;
    bits[number / 64] |= bit;
    return is_new;
}

static inline void rpcancel_bits_remove(uint64_t *bits, size_t number)
{
    bits[number / 64] &= ~(UINT64_C(1) << number % 64);
}

#endif
