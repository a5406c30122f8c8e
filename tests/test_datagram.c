// SPDX-License-Identifier: Apache-2.0
/* The codec of connectionless PDUs: known octets, every type both ways, and what is wrong with what is not one. */
#include "datagram/datagram.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "random_datagram.h"

enum { ROUNDS = 20000, MUTATIONS = 20, HEADER = RPCANCEL_DATAGRAM_HEADER_SIZE };

static void decodes(const uint8_t *bytes, size_t size, struct rpcancel_datagram *datagram)
{
    struct rpcancel_datagram_complaint complaint;
    if (!rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, datagram, &complaint))
        fail_msg("octet %zu: expected %s", complaint.offset, rpcancel_datagram_error_text(complaint.error));
}

static void encodes_to(const struct rpcancel_datagram *datagram, const uint8_t *bytes, size_t size)
{
    uint8_t out[4096];
    assert_int_equal(rpcancel_datagram_size(datagram), size);
    assert_int_equal(rpcancel_datagram_encode(datagram, out, sizeof out), size);
    assert_memory_equal(out, bytes, size);
}

/* ---- laid out by hand from C706 12.5.2 ---- */

/* clang-format off */
static const uint8_t a_cancel[HEADER + 8] = {
    4, 8, 0, 0,  0x10, 0, 0,  0xAB,                                    /* serial_hi */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                    /* object */
    0x78, 0x56, 0x34, 0x12, 0xCD, 0xAB, 0x01, 0xEF, 1, 2, 3, 4, 5, 6, 7, 8,
    0x04, 0x03, 0x02, 0x01, 0x06, 0x05, 0x08, 0x07, 9, 10, 11, 12, 13, 14, 15, 16,
    0x44, 0x33, 0x22, 0x11,  2, 0, 1, 0,  5, 0, 0, 0,                  /* server_boot, if_vers, seqnum */
    7, 0, 0xFF, 0xFF, 0xFF, 0xFF, 8, 0, 0, 0, 0, 0xCD,                 /* opnum, hints, len, fragnum, auth_proto, serial_lo */
    0, 0, 0, 0, 3, 0, 0, 0
};
/* The same call, acknowledged by a big-endian server. */
static const uint8_t an_ack[HEADER + 9] = {
    4, 10, 0, 0,  0, 0, 0,  0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x12, 0x34, 0x56, 0x78, 0xAB, 0xCD, 0xEF, 0x01, 1, 2, 3, 4, 5, 6, 7, 8,
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 9, 10, 11, 12, 13, 14, 15, 16,
    0x11, 0x22, 0x33, 0x44,  0, 1, 0, 2,  0, 0, 0, 5,
    0, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0, 9, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 3, 1
};
/* clang-format on */

static void a_cancel_octet_by_octet(void **state)
{
    (void)state;
    static const struct rpcancel_uuid activity = {0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}};
    struct rpcancel_datagram datagram;
    decodes(a_cancel, sizeof a_cancel, &datagram);
    assert_int_equal(datagram.type, RPCANCEL_PDU_CL_CANCEL);
    assert_int_equal(datagram.serial, 0xABCD);
    assert_int_equal(datagram.interface.time_low, 0x12345678);
    assert_int_equal(datagram.interface.time_high, 0xEF01);
    assert_true(rpcancel_uuid_is(&datagram.activity, &activity));
    assert_int_equal(datagram.server_boot, 0x11223344);
    assert_int_equal(datagram.interface_version, 0x10002);
    assert_int_equal(datagram.sequence, 5);
    assert_int_equal(datagram.opnum, 7);
    assert_true(datagram.cancel.is_present);
    assert_int_equal(datagram.cancel.cancel_id, 3);
    assert_string_equal(rpcancel_datagram_name(&datagram), "cl_cancel");
    encodes_to(&datagram, a_cancel, sizeof a_cancel);
}

