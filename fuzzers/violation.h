// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_VIOLATION_H
#define RPCANCEL_FUZZERS_VIOLATION_H
/*
 * What a fuzz target says when an answer breaks a rule.
 */
#include "mutants/mutants.h"
#include "rules/judge.h"

struct rpcancel_violation {
    unsigned rule;                /* index of the rule */
    rpcancel_step_function *step; /* what was fuzzed: the sequence is run again for its answers */
    const uint8_t *data;          /* the input */
    const uint8_t *end;           /* behind the operation whose answer breaks the rule */
    /* For the statistics, which an aborted process cannot print at its end. */
    uint64_t operations; /* that happened so far */
    double seconds;      /* of processor time since the target was initialised */
};

/* rpcancel_violation_abort prints the rule, what was got and wanted, and the sequence with its answers to standard
 * error, and aborts inside a function of the rule's own, so that the stack names the rule. */
_Noreturn void rpcancel_violation_abort(const struct rpcancel_violation *violation);

#endif
