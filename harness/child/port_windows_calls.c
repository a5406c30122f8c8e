// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_calls.h"

#include <stdio.h>
#include <string.h>

#include <rpc.h>
#include <rpcndr.h>

#include "child/port_windows_guard.h"

/* ---- the interface, by hand: one procedure, void Serve([in] handle_t binding, [in] long handle) ---- */

#if !defined(__x86_64__) && !defined(_M_X64)
#error "the description of the procedure below is that of x64"
#endif

enum { SLOT = sizeof(void *), BASE_TYPE_IN = 0x48, FC_LONG_TYPE = 0x08, FC_BIND_PRIMITIVE_HANDLE = 0x32 };

// clang-format off
#define SERVE_INTERFACE {{0x6f9a2d31, 0x8c41, 0x4e0b, {0x9d, 0x52, 0x11, 0x7a, 0x60, 0xc3, 0xe8, 0x24}}, {1, 0}}
#define NDR_SYNTAX {{0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, {2, 0}}
#define SHORT(value) (value) & 0xFF, (value) >> 8

static const unsigned char procedure[] = {
    0, 0x48,                                  /* handle is explicit; RPC flags follow, new initialisation routines */
    SHORT(0), SHORT(0),                       /* RPC flags */
    SHORT(0), SHORT(2 * SLOT),                /* number of the procedure, size of its arguments on the stack */
    FC_BIND_PRIMITIVE_HANDLE, 0, SHORT(0),    /* the handle is the first argument */
    SHORT(8), SHORT(0),                       /* sizes of request and response */
    0x40, 1,                                  /* extensions follow; one parameter */
    10, 1,                                    /* size and flags of the extensions */
    SHORT(0), SHORT(0), SHORT(0), SHORT(0),   /* correlation hints, notification, floating point arguments */
    SHORT(BASE_TYPE_IN), SHORT(SLOT), FC_LONG_TYPE, 0,
    0,
};
// clang-format on
static const unsigned char types[] = {0, 0, 0};

