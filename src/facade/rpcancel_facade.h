// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FACADE_H
#define RPCANCEL_FACADE_H
/*
 * What stands behind the documented functions of facade/rpcasync.h: a world of calls in memory of the caller, the
 * thread that runs, and everything that is no function of the documented API (stubs, manager routines, messages).
 *
 *     struct rpcancel_facade_world world;
 *     rpcancel_facade_create(&world, &rpcancel_choices_documented, 0);
 *     rpcancel_facade_select(&world, RPCANCEL_FACADE_CLIENT);
 *     RpcAsyncInitializeHandle(&state, sizeof state);
 *     rpcancel_facade_call(&state);
 *     rpcancel_facade_deliver(&state, RPCANCEL_FACADE_REQUEST, false);
 *     rpcancel_facade_select(&world, RPCANCEL_FACADE_T1);
 *     PRPC_ASYNC_STATE server;
 *     rpcancel_facade_dispatch(&state, false, &server);
 *     RpcServerTestCancel(RpcAsyncGetCallHandle(server));    (1791)
 *
 * Nothing here takes memory from a heap or keeps anything outside the world but the selection of each thread. Functions
 * that return RPC_STATUS return 0 or, having done nothing, one of RPCANCEL_FACADE_UNDEFINED and RPCANCEL_FACADE_REFUSED
 * unless they say more. Without a selected world they refuse, and the documented functions know no call.
 */
#include <stdbool.h>

#include "facade/rpcasync.h"
#include "reference.h"

/* The thread that calls the documented functions. The client's threads and WORKER serve no call. */
enum rpcancel_facade_thread {
    RPCANCEL_FACADE_T1 = RPCANCEL_THREAD_T1,
    RPCANCEL_FACADE_T2 = RPCANCEL_THREAD_T2,
    RPCANCEL_FACADE_T3 = RPCANCEL_THREAD_T3,
    RPCANCEL_FACADE_WORKER = RPCANCEL_THREAD_WORKER,
    RPCANCEL_FACADE_CLIENT
};

enum rpcancel_facade_message {
    RPCANCEL_FACADE_REQUEST,
    RPCANCEL_FACADE_CANCEL,
    RPCANCEL_FACADE_ORPHANED,
    RPCANCEL_FACADE_REPLY,
    RPCANCEL_FACADE_MESSAGES
};

/* A place for one client's RPC_ASYNC_STATE, or thread, and its calls; the calls themselves are in the reference's
 * world. */
struct rpcancel_facade_lane {
    uintptr_t owner;           /* address of the client's RPC_ASYNC_STATE, compared and never followed; 0: none */
    uintptr_t serial[2];       /* number of the call in each slot; 0: none */
    unsigned current;          /* the slot of the current call; the other one is the earlier call's */
    RPC_ASYNC_STATE server[2]; /* the server's handles of the two calls */
};

/* What takes the steps behind the functions, with the contract of rpcancel_step. */
typedef struct rpcancel_answer rpcancel_facade_step_function(const struct rpcancel_choices *choices,
                                                             struct rpcancel_world *world,
                                                             struct rpcancel_operation operation);

/* Members are the façade's. May be copied while no server's handle of it is in use. */
struct rpcancel_facade_world {
    struct rpcancel_world calls;
    struct rpcancel_choices choices;
    rpcancel_facade_step_function *step;
    uintptr_t last_serial;
    unsigned number;
    struct rpcancel_facade_lane lanes[RPCANCEL_HANDLES_MAX];
};

/* rpcancel_facade_create makes |world| an empty one that answers by |choices|. |number| (0 to 255) tells the caller's
 * worlds apart: what RpcAsyncGetCallHandle gives in one is an invalid handle in those with another number. */
void rpcancel_facade_create(struct rpcancel_facade_world *world, const struct rpcancel_choices *choices,
                            unsigned number);

/* rpcancel_facade_use lets |step| take the steps of |world| from now on, in place of rpcancel_step. */
void rpcancel_facade_use(struct rpcancel_facade_world *world, rpcancel_facade_step_function *step);

/* rpcancel_facade_reset forgets all calls. Call handles from before the reset are invalid handles after it. */
void rpcancel_facade_reset(struct rpcancel_facade_world *world);

/* rpcancel_facade_select makes the calling thread play |thread| of |world| (NULL: no world) from now on. */
void rpcancel_facade_select(struct rpcancel_facade_world *world, enum rpcancel_facade_thread thread);

/* ---- the client's side of a call ---- */

/* rpcancel_facade_call is the client's stub: issues a call with |client|. Returns 0 when the stub returned. Any code
 * but the façade's two is the exception the stub raised: 1914 (invalid handle), 1722 (the link is gone), 1721 (as many
 * RPC_ASYNC_STATEs as a world has room for, RPCANCEL_HANDLES_MAX, are in use). */
RPC_STATUS rpcancel_facade_call(PRPC_ASYNC_STATE client);

/* rpcancel_facade_await takes the completion notification of |client|: 0, or 258 (WAIT_TIMEOUT) when there is none. */
RPC_STATUS rpcancel_facade_await(PRPC_ASYNC_STATE client);

/* rpcancel_facade_is_busy tells whether a call made with |client| is not final yet: the runtime uses the memory. */
bool rpcancel_facade_is_busy(const RPC_ASYNC_STATE *client);

