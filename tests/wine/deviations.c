// SPDX-License-Identifier: Apache-2.0
/*
 * What the lists of corpus/runtimes/wine*.expect say, shown without the shim: its own interface, and the documented
 * functions called as any program would. Each deviation is a function that returns whether the runtime does what the
 * lists say. Prints what was shown; exit 0: all of it. Exit 1: not all, so a list or this program is out of date.
 *
 * It listens on all interfaces: run it where there is nothing but loopback (ci/peers).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include <rpc.h>
#include <rpcasync.h>
#include <rpcndr.h>

/* ---- void Work([async, in] handle_t binding) and void Wait([in] handle_t binding), for x64 ---- */

// clang-format off
#define ID {{0x2b1f7c04, 0x51d3, 0x4a6e, {0x8e, 0x10, 0x64, 0xd2, 0x0c, 0x9b, 0x77, 0x35}}, {1, 0}}
#define NDR {{0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, {2, 0}}
#define PROCEDURE(number, stack, handle, flags) \
    0, 0x48, 0, 0, 0, 0, number, 0, stack, 0, 0x32, 0, handle, 0, 0, 0, 0, 0, flags, 0, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0
static const unsigned char format[] = {PROCEDURE(0, 16, 8, 0xC0), PROCEDURE(1, 8, 0, 0x40), 0};
// clang-format on
enum { WAIT_OFFSET = 30, SOON_MS = 1000, LONG_MS = 3 * SOON_MS };

