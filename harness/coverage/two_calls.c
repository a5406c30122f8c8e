// SPDX-License-Identifier: Apache-2.0
#include "coverage/two_calls.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coverage/projection.h"
#include "reference.h"
#include "rules/tables.h"

static const uint64_t memory = UINT64_C(2) << 30; /* address space; a fiftieth is used */

/* A renaming of the two handles and of the two dispatchers: bit 0 swaps a and b, bit 1 swaps @t1 and @t2. Doing one and
 * then another is their sum without carry. */
enum { SWAPS_HANDLES = 1, SWAPS_THREADS = 2, THREADS = 2 };

/* ---- pairs that look alike ---- */

/* What orders lanes; the thread, which may be renamed, is left out. */
static uint64_t weight(const struct rpcancel_pair *pair, unsigned handle, bool observed)
{
    uint64_t bits = 0;
    if (observed) {
        struct rpcancel_observed_lane lane = pair->observer.lanes[handle];
        lane.call.manager = 0;
        memcpy(&bits, &lane, sizeof lane);
    } else {
        struct rpcancel_lane lane = pair->world.lanes[handle];
        lane.call.manager = 0;
        memcpy(&bits, &lane, sizeof lane);
    }
    return bits;
}

static bool is_out_of_order(const struct rpcancel_pair *pair)
{
    uint64_t a = weight(pair, 0, false), b = weight(pair, 1, false);
    return a != b ? a < b : weight(pair, 0, true) < weight(pair, 1, true);
}

static void swap_handles(struct rpcancel_pair *pair)
{
    struct rpcancel_lane lane = pair->world.lanes[0];
    struct rpcancel_observed_lane observed = pair->observer.lanes[0];
    pair->world.lanes[0] = pair->world.lanes[1];
    pair->world.lanes[1] = lane;
    pair->observer.lanes[0] = pair->observer.lanes[1];
    pair->observer.lanes[1] = observed;
}

/* The first call whose manager routine runs, by handle, is to run on @t1. */
static bool is_on_wrong_threads(const struct rpcancel_pair *pair)
{
    const struct rpcancel_lane *lanes = pair->world.lanes;
    unsigned first = rpcancel_manager_runs(lanes[0].call) ? 0 : 1;
    return rpcancel_manager_runs(lanes[first].call) && lanes[first].call.manager == RPCANCEL_THREAD_T2;
}

static void swap_threads(struct rpcancel_pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        if (rpcancel_manager_runs(pair->world.lanes[i].call))
            pair->world.lanes[i].call.manager ^= 1;
        if (rpcancel_seen_running(pair->observer.lanes[i].call))
            pair->observer.lanes[i].call.manager ^= 1;
    }
}

/* Makes |pair| the one that stands for all that look alike; returns the renaming. */
static unsigned rename_pair(struct rpcancel_pair *pair)
{
    unsigned renaming = 0;
    if (is_out_of_order(pair)) {
        swap_handles(pair);
        renaming |= SWAPS_HANDLES;
    }
    if (is_on_wrong_threads(pair)) {
        swap_threads(pair);
        renaming |= SWAPS_THREADS;
    }
    return renaming;
}

static void represent(struct rpcancel_pair *pair)
{
    rename_pair(pair);
}

static struct rpcancel_operation rename_operation(struct rpcancel_operation operation, unsigned renaming)
{
    unsigned uses = rpcancel_operation_describe(operation.kind)->uses;
    if ((renaming & SWAPS_HANDLES) && (uses & RPCANCEL_USES_HANDLE))
        operation.handle ^= 1;
    if ((renaming & SWAPS_THREADS) && (uses & RPCANCEL_USES_THREAD) && operation.thread != RPCANCEL_THREAD_WORKER)
        operation.thread ^= 1;
    return operation;
}

/* ---- cells ---- */

