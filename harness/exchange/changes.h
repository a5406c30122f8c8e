// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_CHANGES_H
#define RPCANCEL_EXCHANGE_CHANGES_H
/*
 * Mutants and variants of calls over datagrams, made from outside of src/datagram. A mutant has a defect that a rule of
 * datagrams must name, or where datagrams do not show it, a promise of the two ends together; a variant does what an
 * end may do otherwise, and no rule may object to it.
 */
#include "exchange/ends.h"
#include "exchange/slices.h"

struct rpcancel_exchange_mutant {
    struct rpcancel_exchange_change change;
    enum rpcancel_wire_profile profile; /* whose rules judge it */
    enum rpcancel_wire_profile ends;    /* what both ends are otherwise */
    bool is_hidden;                     /* datagrams do not show it: promises do */
};

/* Mutants that rules name, mutants that promises name, and variants. */
extern const struct rpcancel_exchange_mutant rpcancel_exchange_defects[], rpcancel_exchange_hidden[],
    rpcancel_exchange_variants[];
extern const unsigned rpcancel_exchange_defect_count, rpcancel_exchange_hidden_count, rpcancel_exchange_variant_count;

enum rpcancel_exchange_kill_end {
    RPCANCEL_EXCHANGE_SURVIVED,
    RPCANCEL_EXCHANGE_KILLED_BY_RULE,    /* |rule| is violated */
    RPCANCEL_EXCHANGE_KILLED_BY_PROMISE, /* |promise| is broken */
    RPCANCEL_EXCHANGE_KILL_FAILED        /* no memory, or interrupted */
};

struct rpcancel_exchange_kill {
    enum rpcancel_exchange_kill_end end;
    int rule; /* number of a rule of datagrams, -1 for none */
    const char *promise;
    const char *slice; /* the one that killed it */
    uint64_t pairs;    /* searched in all */
    unsigned path_length;
    char path[RPCANCEL_EXCHANGE_PATH_MAX][RPCANCEL_EXCHANGE_TEXT_MAX];
};

/*
 * rpcancel_exchange_kill_try searches |mutant| in small slices, one after the other, until one kills it: by rules
 * alone, or if it is hidden, by promises alone. Fills |*kill|.
 */
void rpcancel_exchange_kill_try(const struct rpcancel_exchange_mutant *mutant, const volatile sig_atomic_t *stop,
                                struct rpcancel_exchange_kill *kill);

#endif
