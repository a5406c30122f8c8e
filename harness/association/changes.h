// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_CHANGES_H
#define RPCANCEL_WIRE_CHANGES_H
/*
 * Mutants and variants of an association, made from outside of src/wire. A mutant has a defect that a rule of the wire
 * must name, or where packets do not show it, a promise of the two ends together; a variant does what a peer may do
 * otherwise, and no rule may object to it.
 */
#include "association/ends.h"
#include "association/search.h"

/* The calls that it takes to see a mutant. */
enum rpcancel_wire_mutant_calls {
    RPCANCEL_ONE_CALL,
    RPCANCEL_TWO_IN_TURN, /* without multiplexing: the second one shows that the client has seen the end of the first */
    RPCANCEL_TWO_AT_ONCE
};

struct rpcancel_wire_mutant {
    struct rpcancel_wire_change change;
    enum rpcancel_wire_profile profile; /* whose rules judge it */
    enum rpcancel_wire_profile ends;    /* what both ends are otherwise */
    enum rpcancel_wire_mutant_calls calls;
    bool is_hidden; /* packets do not show it: promises do */
};

extern const struct rpcancel_wire_mutant rpcancel_wire_defects[], rpcancel_wire_variants[];
extern const unsigned rpcancel_wire_defect_count, rpcancel_wire_variant_count;

/* rpcancel_wire_change_find returns the change of the mutant or variant called |name|; NULL when there is none. */
const struct rpcancel_wire_change *rpcancel_wire_change_find(const char *name);

enum rpcancel_wire_kill_end {
    RPCANCEL_WIRE_KILL_SURVIVED,
    RPCANCEL_WIRE_KILL_RULE,    /* |rule| is violated */
    RPCANCEL_WIRE_KILL_PROMISE, /* |promise| is broken, and no rule is violated */
    RPCANCEL_WIRE_KILL_FAILED   /* no memory, or interrupted */
};

struct rpcancel_wire_kill {
    enum rpcancel_wire_kill_end end;
    int rule; /* number of a rule of the wire, -1 for none */
    const char *promise;
    uint64_t pairs; /* searched in all */
    unsigned path_length;
    struct rpcancel_action path[RPCANCEL_WIRE_PATH_MAX];
};

/* rpcancel_wire_kill_try searches |mutant| with everything that may show it: cancels of calls that do not exist,
 * applications that take cancels and such that do not. Fills |*kill|. */
void rpcancel_wire_kill_try(const struct rpcancel_wire_mutant *mutant, const volatile sig_atomic_t *stop,
                            struct rpcancel_wire_kill *kill);

#endif
