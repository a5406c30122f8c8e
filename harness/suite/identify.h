// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_IDENTIFY_H
#define RPCANCEL_SUITE_IDENTIFY_H
/*
 * State identifiers: for every state few sequences of inputs, called words, by whose answers it is known.
 *
 * They are harmonised: for two states that can be told apart for certain, both have a word in common that does. So an
 * implementation that passes the words of both in two places was in two different states there. For states that can
 * be told apart by the answers of the reference only, the expected one has a word that does.
 */
#include "suite/apart.h"

struct rpcancel_word {
    unsigned count;
    uint16_t *inputs;
};

struct rpcancel_identifiers {
    unsigned count;
    struct rpcancel_word *words; /* the sum of all, each once */
    uint32_t states;
    uint32_t *begin;   /* by state: where its words begin in |of|; those of the last end at begin[states] */
    uint32_t *of;      /* numbers of words */
    uint64_t pairs[3]; /* pairs of states told apart for certain, by the reference's answers one way or both, and not */
};

/* Positions in |pairs|. */
enum { RPCANCEL_PAIRS_CERTAIN, RPCANCEL_PAIRS_BY_REFERENCE, RPCANCEL_PAIRS_NOT };

/* rpcancel_identifiers_make makes them for |machine|; false when memory is exhausted. Release them with
 * rpcancel_identifiers_free in any case. */
bool rpcancel_identifiers_make(struct rpcancel_identifiers *identifiers, const struct rpcancel_machine *machine);
void rpcancel_identifiers_free(struct rpcancel_identifiers *identifiers);

#endif
