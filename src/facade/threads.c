// SPDX-License-Identifier: Apache-2.0
/*
 * The client's threads that make synchronous calls: their handles, and what they do.
 */
#include "facade/lookup.h"
#include "status.h"

/*
 * Handles of threads, and of the bindings they use, are the address of the thread's name with a mark in bits that are
 * zero in it.
 */
enum { MARK_THREAD = 1, MARK_THREAD_WITHOUT_ACCESS = 2, MARK_BINDING = 3, MARKS = 3 };
static_assert(_Alignof(RPC_ASYNC_STATE) > MARKS, "a name's address has room for a mark");

static void *mark(const RPC_ASYNC_STATE *name, unsigned with)
{
    return (void *)((uintptr_t)name | with); // NOLINT(performance-no-int-to-ptr): opaque by design
}

/* 0 for what is no such handle, as far as can be told without touching it. */
static unsigned mark_of(const void *handle)
{
    return rpcancel_facade_is_call_handle(handle) ? 0 : (uintptr_t)handle & MARKS;
}

static const RPC_ASYNC_STATE *name_of(const void *handle)
{
    return (const RPC_ASYNC_STATE *)((uintptr_t)handle & ~(uintptr_t)MARKS); // NOLINT(performance-no-int-to-ptr)
}

HANDLE rpcancel_facade_thread(const RPC_ASYNC_STATE *name, bool may_set_context)
{
    return mark(name, may_set_context ? MARK_THREAD : MARK_THREAD_WITHOUT_ACCESS);
}

RPC_BINDING_HANDLE rpcancel_facade_binding(const RPC_ASYNC_STATE *name)
{
    return mark(name, MARK_BINDING);
}

const RPC_ASYNC_STATE *rpcancel_facade_name_of_thread(const void *handle, bool *may_set_context)
{
    unsigned found = mark_of(handle);
    *may_set_context = found == MARK_THREAD;
    return found == MARK_THREAD || found == MARK_THREAD_WITHOUT_ACCESS ? name_of(handle) : NULL;
}

const RPC_ASYNC_STATE *rpcancel_facade_name_of_binding(RPC_BINDING_HANDLE handle)
{
    return mark_of(handle) == MARK_BINDING ? name_of(handle) : NULL;
}

/* ---- steps ---- */

/* Finds the lane of the thread |name|, and gives it one if it has none. ALONE when all are in use, ZEROED then, or when
 * |name| is none. */
static struct rpcancel_facade_place take_place(struct rpcancel_facade_world *world, const RPC_ASYNC_STATE *name)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of(name);
    if (place.kind == RPCANCEL_PLACE_SERVER) /* memory of the façade's */
        return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_ALONE, .phase = RPCANCEL_HANDLE_CORRUPTED};
    if (place.kind != RPCANCEL_PLACE_ALONE || place.phase != RPCANCEL_HANDLE_ZEROED)
        return place;
    struct rpcancel_facade_place owned = rpcancel_facade_place_at(name);
    if (owned.kind == RPCANCEL_PLACE_ALONE)
        return rpcancel_facade_take_lane(name, RPCANCEL_HANDLE_ZEROED);
    /* It was an RPC_ASYNC_STATE, and is zeroed memory now. */
    if (!rpcancel_facade_lane_is_busy(world, owned.lane))
        world->calls.lanes[owned.lane].handle = (struct rpcancel_handle){.phase = RPCANCEL_HANDLE_ZEROED};
    return owned;
}

RPC_STATUS rpcancel_facade_step_thread(const RPC_ASYNC_STATE *name, enum rpcancel_operation_kind kind,
                                       unsigned argument)
{
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    bool is_set = kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT || kind == RPCANCEL_OP_SET_CALL_TIMEOUT;
    if (!world || !name)
        return RPCANCEL_FACADE_REFUSED;
    struct rpcancel_facade_place place = take_place(world, name);
    if (is_set && place.kind == RPCANCEL_PLACE_ALONE)
        return RPCANCEL_FACADE_REFUSED;
    /* Without a lane it is in no call, and has no time-outs. */
    return rpcancel_facade_status(rpcancel_facade_step(place, kind, argument));
}

RPC_STATUS rpcancel_facade_synchronous_call(const RPC_ASYNC_STATE *name)
{
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    if (!world)
        return RPCANCEL_FACADE_REFUSED;
    struct rpcancel_facade_place place = take_place(world, name);
    if (place.kind == RPCANCEL_PLACE_ALONE)
        return place.phase == RPCANCEL_HANDLE_ZEROED ? RPCANCEL_S_OUT_OF_RESOURCES : RPCANCEL_FACADE_REFUSED;
    bool previous_lives = rpcancel_call_alive(world->calls.lanes[place.lane].call);
    struct rpcancel_answer answer = rpcancel_facade_step(place, RPCANCEL_OP_SYNCHRONOUS_CALL, 0);
    if (answer.kind == RPCANCEL_ANSWER_DONE && !world->calls.link_lost)
        rpcancel_facade_begin_call(world, place.lane, previous_lives);
    return rpcancel_facade_status(answer);
}

RPC_STATUS rpcancel_facade_returned(const RPC_ASYNC_STATE *name)
{
    return rpcancel_facade_step_thread(name, RPCANCEL_OP_RETURNED, 0);
}
