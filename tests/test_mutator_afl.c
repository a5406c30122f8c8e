// SPDX-License-Identifier: Apache-2.0
/* The hooks that afl-fuzz calls, called as it calls them: buffers, determinism, names, and the trim protocol. */
#define _POSIX_C_SOURCE 200809L
#include "mutator_afl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mutator.h"
#include "random_sequence.h"
#include "reference.h"
#include "sequence/sequence.h"

enum { RECORD = RPCANCEL_BINARY_RECORD, LARGEST = 512, NO_LIMIT = 1 << 20 };

/* A copy of |bytes| of exactly |size|, so that AddressSanitizer sees who reads or writes beyond; the caller frees it.
 */
static uint8_t *exactly(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    return copy;
}

static void assert_canonical(const uint8_t *bytes, size_t size)
{
    const uint8_t *cursor = bytes;
    struct rpcancel_operation operation;
    size_t records = 0;
    while (rpcancel_binary_next(&cursor, bytes + size, &operation)) {
        uint8_t record[RECORD];
        rpcancel_binary_put(operation, record);
        assert_memory_equal(record, bytes + RECORD * records++, RECORD);
    }
    assert_int_equal(size, records * RECORD);
    assert_true(records > 0);
}

/* Fills |bytes| with a sequence in which most operations happen; returns its size. */
static size_t some_sequence(uint8_t *bytes, size_t max_size, uint64_t seed)
{
    size_t size = 0;
    for (unsigned i = 0; i < 20; i++)
        size = rpcancel_mutate(bytes, size, max_size, seed * 100 + i);
    return size;
}

/* ---- mutation ---- */

static void inputs_stay_and_outputs_fit(void **state)
{
    (void)state;
    struct random_source source = {1};
    void *mutator = afl_custom_init(NULL, 1);
    for (unsigned round = 0; round < 5000; round++) {
        uint8_t bytes[LARGEST], others[LARGEST], *out = NULL;
        for (size_t i = 0; i < LARGEST; i++) {
            bytes[i] = (uint8_t)random_number(&source);
            others[i] = (uint8_t)random_number(&source);
        }
        size_t size = random_below(&source, LARGEST), other_size = random_below(&source, LARGEST);
        size_t max_size = RECORD + random_below(&source, LARGEST);
        uint8_t *input = exactly(bytes, size);
        uint8_t *other = round % 3 ? exactly(others, other_size) : NULL;
        size_t got = afl_custom_fuzz(mutator, input, size, &out, other, other ? other_size : 0, max_size);
        assert_in_range(got, RECORD, max_size);
        assert_memory_equal(input, bytes, size);
        if (other)
            assert_memory_equal(other, others, other_size);
        free(input);
        free(other);
        assert_canonical(out, got); /* it is the mutator's own memory */
    }
    afl_custom_deinit(mutator);
}

static void without_room_there_is_a_buffer_and_nothing_in_it(void **state)
{
    (void)state;
    uint8_t input[] = {0x10, 0};
    void *mutator = afl_custom_init(NULL, 1);
    for (size_t max_size = 0; max_size < RECORD; max_size++) {
        uint8_t *out = NULL;
        assert_int_equal(afl_custom_fuzz(mutator, input, sizeof input, &out, input, sizeof input, max_size), 0);
        assert_non_null(out); /* afl-fuzz gives up without one */
    }
    afl_custom_deinit(mutator);
}

/* The size of the largest of many inputs, each made from the one before. */
static size_t largest(const char *limit)
{
    if (limit)
        setenv("AFL_INPUT_LEN_MAX", limit, 1);
    void *mutator = afl_custom_init(NULL, 7);
    unsetenv("AFL_INPUT_LEN_MAX");
    uint8_t input[8192] = {0x10, 0}, *out;
    size_t size = 2, largest_size = 0;
    for (unsigned i = 0; i < 20000; i++) {
        size = afl_custom_fuzz(mutator, input, size, &out, NULL, 0, NO_LIMIT);
        assert_in_range(size, RECORD, sizeof input);
        memcpy(input, out, size);
        largest_size = size > largest_size ? size : largest_size;
    }
    afl_custom_deinit(mutator);
    return largest_size;
}

static void the_environment_limits_the_size(void **state)
{
    (void)state;
    assert_int_equal(largest("64"), 64);
    assert_int_equal(largest("300"), 300);
    assert_int_equal(largest(NULL), 1024);
    assert_int_equal(largest("no number"), 1024);
}

