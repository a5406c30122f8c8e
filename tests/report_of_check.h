// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_REPORT_OF_CHECK_H
#define RPCANCEL_TESTS_REPORT_OF_CHECK_H
/*
 * A report of a small check, for tests of what reports say. Two sequences: rules/life.seq, which asks
 * RpcServerTestCancel before and after a cancel, and rules/silent.seq, which asks for the status of a handle without a
 * call.
 */
#include "fake_runtime.h"
#include "report/report.h"

/* Wrong in the way that the field |number| of the fake runtime says. */
enum {
    REPORT_OF_FORGETFUL = 0, /* answers 1791 when a call was cancelled */
    REPORT_OF_RAISING = 1,   /* that, and the status of a handle raises an access violation */
    REPORT_OF_LACKING = 2    /* has no dispatch */
};
fake_change report_of_misbehaviour;

struct report_of_check {
    struct rpcancel_report report;
    struct rpcancel_check check;
    struct fake_runtime fake;
    struct rpcancel_expect_list list;
};

/* report_of_check_make runs the check on a runtime that |change| spoils (NULL: the reference), applies |expectations|
 * (NULL: no list), and fills in |made|, which must be static or live as long as the test. */
void report_of_check_make(struct report_of_check *made, fake_change *change, int number, bool strict,
                          const char *expectations);

void report_of_check_free(struct report_of_check *made);

/* report_of_check_text returns what |write| writes, as text that the caller frees. */
char *report_of_check_text(const struct report_of_check *made,
                           bool (*write)(const struct rpcancel_report *report, FILE *out));

#endif
