// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_RANDOM_PDU_H
#define RPCANCEL_TESTS_RANDOM_PDU_H
/* Random fragments that a strict reader accepts: every type, both byte orders, with and without verifier. */
#include "random_numbers.h"
#include "wire/pdu.h"

struct random_pdu {
    struct rpcancel_pdu pdu; /* points into the rest */
    uint8_t list[2048], data[256], value[64], padding[15];
    char address[32];
};

/* random_pdu_make makes a fragment of |type|, a connection-oriented one. */
void random_pdu_make(struct random_pdu *made, enum rpcancel_pdu_type type, struct rpcancel_random *random);

#endif
