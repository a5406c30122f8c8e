// SPDX-License-Identifier: Apache-2.0
/* Segments put in order: reordered, doubled, overlapping, around the end of sequence numbers, with gaps, without a
 * beginning. What the judge read of them, its counts tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "capture/capture_parts.h"
#include "capture_packets.h"

enum { ROOM = 4096, BIND_SIZE = 72, REQUEST_SIZE = 40, CLIENT_BEGINS = 1000, SERVER_BEGINS = 2000 };

/* A conversation of |calls| requests and responses, as the octets of both directions. */
struct octets {
    uint8_t client[ROOM], server[ROOM];
    uint32_t client_size, server_size;
};

static void put_header(uint8_t *at, unsigned type, unsigned size, unsigned call)
{
    const uint8_t header[] = {5, 0, (uint8_t)type, 3, 0x10, 0, 0, 0, (uint8_t)size, 0, 0, 0, (uint8_t)call, 0, 0, 0};
    memset(at, 0, size);
    memcpy(at, header, sizeof header);
}

static void make(struct octets *octets, unsigned calls)
{
    enum { ACK_SIZE = 56, RESPONSE_SIZE = 32 };
    static const uint8_t ndr[] = {4,    0x5D, 0x88, 0x8A, 0xEB, 0x1C, 0xC9, 0x11, 0x9F,
                                  0xE8, 8,    0,    0x2B, 0x10, 0x48, 0x60, 2};
    memset(octets, 0, sizeof *octets);
    put_header(octets->client, RPCANCEL_PDU_BIND, BIND_SIZE, 1);
    octets->client[16] = octets->client[18] = 0xB8; /* 4280 */
    octets->client[17] = octets->client[19] = 0x10;
    octets->client[24] = octets->client[30] = 1; /* one context, with one transfer syntax */
    octets->client[32] = 0x42;
    octets->client[48] = 1;
    memcpy(octets->client + 52, ndr, sizeof ndr);
    put_header(octets->server, RPCANCEL_PDU_BIND_ACK, ACK_SIZE, 1);
    memcpy(octets->server + 16, octets->client + 16, 4);
    octets->server[20] = 1;
    octets->server[28] = 1;
    memcpy(octets->server + 36, ndr, sizeof ndr);
    octets->client_size = BIND_SIZE;
    octets->server_size = ACK_SIZE;
    for (unsigned call = 2; call < calls + 2; call++) {
        put_header(octets->client + octets->client_size, RPCANCEL_PDU_REQUEST, REQUEST_SIZE, call);
        put_header(octets->server + octets->server_size, RPCANCEL_PDU_RESPONSE, RESPONSE_SIZE, call);
        octets->client_size += REQUEST_SIZE;
        octets->server_size += RESPONSE_SIZE;
    }
}

static void shake_hands(struct capture_test *test, uint32_t client, uint32_t server)
{
    capture_test_segment(test, true, SEGMENT_SYN, client - 1, 0, NULL, 0);
    capture_test_segment(test, false, SEGMENT_SYN, server - 1, client, NULL, 0);
}

/* Octets |from| to |to| of the client's. */
static void client_says(struct capture_test *test, const struct octets *octets, uint32_t begin, uint32_t from,
                        uint32_t to)
{
    capture_test_segment(test, true, 0, begin + from, SERVER_BEGINS, octets->client + from, to - from);
}

static const struct rpcancel_capture_counts *counts_of(const struct capture_test *test)
{
    return rpcancel_capture_counts(test->capture);
}

static void begin(struct capture_test *test, struct octets *octets, uint32_t first, unsigned calls)
{
    make(octets, calls);
    capture_test_begin(test, RPCANCEL_WIRE_CORE, false);
    shake_hands(test, first, SERVER_BEGINS);
}

static void expect(struct capture_test *test, unsigned pdus, unsigned judged)
{
    capture_test_end(test);
    assert_int_equal(counts_of(test)->pdus, pdus);
    assert_int_equal(counts_of(test)->judged, judged);
    assert_int_equal(test->findings, 0);
    assert_int_equal(test->capture->held, 0);
    capture_test_close(test);
}

static void any_division_into_segments_is_the_same(void **state)
{
    (void)state;
    for (uint32_t step = 1; step < 120; step += 7) {
        struct capture_test test;
        struct octets octets;
        begin(&test, &octets, CLIENT_BEGINS, 2);
        for (uint32_t at = 0; at < octets.client_size; at += step)
            client_says(&test, &octets, CLIENT_BEGINS, at,
                        at + step < octets.client_size ? at + step : octets.client_size);
        expect(&test, 3, 3);
    }
}

static void segments_out_of_order_wait(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 2);
    client_says(&test, &octets, CLIENT_BEGINS, 100, octets.client_size);
    client_says(&test, &octets, CLIENT_BEGINS, 50, 100);
    assert_int_equal(counts_of(&test)->pdus, 0);
    assert_true(test.capture->held > 0);
    client_says(&test, &octets, CLIENT_BEGINS, 0, 50);
    assert_int_equal(counts_of(&test)->pdus, 3);
    expect(&test, 3, 3);
}

