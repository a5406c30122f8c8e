// SPDX-License-Identifier: Apache-2.0
#include "engine/run_parts.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/view.h"
#include "status.h"

/* With so many possibilities the run waits for everything to arrive, before their set overflows. */
enum { MANY_MEMBERS = RPCANCEL_SET_MAX / 4 };

struct rpcancel_run_memory {
    struct rpcancel_view view;
    struct rpcancel_view_judgement judgement;
    struct rpcancel_event items[RPCANCEL_VIEW_ITEMS_MAX]; /* of the exchange in hand: the answer, then events */
    struct rpcancel_observer script; /* where the sequence would stand had its deliveries, and so its answers, come as
                                        listed */
};

bool rpcancel_run_hides(const struct rpcancel_runtime *runtime)
{
    return runtime->control[RPCANCEL_OP_DELIVER_REQUEST] != RPCANCEL_COMMAND;
}

/* ---- ends; all return false, for "do not go on" ---- */

bool rpcancel_run_stop(struct rpcancel_run *run, enum rpcancel_run_end end, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->failure, sizeof run->failure, format, arguments);
    va_end(arguments);
    run->end = end;
    return false;
}

bool rpcancel_run_stop_unimplemented(struct rpcancel_run *run, struct rpcancel_operation operation, const char *why)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    rpcancel_operation_print(operation, text, sizeof text);
    run->missing = operation;
    return rpcancel_run_stop(run, RPCANCEL_RUN_UNIMPLEMENTED, "`%s` %s", text, why);
}

static bool stop_violated(struct rpcancel_run *run, size_t first_step)
{
    const struct rpcancel_view_judgement *judgement = &run->memory->judgement;
    run->end = RPCANCEL_RUN_VIOLATED;
    run->last_step = first_step + judgement->item;
    run->steps[run->last_step].specified = true;
    run->violated_count = judgement->count;
    memcpy(run->violated, judgement->rules, judgement->count);
    memcpy(run->where, judgement->where, judgement->count * sizeof judgement->where[0]);
    for (unsigned i = 0; run->tallies && i < judgement->count; i++) {
        run->tallies->rules[judgement->rules[i]].decided++;
        run->tallies->rules[judgement->rules[i]].violated++;
    }
    return false;
}

/* The run ended at |operation| without an answer that rules could judge: names those that would have, by the mask
 * |applicable|. */
static bool name_deprived(struct rpcancel_run *run, struct rpcancel_operation operation, uint32_t applicable)
{
    run->violated_count = 0;
    for (unsigned n = 0; n < run->rules->count[operation.kind]; n++) {
        if (applicable & 1u << n)
            run->violated[run->violated_count++] = run->rules->index[operation.kind][n];
    }
    if (!run->tallies)
        return false;
    struct rpcancel_kind_tally *kind = &run->tallies->kinds[operation.kind];
    kind->crashed += run->end == RPCANCEL_RUN_CRASHED;
    kind->hung += run->end == RPCANCEL_RUN_HUNG;
    for (unsigned i = 0; i < run->violated_count; i++) {
        struct rpcancel_rule_tally *rule = &run->tallies->rules[run->violated[i]];
        rule->crashed += run->end == RPCANCEL_RUN_CRASHED;
        rule->hung += run->end == RPCANCEL_RUN_HUNG;
    }
    return false;
}

bool rpcancel_run_stop_failed(struct rpcancel_run *run, const struct rpcancel_runtime *runtime,
                              enum rpcancel_exchange result)
{
    static const enum rpcancel_run_end ends[] = {
        [RPCANCEL_EXCHANGE_CRASHED] = RPCANCEL_RUN_CRASHED,
        [RPCANCEL_EXCHANGE_HUNG] = RPCANCEL_RUN_HUNG,
        [RPCANCEL_EXCHANGE_BROKEN] = RPCANCEL_RUN_BROKEN,
    };
    return rpcancel_run_stop(run, ends[result], "%s", runtime->failure);
}

static bool stop_exception(struct rpcancel_run *run, const struct rpcancel_event *raised, uint32_t applicable)
{
    char text[RPCANCEL_ANSWER_TEXT_MAX];
    rpcancel_answer_print(raised->answer, text, sizeof text);
    rpcancel_run_stop(run, RPCANCEL_RUN_CRASHED, "%s: %s",
                      rpcancel_operation_describe(raised->operation.kind)->function, text);
    return name_deprived(run, raised->operation, applicable);
}

/* ---- one exchange ---- */

