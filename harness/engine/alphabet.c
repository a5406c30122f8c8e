// SPDX-License-Identifier: Apache-2.0
#include "engine/alphabet.h"

#include <assert.h>
#include <string.h>

struct builder {
    struct rpcancel_alphabet *alphabet;
    unsigned threads;
    uint64_t kinds; /* of operations: bit n is kind n */
    bool every_argument;
};

/* The kinds before |kind|. */
static uint64_t before(unsigned kind)
{
    return (UINT64_C(1) << kind) - 1;
}

uint64_t rpcancel_slice_operations(enum rpcancel_slice slice)
{
    const uint64_t core = before(RPCANCEL_CORE_KINDS);
    switch (slice) {
    case RPCANCEL_SLICE_NOTIFICATION:
        return before(RPCANCEL_ASYNCHRONOUS_KINDS);
    case RPCANCEL_SLICE_SYNCHRONOUS:
        return (core & ~before(RPCANCEL_OP_AWAIT + 1)) |
               (before(RPCANCEL_OPERATION_KINDS) & ~before(RPCANCEL_ASYNCHRONOUS_KINDS));
    default:
        return core;
    }
}

uint64_t rpcancel_slice_own_operations(enum rpcancel_slice slice)
{
    uint64_t operations = rpcancel_slice_operations(slice);
    return slice == RPCANCEL_SLICE_CORE ? operations : operations & ~before(RPCANCEL_CORE_KINDS);
}

const char *rpcancel_slice_name(enum rpcancel_slice slice)
{
    static const char *const names[RPCANCEL_SLICES] = {"core", "notification", "synchronous"};
    return names[slice];
}

bool rpcancel_slice_from_name(const char *name, enum rpcancel_slice *slice)
{
    for (unsigned i = 0; i < RPCANCEL_SLICES; i++) {
        if (strcmp(name, rpcancel_slice_name((enum rpcancel_slice)i)) == 0) {
            *slice = (enum rpcancel_slice)i;
            return true;
        }
    }
    return false;
}

static void add(struct rpcancel_alphabet *alphabet, struct rpcancel_operation operation)
{
    assert(alphabet->count < RPCANCEL_ALPHABET_MAX);
    alphabet->operations[alphabet->count++] = operation;
}

static unsigned argument_count(const struct builder *builder, unsigned kind)
{
    switch (rpcancel_operation_describe(kind)->argument) {
    case RPCANCEL_ARGUMENT_SIZE:
        return builder->every_argument ? (unsigned)RPCANCEL_BAD_SIZES : 1u;
    case RPCANCEL_ARGUMENT_MEMBER:
        return builder->every_argument ? (unsigned)RPCANCEL_MEMBERS : 1u;
    case RPCANCEL_ARGUMENT_FAULT:
        return builder->every_argument ? (unsigned)RPCANCEL_FAULT_CODE_COUNT : 2u;
    case RPCANCEL_ARGUMENT_SUBSCRIBED:
        return builder->every_argument ? (unsigned)RPCANCEL_CALL_EVENTS : 2u;
    case RPCANCEL_ARGUMENT_UNSUBSCRIBED:
        return builder->every_argument ? RPCANCEL_EVENT_UNSUPPORTED + 1u : 2u;
    case RPCANCEL_ARGUMENT_TIMEOUT:
        return builder->every_argument ? (unsigned)RPCANCEL_TIMEOUTS : RPCANCEL_TIMEOUT_ONE + 1u;
    case RPCANCEL_ARGUMENT_CALL_TIMEOUT:
        return RPCANCEL_TIMEOUT_ONE + 1;
    case RPCANCEL_ARGUMENT_TAKEN:
        return 2;
    default:
        return 1;
    }
}

static bool is_forbidden(struct rpcancel_operation operation)
{
    bool has_fault = rpcancel_operation_describe(operation.kind)->argument == RPCANCEL_ARGUMENT_FAULT;
    return has_fault && operation.argument == RPCANCEL_FAULT_ZERO && operation.kind != RPCANCEL_OP_ABORT;
}

/* Adds every argument of |operation|, whose other operands are set. */
static void add_arguments(const struct builder *builder, struct rpcancel_operation operation)
{
    unsigned count = argument_count(builder, operation.kind);
    for (unsigned argument = 0; argument < count; argument++) {
        operation.argument = argument & 7u;
        if (!is_forbidden(operation))
            add(builder->alphabet, operation);
    }
}

/* Whether the operation names no handle, a handle, or a call; and what it needs of that call. */
enum scope { NO_HANDLE, HANDLE_ONLY, CALL };

static enum scope scope_of(unsigned kind)
{
    unsigned uses = rpcancel_operation_describe(kind)->uses;
    if (uses & RPCANCEL_USES_EARLIER)
        return CALL;
    return uses & RPCANCEL_USES_HANDLE ? HANDLE_ONLY : NO_HANDLE;
}

