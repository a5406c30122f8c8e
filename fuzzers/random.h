// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_RANDOM_H
#define RPCANCEL_FUZZERS_RANDOM_H
/*
 * Chance that repeats: the same numbers for the same seed, on every machine. SplitMix64 (Steele, Lea, Flood 2014).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rpcancel_random {
    uint64_t state; /* start it with any seed */
};

static inline uint64_t rpcancel_random_bits(struct rpcancel_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* rpcancel_random_below returns a number from 0 to |limit| - 1; 0 < |limit| < 2^32. */
static inline size_t rpcancel_random_below(struct rpcancel_random *random, size_t limit)
{
    return (size_t)((rpcancel_random_bits(random) >> 32) * (uint64_t)limit >> 32);
}

/* rpcancel_random_chance is true in |eighths| of 8 cases. */
static inline bool rpcancel_random_chance(struct rpcancel_random *random, unsigned eighths)
{
    return (rpcancel_random_bits(random) >> 61) < eighths;
}

#endif
