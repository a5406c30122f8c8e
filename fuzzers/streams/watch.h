// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_WATCH_H
#define RPCANCEL_FUZZERS_STREAMS_WATCH_H
/*
 * What the targets of the wire have in common: invariants are held against what happens, and one that is broken ends
 * the process, inside a function of its own, so that the stack names it. In the environment RPCANCEL_MUTANT names a
 * deliberate defect, RPCANCEL_PASS_OVER invariants to say nothing of, RPCANCEL_PROGRESS a file to count in
 * (progress.h), where rules are the invariants that were held against something and operations are pieces.
 *
 * One target, one thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "streams/invariants.h"

/* Prints the |size| octets of an input at |data| for people, to standard error: rpcancel_stream_print and its like. */
typedef void rpcancel_watch_printer(const uint8_t *data, size_t size);

/* rpcancel_watch_open begins, for a target with the invariants from |first| to |last|, with |count| deliberate defects
 * of those names, and with inputs that |print| prints. Returns the one that the environment asks for, counted from 1,
 * or 0. Ends the process with exit code 2 when there is no such defect or invariant, and 3 when there can be no
 * counting. */
unsigned rpcancel_watch_open(enum rpcancel_invariant first, enum rpcancel_invariant last, const char *const *defects,
                             unsigned count, rpcancel_watch_printer *print);

/* rpcancel_watch_begin and rpcancel_watch_end are around an input; rpcancel_watch_piece before each piece of it, which
 * ends at |end|. */
void rpcancel_watch_begin(const uint8_t *data, size_t size);
void rpcancel_watch_piece(const uint8_t *end);
void rpcancel_watch_end(void);

/* rpcancel_watch_failed tells whether the input broke an invariant that is passed over; nothing is held against
 * anything then, and the input is to be ended. */
bool rpcancel_watch_failed(void);

/* rpcancel_hold says whether |invariant| held; it ends the process if not. Where it holds there is no branch, so that
 * what was held before makes no difference to coverage. */
void rpcancel_broken(enum rpcancel_invariant invariant);
extern bool rpcancel_invariant_looked_at[RPCANCEL_INVARIANT_COUNT];
static inline void rpcancel_hold(enum rpcancel_invariant invariant, bool holds)
{
    rpcancel_invariant_looked_at[invariant] = true;
    if (!holds)
        rpcancel_broken(invariant);
}

/* HOLD(name, condition): that invariant, by the name in the tables. */
#define HOLD(name, condition) rpcancel_hold(RPCANCEL_INVARIANT_##name, (condition))

#endif
