// SPDX-License-Identifier: Apache-2.0
/* Runs on runtimes that are spoken to in PDUs: every PDU that passes is judged by the rules of the wire. */
#include <assert.h>
#include <string.h>

#include "engine/run_parts.h"
#include "wire/event.h"

/* What looks on at the connections. */
struct watch {
    struct rpcancel_run *run;
    struct rpcancel_runtime *runtime;
    enum rpcancel_pdu_sender role; /* who is judged; the other side is our own */
    const struct rpcancel_sequence *sequence;
    struct rpcancel_operation during;                                       /* which is carried out */
    struct rpcancel_wire_observer observers[RPCANCEL_WIRE_CONNECTIONS_MAX]; /* by the number of the connection */
};

static void opened(void *context, unsigned connection)
{
    struct watch *watch = context;
    rpcancel_wire_observer_reset(&watch->observers[connection], true);
    if (watch->run->witness)
        watch->run->witness->opened(watch->run->witness->context, connection);
}

static void note_decided(struct rpcancel_run *run, const struct rpcancel_wire_verdict *verdict)
{
    struct rpcancel_tallies *tallies = run->tallies;
    for (unsigned number = rpcancel_wire_mask_next(&verdict->decided, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(&verdict->decided, number + 1)) {
        struct rpcancel_rule_tally *tally = &tallies->rules[rpcancel_rule_count() + number];
        tally->decided++;
        if (!tally->decided_at.sequence)
            tally->decided_at = tallies->here;
    }
}

static void note_violated(struct rpcancel_run *run, const struct rpcancel_wire_verdict *verdict,
                          const struct rpcancel_wire_event *event)
{
    if (rpcancel_wire_mask_is_empty(&verdict->violated))
        return;
    run->end = RPCANCEL_RUN_VIOLATED; /* the first one ends the run */
    rpcancel_wire_event_print(event, run->got, sizeof run->got);
    for (unsigned number = rpcancel_wire_mask_next(&verdict->violated, 0); number < RPCANCEL_WIRE_RULES_MAX;
         number = rpcancel_wire_mask_next(&verdict->violated, number + 1)) {
        unsigned index = rpcancel_rule_count() + number;
        if (run->tallies)
            run->tallies->rules[index].violated++;
        if (run->violated_count < RPCANCEL_RULES_PER_OPERATION)
            run->violated[run->violated_count++] = (uint8_t)index;
    }
}

static void tell_witness(const struct watch *watch, unsigned connection, const struct rpcancel_wire_event *event,
                         const struct rpcancel_wire_mask *violated)
{
    const struct rpcancel_run_witness *witness = watch->run->witness;
    if (witness)
        witness->passed(witness->context, connection, watch->during, event, violated);
}

static void passed(void *context, unsigned connection, const struct rpcancel_wire_event *event)
{
    struct watch *watch = context;
    struct rpcancel_run *run = watch->run;
    struct rpcancel_wire_observer *observer = &watch->observers[connection];
    if (run->end != RPCANCEL_RUN_OK) {
        tell_witness(watch, connection, event, NULL);
        return;
    }
    if (run->passed)
        run->passed(run->passed_context, watch->during, event);
    rpcancel_suspicion_look(&watch->runtime->suspicion, event, watch->sequence);
    struct rpcancel_wire_verdict verdict = {{{0}}, {{0}}};
    if (event->sender == watch->role) {
        verdict = rpcancel_wire_judge(&run->rules->wire, observer, event);
        if (run->tallies)
            note_decided(run, &verdict);
        note_violated(run, &verdict, event);
        watch->runtime->tap.is_over = run->end != RPCANCEL_RUN_OK;
    }
    tell_witness(watch, connection, event, &verdict.violated);
    rpcancel_wire_observe(observer, event);
}

/* The rule that wants what |runtime| waited for in vain: that a call ends (W36), or that the server takes one though an
 * orphaned call may still run (W106). -1: none does, and whether it comes is open; or it was no call that was waited
 * for, but the answer to a bind. */
static int find_wanting(const struct rpcancel_run *run, const struct rpcancel_runtime *runtime)
{
    const struct watch *watch = runtime->tap.context;
    static const char *const ids[] = {
        [RPCANCEL_KEPT_BY_NOTHING] = "C706-9.3.4/1", [RPCANCEL_KEPT_BY_ORPHANED] = "FreeDCE-cnassm/4"};
    if (runtime->kept_by == RPCANCEL_KEPT_BY_OPEN || rpcancel_wire_open_calls(&watch->observers[0]) == 0)
        return -1;
    int index = rpcancel_rule_find(ids[runtime->kept_by]);
    assert(index >= 0);
    return rpcancel_rule_set_has(run->rules, (unsigned)index) ? index : -1;
}

/* The server may serve one call after the other, and no rule in force wants anything else: it is no answer to judge. */
static bool is_open(const struct rpcancel_run *run, const struct rpcancel_runtime *runtime,
                    enum rpcancel_exchange result)
{
    return result == RPCANCEL_EXCHANGE_HUNG && runtime->kept_by != RPCANCEL_KEPT_BY_NOTHING &&
           find_wanting(run, runtime) < 0;
}

static void note_open(struct rpcancel_run *run, const struct rpcancel_event *step)
{
    struct rpcancel_kind_tally *kind = &run->tallies->kinds[step->operation.kind];
    kind->answered++;
    kind->unspecified++;
    rpcancel_answers_add(&kind->undecided, step->answer);
}

static void stop_failed(struct rpcancel_run *run, const struct rpcancel_runtime *runtime, enum rpcancel_exchange result)
{
    rpcancel_run_stop_failed(run, runtime, result);
    int wanting = run->end == RPCANCEL_RUN_HUNG ? find_wanting(run, runtime) : -1;
    if (wanting < 0)
        return;
    run->violated[run->violated_count++] = (uint8_t)wanting;
    if (run->tallies)
        run->tallies->rules[wanting].hung++;
}

/* Carries out |item|; run->end tells whether the run goes on. */
static void run_item(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                     const struct rpcancel_sequence_item *item)
{
    struct rpcancel_event step = {item->operation, rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED)};
    enum rpcancel_exchange result = runtime->functions->execute(runtime, step.operation, &step.answer);
    bool was_open = is_open(run, runtime, result);
    if (was_open) {
        step.answer = rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
        result = RPCANCEL_EXCHANGE_ANSWERED;
        if (run->tallies)
            note_open(run, &step);
    }
    run->last_step = run->step_count;
    if (!rpcancel_run_add_step(run, &step, item->line))
        return;
    if (run->end != RPCANCEL_RUN_OK)
        return; /* what passed broke a rule */
    if (result != RPCANCEL_EXCHANGE_ANSWERED)
        stop_failed(run, runtime, result);
    else if (step.answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        rpcancel_run_stop_unimplemented(run, step.operation,
                                        "is not implemented by what is under test, or its target does not name it");
    else if (run->tallies)
        run->tallies->operations += rpcancel_answer_happened(step.answer);
}

/* Ends what the sequence has begun. A runtime that it was the end of crashed by it, whatever else was seen; the rules
 * that it had broken are no less broken by that. One that was waited for in vain already is not asked again. */
static void conclude(struct rpcancel_run *run, struct rpcancel_runtime *runtime)
{
    enum rpcancel_exchange result = RPCANCEL_EXCHANGE_ANSWERED;
    enum rpcancel_run_end end = run->end;
    run->end = RPCANCEL_RUN_BROKEN; /* what passes from here on is not looked at */
    if (runtime->functions->conclude && end != RPCANCEL_RUN_HUNG && end != RPCANCEL_RUN_BROKEN)
        result = runtime->functions->conclude(runtime);
    else
        runtime->functions->reset(runtime);
    run->end = end;
    bool was_judged = end != RPCANCEL_RUN_OK && end != RPCANCEL_RUN_UNIMPLEMENTED;
    run->at_reset = result == RPCANCEL_EXCHANGE_CRASHED && end == RPCANCEL_RUN_VIOLATED;
    if (result == RPCANCEL_EXCHANGE_CRASHED || (result != RPCANCEL_EXCHANGE_ANSWERED && !was_judged))
        rpcancel_run_stop_failed(run, runtime, result);
}

enum rpcancel_run_end rpcancel_run_on_wire(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                           const struct rpcancel_sequence *sequence)
{
    struct watch watch = {.run = run,
                          .runtime = runtime,
                          .sequence = sequence,
                          .role = rpcancel_wire_role((enum rpcancel_test_subject)runtime->functions->subject)};
    rpcancel_run_begin(run);
    if (run->tallies)
        run->tallies->lacks = runtime->lacks;
    runtime->tap = (struct rpcancel_wire_tap){.context = &watch, .opened = opened, .passed = passed};
    enum rpcancel_exchange result = runtime->functions->reset(runtime);
    if (result != RPCANCEL_EXCHANGE_ANSWERED)
        stop_failed(run, runtime, result);
    while (run->end == RPCANCEL_RUN_OK && run->items_taken < sequence->count) {
        const struct rpcancel_sequence_item *item = &sequence->items[run->items_taken++];
        if (run->tallies)
            run->tallies->here.line = item->line;
        watch.during = item->operation;
        run_item(run, runtime, item);
    }
    conclude(run, runtime);
    return run->end;
}
