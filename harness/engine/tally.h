// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TALLY_H
#define RPCANCEL_TALLY_H
/*
 * Tallies: what became of each rule, and how each kind of operation was answered, over any number of runs. They tell
 * a rule that was really decided from one that nothing reached, or that a stub satisfies by accident.
 */
#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "operation.h"
#include "rules/judge.h"

enum { RPCANCEL_RULES_MAX = 256, RPCANCEL_ANSWERS_MAX = 8 };

/* How a run ended. */
enum rpcancel_run_end {
    RPCANCEL_RUN_OK,            /* carried out to the end, no rule in force violated */
    RPCANCEL_RUN_VIOLATED,      /* a rule was violated; stopped there */
    RPCANCEL_RUN_UNIMPLEMENTED, /* an operation that changes state is not implemented; stopped there */
    RPCANCEL_RUN_CRASHED,
    RPCANCEL_RUN_HUNG,
    RPCANCEL_RUN_BROKEN,
    RPCANCEL_RUN_ENDS
};

/* A few distinct answers; those beyond the capacity are left out. */
struct rpcancel_answers {
    struct rpcancel_answer list[RPCANCEL_ANSWERS_MAX];
    unsigned count;
};

/* A line of a sequence's text. */
struct rpcancel_place {
    const char *sequence; /* its name; NULL: no such line, or whoever made the run names none */
    uint32_t line;
};

struct rpcancel_rule_tally {
    uint64_t decided;
    uint64_t violated;
    uint64_t crashed;                      /* lines it would have decided, had the runtime not crashed there */
    uint64_t hung;                         /* the same, for want of an answer in time */
    uint64_t unimplemented;                /* lines it may judge whose operation was not there */
    uint64_t unreached[RPCANCEL_RUN_ENDS]; /* lines it may judge that came after the end of a run, by that end */
    uint64_t missing; /* bit n: operation kind n, which is not implemented, ended a run before such a line */
    struct rpcancel_place decided_at; /* the first line that it decided */
    struct rpcancel_place missed_at;  /* the first line that is not implemented and keeps it from deciding */
    struct rpcancel_answers held;     /* answers that held */
};

struct rpcancel_kind_tally {
    uint64_t happened;    /* answers after which it had been carried out */
    uint64_t answered;    /* with something to judge: a code, a handle, an exception */
    uint64_t unspecified; /* answers among them that no rule in force decided */
    uint64_t unimplemented;
    uint64_t crashed; /* runs that ended here for want of an answer */
    uint64_t hung;
    struct rpcancel_answers undecided; /* answers that no rule in force decided */
};

/* Zero-initialise to start counting. */
struct rpcancel_tallies {
    struct rpcancel_rule_tally rules[RPCANCEL_RULES_MAX]; /* by index in the table of rules */
    struct rpcancel_kind_tally kinds[RPCANCEL_ALL_KINDS];
    uint64_t operations;        /* steps that runs made */
    uint8_t lacks;              /* RPCANCEL_WIRE_NEEDS_… that a server under test cannot meet */
    struct rpcancel_place here; /* the line in hand: the caller names the sequence, the run sets the line */
};

/* rpcancel_answers_add adds |answer| unless one with the same kind and code is there. */
void rpcancel_answers_add(struct rpcancel_answers *answers, struct rpcancel_answer answer);

/* rpcancel_answers_has tells whether an answer with the kind and code of |answer| is there. */
bool rpcancel_answers_has(const struct rpcancel_answers *answers, struct rpcancel_answer answer);

/* rpcancel_tally_answer counts an answer that violates nothing; |decided| is the mask of a verdict by |set|. */
void rpcancel_tally_answer(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set,
                           struct rpcancel_operation operation, struct rpcancel_answer answer, uint32_t decided);

/* rpcancel_tally_unimplemented counts a line whose |kind| of operation was not there. */
void rpcancel_tally_unimplemented(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set, unsigned kind);

/* rpcancel_tally_unreached counts a line that came after a run's |end|, at an operation of the kind |ended_by|. */
void rpcancel_tally_unreached(struct rpcancel_tallies *tallies, const struct rpcancel_rule_set *set, unsigned kind,
                              enum rpcancel_run_end end, unsigned ended_by);

#endif
