// SPDX-License-Identifier: Apache-2.0
#include "winwire/serve.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "winwire/interface.h"

enum {
    SLEEP_MS_MAX = 600000,
    STREAM_OCTETS_MAX = 4 << 20,
    WAIT_MS_MAX = 60000, /* so that a call whose client went away does not keep its thread for ever */
    LOOK_EVERY_MS = 2,
    WAKE_EVERY_MS = 20,
    CALLS_MAX = 1000,
    BACKLOG = 64
};

/* ---- whether a call was cancelled ---- */

static RPC_STATUS (*see_cancel)(void); /* RPC_S_OK: it was; NULL: this runtime tells nobody */

static RPC_STATUS by_server_test(void)
{
    return RpcServerTestCancel(NULL);
}

static RPC_STATUS by_thread_test(void)
{
    return RpcTestCancel();
}

static DWORD trial; /* the thread that tries */

static LONG CALLBACK end_trial(EXCEPTION_POINTERS *exception)
{
    if (GetCurrentThreadId() == trial)
        ExitThread(exception->ExceptionRecord->ExceptionCode);
    return EXCEPTION_CONTINUE_SEARCH;
}

static DWORD WINAPI try_to_see(void *function)
{
    trial = GetCurrentThreadId();
    (*(RPC_STATUS(**)(void))function)();
    return 0;
}

/* What |function| raises on a thread that serves no call; 0: it answers, no matter what. Not by a frame that catches:
 * Wine's stubs have no unwind information, so that none would be found behind them. */
static DWORD raised_by(RPC_STATUS (*function)(void))
{
    DWORD code = ERROR_INVALID_FUNCTION;
    void *handler = AddVectoredExceptionHandler(TRUE, end_trial);
    HANDLE thread = CreateThread(NULL, 0, try_to_see, &function, 0, NULL);
    if (thread) {
        WaitForSingleObject(thread, INFINITE);
        GetExitCodeThread(thread, &code);
        CloseHandle(thread);
    }
    RemoveVectoredExceptionHandler(handler);
    return code;
}

static void find_out_what_can_be_seen(void)
{
    static const struct {
        const char *name;
        RPC_STATUS (*function)(void);
    } ways[] = {{"RpcServerTestCancel", by_server_test}, {"RpcTestCancel", by_thread_test}};
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0] && !see_cancel; i++) {
        DWORD raised = raised_by(ways[i].function);
        if (raised != 0)
            printf("%s raises 0x%08lx\n", ways[i].name, raised);
        else
            see_cancel = ways[i].function;
        if (see_cancel)
            printf("park and poll: by %s\n", ways[i].name);
    }
    if (!see_cancel)
        puts("park and poll: no, since nothing tells of a cancel");
}

/* ---- calls that wait ---- */

static CRITICAL_SECTION lock;
static CONDITION_VARIABLE released;
static unsigned long releases; /* so far */
static uint32_t held;          /* calls that the next release lets go */
static LONG waiting;           /* calls that wait for anything */

static void hold(void)
{
    ULONGLONG end = GetTickCount64() + WAIT_MS_MAX;
    EnterCriticalSection(&lock);
    unsigned long before = releases;
    held++;
    for (ULONGLONG now = GetTickCount64(); releases == before && now < end; now = GetTickCount64())
        SleepConditionVariableCS(&released, &lock, (DWORD)(end - now));
    if (releases == before)
        held--;
    LeaveCriticalSection(&lock);
}

static uint32_t release(void)
{
    EnterCriticalSection(&lock);
    uint32_t count = held;
    held = 0;
    releases++;
    LeaveCriticalSection(&lock);
    WakeAllConditionVariable(&released);
    return count;
}

/* False: there was no cancel. */
static bool wait_for_cancel(void)
{
    if (!see_cancel)
        RpcRaiseException(RPC_S_CANNOT_SUPPORT);
    ULONGLONG end = GetTickCount64() + WAIT_MS_MAX;
    while (see_cancel() != RPC_S_OK) {
        if (GetTickCount64() >= end)
            return false;
        Sleep(LOOK_EVERY_MS);
    }
    return true;
}

/* ---- the operations ---- */

/* Room for |length| octets of the response. The stub data of the request stay where they were until the routine
 * returns. */
static unsigned char *respond(RPC_MESSAGE *message, unsigned length)
{
    message->BufferLength = length;
    RPC_STATUS status = I_RpcGetBuffer(message);
    if (status != RPC_S_OK)
        RpcRaiseException(status);
    return message->Buffer;
}

static void respond_number(RPC_MESSAGE *message, uint32_t number)
{
    memcpy(respond(message, sizeof number), &number, sizeof number);
}

/* The number that the request begins with, in the sender's byte order. */
static uint32_t take_number(const RPC_MESSAGE *message)
{
    const unsigned little_endian = 0x10;
    uint32_t number;
    if (message->BufferLength < sizeof number)
        RpcRaiseException(RPC_X_BAD_STUB_DATA);
    memcpy(&number, message->Buffer, sizeof number);
    return message->DataRepresentation & little_endian
               ? number
               : number << 24 | (number & 0xFF00) << 8 | (number >> 8 & 0xFF00) | number >> 24;
}

static void __RPC_STUB serve_echo(RPC_MESSAGE *message)
{
    const unsigned char *asked = message->Buffer;
    unsigned length = message->BufferLength;
    unsigned char *room = respond(message, length);
    if (length)
        memcpy(room, asked, length);
}

