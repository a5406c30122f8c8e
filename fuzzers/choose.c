// SPDX-License-Identifier: Apache-2.0
#include "choose.h"

#include <string.h>

/* How often a choice is made anew before one that can always happen is taken. */
enum { ATTEMPTS = 32 };

static struct rpcancel_operation with_operands(unsigned kind, uint64_t bits)
{
    struct rpcancel_operation operation = {.kind = (uint8_t)kind};
    operation.handle = bits & bits >> 2 & 3u; /* 9 : 3 : 3 : 1 */
    operation.earlier = (bits >> 4 & 3u) == 0;
    operation.thread = bits >> 6 & 3u;
    operation.argument = bits >> 8 & 7u;
    return rpcancel_operation_canonical(operation);
}

struct rpcancel_operation rpcancel_choose_any(struct rpcancel_random *random)
{
    uint64_t bits = rpcancel_random_bits(random);
    unsigned kind = (unsigned)((bits >> 32) * RPCANCEL_OPERATION_KINDS >> 32);
    if (kind == RPCANCEL_OP_LOSE_LINK && (bits & 7u << 16) != 0)
        kind = RPCANCEL_OP_TEST_CANCEL;
    return with_operands(kind, bits);
}

/* Most attempts are about calls that are not there. */
static bool names_a_call(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    static const struct rpcancel_call none;
    bool needs_call = rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_EARLIER;
    return !needs_call || memcmp(rpcancel_call_of(world, operation), &none, sizeof none) != 0;
}

struct rpcancel_operation rpcancel_choose_enabled(struct rpcancel_random *random, struct rpcancel_world *world)
{
    bool wants_change = rpcancel_random_chance(random, 5);
    for (unsigned attempt = 0; attempt < ATTEMPTS; attempt++) {
        struct rpcancel_operation operation = rpcancel_choose_any(random);
        if (!names_a_call(world, operation))
            continue;
        struct rpcancel_world next = *world;
        struct rpcancel_answer answer = rpcancel_step(&rpcancel_choices_documented, &next, operation);
        if (!rpcancel_answer_happened(answer) || (wants_change && memcmp(&next, world, sizeof next) == 0))
            continue;
        *world = next;
        return operation;
    }
    struct rpcancel_operation settle = {.kind = RPCANCEL_OP_SETTLE};
    rpcancel_step(&rpcancel_choices_documented, world, settle);
    return settle;
}

/* The life of a call in an order that can happen, with the chance of each stage in eighths. */
struct stage {
    uint8_t kind;
    uint8_t chance;
};

static const struct stage asynchronous[] = {
    {RPCANCEL_OP_INIT, 6},
    {RPCANCEL_OP_CALL, 8},
    {RPCANCEL_OP_STATUS, 1},
    {RPCANCEL_OP_CANCEL, 2},
    {RPCANCEL_OP_CANCEL_ABORT, 1},
    {RPCANCEL_OP_DELIVER_REQUEST, 7},
    {RPCANCEL_OP_DELIVER_CANCEL, 2},
    {RPCANCEL_OP_DISPATCH, 7},
    {RPCANCEL_OP_TEST_CANCEL, 2},
    {RPCANCEL_OP_TEST_CANCEL_ZERO, 2},
    {RPCANCEL_OP_CANCEL, 3},
    {RPCANCEL_OP_DELIVER_CANCEL, 3},
    {RPCANCEL_OP_TEST_CANCEL, 3},
    {RPCANCEL_OP_HAND_OFF, 4},
    {RPCANCEL_OP_CANCEL_ABORT, 2},
    {RPCANCEL_OP_DELIVER_ORPHANED, 3},
    {RPCANCEL_OP_RETURN, 3},
    {RPCANCEL_OP_TEST_CANCEL, 3},
    {RPCANCEL_OP_TEST_CANCEL_ZERO, 2},
    {RPCANCEL_OP_SERVER_ABORT, 2},
    {RPCANCEL_OP_SERVER_COMPLETE, 6},
    {RPCANCEL_OP_RAISE, 1},
    {RPCANCEL_OP_RETURN, 4},
    {RPCANCEL_OP_DELIVER_REPLY, 6},
    {RPCANCEL_OP_STATUS, 2},
    {RPCANCEL_OP_AWAIT, 3},
    {RPCANCEL_OP_COMPLETE, 5},
    {RPCANCEL_OP_AWAIT, 1},
};

