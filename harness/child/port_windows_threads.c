// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_threads.h"

#include <stdio.h>
#include <string.h>

#include "child/port_windows_guard.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_peer.h"
#include "child/port_windows_seat.h"
#include "status.h"

enum {
    SECONDS_MAX = RPCANCEL_TIMEOUT_TWO - RPCANCEL_TIMEOUT_ZERO,
    PATIENCE_MS = 2000 /* with threads that have nothing to wait for any more */
};

static struct client {
    HANDLE thread; /* NULL: the letter has none yet */
    struct windows_seat seat;
    handle_t binding;
    unsigned age;                         /* of the server that it leads to */
    HANDLE through;                       /* the stub returned or raised */
    uint64_t through_at;                  /* when */
    uint32_t raised;                      /* what; 0: nothing */
    uint32_t ticket;                      /* of the call */
    bool waits;                           /* it entered the stub, and the harness does not know that it returned */
    uint8_t cancel_timeout, call_timeout; /* enum rpcancel_timeout */
    /* Of the time-outs that run out in so many seconds of the harness's, when the first may in real time; 0: none. */
    uint64_t not_before[SECONDS_MAX + 1];
} clients[RPCANCEL_HANDLES_MAX];

static struct windows_client_functions functions;
static uint64_t half_ms; /* of a second of the harness's, in real time */
static bool late;        /* real time has run away since the last end */
static bool cancelled;   /* a thread was, since the last settle */

static struct rpcancel_answer refused(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
}

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

static struct rpcancel_answer done(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

void windows_threads_start(const struct windows_client_functions *client_functions, unsigned seconds)
{
    functions = *client_functions;
    half_ms = seconds * UINT64_C(500);
}

/* ---- the clock ---- */

static uint64_t now_ms(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    uint64_t ticks = (uint64_t)counter.QuadPart;
    uint64_t second = (uint64_t)frequency.QuadPart;
    return ticks / second * 1000 + ticks % second * 1000 / second;
}

/* How long |timeout|, which is not infinite, is in real time. */
static uint64_t real_ms(unsigned timeout)
{
    unsigned seconds = timeout - RPCANCEL_TIMEOUT_ZERO;
    return seconds == 0 ? 0 : (2 * seconds - 1) * half_ms;
}

/* A time-out of |client| began, not before |since|. */
static void begin_timeout(struct client *client, unsigned timeout, uint64_t since)
{
    if (timeout == RPCANCEL_TIMEOUT_INFINITE)
        return;
    uint64_t *first = &client->not_before[timeout - RPCANCEL_TIMEOUT_ZERO];
    uint64_t end = since + real_ms(timeout);
    if (*first == 0 || end < *first)
        *first = end;
}

static bool is_through(const struct client *client, uint64_t milliseconds)
{
    return WaitForSingleObject(client->through, (DWORD)milliseconds) == WAIT_OBJECT_0;
}

/* A time-out that is to run out later, by the harness's clock, has had the time to do so. A stub that came back before
 * it could is another thing. */
static bool is_late(const struct client *client)
{
    const uint64_t tolerance = half_ms / 10; /* the runtime's clock may be coarse */
    if (!client->waits)
        return false;
    uint64_t at = is_through(client, 0) ? client->through_at : now_ms();
    for (unsigned i = 1; i <= SECONDS_MAX; i++) {
        if (client->not_before[i] && at + tolerance >= client->not_before[i])
            return true;
    }
    return false;
}

bool windows_threads_keep_time(void)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && !late; i++)
        late = is_late(&clients[i]);
    return !late;
}

static bool anyone_waits(void)
{
    bool waits = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        waits |= clients[i].waits;
    return waits;
}

/* Where nobody waits for anything, a second makes no difference. */
static struct rpcancel_answer elapse(void)
{
    if (anyone_waits())
        Sleep((DWORD)(2 * half_ms));
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        uint64_t *not_before = clients[i].not_before;
        not_before[0] |= not_before[1]; /* it is due; since when does not matter any more */
        for (unsigned s = 1; s < SECONDS_MAX; s++)
            not_before[s] = not_before[s + 1];
        not_before[SECONDS_MAX] = 0;
    }
    return done();
}

