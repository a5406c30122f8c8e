// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_BENCH_H
#define RPCANCEL_BENCH_H
/*
 * The measurements of rpcancel-bench that have a file of their own. Each returns the program's exit code.
 */

/* bench_now returns the seconds of a clock that never goes back. */
double bench_now(void);

/* bench_shrink shrinks |failures| random failures of each mutant and prints how long what is left is against the
 * shortest there is: a line a mutant, and at the end one for all. Exit code 6 when the targets are missed. */
int bench_shrink(unsigned failures);

/* bench_pdu decodes PDUs for about |seconds|, and prints how many that makes a second. */
int bench_pdu(double seconds);

#endif
