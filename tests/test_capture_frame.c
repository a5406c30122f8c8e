// SPDX-License-Identifier: Apache-2.0
/* Packets as captured, of every link type: where TCP and UDP are in them, cut anywhere, and what contradicts itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/frame.h"
#include "wire/bytes.h"

enum { ROOM = 256, IP4 = 20, IP6 = 40, TCP = 20, PAYLOAD = 5 };

/* An IP packet with TCP from port 1025 to 135, sequence number 7, and five octets. Returns its size. */
static size_t write_ip(uint8_t out[ROOM], unsigned version)
{
    size_t at = version == 6 ? IP6 : IP4;
    memset(out, 0, ROOM);
    if (version == 6) {
        out[0] = 0x60;
        out[5] = TCP + PAYLOAD;
        out[6] = 6;
        out[23] = 1;
        out[39] = 2;
    } else {
        const uint8_t ends[] = {192, 0, 2, 1, 192, 0, 2, 2};
        out[0] = 0x45;
        out[3] = IP4 + TCP + PAYLOAD;
        out[9] = 6;
        memcpy(out + 12, ends, sizeof ends);
    }
    rpcancel_write_16(out + at, 1025, true);
    rpcancel_write_16(out + at + 2, 135, true);
    rpcancel_write_32(out + at + 4, 7, true);
    out[at + 12] = 0x50;
    out[at + 13] = RPCANCEL_TCP_ACK;
    memcpy(out + at + TCP, "hello", PAYLOAD);
    return at + TCP + PAYLOAD;
}

static void read_copy(int link, const uint8_t *bytes, size_t size, struct rpcancel_frame *frame)
{
    uint8_t *copy = malloc(size ? size : 1); /* of exactly that size, for AddressSanitizer */
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    rpcancel_frame_read(link, copy, (uint32_t)size, frame);
    if (frame->kind == RPCANCEL_FRAME_TCP && frame->captured == PAYLOAD)
        assert_memory_equal(frame->payload, "hello", PAYLOAD);
    free(copy);
}

/* Link types by their numbers, with the octets before IP and where the type of that is, if anywhere. */
static const struct {
    int link;
    size_t header;
    size_t type_at; /* SIZE_MAX: none */
} links[] = {{1, 14, 12},       {113, 16, 14},     {276, 20, 0},       {0, 4, SIZE_MAX},   {108, 4, SIZE_MAX},
             {12, 0, SIZE_MAX}, {14, 0, SIZE_MAX}, {101, 0, SIZE_MAX}, {228, 0, SIZE_MAX}, {229, 0, SIZE_MAX}};

static void every_link_type_is_read_and_cut_anywhere(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof links / sizeof links[0]; i++) {
        for (unsigned version = 4; version <= 6; version += 2) {
            uint8_t packet[2 * ROOM] = {0};
            struct rpcancel_frame frame;
            size_t size = links[i].header + write_ip(packet + links[i].header, version);
            if (links[i].type_at != SIZE_MAX)
                rpcancel_write_16(packet + links[i].type_at, version == 6 ? 0x86DD : 0x0800, true);
            assert_true(rpcancel_frame_link_is_known(links[i].link));
            read_copy(links[i].link, packet, size, &frame);
            assert_int_equal(frame.kind, RPCANCEL_FRAME_TCP);
            assert_int_equal(frame.source.version, version);
            assert_int_equal(frame.source.port, 1025);
            assert_int_equal(frame.destination.port, 135);
            assert_int_equal(frame.sequence, 7);
            assert_int_equal(frame.length, PAYLOAD);
            assert_int_equal(frame.network, links[i].header);
            assert_int_equal(frame.header, size - PAYLOAD);
            for (size_t cut = 0; cut < size; cut++) {
                read_copy(links[i].link, packet, cut, &frame);
                assert_int_equal(frame.kind, cut < size - PAYLOAD ? RPCANCEL_FRAME_CUT : RPCANCEL_FRAME_TCP);
                if (frame.kind == RPCANCEL_FRAME_TCP)
                    assert_int_equal(frame.captured, cut - (size - PAYLOAD));
            }
            packet[size] = 0xEE; /* padding of the link is none of the payload */
            read_copy(links[i].link, packet, size + 1, &frame);
            assert_int_equal(frame.captured, PAYLOAD);
        }
    }
    assert_false(rpcancel_frame_link_is_known(105));
}

