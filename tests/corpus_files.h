// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_CORPUS_FILES_H
#define RPCANCEL_TESTS_CORPUS_FILES_H
/*
 * The sequences of the corpus, read from the catalogue in the program. Failures end the running test.
 */
#include <stdbool.h>

#include "engine/catalogue.h"
#include "sequence/sequence.h"

/* corpus_read returns the sequence of |entry|. The caller frees it. */
struct rpcancel_sequence corpus_read(const struct rpcancel_catalogue_entry *entry);

/* corpus_rule_of returns the index of the rule that the name of |entry| speaks of, -1 for a race or a bug; fails where
 * the name is neither rules/PAGE/NUMBER-SLUG.seq nor races/SLUG.seq nor bugs/SLUG.seq. */
int corpus_rule_of(const struct rpcancel_catalogue_entry *entry);

#endif
