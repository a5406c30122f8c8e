// SPDX-License-Identifier: Apache-2.0
/* The binary form of sequences: every byte string decodes, and the canonical encoding stands for ever. */
#include "sequence/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_sequence.h"
#include "status.h"

enum { RANDOM_INPUTS = 20000, RANDOM_BYTES_MAX = 64 };

/* Files of bytes are kept for years: what stands here may be added to, never changed. */
static const struct {
    uint8_t record[RPCANCEL_BINARY_RECORD];
    const char *text;
} for_ever[] = {
    {{0x10, 0x00}, "init a\n"},
    {{0x11, 0x01}, "init b size-too-small\n"},
    {{0x11, 0x20}, "init a size-too-large\n"},
    {{0x12, 0x00}, "init bad-memory\n"},
    {{0x13, 0x00}, "corrupt a signature\n"},
    {{0x13, 0x20}, "corrupt a size\n"},
    {{0x13, 0x40}, "corrupt a lock\n"},
    {{0x13, 0x60}, "corrupt a stub-info\n"},
    {{0x14, 0x03}, "call d\n"},
    {{0x15, 0x00}, "status a\n"},
    {{0x16, 0x00}, "complete a\n"},
    {{0x17, 0x00}, "cancel a\n"},
    {{0x18, 0x02}, "cancel c abort\n"},
    {{0x19, 0x00}, "abort a 5\n"},
    {{0x1A, 0x00}, "get-call-handle a\n"},
    {{0x1B, 0x00}, "await a\n"},
    {{0x30, 0x00}, "deliver request a\n"},
    {{0x31, 0x04}, "deliver cancel a'\n"},
    {{0x32, 0x00}, "deliver orphaned a\n"},
    {{0x33, 0x06}, "deliver reply c'\n"},
    {{0x34, 0x00}, "lose link\n"},
    {{0x3F, 0x00}, "settle\n"},
    {{0x50, 0x00}, "dispatch a @t1\n"},
    {{0x50, 0x08}, "dispatch a @t2\n"},
    {{0x50, 0x10}, "dispatch a @t3\n"},
    {{0x51, 0x00}, "hand-off a\n"},
    {{0x52, 0x05}, "return b'\n"},
    {{0x53, 0x00}, "raise a 5\n"},
    {{0x54, 0x18}, "test-cancel a @w\n"},
    {{0x55, 0x00}, "test-cancel 0 @t1\n"},
    {{0x56, 0x18}, "test-cancel invalid @w\n"},
    {{0x57, 0x1C}, "complete a' @w\n"},
    {{0x58, 0x18}, "abort a 5 @w\n"},
    {{0x58, 0x38}, "abort a 1818 @w\n"},
    {{0x58, 0x58}, "abort a 0 @w\n"},
    {{0x58, 0x78}, "abort a 997 @w\n"},
    {{0x58, 0x98}, "abort a 1914 @w\n"},
    {{0x58, 0xB8}, "abort a 87 @w\n"},
    {{0x58, 0xD8}, "abort a 0xC0000005 @w\n"},
    {{0x58, 0xFF}, "abort d' 0x1C00000D @w\n"},
    {{0x59, 0x18}, "status a @w\n"},
    {{0x5A, 0x18}, "cancel a @w\n"},
    {{0x5B, 0x18}, "cancel a abort @w\n"},
    {{0x5C, 0x18}, "get-call-handle a @w\n"},
    {{0x5D, 0x18}, "subscribe a cancel @w\n"},
    {{0x5D, 0x20}, "subscribe a disconnect @t1\n"},
    {{0x5D, 0x58}, "subscribe a unsupported @w\n"},
    {{0x5D, 0x78}, "subscribe a no-type @w\n"},
    {{0x5E, 0x00}, "subscribe 0 cancel @t1\n"},
    {{0x5F, 0x3C}, "unsubscribe a' disconnect @w\n"},
    {{0x60, 0x18}, "take a cancel @w\n"},
    {{0x61, 0x18}, "call-attributes a @w\n"},
    {{0x64, 0x18}, "server-from-client a @w\n"},
    {{0x65, 0x00}, "copy-client-binding a @t1\n"},
    {{0x66, 0x18}, "test-cancel server-binding @w\n"},
    {{0x67, 0x18}, "server-from-client invalid @w\n"},
    {{0x20, 0x01}, "synchronous-call b\n"},
    {{0x21, 0x00}, "returned a\n"},
    {{0x22, 0x00}, "cancel-thread a\n"},
    {{0x23, 0x00}, "cancel-thread a no-access\n"},
    {{0x24, 0x00}, "cancel-thread-ex a infinite\n"},
    {{0x24, 0x20}, "cancel-thread-ex a 0\n"},
    {{0x24, 0x43}, "cancel-thread-ex d 1\n"},
    {{0x24, 0x60}, "cancel-thread-ex a 2\n"},
    {{0x25, 0x00}, "set-cancel-timeout a infinite\n"},
    {{0x25, 0x20}, "set-cancel-timeout a 0\n"},
    {{0x25, 0x40}, "set-cancel-timeout a 1\n"},
    {{0x25, 0x60}, "set-cancel-timeout a 2\n"},
    {{0x26, 0x00}, "set-call-timeout a infinite\n"},
    {{0x26, 0x20}, "set-call-timeout a 0\n"},
    {{0x26, 0x40}, "set-call-timeout a 1\n"},
    {{0x3E, 0x00}, "elapse\n"},
    {{0x62, 0x00}, "dispatch a synchronous @t1\n"},
    {{0x62, 0x0D}, "dispatch b' synchronous @t2\n"},
    {{0x63, 0x18}, "test-cancel thread @w\n"},
};

