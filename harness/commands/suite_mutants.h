// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_MUTANTS_H
#define RPCANCEL_SUITE_MUTANTS_H
/*
 * `rpcancel suite --mutants` and `--variants`: what suites find of deliberate defects.
 */
#include <stdbool.h>

/* rpcancel_suite_mutants exercises every mutant, or every variant, with the suite of its profile, and mutants that need
 * two calls with that of two calls if no rule objected; prints a line for each, and returns the exit code. */
int rpcancel_suite_mutants(const char *command, bool variants, unsigned extra_states, unsigned depth);

#endif
