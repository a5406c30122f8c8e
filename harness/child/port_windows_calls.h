// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_CALLS_H
#define RPCANCEL_PORT_WINDOWS_CALLS_H
/*
 * Local synchronous calls: a client stub on a thread of its own, a manager routine on a thread of the runtime, both in
 * this process, connected by ncalrpc. The client's side stays inside its stub until the manager routine ends; what can
 * be asked is what code in a manager routine asks. docs/windows.md says what that is worth.
 */
#include <stdbool.h>

#include "child/port_windows_seat.h"
#include "operation.h"

/* windows_calls_listen starts the server unless it runs; false after a message on stderr. */
bool windows_calls_listen(void);

/* windows_calls_make issues a call under the letter |handle|. 0 when its manager routine runs, the exception the stub
 * raised otherwise. */
uint32_t windows_calls_make(unsigned handle);

/* windows_calls_is_out tells whether a call was made under |handle| since the last end of all calls. */
bool windows_calls_is_out(unsigned handle);

/* windows_calls_dispatch says that the manager routine of |handle|'s call runs on |thread|. False when there is no such
 * routine, it was said before, or another one runs there. */
bool windows_calls_dispatch(unsigned handle, unsigned thread);

/* windows_calls_seat returns the seat of the manager routine that runs on |thread|, or NULL. */
struct windows_seat *windows_calls_seat(unsigned thread);

/* windows_calls_is_on tells whether the manager routine of |handle|'s call runs on |thread|. */
bool windows_calls_is_on(unsigned handle, unsigned thread);

/* windows_calls_binding returns the binding handle that the manager routine of |handle|'s call was given. */
void *windows_calls_binding(unsigned handle);

/* windows_calls_raise ends a dispatched manager routine with an exception; true once the client's stub is through. */
bool windows_calls_raise(unsigned handle, uint32_t code);

/* windows_calls_end lets all manager routines return and waits for the client's stubs. */
void windows_calls_end(void);

#endif
