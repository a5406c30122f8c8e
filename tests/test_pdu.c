// SPDX-License-Identifier: Apache-2.0
/* The codec of connection-oriented PDUs: known octets, every type both ways, and what is wrong with what is not one. */
#include "wire/pdu.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "random_pdu.h"
#include "wire/presentation.h"

enum { ROUNDS = 20000, MUTATIONS = 20 };

static void decodes(const uint8_t *bytes, size_t size, struct rpcancel_pdu *pdu)
{
    struct rpcancel_pdu_complaint complaint;
    if (!rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, pdu, &complaint))
        fail_msg("octet %zu: expected %s", complaint.offset, rpcancel_pdu_error_text(complaint.error));
}

static void encodes_to(const struct rpcancel_pdu *pdu, const uint8_t *bytes, size_t size)
{
    uint8_t out[RPCANCEL_PDU_SIZE_MAX];
    assert_int_equal(rpcancel_pdu_size(pdu), size);
    assert_int_equal(rpcancel_pdu_encode(pdu, out, sizeof out), size);
    assert_memory_equal(out, bytes, size);
}

/* ---- octets that were captured ---- */

static void a_co_cancel_of_windows(void **state)
{
    (void)state;
    static const uint8_t captured[] = {5, 0, 18, 6, 16, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0};
    struct rpcancel_pdu pdu;
    decodes(captured, sizeof captured, &pdu);
    assert_int_equal(pdu.type, RPCANCEL_PDU_CO_CANCEL);
    assert_int_equal(pdu.flags, RPCANCEL_PFC_LAST_FRAG | RPCANCEL_PFC_PENDING_CANCEL);
    assert_int_equal(pdu.call_id, 1);
    assert_int_equal(pdu.data.size + pdu.auth.value.size, 0);
    encodes_to(&pdu, captured, sizeof captured);
}

static void an_orphaned_of_windows(void **state)
{
    (void)state;
    static const uint8_t captured[] = {5, 0, 19, 3, 16, 0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 0};
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_ORPHANED, 8);
    encodes_to(&pdu, captured, sizeof captured);
    decodes(captured, sizeof captured, &pdu);
    assert_int_equal(pdu.call_id, 8);
}

/* Laid out by hand from C706 12.6.4.7, big-endian. */
static void a_fault_octet_by_octet(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {5, 0, 3,    0x23, 0, 0, 0, 0, 0,    32, 0, 0,    0, 0, 1, 2,
                                    0, 0, 0x10, 0,    0, 7, 3, 0, 0x1C, 0,  0, 0x0D, 0, 0, 0, 0};
    struct rpcancel_pdu pdu;
    decodes(bytes, sizeof bytes, &pdu);
    assert_true(rpcancel_pdu_is_big_endian(&pdu));
    assert_int_equal(pdu.call_id, 0x102);
    assert_int_equal(pdu.flags, RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_DID_NOT_EXECUTE);
    assert_int_equal(pdu.fault.alloc_hint, 0x1000);
    assert_int_equal(pdu.fault.context_id, 7);
    assert_int_equal(pdu.fault.cancel_count, 3);
    assert_int_equal(pdu.fault.status, 0x1C00000D);
    encodes_to(&pdu, bytes, sizeof bytes);
}

static void bind_time_features(void **state)
{
    (void)state;
    uint8_t list[RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE];
    struct rpcancel_syntax transfer = rpcancel_syntax_of_features(RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    struct rpcancel_context context = {.id = 1, .abstract = rpcancel_syntax_ndr}, read;
    static const uint8_t on_wire[] = {0x2C, 0x1C, 0xB7, 0x6C, 0x12, 0x98, 0x40, 0x45, 2, 0,
                                      0,    0,    0,    0,    0,    0,    1,    0,    0, 0};
    uint64_t features = 0;
    assert_int_equal(rpcancel_context_write(list, sizeof list, false, &context, &transfer, 1), sizeof list);
    assert_memory_equal(list + RPCANCEL_CONTEXT_LEAST_SIZE, on_wire, sizeof on_wire);
    struct rpcancel_span span = {list, sizeof list};
    assert_true(rpcancel_context_next(&span, false, &read));
    assert_true(rpcancel_context_asks_features(&read, false, &features));
    assert_int_equal(features, RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    assert_int_equal(span.size, 0);
    assert_int_equal(rpcancel_context_write(list, sizeof list, false, &context, &rpcancel_syntax_ndr, 1), sizeof list);
    span = (struct rpcancel_span){list, sizeof list};
    assert_true(rpcancel_context_next(&span, false, &read));
    assert_false(rpcancel_context_asks_features(&read, false, &features));
}

/* ---- every type ---- */

static bool is_connection_oriented(unsigned type)
{
    return rpcancel_pdu_type_describe(type)->sender != RPCANCEL_SENDER_NONE;
}

static void every_type_there_and_back(void **state)
{
    (void)state;
    struct rpcancel_random random = {1};
    unsigned seen = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned type = rpcancel_random_below(&random, RPCANCEL_PDU_TYPE_COUNT);
        struct random_pdu made;
        struct rpcancel_pdu pdu;
        uint8_t bytes[4096];
        if (!is_connection_oriented(type))
            continue;
        random_pdu_make(&made, (enum rpcancel_pdu_type)type, &random);
        size_t size = rpcancel_pdu_encode(&made.pdu, bytes, sizeof bytes);
        assert_int_equal(size, rpcancel_pdu_size(&made.pdu));
        decodes(bytes, size, &pdu);
        assert_int_equal(pdu.type, type);
        assert_int_equal(pdu.call_id, made.pdu.call_id);
        assert_int_equal(pdu.data.size, made.pdu.data.size);
        assert_int_equal(pdu.auth.value.size, made.pdu.auth.value.size);
        assert_int_equal(pdu.auth.padding.size, made.pdu.auth.padding.size);
        encodes_to(&pdu, bytes, size);
        seen |= 1u << type;
    }
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++)
        assert_int_equal(seen >> type & 1, is_connection_oriented(type));
}

