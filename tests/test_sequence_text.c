// SPDX-License-Identifier: Apache-2.0
/* The text form of sequences: spelling, and that it round-trips. tests/test_sequence_errors.c has the mistakes. */
#define _POSIX_C_SOURCE 200809L
#include "sequence/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_sequence.h"
#include "status.h"

enum { RANDOM_SEQUENCES = 5000 };

/* Compares field by field: the padding of a bit-field means nothing. */
static void assert_same_operation(struct rpcancel_operation a, struct rpcancel_operation b)
{
    assert_int_equal(a.kind, b.kind);
    assert_int_equal(a.handle, b.handle);
    assert_int_equal(a.earlier, b.earlier);
    assert_int_equal(a.thread, b.thread);
    assert_int_equal(a.argument, b.argument);
}

static struct rpcancel_sequence read_text(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    if (!rpcancel_sequence_read_text(&sequence, text, strlen(text), &error))
        fail_msg("%s: %u:%u: %s", text, error.line, error.column, error.expected);
    return sequence;
}

static void assert_rewritten(const char *text, const char *canonical)
{
    struct rpcancel_sequence sequence = read_text(text);
    size_t length;
    char *written = text_of(&sequence, &length);
    assert_string_equal(written, canonical);
    free(written);
    rpcancel_sequence_free(&sequence);
}

static struct rpcancel_operation operation_of(unsigned kind, unsigned operands)
{
    return (struct rpcancel_operation){.kind = (uint8_t)kind,
                                       .handle = operands & 3u,
                                       .earlier = operands >> 2 & 1u,
                                       .thread = operands >> 3 & 3u,
                                       .argument = operands >> 5 & 7u};
}

static void every_operation_is_read_as_it_is_printed(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        for (unsigned operands = 0; operands < 256; operands++) {
            struct rpcancel_operation operation = operation_of(kind, operands), again;
            struct rpcancel_sequence_error error;
            char text[2 * RPCANCEL_OPERATION_TEXT_MAX];
            size_t length = rpcancel_operation_print(operation, text, sizeof text);
            assert_int_equal(length, strlen(text));
            assert_true(length < RPCANCEL_OPERATION_TEXT_MAX);
            if (!rpcancel_operation_parse(&again, text, length, &error))
                fail_msg("%s: %s", text, error.expected);
            assert_same_operation(again, rpcancel_operation_canonical(operation));
        }
    }
}

static void different_operations_are_printed_differently(void **state)
{
    (void)state;
    struct random_source source = {.state = 1};
    for (unsigned i = 0; i < 100000; i++) {
        struct rpcancel_operation a = random_operation(&source), b = random_operation(&source);
        char text_a[RPCANCEL_OPERATION_TEXT_MAX], text_b[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(a, text_a, sizeof text_a);
        rpcancel_operation_print(b, text_b, sizeof text_b);
        bool same = a.kind == b.kind && a.handle == b.handle && a.earlier == b.earlier && a.thread == b.thread &&
                    a.argument == b.argument;
        assert_int_equal(same, strcmp(text_a, text_b) == 0);
    }
}

/* The canonical spellings of the manual: they must stay as they are. */
static const char *const spellings[] = {
    "init a",
    "init b size-too-small",
    "init a size-too-large",
    "init bad-memory",
    "corrupt a signature",
    "corrupt a size",
    "corrupt a lock",
    "corrupt d stub-info",
    "call a",
    "status a",
    "complete a",
    "cancel a",
    "cancel c abort",
    "abort a 5",
    "get-call-handle a",
    "await a",
    "deliver request a",
    "deliver cancel b'",
    "deliver orphaned a",
    "deliver reply a'",
    "lose link",
    "settle",
    "dispatch a @t1",
    "dispatch a' @t3",
    "hand-off a",
    "hand-off d'",
    "return a",
    "raise a 5",
    "raise a' 0x1C00000D",
    "test-cancel a @w",
    "test-cancel a' @t2",
    "test-cancel 0 @t1",
    "test-cancel invalid @w",
    "complete a @w",
    "abort a 0 @w",
    "abort a 5 @w",
    "abort a 87 @w",
    "abort a 997 @w",
    "abort a 1818 @w",
    "abort a 1914 @w",
    "abort b' 0xC0000005 @t3",
    "status a @w",
    "cancel a @w",
    "cancel a abort @w",
    "get-call-handle a @w",
};

static void canonical_spellings_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        char line[RPCANCEL_OPERATION_TEXT_MAX + 2];
        snprintf(line, sizeof line, "%s\n", spellings[i]);
        assert_rewritten(line, line);
    }
}

