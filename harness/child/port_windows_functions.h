// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_FUNCTIONS_H
#define RPCANCEL_PORT_WINDOWS_FUNCTIONS_H
/*
 * The functions of rpcrt4.dll, looked up by name: one that is not exported, or is known to do nothing, is answered
 * `unimplemented`.
 */
#include "child/port.h"
#include "child/port_windows_threads.h"

/* windows_functions_look_up fills both in with what rpcrt4.dll exports. */
void windows_functions_look_up(struct port_functions *functions, struct windows_client_functions *client);

/* windows_functions_drop_stubs takes out again what only raises that it is not implemented; it is tried with port_run,
 * on the worker's thread. */
void windows_functions_drop_stubs(struct port_functions *functions);

/* windows_functions_drop_silent_stubs takes out what does nothing and returns success, as is known of Wine; elsewhere
 * nothing. */
void windows_functions_drop_silent_stubs(struct windows_client_functions *client);

/* windows_functions_describe writes the keys name and version of the answer to `describe`, terminated. */
void windows_functions_describe(char *out, size_t size);

#endif