static void tags_of_networks_are_skipped(void **state)
{
    (void)state;
    for (unsigned tags = 0; tags < 10; tags++) {
        uint8_t packet[2 * ROOM] = {0};
        struct rpcancel_frame frame;
        size_t at = 12;
        for (unsigned i = 0; i < tags; i++, at += 4)
            rpcancel_write_16(packet + at, i % 2 ? 0x8100 : 0x88A8, true);
        rpcancel_write_16(packet + at, 0x0800, true);
        size_t size = at + 2 + write_ip(packet + at + 2, 4);
        read_copy(1, packet, size, &frame);
        assert_int_equal(frame.kind, tags <= 8 ? RPCANCEL_FRAME_TCP : RPCANCEL_FRAME_OTHER);
    }
}

/* Puts |octet| at |at| of the IP packet and expects that kind. */
static void expect(unsigned version, size_t at, uint8_t octet, enum rpcancel_frame_kind kind)
{
    uint8_t packet[ROOM];
    struct rpcancel_frame frame;
    size_t size = write_ip(packet, version);
    packet[at] = octet;
    read_copy(12, packet, size, &frame);
    assert_int_equal(frame.kind, kind);
}

static void lengths_that_contradict_each_other_are_said(void **state)
{
    (void)state;
    expect(4, 0, 0x44, RPCANCEL_FRAME_WRONG);        /* a header of 16 octets */
    expect(4, 3, 19, RPCANCEL_FRAME_WRONG);          /* less than its header */
    expect(4, 3, 25, RPCANCEL_FRAME_WRONG);          /* less than TCP's */
    expect(4, 3, 0, RPCANCEL_FRAME_TCP);             /* to be divided by the network card */
    expect(4, 0, 0x75, RPCANCEL_FRAME_OTHER);        /* no IP */
    expect(4, 9, 1, RPCANCEL_FRAME_OTHER);           /* ICMP */
    expect(4, 6, 0x20, RPCANCEL_FRAME_FRAGMENT);     /* more fragments */
    expect(4, 7, 1, RPCANCEL_FRAME_FRAGMENT);        /* a later one */
    expect(4, IP4 + 12, 0x40, RPCANCEL_FRAME_WRONG); /* a header of TCP of 16 octets */
    expect(4, IP4 + 12, 0xF0, RPCANCEL_FRAME_WRONG); /* longer than the packet */
    expect(6, 5, 10, RPCANCEL_FRAME_WRONG);
    expect(6, 5, 0, RPCANCEL_FRAME_TCP);
    expect(6, 6, 44, RPCANCEL_FRAME_FRAGMENT);
    expect(6, 6, 59, RPCANCEL_FRAME_OTHER); /* nothing follows */
    expect(6, 6, 0, RPCANCEL_FRAME_OTHER);  /* an extension, of which the next header is 4 */
    expect(6, 6, 51, RPCANCEL_FRAME_OTHER); /* likewise */
}

static void extensions_of_ip6_are_skipped(void **state)
{
    (void)state;
    static const uint8_t kinds[] = {0, 43, 60, 51};
    for (unsigned i = 0; i < sizeof kinds; i++) {
        uint8_t packet[ROOM], with[ROOM] = {0};
        struct rpcancel_frame frame;
        size_t size = write_ip(packet, 6);
        memcpy(with, packet, IP6);
        with[5] = (uint8_t)(packet[5] + 8);
        with[6] = kinds[i];
        with[IP6] = 6;
        memcpy(with + IP6 + 8, packet + IP6, size - IP6);
        read_copy(12, with, size + 8, &frame);
        assert_int_equal(frame.kind, RPCANCEL_FRAME_TCP);
        assert_int_equal(frame.length, PAYLOAD);
    }
}

static void ends_are_printed(void **state)
{
    (void)state;
    char text[RPCANCEL_ENDPOINT_TEXT_MAX];
    struct rpcancel_endpoint end = {.address = {192, 0, 2, 1}, .port = 135, .version = 4};
    rpcancel_endpoint_print(&end, text);
    assert_string_equal(text, "192.0.2.1:135");
    end = (struct rpcancel_endpoint){.address = {0x20, 1, 0xD, 0xB8, [15] = 1}, .port = 1, .version = 6};
    rpcancel_endpoint_print(&end, text);
    assert_string_equal(text, "[2001:db8::1]:1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_type_is_read_and_cut_anywhere),
        cmocka_unit_test(tags_of_networks_are_skipped),
        cmocka_unit_test(lengths_that_contradict_each_other_are_said),
        cmocka_unit_test(extensions_of_ip6_are_skipped),
        cmocka_unit_test(ends_are_printed),
    };
    return cmocka_run_group_tests_name("capture_frame", tests, NULL, NULL);
}
