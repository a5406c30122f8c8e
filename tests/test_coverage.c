// SPDX-License-Identifier: Apache-2.0
/*
 * Coverage: what each operation of a sequence counts for, and what it does not; that nothing counts beyond the
 * denominators; and that the way to an item covers it.
 */
#include "coverage/covered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage/projection.h"
#include "engine/random.h"

static struct rpcancel_coverage_map *map;
static struct rpcancel_trace trace;

static int open_map(void **state)
{
    (void)state;
    map = rpcancel_coverage_map_open(NULL);
    return map && rpcancel_trace_open(&trace, map) ? 0 : -1;
}

static int close_map(void **state)
{
    (void)state;
    rpcancel_trace_close(&trace);
    rpcancel_coverage_map_close(map);
    return 0;
}

static struct rpcancel_sequence read(const char *text)
{
    struct rpcancel_sequence sequence = {0};
    struct rpcancel_sequence_error error;
    if (!rpcancel_sequence_read_text(&sequence, text, strlen(text), &error))
        fail_msg("line %u: %s", error.line, error.expected);
    return sequence;
}

/* Walks along |text|, and sets |*step| to what its last operation covers. */
static void walk_along(const char *text, struct rpcancel_walk *walk, struct rpcancel_step_coverage *step)
{
    struct rpcancel_sequence sequence = read(text);
    rpcancel_walk_begin(walk);
    for (size_t i = 0; i < sequence.count; i++) {
        if (!rpcancel_walk_step(map, walk, sequence.items[i].operation, RPCANCEL_WALK_ALL, step))
            fail_msg("operation %zu of\n%scannot happen", i + 1, text);
        assert_int_equal(step->violated, -1);
    }
    rpcancel_sequence_free(&sequence);
}

static unsigned count_part(const struct rpcancel_step_coverage *step, enum rpcancel_coverage_part part)
{
    unsigned count = 0;
    for (unsigned i = 0; i < step->count; i++)
        count += rpcancel_coverage_part_of(map, step->items[i]) == part;
    return count;
}

static unsigned edges_of_last(const char *text)
{
    struct rpcancel_walk walk;
    struct rpcancel_step_coverage step;
    walk_along(text, &walk, &step);
    return count_part(&step, RPCANCEL_COVERS_EDGE);
}

static unsigned pairs_of_last(const char *text)
{
    struct rpcancel_walk walk;
    struct rpcancel_step_coverage step;
    walk_along(text, &walk, &step);
    return count_part(&step, RPCANCEL_COVERS_PAIR);
}

static bool covers_same(const char *one, const char *other, enum rpcancel_coverage_part part)
{
    struct rpcancel_walk walk;
    struct rpcancel_step_coverage first, second;
    walk_along(one, &walk, &first);
    walk_along(other, &walk, &second);
    assert_true(count_part(&first, part) > 0);
    for (unsigned i = 0; i < first.count; i++) {
        bool found = rpcancel_coverage_part_of(map, first.items[i]) != part;
        for (unsigned k = 0; k < second.count; k++)
            found |= second.items[k] == first.items[i];
        if (!found)
            return false;
    }
    return true;
}

/* ---- the denominators ---- */

static void denominators_are_those_of_the_searches(void **state)
{
    (void)state;
    struct rpcancel_pair_table table;
    assert_true(rpcancel_one_call_search(&table, NULL, NULL));
    assert_int_equal(map->total[RPCANCEL_COVERS_STATE], table.worlds);
    rpcancel_pair_table_close(&table);
    uint32_t counted[RPCANCEL_COVERAGE_PARTS] = {0};
    for (uint32_t item = 0; item < rpcancel_coverage_items(map); item++)
        counted[rpcancel_coverage_part_of(map, item)] += rpcancel_coverage_can(map, item);
    assert_memory_equal(counted, map->total, sizeof counted);
}

/* The figures are facts about the reference, the observer and the tables' rows: a change of any must be meant. */
static void the_figures(void **state)
{
    (void)state;
    assert_int_equal(map->total[RPCANCEL_COVERS_STATE], 640);
    assert_int_equal(map->total[RPCANCEL_COVERS_EDGE], 72468);
    assert_int_equal(map->total[RPCANCEL_COVERS_PAIR], 44824);
}

/* ---- edges: what an operation is about ---- */

