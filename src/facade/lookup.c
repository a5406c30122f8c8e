// SPDX-License-Identifier: Apache-2.0
#include "facade/lookup.h"

#include <string.h>

#include "machines.h"
#include "status.h"

/*
 * A call handle is a number: from the lowest bit up 1 (so it is no address of an object), the end, the lane, the
 * world's number, the call's serial number, and the highest bit (no address of a program on systems with 8-byte
 * pointers). It is compared and taken apart, never followed.
 */
enum { SERVER_BIT = 1, LANE_SHIFT = 2, NUMBER_SHIFT = 4, SERIAL_SHIFT = 12, POINTER_BITS = 8 * sizeof(uintptr_t) };
static const uintptr_t serial_mask = UINTPTR_MAX >> (SERIAL_SHIFT + 1);
static const uintptr_t always_set = ((uintptr_t)1 << (POINTER_BITS - 1)) | 1;

/* Below this no system maps memory. */
enum { LOWEST_ADDRESS = 0x10000 };

static _Thread_local struct rpcancel_facade_world *selected_world;
static _Thread_local enum rpcancel_facade_thread selected_thread = RPCANCEL_FACADE_CLIENT;
static _Thread_local const RPC_ASYNC_STATE
    *selected_name; /* which of the client's threads, if it is one that has a name */

void rpcancel_facade_select(struct rpcancel_facade_world *world, enum rpcancel_facade_thread thread)
{
    selected_world = world;
    selected_thread = thread;
    selected_name = NULL;
}

void rpcancel_facade_select_client_thread(struct rpcancel_facade_world *world, const RPC_ASYNC_STATE *name)
{
    rpcancel_facade_select(world, RPCANCEL_FACADE_CLIENT);
    selected_name = name;
}

const RPC_ASYNC_STATE *rpcancel_facade_selected_thread(void)
{
    return selected_name;
}

struct rpcancel_facade_world *rpcancel_facade_selected(void)
{
    return selected_world;
}

RPC_BINDING_HANDLE rpcancel_facade_handle_of(const struct rpcancel_facade_world *world, unsigned lane, unsigned slot,
                                             bool server)
{
    uintptr_t serial = world->lanes[lane].serial[slot] & serial_mask;
    uintptr_t token = always_set | (uintptr_t)server << SERVER_BIT | (uintptr_t)lane << LANE_SHIFT |
                      (uintptr_t)world->number << NUMBER_SHIFT | serial << SERIAL_SHIFT;
    return (RPC_BINDING_HANDLE)token; // NOLINT(performance-no-int-to-ptr): opaque by design
}

bool rpcancel_facade_is_call_handle(const void *handle)
{
    return POINTER_BITS == 64 && ((uintptr_t)handle & always_set) == always_set;
}

static struct rpcancel_facade_place alone(enum rpcancel_handle_phase phase)
{
    return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_ALONE, .phase = phase};
}

/* Finds the call that |handle| belongs to. No handle is equal to the one of a slot without a call: serial 0 is never
 * given to a call. */
static struct rpcancel_facade_place find_token(RPC_BINDING_HANDLE handle)
{
    const struct rpcancel_facade_world *world = selected_world;
    for (unsigned i = 0; world && i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_facade_lane *lane = &world->lanes[i];
        for (unsigned slot = 0; slot < 2; slot++) {
            bool earlier = slot != lane->current;
            if (lane->serial[slot] == 0)
                continue;
            if (!earlier && rpcancel_facade_lane_is_busy(world, i) &&
                handle == rpcancel_facade_handle_of(world, i, slot, false))
                return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_CLIENT, .lane = i};
            const struct rpcancel_lane *calls = &world->calls.lanes[i];
            unsigned phase = earlier ? calls->earlier.phase : calls->call.phase;
            if (phase >= RPCANCEL_CALL_DISPATCHED && handle == rpcancel_facade_handle_of(world, i, slot, true))
                return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_SERVER, .lane = i, .earlier = earlier};
        }
    }
    return alone(RPCANCEL_HANDLE_CORRUPTED);
}

