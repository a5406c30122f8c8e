// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_INTERFACE_H
#define RPCANCEL_PORT_WINDOWS_INTERFACE_H
/*
 * The interface between the client and the server of the shim, which are one process: one procedure, and the protocol
 * sequence over which it is called.
 */
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include <rpc.h>

/* What of the documents depends on: docs/windows.md, "Protocol sequences". */
enum windows_protocol { WINDOWS_NCALRPC, WINDOWS_NCACN_NP, WINDOWS_NCACN_IP_TCP, WINDOWS_PROTOCOLS };

/* windows_interface_choose chooses the protocol sequence |name|, before anything listens; false: not one of them. */
bool windows_interface_choose(const char *name);

/* windows_interface_protocol returns the one chosen (enum windows_protocol), ncalrpc unless another was. */
enum windows_protocol windows_interface_protocol(void);

/* windows_interface_listen starts the server unless it runs; |manage| is its manager routine, called on a thread of the
 * runtime with what the client's stub was given. False after a message on stderr. */
bool windows_interface_listen(void (*manage)(handle_t binding, long ticket));

/* windows_interface_bind returns a binding handle of its own to the server that listens, for the caller to free with
 * RpcBindingFree; NULL after a message on stderr. */
handle_t windows_interface_bind(void);

/* windows_interface_call is the client's stub: it returns when the manager routine has answered, and raises otherwise.
 */
void windows_interface_call(handle_t binding, long ticket);

#endif
