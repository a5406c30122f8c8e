// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_PARTS_H
#define RPCANCEL_FUZZERS_PARTS_H
/*
 * The parts of an input, which trimming leaves whole. What they are depends on the kind of input: operations of a
 * sequence (parts.c), or what streams/part.h has (streams/parts.c). Programs link one of the two.
 */
#include <stddef.h>
#include <stdint.h>

enum { RPCANCEL_PARTS_MAX = 4096, RPCANCEL_PARTS_SIZE_MAX = 8192 };

/*
 * rpcancel_parts writes the input in the |size| bytes at |data|, at most RPCANCEL_PARTS_SIZE_MAX, to |out|, which has
 * as much room, in canonical form: never longer, and without what means nothing. Sets |begins[n]| to where part n
 * begins, with one more for the end; what comes before the first part belongs to none. Returns how many there are, 0
 * when they are more than RPCANCEL_PARTS_MAX.
 */
size_t rpcancel_parts(const uint8_t *data, size_t size, uint8_t *out, uint16_t begins[RPCANCEL_PARTS_MAX + 1]);

#endif
