// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_MUTATOR_H
#define RPCANCEL_FUZZERS_MUTATOR_H
/*
 * The mutator of sequences, shared by all fuzzing engines: it changes whole operations of the binary form, never
 * single bytes, and knows from the reference implementation which operations can happen where.
 *
 * Both functions are deterministic in their arguments, take no memory, and yield the canonical encoding of at least
 * one operation; 0 is returned only when |max_size| has no room for one. Any number of threads may call them.
 */
#include <stddef.h>
#include <stdint.h>

/* rpcancel_mutate changes the sequence in the |size| bytes at |data|, a buffer of |max_size| bytes, in place and
 * returns the new size. The input may be any bytes; what means nothing is left out. */
size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed);

/* rpcancel_cross writes a sequence made of parts of the two at |first| and |second| to |out| (|max_size| bytes, apart
 * from both) and returns its size. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed);

#endif
