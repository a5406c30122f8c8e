// SPDX-License-Identifier: Apache-2.0
#include "bench/bench.h"

#include <inttypes.h>
#include <stdio.h>

#include "engine/shrink_measure.h"
#include "report/report.h"
#include "rules/tables.h"

enum { LEAST = 50, DRAWS = 2000000, RUNS = 20000, SEED = 1 };
static const double mean_target = 1.05, maximum_target = 1.5;

struct totals {
    unsigned failures;
    unsigned shortest;
    double ratio_sum;
    double ratio_max;
    uint64_t runs;
};

static void print_row(const struct rpcancel_mutant *mutant, const struct rpcancel_shrink_measure *measure)
{
    double failures = measure->failures ? measure->failures : 1;
    printf("%-44s %8u %8u %7.1f %6.1f %6.3f %6.3f %6.0f\n", mutant->name, measure->failures, measure->draws,
           (double)measure->operations_before / failures, (double)measure->operations_after / failures,
           measure->ratio_sum / failures, measure->ratio_max, (double)measure->runs / failures);
    if (measure->ratio_max > 1) {
        printf("    %u needed for %s, left: ", measure->worst_needed,
               rpcancel_rule_at((unsigned)measure->worst_rule)->id);
        rpcancel_report_sequence(&measure->worst, "; ", stdout);
        printf("\n");
    }
    fflush(stdout);
}

static void add(struct totals *totals, const struct rpcancel_shrink_measure *measure)
{
    totals->failures += measure->failures;
    totals->shortest += measure->shortest;
    totals->ratio_sum += measure->ratio_sum;
    totals->runs += measure->runs;
    if (measure->ratio_max > totals->ratio_max)
        totals->ratio_max = measure->ratio_max;
}

int bench_shrink(unsigned failures)
{
    const struct rpcancel_shrink_measure_options options = {
        .failures = failures, .least = LEAST, .draws = DRAWS, .runs = RUNS, .seed = SEED};
    struct totals totals = {0};
    rpcancel_tables_init();
    printf("Failures of at least %d operations, among %d random sequences at most; what is left of them against the "
           "shortest.\n%-44s %8s %8s %7s %6s %6s %6s %6s\n",
           LEAST, DRAWS, "mutant", "failures", "drawn", "before", "after", "ratio", "worst", "runs");
    for (unsigned i = 0; i < rpcancel_defect_count; i++) {
        struct rpcancel_shrink_measure measure;
        rpcancel_shrink_measure(&rpcancel_defects[i], &options, &measure);
        print_row(&rpcancel_defects[i], &measure);
        add(&totals, &measure);
        rpcancel_sequence_free(&measure.worst);
        if (!measure.complete) {
            fprintf(stderr, "rpcancel-bench: %s could not be measured\n", rpcancel_defects[i].name);
            return 3;
        }
    }
    double count = totals.failures ? totals.failures : 1;
    double mean = totals.ratio_sum / count;
    bool met = totals.failures > 0 && mean <= mean_target && totals.ratio_max <= maximum_target;
    printf("shrink: %u failures, %u as short as possible, ratio %.3f on average and %.3f at most, %.0f runs, %s\n",
           totals.failures, totals.shortest, mean, totals.ratio_max, (double)totals.runs / count,
           met ? "targets met" : "targets missed");
    return met ? 0 : 6;
}
