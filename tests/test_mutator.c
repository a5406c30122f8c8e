// SPDX-License-Identifier: Apache-2.0
/* The mutator of the fuzz targets: what it yields is canonical, in bounds, the same every time, and worth running. */
#include "mutator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "choose.h"
#include "random_sequence.h"
#include "reference.h"
#include "sequence/sequence.h"

enum { RECORD = RPCANCEL_BINARY_RECORD, SIZE_MAX_TRIED = 512, ROUNDS = 20000, GUARD = 16, GUARD_BYTE = 0xA5 };

static void fill(struct random_source *source, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)random_number(source);
}

static void assert_canonical(const uint8_t *bytes, size_t size)
{
    const uint8_t *cursor = bytes;
    struct rpcancel_operation operation;
    size_t records = 0;
    assert_int_equal(size % RECORD, 0);
    while (rpcancel_binary_next(&cursor, bytes + size, &operation)) {
        uint8_t record[RECORD];
        rpcancel_binary_put(operation, record);
        assert_memory_equal(record, bytes + RECORD * records++, RECORD);
    }
    assert_int_equal(records, size / RECORD);
}

static void assert_guarded(const uint8_t *guard)
{
    for (size_t i = 0; i < GUARD; i++)
        assert_int_equal(guard[i], GUARD_BYTE);
}

static void mutations_of_any_bytes_are_canonical_and_in_bounds(void **state)
{
    (void)state;
    struct random_source source = {1};
    uint8_t buffer[SIZE_MAX_TRIED + GUARD];
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t max_size = 2 + random_below(&source, SIZE_MAX_TRIED - 1);
        size_t size = random_below(&source, (unsigned)max_size + 1);
        fill(&source, buffer, size);
        memset(buffer + max_size, GUARD_BYTE, GUARD);
        size_t got = rpcancel_mutate(buffer, size, max_size, random_number(&source));
        assert_in_range(got, RECORD, max_size);
        assert_canonical(buffer, got);
        assert_guarded(buffer + max_size);
    }
}

static void crossings_of_any_bytes_are_canonical_and_in_bounds(void **state)
{
    (void)state;
    struct random_source source = {2};
    uint8_t first[SIZE_MAX_TRIED], second[SIZE_MAX_TRIED], out[SIZE_MAX_TRIED + GUARD];
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t first_size = random_below(&source, SIZE_MAX_TRIED + 1);
        size_t second_size = random_below(&source, SIZE_MAX_TRIED + 1);
        size_t max_size = 2 + random_below(&source, SIZE_MAX_TRIED - 1);
        fill(&source, first, first_size);
        fill(&source, second, second_size);
        memset(out + max_size, GUARD_BYTE, GUARD);
        size_t got = rpcancel_cross(first, first_size, second, second_size, out, max_size, random_number(&source));
        assert_in_range(got, RECORD, max_size);
        assert_canonical(out, got);
        assert_guarded(out + max_size);
    }
}

static void without_room_nothing_is_written(void **state)
{
    (void)state;
    uint8_t bytes[4] = {GUARD_BYTE, GUARD_BYTE, GUARD_BYTE, GUARD_BYTE};
    for (size_t max_size = 0; max_size < RECORD; max_size++) {
        assert_int_equal(rpcancel_mutate(bytes, max_size, max_size, 1), 0);
        assert_int_equal(rpcancel_cross(bytes, 2, bytes, 2, bytes + 2, max_size, 1), 0);
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], GUARD_BYTE);
}

/* Mutates an empty sequence |count| times in a row. */
static size_t grow(uint8_t *bytes, size_t max_size, uint64_t seed, unsigned count)
{
    struct random_source source = {seed};
    size_t size = 0;
    for (unsigned i = 0; i < count; i++)
        size = rpcancel_mutate(bytes, size, max_size, random_number(&source));
    return size;
}

static void the_seed_decides(void **state)
{
    (void)state;
    uint8_t a[64], b[64], crossed_a[64], crossed_b[64];
    unsigned different = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        size_t size_a = grow(a, sizeof a, seed, 10), size_b = grow(b, sizeof b, seed, 10);
        assert_int_equal(size_a, size_b);
        assert_memory_equal(a, b, size_a);
        size_b = grow(b, sizeof b, seed + 1, 10);
        different += size_a != size_b || memcmp(a, b, size_a) != 0;
        size_t crossed = rpcancel_cross(a, size_a, b, size_b, crossed_a, sizeof crossed_a, seed);
        assert_int_equal(rpcancel_cross(a, size_a, b, size_b, crossed_b, sizeof crossed_b, seed), crossed);
        assert_memory_equal(crossed_a, crossed_b, crossed);
    }
    assert_true(different > 190);
}

/* What was seen of the operations that happened on the reference. */
struct seen {
    unsigned operations; /* all of them */
    unsigned happened;
    uint64_t kinds;     /* bit n: kind n happened */
    uint64_t earlier;   /* bit n: kind n happened to an earlier call */
    unsigned handles;   /* bit n: something happened to handle n */
    unsigned threads;   /* bit n: something happened on thread n */
    unsigned arguments; /* bit n: argument n */
};

static void look(struct seen *seen, const uint8_t *bytes, size_t size)
{
    const uint8_t *cursor = bytes;
    struct rpcancel_operation operation;
    struct rpcancel_world world;
    rpcancel_world_reset(&world);
    while (rpcancel_binary_next(&cursor, bytes + size, &operation)) {
        seen->operations++;
        if (!rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &world, operation)))
            continue;
        seen->happened++;
        seen->kinds |= UINT64_C(1) << operation.kind;
        seen->earlier |= operation.earlier ? UINT64_C(1) << operation.kind : 0;
        seen->handles |= 1u << operation.handle;
        seen->threads |= 1u << operation.thread;
        seen->arguments |= 1u << operation.argument;
    }
}

