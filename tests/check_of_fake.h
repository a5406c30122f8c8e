// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_CHECK_OF_FAKE_H
#define RPCANCEL_TESTS_CHECK_OF_FAKE_H
/* A check of a fake runtime, with a small catalogue, and what came of it. */
#include "engine/check.h"
#include "fake_runtime.h"

extern struct rpcancel_check check;
extern struct fake_runtime fake;
extern struct rpcancel_check_options options; /* at first: profile documented, all sequences */

/* Set-up and tear-down of a test, for cmocka. */
int open_check(void **state);
int close_check(void **state);
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_check, close_check)

/* races/aborted.seq, races/silent.seq, rules/life.seq, rules/noisy.seq. */
enum { CATALOGUE_COUNT = 4 };
extern const struct rpcancel_catalogue_entry small_catalogue[CATALOGUE_COUNT];

#define ENTRY(name, text)           \
    {                               \
        name, text, sizeof text - 1 \
    }

/* run_check checks the fake runtime as |change| makes it; run_check_of, with another catalogue. */
void run_check(fake_change *change);
void run_check_of(const struct rpcancel_catalogue_entry *catalogue, size_t count, fake_change *change);

/* rule returns what the check says of the rule, which must be reported; assert_verdict expects that verdict. */
const struct rpcancel_check_rule *rule(const char *id);
void assert_verdict(const char *id, enum rpcancel_verdict_word verdict);

/* text_of_failure returns the sequence that shows the rule's failure, on one line. Valid until the next such call. */
const char *text_of_failure(const char *id);

#endif
