// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_seat.h"

#include <string.h>

#include "child/port_windows_guard.h"

bool windows_seat_open(struct windows_seat *seat)
{
    memset(seat, 0, sizeof *seat);
    seat->asked = CreateEventA(NULL, FALSE, FALSE, NULL);
    seat->answered = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (seat->asked && seat->answered)
        return true;
    windows_seat_close(seat);
    return false;
}

void windows_seat_close(struct windows_seat *seat)
{
    if (seat->asked)
        CloseHandle(seat->asked);
    if (seat->answered)
        CloseHandle(seat->answered);
    memset(seat, 0, sizeof *seat);
}

void windows_seat_serve(struct windows_seat *seat)
{
    for (;;) {
        WaitForSingleObject(seat->asked, INFINITE);
        if (seat->leave)
            return;
        seat->raised = !windows_guard(seat->function, seat->context, &seat->exception);
        SetEvent(seat->answered);
    }
}

static DWORD WINAPI sit(void *seat)
{
    windows_seat_serve(seat);
    return 0;
}

HANDLE windows_seat_occupy(struct windows_seat *seat)
{
    return CreateThread(NULL, 0, sit, seat, 0, NULL);
}

void windows_seat_start(struct windows_seat *seat, void (*function)(void *context), void *context)
{
    seat->function = function;
    seat->context = context;
    SetEvent(seat->asked);
}

bool windows_seat_is_through(struct windows_seat *seat, DWORD milliseconds)
{
    return WaitForSingleObject(seat->answered, milliseconds) == WAIT_OBJECT_0;
}

bool windows_seat_run(struct windows_seat *seat, void (*function)(void *context), void *context, uint32_t *exception)
{
    windows_seat_start(seat, function, context);
    windows_seat_is_through(seat, INFINITE);
    *exception = seat->exception;
    return !seat->raised;
}

void windows_seat_leave(struct windows_seat *seat)
{
    seat->leave = true;
    SetEvent(seat->asked);
}
