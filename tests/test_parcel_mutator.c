// SPDX-License-Identifier: Apache-2.0
/* The mutator of parcels: it keeps to its buffer, repeats itself, and harms no parcel but those it changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mutator.h"
#include "random.h"
#include "streams/parcel.h"
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
        uint8_t *bytes = room_for(max_size), *again = room_for(max_size), *crossed = room_for(max_size);
        for (size_t i = 0; i < size; i++)
            bytes[i] = rpcancel_random_chance(&random, 4) ? 0 : (uint8_t)rpcancel_random_bits(&random);
        memcpy(again, bytes, size);
        size_t got = rpcancel_mutate(bytes, size, max_size, round);
        assert_in_range(got, 3, max_size);
        assert_int_equal(rpcancel_mutate(again, size, max_size, round), got);
        assert_memory_equal(bytes, again, got);
        assert_in_range(rpcancel_cross(bytes, got, again, got, crossed, max_size, round), 3, max_size);
        free(bytes);
        free(again);
        free(crossed);
    }
    uint8_t little[2] = {0};
    assert_int_equal(rpcancel_mutate(little, 0, 2, 1), 0);
}

/* A parcel whose octets no mutation made is there as it was, in most of what comes of it. */
static void parcels_that_are_not_changed_stay(void **state)
{
    (void)state;
    unsigned whole = 0, tags[RPCANCEL_PARCEL_TAGS] = {0};
    uint8_t marked[100];
    memset(marked, 0xC7, sizeof marked);
    for (uint64_t seed = 0; seed < 1000; seed++) {
        uint8_t bytes[LARGEST] = {0};
        struct rpcancel_span rest;
        struct rpcancel_parcel parcel;
        rpcancel_parcel_write_head(bytes + 1, 3, 5);
        rpcancel_parcel_write_head(bytes + 8, 4, sizeof marked);
        memcpy(bytes + 10, marked, sizeof marked);
        size_t size = rpcancel_mutate(bytes, 10 + sizeof marked, sizeof bytes, seed);
        bool is_there = false;
        for (rpcancel_parcels_begin(bytes, size, &rest); rpcancel_parcel_next(&rest, &parcel);) {
            tags[parcel.tag]++;
            is_there |= parcel.bytes.size == sizeof marked && memcmp(parcel.bytes.bytes, marked, sizeof marked) == 0;
        }
        whole += is_there;
    }
    assert_in_range(whole, 500, 950);
    for (unsigned tag = 0; tag < RPCANCEL_PARCEL_TAGS; tag++)
        assert_true(tags[tag] > 3);
}

static void the_end_cuts_the_last_parcel_off(void **state)
{
    (void)state;
    uint8_t bytes[] = {9, 2, 8, 1, 2, 5, 0, 7}; /* tag 1 of two octets; tag 0 of five, of which one is there */
    struct rpcancel_span rest;
    struct rpcancel_parcel parcel;
    assert_int_equal(rpcancel_parcels_begin(bytes, sizeof bytes, &rest), 9);
    assert_true(rpcancel_parcel_next(&rest, &parcel));
    assert_int_equal(parcel.tag, 1);
    assert_int_equal(parcel.bytes.size, 2);
    assert_true(rpcancel_parcel_next(&rest, &parcel));
    assert_int_equal(parcel.bytes.size, 1);
    assert_false(rpcancel_parcel_next(&rest, &parcel));
    assert_int_equal(rpcancel_parcels_begin(bytes, 0, &rest), 0);
    assert_false(rpcancel_parcel_next(&rest, &parcel));
}

static void trimming_leaves_out_whole_parcels(void **state)
{
    (void)state;
    static struct rpcancel_trim trim;
    uint8_t bytes[] = {0, 1, 0, 0xAA, 2, 0, 0xBB, 0xBB, 1, 0, 0xCC}, out[sizeof bytes];
    unsigned steps = rpcancel_trim_begin(&trim, bytes, sizeof bytes);
    size_t size = sizeof bytes;
    assert_true(steps > 0);
    while (!trim.done) { /* what has 0xBB is good */
        size_t proposed = rpcancel_trim_propose(&trim, out);
        bool good = memchr(out, 0xBB, proposed) != NULL;
        size = good ? proposed : size;
        rpcancel_trim_judge(&trim, good);
    }
    assert_int_equal(size, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_fit_whatever_comes_in),
        cmocka_unit_test(parcels_that_are_not_changed_stay),
        cmocka_unit_test(the_end_cuts_the_last_parcel_off),
        cmocka_unit_test(trimming_leaves_out_whole_parcels),
    };
    return cmocka_run_group_tests_name("parcel_mutator", tests, NULL, NULL);
}