static void printing_is_cut_to_fit(void **state)
{
    (void)state;
    struct rpcancel_operation operation = {.kind = RPCANCEL_OP_CANCEL_ABORT, .handle = 2};
    const char *whole = "cancel c abort";
    for (size_t size = 0; size <= strlen(whole) + 1; size++) {
        char text[32];
        memset(text, '!', sizeof text);
        size_t length = rpcancel_operation_print(operation, text, size);
        assert_int_equal(length, size > 0 ? size - 1 : 0);
        assert_memory_equal(text, whole, length);
        assert_int_equal(text[size], '!');
        if (size > 0)
            assert_int_equal(text[length], '\0');
    }
}

static void loose_spelling_is_read(void **state)
{
    (void)state;
    assert_rewritten("", "");
    assert_rewritten("\n\n  \t\n# nothing\n", "");
    assert_rewritten("\tcall \t a  \n", "call a\n");
    assert_rewritten("call a", "call a\n");
    assert_rewritten("call a\r\nsettle\r\n\r\n", "call a\nsettle\n");
    assert_rewritten("settle\r", "settle\n");
    assert_rewritten("call a# caf\xC3\xA9 => 5\n  # \xFF\nsettle", "call a\nsettle\n");
    assert_rewritten("abort a 0x71A @w\nraise a RPC_S_CALL_CANCELLED\n", "abort a 1818 @w\nraise a 1818\n");
    assert_rewritten("raise a 0X1c00000d\nraise a 3221225477\n", "raise a 0x1C00000D\nraise a 0xC0000005\n");
    assert_rewritten("raise a 0005\nraise a nca_s_fault_cancel\n", "raise a 5\nraise a 0x1C00000D\n");
}

static void expectations_are_printed_in_order(void **state)
{
    (void)state;
    assert_rewritten("call a => 0", "call a => 0\n");
    assert_rewritten("call a=>5|0", "call a => 0|5\n");
    assert_rewritten("complete a => done |exception| 0x71A |RPC_S_OK", "complete a => 0|1818|exception|done\n");
    assert_rewritten("call a => 0|0|0x0|RPC_S_OK # twice", "call a => 0\n");
    assert_rewritten("call a => undefined|refused|handle|null|exception|STATUS_ACCESS_VIOLATION",
                     "call a => 0xC0000005|exception|null|handle|refused|undefined\n");
}

static void every_code_can_be_expected_by_number_and_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < rpcancel_status_count(); i++) {
        uint32_t code = rpcancel_status_at(i);
        char by_number[64], by_name[64];
        snprintf(by_number, sizeof by_number, "call a => 0x%x", code);
        snprintf(by_name, sizeof by_name, "call a => %s", rpcancel_status_name(code));
        struct rpcancel_sequence number = read_text(by_number), name = read_text(by_name);
        assert_same_sequence(&number, &name);
        assert_true(number.items[0].expected == UINT64_C(1) << i);
        assert_true(number.items[0].expected == rpcancel_expectation_of(rpcancel_answer_code(code)));
        rpcancel_sequence_free(&number);
        rpcancel_sequence_free(&name);
    }
}

static void items_know_their_lines(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = read_text("# first\ninit a\n\r\n\ncall a => 0\n");
    assert_int_equal(sequence.count, 2);
    assert_int_equal(sequence.items[0].line, 2);
    assert_int_equal(sequence.items[1].line, 5);
    rpcancel_sequence_free(&sequence);
}