static void *__RPC_USER take(size_t size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

static void __RPC_USER give(void *memory)
{
    HeapFree(GetProcessHeap(), 0, memory);
}

static void work(PRPC_ASYNC_STATE call, handle_t binding);
static void wait(handle_t binding);

#define DESCRIPTION(interface)                                                                                 \
    {                                                                                                          \
        .RpcInterfaceInformation = &(interface), .pfnAllocate = take, .pfnFree = give, .pFormatTypes = format, \
        .fCheckBounds = 1, .Version = 0x50002, .MIDLVersion = 0x8000253, .mFlags = 1                           \
    }
static RPC_CLIENT_INTERFACE client = {.Length = sizeof client, .InterfaceId = ID, .TransferSyntax = NDR};
static const MIDL_STUB_DESC client_stub = DESCRIPTION(client);
static const MIDL_STUB_DESC server_stub;
static const SERVER_ROUTINE routines[] = {(SERVER_ROUTINE)(void (*)(void))work, (SERVER_ROUTINE)(void (*)(void))wait};
static const unsigned short offsets[] = {0, WAIT_OFFSET};
static MIDL_SERVER_INFO information = {
    .pStubDesc = &server_stub, .DispatchTable = routines, .ProcString = format, .FmtStringOffset = offsets};
static RPC_DISPATCH_FUNCTION dispatch[] = {NdrAsyncServerCall, NdrServerCall2, NULL};
static RPC_DISPATCH_TABLE table = {2, dispatch, 0};
static RPC_SERVER_INTERFACE server = {.Length = sizeof server,
                                      .InterfaceId = ID,
                                      .TransferSyntax = NDR,
                                      .DispatchTable = &table,
                                      .InterpreterInfo = &information,
                                      .Flags = 0x04000000};
static const MIDL_STUB_DESC server_stub = DESCRIPTION(server);

/* ---- the server ---- */

static HANDLE begun, go_on;   /* the manager routine runs; it is to complete the call, if it has not, and return */
static RPC_STATUS aborted;    /* what RpcAsyncAbortCall said there */
static bool has_call_handle;  /* of the asynchronous handle, there */
static bool forgets, hurries; /* it returns without completing; it completes before it is told to go on */

static void work(PRPC_ASYNC_STATE call, handle_t binding)
{
    (void)binding;
    has_call_handle = RpcAsyncGetCallHandle(call) != NULL;
    aborted = RpcAsyncAbortCall(call, RPC_S_CALL_FAILED);
    if (hurries)
        RpcAsyncCompleteCall(call, NULL);
    SetEvent(begun);
    WaitForSingleObject(go_on, LONG_MS);
    if (!forgets && !hurries)
        RpcAsyncCompleteCall(call, NULL);
}

static void wait(handle_t binding)
{
    (void)binding;
    SetEvent(begun);
    WaitForSingleObject(go_on, LONG_MS);
}

static RPC_STATUS RPC_ENTRY admit(RPC_IF_HANDLE called, void *who)
{
    (void)called;
    (void)who;
    return RPC_S_OK;
}

static void start_listening(const char *protocol, const char *endpoint)
{
    static bool listens;
    RpcServerUseProtseqEpA((unsigned char *)protocol, 4, (unsigned char *)endpoint, NULL);
    if (!listens)
        RpcServerRegisterIfEx(&server, NULL, NULL, RPC_IF_ALLOW_CALLBACKS_WITH_NO_AUTH, 4, admit);
    if (!listens)
        RpcServerListen(1, 4, TRUE);
    listens = true;
}

/* ---- the client ---- */

static const char *const ncalrpc[] = {"ncalrpc", NULL, "deviations"};
static const char *const tcp[] = {"ncacn_ip_tcp", "127.0.0.1", "49777"};

static handle_t bind_to(const char *const where[3])
{
    unsigned char *text;
    handle_t binding = NULL;
    if (RpcStringBindingComposeA(NULL, (unsigned char *)where[0], (unsigned char *)where[1], (unsigned char *)where[2],
                                 NULL, &text) == RPC_S_OK)
        RpcBindingFromStringBindingA(text, &binding);
    return binding;
}

/* Of the last call; each has its own, for ever: Wine may tell, now and then, of a call that was completed a moment ago.
 */
static PRPC_ASYNC_STATE state;
static HANDLE told;

/* Has the asynchronous procedure called. */
static void issue(handle_t binding)
{
    state = take(sizeof *state);
    told = CreateEventA(NULL, TRUE, FALSE, NULL);
    RpcAsyncInitializeHandle(state, sizeof *state);
    state->NotificationType = RpcNotificationTypeEvent;
    state->u.hEvent = told;
    NdrAsyncClientCall((PMIDL_STUB_DESC)&client_stub, (PFORMAT_STRING)format, state, binding);
}

static bool is_told(DWORD milliseconds)
{
    return WaitForSingleObject(told, milliseconds) == WAIT_OBJECT_0;
}

/* Has a call made, and waits until its manager routine runs. */
static void call(const char *const where[3])
{
    ResetEvent(begun);
    ResetEvent(go_on);
    issue(bind_to(where));
    WaitForSingleObject(begun, LONG_MS);
}

/* Has the server go on and the call come to its end; the result of RpcAsyncCompleteCall. */
static RPC_STATUS finish(void)
{
    SetEvent(go_on);
    is_told(LONG_MS);
    return RpcAsyncCompleteCall(state, NULL);
}

static DWORD WINAPI complete(void *context)
{
    (void)context;
    return (DWORD)RpcAsyncCompleteCall(state, NULL);
}

/* ---- deviations ---- */

static bool status_of_outstanding(void)
{
    call(ncalrpc);
    RPC_STATUS code = RpcAsyncGetCallStatus(state);
    return finish() == RPC_S_OK && code == RPC_S_INVALID_ASYNC_HANDLE;
}

static bool status_of_answered(void)
{
    call(ncalrpc);
    SetEvent(go_on);
    bool answered = is_told(LONG_MS);
    RPC_STATUS code = RpcAsyncGetCallStatus(state);
    return answered && RpcAsyncCompleteCall(state, NULL) == RPC_S_OK && code == RPC_S_INVALID_ASYNC_HANDLE;
}

static bool cancel_says(BOOL abortive)
{
    call(ncalrpc);
    RPC_STATUS code = RpcAsyncCancelCall(state, abortive);
    return finish() == RPC_S_OK && code == RPC_S_INVALID_ASYNC_HANDLE;
}

static bool cancel_nonabortively(void)
{
    return cancel_says(FALSE);
}

static bool cancel_abortively(void)
{
    return cancel_says(TRUE);
}

static bool complete_outstanding(void)
{
    call(ncalrpc);
    HANDLE thread = CreateThread(NULL, 0, complete, NULL, 0, NULL);
    bool waits = WaitForSingleObject(thread, SOON_MS) == WAIT_TIMEOUT;
    SetEvent(go_on);
    return waits && WaitForSingleObject(thread, LONG_MS) == WAIT_OBJECT_0;
}

static bool abort_at_server(void)
{
    call(ncalrpc);
    return finish() == RPC_S_OK && aborted == RPC_S_INVALID_ASYNC_HANDLE;
}

static bool handle_at_server(void)
{
    call(ncalrpc);
    return finish() == RPC_S_OK && !has_call_handle;
}

/* The server has completed the call, and its manager routine goes on. */
static bool completed_in_manager(void)
{
    hurries = true;
    call(ncalrpc);
    bool late = !is_told(SOON_MS);
    SetEvent(go_on);
    bool answered = is_told(LONG_MS);
    hurries = false;
    return late && answered && RpcAsyncCompleteCall(state, NULL) == RPC_S_OK;
}

/* The manager routine returns, and nobody has completed the call. */
static bool returned_without_completing(void)
{
    forgets = true;
    call(ncalrpc);
    bool waited = !is_told(SOON_MS / 4);
    SetEvent(go_on);
    bool answered = is_told(LONG_MS);
    forgets = false;
    return waited && answered && RpcAsyncCompleteCall(state, NULL) == RPC_S_OK;
}

/* Over a connection that was used before; now and then it goes well. */
static bool told_before_answer(void)
{
    for (int i = 0; i < 20; i++) {
        call(tcp);
        bool early = is_told(SOON_MS / 20);
        SetEvent(go_on);
        Sleep(SOON_MS / 50);
        if (RpcAsyncCompleteCall(state, NULL) == RPC_S_OK && early)
            return true;
    }
    return false;
}

static const char *self;
static char lost_endpoint[32];

/* Calls a server of its own and has that killed. */
static void call_and_lose(void)
{
    const char *const where[] = {"ncalrpc", NULL, lost_endpoint};
    static int number;
    char command[2 * MAX_PATH];
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    snprintf(lost_endpoint, sizeof lost_endpoint, "lost-%lu-%d", GetCurrentProcessId(), number++);
    snprintf(command, sizeof command, "\"%s\" %s", self, lost_endpoint);
    HANDLE runs = CreateEventA(NULL, TRUE, FALSE, lost_endpoint);
    CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process);
    WaitForSingleObject(runs, LONG_MS);
    ResetEvent(runs);
    issue(bind_to(where));
    WaitForSingleObject(runs, LONG_MS);
    TerminateProcess(process.hProcess, 0);
    WaitForSingleObject(process.hProcess, LONG_MS);
}

