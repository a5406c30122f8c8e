// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_CHOOSE_H
#define RPCANCEL_FUZZERS_CHOOSE_H
/*
 * Operations by chance: any at all, one that can happen where it is wanted, or the whole life of a call.
 */
#include "random.h"
#include "reference.h"

/* rpcancel_choose_any returns an operation in canonical form. Every one can come; those on the first handles come more
 * often, so that they meet, and losing the link, after which little can happen, seldom. */
struct rpcancel_operation rpcancel_choose_any(struct rpcancel_random *random);

/* rpcancel_choose_enabled returns an operation that can happen in |world|, and takes |world| there. */
struct rpcancel_operation rpcancel_choose_enabled(struct rpcancel_random *random, struct rpcancel_world *world);

/* rpcancel_choose_life writes the operations of one call, from its initialisation to its end at both sides, each stage
 * taken or left out by chance, to |out| and returns their number, at least 1. */
enum { RPCANCEL_LIFE_MAX = 32 };
unsigned rpcancel_choose_life(struct rpcancel_random *random, struct rpcancel_operation out[RPCANCEL_LIFE_MAX]);

#endif
