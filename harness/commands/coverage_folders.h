// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_FOLDERS_H
#define RPCANCEL_COVERAGE_FOLDERS_H
/*
 * The folders that `rpcancel coverage` writes. Both functions print one line about it to |out| and return the exit
 * code; trouble was said.
 */
#include <stdio.h>

#include "commands/coverage_measure.h"

/* rpcancel_coverage_minimise writes few of the files measured, with candidates, to |folder| that cover, together with
 * the catalogue if it counts, what all of them do. */
enum rpcancel_exit_code rpcancel_coverage_minimise(const struct rpcancel_measurement *measurement, const char *folder,
                                                   FILE *out);

/* rpcancel_coverage_complete_to writes new sequences to |folder| that cover what is missing. What was made until an
 * interruption is written as well. */
enum rpcancel_exit_code rpcancel_coverage_complete_to(struct rpcancel_measurement *measurement, const char *folder,
                                                      FILE *out);

#endif