/* The answers of the expectations E0 00, E0 01, …, then E0 B8 … E0 BD. May be added to, never changed. */
static const char answers_for_ever[] =
    "0|5|14|87|234|258|997|1701|1702|1703|1709|1721|1722|1723|1725|1726|1727|1728|1764|"
    "1765|1766|1791|1818|1820|1826|1831|1913|1914|1915|1916|1917|1918|0xC0000005|"
    "0x1C00000D|exception|null|handle|refused|undefined|done";

static struct rpcancel_sequence read_binary(const uint8_t *bytes, size_t length)
{
    struct rpcancel_sequence sequence = {0};
    assert_true(rpcancel_sequence_read_binary(&sequence, bytes, length));
    return sequence;
}

static void assert_means(const uint8_t *bytes, size_t length, const char *expected)
{
    struct rpcancel_sequence sequence = read_binary(bytes, length);
    size_t text_length;
    char *text = text_of(&sequence, &text_length);
    assert_string_equal(text, expected);
    free(text);
    rpcancel_sequence_free(&sequence);
}

#define ASSERT_MEANS(text, ...) \
    assert_means((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), text)

static void records_keep_their_meaning(void **state)
{
    (void)state;
    bool seen[RPCANCEL_OPERATION_KINDS] = {false};
    for (size_t i = 0; i < sizeof for_ever / sizeof for_ever[0]; i++) {
        assert_means(for_ever[i].record, RPCANCEL_BINARY_RECORD, for_ever[i].text);
        struct rpcancel_sequence sequence = {0};
        struct rpcancel_sequence_error error;
        assert_true(rpcancel_sequence_read_text(&sequence, for_ever[i].text, strlen(for_ever[i].text), &error));
        size_t length;
        uint8_t *bytes = binary_of(&sequence, &length);
        assert_int_equal(length, RPCANCEL_BINARY_RECORD);
        assert_memory_equal(bytes, for_ever[i].record, RPCANCEL_BINARY_RECORD);
        seen[sequence.items[0].operation.kind] = true;
        free(bytes);
        rpcancel_sequence_free(&sequence);
    }
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!seen[kind])
            fail_msg("%s is not in the list of records", rpcancel_operation_describe(kind)->enumerator);
    }
}

static void expectations_keep_their_meaning(void **state)
{
    (void)state;
    uint8_t bytes[2 + 2 * 256] = {0x3F, 0x00};
    for (unsigned i = 0; i < 256; i++) {
        bytes[2 + 2 * i] = 0xE0;
        bytes[3 + 2 * i] = (uint8_t)(255 - i); /* order and repeats do not matter */
    }
    char expected[sizeof answers_for_ever + 32];
    snprintf(expected, sizeof expected, "settle => %s\n", answers_for_ever);
    assert_means(bytes, sizeof bytes, expected);
    ASSERT_MEANS("settle => 0\n", 0x3F, 0, 0xE0, 0x00);
    ASSERT_MEANS("settle => 1818\n", 0x3F, 0, 0xE0, 0x16);
    ASSERT_MEANS("settle => 0x1C00000D\n", 0x3F, 0, 0xE0, 0x21);
    ASSERT_MEANS("settle => exception\n", 0x3F, 0, 0xE0, 0xB8);
    ASSERT_MEANS("settle => done\n", 0x3F, 0, 0xE0, 0xBD);
}

