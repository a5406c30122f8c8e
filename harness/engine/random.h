// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RANDOM_H
#define RPCANCEL_RANDOM_H
/*
 * Random sequences: operations drawn from an alphabet, so that most of them can happen. A world of the reference goes
 * along as a guide; it decides nothing.
 */
#include <stdbool.h>
#include <stdint.h>

#include "engine/alphabet.h"
#include "random_numbers.h"
#include "reference.h"
#include "sequence/sequence.h"

struct rpcancel_random_options {
    unsigned length; /* operations a sequence has */
    bool hidden;     /* for a runtime that delivers unseen: no `deliver` or `lose link`, but `settle` now and then */
    const struct rpcancel_alphabet *alphabet;
};

/* rpcancel_random_sequence empties |sequence| and fills it; false when memory is exhausted. The same |random| and
 * options give the same sequence. */
bool rpcancel_random_sequence(struct rpcancel_random *random, const struct rpcancel_random_options *options,
                              struct rpcancel_sequence *sequence);

#endif
