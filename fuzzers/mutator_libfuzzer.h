// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_MUTATOR_LIBFUZZER_H
#define RPCANCEL_FUZZERS_MUTATOR_LIBFUZZER_H
/*
 * The mutator as libFuzzer asks for it. The names and types are libFuzzer's, which has no header for C.
 */
#include <stddef.h>
#include <stdint.h>

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size,
                                 uint8_t *out, size_t max_size, unsigned seed);

#endif
