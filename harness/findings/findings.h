// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FINDINGS_H
#define RPCANCEL_FINDINGS_H
/*
 * Findings: what is left of the inputs that a fuzzer stopped at, once each was run again, made as small as possible,
 * and counted only once.
 *
 * Two inputs show the same finding when they break the same rule (or crash, or hang) and shrink to the same sequence.
 * The name of a finding says just that, `RpcServerTestCancel-1-0f3a…`, so that a finding of today can be told from one
 * of last month by its name.
 */
#include <signal.h>

#include "engine/run.h"
#include "engine/verdict.h"
#include "report/fingerprint.h"

enum { RPCANCEL_FINDING_NAME_MAX = 96 };

struct rpcancel_finding {
    char name[RPCANCEL_FINDING_NAME_MAX]; /* of its folder: subject and fingerprint */
    char fingerprint[RPCANCEL_FINGERPRINT_SIZE];
    enum rpcancel_run_end end;          /* VIOLATED, CRASHED or HUNG */
    int rule;                           /* index of the rule broken; -1 for a crash or hang */
    struct rpcancel_sequence sequence;  /* shrunk */
    char got[RPCANCEL_ANSWER_TEXT_MAX]; /* VIOLATED: the last answer, and what the rule wants there */
    char want[RPCANCEL_MESSAGE_MAX];
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* CRASHED, HUNG: how */
    char *input;                             /* path of the first input that showed it */
    size_t inputs;                           /* how many did */
    unsigned shown;                          /* the sequence showed it in so many of RPCANCEL_ATTEMPTS runs */
    bool testable;                           /* a test written from the sequence fails on the runtime */
    bool known;                              /* the baseline has it */
};

/* An input that showed nothing when it was run again, or that cannot be run. */
struct rpcancel_unshown {
    char *input;
    char reason[RPCANCEL_MESSAGE_MAX];
};

/* Zero-initialise the lists; end with rpcancel_findings_free. */
struct rpcancel_findings {
    /* in */
    struct rpcancel_runtime *runtime;
    const struct rpcancel_rule_set *rules;
    const volatile sig_atomic_t *interrupted; /* may be NULL */
    /* out */
    struct rpcancel_finding *list; /* in the order they were found */
    size_t count;
    struct rpcancel_unshown *unshown;
    size_t unshown_count;
    size_t inputs;
    char failure[RPCANCEL_FAILURE_TEXT_MAX];
    /* working memory */
    struct rpcancel_run run;
};

/* rpcancel_findings_take runs |sequence|, read from the file |input|, and adds what it shows. |sequence| is shrunk in
 * place. False: memory is exhausted, or the runtime cannot be spoken to; findings->failure says why. */
bool rpcancel_findings_take(struct rpcancel_findings *findings, struct rpcancel_sequence *sequence, const char *input);

/* rpcancel_finding_subject returns the id of the rule that is broken, "crash" or "hang". */
const char *rpcancel_finding_subject(const struct rpcancel_finding *finding);

/* rpcancel_findings_count_new returns how many findings of the kind |end| are not known. */
size_t rpcancel_findings_count_new(const struct rpcancel_findings *findings, enum rpcancel_run_end end);

void rpcancel_findings_free(struct rpcancel_findings *findings);

#endif