static bool lost_link_is_not_told(void)
{
    call_and_lose();
    bool told_of_it = is_told(SOON_MS);
    return !told_of_it && RpcAsyncCompleteCall(state, NULL) == RPC_S_CALL_FAILED;
}

static bool status_of_failed(void)
{
    call_and_lose();
    is_told(SOON_MS / 4);
    RPC_STATUS code = RpcAsyncGetCallStatus(state);
    return RpcAsyncCompleteCall(state, NULL) == RPC_S_CALL_FAILED && code == RPC_S_INVALID_ASYNC_HANDLE;
}

/* A thread in a synchronous call; what the stub raises is caught where the thread begins. */
static volatile LONG raised;

static LONG WINAPI note(EXCEPTION_POINTERS *exception)
{
    raised = (LONG)exception->ExceptionRecord->ExceptionCode;
    ExitThread(0);
}

static DWORD WINAPI call_and_wait(void *binding)
{
    NdrClientCall2((PMIDL_STUB_DESC)&client_stub, (PFORMAT_STRING)format + WAIT_OFFSET, binding);
    return 0;
}

/* Cancels a thread in a call by a handle with |access|: whether that succeeds, and the call ends with 1726 at once. */
static bool is_given_up(DWORD access)
{
    HANDLE victim;
    raised = 0;
    ResetEvent(begun);
    ResetEvent(go_on);
    HANDLE thread = CreateThread(NULL, 0, call_and_wait, bind_to(tcp), 0, NULL);
    WaitForSingleObject(begun, LONG_MS);
    Sleep(SOON_MS / 5); /* the thread gets to where it waits */
    DuplicateHandle(GetCurrentProcess(), thread, GetCurrentProcess(), &victim, access, FALSE, 0);
    RPC_STATUS code = RpcCancelThread(victim);
    bool ended = WaitForSingleObject(thread, SOON_MS) == WAIT_OBJECT_0;
    SetEvent(go_on);
    return code == RPC_S_OK && ended && raised == RPC_S_CALL_FAILED;
}

