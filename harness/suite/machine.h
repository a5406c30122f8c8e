// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_MACHINE_H
#define RPCANCEL_SUITE_MACHINE_H
/*
 * Machines: finite, deterministic, partial state machines with inputs and judged outputs, from which suites are
 * generated (docs/completeness.md).
 *
 * The output of an input in a state is the set of answers that no rule objects to there. Where no rule judges it is
 * the set of all answers: two such sets have always one in common, so an answer that nobody judges never tells states
 * apart.
 */
#include <stdbool.h>
#include <stdint.h>

#include "sequence/sequence.h"

#define RPCANCEL_MACHINE_IMPOSSIBLE UINT32_MAX
#define RPCANCEL_MACHINE_UNJUDGED UINT64_MAX

/* One input in one state. */
struct rpcancel_transition {
    uint32_t next;                /* state; RPCANCEL_MACHINE_IMPOSSIBLE: the input is impossible, or undefined, here */
    bool open;                    /* several answers are allowed, and which one is given decides what follows */
    rpcancel_expectation allowed; /* answers that no rule objects to; RPCANCEL_MACHINE_UNJUDGED: no rule judges */
    rpcancel_expectation given;   /* the answer of the reference, a set of one; 0: the input has no return code */
};

struct rpcancel_machine {
    uint32_t states; /* state 0 is the initial one */
    unsigned inputs;
    struct rpcancel_transition *transitions; /* by state * inputs + input */
};

/* rpcancel_machine_open makes a machine in which everything is impossible; false when memory is exhausted. Release it
 * with rpcancel_machine_close, which a machine that was zero-initialised only is allowed to. */
bool rpcancel_machine_open(struct rpcancel_machine *machine, uint32_t states, unsigned inputs);
void rpcancel_machine_close(struct rpcancel_machine *machine);

static inline struct rpcancel_transition *rpcancel_machine_at(const struct rpcancel_machine *machine, uint32_t state,
                                                              unsigned input)
{
    return &machine->transitions[(size_t)state * machine->inputs + input];
}

static inline bool rpcancel_transition_is_possible(const struct rpcancel_transition *transition)
{
    return transition->next != RPCANCEL_MACHINE_IMPOSSIBLE;
}

/*
 * rpcancel_machine_fold makes |*folded| of |machine|, with one state for each class of states between which neither
 * what is possible nor what is allowed ever makes a difference, however long one goes on (partition refinement). A
 * class has the number that the first of its states gives it; what the reference answers is taken from that state.
 * |class_of|, by state of |machine|, is filled in. False, with nothing to close, when memory is exhausted.
 */
bool rpcancel_machine_fold(const struct rpcancel_machine *machine, struct rpcancel_machine *folded, uint32_t *class_of);

#endif
