// SPDX-License-Identifier: Apache-2.0
/*
 * What stands behind the documented functions: stubs, messages, manager routines.
 */
#include <string.h>

#include "facade/lookup.h"
#include "status.h"

void rpcancel_facade_create(struct rpcancel_facade_world *world, const struct rpcancel_choices *choices,
                            unsigned number)
{
    memset(world, 0, sizeof *world);
    world->choices = *choices;
    world->step = rpcancel_step;
    world->number = number & 0xFFu;
}

void rpcancel_facade_use(struct rpcancel_facade_world *world, rpcancel_facade_step_function *step)
{
    world->step = step;
}

void rpcancel_facade_reset(struct rpcancel_facade_world *world)
{
    rpcancel_world_reset(&world->calls);
    memset(world->lanes, 0, sizeof world->lanes);
}

/* ---- the client's side ---- */

RPC_STATUS rpcancel_facade_call(PRPC_ASYNC_STATE client)
{
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    if (!world)
        return RPCANCEL_FACADE_REFUSED;
    struct rpcancel_facade_place place = rpcancel_facade_place_of(client);
    if (place.kind == RPCANCEL_PLACE_SERVER)
        return RPCANCEL_FACADE_UNDEFINED;
    if (place.kind == RPCANCEL_PLACE_ALONE && place.phase == RPCANCEL_HANDLE_INITIALISED) {
        place = rpcancel_facade_take_lane(client, RPCANCEL_HANDLE_INITIALISED);
        if (place.kind == RPCANCEL_PLACE_ALONE)
            return RPCANCEL_S_OUT_OF_RESOURCES;
    }
    bool previous_lives =
        place.kind == RPCANCEL_PLACE_CLIENT && rpcancel_call_alive(world->calls.lanes[place.lane].call);
    struct rpcancel_answer answer = rpcancel_facade_step(place, RPCANCEL_OP_CALL, 0);
    if (rpcancel_answer_is_code(answer, RPCANCEL_S_OK)) {
        rpcancel_facade_begin_call(world, place.lane, previous_lives);
        client->RuntimeInfo = rpcancel_facade_handle_of(world, place.lane, world->lanes[place.lane].current, false);
    }
    return rpcancel_facade_status(answer);
}

RPC_STATUS rpcancel_facade_await(PRPC_ASYNC_STATE client)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of(client);
    if (!rpcancel_facade_selected() || place.kind == RPCANCEL_PLACE_SERVER)
        return RPCANCEL_FACADE_REFUSED;
    return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_AWAIT, 0));
}

bool rpcancel_facade_is_busy(const RPC_ASYNC_STATE *client)
{
    const struct rpcancel_facade_world *world = rpcancel_facade_selected();
    struct rpcancel_facade_place place = rpcancel_facade_place_at(client);
    return place.kind == RPCANCEL_PLACE_CLIENT && rpcancel_facade_lane_is_busy(world, place.lane);
}

/* ---- the network ---- */

/* Steps an operation on a call that is named by its client's handle; refused when that handle never made one. */
static struct rpcancel_answer step_call_of(const RPC_ASYNC_STATE *client, bool earlier,
                                           enum rpcancel_operation_kind kind)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_at(client);
    if (place.kind != RPCANCEL_PLACE_CLIENT)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    place.earlier = earlier;
    return rpcancel_facade_step(place, kind, 0);
}

RPC_STATUS rpcancel_facade_deliver(const RPC_ASYNC_STATE *client, enum rpcancel_facade_message message, bool earlier)
{
    static const uint8_t kinds[RPCANCEL_FACADE_MESSAGES] = {
        [RPCANCEL_FACADE_REQUEST] = RPCANCEL_OP_DELIVER_REQUEST,
        [RPCANCEL_FACADE_CANCEL] = RPCANCEL_OP_DELIVER_CANCEL,
        [RPCANCEL_FACADE_ORPHANED] = RPCANCEL_OP_DELIVER_ORPHANED,
        [RPCANCEL_FACADE_REPLY] = RPCANCEL_OP_DELIVER_REPLY,
    };
    if (message >= RPCANCEL_FACADE_MESSAGES)
        return RPCANCEL_FACADE_REFUSED;
    return rpcancel_facade_status(step_call_of(client, earlier, kinds[message]));
}

/* Steps an operation that names no call. */
static RPC_STATUS step_world(enum rpcancel_operation_kind kind)
{
    if (!rpcancel_facade_selected())
        return RPCANCEL_FACADE_REFUSED;
    struct rpcancel_facade_place anywhere = {.kind = RPCANCEL_PLACE_CLIENT};
    return rpcancel_facade_status(rpcancel_facade_step(anywhere, kind, 0));
}

RPC_STATUS rpcancel_facade_lose_link(void)
{
    return step_world(RPCANCEL_OP_LOSE_LINK);
}

