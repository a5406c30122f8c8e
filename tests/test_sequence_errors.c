// SPDX-License-Identifier: Apache-2.0
/* What is said about text that is no sequence. */
#define _POSIX_C_SOURCE 200809L
#include "sequence/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_sequence.h"

enum { MUTATED_TEXTS = 100000, MUTATED_TEXT_MAX = 2048 };

#define OPERATIONS                                                                                                   \
    "expected an operation (`init`, `corrupt`, `call`, `status`, `complete`, `cancel`, `abort`, `get-call-handle`, " \
    "`await`, `deliver`, `lose`, `settle`, `dispatch`, `hand-off`, `return`, `raise`, `test-cancel`, `subscribe`, "  \
    "`unsubscribe`, `take`, `call-attributes`, `server-from-client`, `copy-client-binding`, `synchronous-call`, "    \
    "`returned`, `cancel-thread`, `cancel-thread-ex`, `set-cancel-timeout`, `set-call-timeout`, `elapse`, "          \
    "`associate`, `request`, `first`, `middle`, `last`, `co_cancel`, `orphaned`, `wrong`, `same-call-id`, "          \
    "`await-reply`, `release`, `disconnect`, `await-first` or `client`), found "
#define ANSWERS                                                                                                     \
    "expected an answer (0, 5, 14, 87, 234, 258, 997, 1701, 1702, 1703, 1709, 1721, 1722, 1723, 1725, 1726, 1727, " \
    "1728, 1764, 1765, 1766, 1791, 1818, 1820, 1826, 1831, 1913, 1914, 1915, 1916, 1917, 1918, 0xC0000005, "        \
    "0x1C00000D, `exception`, `null`, `handle`, `refused`, `undefined` or `done`), found "
#define FAULTS "expected a fault code (5, 1818, 0, 997, 1914, 87, 0xC0000005 or 0x1C00000D), found "
#define THREADS "expected `@t1`, `@t2`, `@t3` or `@w`, found "
#define DISPATCHERS "expected `@t1`, `@t2`, `@t3`, `@w` or `synchronous`, found "
#define HANDLE "expected a handle (a, b, c or d), found "
#define EARLIER "expected a handle (a, b, c or d; a' for an earlier call), found "
#define OVER "expected `=>` or the end of the line, found "

