// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DIFFERENCE_H
#define RPCANCEL_DIFFERENCE_H
/*
 * What changed between two results of one kind, and whether it is for the worse.
 *
 * Verdicts are compared as the runtime earned them, without expectation lists. Worse is:
 *
 *  - a rule held, and does not any more: any verdict but PASS. Where it is SKIP and the newer result has fewer
 * sequences, that is the choice of who ran it, and a change;
 *  - a rule, sequence or question crashes or hangs, and did not;
 *  - a sequence was carried out to the end, and is not any more, of two results of one profile, catalogue and
 * strictness;
 *  - an operation was implemented, and is not, or not always;
 *  - the check was complete, and is not.
 *
 * Better is the reverse: a rule holds that did not. A rule that was not shown before and is broken now is a change:
 * nothing held that does not any more.
 */
#include <stdio.h>

#include "results/result.h"

enum rpcancel_change { RPCANCEL_CHANGE_WORSE, RPCANCEL_CHANGE_OTHER, RPCANCEL_CHANGE_BETTER, RPCANCEL_CHANGES };

enum rpcancel_change_subject {
    RPCANCEL_CHANGE_OF_RULE,
    RPCANCEL_CHANGE_OF_SEQUENCE,
    RPCANCEL_CHANGE_OF_CAPABILITY,
    RPCANCEL_CHANGE_OF_QUESTION,
    RPCANCEL_CHANGE_OF_FACT, /* about the result as a whole */
};

/* One side of a change. */
struct rpcancel_change_side {
    const char *word; /* the verdict, or what a fact says; NULL: this result knows nothing of the subject */
    const char *text; /* the message; "" */
};

struct rpcancel_difference {
    enum rpcancel_change change;
    enum rpcancel_change_subject subject;
    const char *id;
    struct rpcancel_change_side old, new;
};

/* Zero-initialise; end with rpcancel_differences_free. The results must outlive it. */
struct rpcancel_differences {
    const struct rpcancel_saved_result *old, *new;
    struct rpcancel_difference *list; /* what is worse first, what is better last; rules before sequences and so on */
    size_t count, capacity;
    size_t counts[RPCANCEL_CHANGES];
    bool exhausted;
};

/* rpcancel_differences_find compares two results of one kind. False: memory is exhausted. */
bool rpcancel_differences_find(struct rpcancel_differences *differences, const struct rpcancel_saved_result *old,
                               const struct rpcancel_saved_result *new);

void rpcancel_differences_free(struct rpcancel_differences *differences);

/* rpcancel_differences_caution returns the |index|th reason, from 0, why the results can be compared in part only; NULL
 * behind the last one. Static storage. */
const char *rpcancel_differences_caution(const struct rpcancel_differences *differences, unsigned index);

/* rpcancel_differences_print writes them for people; the last line is `diff: N worse, N changed, N better`. |old_name|
 * and |new_name| say where the results are from. */
void rpcancel_differences_print(const struct rpcancel_differences *differences, const char *old_name,
                                const char *new_name, FILE *out);

/* rpcancel_differences_json writes them as docs/diff.schema.json says; false when memory is exhausted. */
bool rpcancel_differences_json(const struct rpcancel_differences *differences, const char *old_name,
                               const char *new_name, FILE *out);

#endif