static void what_has_no_meaning_is_skipped(void **state)
{
    (void)state;
    ASSERT_MEANS("", 0x10);
    ASSERT_MEANS("init a\n", 0x10, 0x00, 0x14);
    ASSERT_MEANS("settle\n", 0x00, 0x10, 0x3F, 0x00); /* 0x10 belongs to the unassigned 0x00 */
    ASSERT_MEANS("", 0xE0, 0x00);
    ASSERT_MEANS("settle\n", 0xE0, 0x00, 0x3F, 0x00);
    ASSERT_MEANS("settle\n", 0x3F, 0x00, 0xE0, 0x22);                    /* no such position yet */
    ASSERT_MEANS("settle\n", 0x3F, 0x00, 0xE0, 0x38, 0xE0, 0x80);        /* 56 without the bit, 0 with it */
    ASSERT_MEANS("settle => 0\n", 0x3F, 0x00, 0xFF, 0xFF, 0xE0, 0x00);   /* attached across what is skipped */
    ASSERT_MEANS("settle\nsettle => 0\n", 0x3F, 0, 0x3F, 0, 0xE0, 0x00); /* to the operation just before it */
}

static void unused_operands_are_ignored(void **state)
{
    (void)state;
    ASSERT_MEANS("settle\n", 0x3F, 0xFF);
    ASSERT_MEANS("call d\n", 0x14, 0xFF);
    ASSERT_MEANS("test-cancel 0 @t2\n", 0x55, 0xEF);
    ASSERT_MEANS("init a size-too-large\n", 0x11, 0xE0); /* the argument is taken modulo its range */
    ASSERT_MEANS("corrupt a signature\n", 0x13, 0x80);
}

static void assert_canonical(const uint8_t *bytes, size_t length)
{
    struct rpcancel_sequence sequence = read_binary(bytes, length);
    size_t canonical_length;
    uint8_t *canonical = binary_of(&sequence, &canonical_length);
    struct rpcancel_sequence again = read_binary(canonical, canonical_length);
    assert_same_sequence(&sequence, &again);
    size_t second_length;
    uint8_t *second = binary_of(&again, &second_length);
    assert_int_equal(second_length, canonical_length);
    assert_memory_equal(second, canonical, canonical_length);
    free(second);
    rpcancel_sequence_free(&again);
    free(canonical);
    rpcancel_sequence_free(&sequence);
}

/* Encodes, decodes and encodes again by way of the text. */
static void assert_canonical_through_text(const uint8_t *bytes, size_t length)
{
    struct rpcancel_sequence sequence = read_binary(bytes, length), from_text = {0};
    struct rpcancel_sequence_error error;
    size_t text_length, canonical_length, second_length;
    char *text = text_of(&sequence, &text_length);
    assert_true(rpcancel_sequence_read_text(&from_text, text, text_length, &error));
    uint8_t *canonical = binary_of(&sequence, &canonical_length);
    uint8_t *second = binary_of(&from_text, &second_length);
    assert_int_equal(second_length, canonical_length);
    assert_memory_equal(second, canonical, canonical_length);
    free(second);
    free(canonical);
    free(text);
    rpcancel_sequence_free(&from_text);
    rpcancel_sequence_free(&sequence);
}

/* Half of the first bytes are operations or expectations, so that random bytes mean something. */
static size_t random_bytes(struct random_source *source, uint8_t bytes[RANDOM_BYTES_MAX])
{
    size_t length = random_below(source, RANDOM_BYTES_MAX + 1);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)random_number(source);
        unsigned kind = random_below(source, 3 * RPCANCEL_OPERATION_KINDS);
        if (i % 2 == 0 && kind < RPCANCEL_OPERATION_KINDS)
            bytes[i] = rpcancel_operation_describe(kind)->byte;
        else if (i % 2 == 0 && kind < 2 * RPCANCEL_OPERATION_KINDS)
            bytes[i] = 0xE0;
    }
    return length;
}

static void random_bytes_have_a_canonical_form(void **state)
{
    (void)state;
    struct random_source source = {.state = 3};
    for (unsigned i = 0; i < RANDOM_INPUTS; i++) {
        uint8_t bytes[RANDOM_BYTES_MAX];
        size_t length = random_bytes(&source, bytes);
        assert_canonical(bytes, length);
        assert_canonical_through_text(bytes, length);
    }
}

static void every_record_has_a_canonical_form(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 65536; value++) {
        const uint8_t record[] = {(uint8_t)(value >> 8), (uint8_t)value};
        struct rpcancel_sequence sequence = read_binary(record, sizeof record);
        assert_true(sequence.count <= 1);
        if (sequence.count == 1) {
            uint8_t canonical[RPCANCEL_BINARY_RECORD];
            rpcancel_binary_put(sequence.items[0].operation, canonical);
            assert_int_equal(canonical[0], record[0]);
            assert_int_equal(canonical[1] & ~record[1], 0); /* nothing is invented */
        }
        rpcancel_sequence_free(&sequence);
    }
}

