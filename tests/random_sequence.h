// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_RANDOM_SEQUENCE_H
#define RPCANCEL_TESTS_RANDOM_SEQUENCE_H
/*
 * Sequences by chance, the same ones for the same seed, and small helpers of the tests that use them.
 */
#include <stddef.h>
#include <stdint.h>

#include "sequence/sequence.h"

struct random_source {
    uint64_t state; /* start it with a seed of your choice */
};

uint64_t random_number(struct random_source *source);

/* random_below returns a number from 0 to |limit| - 1. */
unsigned random_below(struct random_source *source, unsigned limit);

/* random_operation returns any operation, in canonical form. */
struct rpcancel_operation random_operation(struct random_source *source);

/* random_expectation returns the empty set half of the time. */
rpcancel_expectation random_expectation(struct random_source *source);

/* random_sequence returns up to |limit| items. The caller frees it. */
struct rpcancel_sequence random_sequence(struct random_source *source, unsigned limit);

/* text_of returns the text of |sequence|, terminated, and its length in |*length|. The caller frees it. */
char *text_of(const struct rpcancel_sequence *sequence, size_t *length);

/* binary_of returns the canonical encoding of |sequence| and its length in |*length|. The caller frees it. */
uint8_t *binary_of(const struct rpcancel_sequence *sequence, size_t *length);

/* assert_same_sequence fails unless both have the same operations and expectations. */
void assert_same_sequence(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b);

#endif