bool rpcancel_run_add_step(struct rpcancel_run *run, const struct rpcancel_event *item, uint32_t line)
{
    if (run->step_count == run->step_capacity) {
        size_t capacity = run->step_capacity ? 2 * run->step_capacity : 64;
        struct rpcancel_run_step *steps = realloc(run->steps, capacity * sizeof *steps);
        if (!steps)
            return rpcancel_run_stop(run, RPCANCEL_RUN_BROKEN, "out of memory for the trace");
        run->steps = steps;
        run->step_capacity = capacity;
    }
    run->steps[run->step_count++] = (struct rpcancel_run_step){
        .operation = item->operation, .answer = item->answer, .line = line, .expected = true};
    return true;
}

/* The answer is an exception and |result| what became of judging it. Is it one a function may give? */
static bool is_allowed_exception(const struct rpcancel_run *run, enum rpcancel_view_result result)
{
    const struct rpcancel_run_memory *memory = run->memory;
    if (memory->items[0].operation.kind == RPCANCEL_OP_CALL || result == RPCANCEL_VIEW_OVERFLOWED)
        return true;
    return result == RPCANCEL_VIEW_CONSISTENT ? memory->judgement.decided[0] != 0 : memory->judgement.item != 0;
}

/* Judges memory->items[0 … count-1] and adds them to the trace; |line| is that of the first. */
static bool judge(struct rpcancel_run *run, unsigned count, uint32_t line)
{
    struct rpcancel_run_memory *memory = run->memory;
    struct rpcancel_event first = memory->items[0];
    size_t first_step = run->step_count;
    for (unsigned i = 0; i < count; i++) {
        if (!rpcancel_run_add_step(run, &memory->items[i], i == 0 ? line : 0))
            return false;
        run->steps[run->step_count - 1].announced = i > 0;
    }
    bool raised = first.answer.kind == RPCANCEL_ANSWER_EXCEPTION;
    uint32_t applicable = raised ? rpcancel_view_applicable(&memory->view, run->rules, first.operation) : 0;
    enum rpcancel_view_result result =
        rpcancel_view_take(&memory->view, run->rules, memory->items, count, &memory->judgement);
    if (raised && !is_allowed_exception(run, result))
        return stop_exception(run, &first, applicable);
    if (result == RPCANCEL_VIEW_CONTRADICTED)
        return stop_violated(run, first_step);
    if (result == RPCANCEL_VIEW_OVERFLOWED)
        return rpcancel_run_stop(run, RPCANCEL_RUN_BROKEN, "more than %d accounts of what was delivered unseen",
                                 RPCANCEL_SET_MAX);
    for (unsigned i = 0; i < count; i++) {
        const struct rpcancel_event *item = &memory->items[i];
        uint32_t decided = memory->judgement.decided[i];
        run->steps[first_step + i].specified = decided != 0;
        if (run->tallies)
            rpcancel_tally_answer(run->tallies, run->rules, item->operation, item->answer, decided);
    }
    return true;
}

/* Operations whose absence leaves the rest of a sequence as it would be with them. */
static bool is_query(unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_INIT_BAD_SIZE:
    case RPCANCEL_OP_INIT_BAD_MEMORY:
    case RPCANCEL_OP_STATUS:
    case RPCANCEL_OP_ABORT:
    case RPCANCEL_OP_GET_CALL_HANDLE:
    case RPCANCEL_OP_AWAIT:
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
    case RPCANCEL_OP_SERVER_STATUS:
    case RPCANCEL_OP_SERVER_CANCEL:
    case RPCANCEL_OP_SERVER_CANCEL_ABORT:
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
    case RPCANCEL_OP_TAKE:
    case RPCANCEL_OP_CALL_ATTRIBUTES:
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
    case RPCANCEL_OP_COPY_CLIENT_BINDING:
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING:
    case RPCANCEL_OP_RETURNED:
    case RPCANCEL_OP_CANCEL_THREAD_DENIED:
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
        return true;
    default:
        return false;
    }
}

static bool is_stub_exception(struct rpcancel_answer answer)
{
    return answer.kind == RPCANCEL_ANSWER_EXCEPTION && answer.code == (uint32_t)RPCANCEL_UNIMPLEMENTED_EXCEPTION;
}

/* Whether the run can go on after |operation| was answered with |answer|, which is now in the trace. */
static bool goes_on(struct rpcancel_run *run, struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    const struct rpcancel_view *view = &run->memory->view;
    bool is_server = rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_SERVER;
    if (answer.kind == RPCANCEL_ANSWER_REFUSED && is_server && view->hidden && rpcancel_view_can(view, operation)) {
        if (run->tallies)
            rpcancel_tally_unimplemented(run->tallies, run->rules, operation.kind);
        return rpcancel_run_stop_unimplemented(run, operation, "was refused, though it is possible here");
    }
    if (answer.kind != RPCANCEL_ANSWER_UNIMPLEMENTED || is_query(operation.kind))
        return true;
    if (operation.kind == RPCANCEL_OP_SETTLE && rpcancel_view_is_quiet(view))
        return true; /* there is nothing to wait for */
    return rpcancel_run_stop_unimplemented(run, operation, "is not implemented");
}

