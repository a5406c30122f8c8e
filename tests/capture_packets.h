// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_CAPTURE_PACKETS_H
#define RPCANCEL_TESTS_CAPTURE_PACKETS_H
/*
 * Packets for tests of what judges captures: IPv4 over Ethernet, from 192.0.2.1 (the client, port 1025) or 192.0.2.2
 * (port 135), without checksums, and a judge that counts what it finds.
 */
#include "capture/capture.h"

enum { CAPTURE_PACKET_MAX = 4096 };

struct capture_test {
    struct rpcancel_capture *capture;
    uint64_t packets;
    unsigned findings;
    uint64_t first_packet, packet; /* of the last finding */
    unsigned rule;                 /* of that */
};

/* capture_test_begin begins under |profile|; capture_test_end judges what waits. Counts stay until capture_test_close.
 */
void capture_test_begin(struct capture_test *test, enum rpcancel_wire_profile profile, bool is_whole);
void capture_test_end(struct capture_test *test);
void capture_test_close(struct capture_test *test);

/* capture_test_take hands an Ethernet frame with the |size| octets at |packet| behind it, of |type|, over. */
void capture_test_take(struct capture_test *test, unsigned type, const uint8_t *packet, size_t size);

/* An IP packet of one of the ends, with |protocol| and these |size| octets. |fragment|: the two octets of its flags and
 * offset. */
void capture_test_ip(struct capture_test *test, bool from_client, unsigned protocol, unsigned fragment,
                     const uint8_t *bytes, size_t size);

/* A segment with these |size| octets, and a datagram of UDP. |acknowledgement| 0: none. */
enum { SEGMENT_FIN = 1, SEGMENT_SYN = 2, SEGMENT_RST = 4, SEGMENT_ACK = 16 };
void capture_test_segment(struct capture_test *test, bool from_client, unsigned flags, uint32_t sequence,
                          uint32_t acknowledgement, const void *bytes, size_t size);
void capture_test_datagram(struct capture_test *test, bool from_client, const uint8_t *bytes, size_t size);

/* capture_test_write_udp writes a datagram with its header to |out|, and returns the size. */
size_t capture_test_write_udp(uint8_t *out, bool from_client, const uint8_t *bytes, size_t size);

#endif
