// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_PROGRESS_H
#define RPCANCEL_FUZZERS_PROGRESS_H
/*
 * The progress of a fuzz job, in a file that all its processes map and whoever watches the job reads: what the engines
 * themselves do not know, and what is left when one of them dies.
 *
 * RPCANCEL_PROGRESS in the environment names the file; without it nothing is counted. It begins with 64-bit numbers in
 * this machine's byte order, at the positions of enum rpcancel_progress_number: `od -A n -v -t u8 -w8 -N 72 FILE` shows
 * them. Processes may join and leave at any time; each uses its own struct, in one thread.
 */
#include <stdbool.h>
#include <stdint.h>

enum rpcancel_progress_number {
    RPCANCEL_PROGRESS_MAGIC,      /* RPCANCEL_PROGRESS_VERSION once the file is ready */
    RPCANCEL_PROGRESS_EXECUTIONS, /* inputs that were run, to their end or to a violation */
    RPCANCEL_PROGRESS_OPERATIONS, /* that happened */
    RPCANCEL_PROGRESS_DECISIONS,  /* of rules; 0 where the target does not count them */
    RPCANCEL_PROGRESS_VIOLATIONS, /* inputs that broke a rule, also one that is passed over */
    RPCANCEL_PROGRESS_STATES,     /* of one call that were reached (coverage/one_call_index.h) … */
    RPCANCEL_PROGRESS_ALL_STATES, /* … of so many; 0 where the target cannot know */
    RPCANCEL_PROGRESS_RULES,      /* that decided an answer … */
    RPCANCEL_PROGRESS_ALL_RULES,  /* … of so many in force */
    RPCANCEL_PROGRESS_NUMBERS
};

#define RPCANCEL_PROGRESS_VERSION UINT64_C(0x3153534552474F52) /* the bytes "ROGRESS1" */

enum { RPCANCEL_PROGRESS_STATE_WORDS = 64, RPCANCEL_PROGRESS_RULE_WORDS = 4 };

struct rpcancel_progress_shared;

struct rpcancel_progress {
    struct rpcancel_progress_shared *shared;        /* the file; NULL: nothing is counted */
    uint64_t states[RPCANCEL_PROGRESS_STATE_WORDS]; /* bits that are known to be set in the file */
    uint64_t rules[RPCANCEL_PROGRESS_RULE_WORDS];
};

/* rpcancel_progress_open begins to count if the environment asks for it. |rules| is how many rules can decide, of at
 * most 64 × RPCANCEL_PROGRESS_RULE_WORDS, |states| how many states there are, at most 64 ×
 * RPCANCEL_PROGRESS_STATE_WORDS. False, having said why on standard error, when the file cannot be used, or is one of
 * another kind. */
bool rpcancel_progress_open(struct rpcancel_progress *progress, unsigned rules, unsigned states);

/* The slow halves of the two below: for what is new to this process. */
void rpcancel_progress_note_state(struct rpcancel_progress *progress, unsigned state);
void rpcancel_progress_note_rule(struct rpcancel_progress *progress, unsigned rule);

/* rpcancel_progress_state takes in that |state| was reached; rpcancel_progress_rule that the rule with that index
 * decided an answer. rpcancel_progress_input ends an input. Only to be called while progress->shared. */
static inline void rpcancel_progress_state(struct rpcancel_progress *progress, unsigned state)
{
    if (!(progress->states[state / 64] >> state % 64 & 1u))
        rpcancel_progress_note_state(progress, state);
}

static inline void rpcancel_progress_rule(struct rpcancel_progress *progress, unsigned rule)
{
    if (!(progress->rules[rule / 64] >> rule % 64 & 1u))
        rpcancel_progress_note_rule(progress, rule);
}

void rpcancel_progress_input(struct rpcancel_progress *progress, uint64_t operations, uint64_t decisions,
                             bool violated);

#endif
