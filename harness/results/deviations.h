// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DEVIATIONS_H
#define RPCANCEL_DEVIATIONS_H
/*
 * What runtimes do otherwise than rules want, counted so that nothing counts twice: a deviation is another runtime,
 * another function or PDU, or another rule.
 *
 *  - What several profiles show of one runtime is one deviation.
 *  - A function that answers everything alike is a stub, and all rules that this breaks are one deviation.
 *  - A sequence that extends the sequence of another deviation of the runtime shows nothing by itself.
 *  - Rules that are not binding (NONSTRICT) do not count.
 *  - Nor does a HANG that not all runs of its sequence show: a machine that is slow hangs so too.
 *  - What is VACUOUS or UNIMPLEMENTED is no deviation: nothing was shown. It is counted by itself, a function or a
 * message once for each runtime.
 *  - Nor is a rule that was never decided, since its function crashed or hung wherever it was called before.
 *  - A crash or hang that no rule is blamed for is counted by itself, too.
 */
#include "results/column.h"

enum rpcancel_counting {
    RPCANCEL_COUNTS,
    RPCANCEL_COUNTS_WITH_STUB, /* as part of |with| */
    RPCANCEL_COUNTS_WITH_SHORTER,
    RPCANCEL_COUNTS_NOT_BINDING,
    RPCANCEL_COUNTS_NOW_AND_THEN
};

struct rpcancel_deviation {
    const struct rpcancel_column *column;            /* that shows it best: where it is binding, by the first profile */
    uint64_t shown_by;                               /* bit n: so does column n */
    const struct rpcancel_result_rule *rule;         /* NULL: none is blamed */
    const struct rpcancel_result_sequence *sequence; /* that crashed or hung then */
    enum rpcancel_counting counting;
    size_t with; /* index of the deviation that it is part of: one that counts, or that is part of one itself */
};

/* What a runtime does not show. */
struct rpcancel_gap {
    const char *label;
    enum rpcancel_verdict_word
        verdict;       /* VACUOUS, UNIMPLEMENTED, SKIP or HARNESS-ERROR; CRASH or HANG: never decided */
    const char *why;   /* the message; of VACUOUS the function */
    size_t rule_count; /* different rules that have it */
};

/* Zero-initialise; end with rpcancel_deviations_free. The columns must outlive it. */
struct rpcancel_deviations {
    const struct rpcancel_columns *columns;
    struct rpcancel_deviation *list; /* a runtime after the other, rules in the order of the table */
    size_t count;
    struct rpcancel_gap *gaps; /* likewise */
    size_t gap_count;
    bool exhausted;
};

/* How many there are, of one runtime or of all. */
struct rpcancel_deviation_counts {
    size_t deviations; /* that count */
    size_t sequences;  /* different shortest sequences that show these */
    size_t unblamed;   /* crashes and hangs of sequences that no rule is blamed for */
    size_t stubs;      /* functions whose rules are VACUOUS */
    size_t missing;    /* what is not implemented */
    size_t not_binding;
    size_t now_and_then; /* hung so */
};

/* rpcancel_deviations_find looks through all columns. False: memory is exhausted. */
bool rpcancel_deviations_find(struct rpcancel_deviations *deviations, const struct rpcancel_columns *columns);

void rpcancel_deviations_free(struct rpcancel_deviations *deviations);

/* rpcancel_deviations_count counts those of the runtime |label|; NULL: of all runtimes. */
struct rpcancel_deviation_counts rpcancel_deviations_count(const struct rpcancel_deviations *deviations,
                                                           const char *label);

/* rpcancel_gap_has tells whether |rule| of a result of the gap's runtime belongs to it. */
bool rpcancel_gap_has(const struct rpcancel_gap *gap, const struct rpcancel_result_rule *rule);

#endif