/* Takes the events that |runtime| announced into the memory, behind the answer. Returns the number of items. */
static unsigned collect_events(struct rpcancel_run *run, struct rpcancel_runtime *runtime)
{
    memcpy(run->memory->items + 1, runtime->events, runtime->event_count * sizeof runtime->events[0]);
    unsigned count = 1 + runtime->event_count;
    runtime->event_count = 0;
    return count;
}

/* Has |runtime| carry out |operation|, and judges what it says. */
static bool exchange(struct rpcancel_run *run, struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                     uint32_t line)
{
    struct rpcancel_run_memory *memory = run->memory;
    struct rpcancel_answer answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    if (runtime->control[operation.kind] != RPCANCEL_HIDDEN) {
        enum rpcancel_exchange result = runtime->functions->execute(runtime, operation, &answer);
        if (result != RPCANCEL_EXCHANGE_ANSWERED) {
            rpcancel_run_stop_failed(run, runtime, result);
            if (run->end == RPCANCEL_RUN_BROKEN)
                return false;
            return name_deprived(run, operation, rpcancel_view_applicable(&memory->view, run->rules, operation));
        }
    }
    if (is_stub_exception(answer))
        answer = rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    if (answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED && run->tallies)
        rpcancel_tally_unimplemented(run->tallies, run->rules, operation.kind);
    memory->items[0] = (struct rpcancel_event){operation, answer};
    return judge(run, collect_events(run, runtime), line) && goes_on(run, operation, answer);
}

/* ---- one line of the sequence ---- */

/* What the sequence takes for the answer where |answer| was given. Where several would do, or any, it is that one. */
static struct rpcancel_answer listed_answer(struct rpcancel_answer answer, rpcancel_expectation expectation)
{
    unsigned bit = 0;
    if (answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED || expectation == 0 || (expectation & (expectation - 1)) != 0)
        return answer;
    while (!(expectation >> bit & 1u))
        bit++;
    if (bit < rpcancel_status_count())
        return rpcancel_answer_code(rpcancel_status_at(bit));
    return bit == RPCANCEL_EXPECT_EXCEPTION ? rpcancel_answer_exception(0) : answer;
}

/* Brings the script up to date with the steps from |first| on. */
static void follow_script(struct rpcancel_run *run, size_t first)
{
    for (size_t i = first; i < run->step_count; i++)
        rpcancel_observe(&run->memory->script, run->steps[i].operation, run->steps[i].answer);
}

static void compare(struct rpcancel_run *run, size_t step, rpcancel_expectation expectation)
{
    struct rpcancel_run_step *compared = &run->steps[step];
    if (expectation == 0 || compared->answer.kind == RPCANCEL_ANSWER_UNIMPLEMENTED)
        return;
    compared->expectation = expectation;
    compared->expected = (rpcancel_expectation_of(compared->answer) & expectation) != 0;
    run->unexpected += !compared->expected;
}

static bool wait_for_everything(struct rpcancel_run *run, struct rpcancel_runtime *runtime)
{
    return exchange(run, runtime, (struct rpcancel_operation){.kind = RPCANCEL_OP_SETTLE}, 0);
}

/* A delivery that cannot be commanded: everything on its way is awaited instead. */
static bool await_delivery(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                           struct rpcancel_operation delivery)
{
    struct rpcancel_operation steps[RPCANCEL_HIDDEN_STEPS_MAX];
    struct rpcancel_observer *script = &run->memory->script;
    size_t first = run->step_count;
    if (!wait_for_everything(run, runtime))
        return false;
    rpcancel_observe(script, delivery, rpcancel_answer_kind(RPCANCEL_ANSWER_DONE));
    if (rpcancel_in_flight(script, steps) == 0)
        follow_script(run, first);
    else
        follow_script(run, first + 1); /* not settled as far as the script goes */
    return true;
}

/* A dispatch that the runtime announces: it has been, or comes when everything has arrived. */
static bool await_dispatch(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                           struct rpcancel_operation dispatch)
{
    size_t first = run->step_count;
    if (rpcancel_view_runs(&run->memory->view, dispatch))
        return true;
    if (!wait_for_everything(run, runtime))
        return false;
    follow_script(run, first);
    if (rpcancel_view_runs(&run->memory->view, dispatch))
        return true;
    if (run->tallies)
        rpcancel_tally_unimplemented(run->tallies, run->rules, dispatch.kind);
    return rpcancel_run_stop_unimplemented(run, dispatch, "was not announced once everything had arrived");
}