/*
 * ---- threads of the client's that make synchronous calls ----
 *
 * A thread is named by the address of an RPC_ASYNC_STATE of the program's whose bytes are all zero, and which stays as
 * it is: nothing is written there. It is given wherever a function below names a client whose call is meant, and once
 * the thread is in no call and has no time-outs the memory may become an ordinary RPC_ASYNC_STATE. No thread has to be
 * made.
 *
 *     RPC_ASYNC_STATE name = {0};
 *     rpcancel_facade_select_client_thread(&world, &name);
 *     RpcMgmtSetCancelTimeout(1);
 *     rpcancel_facade_synchronous_call(&name);
 *     rpcancel_facade_select(&world, RPCANCEL_FACADE_CLIENT);
 *     RpcCancelThread(rpcancel_facade_thread(&name, true));
 *     rpcancel_facade_returned(&name);                          (258: it waits)
 *     rpcancel_facade_elapse();
 *     rpcancel_facade_returned(&name);                          (1726)
 */

/* rpcancel_facade_select_client_thread makes the calling thread play the client's thread |name| of |world|, for
 * RpcMgmtSetCancelTimeout; to all other functions that is RPCANCEL_FACADE_CLIENT. */
void rpcancel_facade_select_client_thread(struct rpcancel_facade_world *world, const RPC_ASYNC_STATE *name);

/* rpcancel_facade_thread returns the handle of the client's thread |name|: with the right THREAD_SET_CONTEXT when
 * |may_set_context|, else without. A number, not an object; there is nothing to close. */
HANDLE rpcancel_facade_thread(const RPC_ASYNC_STATE *name, bool may_set_context);

/* rpcancel_facade_binding returns the binding handle by which the client's thread |name| makes its calls: each thread
 * has its own. A number likewise. */
RPC_BINDING_HANDLE rpcancel_facade_binding(const RPC_ASYNC_STATE *name);

/* rpcancel_facade_synchronous_call makes the client's thread |name| call the stub, which may not return yet: 0. Refused
 * while it is in a call, and for memory that is in use as an RPC_ASYNC_STATE; 1721 as rpcancel_facade_call. */
RPC_STATUS rpcancel_facade_synchronous_call(const RPC_ASYNC_STATE *name);

/* rpcancel_facade_returned tells what the stub returned or raised on the client's thread |name|, once, or 258
 * (WAIT_TIMEOUT) while it has not. Refused when the thread is in no call. */
RPC_STATUS rpcancel_facade_returned(const RPC_ASYNC_STATE *name);

/* rpcancel_facade_elapse moves the virtual clock by a second; it stands still otherwise. */
RPC_STATUS rpcancel_facade_elapse(void);

/* ---- the network. |earlier|: the call made before with |client| that is still alive ---- */

/* rpcancel_facade_deliver lets one message arrive; refused when it is not next on its way. */
RPC_STATUS rpcancel_facade_deliver(const RPC_ASYNC_STATE *client, enum rpcancel_facade_message message, bool earlier);

/* rpcancel_facade_lose_link cuts the connection for good; refused when it is gone already. */
RPC_STATUS rpcancel_facade_lose_link(void);

/* rpcancel_facade_settle lets everything arrive that is on its way. */
RPC_STATUS rpcancel_facade_settle(void);

/* ---- the server's side of a call ---- */

/* rpcancel_facade_dispatch starts the manager routine of an arrived call on the selected thread (T1 to T3, idle) and
 * sets |*server| to its asynchronous handle. That memory is the world's, and the handle's until the call is over. */
RPC_STATUS rpcancel_facade_dispatch(const RPC_ASYNC_STATE *client, bool earlier, PRPC_ASYNC_STATE *server);

/* rpcancel_facade_dispatch_synchronous starts a synchronous manager routine in the same way: its return is the call's
 * answer, and it has no asynchronous handle but a binding handle, RpcAsyncGetCallHandle(*server). To the functions
 * below
 * |*server| stands for the call; the documented functions on asynchronous handles refuse it. */
RPC_STATUS rpcancel_facade_dispatch_synchronous(const RPC_ASYNC_STATE *client, bool earlier, PRPC_ASYNC_STATE *server);

/* rpcancel_facade_server_handle returns the server's handle of a call that was dispatched and is not forgotten, else
 * NULL. A call that ended is forgotten when nothing of it is on its way and |client| made another. */
PRPC_ASYNC_STATE rpcancel_facade_server_handle(const RPC_ASYNC_STATE *client, bool earlier);

/* rpcancel_facade_reach tells whether code on the selected thread may use |server|: 0, refused (out of its reach),
 * undefined (the call ended and destroyed it). */
RPC_STATUS rpcancel_facade_reach(const RPC_ASYNC_STATE *server);

/* rpcancel_facade_reach_binding tells the same of the binding handle of |server|'s call. */
RPC_STATUS rpcancel_facade_reach_binding(const RPC_ASYNC_STATE *server);

/* rpcancel_facade_hand_off lets other threads use |server| while the manager routine goes on. */
RPC_STATUS rpcancel_facade_hand_off(const RPC_ASYNC_STATE *server);

/* rpcancel_facade_return ends the manager routine; a call it did not end is left to other threads. */
RPC_STATUS rpcancel_facade_return(const RPC_ASYNC_STATE *server);

/* rpcancel_facade_take takes a notification that |server|'s call was subscribed to (RpcNotificationClientDisconnect or
 * RpcNotificationCallCancel): 0, or 258 (WAIT_TIMEOUT) when there is none. */
RPC_STATUS rpcancel_facade_take(const RPC_ASYNC_STATE *server, RPC_NOTIFICATIONS notification);

/* rpcancel_facade_raise ends the manager routine with an exception, which becomes the call's fault. */
RPC_STATUS rpcancel_facade_raise(const RPC_ASYNC_STATE *server, ULONG exception_code);

#endif