static void an_operation_is_an_edge_of_the_call_it_names(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last("init a\ncall a\ninit b\ncancel a\n"), 1);
    assert_true(covers_same("init a\ncall a\ncancel a\n", "init b\ncall b\ninit c\ncancel b\n", RPCANCEL_COVERS_EDGE));
    assert_true(covers_same("init a\ncall a\ndeliver request a\ndispatch a @t1\nabort a 5 @t1\n",
                            "init b\ncall b\ndeliver request b\ndispatch b @t1\n"
                            "init a\ncall a\ndeliver request a\ndispatch a @t3\nabort a 5 @t3\n",
                            RPCANCEL_COVERS_EDGE));
    assert_false(covers_same("init a\ncall a\ncancel a\n", "init a\ncall a\ncancel a abort\n", RPCANCEL_COVERS_EDGE));
}

static void what_happens_to_every_call_is_an_edge_of_each(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last("init a\ncall a\ninit b\nsettle\n"), RPCANCEL_HANDLES_MAX);
    assert_int_equal(edges_of_last("init a\ncall a\ninit b\nlose link\n"), RPCANCEL_HANDLES_MAX);
}

static void what_is_about_no_call_is_an_edge_only_where_there_is_one_call(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last("init bad-memory\n"), 1);
    assert_int_equal(edges_of_last("init c\ncall c\ninit bad-memory\n"), 1);
    assert_int_equal(edges_of_last("init c\ncall c\ntest-cancel 0 @w\n"), 1);
    assert_int_equal(edges_of_last("init c\ncall c\ntest-cancel invalid @t2\n"), 1);
    assert_int_equal(edges_of_last("init c\ninit a\ninit bad-memory\n"), 0);
    assert_int_equal(edges_of_last("init c\ninit a\ntest-cancel 0 @w\n"), 0);
    assert_int_equal(edges_of_last("init c\ninit a\ntest-cancel invalid @w\n"), 0);
}

#define A_RUNS_ON_T2 "init a\ncall a\ndeliver request a\ndispatch a @t2\n"
#define B_RUNS_ON_T1 "init b\ncall b\ndeliver request b\ndispatch b @t1\n"

static void a_test_with_0_is_about_the_call_that_the_thread_serves(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last(A_RUNS_ON_T2 "init b\ntest-cancel 0 @t2\n"), 1);
    assert_true(covers_same(A_RUNS_ON_T2 "test-cancel 0 @t2\n", A_RUNS_ON_T2 B_RUNS_ON_T1 "test-cancel 0 @t2\n",
                            RPCANCEL_COVERS_EDGE));
    /* With one dispatcher there is no idle one beside it. */
    assert_int_equal(edges_of_last(A_RUNS_ON_T2 "test-cancel 0 @t1\n"), 0);
    assert_int_equal(edges_of_last("init a\ntest-cancel 0 @t3\n"), 1);
}

static void a_thread_that_serves_another_call_has_no_counterpart(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last(A_RUNS_ON_T2 "hand-off a\n" B_RUNS_ON_T1 "test-cancel a @w\n"), 1);
    assert_int_equal(edges_of_last(A_RUNS_ON_T2 "hand-off a\n" B_RUNS_ON_T1 "test-cancel a @t1\n"), 0);
}

#define A_HAS_EARLIER "init a\ncall a\ncancel a abort\ncomplete a\ninit a\ncall a\n"

static void nothing_counts_of_a_handle_with_an_earlier_call(void **state)
{
    (void)state;
    assert_int_equal(edges_of_last(A_HAS_EARLIER), 0); /* the call itself: there would be two */
    assert_int_equal(edges_of_last(A_HAS_EARLIER "status a\n"), 0);
    assert_int_equal(edges_of_last(A_HAS_EARLIER "deliver request a'\n"), 0);
    assert_int_equal(pairs_of_last(A_HAS_EARLIER "status a\n"), 0);
    assert_int_equal(edges_of_last(A_HAS_EARLIER "settle\n"), RPCANCEL_HANDLES_MAX - 1);
    const char over[] = A_HAS_EARLIER "deliver request a'\ndeliver orphaned a'\ndispatch a' @t1\nabort a' 5 @t1\n"
                                      "return a'\ndeliver reply a'\nstatus a\n";
    assert_true(covers_same("init a\ncall a\nstatus a\n", over, RPCANCEL_COVERS_EDGE));
}

/* ---- pairs ---- */

static void an_operation_is_paired_with_each_other_call(void **state)
{
    (void)state;
    assert_int_equal(pairs_of_last("init a\n"), RPCANCEL_HANDLES_MAX - 1);
    assert_int_equal(pairs_of_last("settle\n"), RPCANCEL_HANDLES_MAX * (RPCANCEL_HANDLES_MAX - 1) / 2);
    assert_int_equal(pairs_of_last("init bad-memory\n"), RPCANCEL_HANDLES_MAX * (RPCANCEL_HANDLES_MAX - 1) / 2);
    assert_true(
        covers_same("init a\ncall a\ninit b\nstatus a\n", "init d\ninit b\ncall b\nstatus b\n", RPCANCEL_COVERS_PAIR));
    assert_false(
        covers_same("init a\ncall a\ninit b\nstatus a\n", "init a\ncall a\ninit b\nstatus b\n", RPCANCEL_COVERS_PAIR));
    /* About both, in either order. */
    assert_true(covers_same("init a\ncall a\ninit b\nlose link\n", "init b\ncall b\ninit a\nlose link\n",
                            RPCANCEL_COVERS_PAIR));
}

