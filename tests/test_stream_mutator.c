// SPDX-License-Identifier: Apache-2.0
/* The mutator of streams: it keeps to its buffer, repeats itself, makes what it is there to make, and is trimmed by
 * whole pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mutator.h"
#include "streams/stream.h"
#include "streams/templates.h"
#include "trim.h"

enum { LARGEST = 2048, ROUNDS = 20000 };

/* Of exactly |size|, so that AddressSanitizer sees who goes beyond; the caller frees it. */
static uint8_t *room_for(size_t size)
{
    uint8_t *room = malloc(size);
    assert_non_null(room);
    return room;
}

static void outputs_fit_whatever_comes_in(void **state)
{
    (void)state;
    struct rpcancel_random random = {1};
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t max_size = 3 + rpcancel_random_below(&random, 300);
        size_t size = rpcancel_random_below(&random, max_size + 1);
        uint8_t *bytes = room_for(max_size), *again = room_for(max_size);
        for (size_t i = 0; i < size; i++)
            bytes[i] = rpcancel_random_chance(&random, 2) ? 5 : (uint8_t)rpcancel_random_bits(&random);
        memcpy(again, bytes, size);
        size_t got = rpcancel_mutate(bytes, size, max_size, round);
        assert_in_range(got, 2, max_size);
        assert_int_equal(rpcancel_mutate(again, size, max_size, round), got);
        assert_memory_equal(bytes, again, got);
        uint8_t *crossed = room_for(max_size);
        assert_in_range(rpcancel_cross(bytes, got, again, got, crossed, max_size, round), 2, max_size);
        free(bytes);
        free(again);
        free(crossed);
    }
    uint8_t little[2] = {0};
    assert_int_equal(rpcancel_mutate(little, 0, 2, 1), 0);
}

/* From nothing, streams with all that a mutator of fragments is for. */
static void it_makes_every_kind_of_fragment(void **state)
{
    (void)state;
    unsigned types[256] = {0}, later_fragments = 0, big_endian = 0, choices = 0, lies = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        uint8_t bytes[LARGEST];
        size_t size = 0;
        for (unsigned i = 0; i < 40; i++)
            size = rpcancel_mutate(bytes, size, sizeof bytes, seed * 100 + i);
        struct rpcancel_span rest;
        struct rpcancel_piece piece;
        rpcancel_stream_begin(bytes, size, &rest);
        while (rpcancel_piece_next(&rest, &piece)) {
            struct rpcancel_pdu pdu;
            struct rpcancel_pdu_complaint complaint;
            choices += piece.kind == RPCANCEL_PIECE_CHOICE;
            lies += piece.kind == RPCANCEL_PIECE_NONSENSE || piece.kind == RPCANCEL_PIECE_CUT_OFF;
            if (piece.kind != RPCANCEL_PIECE_FRAGMENT ||
                !rpcancel_pdu_decode(piece.bytes.bytes, piece.bytes.size, RPCANCEL_LENIENT, &pdu, &complaint))
                continue;
            types[pdu.type]++;
            later_fragments += pdu.type == RPCANCEL_PDU_REQUEST && !(pdu.flags & RPCANCEL_PFC_FIRST_FRAG);
            big_endian += rpcancel_pdu_is_big_endian(&pdu);
        }
    }
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++) {
        if (rpcancel_pdu_type_describe(type)->sender != RPCANCEL_SENDER_NONE)
            assert_true(types[type] > 5);
    }
    assert_true(types[RPCANCEL_PDU_CO_CANCEL] > 100 && types[RPCANCEL_PDU_ORPHANED] > 100);
    assert_true(later_fragments > 100 && big_endian > 100 && choices > 100 && lies > 10);
}

/* Leaves out whole pieces as long as one of them, a co_cancel, stays; the settings stay in any case. */
static void trimming_leaves_whole_pieces(void **state)
{
    (void)state;
    static struct rpcancel_trim trim;
    struct rpcancel_random random = {3};
    uint8_t bytes[LARGEST] = {0xA7}, proposal[LARGEST];
    size_t size = 1, wanted_at = 0;
    uint8_t wanted[RPCANCEL_TEMPLATE_SIZE_MAX];
    size_t wanted_size = rpcancel_template_write(wanted, RPCANCEL_PDU_CO_CANCEL, 4711, &random);
    for (unsigned i = 0; i < 16; i++) {
        size_t piece = rpcancel_template_write(proposal, RPCANCEL_PDU_ORPHANED, i, &random);
        memcpy(bytes + size, i == 9 ? wanted : proposal, i == 9 ? wanted_size : piece);
        size += i == 9 ? wanted_size : piece;
    }
    unsigned most = rpcancel_trim_begin(&trim, bytes, size), steps = 0;
    while (!trim.done) {
        size_t got = rpcancel_trim_propose(&trim, proposal);
        assert_true(got < size && proposal[0] == 0xA7);
        for (wanted_at = 1; wanted_at + wanted_size <= got; wanted_at++) {
            if (memcmp(proposal + wanted_at, wanted, wanted_size) == 0)
                break;
        }
        bool good = wanted_at + wanted_size <= got;
        rpcancel_trim_judge(&trim, good);
        steps++;
        if (good)
            size = got;
    }
    assert_in_range(steps, 1, most);
    assert_true(size < 100 && size >= 1 + wanted_size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_fit_whatever_comes_in),
        cmocka_unit_test(it_makes_every_kind_of_fragment),
        cmocka_unit_test(trimming_leaves_whole_pieces),
    };
    return cmocka_run_group_tests_name("stream_mutator", tests, NULL, NULL);
}
