// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_HIDDEN_H
#define RPCANCEL_HIDDEN_H
/*
 * What a mutant is worth where messages arrive unseen: exhaustive search of its traces, which are operations and
 * answers without deliveries. Judged are they as `check` judges a runtime that hides delivery, by the set of accounts
 * that unseen deliveries allow (engine/view.h). Compared are they with the traces of the reference: to each belongs the
 * set of states that the reference may be in after it, and a trace is none of the reference's when that set is empty.
 * To tell whether the documents leave room for such a trace, states count too that the reference would be in had it
 * answered otherwise where the tables let it.
 *
 * Sets are kept once, and so is what a step makes of one, for all mutants that are classified with one of these.
 */
#include "engine/classify.h"

struct rpcancel_hidden;

struct rpcancel_hidden_result {
    enum rpcancel_mutant_class mutant_class;
    int rule;             /* KILLED: its index */
    uint32_t states;      /* of the mutant, with sets, in both searches */
    unsigned path_length; /* KILLED, and otherwise of the first difference, 0 for none; deliveries are in it */
    struct rpcancel_operation path[RPCANCEL_PRODUCT_PATH_MAX];
    struct rpcancel_answer answer; /* to the last one */
};

/* rpcancel_hidden_open makes ready for mutants under |options|, which must outlive it; NULL when there is no memory.
 * Needs rpcancel_tables_init. */
struct rpcancel_hidden *rpcancel_hidden_open(const struct rpcancel_classify_options *options);
void rpcancel_hidden_close(struct rpcancel_hidden *hidden);

/*
 * rpcancel_hidden_classify fills |*result|: KILLED, a trace leaves no account without a broken rule; EQUIVALENT, all
 * its traces are the reference's; UNSPECIFIED, some are not, and for each there is an account, of such a state, by
 * which the tables allow the answer or say nothing; MISSED, for one there is none. Where an answer that they say
 * nothing of leaves another account than the reference's would, there is nothing to compare behind it.
 */
void rpcancel_hidden_classify(struct rpcancel_hidden *hidden, const struct rpcancel_stepper *step,
                              struct rpcancel_hidden_result *result);

#endif