static uint32_t cell_of(unsigned about, unsigned other, unsigned column)
{
    return (about * RPCANCEL_STATE_CLASSES + other) * RPCANCEL_TWO_CALL_COLUMNS + column;
}

static uint32_t unordered_cell(unsigned one, unsigned other, unsigned column)
{
    return one < other ? cell_of(one, other, column) : cell_of(other, one, column);
}

uint32_t rpcancel_two_call_loss(unsigned one, unsigned other)
{
    return unordered_cell(one, other, RPCANCEL_OP_LOSE_LINK);
}

/* The cells of an operation about |about|, with each other handle. */
static unsigned cells_about(const struct rpcancel_world *world, const struct rpcancel_standing *standing,
                            struct rpcancel_operation operation, unsigned about, uint32_t *out)
{
    unsigned count = 0;
    if (!(standing->counted >> about & 1u))
        return 0;
    for (unsigned other = 0; other < RPCANCEL_HANDLES_MAX; other++) {
        unsigned mask = 1u << about | 1u << other;
        if (other != about && (standing->counted >> other & 1u) &&
            rpcancel_thread_remains(world, operation, mask, THREADS))
            out[count++] = cell_of(standing->classes[about], standing->classes[other], operation.kind);
    }
    return count;
}

/* The cells of an operation about no call, or about every call. */
static unsigned cells_of_any_two(const struct rpcancel_world *world, const struct rpcancel_standing *standing,
                                 struct rpcancel_operation operation, uint32_t *out)
{
    unsigned column = operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO ? RPCANCEL_OPERATION_KINDS : operation.kind;
    unsigned count = 0;
    for (unsigned one = 0; one < RPCANCEL_HANDLES_MAX; one++) {
        for (unsigned other = one + 1; other < RPCANCEL_HANDLES_MAX; other++) {
            unsigned mask = 1u << one | 1u << other;
            if ((standing->counted & mask) == mask && rpcancel_thread_remains(world, operation, mask, THREADS))
                out[count++] = unordered_cell(standing->classes[one], standing->classes[other], column);
        }
    }
    return count;
}

unsigned rpcancel_two_call_cells(const struct rpcancel_world *world, const struct rpcancel_standing *standing,
                                 struct rpcancel_operation operation, uint32_t out[RPCANCEL_TWO_CALL_CELLS_AT_ONCE])
{
    int subject = rpcancel_subject(world, operation);
    if (subject == RPCANCEL_ABOUT_EARLIER)
        return 0;
    if (subject >= 0)
        return cells_about(world, standing, operation, (unsigned)subject, out);
    return cells_of_any_two(world, standing, operation, out);
}

/* ---- the search ---- */

struct search {
    struct rpcancel_two_calls *calls;
    uint32_t number; /* of the pair that |standing| is of */
    struct rpcancel_standing standing;
};

static void take_edge(void *context, const struct rpcancel_edge *edge)
{
    struct search *search = context;
    struct rpcancel_two_calls *calls = search->calls;
    struct rpcancel_standing *standing = &search->standing;
    uint32_t cells[RPCANCEL_TWO_CALL_CELLS_AT_ONCE];
    if (edge->number != search->number) {
        search->number = edge->number;
        for (unsigned handle = 0; handle < 2; handle++)
            standing->classes[handle] = (uint8_t)rpcancel_state_class(&edge->from->observer, handle);
    }
    unsigned count = rpcancel_two_call_cells(&edge->from->world, standing, edge->operation, cells);
    for (unsigned i = 0; i < count; i++) {
        if (calls->first_pair[cells[i]])
            continue;
        calls->first_pair[cells[i]] = edge->number + 1;
        calls->first_lead[cells[i]] = (uint16_t)edge->lead;
        calls->count++;
    }
}

bool rpcancel_two_call_stands(struct rpcancel_operation operation)
{
    enum { RESERVED = 3 };
    bool is_fault = rpcancel_operation_describe(operation.kind)->argument == RPCANCEL_ARGUMENT_FAULT;
    return operation.argument == 0 || (is_fault && operation.argument == RESERVED);
}

