// SPDX-License-Identifier: Apache-2.0
#include "streams/capture_under_test.h"

#include "capture/capture_parts.h"
#include "capture/redact.h"

static bool has_transport(const struct rpcancel_frame *frame)
{
    return frame->kind == RPCANCEL_FRAME_TCP || frame->kind == RPCANCEL_FRAME_UDP;
}

void rpcancel_tested_frame_read(enum rpcancel_capture_defect defect, int link, const uint8_t *bytes, uint32_t captured,
                                uint32_t whole, struct rpcancel_frame *frame)
{
    rpcancel_frame_read(link, bytes, captured, frame);
    if (defect == RPCANCEL_CAPTURE_DEFECT_FRAME_TRUSTS_LENGTH && has_transport(frame))
        frame->captured = frame->length;
    if (defect == RPCANCEL_CAPTURE_DEFECT_FRAME_OF_CUT_PACKET && captured < whole)
        frame->source.port = 0;
}

void rpcancel_tested_redact(enum rpcancel_capture_defect defect, const struct rpcancel_capture_packet *packet,
                            uint8_t *out)
{
    struct rpcancel_frame frame;
    rpcancel_redact(packet, NULL, 0, out);
    rpcancel_frame_read(packet->link, packet->bytes, packet->captured, &frame);
    if (defect == RPCANCEL_CAPTURE_DEFECT_REDACTED_KEEPS_PAYLOAD && has_transport(&frame) && frame.captured > 0)
        out[frame.header] = frame.payload[0];
    if (defect == RPCANCEL_CAPTURE_DEFECT_REDACTED_LOSES_HEADER && has_transport(&frame))
        memset(out + frame.network, 0, 4);
}

struct rpcancel_capture_finding rpcancel_tested_finding(enum rpcancel_capture_defect defect,
                                                        const struct rpcancel_capture_finding *finding)
{
    struct rpcancel_capture_finding tested = *finding;
    if (defect == RPCANCEL_CAPTURE_DEFECT_FINDING_OF_NO_PACKET)
        tested.first_packet = 0;
    if (defect == RPCANCEL_CAPTURE_DEFECT_FINDING_OF_OTHER_SIDE)
        tested.sender ^= RPCANCEL_SENDER_EITHER;
    return tested;
}

struct rpcancel_capture_counts rpcancel_tested_counts(enum rpcancel_capture_defect defect,
                                                      const struct rpcancel_capture *capture)
{
    struct rpcancel_capture_counts counts = *rpcancel_capture_counts(capture);
    if (defect == RPCANCEL_CAPTURE_DEFECT_PDU_COUNTED_TWICE && counts.pdus > 0)
        counts.pdus++;
    if (defect == RPCANCEL_CAPTURE_DEFECT_CUT_PACKET_NOT_COUNTED && counts.frames[RPCANCEL_FRAME_CUT] > 0)
        counts.packets--;
    return counts;
}

uint32_t rpcancel_tested_header_size(enum rpcancel_capture_defect defect, uint32_t size)
{
    return defect == RPCANCEL_CAPTURE_DEFECT_HEADER_BEYOND ? size + UINT16_MAX : size;
}

size_t rpcancel_tested_held(enum rpcancel_capture_defect defect, const struct rpcancel_capture *capture)
{
    bool keeps = defect == RPCANCEL_CAPTURE_DEFECT_GAP_IS_HELD && capture->counts.with_gaps > 0;
    return capture->held + keeps;
}