static void what_comes_again_and_overlaps_counts_once(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets, other;
    begin(&test, &octets, CLIENT_BEGINS, 2);
    client_says(&test, &octets, CLIENT_BEGINS, 0, 60);
    client_says(&test, &octets, CLIENT_BEGINS, 0, 60);
    memset(&other, 0xEE, sizeof other); /* other octets: what came first counts */
    client_says(&test, &other, CLIENT_BEGINS, 30, 60);
    client_says(&test, &octets, CLIENT_BEGINS, 40, 100);
    client_says(&test, &octets, CLIENT_BEGINS, 20, octets.client_size);
    expect(&test, 3, 3);
}

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    for (uint32_t before = 1; before < 150; before += 10) {
        struct capture_test test;
        struct octets octets;
        uint32_t first = 0U - before;
        begin(&test, &octets, first, 2);
        client_says(&test, &octets, first, 90, octets.client_size);
        client_says(&test, &octets, first, 0, 90);
        expect(&test, 3, 3);
    }
}

/* Of a response nothing is judged before what it acknowledges. */
static void directions_are_ordered_by_what_they_acknowledge(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 1);
    capture_test_segment(&test, false, 0, SERVER_BEGINS, CLIENT_BEGINS + BIND_SIZE, octets.server, 56);
    assert_int_equal(counts_of(&test)->pdus, 0);
    client_says(&test, &octets, CLIENT_BEGINS, 0, BIND_SIZE);
    assert_int_equal(counts_of(&test)->types[RPCANCEL_PDU_BIND_ACK], 1);
    expect(&test, 2, 2);
}

static void a_gap_leaves_what_one_pdu_shows_by_itself(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 4);
    client_says(&test, &octets, CLIENT_BEGINS, 0, BIND_SIZE);
    client_says(&test, &octets, CLIENT_BEGINS, BIND_SIZE + REQUEST_SIZE, octets.client_size);
    assert_int_equal(counts_of(&test)->pdus, 1);
    capture_test_end(&test); /* what is missing will not come */
    assert_int_equal(counts_of(&test)->with_gaps, 1);
    assert_int_equal(counts_of(&test)->judged_alone, 3);
    capture_test_close(&test);
}

/* Octets that are acknowledged and do not come are given up after a while. */
static void patience_ends(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 4);
    client_says(&test, &octets, CLIENT_BEGINS, 0, BIND_SIZE);
    client_says(&test, &octets, CLIENT_BEGINS, BIND_SIZE + REQUEST_SIZE, BIND_SIZE + 2 * REQUEST_SIZE);
    for (unsigned i = 0; i < 80; i++)
        capture_test_segment(&test, false, 0, SERVER_BEGINS, CLIENT_BEGINS + BIND_SIZE + 2 * REQUEST_SIZE, NULL, 0);
    assert_int_equal(counts_of(&test)->with_gaps, 1);
    assert_int_equal(test.capture->held, 0);
    capture_test_close(&test);
}

static void octets_missing_from_stub_data_harm_nothing(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 2);
    client_says(&test, &octets, CLIENT_BEGINS, 0, BIND_SIZE + 30);
    client_says(&test, &octets, CLIENT_BEGINS, BIND_SIZE + REQUEST_SIZE, octets.client_size);
    capture_test_end(&test);
    assert_int_equal(counts_of(&test)->judged, 3);
    assert_int_equal(counts_of(&test)->cut_pdus, 1);
    assert_int_equal(counts_of(&test)->with_gaps, 0);
    capture_test_close(&test);
}

static void without_a_beginning_whole_segments_are_taken(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    make(&octets, 2);
    capture_test_begin(&test, RPCANCEL_WIRE_CORE, false);
    client_says(&test, &octets, CLIENT_BEGINS, BIND_SIZE, BIND_SIZE + REQUEST_SIZE);
    capture_test_end(&test);
    assert_int_equal(counts_of(&test)->without_start, 1);
    assert_int_equal(counts_of(&test)->judged_alone, 1);
    capture_test_close(&test);
}

static void a_syn_between_the_same_ends_begins_another(void **state)
{
    (void)state;
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 1);
    client_says(&test, &octets, CLIENT_BEGINS, 0, octets.client_size);
    shake_hands(&test, 500000, SERVER_BEGINS);
    client_says(&test, &octets, 500000, 0, octets.client_size);
    capture_test_segment(&test, true, SEGMENT_RST, 500000 + octets.client_size, 0, NULL, 0);
    assert_int_equal(counts_of(&test)->conversations, 2);
    assert_int_equal(counts_of(&test)->dialogs, 2);
    expect(&test, 4, 4);
}

/* More that waits than a conversation may have: it goes on without what is missing. */
static void what_waits_is_bounded(void **state)
{
    (void)state;
    static const uint8_t zeros[1024];
    struct capture_test test;
    struct octets octets;
    begin(&test, &octets, CLIENT_BEGINS, 1);
    client_says(&test, &octets, CLIENT_BEGINS, 0, octets.client_size);
    for (uint32_t i = 0; i < 5000; i++) {
        capture_test_segment(&test, true, 0, CLIENT_BEGINS + 100000 + i * 2048, SERVER_BEGINS, zeros, sizeof zeros);
        assert_true(test.capture->held <= 2 * 1024 * 1024);
    }
    capture_test_end(&test);
    assert_int_equal(test.capture->held, 0);
    capture_test_close(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_division_into_segments_is_the_same),
        cmocka_unit_test(segments_out_of_order_wait),
        cmocka_unit_test(what_comes_again_and_overlaps_counts_once),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(directions_are_ordered_by_what_they_acknowledge),
        cmocka_unit_test(a_gap_leaves_what_one_pdu_shows_by_itself),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(octets_missing_from_stub_data_harm_nothing),
        cmocka_unit_test(without_a_beginning_whole_segments_are_taken),
        cmocka_unit_test(a_syn_between_the_same_ends_begins_another),
        cmocka_unit_test(what_waits_is_bounded),
    };
    return cmocka_run_group_tests_name("capture_tcp", tests, NULL, NULL);
}
