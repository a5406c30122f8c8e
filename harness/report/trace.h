// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TRACE_H
#define RPCANCEL_TRACE_H
/*
 * The trace of a run, for people.
 */
#include <stdio.h>

#include "engine/run.h"

/* rpcancel_trace_print writes a line per step, with two blanks before it: line number in the sequence's text,
 * operation, answer, and what is wrong with the answer. */
void rpcancel_trace_print(const struct rpcancel_run *run, FILE *out);

#endif