RPC_STATUS rpcancel_facade_settle(void)
{
    return step_world(RPCANCEL_OP_SETTLE);
}

RPC_STATUS rpcancel_facade_elapse(void)
{
    return step_world(RPCANCEL_OP_ELAPSE);
}

/* ---- the server's side ---- */

PRPC_ASYNC_STATE rpcancel_facade_server_handle(const RPC_ASYNC_STATE *client, bool earlier)
{
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    struct rpcancel_facade_place place = rpcancel_facade_place_at(client);
    if (place.kind != RPCANCEL_PLACE_CLIENT)
        return NULL;
    const struct rpcancel_lane *calls = &world->calls.lanes[place.lane];
    if ((earlier ? calls->earlier.phase : calls->call.phase) < RPCANCEL_CALL_DISPATCHED)
        return NULL;
    struct rpcancel_facade_lane *lane = &world->lanes[place.lane];
    return &lane->server[earlier ? !lane->current : lane->current];
}

static RPC_STATUS dispatch(const RPC_ASYNC_STATE *client, bool earlier, enum rpcancel_operation_kind kind,
                           PRPC_ASYNC_STATE *server)
{
    struct rpcancel_answer answer = step_call_of(client, earlier, kind);
    if (answer.kind != RPCANCEL_ANSWER_DONE)
        return rpcancel_facade_status(answer);
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    unsigned lane = rpcancel_facade_place_at(client).lane;
    unsigned current = world->lanes[lane].current;
    unsigned slot = earlier ? !current : current;
    *server = &world->lanes[lane].server[slot];
    **server = (RPC_ASYNC_STATE){.Size = sizeof **server,
                                 .Signature = RPCANCEL_FACADE_SIGNATURE,
                                 .RuntimeInfo = rpcancel_facade_handle_of(world, lane, slot, true)};
    return 0;
}

RPC_STATUS rpcancel_facade_dispatch(const RPC_ASYNC_STATE *client, bool earlier, PRPC_ASYNC_STATE *server)
{
    return dispatch(client, earlier, RPCANCEL_OP_DISPATCH, server);
}

RPC_STATUS rpcancel_facade_dispatch_synchronous(const RPC_ASYNC_STATE *client, bool earlier, PRPC_ASYNC_STATE *server)
{
    return dispatch(client, earlier, RPCANCEL_OP_DISPATCH_SYNCHRONOUS, server);
}

static RPC_STATUS step_server(const RPC_ASYNC_STATE *server, enum rpcancel_operation_kind kind, unsigned argument)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of(server);
    if (place.kind != RPCANCEL_PLACE_SERVER)
        return RPCANCEL_FACADE_REFUSED;
    return rpcancel_facade_status(rpcancel_facade_step(place, kind, argument));
}

/* Who has which handle is not the runtime's affair, so rpcancel_step is asked, whatever takes the steps otherwise. */
static RPC_STATUS ask_reference(const RPC_ASYNC_STATE *server, enum rpcancel_operation_kind kind)
{
    struct rpcancel_facade_world *world = rpcancel_facade_selected();
    if (!world)
        return RPCANCEL_FACADE_REFUSED;
    rpcancel_facade_step_function *step = world->step;
    world->step = rpcancel_step;
    RPC_STATUS status = step_server(server, kind, 0);
    world->step = step;
    return status;
}

RPC_STATUS rpcancel_facade_reach(const RPC_ASYNC_STATE *server)
{
    return ask_reference(server, RPCANCEL_OP_SERVER_GET_CALL_HANDLE);
}

RPC_STATUS rpcancel_facade_reach_binding(const RPC_ASYNC_STATE *server)
{
    RPC_STATUS tested = ask_reference(server, RPCANCEL_OP_TEST_CANCEL);
    return tested == RPCANCEL_S_CALL_IN_PROGRESS ? RPCANCEL_S_OK : tested;
}

RPC_STATUS rpcancel_facade_hand_off(const RPC_ASYNC_STATE *server)
{
    return step_server(server, RPCANCEL_OP_HAND_OFF, 0);
}

RPC_STATUS rpcancel_facade_return(const RPC_ASYNC_STATE *server)
{
    return step_server(server, RPCANCEL_OP_RETURN, 0);
}

RPC_STATUS rpcancel_facade_take(const RPC_ASYNC_STATE *server, RPC_NOTIFICATIONS notification)
{
    unsigned event = rpcancel_facade_event(notification);
    return event == RPCANCEL_EVENT_UNSUPPORTED ? RPCANCEL_FACADE_REFUSED : step_server(server, RPCANCEL_OP_TAKE, event);
}

RPC_STATUS rpcancel_facade_raise(const RPC_ASYNC_STATE *server, ULONG exception_code)
{
    unsigned position;
    if (!rpcancel_facade_fault_position(exception_code, &position))
        return RPCANCEL_FACADE_REFUSED;
    return step_server(server, RPCANCEL_OP_RAISE, position);
}
