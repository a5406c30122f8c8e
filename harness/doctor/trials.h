// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_TRIALS_H
#define RPCANCEL_DOCTOR_TRIALS_H
/*
 * Trials: of each group of operations the shortest sequences in which each of them is valid, with what then comes of
 * it. They show what a runtime has; what is right is for the rules.
 */
#include "doctor/watch.h"
#include "engine/run.h"

struct rpcancel_trial_group {
    const char *name;         /* "notifications" */
    const char *const *texts; /* the sequences; ended by NULL */
    rpcancel_kind_mask kinds; /* that it is about: those of them that are not implemented are the group's to tell */
};

extern const struct rpcancel_trial_group rpcancel_trial_groups[];
extern const unsigned rpcancel_trial_group_count;

/* rpcancel_trial_reset is the sequence that a reset has something to forget of. */
extern const char rpcancel_trial_reset[];

enum { RPCANCEL_TRIAL_STEPS_MAX = 24 };

/* One line of a trial that was answered. */
struct rpcancel_trial_step {
    struct rpcancel_operation operation;
    struct rpcancel_answer answer;
    rpcancel_expectation expectation; /* 0: any will do, or it could not be compared */
};

/* What came of a trial. */
struct rpcancel_trial {
    enum rpcancel_run_end end;
    enum rpcancel_exchange exchange;   /* of the last one: whether the runtime itself failed */
    struct rpcancel_operation missing; /* when UNIMPLEMENTED */
    unsigned count; /* lines of the sequence that were answered, without settles that the run added */
    struct rpcancel_trial_step steps[RPCANCEL_TRIAL_STEPS_MAX];
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
};

/* rpcancel_trial_run plays |text| on |watch|. |run| is working memory, zeroed once. */
void rpcancel_trial_run(const char *text, struct rpcancel_watch *watch, struct rpcancel_run *run,
                        struct rpcancel_trial *trial);

/* rpcancel_trial_difference returns the first step at which two runs of a sequence were answered otherwise; -1: none.
 */
int rpcancel_trial_difference(const struct rpcancel_trial *one, const struct rpcancel_trial *other);

#endif