static void __RPC_STUB serve_sleep(RPC_MESSAGE *message)
{
    uint32_t milliseconds = take_number(message);
    if (milliseconds > SLEEP_MS_MAX)
        RpcRaiseException(RPC_X_BAD_STUB_DATA);
    InterlockedIncrement(&waiting);
    Sleep(milliseconds);
    InterlockedDecrement(&waiting);
    respond(message, 0);
}

static void __RPC_STUB serve_park(RPC_MESSAGE *message)
{
    InterlockedIncrement(&waiting);
    bool cancelled = wait_for_cancel();
    InterlockedDecrement(&waiting);
    if (cancelled)
        RpcRaiseException(RPC_S_CALL_CANCELLED);
    respond(message, 0);
}

static void __RPC_STUB serve_hold(RPC_MESSAGE *message)
{
    InterlockedIncrement(&waiting);
    hold();
    InterlockedDecrement(&waiting);
    respond(message, 0);
}

static void __RPC_STUB serve_poll(RPC_MESSAGE *message)
{
    InterlockedIncrement(&waiting);
    bool cancelled = wait_for_cancel();
    InterlockedDecrement(&waiting);
    respond_number(message, cancelled);
}

/* What has the two highest bits set is for Windows no error of the routine but a broken process, which it ends. */
static void __RPC_STUB serve_raise(RPC_MESSAGE *message)
{
    uint32_t status = take_number(message);
    bool is_fit = status != 0 && status >> 30 != 3;
    RpcRaiseException(is_fit ? (RPC_STATUS)status : RPC_X_BAD_STUB_DATA);
}

static void __RPC_STUB serve_stream(RPC_MESSAGE *message)
{
    uint32_t octets = take_number(message);
    if (octets > STREAM_OCTETS_MAX)
        RpcRaiseException(RPC_X_BAD_STUB_DATA);
    unsigned char *room = respond(message, octets);
    for (uint32_t i = 0; i < octets; i++)
        room[i] = (unsigned char)i;
}

static void __RPC_STUB serve_release(RPC_MESSAGE *message)
{
    respond_number(message, release());
}

static void __RPC_STUB serve_count(RPC_MESSAGE *message)
{
    respond_number(message, (uint32_t)InterlockedCompareExchange(&waiting, 0, 0));
}

static RPC_DISPATCH_FUNCTION functions[WINWIRE_OPNUMS + 1] = {
    [WINWIRE_ECHO] = serve_echo,     [WINWIRE_SLEEP] = serve_sleep,     [WINWIRE_PARK] = serve_park,
    [WINWIRE_HOLD] = serve_hold,     [WINWIRE_POLL] = serve_poll,       [WINWIRE_RAISE] = serve_raise,
    [WINWIRE_STREAM] = serve_stream, [WINWIRE_RELEASE] = serve_release, [WINWIRE_COUNT] = serve_count,
};
static RPC_DISPATCH_TABLE dispatch_table = {WINWIRE_OPNUMS, functions, 0};
static RPC_SERVER_INTERFACE server_interface = {.Length = sizeof server_interface,
                                                .InterfaceId = WINWIRE_INTERFACE,
                                                .TransferSyntax = WINWIRE_NDR,
                                                .DispatchTable = &dispatch_table};

/* ---- the server ---- */

static bool failed(const char *function, RPC_STATUS code)
{
    if (code != RPC_S_OK)
        fprintf(stderr, "%s returned %ld\n", function, (long)code);
    return code != RPC_S_OK;
}

/* Calls here carry no credentials; Windows since XP SP2 gives such only to an interface with this routine. */
static RPC_STATUS RPC_ENTRY admit(RPC_IF_HANDLE interface_called, void *client)
{
    (void)interface_called;
    (void)client;
    return RPC_S_OK;
}

static DWORD WINAPI do_nothing(void *unused)
{
    (void)unused;
    return 0;
}

/* Wine's rpcrt4 hands each call to the thread pool of ntdll. Of some thousand calls one wakes no thread of the pool
 * there (Wine 8.0); it is served when one of them next looks by itself, which is 5 s later at most. Whatever else is
 * handed to the pool wakes one. */
static DWORD WINAPI keep_awake(void *unused)
{
    (void)unused;
    while (QueueUserWorkItem(do_nothing, NULL, WT_EXECUTEDEFAULT))
        Sleep(WAKE_EVERY_MS);
    return 0;
}

int winwire_serve(const char *port)
{
    enum { CANNOT = 3 };
    unsigned char sequence[] = "ncacn_ip_tcp";
    char endpoint[16];
    InitializeCriticalSection(&lock);
    InitializeConditionVariable(&released);
    HANDLE waking = CreateThread(NULL, 0, keep_awake, NULL, 0, NULL);
    if (!waking)
        return CANNOT;
    CloseHandle(waking);
    find_out_what_can_be_seen();
    snprintf(endpoint, sizeof endpoint, "%s", port);
    if (failed("RpcServerUseProtseqEp", RpcServerUseProtseqEpA(sequence, BACKLOG, (unsigned char *)endpoint, NULL)) ||
        failed("RpcServerRegisterIfEx", RpcServerRegisterIfEx(&server_interface, NULL, NULL,
                                                              RPC_IF_ALLOW_CALLBACKS_WITH_NO_AUTH, CALLS_MAX, admit)) ||
        failed("RpcServerListen", RpcServerListen(1, CALLS_MAX, TRUE)))
        return CANNOT;
    printf("listening on port %s of all addresses\n", port);
    fflush(stdout);
    failed("RpcMgmtWaitServerListen", RpcMgmtWaitServerListen());
    return CANNOT;
}
