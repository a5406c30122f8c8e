// SPDX-License-Identifier: Apache-2.0
#include "mutator_libfuzzer.h"

#include "mutator.h"
#include "random.h"

/* libFuzzer's own mutations, of octets, with its dictionary and what it saw compared; other engines have none. */
extern __attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct rpcancel_random random = {seed};
    if (LLVMFuzzerMutate && rpcancel_random_chance(&random, 1))
        return LLVMFuzzerMutate(data, size, max_size);
    return rpcancel_mutate(data, size, max_size, rpcancel_random_bits(&random));
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t max_size, unsigned seed)
{
    return rpcancel_cross(first, first_size, second, second_size, out, max_size, seed);
}