static void a_call_is_the_same_in_both_byte_orders(void **state)
{
    (void)state;
    struct rpcancel_datagram cancel, ack;
    decodes(a_cancel, sizeof a_cancel, &cancel);
    decodes(an_ack, sizeof an_ack, &ack);
    assert_true(rpcancel_datagram_is_big_endian(&ack) && !rpcancel_datagram_is_big_endian(&cancel));
    assert_true(rpcancel_uuid_is(&ack.activity, &cancel.activity));
    assert_true(rpcancel_uuid_is(&ack.interface, &cancel.interface));
    assert_int_equal(ack.sequence, cancel.sequence);
    assert_int_equal(ack.cancel_ack.cancel_id, 3);
    assert_true(rpcancel_datagram_is_accepting(&ack.cancel_ack));
    encodes_to(&ack, an_ack, sizeof an_ack);
}

/* ---- the boolean of cancel_ack, of one octet and of four ---- */

static void the_boolean_has_one_octet_or_four(void **state)
{
    (void)state;
    uint8_t bytes[HEADER + 12];
    struct rpcancel_datagram datagram;
    memcpy(bytes, an_ack, HEADER + 8);
    bytes[75] = 12;
    for (unsigned at = 0; at <= 4; at++) { /* at 4: false */
        memset(bytes + HEADER + 8, 0, 4);
        if (at < 4)
            bytes[HEADER + 8 + at] = 1;
        decodes(bytes, sizeof bytes, &datagram);
        assert_true(datagram.cancel_ack.is_long);
        assert_int_equal(rpcancel_datagram_is_accepting(&datagram.cancel_ack), at < 4);
        encodes_to(&datagram, bytes, sizeof bytes);
    }
    memcpy(bytes, an_ack, sizeof an_ack);
    bytes[HEADER + 8] = 0;
    decodes(bytes, sizeof an_ack, &datagram);
    assert_false(rpcancel_datagram_is_accepting(&datagram.cancel_ack));
}

static void forms_without_body(void **state)
{
    (void)state;
    uint8_t bytes[HEADER];
    struct rpcancel_datagram datagram;
    memcpy(bytes, a_cancel, HEADER);
    bytes[74] = 0;
    decodes(bytes, sizeof bytes, &datagram);
    assert_false(datagram.cancel.is_present);
    assert_string_equal(rpcancel_datagram_name(&datagram), "cl_cancel (orphan)");
    bytes[1] = RPCANCEL_PDU_CANCEL_ACK;
    decodes(bytes, sizeof bytes, &datagram);
    assert_false(datagram.cancel_ack.is_present);
    assert_string_equal(rpcancel_datagram_name(&datagram), "cancel_ack (orphan)");
}

/* ---- every type ---- */

static void every_type_there_and_back(void **state)
{
    (void)state;
    struct rpcancel_random random = {1};
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned type = round % RPCANCEL_DATAGRAM_TYPES;
        struct random_datagram made;
        struct rpcancel_datagram datagram;
        uint8_t bytes[1024];
        random_datagram_make(&made, (enum rpcancel_pdu_type)type, &random);
        size_t size = rpcancel_datagram_encode(&made.datagram, bytes, sizeof bytes);
        assert_int_equal(size, rpcancel_datagram_size(&made.datagram));
        decodes(bytes, size, &datagram);
        assert_int_equal(datagram.type, type);
        assert_int_equal(datagram.sequence, made.datagram.sequence);
        assert_true(rpcancel_uuid_is(&datagram.activity, &made.datagram.activity));
        assert_int_equal(datagram.data.size, made.datagram.data.size);
        assert_int_equal(datagram.auth.size, made.datagram.auth.size);
        encodes_to(&datagram, bytes, size);
    }
}

