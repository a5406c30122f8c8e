// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_NOTICES_H
#define RPCANCEL_PORT_WINDOWS_NOTICES_H
/*
 * What manager routines have subscribed to, and the event objects that they are told by.
 */
#include "child/port.h"

/* windows_notices_event returns the event object of |handle|'s call for |event| (enum rpcancel_call_event); NULL when
 * the system has none left. */
HANDLE windows_notices_event(unsigned handle, unsigned event);

/* windows_notices_note notes that |handle|'s call is subscribed to |event|, or is not any more. */
void windows_notices_note(unsigned handle, unsigned event, bool is_subscribed);

/* windows_notices_are_on tells whether |handle|'s call is subscribed to anything. */
bool windows_notices_are_on(unsigned handle);

/* windows_notices_take takes the notification: 0, or 258 when there is none. */
struct rpcancel_answer windows_notices_take(unsigned handle, unsigned event);

/* windows_notices_end unsubscribes all that is subscribed, in the manager routines, with |unsubscribe|. */
void windows_notices_end(RPC_STATUS(PORT_API *unsubscribe)(RPC_BINDING_HANDLE, RPC_NOTIFICATIONS, ULONG *));

#endif
