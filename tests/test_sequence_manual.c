// SPDX-License-Identifier: Apache-2.0
/* docs/sequences.md says what is so: its example runs as expected, and its tables are complete. */
#include "sequence/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_sequence.h"
#include "reference.h"
#include "status.h"

enum { MANUAL_MAX = 65536, ROW_MAX = 128 };

static char manual[MANUAL_MAX];

static int read_manual(void **state)
{
    (void)state;
    FILE *file = fopen(TEST_SOURCE_DIRECTORY "/docs/sequences.md", "rb");
    if (!file)
        return -1;
    size_t length = fread(manual, 1, sizeof manual - 1, file);
    manual[length] = '\0';
    fclose(file);
    return length > 0 && length < sizeof manual - 1 ? 0 : -1;
}

/* Reads the example, the block between ```sequence and ```. */
static struct rpcancel_sequence example(void)
{
    static const char opening[] = "\n```sequence\n";
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    const char *start = strstr(manual, opening);
    assert_non_null(start);
    start += sizeof opening - 1;
    const char *end = strstr(start, "\n```\n");
    assert_non_null(end);
    if (!rpcancel_sequence_read_text(&sequence, start, (size_t)(end - start), &error))
        fail_msg("%u:%u: %s", error.line, error.column, error.expected);
    assert_true(sequence.count > 0);
    return sequence;
}

static void example_runs_as_expected(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = example();
    struct rpcancel_world world;
    rpcancel_world_reset(&world);
    for (size_t i = 0; i < sequence.count; i++) {
        struct rpcancel_answer answer =
            rpcancel_step(&rpcancel_choices_documented, &world, sequence.items[i].operation);
        assert_true(rpcancel_answer_happened(answer));
        rpcancel_expectation expected = sequence.items[i].expected;
        assert_true(expected == 0 || expected == rpcancel_expectation_of(answer));
    }
    rpcancel_sequence_free(&sequence);
}

static void example_has_the_bytes_shown(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = example();
    size_t length;
    uint8_t *bytes = binary_of(&sequence, &length);
    const char *shown = strstr(manual, "The example above begins `");
    assert_non_null(shown);
    shown = strchr(shown, '`') + 1;
    size_t count = 0;
    for (char *end; *shown != '`'; shown = end + (*end == ' ')) {
        unsigned long byte = strtoul(shown, &end, 16);
        assert_true(end == shown + 2 && count < length);
        assert_int_equal(byte, bytes[count++]);
    }
    assert_in_range(count, 16, length);
    free(bytes);
    rpcancel_sequence_free(&sequence);
}

static void assert_has_row(const char *row)
{
    if (!strstr(manual, row))
        fail_msg("missing: %s", row);
}

/* The first cell of a row is the text of an operation of its kind; the second its byte; the third what it calls. */
static void every_operation_has_its_row(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        const struct rpcancel_operation_description *d = rpcancel_operation_describe(kind);
        char row[ROW_MAX];
        snprintf(row, sizeof row, "` | 0x%02X | %s | ", d->byte, d->function);
        assert_has_row(row);
        const char *text_end = strstr(manual, row), *text = text_end;
        while (text[-1] != '`')
            text--;
        struct rpcancel_operation operation;
        struct rpcancel_sequence_error error;
        assert_true(rpcancel_operation_parse(&operation, text, (size_t)(text_end - text), &error));
        assert_int_equal(operation.kind, kind);
    }
}

static void every_code_has_its_row(void **state)
{
    (void)state;
    for (unsigned position = 0; position < rpcancel_status_count(); position++) {
        uint32_t code = rpcancel_status_at(position);
        char row[ROW_MAX], number[RPCANCEL_EXPECTATION_TEXT_MAX];
        rpcancel_expectation_print(rpcancel_expectation_of(rpcancel_answer_code(code)), number, sizeof number);
        snprintf(row, sizeof row, "\n| 0x%02X | %.16s | `%s` |\n", position, number, rpcancel_status_name(code));
        assert_has_row(row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_runs_as_expected),
        cmocka_unit_test(example_has_the_bytes_shown),
        cmocka_unit_test(every_operation_has_its_row),
        cmocka_unit_test(every_code_has_its_row),
    };
    return cmocka_run_group_tests_name("sequence_manual", tests, read_manual, NULL);
}