static void the_seed_decides(void **state)
{
    (void)state;
    uint8_t input[LARGEST], other[LARGEST];
    size_t size = some_sequence(input, sizeof input, 1), other_size = some_sequence(other, sizeof other, 2);
    void *a = afl_custom_init(NULL, 5), *b = afl_custom_init(NULL, 5), *c = afl_custom_init(NULL, 6);
    unsigned different = 0;
    for (unsigned i = 0; i < 200; i++) {
        uint8_t *out_a, *out_b, *out_c;
        size_t size_a = afl_custom_fuzz(a, input, size, &out_a, other, other_size, NO_LIMIT);
        size_t size_b = afl_custom_fuzz(b, input, size, &out_b, other, other_size, NO_LIMIT);
        size_t size_c = afl_custom_fuzz(c, input, size, &out_c, other, other_size, NO_LIMIT);
        assert_int_equal(size_a, size_b);
        assert_memory_equal(out_a, out_b, size_a);
        different += size_a != size_c || memcmp(out_a, out_c, size_a) != 0;
    }
    assert_true(different > 190);
    afl_custom_deinit(a);
    afl_custom_deinit(b);
    afl_custom_deinit(c);
}

static void a_description_tells_inputs_apart_and_has_room(void **state)
{
    (void)state;
    uint8_t input[LARGEST], other[LARGEST];
    size_t size = some_sequence(input, sizeof input, 3), other_size = some_sequence(other, sizeof other, 4);
    void *mutator = afl_custom_init(NULL, 9);
    unsigned crossed = 0, mutated = 0;
    char last[100] = "";
    for (unsigned i = 0; i < 200; i++) {
        uint8_t *out;
        afl_custom_fuzz(mutator, input, size, &out, other, other_size, NO_LIMIT);
        const char *description = afl_custom_describe(mutator, sizeof last - 1);
        unsigned long long seed;
        mutated += sscanf(description, "op:mutate,seed:%llx", &seed) == 1;
        crossed += sscanf(description, "op:cross,seed:%llx", &seed) == 1;
        assert_string_not_equal(description, last);
        strcpy(last, description);
        for (size_t room = 0; room < 40; room++) {
            description = afl_custom_describe(mutator, room);
            assert_int_equal(strlen(description), strlen(last) < room ? strlen(last) : room);
        }
        afl_custom_fuzz(mutator, input, size, &out, NULL, 0, NO_LIMIT);
        assert_memory_equal(afl_custom_describe(mutator, 9), "op:mutate", 9); /* there is nothing to cross with */
    }
    assert_int_equal(mutated + crossed, 200);
    assert_true(crossed > 20 && mutated > 100);
    afl_custom_deinit(mutator);
}

/* Running an input costs afl-fuzz more than making it, so much is changed at a time; but not everything. */
static void many_changes_at_a_time_but_a_few_as_well(void **state)
{
    (void)state;
    uint8_t input[LARGEST];
    size_t size = some_sequence(input, sizeof input, 5);
    void *mutator = afl_custom_init(NULL, 3);
    unsigned beginnings = 0;
    assert_in_range(afl_custom_fuzz_count(mutator, input, size), 1, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        uint8_t *out;
        size_t got = afl_custom_fuzz(mutator, input, size, &out, NULL, 0, NO_LIMIT);
        beginnings += got > size / 2 && memcmp(out, input, size / 2) == 0;
    }
    assert_in_range(beginnings, 30, 300);
    afl_custom_deinit(mutator);
}

/* ---- trimming, as afl-fuzz does it ---- */

/* Whether a trimmed input is as good as the untrimmed one. */
typedef bool property(const uint8_t *bytes, size_t size, const void *context);

/* Trims the |*size| bytes at |bytes| in place; returns how often a proposal was asked for. */
static unsigned trim(void *mutator, uint8_t *bytes, size_t *size, property *is_good, const void *context)
{
    uint8_t *input = exactly(bytes, *size);
    int step = 0, steps = afl_custom_init_trim(mutator, input, *size);
    unsigned proposals = 0;
    free(input); /* afl-fuzz promises no more */
    assert_true(steps >= 0);
    while (step < steps) {
        uint8_t *out = NULL;
        size_t got = afl_custom_trim(mutator, &out);
        assert_non_null(out);
        assert_in_range(got, RECORD, *size);
        assert_canonical(out, got);
        bool good = is_good(out, got, context);
        if (good) {
            memcpy(bytes, out, got);
            *size = got;
        }
        int next = afl_custom_post_trim(mutator, good);
        assert_true(next > step);
        step = next;
        proposals++;
    }
    assert_true(step == steps);
    return proposals;
}

/* The kinds of operations that happen, as a set: a rough picture of what coverage sees. */
static uint64_t kinds_that_happen(const uint8_t *bytes, size_t size)
{
    const uint8_t *cursor = bytes;
    struct rpcancel_operation operation;
    struct rpcancel_world world;
    uint64_t kinds = 0;
    rpcancel_world_reset(&world);
    while (rpcancel_binary_next(&cursor, bytes + size, &operation)) {
        if (rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &world, operation)))
            kinds |= UINT64_C(1) << operation.kind;
    }
    return kinds;
}

static bool has_kinds(const uint8_t *bytes, size_t size, const void *context)
{
    return kinds_that_happen(bytes, size) == *(const uint64_t *)context;
}

