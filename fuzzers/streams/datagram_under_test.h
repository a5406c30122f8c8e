// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_DATAGRAM_UNDER_TEST_H
#define RPCANCEL_FUZZERS_STREAMS_DATAGRAM_UNDER_TEST_H
/* Calls over datagrams as fuzz_datagram sees them: src/datagram, or one of these deliberate defects of it. */
#include "datagram/client.h"
#include "datagram/server.h"

#define RPCANCEL_DATAGRAM_DEFECTS(X)                              \
    X(LONG_ACK_IS_SHORT, "long-ack-is-short")                     \
    X(SERIAL_LOST, "serial-lost")                                 \
    X(VERIFIER_LOST, "verifier-lost")                             \
    X(LENIENT_IS_STRICT, "lenient-is-strict")                     \
    X(OFFSET_BEYOND, "offset-beyond")                             \
    X(CANCEL_ID_IN_ONE_BYTE_ORDER, "cancel-id-in-one-byte-order") \
    X(FLAGS_OF_OTHERS, "flags-must-be-zero")                      \
    X(SEQUENCE_OF_BEFORE, "request-of-the-call-before")           \
    X(SEQUENCE_STAYS, "sequence-number-twice")                    \
    X(CANCEL_ID_AHEAD, "cancel-id-ahead")                         \
    X(COMPLETED_TWICE, "completed-twice")                         \
    X(RESPONSE_CUT, "response-loses-an-octet")                    \
    X(UNKNOWN_IS_ANSWERED, "answer-of-an-unknown-call")           \
    X(EXECUTED_TWICE, "executed-twice")                           \
    X(ORPHANED_IS_ANSWERED, "orphaned-is-answered")               \
    X(CANCEL_DELIVERED_TWICE, "cancel-delivered-twice")           \
    X(ACK_AHEAD, "ack-of-a-cancel-to-come")                       \
    X(TIMER_STANDS, "timer-stands-still")

enum rpcancel_datagram_defect {
    RPCANCEL_DATAGRAM_DEFECT_NONE,
#define RPCANCEL_X(defect, name) RPCANCEL_DATAGRAM_DEFECT_##defect,
    RPCANCEL_DATAGRAM_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* Each does what the function of src/datagram with that name does, but for |defect|. */
bool rpcancel_tested_datagram_decode(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size,
                                     enum rpcancel_strictness strictness, struct rpcancel_datagram *datagram,
                                     struct rpcancel_datagram_complaint *complaint);
size_t rpcancel_tested_datagram_size(enum rpcancel_datagram_defect defect, const struct rpcancel_datagram *datagram);

/* rpcancel_tested_send writes what an end with |defect| sends in place of the |size| octets at |bytes| to |out|, of
 * RPCANCEL_DATAGRAM_MAX octets, and returns its size. */
size_t rpcancel_tested_send(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size, uint8_t *out);

#endif
