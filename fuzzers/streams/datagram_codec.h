// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DATAGRAM_CODEC_H
#define RPCANCEL_FUZZERS_STREAMS_DATAGRAM_CODEC_H
/* Holds the codec of datagrams, with |defect|, against the invariants datagram_round_trip to datagram_byte_order. */
#include "streams/datagram_under_test.h"

/* rpcancel_datagram_codec_look reads the |size| octets at |bytes|, whatever they are, and writes them again. */
void rpcancel_datagram_codec_look(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size);

#endif
