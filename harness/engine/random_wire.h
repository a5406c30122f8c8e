// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RANDOM_WIRE_H
#define RPCANCEL_RANDOM_WIRE_H
/* Random sequences of the wire, for servers under test: associations, requests, cancels and barriers, in any order. */
#include <stdbool.h>
#include <stdint.h>

#include "random_numbers.h"
#include "sequence/sequence.h"

struct rpcancel_random_wire_options {
    unsigned length;  /* operations a sequence has */
    unsigned handles; /* 1 to RPCANCEL_HANDLES_MAX */
    uint8_t lacks;    /* RPCANCEL_WIRE_NEEDS_… that the server cannot meet: no request asks for them */
};

/* rpcancel_random_wire_sequence empties |sequence| and fills it; false when memory is exhausted. The last operation is
 * `settle`. The same |random| and options give the same sequence. */
bool rpcancel_random_wire_sequence(struct rpcancel_random *random, const struct rpcancel_random_wire_options *options,
                                   struct rpcancel_sequence *sequence);

#endif
