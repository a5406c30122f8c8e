// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_MUTATOR_H
#define RPCANCEL_FUZZERS_MUTATOR_H
/*
 * What makes inputs, shared by all fuzzing engines. There are two, of which a program links one:
 *
 *   mutator.c        of sequences: it changes whole operations of the binary form, never single bytes, and knows from
 *                    the reference implementation which operations can happen where
 *   streams/mutator.c   of streams: it changes whole fragments and what they say (streams/stream.h)
 *
 * Both functions are deterministic in their arguments, take no memory, and yield at least one operation, in canonical
 * encoding, or one fragment or choice; 0 is returned only when |max_size| has no room for an operation (2 bytes) or a
 * choice (3). Any number of threads may call them.
 */
#include <stddef.h>
#include <stdint.h>

/* rpcancel_mutate changes the input in the |size| bytes at |data|, a buffer of |max_size| bytes, in place and
 * returns the new size. The input may be any bytes; what means nothing is left out. */
size_t rpcancel_mutate(uint8_t *data, size_t size, size_t max_size, uint64_t seed);

/* rpcancel_cross writes an input made of parts of the two at |first| and |second| to |out| (|max_size| bytes, apart
 * from both) and returns its size. */
size_t rpcancel_cross(const uint8_t *first, size_t first_size, const uint8_t *second, size_t second_size, uint8_t *out,
                      size_t max_size, uint64_t seed);

#endif