static const struct {
    const char *text;
    unsigned line;
    unsigned column;
    const char *expected;
} mistakes[] = {
    /* the operation */
    {"xyzzy", 1, 1, OPERATIONS "`xyzzy`"},
    {"=> 0", 1, 1, OPERATIONS "`=>`"},
    {"call a\n  | 0", 2, 3, OPERATIONS "`|`"},
    {"cancle a", 1, 1, "expected an operation, found `cancle`; did you mean `cancel`?"},
    {"Init a", 1, 1, "expected an operation, found `Init`; did you mean `init`?"},
    {"deliver-request a", 1, 1, "expected an operation, found `deliver-request`; did you mean `deliver request`?"},
    {"loselink", 1, 1, "expected an operation, found `loselink`; did you mean `lose link`?"},
    {"deliver replay a", 1, 9, "expected `request`, `cancel`, `orphaned` or `reply`, found `replay`"},
    {"deliver", 1, 8, "expected `request`, `cancel`, `orphaned` or `reply`, found the end of the line"},
    {"lose a", 1, 6, "expected `link`, found `a`"},
    /* the handle */
    {"call", 1, 5, HANDLE "the end of the line"},
    {"call e", 1, 6, HANDLE "`e`"},
    {"call A", 1, 6, HANDLE "`A`"},
    {"call ab", 1, 6, HANDLE "`ab`"},
    {"call @t1", 1, 6, HANDLE "`@t1`; `call` takes no server thread"},
    {"call a'", 1, 6, HANDLE "`a'`; `call` cannot name an earlier call"},
    {"status e @w", 1, 8, EARLIER "`e`"},
    {"deliver reply a''", 1, 15, EARLIER "`a''`"},
    {"dispatch @t1", 1, 10, EARLIER "`@t1`"},
    {"init", 1, 5, "expected a handle (a, b, c or d) or `bad-memory`, found the end of the line"},
    {"init a'", 1, 6,
     "expected a handle (a, b, c or d) or `bad-memory`, found `a'`; `init` cannot name an earlier call"},
    {"test-cancel 1 @t1", 1, 13,
     "expected a handle (a, b, c or d; a' for an earlier call), `0`, `invalid`, `server-binding` or `thread`, found "
     "`1`"},
    /* the argument */
    {"abort a", 1, 8, FAULTS "the end of the line"},
    {"abort a 6", 1, 9, FAULTS "`6`"},
    {"abort a 0x", 1, 9, FAULTS "`0x`"},
    {"abort a 4294967301", 1, 9, FAULTS "`4294967301`"},
    {"abort a -5 @w", 1, 9, FAULTS "`-5`"},
    {"abort a @w", 1, 9, FAULTS "`@w`"},
    {"raise a RPC_S_CALL_CANCELED", 1, 9,
     "expected a fault code, found `RPC_S_CALL_CANCELED`; did you mean `RPC_S_CALL_CANCELLED`?"},
    {"raise a RPC_S_COMM_FAILURE", 1, 9, FAULTS "`RPC_S_COMM_FAILURE`"},
    {"corrupt a", 1, 10, "expected `signature`, `size`, `lock` or `stub-info`, found the end of the line"},
    {"corrupt a flags", 1, 11, "expected `signature`, `size`, `lock` or `stub-info`, found `flags`"},
    {"init a small", 1, 8, "expected `size-too-small`, `size-too-large`, `=>` or the end of the line, found `small`"},
    {"cancel-thread-ex a", 1, 19, "expected `infinite`, `0`, `1` or `2`, found the end of the line"},
    {"set-call-timeout a 2", 1, 20, "expected `infinite`, `0` or `1`, found `2`"},
    /* the thread */
    {"dispatch a", 1, 11, DISPATCHERS "the end of the line"},
    {"dispatch a => done", 1, 12, DISPATCHERS "`=>`"},
    {"dispatch a @t4", 1, 12, DISPATCHERS "`@t4`"},
    {"dispatch a t1", 1, 12, DISPATCHERS "`t1`"},
    {"dispatch a synchronous", 1, 23, THREADS "the end of the line"},
    {"test-cancel 0", 1, 14, THREADS "the end of the line"},
    {"status a'", 1, 10, THREADS "the end of the line; of an earlier call only the server can be asked"},
    {"call a @t1", 1, 8, OVER "`@t1`; `call` takes no server thread"},
    {"deliver cancel a @w", 1, 18, OVER "`@w`; `deliver cancel` takes no server thread"},
    {"raise a 5 @t1", 1, 11, OVER "`@t1`; `raise` takes no server thread"},
    {"settle @t1", 1, 8, OVER "`@t1`; `settle` takes no server thread"},
    {"init a @t1", 1, 8,
     "expected `size-too-small`, `size-too-large`, `=>` or the end of the line, found `@t1`; "
     "`init` takes no server thread"},
    /* words behind the operation */
    {"settle now", 1, 8, OVER "`now`"},
    {"call a 0", 1, 8, OVER "`0`"},
    {"call a = 0", 1, 8, OVER "`=`"},
    {"call a | 0", 1, 8, OVER "`|`"},
    {"cancel a abort @w @w", 1, 19, OVER "`@w`"},
    {"cancel-thread a now", 1, 17, "expected `no-access`, `=>` or the end of the line, found `now`"},
    {"elapse 2", 1, 8, OVER "`2`"},
    {"cancel a now", 1, 10, "expected `abort`, `@t1`, `@t2`, `@t3`, `@w`, `=>` or the end of the line, found `now`"},
    /* the expectation */
    {"call a =>  # what?", 1, 12, ANSWERS "the end of the line"},
    {"call a => |0", 1, 11, ANSWERS "`|`"},
    {"call a => 0|", 1, 13, ANSWERS "the end of the line"},
    {"call a => 1819", 1, 11, ANSWERS "`1819`"},
    {"call a => 0|4294967296", 1, 13, ANSWERS "`4294967296`"},
    {"call a => -1", 1, 11, ANSWERS "`-1`"},
    {"call a => exeption", 1, 11, "expected an answer, found `exeption`; did you mean `exception`?"},
    {"call a => RPC_S_CALL_CANCELED", 1, 11,
     "expected an answer, found `RPC_S_CALL_CANCELED`; did you mean `RPC_S_CALL_CANCELLED`?"},
    {"call a => 0 5", 1, 13, "expected `|` or the end of the line, found `5`"},
    {"call a => 0 => 5", 1, 13, "expected `|` or the end of the line, found `=>`"},
    /* bytes */
    {"settle\n\tc\x01ll a", 2, 3, "expected text, found the control character 0x01"},
    {"# \x1B[31m", 1, 3, "expected text, found the control character 0x1B"},
    {"settle\rsettle", 1, 7, "expected text, found the control character 0x0D"},
    {"init a\n\ncall \xC3\xA9", 3, 6, "expected ASCII outside comments, found the byte 0xC3"},
    {"call \x7F", 1, 6, "expected ASCII outside comments, found the byte 0x7F"},
};

