// SPDX-License-Identifier: Apache-2.0
#include "capture_packets.h"

enum { ETHERNET = 14, IP = 20, TCP = 20, UDP = 8, CLIENT_PORT = 1025, SERVER_PORT = 135 };

static void found(void *context, const struct rpcancel_capture_finding *finding)
{
    struct capture_test *test = context;
    test->findings++;
    test->first_packet = finding->first_packet;
    test->packet = finding->packet;
    test->rule = finding->rule;
}

void capture_test_begin(struct capture_test *test, enum rpcancel_wire_profile profile, bool is_whole)
{
    const struct rpcancel_capture_settings settings = {
        .profile = profile, .levels = ~0u, .is_whole = is_whole, .context = test, .found = found};
    *test = (struct capture_test){.capture = rpcancel_capture_open(&settings)};
}

void capture_test_end(struct capture_test *test)
{
    rpcancel_capture_end(test->capture);
}

void capture_test_close(struct capture_test *test)
{
    rpcancel_capture_close(test->capture);
}

void capture_test_take(struct capture_test *test, unsigned type, const uint8_t *packet, size_t size)
{
    uint8_t frame[ETHERNET + CAPTURE_PACKET_MAX] = {0};
    rpcancel_write_16(frame + 12, (uint16_t)type, true);
    memcpy(frame + ETHERNET, packet, size);
    test->packets++;
    rpcancel_capture_take(test->capture, &(struct rpcancel_capture_packet){.number = test->packets,
                                                                           .time = (int64_t)test->packets * 1000000,
                                                                           .link = 1,
                                                                           .bytes = frame,
                                                                           .captured = (uint32_t)(ETHERNET + size),
                                                                           .length = (uint32_t)(ETHERNET + size)});
}

void capture_test_ip(struct capture_test *test, bool from_client, unsigned protocol, unsigned fragment,
                     const uint8_t *bytes, size_t size)
{
    uint8_t packet[CAPTURE_PACKET_MAX] = {0x45};
    const uint8_t ends[2][4] = {{192, 0, 2, 2}, {192, 0, 2, 1}};
    rpcancel_write_16(packet + 2, (uint16_t)(IP + size), true);
    packet[5] = 7;
    rpcancel_write_16(packet + 6, (uint16_t)fragment, true);
    packet[9] = (uint8_t)protocol;
    memcpy(packet + 12, ends[from_client], 4);
    memcpy(packet + 16, ends[!from_client], 4);
    memcpy(packet + IP, bytes, size);
    capture_test_take(test, 0x0800, packet, IP + size);
}

void capture_test_segment(struct capture_test *test, bool from_client, unsigned flags, uint32_t sequence,
                          uint32_t acknowledgement, const void *bytes, size_t size)
{
    uint8_t tcp[CAPTURE_PACKET_MAX] = {0};
    rpcancel_write_16(tcp, from_client ? CLIENT_PORT : SERVER_PORT, true);
    rpcancel_write_16(tcp + 2, from_client ? SERVER_PORT : CLIENT_PORT, true);
    rpcancel_write_32(tcp + 4, sequence, true);
    rpcancel_write_32(tcp + 8, acknowledgement, true);
    tcp[12] = TCP / 4 << 4;
    tcp[13] = (uint8_t)(flags | (acknowledgement ? SEGMENT_ACK : 0));
    if (size > 0)
        memcpy(tcp + TCP, bytes, size);
    capture_test_ip(test, from_client, 6, 0, tcp, TCP + size);
}

size_t capture_test_write_udp(uint8_t *out, bool from_client, const uint8_t *bytes, size_t size)
{
    rpcancel_write_16(out, from_client ? CLIENT_PORT : SERVER_PORT, true);
    rpcancel_write_16(out + 2, from_client ? SERVER_PORT : CLIENT_PORT, true);
    rpcancel_write_16(out + 4, (uint16_t)(UDP + size), true);
    rpcancel_write_16(out + 6, 0, true);
    memcpy(out + UDP, bytes, size);
    return UDP + size;
}

void capture_test_datagram(struct capture_test *test, bool from_client, const uint8_t *bytes, size_t size)
{
    uint8_t udp[CAPTURE_PACKET_MAX];
    capture_test_ip(test, from_client, 17, 0, udp, capture_test_write_udp(udp, from_client, bytes, size));
}
