// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_RANDOM_DATAGRAM_H
#define RPCANCEL_TESTS_RANDOM_DATAGRAM_H
/* Random datagrams that a strict reader accepts: every type and form, both byte orders, with and without verifier. */
#include "datagram/datagram.h"
#include "random_numbers.h"

struct random_datagram {
    struct rpcancel_datagram datagram; /* points into the rest */
    uint8_t masks[16], data[256], auth[64];
};

/* random_datagram_make makes a datagram of |type|, below RPCANCEL_DATAGRAM_TYPES. */
void random_datagram_make(struct random_datagram *made, enum rpcancel_pdu_type type, struct rpcancel_random *random);

#endif
