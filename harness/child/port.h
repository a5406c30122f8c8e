// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHILD_PORT_H
#define RPCANCEL_CHILD_PORT_H
/*
 * What lies under the driver of a child runtime. driver.c speaks the protocol of docs/runtime-protocol.md and calls the
 * documented functions; a port says where those functions come from, on which threads they run, and carries out what is
 * no function: stubs, messages, manager routines.
 *
 *   port_reference.c   the reference implementation, through the façade    rpcancel-child
 *   port_windows*.c    rpcrt4.dll of Windows or Wine, in two processes     rpcancel-winrpc.exe
 *
 * The driver calls all of this from one thread, but for what port_run runs on others.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#include <windows.h>

#include <rpc.h>
#include <rpcasync.h>
#define PORT_API RPC_ENTRY
#else
#include "facade/rpcasync.h"
#define PORT_API
#endif

#include "answer.h"
#include "operation.h"

/* The documented functions; NULL for one that the runtime does not export. */
struct port_functions {
    RPC_STATUS(PORT_API *initialize_handle)(PRPC_ASYNC_STATE pAsync, unsigned int Size);
    RPC_STATUS(PORT_API *get_call_status)(PRPC_ASYNC_STATE pAsync);
    RPC_STATUS(PORT_API *complete_call)(PRPC_ASYNC_STATE pAsync, void *Reply);
    RPC_STATUS(PORT_API *abort_call)(PRPC_ASYNC_STATE pAsync, ULONG ExceptionCode);
    RPC_STATUS(PORT_API *cancel_call)(PRPC_ASYNC_STATE pAsync, BOOL fAbort);
    RPC_STATUS(PORT_API *server_test_cancel)(RPC_BINDING_HANDLE BindingHandle);
    RPC_STATUS(PORT_API *subscribe)
    (RPC_BINDING_HANDLE Binding, DWORD Notification, RPC_NOTIFICATION_TYPES NotificationType,
     RPC_ASYNC_NOTIFICATION_INFO *NotificationInfo);
    RPC_STATUS(PORT_API *unsubscribe)
    (RPC_BINDING_HANDLE Binding, RPC_NOTIFICATIONS Notification, ULONG *NotificationsQueued);
    RPC_STATUS(PORT_API *inquire_call_attributes)(RPC_BINDING_HANDLE ClientBinding, void *RpcCallAttributes);
    RPC_STATUS(PORT_API *server_from_client)(RPC_BINDING_HANDLE ClientBinding, RPC_BINDING_HANDLE *ServerBinding);
    RPC_STATUS(PORT_API *copy_binding)(RPC_BINDING_HANDLE SourceBinding, RPC_BINDING_HANDLE *DestinationBinding);
    RPC_STATUS(PORT_API *free_binding)(RPC_BINDING_HANDLE *Binding);
    RPC_STATUS(PORT_API *test_cancel)(void);
};

/* The client's thread, beside the server's of enum rpcancel_thread. */
enum { PORT_CLIENT = RPCANCEL_THREADS };

enum { PORT_EXIT_OK = 0, PORT_EXIT_USAGE = 2, PORT_EXIT_FAILED = 3, PORT_CARRY_ON = -1 };

/* port_start reads the program's arguments, without its name, and makes the runtime ready. PORT_CARRY_ON, or the code
 * to exit with after a message on stderr (or the help on stdout). */
int port_start(int count, const char *const *arguments);

/* port_describe writes the keys and values of the answer to `describe`, terminated. */
void port_describe(char *out, size_t size);

const struct port_functions *port_functions(void);

/* port_reset forgets all calls; false when that cannot be, and the program must be started anew: the runtime may then
 * still use the structures. */
bool port_reset(void);

/* port_carry_out is asked first about every operation. True: it is done, with |*answer|. False: call the documented
 * function. |client| is the RPC_ASYNC_STATE of the operation's handle. Of synchronous calls everything but
 * RpcTestCancel is the port's: it knows the threads. */
bool port_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client, struct rpcancel_answer *answer);

/* port_server_handle returns the server's asynchronous handle of the call that |operation| names; NULL when code on its
 * thread cannot have it, and then |*answer| is what to answer. */
PRPC_ASYNC_STATE port_server_handle(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client,
                                    struct rpcancel_answer *answer);

/* port_event returns the event object that |operation|'s call, or, for `subscribe 0`, the call on its thread, is to be
 * told of a notification by; NULL where there is none. */
HANDLE port_event(struct rpcancel_operation operation);

/* port_client_binding returns a binding handle by which the client makes calls; NULL when it has none. */
RPC_BINDING_HANDLE port_client_binding(void);

/* port_is_busy tells whether the runtime uses |client| for a call that is not final. */
bool port_is_busy(const RPC_ASYNC_STATE *client);

/* port_run calls |function| on |thread| (enum rpcancel_thread or PORT_CLIENT). False when it raised |*exception|. It
 * may leave the function to itself: port_is_stuck then tells, and |context| must live up to the next port_reset. */
bool port_run(unsigned thread, void (*function)(void *context), void *context, uint32_t *exception);

/* port_is_stuck tells whether a function that was called, here or at the other end, has not returned, though it waits
 * for nothing. From then on nothing can be asked up to port_reset. */
bool port_is_stuck(void);

/* port_bad_addresses returns addresses, |*count| of them, at which there is no memory. Static storage. */
void *const *port_bad_addresses(unsigned *count);

/* port_answer turns what a documented function returned into an answer. */
struct rpcancel_answer port_answer(RPC_STATUS code);

/* port_last_word may change an answer on its way out. */
struct rpcancel_answer port_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer);

/* port_read reads what there is (at least one byte) of the harness's lines; 0 at their end or on failure. */
size_t port_read(char *out, size_t size);

/* port_write writes everything, at once; false on failure. */
bool port_write(const char *text, size_t length);

#endif