/* What is read leniently has the same octets again, and what is read strictly is read leniently. */
static void whatever_is_read_is_written_again(void **state)
{
    (void)state;
    struct rpcancel_random random = {2};
    unsigned understood = 0, refused = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct random_datagram made;
        struct rpcancel_datagram datagram;
        struct rpcancel_datagram_complaint complaint;
        uint8_t whole[1024], bytes[1024];
        random_datagram_make(&made, (enum rpcancel_pdu_type)(round % RPCANCEL_DATAGRAM_TYPES), &random);
        size_t size = rpcancel_datagram_encode(&made.datagram, whole, sizeof whole);
        for (unsigned i = 0; i < MUTATIONS; i++) {
            static const uint8_t telling[] = {0, 1, 3, 4, 74, 75, 78, 80, 88, 94, 95};
            memcpy(bytes, whole, size);
            for (unsigned change = 0; change <= i % 3; change++) {
                uint32_t at = i % 2 ? rpcancel_random_below(&random, (uint32_t)size)
                                    : telling[rpcancel_random_below(&random, sizeof telling)];
                if (at < size)
                    bytes[at] = (uint8_t)rpcancel_random_next(&random);
            }
            bool strict = rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, &datagram, &complaint);
            bool lenient = rpcancel_datagram_decode(bytes, size, RPCANCEL_LENIENT, &datagram, &complaint);
            assert_true(lenient || !strict);
            assert_int_equal(lenient, complaint.error == RPCANCEL_DATAGRAM_ERROR_NONE);
            assert_true(complaint.offset <= size);
            if (lenient)
                encodes_to(&datagram, bytes, size);
            understood += lenient;
            refused += !lenient;
        }
    }
    assert_true(understood > ROUNDS && refused > ROUNDS);
}

static void shorter_than_it_says(void **state)
{
    (void)state;
    struct rpcancel_random random = {3};
    for (unsigned round = 0; round < 10 * RPCANCEL_DATAGRAM_TYPES; round++) {
        struct random_datagram made;
        struct rpcancel_datagram datagram;
        struct rpcancel_datagram_complaint complaint;
        uint8_t bytes[1024];
        random_datagram_make(&made, (enum rpcancel_pdu_type)(round % RPCANCEL_DATAGRAM_TYPES), &random);
        made.datagram.auth_protocol = 0;
        made.datagram.auth.size = 0;
        size_t size = rpcancel_datagram_encode(&made.datagram, bytes, sizeof bytes);
        for (size_t cut = 0; cut < size; cut++) {
            /* A copy of just that many octets, so that reading more is seen. */
            uint8_t *part = test_malloc(cut + 1);
            memcpy(part, bytes, cut);
            assert_false(rpcancel_datagram_decode(part, cut, RPCANCEL_LENIENT, &datagram, &complaint));
            assert_int_equal(complaint.error, RPCANCEL_DATAGRAM_ERROR_INCOMPLETE);
            assert_int_equal(complaint.offset, cut);
            test_free(part);
        }
        assert_int_equal(rpcancel_datagram_encode(&made.datagram, bytes, size - 1), 0);
    }
}

/* ---- what is wrong ---- */

struct wrong {
    const uint8_t *from; /* |size| octets of it, of which up to three become others */
    size_t size;
    struct {
        uint8_t at, octet;
    } changes[3];
    enum rpcancel_strictness accepted_by; /* RPCANCEL_STRICT: nobody accepts it */
    enum rpcancel_datagram_error error;
    size_t offset;
};

