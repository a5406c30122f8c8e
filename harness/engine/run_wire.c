// SPDX-License-Identifier: Apache-2.0
/* Runs on runtimes that are spoken to in PDUs: every PDU that passes is judged by the rules of the wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run.h"
#include "wire/event.h"

/* What looks on at the connections. */
struct watch {
    struct rpcancel_run *run;
    enum rpcancel_pdu_sender role; /* who is judged; the other side is our own */
    struct rpcancel_wire_observer observers[RPCANCEL_WIRE_CONNECTIONS_MAX]; /* by the number of the connection */
};

static void opened(void *context, unsigned connection)
{
    struct watch *watch = context;
    rpcancel_wire_observer_reset(&watch->observers[connection], true);
}

static void note_decided(struct rpcancel_run *run, const struct rpcancel_wire_verdict *verdict)
{
    struct rpcancel_tallies *tallies = run->tallies;
    for (unsigned number = 0; number < rpcancel_wire_rule_count(); number++) {
        if (!rpcancel_wire_mask_has(&verdict->decided, number))
            continue;
        struct rpcancel_rule_tally *tally = &tallies->rules[rpcancel_rule_count() + number];
        tally->decided++;
        tally->violated += rpcancel_wire_mask_has(&verdict->violated, number);
        if (!tally->decided_at.sequence)
            tally->decided_at = tallies->here;
    }
}

static void note_violated(struct rpcancel_run *run, const struct rpcancel_wire_verdict *verdict,
                          const struct rpcancel_wire_event *event)
{
    if (run->end != RPCANCEL_RUN_OK || rpcancel_wire_mask_is_empty(&verdict->violated))
        return; /* the first one ends the run */
    run->end = RPCANCEL_RUN_VIOLATED;
    rpcancel_wire_event_print(event, run->got, sizeof run->got);
    for (unsigned number = 0; number < rpcancel_wire_rule_count(); number++) {
        if (rpcancel_wire_mask_has(&verdict->violated, number) && run->violated_count < RPCANCEL_RULES_PER_OPERATION)
            run->violated[run->violated_count++] = (uint8_t)(rpcancel_rule_count() + number);
    }
}

static void passed(void *context, unsigned connection, const struct rpcancel_wire_event *event)
{
    struct watch *watch = context;
    struct rpcancel_run *run = watch->run;
    struct rpcancel_wire_observer *observer = &watch->observers[connection];
    if (run->end != RPCANCEL_RUN_OK)
        return;
    if (event->sender == watch->role) {
        struct rpcancel_wire_verdict verdict = rpcancel_wire_judge(&run->rules->wire, observer, event);
        if (run->tallies)
            note_decided(run, &verdict);
        note_violated(run, &verdict, event);
    }
    rpcancel_wire_observe(observer, event);
}

static bool add_step(struct rpcancel_run *run, const struct rpcancel_sequence_item *item)
{
    if (run->step_count == run->step_capacity) {
        size_t capacity = run->step_capacity ? 2 * run->step_capacity : 64;
        struct rpcancel_run_step *steps = realloc(run->steps, capacity * sizeof *steps);
        if (!steps) {
            run->end = RPCANCEL_RUN_BROKEN;
            snprintf(run->failure, sizeof run->failure, "out of memory for the trace");
            return false;
        }
        run->steps = steps;
        run->step_capacity = capacity;
    }
    run->last_step = run->step_count;
    run->steps[run->step_count++] =
        (struct rpcancel_run_step){.operation = item->operation, .line = item->line, .expected = true};
    return true;
}

/* Nothing came that had to come: every call that is not orphaned ends (W36), and so does one that waits for a cancel
 * it was sent before it was dispatched (W56). */
static void name_unanswered(struct rpcancel_run *run)
{
    static const char *const ids[] = {"C706-9.3.4/1"};
    for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        int index = rpcancel_rule_find(ids[i]);
        if (index < 0 || !rpcancel_wire_mask_has(&run->rules->wire, (unsigned)index - rpcancel_rule_count()))
            continue;
        run->violated[run->violated_count++] = (uint8_t)index;
        if (run->tallies)
            run->tallies->rules[index].hung++;
    }
}

static void stop_failed(struct rpcancel_run *run, const struct rpcancel_runtime *runtime, enum rpcancel_exchange result)
{
    static const enum rpcancel_run_end ends[] = {
        [RPCANCEL_EXCHANGE_CRASHED] = RPCANCEL_RUN_CRASHED,
        [RPCANCEL_EXCHANGE_HUNG] = RPCANCEL_RUN_HUNG,
        [RPCANCEL_EXCHANGE_BROKEN] = RPCANCEL_RUN_BROKEN,
    };
    run->end = ends[result];
    snprintf(run->failure, sizeof run->failure, "%s", runtime->failure);
    if (run->end == RPCANCEL_RUN_HUNG)
        name_unanswered(run);
}

static void stop_unimplemented(struct rpcancel_run *run, struct rpcancel_operation operation)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(operation, text, sizeof text);
    run->end = RPCANCEL_RUN_UNIMPLEMENTED;
    run->missing = operation;
    snprintf(run->failure, sizeof run->failure,
             "`%s` is not implemented by what is under test, or its target does not name it", text);
}

/* Carries out |item|; run->end tells whether the run goes on. */
static void run_item(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                     const struct rpcancel_sequence_item *item)
{
    struct rpcancel_answer answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    if (!add_step(run, item))
        return;
    enum rpcancel_exchange result = runtime->functions->execute(runtime, item->operation, &answer);
    run->steps[run->step_count - 1].answer = answer;
    if (run->end != RPCANCEL_RUN_OK)
        return; /* what passed broke a rule */
    if (result != RPCANCEL_EXCHANGE_ANSWERED)
        stop_failed(run, runtime, result);
    else if (answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        stop_unimplemented(run, item->operation);
    else if (run->tallies)
        run->tallies->operations += rpcancel_answer_happened(answer);
}

static void begin(struct rpcancel_run *run, const struct rpcancel_runtime *runtime)
{
    run->end = RPCANCEL_RUN_OK;
    run->step_count = run->items_taken = run->unexpected = run->last_step = 0;
    run->violated_count = 0;
    run->got[0] = run->failure[0] = '\0';
    if (run->tallies)
        run->tallies->lacks = runtime->lacks;
}

enum rpcancel_run_end rpcancel_run_on_wire(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                           const struct rpcancel_sequence *sequence)
{
    struct watch watch = {.run = run,
                          .role = rpcancel_wire_role((enum rpcancel_test_subject)runtime->functions->subject)};
    begin(run, runtime);
    runtime->tap = (struct rpcancel_wire_tap){&watch, opened, passed};
    enum rpcancel_exchange result = runtime->functions->reset(runtime);
    if (result != RPCANCEL_EXCHANGE_ANSWERED)
        stop_failed(run, runtime, result);
    while (run->end == RPCANCEL_RUN_OK && run->items_taken < sequence->count) {
        const struct rpcancel_sequence_item *item = &sequence->items[run->items_taken++];
        if (run->tallies)
            run->tallies->here.line = item->line;
        run_item(run, runtime, item);
    }
    enum rpcancel_run_end end = run->end;
    run->end = RPCANCEL_RUN_BROKEN; /* what passes from here on is not looked at */
    runtime->functions->reset(runtime);
    run->end = end;
    return end;
}