/* No message tells that a cancel has arrived, at the client's runtime and at the server's: it gets a quarter of the
 * time in which nothing else may happen. */
static void give_cancel_time(void)
{
    uint64_t enough = half_ms / 4;
    uint64_t before = now_ms();
    Sleep((DWORD)enough);
    late |= now_ms() - before > 2 * enough;
}

bool windows_threads_settle(bool others_wait)
{
    if (cancelled && (anyone_waits() || others_wait))
        give_cancel_time();
    cancelled = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (!clients[i].waits)
            continue;
        if (clients[i].not_before[0] || windows_peer_is_lost())
            is_through(&clients[i], half_ms / 2);
        if (!windows_peer_await(i, NULL, 0) && !is_through(&clients[i], 0) && !windows_peer_is_lost())
            return false;
    }
    return true;
}

void windows_threads_note_cancel(void)
{
    cancelled = true;
}

/* ---- threads ---- */

static void forget(struct client *client)
{
    if (client->thread)
        CloseHandle(client->thread);
    if (client->through)
        CloseHandle(client->through);
    if (client->binding)
        RpcBindingFree(&client->binding);
    windows_seat_close(&client->seat);
    memset(client, 0, sizeof *client);
}

/* Another server runs. Of what was set on the binding handle nothing is known there. */
static bool rebind(struct client *client)
{
    if (client->waits || client->call_timeout || !windows_peer_start())
        return false;
    RpcBindingFree(&client->binding);
    client->binding = windows_peer_bind();
    client->age = windows_peer_age();
    return client->binding != NULL;
}

static bool make_ready(struct client *client)
{
    if (client->thread && client->age == windows_peer_age())
        return true;
    if (client->thread)
        return rebind(client);
    if (!windows_peer_start())
        return false;
    client->binding = windows_peer_bind();
    client->age = windows_peer_age();
    client->through = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (client->binding && client->through && windows_seat_open(&client->seat))
        client->thread = windows_seat_occupy(&client->seat);
    if (client->thread)
        return true;
    forget(client);
    return false;
}

static void stub(void *context)
{
    const struct client *client = context;
    windows_interface_call(client->binding, (long)client->ticket);
}

static void run_stub(void *context)
{
    struct client *client = context;
    uint32_t exception;
    client->raised = windows_guard(stub, client, &exception) ? 0 : exception;
    client->through_at = now_ms();
    SetEvent(client->through);
}

/* The thread enters the stub. Returns false when two calls of the letter are alive. */
static bool enter_stub(unsigned handle)
{
    struct client *client = &clients[handle];
    client->ticket = windows_peer_expect(handle, true);
    if (client->ticket == 0)
        return false;
    ResetEvent(client->through);
    client->waits = true;
    if (client->call_timeout == RPCANCEL_TIMEOUT_ONE)
        begin_timeout(client, client->call_timeout, now_ms());
    windows_seat_start(&client->seat, run_stub, client);
    return true;
}

/* The stub is through, and the harness gets to know it. */
static uint32_t leave_stub(struct client *client)
{
    windows_seat_is_through(&client->seat, INFINITE);
    client->waits = false;
    memset(client->not_before, 0, sizeof client->not_before);
    return client->raised;
}

static struct rpcancel_answer synchronous_call(unsigned handle)
{
    struct client *client = &clients[handle];
    if (client->waits)
        return refused();
    if (windows_peer_is_lost() || !make_ready(client))
        return unimplemented();
    if (!enter_stub(handle))
        return refused();
    windows_peer_await(handle, client->through, (DWORD)half_ms);
    return done();
}

/* A code for what a runtime raises on purpose; an exception for what it should not have. */
static struct rpcancel_answer returned(struct client *client)
{
    const uint32_t is_error_of_system = 0x80000000u;
    if (!client->waits)
        return refused();
    if (!is_through(client, 0))
        return rpcancel_answer_code(RPCANCEL_S_WAIT_TIMEOUT);
    uint32_t raised = leave_stub(client);
    return raised & is_error_of_system ? rpcancel_answer_exception(raised) : rpcancel_answer_code(raised);
}

