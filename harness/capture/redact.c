// SPDX-License-Identifier: Apache-2.0
#include "capture/redact.h"

#include <string.h>

#include "capture/checksum.h"

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, TCP_CHECKSUM = 16, UDP_CHECKSUM = 6, UDP_HEADER = 8 };

/* The sum of the pseudo header, RFC 9293 3.1 and RFC 8200 8.1. */
static uint32_t sum_pseudo_header(const struct rpcancel_frame *frame, unsigned protocol, uint32_t length)
{
    size_t size = frame->source.version == 6 ? RPCANCEL_ADDRESS_SIZE : 4;
    uint32_t sum = rpcancel_checksum_add(protocol, frame->source.address, size);
    sum = rpcancel_checksum_add(sum, frame->destination.address, size);
    return sum + (length >> 16) + (length & 0xFFFF);
}

static void put_checksum(const struct rpcancel_frame *frame, uint32_t transport, uint8_t *out)
{
    bool is_tcp = frame->kind == RPCANCEL_FRAME_TCP;
    uint32_t length = frame->header - transport + frame->length;
    uint8_t *at = out + transport + (is_tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
    memset(at, 0, 2);
    uint32_t sum = sum_pseudo_header(frame, is_tcp ? PROTOCOL_TCP : PROTOCOL_UDP, length);
    uint16_t checksum = rpcancel_checksum_end(rpcancel_checksum_add(sum, out + transport, length));
    if (!is_tcp && checksum == 0) /* which would mean that there is none, RFC 768 */
        checksum = 0xFFFF;
    rpcancel_write_16(at, checksum, true);
}

/* Where the header of TCP or UDP begins. */
static uint32_t find_transport(const struct rpcancel_frame *frame, const uint8_t *bytes)
{
    if (frame->kind == RPCANCEL_FRAME_UDP)
        return frame->header - UDP_HEADER;
    if (frame->source.version == 4)
        return frame->network + (uint32_t)(bytes[frame->network] & 15) * 4;
    /* Behind extensions: the header's own length, 5 to 15 words, tells which beginning fits. */
    for (uint32_t words = 5; words <= 15; words++) {
        uint32_t at = frame->header - 4 * words;
        if (bytes[at + 12] >> 4 == words && rpcancel_read_32(bytes + at + 4, true) == frame->sequence &&
            rpcancel_read_16(bytes + at, true) == frame->source.port)
            return at;
    }
    return 0;
}

bool rpcancel_redact(const struct rpcancel_capture_packet *packet, const struct rpcancel_kept_octets *kept,
                     size_t count, uint8_t *out)
{
    struct rpcancel_frame frame;
    rpcancel_frame_read(packet->link, packet->bytes, packet->captured, &frame);
    uint32_t header = frame.header < packet->captured ? frame.header : packet->captured;
    memcpy(out, packet->bytes, header);
    memset(out + header, 0, packet->captured - header);
    for (size_t i = 0; i < count; i++) {
        if (kept[i].offset <= packet->captured && kept[i].size <= packet->captured - kept[i].offset)
            memcpy(out + kept[i].offset, packet->bytes + kept[i].offset, kept[i].size);
    }
    if (frame.kind != RPCANCEL_FRAME_TCP && frame.kind != RPCANCEL_FRAME_UDP)
        return true;
    uint32_t transport = find_transport(&frame, packet->bytes);
    if (frame.captured < frame.length || transport == 0)
        return frame.length == 0;
    put_checksum(&frame, transport, out);
    return true;
}
