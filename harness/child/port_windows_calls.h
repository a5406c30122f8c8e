// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_CALLS_H
#define RPCANCEL_PORT_WINDOWS_CALLS_H
/*
 * The server's half of calls: manager routines, each on a thread of the runtime, in this process. A manager routine
 * does what code in one asks, until it is told to end. docs/windows.md says what that is worth.
 *
 * The driver's thread calls all of this.
 */
#include <stdbool.h>

#include "child/port_windows_seat.h"
#include "operation.h"

/* windows_calls_listen starts the server unless it runs; false after a message on stderr. */
bool windows_calls_listen(void);

/* windows_calls_expect makes ready for a new current call of the letter |handle|; the one before becomes the earlier
 * one if it is still alive. Returns the ticket that the client's stub is to be given. 0: two are alive, or the system
 * has no more events. */
uint32_t windows_calls_expect(unsigned handle);

/* windows_calls_await waits up to |milliseconds|, or until |other| (NULL: nothing) is signalled, for the request of the
 * call; true when its manager routine runs or has run. */
bool windows_calls_await(struct rpcancel_operation operation, HANDLE other, DWORD milliseconds);

/* windows_calls_dispatch says that the manager routine of the call runs on |operation|'s thread, and whether it is a
 * synchronous one to the harness. False when there is no such routine, it was said before, or another one runs there.
 */
bool windows_calls_dispatch(struct rpcancel_operation operation);

/* windows_calls_is_alive tells whether the call was made and has not ended at the server. */
bool windows_calls_is_alive(struct rpcancel_operation operation);

/* windows_calls_is_synchronous tells whether the call was dispatched to a synchronous manager routine, which runs. */
bool windows_calls_is_synchronous(struct rpcancel_operation operation);

/* windows_calls_seat returns the seat of the manager routine that runs on |thread|, or NULL. */
struct windows_seat *windows_calls_seat(unsigned thread);

/* windows_calls_is_on tells whether the manager routine of the call runs on |operation|'s thread. */
bool windows_calls_is_on(struct rpcancel_operation operation);

/* windows_calls_binding returns the binding handle that the manager routine of the call was given. */
void *windows_calls_binding(struct rpcancel_operation operation);

/* windows_calls_finish ends the call's dispatched manager routine, with the exception |code| unless that is 0; false
 * when there is none. It has ended then; what the client learns of it is on its way. */
bool windows_calls_finish(struct rpcancel_operation operation, uint32_t code);

/* windows_calls_are_running tells whether any manager routine runs. */
bool windows_calls_are_running(void);

/* windows_calls_end lets all manager routines end and forgets all calls; a request that arrives later is not served. */
void windows_calls_end(void);

#endif
