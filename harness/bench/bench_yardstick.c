// SPDX-License-Identifier: Apache-2.0
/* How fast the machine is just now, by work that no change of the project touches. */
#include <inttypes.h>
#include <stdio.h>

#include "bench/bench.h"

/* As many words as fit into a second-level cache: a neighbour that takes the cache shows as one that takes the
 * processor. */
enum { WORDS = 1 << 16, ROUND = 1 << 20 };

int bench_yardstick(double seconds)
{
    static uint64_t table[WORDS];
    uint64_t state = 1, rounds = 0;
    double begin = bench_processor(), end = begin;
    for (; end - begin < seconds; end = bench_processor(), rounds++) {
        for (unsigned i = 0; i < ROUND; i++) {
            state = (state ^ table[state >> 48]) * UINT64_C(0x9E3779B97F4A7C15) + i;
            table[state >> 48] += state;
        }
    }
    printf("yardstick %.0f steps/s, %" PRIu64 " steps, sum %016" PRIx64 "\n",
           (double)rounds * (double)ROUND / (end - begin), rounds * ROUND, state);
    return 0;
}