static void reading_appends(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = read_text("init a");
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_sequence_read_text(&sequence, "call a", 6, &error));
    assert_int_equal(sequence.count, 2);
    assert_int_equal(sequence.items[0].operation.kind, RPCANCEL_OP_INIT);
    assert_int_equal(sequence.items[1].operation.kind, RPCANCEL_OP_CALL);
    rpcancel_sequence_free(&sequence);
    assert_null(sequence.items);
    assert_int_equal(sequence.count, 0);
}

static void random_sequences_are_read_as_they_are_written(void **state)
{
    (void)state;
    struct random_source source = {.state = 2};
    for (unsigned i = 0; i < RANDOM_SEQUENCES; i++) {
        struct rpcancel_sequence sequence = random_sequence(&source, 40);
        size_t length;
        char *text = text_of(&sequence, &length);
        struct rpcancel_sequence again = read_text(text);
        assert_same_sequence(&sequence, &again);
        assert_true(rpcancel_sequence_looks_like_text(text, length));
        free(text);
        rpcancel_sequence_free(&again);
        rpcancel_sequence_free(&sequence);
    }
}

static void appended_items_are_canonical(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_operation loose = {.kind = RPCANCEL_OP_CALL, .handle = 1, .earlier = 1, .thread = 3, .argument = 7};
    assert_true(rpcancel_sequence_append(&sequence, loose, UINT64_MAX, 7));
    assert_same_operation(sequence.items[0].operation, (struct rpcancel_operation){RPCANCEL_OP_CALL, 1, 0, 0, 0});
    rpcancel_expectation meaningless = UINT64_C(3) << 62 | UINT64_C(1) << 55;
    assert_true((sequence.items[0].expected & meaningless) == 0);
    char everything[RPCANCEL_EXPECTATION_TEXT_MAX];
    size_t length = rpcancel_expectation_print(UINT64_MAX, everything, sizeof everything);
    assert_true(length < sizeof everything - 1); /* nothing was cut off */
    struct rpcancel_sequence again = {0};
    struct rpcancel_sequence_error error;
    char line[RPCANCEL_LINE_MAX];
    snprintf(line, sizeof line, "call b => %s", everything);
    assert_true(rpcancel_sequence_read_text(&again, line, strlen(line), &error));
    assert_same_sequence(&sequence, &again);
    rpcancel_sequence_free(&again);
    rpcancel_sequence_free(&sequence);
}

static void exhausted_memory_leaves_the_sequence(void **state)
{
    (void)state;
    struct rpcancel_sequence_item item = {0};
    size_t many = SIZE_MAX / 2 / sizeof item + 1; /* the bytes of twice as many cannot be counted */
    struct rpcancel_sequence full = {.items = &item, .count = many, .capacity = many};
    struct rpcancel_sequence before = full;
    struct rpcancel_sequence_error error;
    assert_false(rpcancel_sequence_append(&full, item.operation, 0, 0));
    assert_memory_equal(&full, &before, sizeof full);
    assert_false(rpcancel_sequence_read_text(&full, "\nsettle", 7, &error));
    assert_string_equal(error.expected, "expected memory for another operation, found none");
    assert_int_equal(error.line, 2);
    assert_false(rpcancel_sequence_read_binary(&full, (const uint8_t[]){0x3F, 0x00}, 2));
}

static void failed_stream_is_told(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = read_text("settle");
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    setvbuf(full, NULL, _IONBF, 0);
    assert_false(rpcancel_sequence_write_text(&sequence, full));
    fclose(full);
    rpcancel_sequence_free(&sequence);
}

