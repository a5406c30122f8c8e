// SPDX-License-Identifier: Apache-2.0
#include "suite/two_calls_suite.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/bits.h"
#include "engine/explore.h"

enum { CALLS = 2, THREADS = 2, NO_INPUT = UINT16_MAX };
static const uint64_t memory = UINT64_C(1) << 30; /* address space for the table of pairs; a fraction is used */

/* ---- the slice ---- */

static bool is_in_slice(unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_INIT:
    case RPCANCEL_OP_CALL:
    case RPCANCEL_OP_COMPLETE:
    case RPCANCEL_OP_CANCEL:
    case RPCANCEL_OP_CANCEL_ABORT:
    case RPCANCEL_OP_AWAIT:
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_HAND_OFF:
    case RPCANCEL_OP_RETURN:
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_SERVER_COMPLETE:
    case RPCANCEL_OP_SETTLE:
        return true;
    default:
        return rpcancel_is_delivery(kind);
    }
}

/* Whether dispatcher |thread| runs a manager routine. */
static bool is_busy(const struct rpcancel_world *world, unsigned thread)
{
    for (unsigned i = 0; i < CALLS; i++) {
        const struct rpcancel_lane *lane = &world->lanes[i];
        if ((rpcancel_manager_runs(lane->call) && lane->call.manager == thread) ||
            (rpcancel_manager_runs(lane->earlier) && lane->earlier.manager == thread))
            return true;
    }
    return false;
}

/* The first dispatcher that is idle, or THREADS. */
static unsigned idle_thread(const struct rpcancel_world *world)
{
    unsigned thread = 0;
    while (thread < THREADS && is_busy(world, thread))
        thread++;
    return thread;
}

/* The reference, but for what is not in the slice or looks like something that is. */
static struct rpcancel_answer step_slice(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                         struct rpcancel_operation operation)
{
    bool is_second_first = operation.kind == RPCANCEL_OP_INIT && operation.handle > 0 &&
                           world->lanes[0].handle.phase == RPCANCEL_HANDLE_ZEROED;
    bool is_other_idle = operation.kind == RPCANCEL_OP_DISPATCH && operation.thread != idle_thread(world);
    if (!is_in_slice(operation.kind) || is_second_first || is_other_idle)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return rpcancel_step(choices, world, operation);
}

/* ---- making ---- */

struct maker {
    struct rpcancel_two_calls_suite *made;
    const struct rpcancel_suite_model *model;
    const struct rpcancel_pair_table *pairs;
    uint32_t *reached; /* by pair: the node of a shortest way to it */
    uint64_t *classes; /* bit n: the pair of classes with number n was met */
    uint32_t last;     /* pair whose transition was added last */
    bool failed;
    uint16_t inputs[RPCANCEL_OPERATION_KINDS][RPCANCEL_HANDLES_MAX][2][RPCANCEL_THREADS][RPCANCEL_OPERANDS_MAX];
};

static uint16_t *input_of(struct maker *maker, struct rpcancel_operation o)
{
    return &maker->inputs[o.kind][o.handle][o.earlier][o.thread][o.argument];
}

static void index_alphabet(struct maker *maker)
{
    const struct rpcancel_alphabet *alphabet = &maker->made->alphabet;
    memset(maker->inputs, 0xFF, sizeof maker->inputs);
    for (unsigned input = 0; input < alphabet->count; input++)
        *input_of(maker, alphabet->operations[input]) = (uint16_t)input;
}

/* What |operation|, made for one call, is for the call of |handle|. False: there is no thread left for it. */
static bool translate(const struct rpcancel_world *world, unsigned handle, struct rpcancel_operation *operation)
{
    unsigned uses = rpcancel_operation_describe(operation->kind)->uses;
    struct rpcancel_call call = world->lanes[handle].call;
    if (uses & RPCANCEL_USES_HANDLE)
        operation->handle = handle & 3u;
    if (!(uses & RPCANCEL_USES_THREAD) || operation->thread == RPCANCEL_THREAD_WORKER)
        return true;
    bool is_served = rpcancel_manager_runs(call) && operation->kind != RPCANCEL_OP_DISPATCH;
    unsigned thread = is_served ? call.manager : idle_thread(world);
    operation->thread = thread & 3u;
    return thread < THREADS;
}

/* Adds |word| for the call of |handle|, as far as it is possible. */
static void add_word(struct maker *maker, uint32_t node, struct rpcancel_world world, unsigned handle,
                     const struct rpcancel_word *word)
{
    for (unsigned i = 0; i < word->count && !maker->failed; i++) {
        struct rpcancel_operation operation = maker->model->alphabet.operations[word->inputs[i]];
        if (!translate(&world, handle, &operation) || *input_of(maker, operation) == NO_INPUT ||
            !rpcancel_answer_happened(rpcancel_step(maker->model->choices, &world, operation)))
            return;
        node = rpcancel_suite_add(&maker->made->suite, node, *input_of(maker, operation));
        maker->failed |= node == 0;
    }
}

