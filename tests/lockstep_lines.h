// SPDX-License-Identifier: Apache-2.0
#ifndef LOCKSTEP_LINES_H
#define LOCKSTEP_LINES_H
/* What tests of the lockstep share. */
#include "association/lockstep.h"

/* lockstep_agrees runs it, prints what it found, and fails unless both networks agree and the search closed. */
void lockstep_agrees(const struct rpcancel_lockstep_options *options, struct rpcancel_lockstep_result *result);

/* lockstep_print_path prints the operations that lead to a disagreement, and how it shows. */
void lockstep_print_path(const struct rpcancel_lockstep_result *result);

#endif
