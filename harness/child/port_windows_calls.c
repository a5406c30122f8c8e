// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_calls.h"

#include <stdio.h>
#include <string.h>

#include "child/port_windows_interface.h"

enum { NO_THREAD = RPCANCEL_THREADS, CURRENT = 0, EARLIER = 1, LANES = 2, PATIENCE_MS = 2000 };

struct call {
    uint32_t ticket; /* 0: none */
    HANDLE events[WINDOWS_CALL_EVENTS];
    HANDLE left;            /* the manager routine has come to its end */
    PRPC_ASYNC_STATE state; /* as it got it; NULL: a synchronous one */
    RPC_BINDING_HANDLE binding;
    struct windows_seat seat;
    unsigned thread; /* NO_THREAD: not dispatched by the harness */
    bool synchronous;
    bool handed_off;
    bool raises; /* when it ends */
    uint32_t to_raise;
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

static bool has_arrived(const struct call *call)
{
    return call && is_signalled(call->events[WINDOWS_CALL_ARRIVED]);
}

static bool is_answered(const struct call *call)
{
    return is_signalled(call->events[WINDOWS_CALL_ANSWERED]);
}

static bool is_running(const struct call *call)
{
    return has_arrived(call) && !is_signalled(call->left);
}

static bool is_dispatched(const struct call *call)
{
    return call && call->thread != NO_THREAD;
}

static bool is_over(const struct call *call)
{
    return !call || (is_answered(call) && is_signalled(call->left));
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

/* Takes the call that is expected with |ticket|. From here on the driver does not forget it before it has |left|. */
static struct call *take(long ticket, PRPC_ASYNC_STATE state, handle_t binding)
{
    AcquireSRWLockShared(&lock);
    struct call *call = find((uint32_t)ticket);
    if (call && call->synchronous == !state && !has_arrived(call)) {
        call->state = state;
        call->binding = binding;
        SetEvent(call->events[WINDOWS_CALL_ARRIVED]);
    } else {
        call = NULL;
    }
    ReleaseSRWLockShared(&lock);
    return call;
}

/* Whatever the driver asks until it is told to end. */
static void serve(struct call *call)
{
    windows_seat_serve(&call->seat);
    bool raises = call->raises;
    uint32_t to_raise = call->to_raise;
    if (raises || call->synchronous)
        SetEvent(call->events[WINDOWS_CALL_ANSWERED]);
    SetEvent(call->left);
    if (raises)
        RpcRaiseException((RPC_STATUS)to_raise);
}

/* A call that nobody expects, or not any more, ends at once. */
static void manage(handle_t binding, long ticket)
{
    struct call *call = take(ticket, NULL, binding);
    if (call)
        serve(call);
}

static void manage_asynchronously(PRPC_ASYNC_STATE state, handle_t binding, long ticket)
{
    struct call *call = take(ticket, state, binding);
    if (call)
        serve(call);
    else
        RpcAsyncCompleteCall(state, NULL);
}

const char *windows_calls_listen(void)
{
    static const struct windows_managers managers = {.synchronous = manage, .asynchronous = manage_asynchronously};
    return windows_interface_listen(&managers);
}

/* ---- calls come and go ---- */

static void forget(struct call *call)
{
    if (!call)
        return;
    for (unsigned i = 0; i < WINDOWS_CALL_EVENTS; i++) {
        if (call->events[i])
            CloseHandle(call->events[i]);
    }
    if (call->left)
        CloseHandle(call->left);
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

void windows_calls_event_name(DWORD process, uint32_t ticket, enum windows_call_event event,
                              char out[WINDOWS_EVENT_NAME_MAX])
{
    snprintf(out, WINDOWS_EVENT_NAME_MAX, "Local\\rpcancel-%lu-%lu-%u", (unsigned long)process, (unsigned long)ticket,
             (unsigned)event);
}

static bool make_events(struct call *call)
{
    for (unsigned i = 0; i < WINDOWS_CALL_EVENTS; i++) {
        char name[WINDOWS_EVENT_NAME_MAX];
        windows_calls_event_name(GetCurrentProcessId(), call->ticket, (enum windows_call_event)i, name);
        call->events[i] = CreateEventA(NULL, TRUE, FALSE, name);
        if (!call->events[i])
            return false;
    }
    call->left = CreateEventA(NULL, TRUE, FALSE, NULL);
    return call->left != NULL;
}

static struct call *new_call(bool synchronous)
{
    struct call *call = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *call);
    if (!call)
        return NULL;
    call->ticket = new_ticket();
    call->thread = NO_THREAD;
    call->synchronous = synchronous;
    if (make_events(call) && windows_seat_open(&call->seat))
        return call;
    forget(call);
    return NULL;
}

uint32_t windows_calls_expect(unsigned handle, bool synchronous)
{
    struct call **lanes = calls[handle];
    if (!is_over(lanes[CURRENT]) && !is_over(lanes[EARLIER]))
        return 0;
    struct call *call = new_call(synchronous);
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

void windows_calls_give_up(unsigned handle)
{
    struct call *call = calls[handle][CURRENT];
    AcquireSRWLockExclusive(&lock);
    if (call && !has_arrived(call)) {
        forget(call);
        calls[handle][CURRENT] = NULL;
    }
    ReleaseSRWLockExclusive(&lock);
}

bool windows_calls_await(struct rpcancel_operation operation, DWORD milliseconds)
{
    const struct call *call = call_of(operation);
    return call && WaitForSingleObject(call->events[WINDOWS_CALL_ARRIVED], milliseconds) == WAIT_OBJECT_0;
}

/* ---- what runs where, and what it reaches ---- */

bool windows_calls_is_alive(struct rpcancel_operation operation)
{
    return !is_over(call_of(operation));
}

bool windows_calls_is_synchronous(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    return call && call->synchronous;
}

bool windows_calls_dispatch(struct rpcancel_operation operation)
{
    struct call *call = call_of(operation);
    if (!is_running(call) || is_dispatched(call) || operation.thread == RPCANCEL_THREAD_WORKER ||
        windows_calls_seat(operation.thread))
        return false;
    call->thread = operation.thread;
    return true;
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

unsigned windows_calls_served_on(unsigned thread)
{
    unsigned handle = 0;
    while (handle < RPCANCEL_HANDLES_MAX && !is_on(calls[handle][CURRENT], thread))
        handle++;
    return handle;
}

/* Nobody but the manager routine has the call. */
static bool is_manager_s_own(const struct call *call)
{
    return is_running(call) && is_dispatched(call) && !call->handed_off && !is_answered(call);
}

enum windows_reach windows_calls_reach(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    if (!is_dispatched(call))
        return WINDOWS_OUT_OF_REACH;
    if (is_manager_s_own(call))
        return call->thread == operation.thread ? WINDOWS_REACHED : WINDOWS_OUT_OF_REACH;
    if (operation.thread != RPCANCEL_THREAD_WORKER && !windows_calls_seat(operation.thread))
        return WINDOWS_OUT_OF_REACH;
    return is_answered(call) ? WINDOWS_ANSWERED : WINDOWS_REACHED;
}

PRPC_ASYNC_STATE windows_calls_state(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    return call ? call->state : NULL;
}

RPC_BINDING_HANDLE windows_calls_binding(struct rpcancel_operation operation)
{
    const struct call *call = call_of(operation);
    if (!has_arrived(call))
        return NULL;
    RPC_BINDING_HANDLE of_state = call->state ? RpcAsyncGetCallHandle(call->state) : NULL;
    return of_state ? of_state : call->binding;
}

bool windows_calls_hand_off(struct rpcancel_operation operation)
{
    struct call *call = call_of(operation);
    if (!call || call->synchronous || !is_manager_s_own(call))
        return false;
    call->handed_off = true;
    return true;
}

void windows_calls_note_answered(struct rpcancel_operation operation)
{
    SetEvent(call_of(operation)->events[WINDOWS_CALL_ANSWERED]);
}

/* ---- ends ---- */

static bool finish(struct call *call, DWORD milliseconds)
{
    windows_seat_leave(&call->seat);
    return WaitForSingleObject(call->left, milliseconds) == WAIT_OBJECT_0;
}

bool windows_calls_return(struct rpcancel_operation operation)
{
    struct call *call = call_of(operation);
    return is_running(call) && is_dispatched(call) && finish(call, INFINITE);
}

bool windows_calls_raise(struct rpcancel_operation operation, uint32_t code)
{
    struct call *call = call_of(operation);
    if (!call || !is_manager_s_own(call))
        return false;
    call->raises = true;
    call->to_raise = code;
    return finish(call, INFINITE);
}

struct ending {
    PRPC_ASYNC_STATE state;
    RPC_STATUS(PORT_API *abort_call)(PRPC_ASYNC_STATE, ULONG);
    RPC_STATUS(PORT_API *complete_call)(PRPC_ASYNC_STATE, void *);
    bool answered;
};

static void answer(void *context)
{
    struct ending *ending = context;
    ending->answered = ending->abort_call && ending->abort_call(ending->state, RPC_S_CALL_FAILED) == RPC_S_OK;
    if (!ending->answered)
        ending->answered = ending->complete_call && ending->complete_call(ending->state, NULL) == RPC_S_OK;
}

/* Completing outside of a manager routine is left out: a runtime that does not even abort a call there cannot be
 * trusted to have kept what belongs to it. */
static void end_call(struct call *call, struct ending ending)
{
    uint32_t exception;
    bool runs = is_running(call);
    if (!has_arrived(call) || !call->state || is_answered(call))
        return;
    ending.state = call->state;
    if (!runs)
        ending.complete_call = NULL;
    bool returned = runs ? windows_seat_run(&call->seat, answer, &ending, &exception)
                         : port_run(RPCANCEL_THREAD_WORKER, answer, &ending, &exception);
    if (returned && ending.answered)
        SetEvent(call->events[WINDOWS_CALL_ANSWERED]);
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

bool windows_calls_end(RPC_STATUS(PORT_API *abort_call)(PRPC_ASYNC_STATE, ULONG),
                       RPC_STATUS(PORT_API *complete_call)(PRPC_ASYNC_STATE, void *))
{
    const struct ending ending = {.abort_call = abort_call, .complete_call = complete_call};
    do {
        for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
            for (unsigned lane = 0; lane < LANES; lane++) {
                if (!calls[i][lane])
                    continue;
                end_call(calls[i][lane], ending);
                if (is_running(calls[i][lane]) && !finish(calls[i][lane], PATIENCE_MS))
                    return false;
            }
        }
    } while (!forget_idle());
    return true;
}
