// SPDX-License-Identifier: Apache-2.0
/* Datagrams in captures: found, kept apart by activity, judged by what was seen; and in fragments of IP, of both
 * versions, in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "capture_packets.h"

enum { ROOM = 2048, FRAGMENT = 32, MORE = 0x2000, FRAGMENTS_MAX = 64 };

static size_t write_datagram(uint8_t out[ROOM], enum rpcancel_pdu_type type, uint32_t activity, uint32_t sequence,
                             uint32_t cancel_id, size_t stub)
{
    static const uint8_t zeros[ROOM];
    struct rpcancel_datagram datagram;
    rpcancel_datagram_init(&datagram, type);
    datagram.activity.time_low = activity;
    datagram.sequence = sequence;
    if (type == RPCANCEL_PDU_CL_CANCEL)
        datagram.cancel = (struct rpcancel_cancel_body){true, 0, cancel_id};
    else if (type == RPCANCEL_PDU_CANCEL_ACK)
        datagram.cancel_ack = (struct rpcancel_cancel_ack_body){true, false, {1}, 0, cancel_id};
    else
        datagram.data = (struct rpcancel_span){zeros, stub};
    return rpcancel_datagram_encode(&datagram, out, ROOM);
}

static void pass(struct capture_test *test, bool from_client, enum rpcancel_pdu_type type, uint32_t activity,
                 uint32_t sequence, uint32_t cancel_id)
{
    uint8_t bytes[ROOM];
    size_t size = write_datagram(bytes, type, activity, sequence, cancel_id, 4);
    capture_test_datagram(test, from_client, bytes, size);
}

static void an_ack_of_a_cancel_that_nobody_sent_needs_a_whole_capture(void **state)
{
    (void)state;
    for (unsigned is_whole = 0; is_whole < 2; is_whole++) {
        struct capture_test test;
        capture_test_begin(&test, RPCANCEL_WIRE_C706, is_whole);
        pass(&test, true, RPCANCEL_PDU_REQUEST, 1, 1, 0);
        pass(&test, true, RPCANCEL_PDU_CL_CANCEL, 1, 1, 1);
        pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 1, 1, 2);
        capture_test_end(&test);
        const struct rpcancel_capture_counts *counts = rpcancel_capture_counts(test.capture);
        assert_int_equal(test.findings, is_whole);
        assert_int_equal(counts->judged, is_whole ? 3 : 0);
        assert_int_equal(counts->judged_alone, is_whole ? 0 : 3);
        if (is_whole)
            assert_string_equal(rpcancel_capture_rule_at(test.rule)->id, "FreeDCE-dgslsn/3");
        capture_test_close(&test);
    }
}

static void activities_are_kept_apart(void **state)
{
    (void)state;
    struct capture_test test;
    capture_test_begin(&test, RPCANCEL_WIRE_C706, true);
    pass(&test, true, RPCANCEL_PDU_REQUEST, 1, 1, 0);
    pass(&test, true, RPCANCEL_PDU_REQUEST, 2, 1, 0);
    pass(&test, true, RPCANCEL_PDU_CL_CANCEL, 1, 1, 1);
    pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 1, 1, 1);
    assert_int_equal(test.findings, 0);
    pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 2, 1, 1);
    assert_int_equal(test.findings, 1);
    assert_int_equal(test.packet, 5);
    assert_int_equal(rpcancel_capture_counts(test.capture)->activities, 2);
    capture_test_close(&test);
}

/* More calls than are remembered: of what is forgotten nothing is held against anybody. */
static void late_datagrams_of_many_calls_are_no_findings(void **state)
{
    (void)state;
    struct capture_test test;
    capture_test_begin(&test, RPCANCEL_WIRE_C706, true);
    for (uint32_t call = 1; call <= 100; call++) {
        pass(&test, true, RPCANCEL_PDU_REQUEST, 1, call, 0);
        pass(&test, true, RPCANCEL_PDU_CL_CANCEL, 1, call, 1);
        pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 1, call, 1);
    }
    assert_int_equal(rpcancel_capture_counts(test.capture)->judged, 300);
    for (unsigned i = 0; i < 2; i++)
        pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 1, 1, 1);
    assert_int_equal(test.findings, 0);
    pass(&test, false, RPCANCEL_PDU_CANCEL_ACK, 1, 100, 2);
    assert_int_equal(test.findings, 1);
    capture_test_close(&test);
}

static void more_activities_than_there_are_places_are_forgotten_and_counted(void **state)
{
    (void)state;
    struct capture_test test;
    capture_test_begin(&test, RPCANCEL_WIRE_CORE, true);
    for (uint32_t activity = 0; activity < RPCANCEL_CAPTURE_ACTIVITIES + 10; activity++)
        pass(&test, true, RPCANCEL_PDU_REQUEST, activity, 1, 0);
    assert_int_equal(rpcancel_capture_counts(test.capture)->forgotten, 10);
    assert_int_equal(rpcancel_capture_counts(test.capture)->judged, RPCANCEL_CAPTURE_ACTIVITIES + 10);
    capture_test_close(&test);
}

