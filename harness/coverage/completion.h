// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_COVERAGE_COMPLETION_H
#define RPCANCEL_COVERAGE_COMPLETION_H
/*
 * A completion: the sequences that fill the gaps of coverage, each of them needed.
 */
#include "coverage/complete.h"

struct rpcancel_completion {
    struct rpcancel_sequence *sequences;
    size_t count;
    bool complete; /* it was not ended early */
};

struct rpcancel_completion_options {
    const volatile sig_atomic_t *stop; /* other than 0: end early; NULL for never */
    /* Called now and then with the number of sequences made so far; NULL for silence. */
    void (*progress)(void *context, size_t made);
    void *context;
};

/*
 * rpcancel_completion_make fills |completion| with sequences that cover what |covered| lacks, and adds to it what they
 * cover. None could be left out. When it is ended early, what was made until then is there. False when memory is
 * exhausted. End with rpcancel_completion_free in any case.
 */
bool rpcancel_completion_make(struct rpcancel_completion *completion, struct rpcancel_covered *covered,
                              const struct rpcancel_completion_options *options);
void rpcancel_completion_free(struct rpcancel_completion *completion);

#endif
