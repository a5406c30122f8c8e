// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_PROGRESS_H
#define RPCANCEL_FUZZERS_PROGRESS_H
/*
 * The progress of a fuzz job, in a file that all its processes map and whoever watches the job reads: what the engines
 * themselves do not know, and what is left when one of them dies.
 *
 * The file begins with 64-bit numbers of this machine's byte order, at the positions of enum rpcancel_progress_number;
 * bits for states and rules follow. `od -A n -t u8 -N 80 FILE` shows them. RPCANCEL_PROGRESS in the environment names
 * the file; without it nothing is counted.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coverage/one_call_index.h"
#include "rules/judge.h"

enum rpcancel_progress_number {
    RPCANCEL_PROGRESS_MAGIC,      /* RPCANCEL_PROGRESS_VERSION once the file is ready */
    RPCANCEL_PROGRESS_EXECUTIONS, /* inputs that were run, to their end or to a violation */
    RPCANCEL_PROGRESS_OPERATIONS, /* that happened */
    RPCANCEL_PROGRESS_DECISIONS,  /* of rules */
    RPCANCEL_PROGRESS_VIOLATIONS, /* inputs that broke a rule, those of rules that are passed over among them */
    RPCANCEL_PROGRESS_STATES,     /* of one call that were reached (coverage/one_call_index.h) … */
    RPCANCEL_PROGRESS_ALL_STATES, /* … of so many */
    RPCANCEL_PROGRESS_RULES,      /* that decided an answer … */
    RPCANCEL_PROGRESS_ALL_RULES,  /* … of so many in force */
    RPCANCEL_PROGRESS_NUMBERS
};

#define RPCANCEL_PROGRESS_VERSION UINT64_C(0x3153534552474F52) /* the bytes "ROGRESS1" */

/* What one process knows; the file is behind it. */
struct rpcancel_progress {
    struct rpcancel_progress_shared *shared; /* NULL: nothing is counted */
    struct rpcancel_one_call_index *index;
    const struct rpcancel_rule_set *rules;
    uint64_t *states;                                 /* bits known to be set in the file */
    uint64_t rules_decided[RPCANCEL_OPERATION_KINDS]; /* masks known to be noted */
    uint64_t decisions;                               /* of this input */
};

/* rpcancel_progress_open begins to count if the environment asks for it. |rules| are those in force and must live on.
 * False, having said why on standard error, when the file cannot be used. */
bool rpcancel_progress_open(struct rpcancel_progress *progress, const struct rpcancel_rule_set *rules);

/* The slow halves of the two below: for what is new to this process. */
void rpcancel_progress_note_state(struct rpcancel_progress *progress, unsigned state);
void rpcancel_progress_note_rules(struct rpcancel_progress *progress, unsigned kind, uint32_t decided);

/* rpcancel_progress_step takes in that |operation| left |world| behind and that the rules |decided| (as in a verdict)
 * applied. Only to be called while progress->shared. */
static inline void rpcancel_progress_step(struct rpcancel_progress *progress, const struct rpcancel_world *world,
                                          struct rpcancel_operation operation, uint32_t decided)
{
    int state = rpcancel_one_call_index_state(progress->index, world, operation.handle);
    if (state >= 0 && !(progress->states[state / 64] >> state % 64 & 1u))
        rpcancel_progress_note_state(progress, (unsigned)state);
    if (decided & ~progress->rules_decided[operation.kind])
        rpcancel_progress_note_rules(progress, operation.kind, decided);
    progress->decisions += (unsigned)__builtin_popcount(decided);
}

/* rpcancel_progress_input ends an input in which |operations| happened, with a violation or without. */
void rpcancel_progress_input(struct rpcancel_progress *progress, uint64_t operations, bool violated);

#endif
