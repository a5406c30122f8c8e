// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_PASSED_OVER_H
#define RPCANCEL_FUZZERS_PASSED_OVER_H
/*
 * Rules that are passed over: a job that has found a defect goes on to others. RPCANCEL_PASS_OVER in the environment
 * holds their ids, with commas between them. An input ends where it breaks such a rule, and nothing is said of it.
 */
#include <stdbool.h>

/* rpcancel_pass_over_begin reads the environment; call it once, before the other. An id that no rule has ends the
 * program, having said so: exit code 2. */
void rpcancel_pass_over_begin(void);

/* rpcancel_is_passed_over tells whether the rule with that index is. */
bool rpcancel_is_passed_over(unsigned rule);

#endif
