// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_notices.h"

#include "child/execute.h"
#include "child/port_windows_calls.h"

enum { EVENTS = 2 };

static HANDLE events[RPCANCEL_HANDLES_MAX][EVENTS];
static bool subscribed[RPCANCEL_HANDLES_MAX][EVENTS];

/* What is asked for with a wrong argument is never announced; any event object will do. */
static unsigned place_of(unsigned event)
{
    return event == RPCANCEL_EVENT_DISCONNECT ? RPCANCEL_EVENT_DISCONNECT : RPCANCEL_EVENT_CANCEL;
}

HANDLE windows_notices_event(unsigned handle, unsigned event)
{
    HANDLE *object = &events[handle][place_of(event)];
    if (!*object)
        *object = CreateEventA(NULL, FALSE, FALSE, NULL); /* who takes it resets it */
    return *object;
}

void windows_notices_note(unsigned handle, unsigned event, bool is_subscribed)
{
    subscribed[handle][place_of(event)] = is_subscribed;
}

bool windows_notices_are_on(unsigned handle)
{
    return subscribed[handle][RPCANCEL_EVENT_CANCEL] || subscribed[handle][RPCANCEL_EVENT_DISCONNECT];
}

struct rpcancel_answer windows_notices_take(unsigned handle, unsigned event)
{
    return rpcancel_answer_code(WaitForSingleObject(windows_notices_event(handle, event), 0));
}

void windows_notices_end(RPC_STATUS(PORT_API *unsubscribe)(RPC_BINDING_HANDLE, RPC_NOTIFICATIONS, ULONG *))
{
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
        for (unsigned event = 0; event < EVENTS; event++) {
            ULONG queued;
            const struct rpcancel_operation operation = {
                .kind = RPCANCEL_OP_UNSUBSCRIBE, .handle = handle & 3u, .argument = event & 7u};
            if (subscribed[handle][event] && unsubscribe)
                unsubscribe(windows_calls_binding(operation), child_notification(operation), &queued);
            subscribed[handle][event] = false;
            if (events[handle][event])
                ResetEvent(events[handle][event]);
        }
    }
}