static void a_third_call_s_thread_says_nothing_of_two(void **state)
{
    (void)state;
    const char on_worker[] = A_RUNS_ON_T2 "hand-off a\n" B_RUNS_ON_T1 "init c\ntest-cancel a @w\n";
    const char on_b_s_thread[] = A_RUNS_ON_T2 "hand-off a\n" B_RUNS_ON_T1 "init c\ntest-cancel a @t1\n";
    assert_int_equal(pairs_of_last(on_worker), 3);
    assert_int_equal(pairs_of_last(on_b_s_thread), 1); /* a and b; not a and c, a and d */
}

/* ---- rules ---- */

static void a_rule_counts_under_the_profiles_in_which_it_is_in_force(void **state)
{
    (void)state;
    struct rpcancel_walk walk;
    struct rpcancel_step_coverage step;
    walk_along("status a\n", &walk, &step);
    int documented = rpcancel_rule_find("RpcAsyncGetCallStatus/1"),
        windows = rpcancel_rule_find("RpcAsyncGetCallStatus/2");
    const uint32_t *first_rule = &map->begin[RPCANCEL_COVERS_RULE]; /* of each profile */
    uint32_t expected[] = {
        first_rule[RPCANCEL_PROFILE_DOCUMENTED] + (uint32_t)documented,
        first_rule[RPCANCEL_PROFILE_DOCUMENTED_98] + (uint32_t)documented,
        first_rule[RPCANCEL_PROFILE_WINDOWS] + (uint32_t)windows,
    };
    unsigned rules = 0;
    for (unsigned i = 0; i < step.count; i++)
        rules += step.items[i] >= map->begin[RPCANCEL_COVERS_RULE];
    assert_int_equal(rules, 3);
    for (unsigned k = 0; k < 3; k++) {
        bool found = false;
        for (unsigned i = 0; i < step.count; i++)
            found |= step.items[i] == expected[k];
        assert_true(found);
    }
}

/* ---- sequences ---- */

static void only_what_happens_counts(void **state)
{
    (void)state;
    struct rpcancel_sequence sequence = read("deliver request a\ndispatch a @t1\nreturn a\n");
    rpcancel_trace_sequence(&trace, map, &sequence);
    assert_int_equal(trace.operations, 0);
    assert_int_equal(trace.count, 0);
    rpcancel_sequence_free(&sequence);
    sequence = read("deliver request a\ninit a\n");
    rpcancel_trace_sequence(&trace, map, &sequence);
    assert_int_equal(trace.operations, 1);
    struct rpcancel_covered covered;
    assert_true(rpcancel_covered_open(&covered, map));
    assert_int_equal(rpcancel_covered_add(&covered, trace.items, trace.count), trace.count);
    assert_int_equal(rpcancel_covered_add(&covered, trace.items, trace.count), 0);
    assert_int_equal(covered.count[RPCANCEL_COVERS_STATE], 2); /* where it began, and where it led */
    assert_int_equal(covered.count[RPCANCEL_COVERS_EDGE], 1);
    assert_int_equal(covered.count[RPCANCEL_COVERS_PAIR], 1); /* the three others are all alike */
    rpcancel_covered_close(&covered);
    rpcancel_sequence_free(&sequence);
}

static void make_random(struct rpcancel_random *random, struct rpcancel_sequence *sequence)
{
    static struct rpcancel_alphabet alphabet;
    const struct rpcancel_random_options options = {.length = 100, .alphabet = &alphabet};
    if (alphabet.count == 0)
        rpcancel_alphabet_init(&alphabet, RPCANCEL_HANDLES_MAX, RPCANCEL_DISPATCHERS_MAX, false);
    assert_true(rpcancel_random_sequence(random, &options, sequence));
}

/* With several calls each operation about one of them is an edge of the slice, but for the two exceptions; and each
 * pair of classes is one that can be reached. What can be more than the denominators would show here. */