bool rpcancel_facade_is_memory(const RPC_ASYNC_STATE *state)
{
    return (uintptr_t)state >= LOWEST_ADDRESS && (uintptr_t)state % _Alignof(RPC_ASYNC_STATE) == 0;
}

struct rpcancel_facade_place rpcancel_facade_place_at(const RPC_ASYNC_STATE *state)
{
    for (unsigned i = 0; state && selected_world && i < RPCANCEL_HANDLES_MAX; i++) {
        if (selected_world->lanes[i].owner == (uintptr_t)state)
            return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_CLIENT, .lane = i};
    }
    return alone(RPCANCEL_HANDLE_INITIALISED);
}

struct rpcancel_facade_place rpcancel_facade_place_of(const RPC_ASYNC_STATE *state)
{
    if (!rpcancel_facade_is_memory(state))
        return alone(RPCANCEL_HANDLE_CORRUPTED);
    struct rpcancel_facade_place owned = rpcancel_facade_place_at(state);
    if (owned.kind == RPCANCEL_PLACE_CLIENT && rpcancel_facade_lane_is_of_thread(selected_world, owned.lane))
        return owned;
    if (state->Size == 0 && state->Signature == 0 && state->Lock == 0 && !state->StubInfo && !state->RuntimeInfo)
        return alone(RPCANCEL_HANDLE_ZEROED);
    if (state->Size != sizeof *state || state->Signature != RPCANCEL_FACADE_SIGNATURE || state->Lock != 0 ||
        state->StubInfo)
        return alone(RPCANCEL_HANDLE_CORRUPTED);
    if (state->RuntimeInfo)
        return find_token(state->RuntimeInfo);
    if (owned.kind == RPCANCEL_PLACE_CLIENT && rpcancel_facade_lane_is_busy(selected_world, owned.lane))
        return alone(RPCANCEL_HANDLE_CORRUPTED); /* the caller cleared RuntimeInfo */
    return owned;
}

struct rpcancel_facade_place rpcancel_facade_place_of_handle(RPC_BINDING_HANDLE handle)
{
    struct rpcancel_facade_place place = find_token(handle);
    return place.kind == RPCANCEL_PLACE_SERVER ? place : alone(RPCANCEL_HANDLE_CORRUPTED);
}

struct rpcancel_facade_place rpcancel_facade_place_on_thread(void)
{
    const struct rpcancel_facade_world *world = selected_world;
    for (unsigned i = 0; world && i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_lane *calls = &world->calls.lanes[i];
        for (unsigned earlier = 0; earlier < 2; earlier++) {
            struct rpcancel_call call = earlier ? calls->earlier : calls->call;
            if (rpcancel_manager_runs(call) && call.manager == (unsigned)selected_thread)
                return (struct rpcancel_facade_place){
                    .kind = RPCANCEL_PLACE_SERVER, .lane = i, .earlier = earlier != 0};
        }
    }
    return alone(RPCANCEL_HANDLE_CORRUPTED);
}

static bool is_free(const struct rpcancel_facade_world *world, unsigned lane)
{
    const struct rpcancel_lane *calls = &world->calls.lanes[lane];
    return !rpcancel_facade_lane_is_busy(world, lane) && calls->handle.phase < RPCANCEL_HANDLE_THREAD &&
           !rpcancel_call_alive(calls->call) && !rpcancel_call_alive(calls->earlier);
}

RPC_STATUS rpcancel_facade_find_call(RPC_BINDING_HANDLE binding, struct rpcancel_facade_place *place)
{
    *place = binding ? rpcancel_facade_place_of_handle(binding) : rpcancel_facade_place_on_thread();
    if (place->kind == RPCANCEL_PLACE_SERVER)
        return RPCANCEL_S_OK;
    return binding ? RPCANCEL_S_INVALID_BINDING : RPCANCEL_S_NO_CALL_ACTIVE;
}

