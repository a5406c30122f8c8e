// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_KILL_H
#define RPCANCEL_KILL_H
/*
 * Killing mutants: whether an engine finds what is wrong with one, and which rule names it.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "mutants/mutants.h"
#include "runtime/runtime.h"
#include "sequence/sequence.h"

enum rpcancel_kill_engine {
    RPCANCEL_KILL_CHECK,
    RPCANCEL_KILL_EXPLORE,
    RPCANCEL_KILL_RANDOM,
    RPCANCEL_KILL_LIBFUZZER,
    RPCANCEL_KILL_AFL,
    RPCANCEL_KILL_ENGINES
};

enum rpcancel_kill_end {
    RPCANCEL_KILL_VIOLATED, /* a rule was violated */
    RPCANCEL_KILL_SURVIVED, /* the engine came to its end without a violation */
    RPCANCEL_KILL_FAILED    /* the engine could not do its work, or was interrupted */
};

struct rpcancel_kill_options {
    enum rpcancel_kill_engine engine;
    enum rpcancel_profile profile; /* the rules that may kill */
    bool hide_delivery;            /* check and random: deliver at random and unseen */
    uint64_t seed;                 /* random, hidden delivery, fuzzers */
    uint64_t runs;                 /* random: sequences at most */
    const char *fuzzer;            /* fuzzers: path of the fuzz target */
    unsigned fuzz_seconds;         /* fuzzers: to fuzz at most */
    const volatile sig_atomic_t *stop;
};

struct rpcancel_kill {
    enum rpcancel_kill_end end;
    int rule; /* index of the rule violated, -1 for none */
    double seconds;
    uint64_t effort;                         /* sequences run, or pairs searched */
    struct rpcancel_sequence sequence;       /* one that shows it; rpcancel_sequence_free when done */
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* after RPCANCEL_KILL_FAILED: a line for people, or "" */
};

/* rpcancel_kill_try sets the engine on |mutant| (or variant) and fills |*kill|. */
void rpcancel_kill_try(const struct rpcancel_mutant *mutant, const struct rpcancel_kill_options *options,
                       struct rpcancel_kill *kill);

const char *rpcancel_kill_engine_name(enum rpcancel_kill_engine engine);

#endif
