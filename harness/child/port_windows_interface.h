// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_INTERFACE_H
#define RPCANCEL_PORT_WINDOWS_INTERFACE_H
/*
 * The interface between the client and the server of the shim: one procedure that answers when it returns and one that
 * is asynchronous, and the protocol sequence over which they are called.
 */
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include <rpc.h>
#include <rpcasync.h>

/* What of the documents depends on: docs/windows.md, "Protocol sequences". */
enum windows_protocol { WINDOWS_NCALRPC, WINDOWS_NCACN_NP, WINDOWS_NCACN_IP_TCP, WINDOWS_PROTOCOLS };

/* windows_interface_choose chooses the protocol sequence |name|, before anything listens; false: not one of them. */
bool windows_interface_choose(const char *name);

/* windows_interface_protocol returns the one chosen (enum windows_protocol), ncalrpc unless another was. */
enum windows_protocol windows_interface_protocol(void);

/* The manager routines, called on threads of the runtime with what the client's stubs were given. */
struct windows_managers {
    void (*synchronous)(handle_t binding, long ticket);
    void (*asynchronous)(PRPC_ASYNC_STATE call, handle_t binding, long ticket);
};

/* windows_interface_listen starts the server unless it runs. Returns where it listens, a string binding without blanks
 * that lives as long as the program; NULL after a message on stderr. */
const char *windows_interface_listen(const struct windows_managers *managers);

/* windows_interface_bind returns a binding handle of its own to the server at |address|, for the caller to free with
 * RpcBindingFree; NULL after a message on stderr. */
handle_t windows_interface_bind(const char *address);

/* windows_interface_call is the client's synchronous stub: it returns when the manager routine has answered, and raises
 * otherwise. */
void windows_interface_call(handle_t binding, long ticket);

/* windows_interface_call_asynchronously is the asynchronous one: it returns once the call is on its way, or raises. */
void windows_interface_call_asynchronously(PRPC_ASYNC_STATE call, handle_t binding, long ticket);

#endif
