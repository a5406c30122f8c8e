// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_TEXT_H
#define RPCANCEL_SUITE_TEXT_H
/*
 * Suites as texts of sequences, which a check can run in place of the catalogue and a folder can hold.
 */
#include "engine/alphabet.h"
#include "engine/catalogue.h"
#include "suite/suite.h"

/* The sequences, in the order in which a walk comes to their ends; names such as "suite/012/345.seq" are numbers. */
struct rpcancel_suite_texts {
    struct rpcancel_catalogue_entry *entries;
    size_t count;
    char id[17];  /* 16 hexadecimal digits that change with any of them */
    char *memory; /* that names and texts are in */
};

/* rpcancel_suite_texts_make writes all of |suite|, whose inputs are operations of |alphabet|; false when memory is
 * exhausted. Release them with rpcancel_suite_texts_free in any case. */
bool rpcancel_suite_texts_make(struct rpcancel_suite_texts *texts, const struct rpcancel_suite *suite,
                               const struct rpcancel_alphabet *alphabet);
void rpcancel_suite_texts_free(struct rpcancel_suite_texts *texts);

#endif