static void assert_answer(struct rpcancel_answer answer, const char *expected)
{
    char text[RPCANCEL_ANSWER_TEXT_MAX];
    assert_int_equal(rpcancel_answer_print(answer, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

static void answers_are_printed_for_people(void **state)
{
    (void)state;
    assert_answer(rpcancel_answer_code(1791), "1791 RPC_S_CALL_IN_PROGRESS");
    assert_answer(rpcancel_answer_code(0), "0 RPC_S_OK");
    assert_answer(rpcancel_answer_code(4242), "4242");
    assert_answer(rpcancel_answer_code(65535), "65535");
    assert_answer(rpcancel_answer_code(65536), "0x00010000");
    assert_answer(rpcancel_answer_exception(0x80000100u), "exception 0x80000100");
    assert_answer(rpcancel_answer_exception(1722), "exception 1722 RPC_S_SERVER_UNAVAILABLE");
    assert_answer(rpcancel_answer_exception(0xC0000005u), "exception 0xC0000005 STATUS_ACCESS_VIOLATION");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_DONE), "done");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_NULL), "null");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_HANDLE), "handle");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED), "refused");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED), "undefined");
    assert_answer(rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED), "unimplemented");
}

static void answers_have_expectations(void **state)
{
    (void)state;
    assert_true(rpcancel_expectation_of(rpcancel_answer_code(4242)) == 0);
    assert_true(rpcancel_expectation_of(rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED)) == 0);
    assert_true(rpcancel_expectation_of(rpcancel_answer_exception(5)) == UINT64_C(1) << RPCANCEL_EXPECT_EXCEPTION);
    for (int kind = RPCANCEL_ANSWER_DONE; kind <= RPCANCEL_ANSWER_UNDEFINED; kind++) {
        struct rpcancel_answer answer = rpcancel_answer_kind((enum rpcancel_answer_kind)kind);
        char expected[RPCANCEL_EXPECTATION_TEXT_MAX], printed[RPCANCEL_ANSWER_TEXT_MAX];
        rpcancel_expectation_print(rpcancel_expectation_of(answer), expected, sizeof expected);
        rpcancel_answer_print(answer, printed, sizeof printed);
        if (kind != RPCANCEL_ANSWER_EXCEPTION)
            assert_string_equal(expected, printed);
    }
}

/* |literal| without its terminator. */
#define LOOKS_LIKE_TEXT(literal) rpcancel_sequence_looks_like_text(literal, sizeof(literal) - 1)

static void form_is_guessed(void **state)
{
    (void)state;
    assert_true(LOOKS_LIKE_TEXT(""));
    assert_true(LOOKS_LIKE_TEXT("call a\r\n\tsettle # caf\xC3\xA9\n"));
    assert_true(LOOKS_LIKE_TEXT("settle\r"));
    assert_false(LOOKS_LIKE_TEXT("\x10\x00\x14\x00"));
    assert_false(LOOKS_LIKE_TEXT("\x11\x20"));
    assert_false(LOOKS_LIKE_TEXT("caf\xC3\xA9\n"));
    assert_false(LOOKS_LIKE_TEXT("# a\n\xC3\n"));
    assert_false(LOOKS_LIKE_TEXT("call\ra\n"));
    assert_false(LOOKS_LIKE_TEXT("# \0\n"));
    assert_false(LOOKS_LIKE_TEXT("call a\x7F"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_read_as_it_is_printed),
        cmocka_unit_test(different_operations_are_printed_differently),
        cmocka_unit_test(canonical_spellings_stand),
        cmocka_unit_test(printing_is_cut_to_fit),
        cmocka_unit_test(loose_spelling_is_read),
        cmocka_unit_test(expectations_are_printed_in_order),
        cmocka_unit_test(every_code_can_be_expected_by_number_and_name),
        cmocka_unit_test(items_know_their_lines),
        cmocka_unit_test(reading_appends),
        cmocka_unit_test(random_sequences_are_read_as_they_are_written),
        cmocka_unit_test(appended_items_are_canonical),
        cmocka_unit_test(exhausted_memory_leaves_the_sequence),
        cmocka_unit_test(failed_stream_is_told),
        cmocka_unit_test(answers_are_printed_for_people),
        cmocka_unit_test(answers_have_expectations),
        cmocka_unit_test(form_is_guessed),
    };
    return cmocka_run_group_tests_name("sequence_text", tests, NULL, NULL);
}