static enum rpcancel_alphabet_need need_of(unsigned kind)
{
    if (scope_of(kind) != CALL)
        return RPCANCEL_NEEDS_NOTHING;
    if (rpcancel_operation_describe(kind)->actor == RPCANCEL_ACTOR_NETWORK)
        return RPCANCEL_NEEDS_MESSAGE;
    switch (kind) {
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        return RPCANCEL_NEEDS_QUEUED;
    case RPCANCEL_OP_HAND_OFF:
    case RPCANCEL_OP_RAISE:
        return RPCANCEL_NEEDS_DISPATCHED;
    case RPCANCEL_OP_RETURN:
        return RPCANCEL_NEEDS_RUNNING;
    default:
        return RPCANCEL_NEEDS_HANDLE;
    }
}

static bool has_kind(const struct builder *builder, unsigned kind)
{
    return builder->kinds >> kind & 1u;
}

static bool uses_thread(unsigned kind)
{
    return rpcancel_operation_describe(kind)->uses & RPCANCEL_USES_THREAD;
}

/* Adds a group of all operations of |scope| that need what |group| says, on its thread if they use one. */
static void add_group(const struct builder *builder, enum scope scope, struct rpcancel_alphabet_group group)
{
    struct rpcancel_alphabet *alphabet = builder->alphabet;
    group.first = (uint16_t)alphabet->count;
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!has_kind(builder, kind) || scope_of(kind) != scope || need_of(kind) != group.need)
            continue;
        add_arguments(builder, (struct rpcancel_operation){.kind = (uint8_t)kind,
                                                           .handle = group.handle & 3u,
                                                           .earlier = group.earlier & 1u,
                                                           .thread = uses_thread(kind) ? group.thread & 3u : 0u});
    }
    group.count = (uint16_t)(alphabet->count - group.first);
    assert(alphabet->group_count < RPCANCEL_ALPHABET_GROUPS);
    alphabet->groups[alphabet->group_count++] = group;
}

/* The threads an operation may run on: the dispatchers, then the program's own. */
static void add_on_threads(const struct builder *builder, enum scope scope, struct rpcancel_alphabet_group group)
{
    for (unsigned thread = 0; thread < builder->threads; thread++) {
        group.thread = (uint8_t)thread;
        add_group(builder, scope, group);
    }
    group.thread = RPCANCEL_THREAD_WORKER;
    if (group.need != RPCANCEL_NEEDS_QUEUED)
        add_group(builder, scope, group);
}

static void add_call(const struct builder *builder, struct rpcancel_alphabet_group group)
{
    unsigned first = builder->alphabet->group_count;
    for (unsigned need = RPCANCEL_NEEDS_MESSAGE; need < RPCANCEL_NEEDS; need++) {
        group.need = (uint8_t)need;
        if (need == RPCANCEL_NEEDS_QUEUED || need == RPCANCEL_NEEDS_HANDLE)
            add_on_threads(builder, CALL, group);
        else
            add_group(builder, CALL, group);
    }
    builder->alphabet->groups[first].span = (uint8_t)(builder->alphabet->group_count - first);
}

/* The operations that name nothing, but for the thread they may run on. */
static void add_unnamed(const struct builder *builder)
{
    struct rpcancel_alphabet *alphabet = builder->alphabet;
    struct rpcancel_alphabet_group group = {.need = RPCANCEL_NEEDS_NOTHING};
    for (unsigned kind = 0; kind < RPCANCEL_OPERATION_KINDS; kind++) {
        if (!has_kind(builder, kind) || scope_of(kind) != NO_HANDLE)
            continue;
        for (unsigned thread = 0; thread < (uses_thread(kind) ? builder->threads : 1u); thread++)
            add_arguments(builder, (struct rpcancel_operation){.kind = (uint8_t)kind, .thread = thread & 3u});
        if (uses_thread(kind))
            add_arguments(builder,
                          (struct rpcancel_operation){.kind = (uint8_t)kind, .thread = RPCANCEL_THREAD_WORKER});
    }
    group.count = (uint16_t)alphabet->count;
    alphabet->groups[alphabet->group_count++] = group;
}

void rpcancel_alphabet_init(struct rpcancel_alphabet *alphabet, unsigned calls, unsigned threads, bool every_argument)
{
    rpcancel_alphabet_init_slice(alphabet, calls, threads, every_argument, RPCANCEL_SLICE_CORE);
}

void rpcancel_alphabet_init_slice(struct rpcancel_alphabet *alphabet, unsigned calls, unsigned threads,
                                  bool every_argument, enum rpcancel_slice slice)
{
    struct builder builder = {.alphabet = alphabet,
                              .threads = threads,
                              .kinds = rpcancel_slice_operations(slice),
                              .every_argument = every_argument};
    memset(alphabet, 0, sizeof *alphabet);
    add_unnamed(&builder);
    for (unsigned handle = 0; handle < calls; handle++) {
        struct rpcancel_alphabet_group group = {.need = RPCANCEL_NEEDS_NOTHING, .handle = (uint8_t)handle};
        add_group(&builder, HANDLE_ONLY, group);
        add_call(&builder, group);
        group.earlier = 1;
        add_call(&builder, group);
    }
}
