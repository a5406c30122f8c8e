// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_calls.h"

#include <string.h>

#include "child/port_windows_interface.h"

enum { NO_THREAD = RPCANCEL_THREADS, CURRENT = 0, EARLIER = 1, LANES = 2 };

struct call {
    uint32_t ticket; /* 0: none */
    HANDLE arrived;  /* the manager routine runs, or has run */
    HANDLE ended;    /* it has ended */
    void *binding;   /* as it got it */
    struct windows_seat seat;
    unsigned thread;
    bool synchronous;
    uint32_t to_raise; /* when it ends; 0: nothing */
};

static struct call *calls[RPCANCEL_HANDLES_MAX][LANES];
static SRWLOCK lock =
    SRWLOCK_INIT; /* of |calls|, which manager routines look up; only the driver's thread changes them */

static struct call *call_of(struct rpcancel_operation operation)
{
    return calls[operation.handle][operation.earlier ? EARLIER : CURRENT];
}

static bool is_signalled(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static bool is_running(const struct call *call)
{
    return call && is_signalled(call->arrived) && !is_signalled(call->ended);
}

static bool is_over(const struct call *call)
{
    return !call || is_signalled(call->ended);
}

/* ---- manager routines ---- */

static struct call *find(uint32_t ticket)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        for (unsigned lane = 0; lane < LANES; lane++) {
            if (calls[i][lane] && calls[i][lane]->ticket == ticket)
                return calls[i][lane];
        }
    }
    return NULL;
}

/* Whatever the driver asks until it is told to end. A call that nobody expects, or not any more, ends at once. */
static void manage(handle_t binding, long ticket)
{
    AcquireSRWLockShared(&lock);
    struct call *call = find((uint32_t)ticket);
    if (call) {
        call->binding = binding;
        SetEvent(call->arrived); /* from here on the driver does not forget it before |ended| */
    }
    ReleaseSRWLockShared(&lock);
    if (!call)
        return;
    windows_seat_serve(&call->seat);
    uint32_t to_raise = call->to_raise;
    SetEvent(call->ended);
    if (to_raise)
        RpcRaiseException((RPC_STATUS)to_raise);
}

bool windows_calls_listen(void)
{
    return windows_interface_listen(manage);
}

/* ---- calls come and go ---- */

static void forget(struct call *call)
{
    if (!call)
        return;
    if (call->arrived)
        CloseHandle(call->arrived);
    if (call->ended)
        CloseHandle(call->ended);
    windows_seat_close(&call->seat);
    HeapFree(GetProcessHeap(), 0, call);
}

/* A program that listens where others could call it knows its own calls by numbers that they do not. */
static uint32_t new_ticket(void)
{
    static uint32_t last;
    if (last == 0) {
        LARGE_INTEGER counter;
        QueryPerformanceCounter(&counter);
        last = ((uint32_t)counter.QuadPart * 2654435761u) ^ GetCurrentProcessId();
    }
    last++;
    return last ? last : ++last;
}

static struct call *new_call(void)
{
    struct call *call = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *call);
    if (!call)
        return NULL;
    call->ticket = new_ticket();
    call->thread = NO_THREAD;
    call->arrived = CreateEventA(NULL, TRUE, FALSE, NULL);
    call->ended = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (call->arrived && call->ended && windows_seat_open(&call->seat))
        return call;
    forget(call);
    return NULL;
}

uint32_t windows_calls_expect(unsigned handle)
{
    struct call **lanes = calls[handle];
    if (!is_over(lanes[CURRENT]) && !is_over(lanes[EARLIER]))
        return 0;
    struct call *call = new_call();
    if (!call)
        return 0;
    bool moves = !is_over(lanes[CURRENT]);
    AcquireSRWLockExclusive(&lock);
    forget(moves ? lanes[EARLIER] : lanes[CURRENT]);
    if (moves)
        lanes[EARLIER] = lanes[CURRENT];
    lanes[CURRENT] = call;
    ReleaseSRWLockExclusive(&lock);
    return call->ticket;
}

bool windows_calls_await(struct rpcancel_operation operation, HANDLE other, DWORD milliseconds)
{
    const struct call *call = call_of(operation);
    if (!call)
        return false;
    HANDLE either[] = {call->arrived, other};
    WaitForMultipleObjects(other ? 2 : 1, either, FALSE, milliseconds);
    return is_signalled(call->arrived);
}

/* Forgets the calls of which no manager routine runs; true when that were all. One whose request arrives meanwhile is
 * either found, and runs, or not. */
static bool forget_idle(void)
{
    bool all = true;
    AcquireSRWLockExclusive(&lock);
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        for (unsigned lane = 0; lane < LANES; lane++) {
            if (is_running(calls[i][lane])) {
                all = false;
                continue;
            }
            forget(calls[i][lane]);
            calls[i][lane] = NULL;
        }
    }
    ReleaseSRWLockExclusive(&lock);
    return all;
}

static void finish(struct call *call)
{
    windows_seat_leave(&call->seat);
    WaitForSingleObject(call->ended, INFINITE);
}

void windows_calls_end(void)
{
    do {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
            for (unsigned lane = 0; lane < LANES; lane++) {
                if (is_running(calls[i][lane]))
                    finish(calls[i][lane]);
            }
        }
    } while (!forget_idle());
}

/* ---- what runs where ---- */

bool windows_calls_dispatch(struct rpcancel_operation operation)
{
    struct call *call = call_of(operation);
    if (!is_running(call) || call->thread != NO_THREAD || operation.thread == RPCANCEL_THREAD_WORKER ||
        windows_calls_seat(operation.thread))
        return false;
    call->thread = operation.thread;
    call->synchronous = operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
    return true;
}

bool windows_calls_is_alive(struct rpcancel_operation operation)
{
    return !is_over(call_of(operation));
}

bool windows_calls_is_synchronous(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    return is_running(call) && call->synchronous;
}

static bool is_on(const struct call *call, unsigned thread)
{
    return is_running(call) && call->thread == thread;
}

struct windows_seat *windows_calls_seat(unsigned thread)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        for (unsigned lane = 0; lane < LANES; lane++) {
            if (is_on(calls[i][lane], thread))
                return &calls[i][lane]->seat;
        }
    }
    return NULL;
}

bool windows_calls_is_on(struct rpcancel_operation operation)
{
    return is_on(call_of(operation), operation.thread);
}

void *windows_calls_binding(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    return is_running(call) ? call->binding : NULL;
}

bool windows_calls_finish(struct rpcancel_operation operation, uint32_t code)
{
    struct call *call = call_of(operation);
    if (!is_running(call) || call->thread == NO_THREAD)
        return false;
    call->to_raise = code;
    finish(call);
    return true;
}

bool windows_calls_are_running(void)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (is_running(calls[i][CURRENT]) || is_running(calls[i][EARLIER]))
            return true;
    }
    return false;
}