/* The class that the current call of |handle| would be in if it were alone. */
static uint32_t class_alone(const struct maker *maker, const struct rpcancel_pair *pair, unsigned handle)
{
    struct rpcancel_pair alone = *pair;
    alone.world.lanes[handle].earlier = (struct rpcancel_call){0};
    return rpcancel_suite_model_class(maker->model, &alone, handle);
}

static void identify_both(struct maker *maker, uint32_t node, const struct rpcancel_pair *pair)
{
    const struct rpcancel_identifiers *identifiers = &maker->model->identifiers;
    for (unsigned handle = 0; handle < CALLS; handle++) {
        uint32_t class = class_alone(maker, pair, handle);
        if (class == RPCANCEL_MACHINE_IMPOSSIBLE)
            continue;
        for (uint32_t i = identifiers->begin[class]; i < identifiers->begin[class + 1]; i++)
            add_word(maker, node, pair->world, handle, &identifiers->words[identifiers->of[i]]);
    }
}

static void count_state(struct maker *maker, const struct rpcancel_pair *pair)
{
    uint64_t states = maker->model->machine.states + 1u; /* the last stands for none */
    uint64_t one = class_alone(maker, pair, 0), other = class_alone(maker, pair, 1);
    one = one < states ? one : states - 1;
    other = other < states ? other : states - 1;
    maker->made->states++;
    maker->made->classes += rpcancel_bits_add(maker->classes, (size_t)(one * states + other));
}

static void add_transition(void *context, const struct rpcancel_edge *edge)
{
    struct maker *maker = context;
    struct rpcancel_two_calls_suite *made = maker->made;
    if (maker->failed)
        return;
    if (edge->number != maker->last || made->states == 0)
        count_state(maker, edge->from);
    maker->last = edge->number;
    made->transitions++;
    uint32_t node = rpcancel_suite_add(&made->suite, maker->reached[edge->number], edge->lead);
    maker->failed = node == 0;
    if (!maker->failed)
        identify_both(maker, node, edge->to);
}

static bool search(const struct rpcancel_suite_model *model, unsigned depth, struct rpcancel_pair_table *keep,
                   struct maker *maker)
{
    const struct rpcancel_explore_options options = {
        .calls = CALLS,
        .threads = THREADS,
        .earlier = 1,
        .depth = depth,
        .every_argument = true,
        .memory = memory,
        .profile = model->profile,
        .step = {.function = step_slice},
        .choices = model->choices,
        .edge = maker ? add_transition : NULL,
        .edge_context = maker,
        .keep = keep,
    };
    return rpcancel_suite_search(&options);
}

/* Adds a shortest way to every pair; their numbers are in the order in which they were reached. */
static bool cover_pairs(struct maker *maker)
{
    const struct rpcancel_pair_table *pairs = maker->pairs;
    for (uint32_t i = 1; i < pairs->count; i++) {
        maker->reached[i] = rpcancel_suite_add(&maker->made->suite, maker->reached[pairs->parents[i]], pairs->leads[i]);
        if (!maker->reached[i])
            return false;
    }
    return true;
}

bool rpcancel_two_calls_suite_make(struct rpcancel_two_calls_suite *made, const struct rpcancel_suite_model *model,
                                   unsigned depth)
{
    struct rpcancel_pair_table pairs;
    size_t states = (size_t)model->machine.states + 1;
    *made = (struct rpcancel_two_calls_suite){0};
    rpcancel_alphabet_init(&made->alphabet, CALLS, THREADS, true);
    if (!search(model, depth, &pairs, NULL))
        return false;
    struct maker *maker = calloc(1, sizeof *maker);
    bool ready = maker != NULL && rpcancel_suite_open(&made->suite);
    if (ready) {
        maker->made = made;
        maker->model = model;
        maker->pairs = &pairs;
        maker->reached = calloc(pairs.count, sizeof *maker->reached);
        maker->classes = calloc(rpcancel_bits_words(states * states), sizeof *maker->classes);
        index_alphabet(maker);
        ready = maker->reached && maker->classes && cover_pairs(maker) && search(model, depth, NULL, maker) &&
                !maker->failed;
        free(maker->reached);
        free(maker->classes);
    }
    free(maker);
    rpcancel_pair_table_close(&pairs);
    return ready;
}
