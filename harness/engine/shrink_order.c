// SPDX-License-Identifier: Apache-2.0
#include "engine/shrink_order.h"

#include <string.h>

static bool uses(struct rpcancel_operation operation, unsigned what)
{
    return rpcancel_operation_describe(operation.kind)->uses & what;
}

unsigned rpcancel_handles_of(const struct rpcancel_sequence *sequence)
{
    unsigned handles = 0;
    for (size_t i = 0; i < sequence->count; i++)
        handles |= (unsigned)uses(sequence->items[i].operation, RPCANCEL_USES_HANDLE)
                   << sequence->items[i].operation.handle;
    return handles;
}

unsigned rpcancel_threads_of(const struct rpcancel_sequence *sequence)
{
    unsigned threads = 0;
    for (size_t i = 0; i < sequence->count; i++)
        threads |= (unsigned)uses(sequence->items[i].operation, RPCANCEL_USES_THREAD)
                   << sequence->items[i].operation.thread;
    return threads;
}

static size_t sum_arguments(const struct rpcancel_sequence *sequence)
{
    size_t sum = 0;
    for (size_t i = 0; i < sequence->count; i++)
        sum += sequence->items[i].operation.argument;
    return sum;
}

static int compare_bytes(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b)
{
    uint8_t left[RPCANCEL_BINARY_RECORD], right[RPCANCEL_BINARY_RECORD];
    int difference = 0;
    for (size_t i = 0; i < a->count && difference == 0; i++) {
        rpcancel_binary_put(a->items[i].operation, left);
        rpcancel_binary_put(b->items[i].operation, right);
        difference = memcmp(left, right, sizeof left);
    }
    return difference;
}

static int compare(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static unsigned count_bits(unsigned mask)
{
    return (unsigned)__builtin_popcount(mask);
}

bool rpcancel_is_smaller(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b)
{
    int difference = compare(a->count, b->count);
    if (difference == 0)
        difference = compare(count_bits(rpcancel_handles_of(a)), count_bits(rpcancel_handles_of(b)));
    if (difference == 0)
        difference = compare(count_bits(rpcancel_threads_of(a)), count_bits(rpcancel_threads_of(b)));
    if (difference == 0)
        difference = compare(sum_arguments(a), sum_arguments(b));
    if (difference == 0)
        difference = compare_bytes(a, b);
    return difference < 0;
}