static struct rpcancel_answer step_few_arguments(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                                 struct rpcancel_operation operation)
{
    if (!rpcancel_two_call_stands(operation))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return rpcancel_step(choices, world, operation);
}

static bool search_all(struct rpcancel_two_calls *calls, bool every_argument, const volatile sig_atomic_t *stop)
{
    struct search search = {.calls = calls, .number = RPCANCEL_NO_PAIR, .standing = {.counted = 3}};
    struct rpcancel_explore_options options = {
        .calls = 2,
        .threads = THREADS,
        .every_argument = true,
        .memory = memory,
        .profile = RPCANCEL_PROFILE_DOCUMENTED,
        .step = {.function = every_argument ? rpcancel_step : step_few_arguments},
        .choices = &rpcancel_choices_documented,
        .stop = stop,
        .edge = take_edge,
        .edge_context = &search,
        .represent = represent,
        .keep = &calls->pairs,
    };
    struct rpcancel_explore_result *result = calloc(1, sizeof *result);
    if (!result)
        return false;
    rpcancel_tables_init();
    rpcancel_explore(&options, result);
    bool closed = result->end == RPCANCEL_EXPLORE_CLOSED;
    calls->edge_count = result->edges;
    free(result);
    return closed;
}

struct rpcancel_two_calls *rpcancel_two_calls_open(bool every_argument, const volatile sig_atomic_t *stop)
{
    struct rpcancel_two_calls *calls = calloc(1, sizeof *calls);
    if (!calls)
        return NULL;
    rpcancel_alphabet_init(&calls->alphabet, 2, THREADS, true);
    calls->first_pair = calloc(RPCANCEL_TWO_CALL_CELLS, sizeof *calls->first_pair);
    calls->first_lead = calloc(RPCANCEL_TWO_CALL_CELLS, sizeof *calls->first_lead);
    if (calls->first_pair && calls->first_lead && search_all(calls, every_argument, stop))
        return calls;
    rpcancel_two_calls_close(calls);
    return NULL;
}

void rpcancel_two_calls_close(struct rpcancel_two_calls *calls)
{
    if (!calls)
        return;
    rpcancel_pair_table_close(&calls->pairs);
    free(calls->first_pair);
    free(calls->first_lead);
    free(calls);
}

/* ---- the way to a cell ---- */

/* The renaming that pair |number| underwent when it was found from its parent. */
static unsigned renaming_of(const struct rpcancel_two_calls *calls, uint32_t number)
{
    struct rpcancel_operation operation = calls->alphabet.operations[calls->pairs.leads[number]];
    struct rpcancel_pair pair;
    rpcancel_pair_get(&calls->pairs, calls->pairs.parents[number], &pair);
    struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &pair.world, operation);
    rpcancel_observe(&pair.observer, operation, answer);
    return rename_pair(&pair);
}

unsigned rpcancel_two_call_path(const struct rpcancel_two_calls *calls, uint32_t cell,
                                struct rpcancel_operation out[RPCANCEL_TWO_CALL_PATH_MAX])
{
    uint32_t numbers[RPCANCEL_TWO_CALL_PATH_MAX]; /* of the pairs on the way, the last first */
    unsigned length = 0, renaming = 0;
    for (uint32_t at = calls->first_pair[cell] - 1; at != 0; at = calls->pairs.parents[at]) {
        assert(length + 1 < RPCANCEL_TWO_CALL_PATH_MAX);
        numbers[length++] = at;
    }
    for (unsigned i = 0; i < length; i++) {
        uint32_t number = numbers[length - 1 - i];
        out[i] = rename_operation(calls->alphabet.operations[calls->pairs.leads[number]], renaming);
        renaming ^= renaming_of(calls, number);
    }
    out[length] = rename_operation(calls->alphabet.operations[calls->first_lead[cell]], renaming);
    return length + 1;
}
