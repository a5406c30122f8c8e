// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_CAPTURE_UNDER_TEST_H
#define RPCANCEL_FUZZERS_STREAMS_CAPTURE_UNDER_TEST_H
/* The judge of captures as fuzz_capture sees it: harness/capture, or one of these deliberate defects of it. */
#include "capture/capture.h"

#define RPCANCEL_CAPTURE_DEFECTS(X)                       \
    X(FRAME_TRUSTS_LENGTH, "frame-trusts-length")         \
    X(FRAME_OF_CUT_PACKET, "frame-of-cut-packet-differs") \
    X(REDACTED_KEEPS_PAYLOAD, "redacted-keeps-payload")   \
    X(REDACTED_LOSES_HEADER, "redacted-loses-header")     \
    X(FINDING_OF_NO_PACKET, "finding-of-no-packet")       \
    X(FINDING_OF_OTHER_SIDE, "finding-of-the-other-side") \
    X(PDU_COUNTED_TWICE, "pdu-counted-twice")             \
    X(CUT_PACKET_NOT_COUNTED, "cut-packet-not-counted")   \
    X(HEADER_BEYOND, "header-beyond-its-packet")          \
    X(GAP_IS_HELD, "what-waits-for-a-gap-is-kept")

enum rpcancel_capture_defect {
    RPCANCEL_CAPTURE_DEFECT_NONE,
#define RPCANCEL_X(defect, name) RPCANCEL_CAPTURE_DEFECT_##defect,
    RPCANCEL_CAPTURE_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* Each does what the function of harness/capture with that name does, but for |defect|. */
void rpcancel_tested_frame_read(enum rpcancel_capture_defect defect, int link, const uint8_t *bytes, uint32_t captured,
                                uint32_t whole, struct rpcancel_frame *frame);
void rpcancel_tested_redact(enum rpcancel_capture_defect defect, const struct rpcancel_capture_packet *packet,
                            uint8_t *out);

/* What the judge tells, and has at the end, with |defect|. */
struct rpcancel_capture_finding rpcancel_tested_finding(enum rpcancel_capture_defect defect,
                                                        const struct rpcancel_capture_finding *finding);
struct rpcancel_capture_counts rpcancel_tested_counts(enum rpcancel_capture_defect defect,
                                                      const struct rpcancel_capture *capture);
uint32_t rpcancel_tested_header_size(enum rpcancel_capture_defect defect, uint32_t size);
size_t rpcancel_tested_held(enum rpcancel_capture_defect defect, const struct rpcancel_capture *capture);

#endif
