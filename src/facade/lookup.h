// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FACADE_LOOKUP_H
#define RPCANCEL_FACADE_LOOKUP_H
/*
 * From memory and call handles of the caller to calls of the selected world; internal to the façade.
 */
#include "facade/rpcancel_facade.h"

enum { RPCANCEL_FACADE_SIGNATURE = 0x43595341 }; /* the bytes "ASYC" */

/* What an RPC_ASYNC_STATE or a call handle stands for. */
struct rpcancel_facade_place {
    enum {
        RPCANCEL_PLACE_ALONE, /* no call: the structure is in |phase|, and no lane knows it */
        RPCANCEL_PLACE_CLIENT,
        RPCANCEL_PLACE_SERVER
    } kind;
    enum rpcancel_handle_phase phase;
    unsigned lane;
    bool earlier;
};

/* rpcancel_facade_world returns the world the calling thread selected, or NULL. */
struct rpcancel_facade_world *rpcancel_facade_selected(void);

/* rpcancel_facade_lane_is_busy tells whether the handle that owns |lane| has a call that is not final. */
static inline bool rpcancel_facade_lane_is_busy(const struct rpcancel_facade_world *world, unsigned lane)
{
    unsigned phase = world->calls.lanes[lane].handle.phase;
    return phase >= RPCANCEL_HANDLE_OUTSTANDING && phase < RPCANCEL_HANDLE_FINAL;
}

/* rpcancel_facade_lane_is_of_thread tells whether |lane| is a thread's that makes synchronous calls, or may become
 * one's. */
static inline bool rpcancel_facade_lane_is_of_thread(const struct rpcancel_facade_world *world, unsigned lane)
{
    unsigned phase = world->calls.lanes[lane].handle.phase;
    return phase == RPCANCEL_HANDLE_ZEROED || phase >= RPCANCEL_HANDLE_THREAD;
}

/* rpcancel_facade_selected_thread returns the name of the client's thread that is selected, or NULL. */
const RPC_ASYNC_STATE *rpcancel_facade_selected_thread(void);

/* rpcancel_facade_is_memory tells whether an RPC_ASYNC_STATE can be at |state| at all. */
bool rpcancel_facade_is_memory(const RPC_ASYNC_STATE *state);

/* rpcancel_facade_place_of reads |*state| if it can be read. */
struct rpcancel_facade_place rpcancel_facade_place_of(const RPC_ASYNC_STATE *state);

/* rpcancel_facade_place_at looks at the address only, for memory whose contents mean nothing yet. */
struct rpcancel_facade_place rpcancel_facade_place_at(const RPC_ASYNC_STATE *state);

/* rpcancel_facade_place_of_handle finds the call of a server's call handle; ALONE for anything else. */
struct rpcancel_facade_place rpcancel_facade_place_of_handle(RPC_BINDING_HANDLE handle);

/* rpcancel_facade_place_on_thread finds the call that the selected thread serves; ALONE when it serves none. */
struct rpcancel_facade_place rpcancel_facade_place_on_thread(void);

/* rpcancel_facade_find_call sets |*place| to the call of the server's call handle |binding|, or, NULL, to the one that
 * the selected thread serves: 0. 1702 when it is no such handle, 1725 when the thread serves none. */
RPC_STATUS rpcancel_facade_find_call(RPC_BINDING_HANDLE binding, struct rpcancel_facade_place *place);

/* rpcancel_facade_take_lane gives |client| a lane of its own in the selected world, where its handle is in |phase|;
 * ALONE when all are in use. */
struct rpcancel_facade_place rpcancel_facade_take_lane(const RPC_ASYNC_STATE *client, enum rpcancel_handle_phase phase);

/* rpcancel_facade_begin_call notes that the current call of |lane| is a new one; |previous_lives|: the one before goes
 * on as its earlier call. */
void rpcancel_facade_begin_call(struct rpcancel_facade_world *world, unsigned lane, bool previous_lives);

/* rpcancel_facade_handle_of returns the call handle of the call in |slot| of |lane|, for the given end. */
RPC_BINDING_HANDLE rpcancel_facade_handle_of(const struct rpcancel_facade_world *world, unsigned lane, unsigned slot,
                                             bool server);

/* rpcancel_facade_is_call_handle tells whether |handle| has the form of a call handle, where no address has it: on
 * systems with 8-byte pointers. */
bool rpcancel_facade_is_call_handle(const void *handle);

/* rpcancel_facade_step carries out one operation at |place| on the selected thread. */
struct rpcancel_answer rpcancel_facade_step(struct rpcancel_facade_place place, enum rpcancel_operation_kind kind,
                                            unsigned argument);

/* rpcancel_facade_name_of_thread returns the name of the client's thread that |handle| is a handle of, NULL for what is
 * none, and whether it may be cancelled with it; rpcancel_facade_name_of_binding that of the one whose binding it is.
 */
const RPC_ASYNC_STATE *rpcancel_facade_name_of_thread(const void *handle, bool *may_set_context);
const RPC_ASYNC_STATE *rpcancel_facade_name_of_binding(RPC_BINDING_HANDLE handle);

/* rpcancel_facade_step_thread carries out one operation of synchronous calls on the client's thread |name|. Refused for
 * NULL, for memory that names none, and without a selected world. */
RPC_STATUS rpcancel_facade_step_thread(const RPC_ASYNC_STATE *name, enum rpcancel_operation_kind kind,
                                       unsigned argument);

/* rpcancel_facade_status turns an answer into what a function returns. */
RPC_STATUS rpcancel_facade_status(struct rpcancel_answer answer);

/* rpcancel_facade_event returns the enum rpcancel_call_event of |notification|. */
static inline unsigned rpcancel_facade_event(ULONG notification)
{
    return notification == RpcNotificationCallCancel         ? RPCANCEL_EVENT_CANCEL
           : notification == RpcNotificationClientDisconnect ? RPCANCEL_EVENT_DISCONNECT
                                                             : RPCANCEL_EVENT_UNSUPPORTED;
}

/* rpcancel_facade_fault_position finds |code| among the codes a call can carry; false when it is none of them. */
bool rpcancel_facade_fault_position(ULONG code, unsigned *position);

#endif
