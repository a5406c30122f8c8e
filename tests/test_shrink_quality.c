// SPDX-License-Identifier: Apache-2.0
/*
 * How near to the shortest sequence shrinking comes. `rpcancel-bench shrink` measures the same on more failures. All of
 * it is deterministic: figures that get worse are a change of the shrinker's, not bad luck.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/shrink_measure.h"
#include "rules/tables.h"

enum { LEAST = 50, FAILURES = 2, DRAWS = 5000, RUNS = 20000, ENOUGH = 45 };

/* On more failures (docs/fuzzing.md) nothing longer than the shortest is left, after 114 runs on average. */
static const double mean_bound = 1.01, worst_bound = 1.25, mean_runs_bound = 150;

static void what_is_left_is_as_short_as_can_be(void **state)
{
    (void)state;
    const struct rpcancel_shrink_measure_options options = {
        .failures = FAILURES, .least = LEAST, .draws = DRAWS, .runs = RUNS, .seed = 1};
    unsigned failures = 0;
    double ratios = 0, runs = 0;
    rpcancel_tables_init();
    for (unsigned i = 0; i < rpcancel_defect_count; i++) {
        struct rpcancel_shrink_measure measure;
        rpcancel_shrink_measure(&rpcancel_defects[i], &options, &measure);
        assert_true(measure.complete);
        assert_true(measure.failures <= FAILURES && measure.draws <= DRAWS);
        assert_true(measure.operations_before >= (uint64_t)LEAST * measure.failures);
        if (measure.ratio_max > worst_bound)
            fail_msg("%s: %zu operations are left where %u break %s", rpcancel_defects[i].name, measure.worst.count,
                     measure.worst_needed, rpcancel_rule_at((unsigned)measure.worst_rule)->id);
        failures += measure.failures;
        ratios += measure.ratio_sum;
        runs += (double)measure.runs;
        rpcancel_sequence_free(&measure.worst);
    }
    assert_true(failures >= ENOUGH);
    assert_true(ratios >= failures); /* nothing is shorter than the shortest */
    assert_true(ratios / failures <= mean_bound);
    assert_true(runs / failures <= mean_runs_bound);
}

/* Runs that do not suffice leave more than is needed: the measure shows it. */
static void the_measure_shows_what_is_left_too_long(void **state)
{
    (void)state;
    const struct rpcancel_shrink_measure_options options = {
        .failures = 3, .least = LEAST, .draws = DRAWS, .runs = 20, .seed = 1};
    struct rpcancel_shrink_measure measure;
    rpcancel_tables_init();
    rpcancel_shrink_measure(&rpcancel_defects[0], &options, &measure);
    assert_true(measure.complete);
    assert_int_equal(measure.failures, 3);
    assert_true(measure.shortest < 3);
    assert_true(measure.ratio_max > 1);
    assert_true(measure.ratio_max >= measure.ratio_sum / 3);
    assert_true(measure.worst.count > measure.worst_needed);
    assert_true(measure.worst_rule >= 0);
    rpcancel_sequence_free(&measure.worst);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_as_short_as_can_be),
        cmocka_unit_test(the_measure_shows_what_is_left_too_long),
    };
    return cmocka_run_group_tests_name("shrink_quality", tests, NULL, NULL);
}
