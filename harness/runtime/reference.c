// SPDX-License-Identifier: Apache-2.0
/*
 * The reference implementation as a runtime in this process.
 *
 * With hidden delivery it behaves as a real runtime does whose messages travel unseen: before and after every
 * operation some of the messages on their way arrive, chosen by a seeded generator. It never loses the link unasked.
 */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutants/ask.h"
#include "runtime/runtime.h"

struct reference {
    struct rpcancel_runtime runtime; /* first, so that a pointer to it is a pointer to the reference */
    struct rpcancel_stepper step;
    const struct rpcancel_choices *choices;
    struct rpcancel_world world;
    struct rpcancel_observer account; /* of everything, with a fault only: it is asked by it */
    bool hide_delivery;
    uint64_t random; /* state of the generator */
};

static struct reference *reference_of(struct rpcancel_runtime *runtime)
{
    return (struct reference *)runtime;
}

/* SplitMix64 (Steele, Lea, Flood 2014): every seed is as good as any other. */
static uint64_t draw(struct reference *reference)
{
    uint64_t z = reference->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static struct rpcancel_answer step(struct reference *reference, struct rpcancel_operation operation)
{
    struct rpcancel_answer answer =
        rpcancel_ask(&reference->step, reference->choices, &reference->world, &reference->account, operation);
    if (!reference->step.function)
        rpcancel_observe(&reference->account, operation, answer);
    return answer;
}

enum { DELIVERIES_MAX = 2 * RPCANCEL_HANDLES_MAX * 4 }; /* current and earlier calls, kinds of message */

/* Tries out on a copy of the world whether |operation| can happen. */
static bool can_happen(const struct reference *reference, struct rpcancel_operation operation)
{
    struct rpcancel_world copy = reference->world;
    return rpcancel_answer_happened(rpcancel_take_step(&reference->step, reference->choices, &copy, operation));
}

/* Lists the deliveries that can happen now; returns their number. */
static unsigned list_deliveries(const struct reference *reference, struct rpcancel_operation out[DELIVERIES_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < 2 * RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_lane *lane = &reference->world.lanes[i / 2];
        struct rpcancel_call call = i % 2 ? lane->earlier : lane->call;
        const bool on_its_way[] = {call.request, call.cancel, call.orphaned, call.reply};
        for (unsigned message = 0; message < 4; message++) {
            struct rpcancel_operation delivery = {
                .kind = (uint8_t)(RPCANCEL_OP_DELIVER_REQUEST + message), .handle = i / 2 & 3u, .earlier = i % 2 & 1u};
            if (on_its_way[message] && can_happen(reference, delivery))
                out[count++] = delivery;
        }
    }
    return count;
}

/* Delivers as many messages as a coin says: none half of the time, one a quarter of the time, … */
static void deliver_some(struct reference *reference)
{
    struct rpcancel_operation deliveries[DELIVERIES_MAX];
    uint64_t coins = draw(reference);
    for (; coins & 1; coins >>= 1) {
        unsigned count = list_deliveries(reference, deliveries);
        if (count == 0)
            return;
        step(reference, deliveries[draw(reference) % count]);
    }
}

static struct rpcancel_answer execute_hiding(struct reference *reference, struct rpcancel_operation operation)
{
    if (rpcancel_is_delivery(operation.kind))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED); /* not on command */
    deliver_some(reference);
    if (rpcancel_is_dispatch(operation.kind)) { /* whoever waits for a manager routine waits for its request too */
        struct rpcancel_operation request = operation;
        request.kind = RPCANCEL_OP_DELIVER_REQUEST;
        step(reference, rpcancel_operation_canonical(request));
    }
    struct rpcancel_answer answer = step(reference, operation);
    deliver_some(reference);
    return answer;
}

static enum rpcancel_exchange reference_reset(struct rpcancel_runtime *runtime)
{
    runtime->event_count = 0;
    rpcancel_world_reset(&reference_of(runtime)->world);
    rpcancel_observer_reset(&reference_of(runtime)->account);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static enum rpcancel_exchange reference_execute(struct rpcancel_runtime *runtime, struct rpcancel_operation operation,
                                                struct rpcancel_answer *answer)
{
    struct reference *reference = reference_of(runtime);
    operation = rpcancel_operation_canonical(operation);
    *answer = reference->hide_delivery ? execute_hiding(reference, operation) : step(reference, operation);
    return RPCANCEL_EXCHANGE_ANSWERED;
}

static void reference_close(struct rpcancel_runtime *runtime)
{
    free(reference_of(runtime));
}

static const struct rpcancel_runtime_functions functions = {
    .reset = reference_reset, .execute = reference_execute, .close = reference_close};

struct rpcancel_runtime *rpcancel_runtime_open_reference(const struct rpcancel_runtime_options *options,
                                                         char failure[RPCANCEL_FAILURE_TEXT_MAX])
{
    struct rpcancel_stepper step = {.function = rpcancel_step};
    if (options->mutant && !rpcancel_stepper_find(options->mutant, strlen(options->mutant), &step, NULL)) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "there is no mutant or variant `%.64s`", options->mutant);
        return NULL;
    }
    struct reference *reference = calloc(1, sizeof *reference);
    if (!reference) {
        snprintf(failure, RPCANCEL_FAILURE_TEXT_MAX, "out of memory");
        return NULL;
    }
    snprintf(reference->runtime.name, sizeof reference->runtime.name, "reference");
    reference->runtime.functions = &functions;
    reference->step = step;
    reference->choices = options->windows_profile ? &rpcancel_choices_windows : &rpcancel_choices_documented;
    reference->hide_delivery = options->hide_delivery;
    reference->random = options->seed;
    rpcancel_world_reset(&reference->world);
    rpcancel_observer_reset(&reference->account);
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        bool hidden = options->hide_delivery && rpcancel_is_delivery(kind);
        reference->runtime.control[kind] = hidden ? RPCANCEL_HIDDEN : RPCANCEL_COMMAND;
    }
    return &reference->runtime;
}