bool windows_threads_is_thread(unsigned handle)
{
    const struct client *client = &clients[handle];
    return client->waits || client->cancel_timeout || client->call_timeout;
}

void windows_threads_await_reply(unsigned handle)
{
    if (clients[handle].waits)
        is_through(&clients[handle], 2 * half_ms);
}

/* ---- time-outs ---- */

struct timeout_job {
    RPC_BINDING_HANDLE binding;
    ULONG_PTR value;
    RPC_STATUS code;
};

static void set_cancel_timeout(void *context)
{
    struct timeout_job *job = context;
    job->code = functions.set_cancel_timeout((LONG)job->value);
}

static void set_call_timeout(void *context)
{
    struct timeout_job *job = context;
    job->code = functions.set_option(job->binding, RPC_C_OPT_CALL_TIMEOUT, job->value);
}

/* Whole seconds, as RpcMgmtSetCancelTimeout and RpcCancelThreadEx take them. */
static LONG real_seconds(unsigned timeout)
{
    return timeout == RPCANCEL_TIMEOUT_INFINITE ? RPC_C_CANCEL_INFINITE_TIMEOUT : (LONG)(real_ms(timeout) / 1000);
}

static ULONG_PTR value_of(struct rpcancel_operation operation)
{
    if (operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT)
        return (ULONG_PTR)real_seconds(operation.argument);
    return operation.argument == RPCANCEL_TIMEOUT_INFINITE ? INFINITE : (ULONG_PTR)real_ms(operation.argument);
}

static struct rpcancel_answer set_timeout(struct rpcancel_operation operation)
{
    struct client *client = &clients[operation.handle];
    bool is_of_cancel = operation.kind == RPCANCEL_OP_SET_CANCEL_TIMEOUT;
    if (client->waits)
        return refused();
    if ((is_of_cancel ? !functions.set_cancel_timeout : !functions.set_option) || !make_ready(client))
        return unimplemented();
    struct timeout_job job = {.binding = client->binding, .value = value_of(operation)};
    uint32_t exception;
    if (!windows_seat_run(&client->seat, is_of_cancel ? set_cancel_timeout : set_call_timeout, &job, &exception))
        return rpcancel_answer_exception(exception);
    if (job.code == RPC_S_OK && is_of_cancel)
        client->cancel_timeout = operation.argument;
    else if (job.code == RPC_S_OK)
        client->call_timeout = operation.argument == RPCANCEL_TIMEOUT_ONE ? RPCANCEL_TIMEOUT_ONE : 0;
    return rpcancel_answer_code((uint32_t)job.code);
}

/* ---- cancels ---- */

/* RpcCancelThreadEx may wait for as long as it is told to; so it is called on a thread that can be left to itself. */
static struct canceller {
    HANDLE thread;
    struct windows_seat seat;
    bool is_stuck;
    bool is_extended;
    HANDLE victim;
    LONG timeout;
    RPC_STATUS code;
} canceller;

static void cancel(void *context)
{
    struct canceller *job = context;
    job->code =
        job->is_extended ? functions.cancel_thread_ex(job->victim, job->timeout) : functions.cancel_thread(job->victim);
}

static bool make_canceller_ready(void)
{
    if (!canceller.thread && windows_seat_open(&canceller.seat))
        canceller.thread = windows_seat_occupy(&canceller.seat);
    return canceller.thread && !canceller.is_stuck;
}

/* What RpcMgmtSetCancelTimeout and RpcCancelThreadEx can be given: see port_windows_threads.h. */
static bool is_whole(unsigned timeout)
{
    return timeout == RPCANCEL_TIMEOUT_INFINITE || real_ms(timeout) % 1000 == 0;
}

