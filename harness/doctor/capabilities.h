// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_CAPABILITIES_H
#define RPCANCEL_DOCTOR_CAPABILITIES_H
/*
 * What trials show of a runtime. No I/O: what happened goes in, notes come out.
 */
#include "doctor/forecast.h"
#include "doctor/notes.h"
#include "doctor/trials.h"

enum { RPCANCEL_TRIAL_GROUPS_MAX = 24, RPCANCEL_TRIAL_TEXTS_MAX = 4 };

/* All trials, by their place in rpcancel_trial_groups; those with no text, or not run, have no steps and end OK. */
struct rpcancel_trials {
    struct rpcancel_trial of[RPCANCEL_TRIAL_GROUPS_MAX][RPCANCEL_TRIAL_TEXTS_MAX];
};

/* rpcancel_judge_controls says what `delivery` and `dispatch` of |control| (struct rpcancel_runtime) mean. */
void rpcancel_judge_controls(struct rpcancel_notes *notes, const uint8_t control[RPCANCEL_OPERATION_KINDS]);

/* rpcancel_judge_reset compares three runs of rpcancel_trial_reset, the first of them in a runtime that was started
 * just before. */
void rpcancel_judge_reset(struct rpcancel_notes *notes, const struct rpcancel_trial runs[3]);

/* rpcancel_judge_twice compares two runs of a trial of |group|; the same answers add no note. Returns whether they were
 * the same. */
bool rpcancel_judge_twice(struct rpcancel_notes *notes, const char *group, const struct rpcancel_trial *one,
                          const struct rpcancel_trial *other);

/* rpcancel_judge_group says what the group of that |number| came to. |forecast| (NULL: none) is what a check would come
 * to if nothing but this group's were lacking. */
void rpcancel_judge_group(struct rpcancel_notes *notes, unsigned number, const struct rpcancel_trials *trials,
                          const struct rpcancel_watch *watch, const struct rpcancel_forecast *forecast);

/* rpcancel_group_lacking returns which kinds of the group's are not implemented. */
rpcancel_kind_mask rpcancel_group_lacking(unsigned number, const struct rpcancel_watch *watch);

/* rpcancel_judge_untried says which groups could not be tried to the end, and what kept them from it. */
void rpcancel_judge_untried(struct rpcancel_notes *notes, const struct rpcancel_trials *trials,
                            const struct rpcancel_watch *watch);

/* rpcancel_trials_lacking returns which kinds are not implemented, or were refused or never announced where they had to
 * be. */
rpcancel_kind_mask rpcancel_trials_lacking(const struct rpcancel_trials *trials, const struct rpcancel_watch *watch);

/* rpcancel_judge_stubs names the functions that answer the same whatever they are asked. */
void rpcancel_judge_stubs(struct rpcancel_notes *notes, const struct rpcancel_trials *trials);

/* rpcancel_judge_forecast says what a check would come to, without what the runtime lacks and does not control. */
void rpcancel_judge_forecast(struct rpcancel_notes *notes, const struct rpcancel_forecast *forecast);

/* rpcancel_judge_latency holds the slowest answer against |deadline_ms|, and how long a start took against |limit_ms|.
 */
void rpcancel_judge_latency(struct rpcancel_notes *notes, const struct rpcancel_watch *watch, unsigned deadline_ms);
void rpcancel_judge_start(struct rpcancel_notes *notes, unsigned took_ms, unsigned limit_ms);

/* What a trial of the clock showed. */
struct rpcancel_clock_trial {
    unsigned elapse_ms;             /* what `elapse` takes in real time */
    unsigned pause_ms;              /* of real time in which nothing was asked, a time-out of a second being set */
    struct rpcancel_answer paused;  /* to `returned` behind it */
    struct rpcancel_answer elapsed; /* and behind an `elapse` more, once everything settled */
};
enum { RPCANCEL_ELAPSE_IS_SHORT_MS = 50 }; /* one that takes less moves a clock of its own */

void rpcancel_judge_clock(struct rpcancel_notes *notes, const struct rpcancel_clock_trial *clock);

#endif
