// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FACADE_SCENARIO_H
#define RPCANCEL_FACADE_SCENARIO_H
/*
 * What an exported test (`rpcancel convert`, `rpcancel findings`) needs beside the documented functions: stubs,
 * messages, manager routines, threads. Here the façade plays them; to run the same test on another runtime, supply a
 * header with these functions. All of them work on one world of the process; one thread only.
 *
 * A client's RPC_ASYNC_STATE names its current call. |earlier| names the call made before with it that is still alive.
 */
#include "facade/rpcancel_facade.h"
#include "facade/status_names.h"

/* A server thread: T1 to T3 are the runtime's and run manager routines, WORKER is the program's own. CLIENT is the
 * thread of the client program. */
enum scenario_thread { T1, T2, T3, WORKER, CLIENT };
enum scenario_message { REQUEST, CANCEL, ORPHANED, REPLY };
enum scenario_call { CURRENT, EARLIER };
enum scenario_windows { AS_DOCUMENTED, AS_WINDOWS };

/* scenario_begin forgets all calls. |as| says by which choices the façade answers where documents are silent. */
void scenario_begin(enum scenario_windows as);

/* on_thread makes the functions that follow run on |thread|. */
void on_thread(enum scenario_thread thread);

/* issue_call is the client's stub: 0 when it returned, otherwise the exception it raised. */
RPC_STATUS issue_call(PRPC_ASYNC_STATE client);

/* take_notification takes the completion notification: 0, or WAIT_TIMEOUT when there is none. It does not wait. */
RPC_STATUS take_notification(PRPC_ASYNC_STATE client);

/* deliver lets a message of a call arrive: 0, or something else when it is not next on its way. */
RPC_STATUS deliver(PRPC_ASYNC_STATE client, enum scenario_call call, enum scenario_message message);

/* lose_link cuts the connection for good. settle lets everything arrive that is on its way. Both return 0. */
RPC_STATUS lose_link(void);
RPC_STATUS settle(void);

/* start_manager starts the manager routine of a call whose request has arrived, on the current thread: 0. */
RPC_STATUS start_manager(PRPC_ASYNC_STATE client, enum scenario_call call);

/* hand_off lets other threads use the server's handle; leave_manager ends the manager routine; raise_in_manager ends
 * it with an exception, which becomes the call's fault. All return 0. */
RPC_STATUS hand_off(PRPC_ASYNC_STATE client, enum scenario_call call);
RPC_STATUS leave_manager(PRPC_ASYNC_STATE client, enum scenario_call call);
RPC_STATUS raise_in_manager(PRPC_ASYNC_STATE client, enum scenario_call call, ULONG code);

/* server_of returns the server's asynchronous handle of a call whose manager routine was started. Ends the process
 * with a message when there is none. binding_of returns the binding handle that a synchronous manager routine was
 * called with, and ends it likewise. */
PRPC_ASYNC_STATE server_of(PRPC_ASYNC_STATE client, enum scenario_call call);
RPC_BINDING_HANDLE binding_of(PRPC_ASYNC_STATE client, enum scenario_call call);

/* subscribe, unsubscribe and inquire_attributes call RpcServerSubscribeForNotification (to be told by an event object;
 * WITHOUT_TYPE: RpcNotificationTypeNone), RpcServerUnsubscribeForNotification and RpcServerInqCallAttributes, and
 * return what these do. take_server_notification takes a notification of a call: 0, or WAIT_TIMEOUT when there is none.
 */
enum scenario_notification { CALL_CANCEL, CLIENT_DISCONNECT, NO_NOTIFICATION, WITHOUT_TYPE };
RPC_STATUS subscribe(RPC_BINDING_HANDLE binding, enum scenario_notification notification);
RPC_STATUS unsubscribe(RPC_BINDING_HANDLE binding, enum scenario_notification notification);
RPC_STATUS inquire_attributes(RPC_BINDING_HANDLE binding);

/* server_from_client calls RpcBindingServerFromClient, copy_client_binding RpcBindingCopy; what they make is freed by
 * RpcBindingFree, whose code is returned then. client_binding returns a client's own binding handle. */
RPC_STATUS server_from_client(RPC_BINDING_HANDLE binding);
RPC_STATUS copy_client_binding(RPC_BINDING_HANDLE binding);
RPC_BINDING_HANDLE client_binding(void);
RPC_STATUS take_server_notification(PRPC_ASYNC_STATE client, enum scenario_call call,
                                    enum scenario_notification notification);

/* Synchronous calls. Here |client| is no structure of a call but a name: of a thread of the client's, and in all other
 * functions of its current call. Its bytes stay zero.
 *
 * enter_stub makes the thread call the stub: 0. take_return tells what the stub returned or raised there, once, or
 * WAIT_TIMEOUT while it has not. thread_of and thread_without_access return handles of the thread, the latter without
 * THREAD_SET_CONTEXT; binding_of_thread the binding handle by which the thread, and no other, makes its calls.
 * set_cancel_timeout calls RpcMgmtSetCancelTimeout on the thread. elapse makes a second go by: 0. */
RPC_STATUS enter_stub(PRPC_ASYNC_STATE client);
RPC_STATUS take_return(PRPC_ASYNC_STATE client);
HANDLE thread_of(PRPC_ASYNC_STATE client);
HANDLE thread_without_access(PRPC_ASYNC_STATE client);
RPC_BINDING_HANDLE binding_of_thread(PRPC_ASYNC_STATE client);
RPC_STATUS set_cancel_timeout(PRPC_ASYNC_STATE client, LONG seconds);
RPC_STATUS elapse(void);

/* start_synchronous_manager is start_manager for a synchronous manager routine: leave_manager answers the call. */
RPC_STATUS start_synchronous_manager(PRPC_ASYNC_STATE client, enum scenario_call call);

/* no_binding_handle returns readable memory that is no binding handle; no_memory an address without memory. */
RPC_BINDING_HANDLE no_binding_handle(void);
PRPC_ASYNC_STATE no_memory(void);

#endif
