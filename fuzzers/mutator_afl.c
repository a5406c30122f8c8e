// SPDX-License-Identifier: Apache-2.0
#include "mutator_afl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutator.h"
#include "random.h"
#include "trim.h"

#pragma GCC visibility push(default)

enum { SIZE_DEFAULT = 1024, SIZE_LARGEST = RPCANCEL_PARTS_SIZE_MAX };

/* Found by measurement (docs/fuzzing.md). Left to itself, afl-fuzz stays with one input for thousands of executions.
 * And as running an input costs it more than making one, much is changed at a time. */
enum { ATTEMPTS_PER_INPUT = 64, MUTATIONS_MAX = 8, CROSS_EIGHTHS = 2 };

struct mutator {
    struct rpcancel_random random;
    size_t limit;
    const char *last; /* what the last input came about by */
    uint64_t seed;    /* of that */
    char description[64];
    unsigned step, steps; /* of trimming: the next one, how many there are at most */
    struct rpcancel_trim trim;
    uint8_t bytes[SIZE_LARGEST];
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t size_limit(void)
{
    const char *value = getenv("AFL_INPUT_LEN_MAX");
    unsigned long long number = value ? strtoull(value, NULL, 10) : 0;
    return number ? smaller((size_t)number, SIZE_LARGEST) : SIZE_DEFAULT;
}

void *afl_custom_init(void *afl, unsigned seed)
{
    (void)afl;
    struct mutator *mutator = calloc(1, sizeof *mutator);
    if (!mutator)
        return NULL;
    mutator->random.state = seed;
    mutator->limit = size_limit();
    mutator->last = "none";
    return mutator;
}

unsigned afl_custom_fuzz_count(void *data, const uint8_t *input, size_t size)
{
    (void)data;
    (void)input;
    (void)size;
    return ATTEMPTS_PER_INPUT;
}

size_t afl_custom_fuzz(void *data, uint8_t *input, size_t size, uint8_t **out, uint8_t *other, size_t other_size,
                       size_t max_size)
{
    struct mutator *mutator = data;
    size_t limit = smaller(max_size, mutator->limit);
    bool crosses = other && rpcancel_random_chance(&mutator->random, CROSS_EIGHTHS);
    mutator->last = crosses ? "cross" : "mutate";
    mutator->seed = rpcancel_random_bits(&mutator->random);
    *out = mutator->bytes;
    if (crosses)
        return rpcancel_cross(input, size, other, other_size, mutator->bytes, limit, mutator->seed);
    size = smaller(size, limit);
    memcpy(mutator->bytes, input, size);
    struct rpcancel_random random = {mutator->seed};
    for (size_t left = 1 + rpcancel_random_below(&random, MUTATIONS_MAX); left > 0; left--)
        size = rpcancel_mutate(mutator->bytes, size, limit, rpcancel_random_bits(&random));
    return size;
}

const char *afl_custom_describe(void *data, size_t max_length)
{
    struct mutator *mutator = data;
    size_t room = smaller(max_length + 1, sizeof mutator->description);
    snprintf(mutator->description, room, "op:%s,seed:%" PRIx64, mutator->last, mutator->seed);
    return mutator->description;
}

int afl_custom_init_trim(void *data, uint8_t *input, size_t size)
{
    struct mutator *mutator = data;
    mutator->step = 0;
    mutator->steps = size <= SIZE_LARGEST ? rpcancel_trim_begin(&mutator->trim, input, size) : 0;
    return (int)mutator->steps;
}

size_t afl_custom_trim(void *data, uint8_t **out)
{
    struct mutator *mutator = data;
    *out = mutator->bytes;
    return rpcancel_trim_propose(&mutator->trim, mutator->bytes);
}

int afl_custom_post_trim(void *data, uint8_t success)
{
    struct mutator *mutator = data;
    rpcancel_trim_judge(&mutator->trim, success != 0);
    mutator->step++;
    return (int)(mutator->trim.done ? mutator->steps : mutator->step);
}

void afl_custom_deinit(void *data)
{
    free(data);
}