static bool cancelled_thread_does_not_wait(void)
{
    return is_given_up(THREAD_ALL_ACCESS);
}

static bool cancel_needs_no_right(void)
{
    return is_given_up(THREAD_ALL_ACCESS & ~(DWORD)THREAD_SET_CONTEXT);
}

static const struct {
    const char *rule;
    const char *what;
    bool (*is_so)(void);
} deviations[] = {
    {"RpcAsyncGetCallStatus/3", "1914 of an outstanding call", status_of_outstanding},
    {"RpcAsyncGetCallStatus/5", "1914 of an answered call", status_of_answered},
    {"RpcAsyncGetCallStatus/7", "1914 of a call whose link was lost", status_of_failed},
    {"RpcAsyncCancelCall/3", "1914 to a nonabortive cancel", cancel_nonabortively},
    {"RpcAsyncCancelCall/4", "1914 to an abortive cancel", cancel_abortively},
    {"RpcAsyncCompleteCall/3", "waits for the answer, where 997 is due", complete_outstanding},
    {"RpcAsyncCompleteCall/5", "the server's answer waits for its manager routine", completed_in_manager},
    {"RpcAsyncAbortCall/2", "1914 at the server", abort_at_server},
    {"RpcAsyncGetCallHandle/2", "NULL at the server", handle_at_server},
    {"asynchronous-call-state/3", "a manager routine that returns has answered", returned_without_completing},
    {"asynchronous-call-state/1", "the loss of a link is not announced over ncalrpc", lost_link_is_not_told},
    {"asynchronous-call-state/3", "completion announced before the answer, over TCP", told_before_answer},
    {"RpcCancelThread/3", "the call is given up at once with 1726, over TCP", cancelled_thread_does_not_wait},
    {"RpcCancelThread/2", "a handle without THREAD_SET_CONTEXT will do", cancel_needs_no_right},
};

/* As a server of another process: tells by the event of that name that it listens, and that a call has come. */
static int serve(const char *endpoint)
{
    begun = OpenEventA(EVENT_ALL_ACCESS, FALSE, endpoint);
    go_on = CreateEventA(NULL, TRUE, FALSE, NULL);
    start_listening("ncalrpc", endpoint);
    SetEvent(begun);
    Sleep(INFINITE);
    return 0;
}

int main(int count, char **arguments)
{
    const size_t all = sizeof deviations / sizeof deviations[0];
    size_t shown = 0;
    self = arguments[0];
    if (count > 1)
        return serve(arguments[1]);
    begun = CreateEventA(NULL, TRUE, FALSE, NULL);
    go_on = CreateEventA(NULL, TRUE, FALSE, NULL);
    start_listening(ncalrpc[0], ncalrpc[2]);
    start_listening(tcp[0], tcp[2]);
    SetUnhandledExceptionFilter(note);
    for (size_t i = 0; i < all; i++) {
        bool is_so = deviations[i].is_so();
        printf("%-9s %-26s %s\n", is_so ? "shown" : "not shown", deviations[i].rule, deviations[i].what);
        fflush(stdout);
        shown += is_so;
    }
    printf("%u of %u shown\n", (unsigned)shown, (unsigned)all);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), shown == all ? 0 : 1);
}
