// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZ_RUN_H
#define RPCANCEL_FUZZ_RUN_H
/*
 * Lets a fuzzing engine, a program of its own, run a fuzz target on a mutant until it crashes.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/runtime.h"
#include "sequence/sequence.h"

struct rpcancel_fuzz_run {
    bool afl;           /* with afl-fuzz, found by PATH; otherwise the target has libFuzzer in it */
    const char *target; /* path of the program. afl-fuzz uses librpcancel-mutator-afl.so in the same folder */
    const char *mutant; /* name of what is fuzzed in place of the reference */
    unsigned seconds;   /* to fuzz at most */
    uint64_t seed;
    const volatile sig_atomic_t *stop; /* ends it early; may be NULL */
};

enum rpcancel_fuzz_end {
    RPCANCEL_FUZZ_CRASHED, /* an input crashes the target */
    RPCANCEL_FUZZ_NOTHING, /* none did */
    RPCANCEL_FUZZ_FAILED   /* it could not be run, or was stopped */
};

/* rpcancel_fuzz_run fuzzes with sequences of at most 128 operations, in a temporary folder that is gone afterwards.
 * After RPCANCEL_FUZZ_CRASHED the input is appended to |sequence|; after RPCANCEL_FUZZ_FAILED |failure| is a line for
 * people.
 * |*executions| is set to how many inputs were run, 0 where the engine did not say. */
enum rpcancel_fuzz_end rpcancel_fuzz_run(const struct rpcancel_fuzz_run *run, struct rpcancel_sequence *sequence,
                                         uint64_t *executions, char failure[RPCANCEL_FAILURE_TEXT_MAX]);

#endif