static void *__RPC_USER take_memory(size_t size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

static void __RPC_USER give_memory(void *memory)
{
    HeapFree(GetProcessHeap(), 0, memory);
}

static void manage(handle_t binding, long handle);

static RPC_CLIENT_INTERFACE client_interface = {
    .Length = sizeof client_interface, .InterfaceId = SERVE_INTERFACE, .TransferSyntax = NDR_SYNTAX};
static const MIDL_STUB_DESC client_description = {.RpcInterfaceInformation = &client_interface,
                                                  .pfnAllocate = take_memory,
                                                  .pfnFree = give_memory,
                                                  .pFormatTypes = types,
                                                  .fCheckBounds = 1,
                                                  .Version = 0x50002,
                                                  .MIDLVersion = 0x8000253,
                                                  .mFlags = 1};

static const SERVER_ROUTINE routines[] = {(SERVER_ROUTINE)(void (*)(void))manage};
static const unsigned short offsets[] = {0};
static const MIDL_STUB_DESC server_description;
static MIDL_SERVER_INFO server_information = {
    .pStubDesc = &server_description, .DispatchTable = routines, .ProcString = procedure, .FmtStringOffset = offsets};
static RPC_DISPATCH_FUNCTION functions[] = {NdrServerCall2, NULL};
static RPC_DISPATCH_TABLE dispatch_table = {1, functions, 0};
static RPC_SERVER_INTERFACE server_interface = {.Length = sizeof server_interface,
                                                .InterfaceId = SERVE_INTERFACE,
                                                .TransferSyntax = NDR_SYNTAX,
                                                .DispatchTable = &dispatch_table,
                                                .InterpreterInfo = &server_information,
                                                .Flags = 0x04000000};
static const MIDL_STUB_DESC server_description = {.RpcInterfaceInformation = &server_interface,
                                                  .pfnAllocate = take_memory,
                                                  .pfnFree = give_memory,
                                                  .pFormatTypes = types,
                                                  .fCheckBounds = 1,
                                                  .Version = 0x50002,
                                                  .MIDLVersion = 0x8000253,
                                                  .mFlags = 1};

/* ---- calls ---- */

enum { NO_THREAD = RPCANCEL_THREADS };

static struct call {
    HANDLE stub;    /* the client's thread, NULL when there is no call */
    HANDLE arrived; /* the manager routine runs */
    void *binding;  /* as the manager routine got it */
    struct windows_seat seat;
    unsigned thread;
    bool running; /* the manager routine */
    bool raises;  /* the manager routine ends with an exception */
    uint32_t to_raise;
    uint32_t raised; /* by the stub */
} calls[RPCANCEL_HANDLES_MAX];

static handle_t server;

/* The manager routine: whatever the driver asks until it is told to end. */
static void manage(handle_t binding, long handle)
{
    struct call *call = &calls[handle & 3];
    call->binding = binding;
    SetEvent(call->arrived);
    windows_seat_serve(&call->seat);
    if (call->raises)
        RpcRaiseException((RPC_STATUS)call->to_raise);
}

static void stub(void *context)
{
    long handle = (long)((struct call *)context - calls);
    NdrClientCall2((PMIDL_STUB_DESC)&client_description, (PFORMAT_STRING)procedure, server, handle);
}

static DWORD WINAPI run_stub(void *context)
{
    struct call *call = context;
    uint32_t exception;
    if (!windows_guard(stub, call, &exception))
        call->raised = exception;
    return 0;
}

static bool failed(const char *function, RPC_STATUS code)
{
    if (code != RPC_S_OK)
        fprintf(stderr, "%s returned %ld\n", function, (long)code);
    return code != RPC_S_OK;
}

bool windows_calls_listen(void)
{
    char endpoint[48];
    unsigned char *text;
    if (server)
        return true;
    snprintf(endpoint, sizeof endpoint, "rpcancel-%lu", (unsigned long)GetCurrentProcessId());
    unsigned char *name = (unsigned char *)endpoint;
    unsigned char protocol[] = "ncalrpc";
    return !failed("RpcServerUseProtseqEp", RpcServerUseProtseqEpA(protocol, RPCANCEL_HANDLES_MAX, name, NULL)) &&
           !failed("RpcServerRegisterIf", RpcServerRegisterIf(&server_interface, NULL, NULL)) &&
           !failed("RpcServerListen", RpcServerListen(1, RPCANCEL_HANDLES_MAX, TRUE)) &&
           !failed("RpcStringBindingCompose", RpcStringBindingComposeA(NULL, protocol, NULL, name, NULL, &text)) &&
           !failed("RpcBindingFromStringBinding", RpcBindingFromStringBindingA(text, &server));
}

static void forget(struct call *call)
{
    if (call->stub)
        CloseHandle(call->stub);
    if (call->arrived)
        CloseHandle(call->arrived);
    windows_seat_close(&call->seat);
    memset(call, 0, sizeof *call);
}

uint32_t windows_calls_make(unsigned handle)
{
    struct call *call = &calls[handle];
    call->thread = NO_THREAD;
    call->arrived = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (call->arrived && windows_seat_open(&call->seat))
        call->stub = CreateThread(NULL, 0, run_stub, call, 0, NULL);
    if (!call->stub) {
        forget(call);
        return RPC_S_OUT_OF_RESOURCES;
    }
    HANDLE either[] = {call->arrived, call->stub};
    if (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
        call->running = true;
        return 0;
    }
    uint32_t exception = call->raised;
    forget(call);
    return exception ? exception : RPC_S_CALL_FAILED_DNE;
}

bool windows_calls_is_out(unsigned handle)
{
    return calls[handle].stub != NULL;
}

struct windows_seat *windows_calls_seat(unsigned thread)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (windows_calls_is_on(i, thread))
            return &calls[i].seat;
    }
    return NULL;
}

bool windows_calls_is_on(unsigned handle, unsigned thread)
{
    return calls[handle].running && calls[handle].thread == thread;
}

void *windows_calls_binding(unsigned handle)
{
    return calls[handle].binding;
}

bool windows_calls_dispatch(unsigned handle, unsigned thread)
{
    struct call *call = &calls[handle];
    if (!call->running || call->thread != NO_THREAD || thread == RPCANCEL_THREAD_WORKER || windows_calls_seat(thread))
        return false;
    call->thread = thread;
    return true;
}

/* Ends the manager routine of |call| and waits for the client's stub. */
static void finish(struct call *call)
{
    windows_seat_leave(&call->seat);
    WaitForSingleObject(call->stub, INFINITE);
    call->running = false;
}

bool windows_calls_raise(unsigned handle, uint32_t code)
{
    struct call *call = &calls[handle];
    if (!call->running || call->thread == NO_THREAD)
        return false;
    call->raises = true;
    call->to_raise = code;
    finish(call);
    return true;
}

void windows_calls_end(void)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (calls[i].running)
            finish(&calls[i]);
        forget(&calls[i]);
    }
}
