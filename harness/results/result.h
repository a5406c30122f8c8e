// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RESULT_H
#define RPCANCEL_RESULT_H
/*
 * Results read back: what `rpcancel check --json` and `rpcancel survey --json` have written (docs/report.schema.json,
 * docs/survey.schema.json), of this version or an earlier one. Members that a later version adds are passed over.
 *
 * All texts belong to the result. Lists are sorted: rules as the table of rules has them, those that it has not behind
 * them by their ids; everything else by its name.
 */
#include "engine/verdict.h"
#include "results/json_read.h"

/* Rules of a result; there are some 200, and comparing holds each against each. */
enum { RPCANCEL_RESULT_RULES_MAX = 1024 };

struct rpcancel_result_rule {
    const char *id, *level, *function, *message;
    enum rpcancel_verdict_word verdict;
    enum rpcancel_verdict_word found; /* without the expectation list: FAIL for an XFAIL; XFAIL when that is unknown */
    uint64_t checked;
    bool listed;
    const char *reason;                /* of the expectation list; "" */
    const char *sequence;              /* shortest that fails, an operation a line; NULL: there is none */
    const char *got, *want, *found_in; /* of it; "" */
    uint64_t shown, attempts;          /* of so many runs of found_in so many show it; 0: not said */
    int index;                         /* in the table of rules; -1: not in this version's */
};

struct rpcancel_result_sequence {
    const char *id, *message;
    enum rpcancel_verdict_word verdict, found; /* as of rules */
    const char *reason;                        /* of the expectation list; "" */
    bool listed;
    bool attributed; /* its failure is the verdict of a rule */
};

struct rpcancel_result_capability {
    const char *operation, *word;
};

/* As docs/survey.schema.json has them. */
struct rpcancel_result_answer {
    const char *asked, *answer, *meaning;
};

struct rpcancel_result_question {
    const char *id, *about, *text;
    const char *end, *detail; /* as docs/survey.schema.json has them */
    struct rpcancel_result_answer *answers;
    size_t answer_count;
    char *said; /* all answers in one line; how it ended, when it was not answered */
    bool is_answered;
};

enum rpcancel_result_kind { RPCANCEL_RESULT_CHECK, RPCANCEL_RESULT_SURVEY };

/* Zero-initialise; end with rpcancel_result_free. */
struct rpcancel_saved_result {
    enum rpcancel_result_kind kind;
    const char *version; /* of rpcancel */
    const char *how, *name, *runtime_version;
    const char *profile;
    /* of a survey: empty */
    const char *started, *catalogue, *options;
    bool strict, complete, conformant;
    uint64_t operations, unspecified, stale;
    size_t counts[RPCANCEL_VERDICT_WORDS]; /* rules of each verdict */
    struct rpcancel_result_capability *capabilities;
    struct rpcancel_result_rule *rules;
    struct rpcancel_result_sequence *sequences;
    size_t capability_count, rule_count, sequence_count;
    /* of a check: empty */
    struct rpcancel_result_question *questions;
    size_t question_count;

    cJSON *root;
};

/* rpcancel_result_read reads the |length| octets at |text|, which a zero byte follows. False: |*failure| says why,
 * exhausted memory among it. */
bool rpcancel_result_read(struct rpcancel_saved_result *result, const char *text, size_t length,
                          struct rpcancel_json_failure *failure);

void rpcancel_result_free(struct rpcancel_saved_result *result);

/* ---- what verdicts mean ---- */

/* rpcancel_result_is_lost tells whether no answer came: CRASH, HANG. */
bool rpcancel_result_is_lost(enum rpcancel_verdict_word found);

/* rpcancel_result_is_broken tells whether a rule was shown not to hold: FAIL, NONSTRICT, CRASH, HANG. */
bool rpcancel_result_is_broken(enum rpcancel_verdict_word found);

/* ---- finding ---- */

/* The functions find by name; NULL: |result| has none of that name. */
const struct rpcancel_result_rule *rpcancel_result_rule(const struct rpcancel_saved_result *result, const char *id);
const struct rpcancel_result_sequence *rpcancel_result_sequence(const struct rpcancel_saved_result *result,
                                                                const char *id);
const struct rpcancel_result_question *rpcancel_result_question(const struct rpcancel_saved_result *result,
                                                                const char *id);
const struct rpcancel_result_capability *rpcancel_result_capability(const struct rpcancel_saved_result *result,
                                                                    const char *operation);

/* rpcancel_result_compare_rules is the order of rules, by their places in the table and their ids, as qsort wants it:
 * both point to struct rpcancel_result_rule. */
int rpcancel_result_compare_rules(const void *one, const void *other);

#endif