static void trimming_keeps_what_counts_and_only_shortens(void **state)
{
    (void)state;
    void *mutator = afl_custom_init(NULL, 1);
    size_t before = 0, after = 0;
    for (unsigned round = 1; round <= 300; round++) {
        uint8_t bytes[LARGEST], again[LARGEST];
        size_t size = some_sequence(bytes, sizeof bytes, round), size_again = size;
        memcpy(again, bytes, size);
        uint64_t kinds = kinds_that_happen(bytes, size);
        before += size;
        trim(mutator, bytes, &size, has_kinds, &kinds);
        assert_true(kinds_that_happen(bytes, size) == kinds);
        after += size;
        trim(mutator, again, &size_again, has_kinds, &kinds);
        assert_int_equal(size, size_again);
        assert_memory_equal(bytes, again, size);
    }
    assert_true(after * 8 < before * 7);
    afl_custom_deinit(mutator);
}

static bool always(const uint8_t *bytes, size_t size, const void *context)
{
    (void)bytes;
    (void)size;
    (void)context;
    return true;
}

static bool never(const uint8_t *bytes, size_t size, const void *context)
{
    return !always(bytes, size, context);
}

/* Good are proposals in which the operation at |context| still is. */
static bool has_operation(const uint8_t *bytes, size_t size, const void *context)
{
    for (size_t i = 0; i < size; i += RECORD) {
        if (memcmp(bytes + i, context, RECORD) == 0)
            return true;
    }
    return false;
}

static void trimming_comes_to_its_end(void **state)
{
    (void)state;
    static const uint8_t needle[RECORD] = {0x17, 0};
    void *mutator = afl_custom_init(NULL, 1);
    for (size_t count = 0; count <= 130; count++) {
        uint8_t bytes[RECORD * 130], kept[sizeof bytes];
        for (size_t i = 0; i < count; i++)
            memcpy(bytes + RECORD * i, (const uint8_t[]){0x15, 0}, RECORD);
        size_t size = RECORD * count;
        memcpy(kept, bytes, size);
        unsigned proposals = trim(mutator, bytes, &size, never, NULL);
        assert_int_equal(size, RECORD * count);
        assert_memory_equal(bytes, kept, size);
        assert_true(proposals <= 2 * count + 8);
        trim(mutator, bytes, &size, always, NULL);
        assert_int_equal(size, count ? RECORD : 0);
        for (size_t at = 0; at < count; at++) { /* exactly one operation matters */
            memcpy(bytes, kept, sizeof bytes);
            memcpy(bytes + RECORD * at, needle, RECORD);
            size = RECORD * count;
            trim(mutator, bytes, &size, has_operation, needle);
            assert_int_equal(size, RECORD);
            assert_memory_equal(bytes, needle, RECORD);
        }
    }
    afl_custom_deinit(mutator);
}

/* What means nothing goes, even when no operation can. */
static void trimming_leaves_the_canonical_form(void **state)
{
    (void)state;
    uint8_t bytes[] = {0xFF, 1, 0x14, 0xE0, 0xE0, 0, 0x99, 0x99, 7};
    size_t size = sizeof bytes;
    void *mutator = afl_custom_init(NULL, 1);
    trim(mutator, bytes, &size, always, NULL);
    assert_int_equal(size, RECORD);
    assert_memory_equal(bytes, ((const uint8_t[]){0x14, 0}), RECORD);
    uint8_t nothing[] = {0xFF, 0xFF, 0xFF};
    assert_int_equal(afl_custom_init_trim(mutator, nothing, sizeof nothing), 0);
    assert_int_equal(afl_custom_init_trim(mutator, nothing, 0), 0);
    afl_custom_deinit(mutator);
}

/* An input longer than the mutator has room for is left alone. */
static void trimming_does_without_giants(void **state)
{
    (void)state;
    size_t size = RECORD * 5000;
    uint8_t *giant = malloc(size);
    assert_non_null(giant);
    for (size_t i = 0; i < size; i += RECORD)
        memcpy(giant + i, (const uint8_t[]){0x15, 0}, RECORD);
    void *mutator = afl_custom_init(NULL, 1);
    assert_int_equal(afl_custom_init_trim(mutator, giant, size), 0);
    uint8_t *out;
    assert_in_range(afl_custom_fuzz(mutator, giant, size, &out, NULL, 0, NO_LIMIT), RECORD, 1024);
    afl_custom_deinit(mutator);
    free(giant);
}

int main(void)
{
    const struct CMUnitTest mutator_afl[] = {
        cmocka_unit_test(inputs_stay_and_outputs_fit),
        cmocka_unit_test(without_room_there_is_a_buffer_and_nothing_in_it),
        cmocka_unit_test(the_environment_limits_the_size),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(a_description_tells_inputs_apart_and_has_room),
        cmocka_unit_test(many_changes_at_a_time_but_a_few_as_well),
        cmocka_unit_test(trimming_keeps_what_counts_and_only_shortens),
        cmocka_unit_test(trimming_comes_to_its_end),
        cmocka_unit_test(trimming_leaves_the_canonical_form),
        cmocka_unit_test(trimming_does_without_giants),
    };
    return cmocka_run_group_tests(mutator_afl, NULL, NULL);
}