/* clang-format off */
static const struct wrong wrongs[] = {
    {a_cancel, HEADER + 8, {{0, 5}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_VERSION, 0},
    {a_cancel, HEADER + 8, {{1, 11}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_TYPE, 1},
    {a_cancel, HEADER + 8, {{74, 9}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_INCOMPLETE, HEADER + 8},
    {a_cancel, HEADER + 7, {{74, 7}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_LENGTH, 74},
    {a_cancel, HEADER + 8, {{1, 10}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_LENGTH, 74},
    {a_cancel, HEADER + 8, {{1, 9}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_LENGTH, 74},
    {a_cancel, HEADER + 3, {{1, 3}, {74, 3}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_LENGTH, 74},
    {a_cancel, HEADER, {{1, 6}, {74, 0}}, RPCANCEL_STRICT, RPCANCEL_DATAGRAM_ERROR_LENGTH, 74},
    {a_cancel, HEADER + 8, {{0, 0x14}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_UNUSED_BITS, 0},
    {a_cancel, HEADER + 8, {{1, 0x28}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_UNUSED_BITS, 1},
    {a_cancel, HEADER + 8, {{3, 4}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_FLAGS2, 3},
    {a_cancel, HEADER + 8, {{3, 2}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_FLAGS2, 3},
    {a_cancel, HEADER + 8, {{6, 1}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_DREP, 4},
    {a_cancel, HEADER + 8, {{80, 1}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_BODY_VERSION, 80},
    {a_cancel, HEADER + 8, {{84, 0}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_CANCEL_ID, 84},
    {an_ack, HEADER + 9, {{83, 1}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_BODY_VERSION, 80},
    {an_ack, HEADER + 9, {{88, 2}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_BOOLEAN, 88},
    {an_ack, HEADER + 9, {{1, 8}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_EXCESS, 88},
    {an_ack, HEADER + 9, {{1, 1}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_EXCESS, 80},
    {a_cancel, HEADER + 8, {{74, 0}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_TRAILER, 80},
    {a_cancel, HEADER + 8, {{78, 1}}, RPCANCEL_LENIENT, RPCANCEL_DATAGRAM_ERROR_AUTH_MISSING, 78},
};
/* clang-format on */

static void wrong_ones_are_told_apart(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *wrong = &wrongs[i];
        struct rpcancel_datagram datagram;
        struct rpcancel_datagram_complaint complaint;
        uint8_t bytes[HEADER + 9];
        memcpy(bytes, wrong->from, wrong->size);
        for (unsigned c = 0; c < 3 && (c == 0 || wrong->changes[c].at); c++)
            bytes[wrong->changes[c].at] = wrong->changes[c].octet;
        assert_false(rpcancel_datagram_decode(bytes, wrong->size, RPCANCEL_STRICT, &datagram, &complaint));
        if (complaint.error != wrong->error || complaint.offset != wrong->offset)
            fail_msg("%zu: octet %zu, expected %s", i, complaint.offset, rpcancel_datagram_error_text(complaint.error));
        bool lenient = rpcancel_datagram_decode(bytes, wrong->size, RPCANCEL_LENIENT, &datagram, &complaint);
        assert_int_equal(lenient, wrong->accepted_by == RPCANCEL_LENIENT);
        seen |= 1u << wrong->error;
    }
    /* All but NONE and MASKS, which comes next. */
    assert_int_equal(seen, ((1u << RPCANCEL_DATAGRAM_ERROR_COUNT) - 1) & ~1u & ~(1u << RPCANCEL_DATAGRAM_ERROR_MASKS));
}

static void masks_must_be_there(void **state)
{
    (void)state;
    uint8_t bytes[HEADER + 20] = {4, 9, 0, 0, 0x10};
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    bytes[74] = 20;
    bytes[HEADER + 14] = 2;
    assert_false(rpcancel_datagram_decode(bytes, sizeof bytes, RPCANCEL_LENIENT, &datagram, &complaint));
    assert_int_equal(complaint.error, RPCANCEL_DATAGRAM_ERROR_MASKS);
    assert_int_equal(complaint.offset, HEADER + 14);
    bytes[HEADER + 14] = 1;
    decodes(bytes, sizeof bytes, &datagram);
    assert_int_equal(datagram.fack.masks.size, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancel_octet_by_octet),
        cmocka_unit_test(a_call_is_the_same_in_both_byte_orders),
        cmocka_unit_test(the_boolean_has_one_octet_or_four),
        cmocka_unit_test(forms_without_body),
        cmocka_unit_test(every_type_there_and_back),
        cmocka_unit_test(whatever_is_read_is_written_again),
        cmocka_unit_test(shorter_than_it_says),
        cmocka_unit_test(wrong_ones_are_told_apart),
        cmocka_unit_test(masks_must_be_there),
    };
    return cmocka_run_group_tests_name("datagram", tests, NULL, NULL);
}
