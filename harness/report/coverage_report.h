// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_REPORT_H
#define RPCANCEL_COVERAGE_REPORT_H
/*
 * Reports of coverage: for people, and for programs as JSON (docs/coverage.schema.json).
 */
#include <stdio.h>

#include "coverage/covered.h"

/* The four figures that the last line gives and floors are about. */
enum rpcancel_coverage_figure {
    RPCANCEL_FIGURE_STATES,
    RPCANCEL_FIGURE_EDGES,
    RPCANCEL_FIGURE_PAIRS,
    RPCANCEL_FIGURE_RULES, /* rules decided under every profile in which they are in force */
    RPCANCEL_FIGURES
};

struct rpcancel_coverage_ratio {
    uint32_t covered;
    uint32_t total;
};

struct rpcancel_coverage_report {
    const struct rpcancel_covered *covered;
    size_t sequences;
    size_t idle;         /* sequences in which no operation happens */
    uint64_t operations; /* that happened */
    bool missing;        /* also list what is not covered */
    uint32_t limit;      /* at most so many of each kind */
};

/* rpcancel_coverage_figure_name returns "states", "edges", "pairs" or "rules". */
const char *rpcancel_coverage_figure_name(enum rpcancel_coverage_figure figure);

struct rpcancel_coverage_ratio rpcancel_coverage_figure(const struct rpcancel_covered *covered,
                                                        enum rpcancel_coverage_figure figure);

/* rpcancel_coverage_line writes `states N of N, edges N of N, pairs N of N, rules N of N`, without a newline. */
void rpcancel_coverage_line(const struct rpcancel_covered *covered, FILE *out);

/* rpcancel_coverage_terminal writes a table for people and, if asked for, what is missing. */
void rpcancel_coverage_terminal(const struct rpcancel_coverage_report *report, FILE *out);

/* rpcancel_coverage_json writes one JSON object; false when memory is exhausted. */
bool rpcancel_coverage_json(const struct rpcancel_coverage_report *report, FILE *out);

#endif
