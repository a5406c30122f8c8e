// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_JUNIT_H
#define RPCANCEL_JUNIT_H
/*
 * JUnit XML, in the form Jenkins' schemas describe and GitLab and GitHub's actions read (docs/reports.md). A report is
 * a row of suites, a suite has properties and test cases; counts are kept here.
 *
 * Text is taken as it comes: what XML cannot hold is replaced. All of it is copied. A report belongs to one thread at a
 * time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

enum rpcancel_junit_outcome {
    RPCANCEL_JUNIT_PASSED,
    RPCANCEL_JUNIT_FAILURE, /* what was tested is not as it should be */
    RPCANCEL_JUNIT_ERROR,   /* there was no answer to test: a crash, a hang, trouble of the harness */
    RPCANCEL_JUNIT_SKIPPED  /* not a pass, but nothing that should stop anybody */
};

struct rpcancel_junit_case {
    const char *classname; /* with dots: Jenkins takes what is before the last one for a package */
    const char *name;
    double seconds; /* 0: not measured */
    enum rpcancel_junit_outcome outcome;
    const char *type;    /* FAILURE, ERROR: what kind, in a word; else not looked at */
    const char *message; /* unless PASSED: why, in one line */
    const char *text; /* FAILURE, ERROR: all there is to say, since some readers show nothing else; NULL: there was no
                         memory for it, and the report fails; else not looked at */
};

struct rpcancel_junit;

/* rpcancel_junit_begin begins a report, which rpcancel_junit_end ends and releases. NULL: memory is exhausted. */
struct rpcancel_junit *rpcancel_junit_begin(void);

/* rpcancel_junit_suite begins a suite, to which all that follows belongs. |seconds| is how long it took. */
void rpcancel_junit_suite(struct rpcancel_junit *junit, const char *name, time_t started, double seconds);

/* rpcancel_junit_property says something about the whole suite; before its first case. */
void rpcancel_junit_property(struct rpcancel_junit *junit, const char *name, const char *value);

void rpcancel_junit_case(struct rpcancel_junit *junit, const struct rpcancel_junit_case *test);

/* rpcancel_junit_standard_error adds what was written there meanwhile; after the suite's last case, once. */
void rpcancel_junit_standard_error(struct rpcancel_junit *junit, const char *text);

/* rpcancel_junit_end writes the report to |out| and releases it; false when memory was exhausted at any time since its
 * beginning, and then nothing is written. */
bool rpcancel_junit_end(struct rpcancel_junit *junit, FILE *out);

#endif
