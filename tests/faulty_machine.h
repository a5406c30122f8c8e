// SPDX-License-Identifier: Apache-2.0
#ifndef FAULTY_MACHINE_H
#define FAULTY_MACHINE_H
/*
 * Implementations of machines with deliberate faults, for tests: whether a suite finds what is wrong with them, and
 * whether anything is.
 *
 * An implementation is a machine of which only where transitions lead to and what they give as an answer matter. Where
 * an input is impossible in it, it refuses: nobody judges that, and both stay where they are, as in a run.
 */
#include "random_numbers.h"
#include "suite/suite.h"

/* faulty_copy makes a machine that does the same, with |more| further states, each like a random one of |machine|. It
 * ends the test when memory is exhausted; release it with rpcancel_machine_close. */
struct rpcancel_machine faulty_copy(const struct rpcancel_machine *machine, unsigned more,
                                    struct rpcancel_random *random);

/* faulty_transition returns a random transition that is possible. */
struct rpcancel_transition *faulty_transition(const struct rpcancel_machine *machine, struct rpcancel_random *random);

/* Whether some sequence of inputs that are possible in |right| shows an answer that is not allowed there. */
bool faulty_is_wrong(const struct rpcancel_machine *right, const struct rpcancel_machine *implementation);

/* Whether one of the first |sequences| sequences of |suite| does. */
bool faulty_is_found(const struct rpcancel_suite *suite, const struct rpcancel_machine *right,
                     const struct rpcancel_machine *implementation, uint32_t sequences);

/* Whether a part of |suite| does: what follows |node|, where |right| is in state |expected| and the implementation in
 * |actual|. */
bool faulty_is_found_after(const struct rpcancel_suite *suite, uint32_t node, const struct rpcancel_machine *right,
                           uint32_t expected, const struct rpcancel_machine *implementation, uint32_t actual);

#endif