static void a_verifier_keeps_what_it_may_have_encrypted_from_being_judged(void **state)
{
    (void)state;
    struct capture_test test;
    uint8_t bytes[ROOM];
    size_t size = write_datagram(bytes, RPCANCEL_PDU_CL_CANCEL, 1, 1, 0, 0);
    capture_test_begin(&test, RPCANCEL_WIRE_WINDOWS, true);
    capture_test_datagram(&test, true, bytes, size); /* cancel_id 0 */
    assert_int_equal(test.findings, 1);
    bytes[78] = 10;
    capture_test_datagram(&test, true, bytes, size + 16);
    assert_int_equal(test.findings, 1);
    assert_int_equal(rpcancel_capture_counts(test.capture)->with_verifier, 1);
    assert_int_equal(rpcancel_capture_counts(test.capture)->authenticated, 1);
    capture_test_close(&test);
}

static void what_only_looks_like_one_is_none(void **state)
{
    (void)state;
    struct capture_test test;
    uint8_t bytes[ROOM];
    size_t size = write_datagram(bytes, RPCANCEL_PDU_CL_CANCEL, 1, 1, 1, 0);
    const struct {
        unsigned at;
        uint8_t octet;
    } others[] = {{0, 5}, {1, 11}, {4, 0x12}, {5, 4}, {6, 1}, {74, 9}, {75, 1}};
    capture_test_begin(&test, RPCANCEL_WIRE_CORE, false);
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
        uint8_t kept = bytes[others[i].at];
        bytes[others[i].at] = others[i].octet;
        capture_test_datagram(&test, true, bytes, size);
        bytes[others[i].at] = kept;
    }
    capture_test_datagram(&test, true, bytes, 79);
    assert_int_equal(rpcancel_capture_counts(test.capture)->datagrams, 0);
    capture_test_datagram(&test, true, bytes, size);
    assert_int_equal(rpcancel_capture_counts(test.capture)->datagrams, 1);
    capture_test_close(&test);
}

/* ---- fragments ---- */

/* An IPv6 packet with a fragment header. */
static void take_ip6(struct capture_test *test, unsigned position, bool has_more, uint32_t identification,
                     const uint8_t *bytes, size_t size)
{
    enum { IP6 = 40, HEADER = 8 };
    uint8_t packet[IP6 + HEADER + ROOM] = {0x60};
    rpcancel_write_16(packet + 4, (uint16_t)(HEADER + size), true);
    packet[6] = 44;
    packet[23] = 1;
    packet[39] = 2;
    packet[IP6] = 17;
    rpcancel_write_16(packet + IP6 + 2, (uint16_t)(position << 3 | has_more), true);
    rpcancel_write_32(packet + IP6 + 4, identification, true);
    memcpy(packet + IP6 + HEADER, bytes, size);
    capture_test_take(test, 0x86DD, packet, IP6 + HEADER + size);
}

struct fragment {
    unsigned position;
    bool has_more;
    size_t at, size;
};

static unsigned divide(size_t size, struct fragment fragments[FRAGMENTS_MAX])
{
    unsigned count = 0;
    for (size_t at = 0; at < size; at += FRAGMENT) {
        size_t left = size - at;
        fragments[count++] =
            (struct fragment){(unsigned)at / 8, left > FRAGMENT, at, left < FRAGMENT ? left : FRAGMENT};
    }
    return count;
}

/* A cl_cancel of cancel_id 0, which breaks a rule, in fragments, in an order that |stride| says. */
static void take_in_fragments(struct capture_test *test, bool is_ip6, unsigned stride, unsigned left_out)
{
    uint8_t bytes[ROOM], udp[ROOM];
    struct fragment fragments[FRAGMENTS_MAX];
    size_t size = write_datagram(bytes, RPCANCEL_PDU_CL_CANCEL, 1, 1, 0, 0);
    size = capture_test_write_udp(udp, true, bytes, size);
    unsigned count = divide(size, fragments);
    for (unsigned i = 0; i < count; i++) {
        const struct fragment *fragment = &fragments[i * stride % count];
        if (i == left_out)
            continue;
        if (is_ip6)
            take_ip6(test, fragment->position, fragment->has_more, 5, udp + fragment->at, fragment->size);
        else
            capture_test_ip(test, true, 17, fragment->position | (fragment->has_more ? MORE : 0), udp + fragment->at,
                            fragment->size);
    }
}

static void fragments_are_put_together_in_any_order(void **state)
{
    (void)state;
    for (unsigned is_ip6 = 0; is_ip6 < 2; is_ip6++) {
        for (unsigned stride = 1; stride < 4; stride++) {
            struct capture_test test;
            capture_test_begin(&test, RPCANCEL_WIRE_WINDOWS, false);
            take_in_fragments(&test, is_ip6, stride, FRAGMENTS_MAX);
            assert_int_equal(test.findings, stride == 3 ? 0 : 1); /* of three fragments that is the same one thrice */
            if (stride < 3) {
                assert_int_equal(test.first_packet, 1);
                assert_int_equal(test.packet, 3);
                assert_int_equal(rpcancel_capture_counts(test.capture)->joined, 3);
            }
            capture_test_close(&test);
        }
    }
}

