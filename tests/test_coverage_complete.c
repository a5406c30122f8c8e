// SPDX-License-Identifier: Apache-2.0
/* Filling gaps of coverage with new sequences, and choosing few of many sequences that cover the same. */
#include "coverage/complete.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/route.h"
#include "coverage/set_cover.h"

static struct rpcancel_coverage_map *map;

static int open_map(void **state)
{
    (void)state;
    map = rpcancel_coverage_map_open(NULL);
    return map ? 0 : -1;
}

static int close_map(void **state)
{
    (void)state;
    rpcancel_coverage_map_close(map);
    return 0;
}

/* ---- completing ---- */

/* Everything is covered, but for every |every|-th item of each part. */
static void cover_most(struct rpcancel_covered *covered, uint32_t every)
{
    uint32_t n = 0;
    assert_true(rpcancel_covered_open(covered, map));
    for (uint32_t item = 0; item < rpcancel_coverage_items(map); item++) {
        if (rpcancel_coverage_can(map, item) && n++ % every != every / 2)
            rpcancel_covered_add(covered, &item, 1);
    }
}

static void assert_all_covered(const struct rpcancel_covered *covered)
{
    assert_int_equal(rpcancel_covered_next(covered, 0), rpcancel_coverage_items(map));
    assert_memory_equal(covered->count, map->total, sizeof map->total);
}

/* What became of completing. */
struct made {
    struct rpcancel_covered covered; /* by the sequences made, on top of what was covered before */
    struct rpcancel_trace trace;
    unsigned count;
    unsigned most; /* sequences wanted, 0 for any number */
    size_t longest;
    uint64_t fingerprint;
};

static bool take(void *context, const struct rpcancel_sequence *sequence)
{
    struct made *made = context;
    uint8_t bytes[RPCANCEL_ROUTE_MAX * RPCANCEL_BINARY_RECORD];
    size_t length = rpcancel_sequence_write_binary(sequence, bytes, sizeof bytes);
    assert_true(length <= sizeof bytes);
    rpcancel_trace_sequence(&made->trace, map, sequence);
    assert_int_equal(made->trace.operations, sequence->count); /* all of it happens */
    assert_true(rpcancel_covered_add(&made->covered, made->trace.items, made->trace.count) > 0);
    made->longest = sequence->count > made->longest ? sequence->count : made->longest;
    for (size_t i = 0; i < length; i++)
        made->fingerprint = (made->fingerprint ^ bytes[i]) * 1099511628211u;
    return ++made->count != made->most;
}

static bool complete(struct made *made, uint32_t every, const volatile sig_atomic_t *stop)
{
    const struct rpcancel_complete_options options = {.stop = stop, .take = take, .context = made};
    struct rpcancel_covered covered;
    cover_most(&covered, every);
    cover_most(&made->covered, every);
    assert_true(rpcancel_trace_open(&made->trace, map));
    bool completed = rpcancel_coverage_complete(&covered, &options);
    if (completed)
        assert_all_covered(&covered);
    rpcancel_covered_close(&covered);
    rpcancel_trace_close(&made->trace);
    return completed;
}

static void gaps_are_filled_and_always_alike(void **state)
{
    (void)state;
    struct made first = {.most = 0}, second = {.most = 0};
    assert_true(complete(&first, 1000, NULL));
    assert_all_covered(&first.covered);
    assert_true(first.count > 10 && first.longest <= RPCANCEL_ROUTE_MAX);
    assert_true(complete(&second, 1000, NULL));
    assert_int_equal(second.count, first.count);
    assert_true(second.fingerprint == first.fingerprint);
    rpcancel_covered_close(&first.covered);
    rpcancel_covered_close(&second.covered);
}

static void where_nothing_is_missing_nothing_is_made(void **state)
{
    (void)state;
    struct made made = {.most = 0};
    assert_true(complete(&made, UINT32_MAX, NULL));
    assert_int_equal(made.count, 0);
    rpcancel_covered_close(&made.covered);
}