/* Whether the documents have the function for the protocol sequence: docs/windows.md, "Protocol sequences". */
static bool is_supported(struct rpcancel_operation operation)
{
    unsigned timeout = clients[operation.handle].cancel_timeout;
    switch (operation.kind) {
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        return windows_interface_protocol() == WINDOWS_NCACN_IP_TCP;
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
        return is_whole(operation.argument);
    case RPCANCEL_OP_CANCEL_THREAD_EX:
        timeout = operation.argument;
        if (!functions.cancel_thread_ex || !is_whole(timeout) ||
            (functions.waits_in_vain && timeout != RPCANCEL_TIMEOUT_ZERO))
            return false;
        break;
    case RPCANCEL_OP_CANCEL_THREAD:
    case RPCANCEL_OP_CANCEL_THREAD_DENIED:
        if (!functions.cancel_thread)
            return false;
        break;
    default:
        return true;
    }
    return windows_interface_protocol() == WINDOWS_NCACN_IP_TCP ||
           (windows_interface_protocol() == WINDOWS_NCACN_NP && timeout != RPCANCEL_TIMEOUT_INFINITE);
}

/* A handle to the thread of |client| that may do everything but, perhaps, what a cancel needs. */
static HANDLE victim_of(const struct client *client, bool is_denied)
{
    HANDLE victim = NULL;
    DWORD access = is_denied ? THREAD_ALL_ACCESS & ~(DWORD)THREAD_SET_CONTEXT : THREAD_ALL_ACCESS;
    DuplicateHandle(GetCurrentProcess(), client->thread, GetCurrentProcess(), &victim, access, FALSE, 0);
    return victim;
}

/* The time-outs that a cancel of |client|, at the time |since|, begins. Of RpcCancelThreadEx's, and the thread's own
 * with it, nobody says which counts: neither may run out unseen. */
static void begin_timeouts(struct client *client, struct rpcancel_operation operation, uint64_t since)
{
    cancelled = true;
    if (!client->waits)
        return;
    begin_timeout(client, client->cancel_timeout, since);
    if (operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX)
        begin_timeout(client, operation.argument, since);
}

static struct rpcancel_answer cancel_thread(struct rpcancel_operation operation)
{
    struct client *client = &clients[operation.handle];
    if (!make_ready(client) || !make_canceller_ready())
        return unimplemented();
    canceller.is_extended = operation.kind == RPCANCEL_OP_CANCEL_THREAD_EX;
    canceller.timeout = canceller.is_extended ? real_seconds(operation.argument) : 0;
    canceller.victim = victim_of(client, operation.kind == RPCANCEL_OP_CANCEL_THREAD_DENIED);
    if (!canceller.victim)
        return unimplemented();
    uint64_t since = now_ms();
    windows_seat_start(&canceller.seat, cancel, &canceller);
    if (!windows_seat_is_through(&canceller.seat, canceller.is_extended ? (DWORD)(half_ms / 2) : INFINITE)) {
        canceller.is_stuck = true; /* it waits, and meanwhile what was to be asked goes by */
        late = true;
        return unimplemented();
    }
    CloseHandle(canceller.victim);
    if (canceller.seat.raised)
        return rpcancel_answer_exception(canceller.seat.exception);
    if (canceller.code == RPC_S_OK)
        begin_timeouts(client, operation, since);
    return rpcancel_answer_code((uint32_t)canceller.code);
}

/* ---- operations ---- */

struct rpcancel_answer windows_threads_carry_out(struct rpcancel_operation operation)
{
    if (late || !is_supported(operation))
        return unimplemented();
    switch (operation.kind) {
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        return synchronous_call(operation.handle);
    case RPCANCEL_OP_RETURNED:
        return returned(&clients[operation.handle]);
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        return set_timeout(operation);
    case RPCANCEL_OP_ELAPSE:
        return elapse();
    default:
        return cancel_thread(operation);
    }
}

/* ---- the end ---- */

/* Has the thread of |client| end; false when its stub does not come back. */
static bool end(struct client *client)
{
    if (!client->thread)
        return true;
    if (client->waits && !is_through(client, PATIENCE_MS))
        return false;
    windows_seat_leave(&client->seat);
    if (WaitForSingleObject(client->thread, PATIENCE_MS) != WAIT_OBJECT_0)
        return false;
    forget(client);
    return true;
}

bool windows_threads_end(void)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (!end(&clients[i])) {
            fprintf(stderr, "the stub of a thread does not come back\n");
            return false;
        }
    }
    late = false;
    cancelled = false;
    return !canceller.is_stuck;
}
