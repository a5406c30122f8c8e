// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "random_sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "status.h"

/* SplitMix64. */
uint64_t random_number(struct random_source *source)
{
    uint64_t z = source->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

unsigned random_below(struct random_source *source, unsigned limit)
{
    return (unsigned)(random_number(source) % limit);
}

/* One number is drawn a statement: the order in which the parts of an expression draw theirs is the compiler's. */
struct rpcancel_operation random_operation(struct random_source *source)
{
    struct rpcancel_operation operation = {.kind = (uint8_t)random_below(source, RPCANCEL_OPERATION_KINDS)};
    operation.handle = random_number(source) & 3u;
    operation.earlier = random_number(source) & 1u;
    operation.thread = random_number(source) & 3u;
    operation.argument = random_number(source) & 7u;
    return rpcancel_operation_canonical(operation);
}

rpcancel_expectation random_expectation(struct random_source *source)
{
    rpcancel_expectation expected = 0;
    bool some = random_below(source, 2);
    for (unsigned left = some ? 1 + random_below(source, 5) : 0; left > 0; left--) {
        unsigned position = random_below(source, rpcancel_status_count() + 6);
        bool code = position < rpcancel_status_count();
        unsigned bit = code ? position : RPCANCEL_EXPECT_EXCEPTION + position - rpcancel_status_count();
        expected |= UINT64_C(1) << bit;
    }
    return expected;
}

struct rpcancel_sequence random_sequence(struct random_source *source, unsigned limit)
{
    struct rpcancel_sequence sequence = {0};
    for (unsigned left = random_below(source, limit + 1); left > 0; left--) {
        struct rpcancel_operation operation = random_operation(source);
        assert_true(rpcancel_sequence_append(&sequence, operation, random_expectation(source), 0));
    }
    return sequence;
}

char *text_of(const struct rpcancel_sequence *sequence, size_t *length)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, length);
    assert_non_null(stream);
    assert_true(rpcancel_sequence_write_text(sequence, stream));
    assert_int_equal(fclose(stream), 0);
    return text;
}

uint8_t *binary_of(const struct rpcancel_sequence *sequence, size_t *length)
{
    *length = rpcancel_sequence_write_binary(sequence, NULL, 0);
    uint8_t *bytes = malloc(*length + 1);
    assert_non_null(bytes);
    assert_int_equal(rpcancel_sequence_write_binary(sequence, bytes, *length), *length);
    return bytes;
}

void assert_same_sequence(const struct rpcancel_sequence *a, const struct rpcancel_sequence *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        uint8_t record_a[RPCANCEL_BINARY_RECORD], record_b[RPCANCEL_BINARY_RECORD];
        rpcancel_binary_put(a->items[i].operation, record_a);
        rpcancel_binary_put(b->items[i].operation, record_b);
        assert_memory_equal(record_a, record_b, RPCANCEL_BINARY_RECORD);
        assert_true(a->items[i].expected == b->items[i].expected);
    }
}