static void nothing_is_left_out_but_for_the_reasons_given(void **state)
{
    (void)state;
    struct rpcancel_random random = {.state = 5};
    struct rpcancel_sequence sequence = {0};
    unsigned edges = 0, exceptions = 0;
    for (unsigned i = 0; i < 200; i++) {
        struct rpcancel_walk walk;
        struct rpcancel_step_coverage step;
        rpcancel_walk_begin(&walk);
        make_random(&random, &sequence);
        for (size_t k = 0; k < sequence.count; k++) {
            struct rpcancel_operation operation = sequence.items[k].operation;
            struct rpcancel_walk before = walk;
            uint32_t cells[RPCANCEL_TWO_CALL_CELLS_AT_ONCE];
            if (!rpcancel_walk_step(map, &walk, operation, RPCANCEL_WALK_ALL, &step))
                continue;
            int subject = rpcancel_subject(&before.pair.world, operation);
            bool counted = subject >= 0 && (before.standing.counted >> subject & 1u) &&
                           (walk.standing.counted >> subject & 1u) &&
                           rpcancel_thread_remains(&before.pair.world, operation, 1u << subject, 1);
            if (counted)
                assert_int_equal(count_part(&step, RPCANCEL_COVERS_EDGE), 1);
            edges += counted;
            exceptions += subject >= 0 && !counted;
            unsigned count = rpcancel_two_call_cells(&before.pair.world, &before.standing, operation, cells);
            for (unsigned n = 0; n < count && walk.standing.counted == before.standing.counted; n++)
                assert_true(rpcancel_two_call_can(map->two_calls, cells[n]));
        }
    }
    assert_true(edges > 1000 && exceptions > 0);
    rpcancel_sequence_free(&sequence);
}

/* ---- the way to an item ---- */

/* No operation of the core decides it, and edges of one call are of the core. */
static bool is_rule_of_notifications(uint32_t item)
{
    enum rpcancel_coverage_part part = rpcancel_coverage_part_of(map, item);
    const uint64_t core = rpcancel_slice_operations(RPCANCEL_SLICE_CORE);
    return part >= RPCANCEL_COVERS_RULE && !(rpcancel_rule_at(item - map->begin[part])->operations & core);
}

static void assert_reached(uint32_t item)
{
    struct rpcancel_operation path[RPCANCEL_COVERAGE_PATH_MAX];
    struct rpcancel_sequence sequence = {0};
    unsigned length = rpcancel_coverage_reach(map, item, path);
    bool found = is_rule_of_notifications(item);
    for (unsigned i = 0; i < length; i++)
        assert_true(rpcancel_sequence_append(&sequence, path[i], 0, 0));
    rpcancel_trace_sequence(&trace, map, &sequence);
    assert_int_equal(trace.operations, length);
    for (uint32_t i = 0; i < trace.count; i++)
        found |= trace.items[i] == item;
    if (!found)
        fail_msg("part %d, item %u is not on its way", rpcancel_coverage_part_of(map, item), item);
    rpcancel_sequence_free(&sequence);
}

static void the_way_to_an_item_covers_it(void **state)
{
    (void)state;
    const unsigned every[RPCANCEL_COVERAGE_PARTS] = {
        [RPCANCEL_COVERS_STATE] = 1, [RPCANCEL_COVERS_EDGE] = 61, [RPCANCEL_COVERS_PAIR] = 11};
    for (unsigned part = 0; part < RPCANCEL_COVERAGE_PARTS; part++) {
        unsigned n = 0;
        /* State 0 is where every sequence begins. */
        for (uint32_t item = map->begin[part] + (part == RPCANCEL_COVERS_STATE); item < map->begin[part + 1]; item++) {
            if (rpcancel_coverage_can(map, item) && n++ % (every[part] ? every[part] : 1) == 0)
                assert_reached(item);
        }
        assert_true(n > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denominators_are_those_of_the_searches),
        cmocka_unit_test(the_figures),
        cmocka_unit_test(an_operation_is_an_edge_of_the_call_it_names),
        cmocka_unit_test(what_happens_to_every_call_is_an_edge_of_each),
        cmocka_unit_test(what_is_about_no_call_is_an_edge_only_where_there_is_one_call),
        cmocka_unit_test(a_test_with_0_is_about_the_call_that_the_thread_serves),
        cmocka_unit_test(a_thread_that_serves_another_call_has_no_counterpart),
        cmocka_unit_test(nothing_counts_of_a_handle_with_an_earlier_call),
        cmocka_unit_test(an_operation_is_paired_with_each_other_call),
        cmocka_unit_test(a_third_call_s_thread_says_nothing_of_two),
        cmocka_unit_test(a_rule_counts_under_the_profiles_in_which_it_is_in_force),
        cmocka_unit_test(only_what_happens_counts),
        cmocka_unit_test(nothing_is_left_out_but_for_the_reasons_given),
        cmocka_unit_test(the_way_to_an_item_covers_it),
    };
    return cmocka_run_group_tests_name("coverage", tests, open_map, close_map);
}