/* What is read leniently has the same octets again, and what is read strictly is read leniently. */
static void whatever_is_read_is_written_again(void **state)
{
    (void)state;
    struct rpcancel_random random = {2};
    unsigned understood = 0, refused = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned type = rpcancel_random_below(&random, RPCANCEL_PDU_TYPE_COUNT);
        struct random_pdu made;
        struct rpcancel_pdu pdu;
        struct rpcancel_pdu_complaint complaint;
        uint8_t whole[4096], bytes[4096];
        if (!is_connection_oriented(type))
            continue;
        random_pdu_make(&made, (enum rpcancel_pdu_type)type, &random);
        size_t size = rpcancel_pdu_encode(&made.pdu, whole, sizeof whole);
        for (unsigned i = 0; i < MUTATIONS; i++) {
            memcpy(bytes, whole, size);
            for (unsigned change = 0; change <= i % 3; change++) /* rather in the header than later */
                bytes[rpcancel_random_below(&random, (uint32_t)(i % 2 || size < 40 ? size : 40))] =
                    (uint8_t)rpcancel_random_next(&random);
            bool strict = rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, &pdu, &complaint);
            bool lenient = rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &pdu, &complaint);
            assert_true(lenient || !strict);
            assert_int_equal(lenient, complaint.error == RPCANCEL_PDU_ERROR_NONE);
            assert_true(complaint.offset <= size);
            if (lenient)
                encodes_to(&pdu, bytes, size);
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
    for (unsigned type = 0; type < RPCANCEL_PDU_TYPE_COUNT; type++) {
        struct random_pdu made;
        struct rpcancel_pdu pdu;
        struct rpcancel_pdu_complaint complaint;
        uint8_t bytes[4096];
        if (!is_connection_oriented(type))
            continue;
        random_pdu_make(&made, (enum rpcancel_pdu_type)type, &random);
        size_t size = rpcancel_pdu_encode(&made.pdu, bytes, sizeof bytes);
        for (size_t cut = 0; cut < size; cut++) {
            /* A copy of just that many octets, so that reading more is seen. */
            uint8_t *part = test_malloc(cut + 1);
            memcpy(part, bytes, cut);
            assert_int_equal(rpcancel_pdu_length(part, cut, &complaint), cut < 10 ? 0 : (int)size);
            assert_false(rpcancel_pdu_decode(part, cut, RPCANCEL_LENIENT, &pdu, &complaint));
            assert_int_equal(complaint.error, RPCANCEL_PDU_ERROR_INCOMPLETE);
            assert_int_equal(complaint.offset, cut);
            test_free(part);
        }
        assert_int_equal(rpcancel_pdu_encode(&made.pdu, bytes, size - 1), 0);
    }
}

/* ---- what is wrong ---- */

struct wrong {
    size_t size; /* octets of |bytes| that count */
    uint8_t bytes[48];
    enum rpcancel_strictness accepted_by; /* RPCANCEL_STRICT: nobody accepts it */
    enum rpcancel_pdu_error error;
    size_t offset;
};

