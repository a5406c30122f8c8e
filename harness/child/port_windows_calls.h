// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_CALLS_H
#define RPCANCEL_PORT_WINDOWS_CALLS_H
/*
 * The server's half of calls: manager routines, each on a thread of the runtime. A manager routine does what code in
 * one asks, until it is told to end; the asynchronous handle of an asynchronous one may be used elsewhere, and
 * afterwards.
 *
 * The driver's thread of the server process calls all of this. The client's process looks on by two events of each
 * call, whose names windows_calls_event_name makes.
 */
#include "child/port.h"
#include "child/port_windows_seat.h"

enum { WINDOWS_EVENT_NAME_MAX = 64 };

/* The events of a call: its manager routine runs, or has run; it was answered. */
enum windows_call_event { WINDOWS_CALL_ARRIVED, WINDOWS_CALL_ANSWERED, WINDOWS_CALL_EVENTS };

/* windows_calls_event_name writes the name of an event of the call with |ticket| at the server |process|, an id. */
void windows_calls_event_name(DWORD process, uint32_t ticket, enum windows_call_event event,
                              char out[WINDOWS_EVENT_NAME_MAX]);

/* windows_calls_listen starts the server unless it runs. Returns its string binding; NULL after a message on stderr. */
const char *windows_calls_listen(void);

/* windows_calls_expect makes ready for a new current call of the letter |handle|, to the manager routine that is
 * |synchronous| or to the other; the one before becomes the earlier one if it is still alive. Returns the ticket that
 * the client's stub is to be given. 0: two are alive, or the system has no more events. */
uint32_t windows_calls_expect(unsigned handle, bool synchronous);

/* windows_calls_give_up says that the stub of |handle|'s current call raised: unless its request arrived, there is no
 * such call. */
void windows_calls_give_up(unsigned handle);

/* windows_calls_await waits up to |milliseconds| for the request of the call; true when its manager routine runs or has
 * run. */
bool windows_calls_await(struct rpcancel_operation operation, DWORD milliseconds);

/* windows_calls_is_alive tells whether the call is expected or has something at the server that is not over. */
bool windows_calls_is_alive(struct rpcancel_operation operation);

/* windows_calls_is_synchronous tells whether the call is of the synchronous manager routine. */
bool windows_calls_is_synchronous(struct rpcancel_operation operation);

/* windows_calls_dispatch says that the manager routine of the call runs on |operation|'s thread. False when there is no
 * such routine, it was said before, or another one runs there. */
bool windows_calls_dispatch(struct rpcancel_operation operation);

/* windows_calls_seat returns the seat of the manager routine that runs on |thread|, or NULL. */
struct windows_seat *windows_calls_seat(unsigned thread);

/* windows_calls_served_on returns the letter of the current call whose manager routine runs on |thread|;
 * RPCANCEL_HANDLES_MAX: none does. */
unsigned windows_calls_served_on(unsigned thread);

/* What stands between code on |operation|'s thread and its call: it reaches it; it has no handle of it, or there is no
 * such code; or the call was answered, and its handle is none any more. */
enum windows_reach { WINDOWS_REACHED, WINDOWS_OUT_OF_REACH, WINDOWS_ANSWERED };
enum windows_reach windows_calls_reach(struct rpcancel_operation operation);

/* windows_calls_state returns the asynchronous handle of a call within reach, NULL for a synchronous one. */
PRPC_ASYNC_STATE windows_calls_state(struct rpcancel_operation operation);

/* windows_calls_binding returns the binding handle of a call within reach; NULL when the runtime gave it none. */
RPC_BINDING_HANDLE windows_calls_binding(struct rpcancel_operation operation);

/* windows_calls_hand_off lets others than the manager routine have the asynchronous handle; false when no manager
 * routine runs that has it to itself. */
bool windows_calls_hand_off(struct rpcancel_operation operation);

/* windows_calls_note_answered says that a function answered the call. */
void windows_calls_note_answered(struct rpcancel_operation operation);

/* windows_calls_return has the dispatched manager routine of the call return; false when none runs. */
bool windows_calls_return(struct rpcancel_operation operation);

/* windows_calls_raise has it raise |code| in place of returning. It must be the only one to have the call. */
bool windows_calls_raise(struct rpcancel_operation operation, uint32_t code);

/* windows_calls_end answers all calls with |abort_call|, or where that does not do, in manager routines, with
 * |complete_call| (NULL: the runtime has no such function), lets all manager routines return and forgets all calls; a
 * request that arrives later is answered at once. A handle that the runtime does not take back is left to it. False
 * when a manager routine does not come to its end: the process can do nothing but end. */
bool windows_calls_end(RPC_STATUS(PORT_API *abort_call)(PRPC_ASYNC_STATE, ULONG),
                       RPC_STATUS(PORT_API *complete_call)(PRPC_ASYNC_STATE, void *));

#endif
