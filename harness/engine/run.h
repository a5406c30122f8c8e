// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RUN_H
#define RPCANCEL_RUN_H
/*
 * A run: one sequence carried out on one runtime and judged. Used by check, replay and random; explore and the fuzz
 * targets, which only ever drive the reference, have tighter loops of their own.
 *
 * Where the runtime controls delivery the observer is exact. Where delivery is hidden, `deliver` lines become
 * `settle` (wait for the event), and the run keeps the set of observers that hidden deliveries allow: a member in
 * which a rule is violated is dropped, and when none is left the run has failed, naming the rules of the members
 * dropped last. A rule counts as decided only when it decides in every member that is left.
 *
 * Answers that are no answers:
 *  - `unimplemented`, and the exception 0x80000100 that Wine's stubs raise: a query is skipped, anything else ends the
 *    run, because the rest of the sequence would be about another state.
 *  - `refused` (impossible here) and `undefined` (the runtime declines): nothing happened and the run goes on; but
 *    where delivery is hidden and the server could do it for all we know, `refused` ends the run like `unimplemented`.
 *  - an operation of the wire is not implemented, but by runtimes that are spoken to in PDUs; there every PDU that
 *    passes is judged instead of answers, and of other operations only settle means anything.
 *  - any other exception is an answer for the rules to judge. Where no rule allows it, the runtime crashed. What the
 *    client's stub raises is always an answer.
 */
#include "engine/tally.h"
#include "runtime/runtime.h"
#include "sequence/sequence.h"

enum { RPCANCEL_UNIMPLEMENTED_EXCEPTION = (int)0x80000100u, RPCANCEL_RUN_GOT_MAX = 192 };

/* One line of the trace. */
struct rpcancel_run_step {
    struct rpcancel_operation operation;
    struct rpcancel_answer answer;
    uint32_t line;                    /* of the sequence's text, 0 for events and settles the run added */
    bool announced;                   /* by the runtime, of its own accord */
    bool expected;                    /* false: an expectation was given and the answer is not in it */
    bool specified;                   /* at least one rule in force decided */
    rpcancel_expectation expectation; /* that |answer| was held against, 0 when against none */
};

struct rpcancel_run_memory;

struct rpcancel_wire_mask; /* wire/rules.h */

/* Who looks on at a runtime of the wire, whatever becomes of the run; |context| is handed on. */
struct rpcancel_run_witness {
    void *context;
    void (*opened)(void *context, unsigned connection); /* as rpcancel_wire_tap */
    /* |during|: the operation that is carried out. |violated|: the rules that |event| breaks; NULL: none. */
    void (*passed)(void *context, unsigned connection, struct rpcancel_operation during,
                   const struct rpcancel_wire_event *event, const struct rpcancel_wire_mask *violated);
};

struct rpcancel_run {
    /* in */
    const struct rpcancel_rule_set *rules;
    struct rpcancel_tallies *tallies; /* added to; NULL: not kept */
    /* NULL, or told of each operation of the sequence that happened where it stood, as far as the sequence itself
     * tells: with hidden delivery as if messages had arrived as it lists them. */
    void (*situated)(void *context, const struct rpcancel_situation *situation);
    void *situated_context;
    /* NULL, or, of a runtime of the wire, told of everything that passes, and of the operation during which it does. */
    void (*passed)(void *context, struct rpcancel_operation during, const struct rpcancel_wire_event *event);
    void *passed_context;
    const struct rpcancel_run_witness *witness; /* NULL, or, of a runtime of the wire, told of all that passes */
    /* out, reused from run to run; rpcancel_run_free releases it */
    enum rpcancel_run_end end;
    struct rpcancel_run_step *steps;
    size_t step_count;
    size_t step_capacity;
    size_t items_taken;                /* items of the sequence carried out, the last of them perhaps in vain */
    size_t unexpected;                 /* answers outside their expectation */
    size_t last_step;                  /* when VIOLATED: the step whose answer breaks the rules */
    struct rpcancel_operation missing; /* when UNIMPLEMENTED: the operation that is */
    /* VIOLATED: rules that the answer breaks, and for each an account of what happened before in which it does.
     * CRASHED, HUNG: rules that would have decided the answer. Indices in the table of rules. */
    unsigned violated_count;
    uint8_t violated[RPCANCEL_RULES_PER_OPERATION];
    struct rpcancel_observer where[RPCANCEL_RULES_PER_OPERATION];
    bool at_reset; /* CRASHED, HUNG, BROKEN: no operation was the end of it, but the reset behind all that were taken,
                    * or, of a server that had broken rules, the end of its connection; rules that are named were broken
                    * before */
    char got[RPCANCEL_RUN_GOT_MAX]; /* VIOLATED, by a runtime of the wire: the PDU that breaks the rules; else "" */
    char failure[RPCANCEL_FAILURE_TEXT_MAX]; /* UNIMPLEMENTED, CRASHED, HUNG, BROKEN: why, one line */
    struct rpcancel_run_memory *memory;      /* working memory, kept between runs */
};

/*
 * rpcancel_run_sequence resets |runtime| and carries out |sequence| on it. Returns run->end.
 *
 * A runtime that can be told so concludes the sequence then: one that crashes at that, or does not come back from it,
 * did so because of what it was asked before, or of the reset itself, and not because of the sequence that comes next.
 *
 * Expectations are compared wherever the run is certain to be in the state the sequence describes: always where
 * delivery is controlled, and else while unseen deliveries leave one possibility that agrees with the deliveries
 * listed so far and with the answers expected so far: an answer that could not be compared, and was another because
 * a message came earlier than listed, may have left what the sequence describes.
 */
enum rpcancel_run_end rpcancel_run_sequence(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                            const struct rpcancel_sequence *sequence);

/* rpcancel_run_on_wire is rpcancel_run_sequence for a runtime that is spoken to in PDUs, and is called by it. */
enum rpcancel_run_end rpcancel_run_on_wire(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                           const struct rpcancel_sequence *sequence);

void rpcancel_run_free(struct rpcancel_run *run);

/* rpcancel_run_hides tells whether |runtime| delivers messages unseen. */
bool rpcancel_run_hides(const struct rpcancel_runtime *runtime);

#endif
