// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_MEASURE_H
#define RPCANCEL_SHRINK_MEASURE_H
/*
 * How good shrinking is: random failures of a mutant are shrunk, and what is left is held against the shortest sequence
 * there is, which exhaustive search finds. Nothing here depends on time: the same options give the same figures.
 */
#include <stddef.h>
#include <stdint.h>

#include "mutants/mutants.h"
#include "sequence/sequence.h"

struct rpcancel_shrink_measure_options {
    unsigned failures; /* how many to shrink */
    unsigned least;    /* operations up to the one at which they fail, at least */
    unsigned draws;    /* random sequences at most */
    unsigned runs;     /* at most, to shrink one */
    uint64_t seed;
};

struct rpcancel_shrink_measure {
    bool complete;     /* false: memory was exhausted, or a search could not be carried out */
    unsigned draws;    /* random sequences it took */
    unsigned failures; /* that were found and shrunk; the figures below are of them */
    unsigned shortest; /* of them ended as short as possible */
    double ratio_sum;  /* of operations left to operations needed for the same rule */
    double ratio_max;
    uint64_t operations_before; /* up to the failing ones */
    uint64_t operations_after;
    uint64_t runs;
    struct rpcancel_sequence worst; /* what was left where the ratio is the largest; rpcancel_sequence_free it */
    int worst_rule;
    unsigned worst_needed; /* operations needed for that rule */
};

/* rpcancel_shrink_measure fills |*measure|. Failures are those of sequences on two handles and two dispatchers that
 * random engines draw; the search has two calls, any number of earlier ones and the same alphabet. Needs
 * rpcancel_tables_init. */
void rpcancel_shrink_measure(const struct rpcancel_mutant *mutant,
                             const struct rpcancel_shrink_measure_options *options,
                             struct rpcancel_shrink_measure *measure);

#endif
