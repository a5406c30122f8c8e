// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TWO_CALLS_SUITE_H
#define RPCANCEL_TWO_CALLS_SUITE_H
/*
 * The bounded suite of two calls: two handles on two dispatcher threads, each of which may be used again while one
 * earlier call of it lives on. Which handle is initialised first, and which thread serves first, makes no difference
 * and is tried only once; of operations it has those that make, cancel, serve, deliver and end calls.
 *
 * After every transition each of the two calls is identified by the words it would have if it were alone.
 * docs/completeness.md says what that shows, and what not.
 */
#include "suite/model.h"
#include "suite/suite.h"

struct rpcancel_two_calls_suite {
    struct rpcancel_alphabet alphabet; /* input n of |suite| is operation n of it */
    struct rpcancel_suite suite;
    uint32_t states;      /* pairs of world and observer that sequences of fewer than |depth| operations reach */
    uint32_t classes;     /* different pairs of classes of |model| that the two calls are in there */
    uint64_t transitions; /* out of these states, all of them in the suite */
};

enum { RPCANCEL_TWO_CALLS_DEPTH_DEFAULT = 8, RPCANCEL_TWO_CALLS_DEPTH_MAX = 14 };

/* rpcancel_two_calls_suite_make fills |*made| with the suite of all transitions that sequences of |depth| operations
 * have. False when there is no more room, or the reference breaks a rule. Release it with rpcancel_suite_close of its
 * |suite| in any case. */
bool rpcancel_two_calls_suite_make(struct rpcancel_two_calls_suite *made, const struct rpcancel_suite_model *model,
                                   unsigned depth);

#endif