static void text_survives_the_binary_form(void **state)
{
    (void)state;
    struct random_source source = {.state = 4};
    for (unsigned i = 0; i < RANDOM_INPUTS / 4; i++) {
        struct rpcancel_sequence sequence = random_sequence(&source, 40);
        size_t length, text_length, again_length;
        uint8_t *bytes = binary_of(&sequence, &length);
        struct rpcancel_sequence again = read_binary(bytes, length);
        assert_same_sequence(&sequence, &again);
        char *text = text_of(&sequence, &text_length), *text_again = text_of(&again, &again_length);
        assert_string_equal(text, text_again);
        free(text_again);
        free(text);
        free(bytes);
        rpcancel_sequence_free(&again);
        rpcancel_sequence_free(&sequence);
    }
}

/* The engines' way of reading, without memory, sees what the sequence holds. */
static void next_agrees_with_reading(void **state)
{
    (void)state;
    struct random_source source = {.state = 5};
    for (unsigned i = 0; i < RANDOM_INPUTS; i++) {
        uint8_t bytes[RANDOM_BYTES_MAX];
        size_t length = random_bytes(&source, bytes);
        struct rpcancel_sequence sequence = read_binary(bytes, length), seen = {0};
        rpcancel_sequence_drop_wire(&sequence); /* which the engines skip */
        const uint8_t *cursor = bytes;
        struct rpcancel_operation operation;
        while (rpcancel_binary_next(&cursor, bytes + length, &operation))
            assert_true(rpcancel_sequence_append(&seen, operation, sequence.items[seen.count].expected, 0));
        assert_ptr_equal(cursor, bytes + length);
        assert_same_sequence(&sequence, &seen);
        rpcancel_sequence_free(&seen);
        rpcancel_sequence_free(&sequence);
    }
}

static void next_yields_canonical_operations(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 65536; value++) {
        const uint8_t record[] = {(uint8_t)(value >> 8), (uint8_t)value};
        const uint8_t *cursor = record;
        struct rpcancel_operation operation;
        if (!rpcancel_binary_next(&cursor, record + sizeof record, &operation))
            continue;
        struct rpcancel_operation canonical = rpcancel_operation_canonical(operation);
        assert_int_equal(operation.handle, canonical.handle);
        assert_int_equal(operation.earlier, canonical.earlier);
        assert_int_equal(operation.thread, canonical.thread);
        assert_int_equal(operation.argument, canonical.argument);
    }
}

static void writing_is_cut_to_whole_records(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_operation settle = {.kind = RPCANCEL_OP_SETTLE};
    assert_true(rpcancel_sequence_append(&sequence, settle, 3, 0));
    static const uint8_t whole[] = {0x3F, 0x00, 0xE0, 0x00, 0xE0, 0x01};
    for (size_t size = 0; size <= sizeof whole; size++) {
        uint8_t out[sizeof whole + 1];
        memset(out, 0xAA, sizeof out);
        assert_int_equal(rpcancel_sequence_write_binary(&sequence, out, size), sizeof whole);
        size_t written = size / 2 * 2;
        assert_memory_equal(out, whole, written);
        for (size_t i = written; i < sizeof out; i++)
            assert_int_equal(out[i], 0xAA);
    }
    rpcancel_sequence_free(&sequence);
}

/* An expectation in front of the first operation is not the last one's of what was read before. */
static void reading_appends_without_touching_what_is_there(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = read_binary((const uint8_t[]){0x3F, 0x00}, 2);
    assert_true(rpcancel_sequence_read_binary(&sequence, (const uint8_t[]){0xE0, 0x00, 0x34, 0x00}, 4));
    assert_int_equal(sequence.count, 2);
    assert_true(sequence.items[0].expected == 0);
    assert_true(sequence.items[1].expected == 0);
    assert_int_equal(sequence.items[1].line, 0);
    rpcancel_sequence_free(&sequence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_keep_their_meaning),
        cmocka_unit_test(expectations_keep_their_meaning),
        cmocka_unit_test(what_has_no_meaning_is_skipped),
        cmocka_unit_test(unused_operands_are_ignored),
        cmocka_unit_test(random_bytes_have_a_canonical_form),
        cmocka_unit_test(every_record_has_a_canonical_form),
        cmocka_unit_test(text_survives_the_binary_form),
        cmocka_unit_test(next_agrees_with_reading),
        cmocka_unit_test(next_yields_canonical_operations),
        cmocka_unit_test(writing_is_cut_to_whole_records),
        cmocka_unit_test(reading_appends_without_touching_what_is_there),
    };
    return cmocka_run_group_tests_name("sequence_binary", tests, NULL, NULL);
}