static void each_mistake_has_its_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct rpcancel_sequence sequence = {0};
        struct rpcancel_sequence_error error;
        if (rpcancel_sequence_read_text(&sequence, mistakes[i].text, strlen(mistakes[i].text), &error))
            fail_msg("accepted: %s", mistakes[i].text);
        if (strcmp(error.expected, mistakes[i].expected) != 0 || error.line != mistakes[i].line ||
            error.column != mistakes[i].column)
            fail_msg("%s\n  got  %u:%u: %s\n  want %u:%u: %s", mistakes[i].text, error.line, error.column,
                     error.expected, mistakes[i].line, mistakes[i].column, mistakes[i].expected);
        rpcancel_sequence_free(&sequence);
    }
}

static void nul_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        char text[10];
        unsigned column;
    } texts[] = {{"call a\0", 7}, {"\0call a", 1}, {"# x\0 y\n", 4}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct rpcancel_sequence sequence = {0};
        struct rpcancel_sequence_error error;
        assert_false(rpcancel_sequence_read_text(&sequence, texts[i].text, 7, &error));
        assert_int_equal(error.line, 1);
        assert_int_equal(error.column, texts[i].column);
        assert_string_equal(error.expected, "expected text, found a NUL byte");
        assert_int_equal(sequence.count, 0);
    }
}

/* Reads a line of |length| bytes, most of them comment, followed by |end|. */
static bool read_long_line(int length, const char *end, struct rpcancel_sequence_error *error)
{
    struct rpcancel_sequence sequence = {0};
    char text[RPCANCEL_LINE_MAX + 100];
    int whole = snprintf(text, sizeof text, "settle #%0*d%s", length - 8, 0, end);
    assert_true(whole >= length && whole < (int)sizeof text);
    bool read = rpcancel_sequence_read_text(&sequence, text, (size_t)whole, error);
    rpcancel_sequence_free(&sequence);
    return read;
}

static void over_long_lines_are_refused(void **state)
{
    (void)state;
    static const char message[] = "expected a line of at most 1024 bytes, found a longer one";
    struct rpcancel_sequence_error error;
    assert_true(read_long_line(RPCANCEL_LINE_MAX, "", &error));
    assert_true(read_long_line(RPCANCEL_LINE_MAX, "\n", &error));
    assert_true(read_long_line(RPCANCEL_LINE_MAX, "\r\nsettle", &error));
    assert_false(read_long_line(RPCANCEL_LINE_MAX + 1, "\n", &error));
    assert_string_equal(error.expected, message);
    assert_int_equal(error.line, 1);
    assert_int_equal(error.column, RPCANCEL_LINE_MAX + 1);
    assert_false(read_long_line(RPCANCEL_LINE_MAX, "\x01", &error));
    assert_string_equal(error.expected, message);
    assert_false(read_long_line(RPCANCEL_LINE_MAX - 1, "\x01\x01", &error));
    assert_string_equal(error.expected, "expected text, found the control character 0x01");
}

static void items_before_the_mistake_are_kept(void **state)
{
    (void)state;
    static const char text[] = "init a => 0\ncall a\nbogus\nsettle\n";
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    assert_false(rpcancel_sequence_read_text(&sequence, text, sizeof text - 1, &error));
    assert_int_equal(error.line, 3);
    assert_int_equal(sequence.count, 2);
    assert_int_equal(sequence.items[1].operation.kind, RPCANCEL_OP_CALL);
    rpcancel_sequence_free(&sequence);
}

static void assert_parse_fails(const char *text, size_t length, const char *expected)
{
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    assert_false(rpcancel_operation_parse(&operation, text, length, &error));
    assert_int_equal(error.line, 1);
    assert_string_equal(error.expected, expected);
}

static void one_operation_is_read_without_anything_else(void **state)
{
    (void)state;
    struct rpcancel_operation operation;
    struct rpcancel_sequence_error error;
    assert_true(rpcancel_operation_parse(&operation, " call\ta ", 8, &error));
    assert_parse_fails("", 0, OPERATIONS "the end of the line");
    assert_parse_fails("call a => 0", 11, "expected the end of the line, found `=>`");
    assert_parse_fails("call a # now", 12, "expected the end of the line, found `#`");
    assert_parse_fails("call a\nsettle", 13, HANDLE "`a\\x0Asettle`");
    assert_parse_fails("call a\0", 7, HANDLE "`a\\x00`");
}

static void long_words_are_cut_in_messages(void **state)
{
    (void)state;
    assert_parse_fails("call 1234567890123456789012345678901234567890", 45,
                       HANDLE "`1234567890123456789012345678901234567890`");
    assert_parse_fails("call 12345678901234567890123456789012345678901", 46,
                       HANDLE "`1234567890123456789012345678901234567890...`");
}

