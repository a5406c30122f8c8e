// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_VIOLATION_H
#define RPCANCEL_FUZZERS_VIOLATION_H
/*
 * What a fuzz target says when an answer breaks a rule.
 */
#include "engine/run.h"
#include "mutants/mutants.h"
#include "rules/judge.h"

struct rpcancel_violation {
    unsigned rule;                  /* index of the rule */
    const struct rpcancel_run *run; /* that ended with the answer that breaks it; or NULL and */
    struct rpcancel_stepper step;   /* what was fuzzed, with what: the sequence is run again for its answers */
    const uint8_t *data;            /* the input */
    const uint8_t *end;             /* behind the operation whose answer breaks the rule */
    /* For the statistics, which an aborted process cannot print at its end. */
    uint64_t operations; /* that happened so far */
    double seconds;      /* of processor time since the target was initialised */
};

/* rpcancel_violation_abort prints the rule, what was got and wanted, and the sequence with its answers to standard
 * error, and aborts inside a function of the rule's own, so that the stack names the rule. */
_Noreturn void rpcancel_violation_abort(const struct rpcancel_violation *violation);

/* rpcancel_violation_print_trace prints the operations of |run| with their answers to standard error, as the lines of a
 * sequence; what the runtime did of its own accord stands in comments. */
void rpcancel_violation_print_trace(const struct rpcancel_run *run);

#endif
