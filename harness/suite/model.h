// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_MODEL_H
#define RPCANCEL_SUITE_MODEL_H
/*
 * The model: the machine of one call that suites are made from. Its states are the pairs that exhaustive search reaches
 * with one call on one dispatcher thread, folded; its inputs the operations, with every argument; its outputs what the
 * rules in force, of every level, have to say.
 */
#include "engine/alphabet.h"
#include "engine/explore.h"
#include "engine/pair_table.h"
#include "reference.h"
#include "rules/rules.h"
#include "suite/identify.h"

struct rpcancel_suite_model {
    enum rpcancel_profile profile;
    const struct rpcancel_choices *choices; /* of the reference under that profile */
    struct rpcancel_alphabet alphabet;      /* input n is operation n of it */
    struct rpcancel_pair_table pairs;
    uint32_t *class_of; /* by number of a pair: the state of |machine| */
    struct rpcancel_machine machine;
    struct rpcancel_identifiers identifiers;
};

/* rpcancel_suite_model_open makes it, in less than a second; NULL when memory is exhausted, or the reference breaks a
 * rule and the search cannot end. Release it with rpcancel_suite_model_close; NULL is allowed there. Constant from
 * then on. */
struct rpcancel_suite_model *rpcancel_suite_model_open(enum rpcancel_profile profile);
void rpcancel_suite_model_close(struct rpcancel_suite_model *model);

/* rpcancel_suite_model_class returns the state of the model's machine that |handle| of |pair| is in, whatever happens
 * to the others; RPCANCEL_MACHINE_IMPOSSIBLE when there is none, because an earlier call of the handle is alive. */
uint32_t rpcancel_suite_model_class(const struct rpcancel_suite_model *model, const struct rpcancel_pair *pair,
                                    unsigned handle);

/* rpcancel_suite_search searches by |options|. False, with nothing kept, unless it came to the end of the machine or of
 * the depth asked for. */
bool rpcancel_suite_search(const struct rpcancel_explore_options *options);

#endif
