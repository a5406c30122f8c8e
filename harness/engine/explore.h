// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXPLORE_H
#define RPCANCEL_EXPLORE_H
/*
 * Exhaustive search: every order of every operation on a bounded number of calls and threads, breadth first, over
 * pairs of a world of the reference (or of a mutant) and an observer of it. Every edge is judged by every rule in
 * force and held against the state × operation tables.
 *
 * The observer belongs to the state searched: two runs that reach one world but were told different things can still
 * differ in what a rule has to say.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/alphabet.h"
#include "engine/pair_table.h"
#include "mutants/mutants.h"
#include "reference.h"
#include "rules/judge.h"

enum { RPCANCEL_EXPLORE_RULES_MAX = 256, RPCANCEL_PATH_MAX = 4096 };

/* An operation that happened in a pair. */
struct rpcancel_edge {
    const struct rpcancel_pair *from;
    uint32_t number; /* of |from| in the table of pairs */
    unsigned lead;   /* position of |operation| in the alphabet */
    struct rpcancel_operation operation;
    struct rpcancel_answer answer;
    const struct rpcancel_pair *to;
};

struct rpcancel_explore_options {
    unsigned calls;   /* 1 … RPCANCEL_HANDLES_MAX */
    unsigned threads; /* dispatchers, 1 … RPCANCEL_DISPATCHERS_MAX */
    unsigned earlier; /* earlier calls (a' …) that may be alive at once; a `call` beyond them is not tried */
    unsigned depth;   /* longest sequence, 0 for no limit */
    bool every_argument;
    enum rpcancel_slice slice;
    bool flips;
    uint64_t memory;  /* bytes for the table of pairs */
    unsigned seconds; /* 0 for no limit */
    enum rpcancel_profile profile;
    struct rpcancel_stepper step; /* what is searched; {rpcancel_step} for the reference */
    const struct rpcancel_choices *choices;
    /* Go on until this rule is violated. Where another one is, a run would end: such edges are not followed. NULL: end
     * at the first violation of any rule. */
    const struct rpcancel_rule *only_rule;
    const struct rpcancel_rule *without_rule; /* one that is not in force, to see what it is worth; NULL: none */
    const volatile sig_atomic_t *stop;        /* not 0: end early; NULL for never */
    /* Called for every edge, pair by pair in the order of their numbers; NULL for never. */
    void (*edge)(void *context, const struct rpcancel_edge *edge);
    void *edge_context;
    /* Turns a pair into the one that stands for all that look alike, so that the search goes on from that one alone.
     * The operations that lead from pair to pair then are those of such stand-ins. NULL: every pair stands for itself.
     */
    void (*represent)(struct rpcancel_pair *pair);
    /* The table of pairs as it is at the end, which the caller closes, unless the end is NO_MEMORY; NULL: not kept. */
    struct rpcancel_pair_table *keep;
    /* Called now and then with what is known so far; NULL for silence. */
    void (*progress)(const struct rpcancel_pair_table *table, uint32_t expanded, uint64_t edges);
};

enum rpcancel_explore_end {
    RPCANCEL_EXPLORE_CLOSED, /* every pair that can be reached was expanded */
    RPCANCEL_EXPLORE_DEPTH,  /* open: the limits, or the user, ended it */
    RPCANCEL_EXPLORE_MEMORY,
    RPCANCEL_EXPLORE_TIME,
    RPCANCEL_EXPLORE_STOPPED,
    RPCANCEL_EXPLORE_VIOLATED, /* a rule (|only_rule|, if given) was violated: `path` is a shortest sequence for it */
    RPCANCEL_EXPLORE_NO_MEMORY /* could not even start */
};

struct rpcancel_explore_result {
    enum rpcancel_explore_end end;
    uint32_t states; /* distinct worlds */
    uint32_t pairs;
    uint64_t edges;      /* operations that happened, one for each pair and operation */
    uint64_t unjudged;   /* edges in a cell that a rule owes a decision on, without one */
    uint64_t overjudged; /* edges in a cell where no document speaks, with a decision */
    uint64_t outside;    /* edges whose answer is not the one their owed cell lists */
    uint64_t bytes;      /* memory of the table at the end */
    double seconds;
    unsigned depth;                               /* of the deepest pair */
    uint64_t decided[RPCANCEL_EXPLORE_RULES_MAX]; /* by rule index */
    /* Flips: the answer of an edge replaced by every other known one. */
    uint64_t flips_tried;
    uint64_t flips_flagged;
    uint64_t flips_unspecified;
    uint64_t flips_missed;
    uint64_t flips_wrong; /* flagged although the cell allows the answer or owes nothing */
    uint64_t flipped_alone[RPCANCEL_EXPLORE_RULES_MAX]; /* flips that this rule alone flagged */
    /* The first edge that was VIOLATED, unjudged, overjudged, outside, missed or wrong: the way there and it. */
    unsigned path_length;
    struct rpcancel_operation path[RPCANCEL_PATH_MAX];
    struct rpcancel_answer path_answer; /* of the last operation; a flipped one where a flip is shown */
    int violated_rule;                  /* index, -1 for none */
};

/* rpcancel_explore searches and fills |*result|. Needs rpcancel_tables_init. One search uses one processor; several may
 * run in one process. */
void rpcancel_explore(const struct rpcancel_explore_options *options, struct rpcancel_explore_result *result);

#endif
