// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_COMPLETE_H
#define RPCANCEL_COVERAGE_COMPLETE_H
/*
 * Completing: sequences that cover all that is not covered yet. The same gaps give the same sequences.
 */
#include "coverage/covered.h"

struct rpcancel_complete_options {
    const volatile sig_atomic_t *stop; /* other than 0: end early; NULL for never */
    /* Called for every sequence, which is valid during the call only; false: end early. */
    bool (*take)(void *context, const struct rpcancel_sequence *sequence);
    void *context;
};

/*
 * rpcancel_coverage_complete makes sequences until |covered| has every item of its map to which a way is known: all but
 * rules that no edge of one call decides. Each has at most RPCANCEL_ROUTE_MAX operations. From nothing it takes about
 * fifteen seconds. False when memory is exhausted or it was ended early; what was handed over counts as covered then.
 */
bool rpcancel_coverage_complete(struct rpcancel_covered *covered, const struct rpcancel_complete_options *options);

#endif
