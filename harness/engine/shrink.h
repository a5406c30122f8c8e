// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SHRINK_H
#define RPCANCEL_SHRINK_H
/*
 * Shrinking: making a failing sequence as small as it gets while it still fails in the same way. The runtime is a black
 * box: it is only ever asked to run sequences.
 *
 * "Smaller" is one strict order (engine/shrink_order.h), every sequence that takes the place of another is smaller than
 * it, and nothing is drawn at random: the same sequence on the same deterministic runtime shrinks to the same bytes.
 */
#include <signal.h>

#include "engine/failure.h"

struct rpcancel_shrink_options {
    struct rpcancel_failure_kind kind;        /* the failure that must stay */
    bool was_shown;                           /* repeatedly, in this run: once more will do to begin with */
    unsigned runs;                            /* at most so many are made, but for the last RPCANCEL_ATTEMPTS */
    const volatile sig_atomic_t *interrupted; /* not 0: end with the smallest sequence so far; NULL: never */
    /* Called before every run with the runs made and the operations left; NULL: never. */
    void (*progress)(void *context, unsigned runs, size_t length);
    void *progress_context;
};

enum rpcancel_shrink_end {
    RPCANCEL_SHRINK_DONE,        /* nothing that was tried makes it smaller */
    RPCANCEL_SHRINK_SPENT,       /* all runs were made before that */
    RPCANCEL_SHRINK_INTERRUPTED, /* likewise */
    RPCANCEL_SHRINK_UNRELIABLE,  /* not every one of the first runs shows the failure */
    RPCANCEL_SHRINK_BROKEN       /* the harness could not do its work; |failure| says why */
};

struct rpcancel_shrink_result {
    enum rpcancel_shrink_end end;
    unsigned runs;                           /* all that were made */
    unsigned shown;                          /* of the last RPCANCEL_ATTEMPTS runs so many show the failure */
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* BROKEN: one line */
};

/*
 * rpcancel_shrink shrinks |sequence| on |runtime| and fills |*result|. First RPCANCEL_ATTEMPTS runs, or one of what
 * was_shown, must show the failure; until they have, |sequence| is not touched. What is left ends with the operation at
 * which the run failed and makes as much sense as before: shrinking adds no operation that the reference would refuse,
 * call undefined or raise on where it stands. RPCANCEL_ATTEMPTS runs in a row showed it when it was found, and it is
 * run as often again at the end; where that fails, it was small by luck, and what was before it is taken again.
 * Expectations and line numbers are left out: they belong to the sequence as it was.
 *
 * |run| gives the rules, and holds the last run of |sequence| that shows the failure if result->shown is not 0 and
 * |sequence| was touched. Nothing is added to its tallies.
 */
void rpcancel_shrink(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_sequence *sequence,
                     const struct rpcancel_shrink_options *options, struct rpcancel_shrink_result *result);

#endif
