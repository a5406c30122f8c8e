// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FLIPS_H
#define RPCANCEL_FLIPS_H
/*
 * Flips: what the rules would say had the answer been another one.
 */
#include "rules/judge.h"
#include "rules/tables.h"

enum { RPCANCEL_FLIPS_MAX = 64 };

/* rpcancel_flips_of lists the answers other than |answer| that |operation| could have been given, in |out|, and returns
 * how many: each known code for a function that returns one, nothing for an operation that returns none. */
unsigned rpcancel_flips_of(struct rpcancel_operation operation, struct rpcancel_answer answer,
                           struct rpcancel_answer out[RPCANCEL_FLIPS_MAX]);

#endif
