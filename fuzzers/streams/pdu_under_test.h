// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_PDU_UNDER_TEST_H
#define RPCANCEL_FUZZERS_STREAMS_PDU_UNDER_TEST_H
/* The codec as fuzz_pdu calls it: wire/pdu.h, or one of these deliberate defects of it. */
#include "wire/pdu.h"

#define RPCANCEL_PDU_DEFECTS(X)                             \
    X(LENGTH_IN_ONE_BYTE_ORDER, "length-in-one-byte-order") \
    X(LENGTH_TOO_SOON, "length-too-soon")                   \
    X(LENIENT_IS_STRICT, "lenient-is-strict")               \
    X(OFFSET_BEYOND, "offset-beyond")                       \
    X(CONTEXT_LOST, "context-lost")                         \
    X(RESERVED_LOST, "reserved-lost")                       \
    X(VERIFIER_PADDING_LOST, "verifier-padding-lost")       \
    X(CANCEL_COUNT_IN_ONE_BYTE_ORDER, "cancel-count-in-one-byte-order")

enum rpcancel_pdu_defect {
    RPCANCEL_PDU_DEFECT_NONE,
#define RPCANCEL_X(defect, name) RPCANCEL_PDU_DEFECT_##defect,
    RPCANCEL_PDU_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* Each does what the function of wire/pdu.h with that name does, but for |defect|. */
int rpcancel_tested_length(enum rpcancel_pdu_defect defect, const uint8_t *bytes, size_t size,
                           struct rpcancel_pdu_complaint *complaint);
bool rpcancel_tested_decode(enum rpcancel_pdu_defect defect, const uint8_t *bytes, size_t size,
                            enum rpcancel_strictness strictness, struct rpcancel_pdu *pdu,
                            struct rpcancel_pdu_complaint *complaint);
size_t rpcancel_tested_size(enum rpcancel_pdu_defect defect, const struct rpcancel_pdu *pdu);

#endif