struct rpcancel_facade_place rpcancel_facade_take_lane(const RPC_ASYNC_STATE *client, enum rpcancel_handle_phase phase)
{
    struct rpcancel_facade_world *world = selected_world;
    unsigned found = RPCANCEL_HANDLES_MAX;
    for (unsigned i = RPCANCEL_HANDLES_MAX; i-- > 0;) {
        if (is_free(world, i) && (found == RPCANCEL_HANDLES_MAX || !world->lanes[i].owner || world->lanes[found].owner))
            found = i;
    }
    if (found == RPCANCEL_HANDLES_MAX)
        return alone(phase);
    world->lanes[found] = (struct rpcancel_facade_lane){.owner = (uintptr_t)client};
    world->calls.lanes[found] = (struct rpcancel_lane){.handle = {.phase = (unsigned)phase & 15u}};
    return (struct rpcancel_facade_place){.kind = RPCANCEL_PLACE_CLIENT, .lane = found};
}

void rpcancel_facade_begin_call(struct rpcancel_facade_world *world, unsigned lane, bool previous_lives)
{
    struct rpcancel_facade_lane *place = &world->lanes[lane];
    if (previous_lives)
        place->current = !place->current;
    place->serial[place->current] = ++world->last_serial;
    memset(&place->server[place->current], 0, sizeof place->server[0]);
}

static unsigned thread_of_selection(void)
{
    return selected_thread == RPCANCEL_FACADE_CLIENT ? RPCANCEL_THREAD_WORKER : (unsigned)selected_thread;
}

/* Earlier calls that are over leave nothing behind: their handles become invalid. */
static void forget_calls_that_are_over(struct rpcancel_facade_world *world)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_facade_lane *lane = &world->lanes[i];
        unsigned slot = !lane->current;
        if (lane->serial[slot] && !rpcancel_call_alive(world->calls.lanes[i].earlier)) {
            lane->serial[slot] = 0;
            memset(&lane->server[slot], 0, sizeof lane->server[slot]);
        }
    }
}

struct rpcancel_answer rpcancel_facade_step(struct rpcancel_facade_place place, enum rpcancel_operation_kind kind,
                                            unsigned argument)
{
    struct rpcancel_operation operation = rpcancel_operation_canonical((struct rpcancel_operation){
        .kind = (uint8_t)kind,
        .handle = place.lane & 3u,
        .earlier = place.earlier,
        .thread = thread_of_selection() & 3u,
        .argument = argument & 7u,
    });
    struct rpcancel_facade_world *world = selected_world;
    bool names_none = kind == RPCANCEL_OP_TEST_CANCEL_ZERO || kind == RPCANCEL_OP_SUBSCRIBE_ZERO ||
                      kind == RPCANCEL_OP_TEST_CANCEL_THREAD;
    if (world && (place.kind != RPCANCEL_PLACE_ALONE || names_none)) {
        struct rpcancel_answer answer = world->step(&world->choices, &world->calls, operation);
        forget_calls_that_are_over(world);
        return answer;
    }
    /* A structure without a call behaves as it would in an empty world. */
    struct rpcancel_world empty;
    rpcancel_world_reset(&empty);
    empty.lanes[0].handle.phase = place.phase & 15u;
    return world ? world->step(&world->choices, &empty, operation)
                 : rpcancel_step(&rpcancel_choices_documented, &empty, operation);
}

RPC_STATUS rpcancel_facade_status(struct rpcancel_answer answer)
{
    switch (answer.kind) {
    case RPCANCEL_ANSWER_UNDEFINED:
        return RPCANCEL_FACADE_UNDEFINED;
    case RPCANCEL_ANSWER_REFUSED:
        return RPCANCEL_FACADE_REFUSED;
    default:
        return (RPC_STATUS)answer.code;
    }
}

bool rpcancel_facade_fault_position(ULONG code, unsigned *position)
{
    for (*position = 0; *position < RPCANCEL_FAULT_CODE_COUNT; ++*position) {
        if (rpcancel_fault_code(*position) == code)
            return true;
    }
    return false;
}
