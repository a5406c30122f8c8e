// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CLASSIFY_H
#define RPCANCEL_CLASSIFY_H
/*
 * What a mutant is worth, shown by exhaustive search. docs/mutants.md says what each class proves and within which
 * bounds.
 */
#include "engine/explore.h"
#include "engine/product.h"

enum rpcancel_mutant_class {
    RPCANCEL_MUTANT_KILLED,      /* some sequence breaks a rule */
    RPCANCEL_MUTANT_EQUIVALENT,  /* no sequence is answered otherwise than by the reference */
    RPCANCEL_MUTANT_UNSPECIFIED, /* some are, and the documents allow every one of those answers */
    RPCANCEL_MUTANT_MISSED,    /* some are, and the documents do not allow it, or speak of a change that no rule sees */
    RPCANCEL_MUTANT_UNDECIDED, /* a search could not be brought to its end */
    RPCANCEL_MUTANT_CLASSES
};

struct rpcancel_classify_options {
    enum rpcancel_slice slice;     /* the operations that are tried */
    unsigned earlier;              /* earlier calls of the handle that may be alive: 0 or 1 */
    enum rpcancel_profile profile; /* with its choices: */
    const struct rpcancel_choices *choices;
    const struct rpcancel_rule *without_rule; /* one that is not in force; NULL: none */
    uint64_t memory;                          /* bytes for each search, at most */
    const volatile sig_atomic_t *stop;
};

struct rpcancel_classification {
    enum rpcancel_mutant_class mutant_class;
    struct rpcancel_explore_result explore; /* KILLED: violated_rule, and a shortest path to it */
    struct rpcancel_product_result product; /* of the others, but UNDECIDED */
};

/* rpcancel_classify searches |step|, and its product with the reference, with one call, and fills |*classification|.
 * Needs rpcancel_tables_init. */
void rpcancel_classify(const struct rpcancel_stepper *step, const struct rpcancel_classify_options *options,
                       struct rpcancel_classification *classification);

const char *rpcancel_mutant_class_name(enum rpcancel_mutant_class mutant_class);

#endif