static void everything_is_reached_from_nothing(void **state)
{
    (void)state;
    struct seen seen = {0};
    uint8_t bytes[128];
    for (uint64_t seed = 0; seed < 10000; seed++)
        look(&seen, bytes, grow(bytes, sizeof bytes, seed, 16));
    assert_true(seen.kinds == (UINT64_C(1) << RPCANCEL_OPERATION_KINDS) - 1);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if ((rpcancel_operation_describe(kind)->uses & RPCANCEL_USES_EARLIER) && !(seen.earlier >> kind & 1))
            fail_msg("%s never happened to an earlier call", rpcancel_operation_describe(kind)->enumerator);
    }
    assert_int_equal(seen.handles, (1u << RPCANCEL_HANDLES_MAX) - 1);
    assert_int_equal(seen.threads, (1u << RPCANCEL_THREADS) - 1);
    assert_int_equal(seen.arguments, (1u << RPCANCEL_OPERANDS_MAX) - 1);
}

/* Fuzzing is as fast as many of its operations happen; but those that cannot are tried too. */
static void most_operations_happen_but_not_all(void **state)
{
    (void)state;
    struct seen seen = {0};
    uint8_t bytes[1024];
    for (uint64_t seed = 0; seed < 500; seed++)
        look(&seen, bytes, grow(bytes, sizeof bytes, seed, 10));
    assert_true(seen.happened * 10 > seen.operations * 8);
    assert_true(seen.happened < seen.operations);
}

static void a_crossing_has_something_of_both(void **state)
{
    (void)state;
    uint8_t first[8], second[8], out[16];
    unsigned mixed = 0;
    /* queries, which can happen anywhere */
    for (unsigned i = 0; i < 4; i++) {
        rpcancel_binary_put((struct rpcancel_operation){.kind = RPCANCEL_OP_STATUS}, first + RECORD * i);
        rpcancel_binary_put((struct rpcancel_operation){.kind = RPCANCEL_OP_AWAIT}, second + RECORD * i);
    }
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct seen seen = {0};
        look(&seen, out, rpcancel_cross(first, sizeof first, second, sizeof second, out, sizeof out, seed));
        mixed += seen.kinds == (UINT64_C(1) << RPCANCEL_OP_STATUS | UINT64_C(1) << RPCANCEL_OP_AWAIT);
    }
    assert_true(mixed > 30);
}

static void chosen_operations_happen(void **state)
{
    (void)state;
    struct rpcancel_random random = {3};
    struct rpcancel_world world;
    for (unsigned round = 0; round < 1000; round++) {
        rpcancel_world_reset(&world);
        for (unsigned i = 0; i < 50; i++) {
            struct rpcancel_world before = world;
            struct rpcancel_operation operation = rpcancel_choose_enabled(&random, &world);
            assert_true(rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &before, operation)));
            assert_memory_equal(&before, &world, sizeof world);
        }
    }
}

/* Whether a call ended at the server, by what happened; a synchronous manager routine answers by its return. */
static bool has_ended(uint64_t kinds)
{
    const uint64_t ends = UINT64_C(1) << RPCANCEL_OP_SERVER_COMPLETE | UINT64_C(1) << RPCANCEL_OP_SERVER_ABORT |
                          UINT64_C(1) << RPCANCEL_OP_RAISE;
    const uint64_t answered = UINT64_C(1) << RPCANCEL_OP_DISPATCH_SYNCHRONOUS | UINT64_C(1) << RPCANCEL_OP_RETURN;
    return (kinds & ends) != 0 || (kinds & answered) == answered;
}

/* A life is a template: some of its stages are impossible when others were left out, but most calls come to their end
 * at the server, some as earlier calls. */
static void lives_lead_somewhere(void **state)
{
    (void)state;
    struct rpcancel_random random = {4};
    struct rpcancel_operation life[RPCANCEL_LIFE_MAX];
    unsigned ended = 0, ended_earlier = 0;
    for (unsigned round = 0; round < 1000; round++) {
        struct seen seen = {0};
        uint8_t bytes[RECORD * RPCANCEL_LIFE_MAX];
        unsigned count = rpcancel_choose_life(&random, life);
        assert_in_range(count, 1, RPCANCEL_LIFE_MAX);
        for (unsigned i = 0; i < count; i++)
            rpcancel_binary_put(life[i], bytes + RECORD * i);
        look(&seen, bytes, RECORD * count);
        ended += has_ended(seen.kinds);
        ended_earlier += has_ended(seen.earlier);
    }
    assert_true(ended > 350);
    assert_true(ended_earlier > 50);
}

int main(void)
{
    const struct CMUnitTest mutator[] = {
        cmocka_unit_test(mutations_of_any_bytes_are_canonical_and_in_bounds),
        cmocka_unit_test(crossings_of_any_bytes_are_canonical_and_in_bounds),
        cmocka_unit_test(without_room_nothing_is_written),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(everything_is_reached_from_nothing),
        cmocka_unit_test(most_operations_happen_but_not_all),
        cmocka_unit_test(a_crossing_has_something_of_both),
        cmocka_unit_test(chosen_operations_happen),
        cmocka_unit_test(lives_lead_somewhere),
    };
    return cmocka_run_group_tests(mutator, NULL, NULL);
}