static const char *const fragments[] = {
    "\n",
    "\r\n",
    " ",
    "\t",
    "#",
    "=>",
    "|",
    "a",
    "d'",
    "'",
    "e",
    "@t1",
    "@w",
    "@",
    "0",
    "5",
    "1818",
    "0xC0000005",
    "RPC_S_CALL_CANCELLED",
    "exception",
    "done",
    "init",
    "bad-memory",
    "size-too-small",
    "cancel",
    "abort",
    "test-cancel",
    "invalid",
    "deliver",
    "reply",
    "lose",
    "link",
    "settle",
    "99999999999999999999",
    "0x",
    "\xC3\xA9",
};

static size_t insert(char text[MUTATED_TEXT_MAX], size_t length, size_t at, const char *bytes, size_t count)
{
    if (length + count > MUTATED_TEXT_MAX)
        return length;
    memmove(text + at + count, text + at, length - at);
    memcpy(text + at, bytes, count);
    return length + count;
}

static size_t mutate(struct random_source *source, char text[MUTATED_TEXT_MAX], size_t length)
{
    size_t at = random_below(source, (unsigned)length + 1);
    const char *fragment = fragments[random_below(source, sizeof fragments / sizeof fragments[0])];
    char byte = (char)random_number(source);
    switch (random_below(source, 5)) {
    case 0:
        return insert(text, length, at, &byte, 1);
    case 1:
        return insert(text, length, at, fragment, strlen(fragment));
    case 2:
        if (at < length)
            text[at] = (char)(text[at] ^ 1 << random_below(source, 8));
        return length;
    case 3:
        return at;
    default:
        if (at < length)
            memmove(text + at, text + at + 1, length - at - 1);
        return at < length ? length - 1 : length;
    }
}

static void assert_message_is_good(const char *text, size_t length, const struct rpcancel_sequence_error *error)
{
    unsigned lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    assert_in_range(error->line, 1, lines);
    assert_in_range(error->column, 1, RPCANCEL_LINE_MAX + 1);
    assert_int_equal(strncmp(error->expected, "expected ", 9), 0);
    assert_non_null(strstr(error->expected, ", found "));
    assert_true(strlen(error->expected) < RPCANCEL_ERROR_TEXT_MAX - 1);
    for (const char *at = error->expected; *at; at++)
        assert_in_range(*at, 0x20, 0x7E);
}

/* What was accepted looks like text, and is what is read back after writing. */
static void assert_accepted_rightly(const char *text, size_t length, const struct rpcancel_sequence *sequence)
{
    struct rpcancel_sequence again = {0};
    struct rpcancel_sequence_error error;
    size_t written_length;
    char *written = text_of(sequence, &written_length);
    assert_true(rpcancel_sequence_looks_like_text(text, length));
    assert_true(rpcancel_sequence_read_text(&again, written, written_length, &error));
    assert_same_sequence(sequence, &again);
    free(written);
    rpcancel_sequence_free(&again);
}

static bool read_mutated(struct random_source *source)
{
    struct rpcancel_sequence sequence = random_sequence(source, 8), read = {0};
    struct rpcancel_sequence_error error;
    size_t length;
    char *original = text_of(&sequence, &length);
    assert_true(length <= MUTATED_TEXT_MAX);
    char text[MUTATED_TEXT_MAX];
    memcpy(text, original, length);
    free(original);
    for (unsigned left = random_below(source, 4); left > 0; left--)
        length = mutate(source, text, length);
    char *exact = malloc(length + !length); /* so that a sanitizer sees reading past the end */
    assert_non_null(exact);
    memcpy(exact, text, length);
    bool accepted = rpcancel_sequence_read_text(&read, exact, length, &error);
    if (accepted)
        assert_accepted_rightly(exact, length, &read);
    else
        assert_message_is_good(exact, length, &error);
    free(exact);
    rpcancel_sequence_free(&read);
    rpcancel_sequence_free(&sequence);
    return accepted;
}

static void mutated_texts_are_read_or_refused(void **state)
{
    (void)state;
    struct random_source source = {.state = 6};
    unsigned accepted = 0;
    for (unsigned i = 0; i < MUTATED_TEXTS; i++)
        accepted += read_mutated(&source);
    assert_in_range(accepted, MUTATED_TEXTS / 10, MUTATED_TEXTS * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_has_its_message),
        cmocka_unit_test(nul_bytes_are_refused),
        cmocka_unit_test(over_long_lines_are_refused),
        cmocka_unit_test(items_before_the_mistake_are_kept),
        cmocka_unit_test(one_operation_is_read_without_anything_else),
        cmocka_unit_test(long_words_are_cut_in_messages),
        cmocka_unit_test(mutated_texts_are_read_or_refused),
    };
    return cmocka_run_group_tests_name("sequence_errors", tests, NULL, NULL);
}
