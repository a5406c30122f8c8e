// SPDX-License-Identifier: Apache-2.0
#include "mutator_libfuzzer.h"

#include "mutator.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return rpcancel_mutate(data, size, max_size, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t max_size, unsigned seed)
{
    return rpcancel_cross(first, first_size, second, second_size, out, max_size, seed);
}
