// SPDX-License-Identifier: Apache-2.0
/*
 * Counts how many different worlds a fuzz run has been in, a measure of what guides it that needs no defect to be
 * found. Only ci/fuzz-choice links it: it compiles subjects.c so that the target steps with rpcancel_counted_step, and
 * prints `worlds: N` at exit.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reference.h"

enum { WORD_BITS = 64, INDEX_BITS = 28 };

static uint64_t seen[(UINT64_C(1) << INDEX_BITS) / WORD_BITS]; /* a bit for each value of the hash */
static uint64_t worlds;

static uint64_t hash(const struct rpcancel_world *world)
{
    uint64_t words[4], mixed = 0;
    static_assert(sizeof words == sizeof *world, "a world is four words");
    memcpy(words, world, sizeof words);
    for (unsigned i = 0; i < 4; i++) {
        mixed = (mixed ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        mixed ^= mixed >> 29;
    }
    return mixed >> (64 - INDEX_BITS);
}

struct rpcancel_answer rpcancel_counted_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                             struct rpcancel_operation operation);

struct rpcancel_answer rpcancel_counted_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                             struct rpcancel_operation operation)
{
    struct rpcancel_answer answer = rpcancel_step(choices, world, operation);
    uint64_t index = hash(world), bit = UINT64_C(1) << index % WORD_BITS;
    worlds += (seen[index / WORD_BITS] & bit) == 0;
    seen[index / WORD_BITS] |= bit;
    return answer;
}

__attribute__((destructor)) static void print_worlds(void)
{
    fprintf(stderr, "worlds: %" PRIu64 "\n", worlds);
}