static bool run_line(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                     const struct rpcancel_sequence_item *item)
{
    struct rpcancel_run_memory *memory = run->memory;
    enum rpcancel_control control = (enum rpcancel_control)runtime->control[item->operation.kind];
    if (rpcancel_view_close(&memory->view) > MANY_MEMBERS && !wait_for_everything(run, runtime))
        return false;
    if (rpcancel_is_delivery(item->operation.kind) && control != RPCANCEL_COMMAND)
        return await_delivery(run, runtime, item->operation);
    if (rpcancel_is_dispatch(item->operation.kind) && control == RPCANCEL_EVENT)
        return await_dispatch(run, runtime, item->operation);
    size_t first = run->step_count;
    bool certain = rpcancel_view_is_exactly(&memory->view, &memory->script);
    bool goes_on = exchange(run, runtime, item->operation, item->line);
    if (run->step_count == first)
        return goes_on;
    if (certain)
        compare(run, first, item->expected);
    struct rpcancel_answer answer = run->steps[first].answer;
    rpcancel_observe(&memory->script, item->operation, certain ? answer : listed_answer(answer, item->expected));
    follow_script(run, first + 1);
    return goes_on;
}

/* run_line, and tells where the operation stood. */
static bool run_situated(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                         const struct rpcancel_sequence_item *item)
{
    struct rpcancel_observer before;
    struct rpcancel_situation situation;
    size_t first = run->step_count;
    if (!run->situated)
        return run_line(run, runtime, item);
    before = run->memory->script;
    bool goes_on = run_line(run, runtime, item);
    if (run->step_count > first && rpcancel_answer_happened(run->steps[first].answer)) {
        rpcancel_situate(&situation, &before, item->operation);
        run->situated(run->situated_context, &situation);
    }
    return goes_on;
}

/* ---- the run ---- */

void rpcancel_run_begin(struct rpcancel_run *run)
{
    run->end = RPCANCEL_RUN_OK;
    run->step_count = 0;
    run->items_taken = 0;
    run->unexpected = 0;
    run->violated_count = 0;
    run->failure[0] = '\0';
    run->got[0] = '\0';
    run->at_reset = false;
}

static bool begin(struct rpcancel_run *run, struct rpcancel_runtime *runtime)
{
    rpcancel_run_begin(run);
    if (!run->memory)
        run->memory = malloc(sizeof *run->memory);
    if (!run->memory)
        return rpcancel_run_stop(run, RPCANCEL_RUN_BROKEN, "out of memory for a run");
    rpcancel_view_reset(&run->memory->view, rpcancel_run_hides(runtime));
    rpcancel_observer_reset(&run->memory->script);
    enum rpcancel_exchange result = runtime->functions->reset(runtime);
    runtime->event_count = 0; /* announced by what was before */
    return result == RPCANCEL_EXCHANGE_ANSWERED || rpcancel_run_stop_failed(run, runtime, result);
}

/* What ends the run here leaves the rules that were broken before in run->violated: they are no less broken by it. */
static void conclude(struct rpcancel_run *run, struct rpcancel_runtime *runtime)
{
    if (!runtime->functions->conclude)
        return;
    enum rpcancel_exchange result = runtime->functions->conclude(runtime);
    run->at_reset = result != RPCANCEL_EXCHANGE_ANSWERED && run->end < RPCANCEL_RUN_CRASHED;
    if (!run->at_reset)
        return;
    rpcancel_run_stop_failed(run, runtime, result);
    rpcancel_run_stop(run, run->end, "at the reset after the sequence: %s", runtime->failure);
}

enum rpcancel_run_end rpcancel_run_sequence(struct rpcancel_run *run, struct rpcancel_runtime *runtime,
                                            const struct rpcancel_sequence *sequence)
{
    if (runtime->functions->subject != RPCANCEL_SUBJECT_API)
        return rpcancel_run_on_wire(run, runtime, sequence);
    bool goes_on = begin(run, runtime);
    while (goes_on && run->items_taken < sequence->count) {
        const struct rpcancel_sequence_item *item = &sequence->items[run->items_taken++];
        if (run->tallies)
            run->tallies->here.line = item->line;
        goes_on =
            rpcancel_is_of_wire(item->operation.kind)
                ? rpcancel_run_stop_unimplemented(run, item->operation, "is for runtimes that are spoken to in PDUs")
                : run_situated(run, runtime, item);
    }
    for (size_t i = run->items_taken; run->tallies && i < sequence->count; i++) {
        if (rpcancel_is_of_wire(sequence->items[i].operation.kind))
            continue;
        rpcancel_tally_unreached(run->tallies, run->rules, sequence->items[i].operation.kind, run->end,
                                 run->missing.kind);
    }
    conclude(run, runtime);
    return run->end;
}

void rpcancel_run_free(struct rpcancel_run *run)
{
    free(run->steps);
    free(run->memory);
    *run = (struct rpcancel_run){0};
}
