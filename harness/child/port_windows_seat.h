// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_SEAT_H
#define RPCANCEL_PORT_WINDOWS_SEAT_H
/*
 * A seat is where a thread sits and does what the driver's thread asks of it, one thing at a time.
 */
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

struct windows_seat {
    HANDLE asked;
    HANDLE answered;
    void (*function)(void *context);
    void *context;
    bool raised;
    uint32_t exception;
    bool leave;
};

/* windows_seat_open makes |seat| ready to be used; false when the system has no more events. */
bool windows_seat_open(struct windows_seat *seat);

/* windows_seat_close gives back what windows_seat_open took. Nobody may sit there any more. */
void windows_seat_close(struct windows_seat *seat);

/* windows_seat_serve is called by the thread that takes the seat; it returns after windows_seat_leave. */
void windows_seat_serve(struct windows_seat *seat);

/* windows_seat_occupy starts a thread that takes |seat| and ends after windows_seat_leave. Returns it, NULL when the
 * system has none left; the caller closes it. */
HANDLE windows_seat_occupy(struct windows_seat *seat);

/* windows_seat_run has |function| called by the thread on |seat|, and waits for it. False when it raised. */
bool windows_seat_run(struct windows_seat *seat, void (*function)(void *context), void *context, uint32_t *exception);

/* windows_seat_start has |function| called likewise, and does not wait. |context| must live until it is through. */
void windows_seat_start(struct windows_seat *seat, void (*function)(void *context), void *context);

/* windows_seat_is_through waits up to |milliseconds| for what windows_seat_start started; false: it still goes on. True
 * once; whether it raised is then in |seat|. */
bool windows_seat_is_through(struct windows_seat *seat, DWORD milliseconds);

/* windows_seat_leave has the thread on |seat| return from windows_seat_serve. It does not wait for that. */
void windows_seat_leave(struct windows_seat *seat);

#endif