static void it_can_be_ended_early(void **state)
{
    (void)state;
    const volatile sig_atomic_t stop = 1;
    struct made stopped = {.most = 0}, refused = {.most = 2};
    assert_false(complete(&stopped, 1000, &stop));
    assert_int_equal(stopped.count, 0);
    assert_false(complete(&refused, 1000, NULL));
    assert_int_equal(refused.count, 2);
    rpcancel_covered_close(&stopped.covered);
    rpcancel_covered_close(&refused.covered);
}

/* ---- choosing ---- */

enum { CANDIDATES_MAX = 6 };

/* Items are states, by their numbers. */
static struct rpcancel_candidate candidate(uint32_t *items, uint32_t count, size_t size)
{
    return (struct rpcancel_candidate){.items = items, .count = count, .size = size};
}

static uint32_t choose(const struct rpcancel_candidate *candidates, size_t count, uint32_t *before,
                       uint32_t before_count)
{
    struct rpcancel_covered covered;
    bool chosen[CANDIDATES_MAX];
    uint32_t mask = 0;
    assert_true(rpcancel_covered_open(&covered, map));
    rpcancel_covered_add(&covered, before, before_count);
    assert_true(rpcancel_set_cover(&covered, candidates, count, chosen));
    for (size_t i = 0; i < count; i++) {
        mask |= (uint32_t)chosen[i] << i;
        for (uint32_t k = 0; k < candidates[i].count; k++)
            assert_true(rpcancel_covered_has(&covered, candidates[i].items[k]));
    }
    rpcancel_covered_close(&covered);
    return mask;
}

static void the_one_that_adds_most_is_taken(void **state)
{
    (void)state;
    const struct rpcancel_candidate candidates[] = {candidate((uint32_t[]){1, 2}, 2, 4),
                                                    candidate((uint32_t[]){1, 2, 3, 4}, 4, 400),
                                                    candidate((uint32_t[]){3, 4}, 2, 4)};
    assert_int_equal(choose(candidates, 3, NULL, 0), 2);
}

static void of_equals_the_smaller_is_taken_and_then_the_first(void **state)
{
    (void)state;
    const struct rpcancel_candidate candidates[] = {
        candidate((uint32_t[]){1, 2}, 2, 8), candidate((uint32_t[]){2, 1}, 2, 6), candidate((uint32_t[]){1, 2}, 2, 6)};
    assert_int_equal(choose(candidates, 3, NULL, 0), 2);
}

static void what_later_ones_make_needless_is_left_out(void **state)
{
    (void)state;
    /* The first is taken for its four items, and then for those left the two others are needed, which have them all. */
    const struct rpcancel_candidate candidates[] = {candidate((uint32_t[]){1, 2, 3, 4}, 4, 4),
                                                    candidate((uint32_t[]){1, 2, 5}, 3, 4),
                                                    candidate((uint32_t[]){3, 4, 6}, 3, 4)};
    assert_int_equal(choose(candidates, 3, NULL, 0), 6);
}

static void what_is_covered_before_needs_nobody(void **state)
{
    (void)state;
    const struct rpcancel_candidate candidates[] = {candidate((uint32_t[]){1, 2}, 2, 4),
                                                    candidate((uint32_t[]){2, 3}, 2, 4), candidate(NULL, 0, 0)};
    assert_int_equal(choose(candidates, 3, (uint32_t[]){1, 2}, 2), 2);
    assert_int_equal(choose(candidates, 3, (uint32_t[]){1, 2, 3}, 3), 0);
    assert_int_equal(choose(NULL, 0, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_are_filled_and_always_alike),
        cmocka_unit_test(where_nothing_is_missing_nothing_is_made),
        cmocka_unit_test(it_can_be_ended_early),
        cmocka_unit_test(the_one_that_adds_most_is_taken),
        cmocka_unit_test(of_equals_the_smaller_is_taken_and_then_the_first),
        cmocka_unit_test(what_later_ones_make_needless_is_left_out),
        cmocka_unit_test(what_is_covered_before_needs_nobody),
    };
    return cmocka_run_group_tests_name("coverage_complete", tests, open_map, close_map);
}
