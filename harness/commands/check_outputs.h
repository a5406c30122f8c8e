// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHECK_OUTPUTS_H
#define RPCANCEL_CHECK_OUTPUTS_H
/*
 * What a check writes: the report on the terminal, the reports in files, and the failing sequences.
 */
#include "commands/exit_code.h"
#include "report/report.h"

/* Paths as the user gave them; NULL: not wanted; `-` is standard output, for one of them. */
struct rpcancel_check_outputs {
    const char *json, *junit, *sarif;
    const char *save; /* a folder */
};

/* rpcancel_check_outputs_are_possible tries whether all of |outputs| can be written. False: said why not. */
bool rpcancel_check_outputs_are_possible(const char *command, const struct rpcancel_check_outputs *outputs);

/* rpcancel_check_write writes all of |outputs|, and the report for people to standard output, or to standard error when
 * one of |outputs| takes that. Returns RPCANCEL_EXIT_CONFORMANT, or RPCANCEL_EXIT_TROUBLE when something could not be
 * written; what, it has said then. */
enum rpcancel_exit_code rpcancel_check_write(const char *command, const struct rpcancel_report *report,
                                             const struct rpcancel_check_outputs *outputs);

#endif