/* clang-format off */
#define CO_CANCEL 5, 0, 18, 3, 16, 0, 0, 0
static const struct wrong wrongs[] = {
    {16, {4, 0, 18, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_VERSION, 0},
    {16, {5, 0, 8, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_TYPE, 2},
    {16, {5, 0, 21, 3, 16, 0, 0, 0, 16, 0, 0, 0, 1}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_TYPE, 2},
    {16, {CO_CANCEL, 0, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8},
    {16, {CO_CANCEL, 15, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8},
    {16, {CO_CANCEL, 0xFF, 0xFF}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_INCOMPLETE, 16},
    {20, {CO_CANCEL, 16, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8},
    {16, {CO_CANCEL, 16, 0, 8, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_AUTH_LENGTH, 10},
    {25, {CO_CANCEL, 25, 0, 1, 0, 1, 0, 0, 0, 10, 2, 1, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_AUTH_PAD_LENGTH, 18},
    {24, {CO_CANCEL, 24, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_EXCESS, 16},
    {16, {5, 2, 18, 3, 16, 0, 0, 0, 16, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_MINOR_VERSION, 1},
    {16, {5, 0, 18, 0x20, 16, 0, 0, 0, 16, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_FLAGS, 3},
    {16, {5, 0, 18, 3, 16, 0, 1, 0, 16, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_DREP, 4},
    {25, {5, 0, 17, 3, 16, 0, 0, 0, 25, 0, 1, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_AUTH_FORBIDDEN, 10},
    {20, {5, 0, 16, 3, 16, 0, 0, 0, 20, 0}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_AUTH_MISSING, 10},
    {25, {CO_CANCEL, 25, 0, 1, 0, 1, 0, 0, 0, 10, 2, 0, 9}, RPCANCEL_LENIENT, RPCANCEL_PDU_ERROR_RESERVED, 19},
    {24, {5, 0, 2, 3, 16, 0, 0, 0, 24, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, RPCANCEL_LENIENT,
     RPCANCEL_PDU_ERROR_RESERVED, 23},
    {28, {5, 0, 0, 0x83, 16, 0, 0, 0, 28, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8},
    {28, {5, 0, 3, 3, 16, 0, 0, 0, 28, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8},
    {28, {5, 0, 11, 3, 16, 0, 0, 0, 28, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, RPCANCEL_STRICT,
     RPCANCEL_PDU_ERROR_CONTEXTS, 24},
    {26, {5, 0, 12, 3, 16, 0, 0, 0, 26, 0}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_ADDRESS, 24},
    {32, {5, 0, 12, 3, 16, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, RPCANCEL_STRICT,
     RPCANCEL_PDU_ERROR_RESULTS, 28},
    {32, {5, 0, 12, 3, 16, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0}, RPCANCEL_LENIENT,
     RPCANCEL_PDU_ERROR_PADDING, 26},
    {19, {5, 0, 13, 3, 16, 0, 0, 0, 19, 0, 0, 0, 1, 0, 0, 0, 4, 0, 1}, RPCANCEL_STRICT, RPCANCEL_PDU_ERROR_VERSIONS, 18},
};
/* clang-format on */

static void each_error_at_its_octet(void **state)
{
    (void)state;
    unsigned seen = 1u << RPCANCEL_PDU_ERROR_NONE;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        const struct wrong *wrong = &wrongs[i];
        struct rpcancel_pdu pdu;
        struct rpcancel_pdu_complaint complaint;
        assert_false(rpcancel_pdu_decode(wrong->bytes, wrong->size, RPCANCEL_STRICT, &pdu, &complaint));
        assert_int_equal(complaint.error, wrong->error);
        assert_int_equal(complaint.offset, wrong->offset);
        assert_true(rpcancel_pdu_error_text(complaint.error)[0]);
        assert_int_equal(rpcancel_pdu_decode(wrong->bytes, wrong->size, RPCANCEL_LENIENT, &pdu, &complaint),
                         wrong->accepted_by == RPCANCEL_LENIENT);
        seen |= 1u << wrong->error;
    }
    assert_int_equal(seen, (1u << RPCANCEL_PDU_ERROR_COUNT) - 1);
}

static void what_is_no_fragment_of_a_stream(void **state)
{
    (void)state;
    static const uint8_t other[] = {4}, none[] = {CO_CANCEL, 15, 0}, all[] = {CO_CANCEL, 0xFF, 0xFF};
    struct rpcancel_pdu_complaint complaint;
    assert_int_equal(rpcancel_pdu_length(other, 1, &complaint), -1);
    assert_int_equal(complaint.error, RPCANCEL_PDU_ERROR_VERSION);
    assert_int_equal(rpcancel_pdu_length(none, sizeof none, &complaint), -1);
    assert_int_equal(complaint.error, RPCANCEL_PDU_ERROR_FRAG_LENGTH);
    assert_int_equal(rpcancel_pdu_length(all, sizeof all, &complaint), RPCANCEL_PDU_SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest pdu[] = {
        cmocka_unit_test(a_co_cancel_of_windows),
        cmocka_unit_test(an_orphaned_of_windows),
        cmocka_unit_test(a_fault_octet_by_octet),
        cmocka_unit_test(bind_time_features),
        cmocka_unit_test(every_type_there_and_back),
        cmocka_unit_test(whatever_is_read_is_written_again),
        cmocka_unit_test(shorter_than_it_says),
        cmocka_unit_test(each_error_at_its_octet),
        cmocka_unit_test(what_is_no_fragment_of_a_stream),
    };
    return cmocka_run_group_tests(pdu, NULL, NULL);
}