static const struct stage synchronous[] = {
    {RPCANCEL_OP_SET_CANCEL_TIMEOUT, 3},
    {RPCANCEL_OP_SET_CALL_TIMEOUT, 2},
    {RPCANCEL_OP_SYNCHRONOUS_CALL, 8},
    {RPCANCEL_OP_CANCEL_THREAD, 1},
    {RPCANCEL_OP_DELIVER_REQUEST, 7},
    {RPCANCEL_OP_DISPATCH_SYNCHRONOUS, 6},
    {RPCANCEL_OP_DISPATCH, 4},
    {RPCANCEL_OP_TEST_CANCEL_THREAD, 2},
    {RPCANCEL_OP_CANCEL_THREAD_DENIED, 1},
    {RPCANCEL_OP_CANCEL_THREAD, 4},
    {RPCANCEL_OP_CANCEL_THREAD_EX, 2},
    {RPCANCEL_OP_DELIVER_CANCEL, 5},
    {RPCANCEL_OP_TEST_CANCEL_THREAD, 3},
    {RPCANCEL_OP_RETURNED, 2},
    {RPCANCEL_OP_ELAPSE, 4},
    {RPCANCEL_OP_ELAPSE, 2},
    {RPCANCEL_OP_SETTLE, 3},
    {RPCANCEL_OP_RETURNED, 3},
    {RPCANCEL_OP_RAISE, 1},
    {RPCANCEL_OP_SERVER_COMPLETE, 3},
    {RPCANCEL_OP_RETURN, 5},
    {RPCANCEL_OP_DELIVER_REPLY, 6},
    {RPCANCEL_OP_RETURNED, 5},
};

enum { REUSES = 3 };

static const struct life {
    const struct stage *stages;
    size_t count;
    struct rpcancel_operation reuse[REUSES]; /* what makes the call an earlier one; the last one makes another */
} lives[] = {
    {asynchronous,
     sizeof asynchronous / sizeof asynchronous[0],
     {{.kind = RPCANCEL_OP_CANCEL_ABORT}, {.kind = RPCANCEL_OP_COMPLETE}, {.kind = RPCANCEL_OP_CALL}}},
    {synchronous,
     sizeof synchronous / sizeof synchronous[0],
     {{.kind = RPCANCEL_OP_CANCEL_THREAD_EX, .argument = RPCANCEL_TIMEOUT_ZERO},
      {.kind = RPCANCEL_OP_RETURNED},
      {.kind = RPCANCEL_OP_SYNCHRONOUS_CALL}}},
};

static_assert(sizeof asynchronous / sizeof asynchronous[0] + REUSES <= RPCANCEL_LIFE_MAX, "a life has room");
static_assert(sizeof synchronous / sizeof synchronous[0] + REUSES <= RPCANCEL_LIFE_MAX, "a life has room");

unsigned rpcancel_choose_life(struct rpcancel_random *random, struct rpcancel_operation out[RPCANCEL_LIFE_MAX])
{
    uint64_t bits = rpcancel_random_bits(random);
    struct rpcancel_operation common = with_operands(RPCANCEL_OP_SERVER_ABORT, bits);
    unsigned manager = (unsigned)rpcancel_random_below(random, RPCANCEL_DISPATCHERS_MAX);
    unsigned thread = manager;
    bool reused = rpcancel_random_chance(random, 2);
    const struct life *life = &lives[rpcancel_random_chance(random, 2)];
    unsigned count = 0;
    for (size_t i = 0; i < life->count; i++) {
        struct rpcancel_operation operation = {
            .kind = life->stages[i].kind, .handle = common.handle, .earlier = reused, .argument = common.argument};
        if (!rpcancel_random_chance(random, life->stages[i].chance))
            continue;
        if (operation.kind == RPCANCEL_OP_HAND_OFF)
            thread = RPCANCEL_THREAD_WORKER;
        operation.thread = (operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO ? manager : thread) & 3u;
        out[count++] = rpcancel_operation_canonical(operation);
        for (unsigned j = 0; reused && operation.kind == life->reuse[REUSES - 1].kind && j < REUSES; j++) {
            out[count] = life->reuse[j];
            out[count++].handle = common.handle;
        }
    }
    return count;
}