static void what_is_not_whole_waits_and_harms_nothing(void **state)
{
    (void)state;
    struct capture_test test;
    capture_test_begin(&test, RPCANCEL_WIRE_WINDOWS, false);
    take_in_fragments(&test, false, 1, 1);
    assert_int_equal(test.findings, 0);
    assert_int_equal(rpcancel_capture_counts(test.capture)->joined, 0);
    take_in_fragments(&test, true, 1, FRAGMENTS_MAX); /* another packet */
    assert_int_equal(test.findings, 1);
    take_in_fragments(&test, false, 1, 0); /* brings the second one, and the others once more */
    assert_int_equal(test.findings, 2);
    capture_test_close(&test);
}

static struct rpcancel_frame fragment_of(uint32_t identification, unsigned position, bool has_more,
                                         const uint8_t *bytes, uint32_t size)
{
    return (struct rpcancel_frame){.kind = RPCANCEL_FRAME_FRAGMENT,
                                   .protocol = 17,
                                   .has_more = has_more,
                                   .position = (uint16_t)position,
                                   .identification = identification,
                                   .source = {.version = 4},
                                   .destination = {.version = 4},
                                   .payload = bytes,
                                   .captured = size,
                                   .length = size};
}

static void of_overlaps_the_first_counts_and_ends_stay(void **state)
{
    (void)state;
    static struct rpcancel_fragments fragments;
    uint8_t one[32] = {0, 1, 0, 2, 0, 32}, other[32];
    uint64_t first = 0;
    memset(other, 0xEE, sizeof other);
    struct rpcancel_frame frame = fragment_of(1, 0, true, one, 16);
    assert_false(rpcancel_fragments_take(&fragments, &frame, 1, 0, &first));
    frame = fragment_of(1, 0, true, other, 16); /* other octets */
    assert_false(rpcancel_fragments_take(&fragments, &frame, 2, 0, &first));
    frame = fragment_of(1, 1, false, other, 4); /* an end within what is there */
    assert_false(rpcancel_fragments_take(&fragments, &frame, 3, 0, &first));
    frame = fragment_of(1, 2, false, other, 16);
    assert_true(rpcancel_fragments_take(&fragments, &frame, 4, 0, &first));
    assert_int_equal(first, 1);
    assert_int_equal(frame.kind, RPCANCEL_FRAME_UDP);
    assert_int_equal(frame.length, 24);
    assert_int_equal(frame.payload[0], 0);
    assert_int_equal(frame.payload[8], 0xEE);
    rpcancel_fragments_release(&fragments);
    assert_int_equal(fragments.held, 0);
}

static void fragments_are_bounded_by_number_and_time(void **state)
{
    (void)state;
    static struct rpcancel_fragments fragments;
    const int64_t second = 1000000000;
    uint8_t octets[16] = {0};
    uint64_t first;
    struct rpcancel_frame frame;
    for (uint32_t i = 0; i < 10 * RPCANCEL_FRAGMENTS_PACKETS; i++) {
        frame = fragment_of(i, 0, true, octets, 16);
        assert_false(rpcancel_fragments_take(&fragments, &frame, i, 0, &first));
        assert_true(fragments.held <= RPCANCEL_FRAGMENTS_PACKETS * (4096 + 1024));
    }
    frame = fragment_of(0, 2, false, octets, 16); /* forgotten */
    assert_false(rpcancel_fragments_take(&fragments, &frame, 700, 0, &first));
    frame = fragment_of(10 * RPCANCEL_FRAGMENTS_PACKETS - 1, 2, false, octets, 16); /* too late */
    assert_false(rpcancel_fragments_take(&fragments, &frame, 701, (RPCANCEL_FRAGMENTS_SECONDS + 1) * second, &first));
    frame = fragment_of(9, 0x1FFF, false, octets, 16); /* beyond what a packet has */
    assert_false(rpcancel_fragments_take(&fragments, &frame, 702, 0, &first));
    rpcancel_fragments_release(&fragments);
    assert_int_equal(fragments.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_of_a_cancel_that_nobody_sent_needs_a_whole_capture),
        cmocka_unit_test(activities_are_kept_apart),
        cmocka_unit_test(late_datagrams_of_many_calls_are_no_findings),
        cmocka_unit_test(more_activities_than_there_are_places_are_forgotten_and_counted),
        cmocka_unit_test(a_verifier_keeps_what_it_may_have_encrypted_from_being_judged),
        cmocka_unit_test(what_only_looks_like_one_is_none),
        cmocka_unit_test(fragments_are_put_together_in_any_order),
        cmocka_unit_test(what_is_not_whole_waits_and_harms_nothing),
        cmocka_unit_test(of_overlaps_the_first_counts_and_ends_stay),
        cmocka_unit_test(fragments_are_bounded_by_number_and_time),
    };
    return cmocka_run_group_tests_name("capture_datagrams", tests, NULL, NULL);
}
