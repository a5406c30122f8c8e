// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RANDOM_NUMBERS_H
#define RPCANCEL_RANDOM_NUMBERS_H
/*
 * A small, fast, seedable source of random numbers: SplitMix64 (Steele, Lea, Flood 2014). Every seed is as good as any
 * other, and the same seed gives the same numbers everywhere.
 */
#include <stdint.h>

struct rpcancel_random {
    uint64_t state; /* the seed, to begin with */
};

static inline uint64_t rpcancel_random_next(struct rpcancel_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* rpcancel_random_below returns a number below |limit|, which is not 0. */
static inline uint32_t rpcancel_random_below(struct rpcancel_random *random, uint32_t limit)
{
    return (uint32_t)((rpcancel_random_next(random) >> 32) * limit >> 32);
}

#endif
