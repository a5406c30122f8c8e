// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-winrpc.exe: the driver on rpcrt4.dll, of Windows or of Wine. docs/windows.md is the manual.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

#include "child/execute.h"
#include "child/port.h"
#include "child/port_windows_calls.h"
#include "child/port_windows_guard.h"
#include "child/port_windows_notices.h"

static const char help[] =
    "rpcancel-winrpc: the RPC runtime of this system as a child of the harness\n"
    "Reads operations from stdin and answers on stdout; docs/runtime-protocol.md and docs/windows.md are the "
    "manuals.\n";

static struct port_functions functions;
static struct windows_seat seats[RPCANCEL_THREADS]; /* of the program's own threads, which serve no call */

/* ---- start ---- */

typedef void (*any_function)(void);

/* A function that is not exported, or not under this name, is answered `unimplemented`: nothing is linked by name. */
static any_function look_up(const char *module, const char *name)
{
    HMODULE library = LoadLibraryA(module);
    return library ? (any_function)GetProcAddress(library, name) : NULL;
}

#define LOOK_UP(type, name) (type) look_up("rpcrt4.dll", name)

static void look_up_functions(void)
{
    functions.initialize_handle =
        LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, unsigned int), "RpcAsyncInitializeHandle");
    functions.get_call_status = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE), "RpcAsyncGetCallStatus");
    functions.complete_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, void *), "RpcAsyncCompleteCall");
    functions.abort_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, ULONG), "RpcAsyncAbortCall");
    functions.cancel_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, BOOL), "RpcAsyncCancelCall");
    functions.server_test_cancel = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE), "RpcServerTestCancel");
    functions.subscribe = LOOK_UP(
        RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, DWORD, RPC_NOTIFICATION_TYPES, RPC_ASYNC_NOTIFICATION_INFO *),
        "RpcServerSubscribeForNotification");
    functions.unsubscribe = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, RPC_NOTIFICATIONS, ULONG *),
                                    "RpcServerUnsubscribeForNotification");
    functions.inquire_call_attributes =
        LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, void *), "RpcServerInqCallAttributesW");
}

static DWORD WINAPI sit(void *seat)
{
    windows_seat_serve(seat);
    return 0;
}

static bool start_threads(void)
{
    for (unsigned i = 0; i < RPCANCEL_THREADS; i++) {
        HANDLE thread = windows_seat_open(&seats[i]) ? CreateThread(NULL, 0, sit, &seats[i], 0, NULL) : NULL;
        if (!thread) {
            fprintf(stderr, "cannot start a thread: error %lu\n", (unsigned long)GetLastError());
            return false;
        }
        CloseHandle(thread);
    }
    return true;
}

static void test_nothing(void *context)
{
    (void)context;
    functions.server_test_cancel(NULL);
}

static void subscribe_to_nothing(void *context)
{
    (void)context;
    functions.subscribe(NULL, RpcNotificationCallNone, RpcNotificationTypeEvent, NULL);
}

static void unsubscribe_from_nothing(void *context)
{
    ULONG queued;
    (void)context;
    functions.unsubscribe(NULL, RpcNotificationCallNone, &queued);
}

static void inquire_nothing(void *context)
{
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 2};
    (void)context;
    functions.inquire_call_attributes(NULL, &attributes);
}

/* An export may be a stub that raises. Found out once, on a thread that serves no call: there an exception can be
 * caught for certain, while one that passes through a runtime's own frames under a manager routine can not. */
static bool is_stub(const char *name, void (*try_it)(void *context))
{
    const uint32_t wine_stub = 0x80000100u;
    uint32_t exception = 0;
    if (port_run(RPCANCEL_THREAD_WORKER, try_it, NULL, &exception) || exception != wine_stub)
        return false;
    fprintf(stderr, "%s is a stub that raises 0x80000100: answered unimplemented from now on\n", name);
    return true;
}

static void find_stubs(void)
{
    if (functions.server_test_cancel && is_stub("RpcServerTestCancel", test_nothing))
        functions.server_test_cancel = NULL;
    if (functions.subscribe && is_stub("RpcServerSubscribeForNotification", subscribe_to_nothing))
        functions.subscribe = NULL;
    if (functions.unsubscribe && is_stub("RpcServerUnsubscribeForNotification", unsubscribe_from_nothing))
        functions.unsubscribe = NULL;
    if (functions.inquire_call_attributes && is_stub("RpcServerInqCallAttributesW", inquire_nothing))
        functions.inquire_call_attributes = NULL;
}

int port_start(int count, const char *const *arguments)
{
    if (count > 0 && strcmp(arguments[0], "--help") == 0) {
        fputs(help, stdout);
        return PORT_EXIT_OK;
    }
    if (count > 0) {
        fprintf(stderr, "%s: expected no arguments, or --help\n", arguments[0]);
        return PORT_EXIT_USAGE;
    }
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* a crash must not wait for somebody to click */
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    look_up_functions();
    if (!start_threads())
        return PORT_EXIT_FAILED;
    find_stubs();
    return PORT_CARRY_ON;
}

/* Wine tells its version; Windows its build, which RtlGetVersion does not falsify for compatibility. */
void port_describe(char *out, size_t size)
{
    typedef const char *(__cdecl * wine_version)(void);
    typedef LONG(WINAPI * windows_version)(OSVERSIONINFOW *);
    wine_version wine = (wine_version)look_up("ntdll.dll", "wine_get_version");
    windows_version windows = (windows_version)look_up("ntdll.dll", "RtlGetVersion");
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    if (wine)
        snprintf(out, size, "name=wine version=%.32s", wine());
    else if (windows && windows(&version) == 0)
        snprintf(out, size, "name=windows version=%lu.%lu.%lu", (unsigned long)version.dwMajorVersion,
                 (unsigned long)version.dwMinorVersion, (unsigned long)version.dwBuildNumber);
    else
        snprintf(out, size, "name=windows");
    strncat(out, " delivery=hidden dispatch=command", size - strlen(out) - 1);
}

void port_reset(void)
{
    windows_notices_end(functions.unsubscribe);
    windows_calls_end();
}

/* ---- operations that are no documented function ---- */

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

static struct rpcancel_answer done_if(bool happened)
{
    return rpcancel_answer_kind(happened ? RPCANCEL_ANSWER_DONE : RPCANCEL_ANSWER_REFUSED);
}

/* A synchronous call takes no RPC_ASYNC_STATE, but is made only where an asynchronous one may be. */
static struct rpcancel_answer call(unsigned handle)
{
    if (windows_calls_is_out(handle) || !child_is_ready(handle) || !windows_calls_listen())
        return unimplemented();
    uint32_t exception = windows_calls_make(handle);
    return exception ? rpcancel_answer_exception(exception) : rpcancel_answer_code(0);
}

/* In a synchronous call the binding handle that the manager routine got takes the place of the one that belongs to an
 * asynchronous handle. Without one there is nothing to ask: NULL would ask about the thread. */
static struct rpcancel_answer ask_binding(struct rpcancel_operation operation)
{
    if (!windows_calls_is_on(operation.handle, operation.thread))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    if (operation.kind == RPCANCEL_OP_TAKE)
        return functions.subscribe ? windows_notices_take(operation.handle, operation.argument) : unimplemented();
    void *binding = windows_calls_binding(operation.handle);
    if (!binding)
        return unimplemented();
    struct rpcancel_answer answer = child_ask(operation, binding);
    if (operation.kind == RPCANCEL_OP_SUBSCRIBE && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(operation.handle, operation.argument, true);
    if (operation.kind == RPCANCEL_OP_UNSUBSCRIBE && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(operation.handle, operation.argument, false);
    return answer;
}

/* The letter of the call that is served on |thread|; RPCANCEL_HANDLES_MAX: none is. */
static unsigned served_on(unsigned thread)
{
    unsigned handle = 0;
    while (handle < RPCANCEL_HANDLES_MAX && !windows_calls_is_on(handle, thread))
        handle++;
    return handle;
}

static struct rpcancel_answer subscribe_zero(struct rpcancel_operation operation)
{
    unsigned handle = served_on(operation.thread);
    struct rpcancel_answer answer = child_ask(operation, NULL);
    if (handle < RPCANCEL_HANDLES_MAX && rpcancel_answer_is_code(answer, RPC_S_OK))
        windows_notices_note(handle, operation.argument, true);
    return answer;
}

HANDLE port_event(struct rpcancel_operation operation)
{
    unsigned handle =
        operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO ? served_on(operation.thread) : (unsigned)operation.handle;
    return handle < RPCANCEL_HANDLES_MAX ? windows_notices_event(handle, operation.argument) : NULL;
}

/* 0xC0000005 is no error of a manager routine to the runtime but a broken process, which Windows ends; and a server's
 * program must unsubscribe before. */
static struct rpcancel_answer raise_exception(struct rpcancel_operation operation)
{
    uint32_t code = rpcancel_fault_code(operation.argument);
    if (code == (uint32_t)STATUS_ACCESS_VIOLATION || windows_notices_are_on(operation.handle))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    return done_if(windows_calls_raise(operation.handle, code));
}

static struct rpcancel_answer carry_out_with_call(struct rpcancel_operation operation)
{
    if (operation.earlier)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED); /* no handle is used twice here */
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
        return call(operation.handle);
    case RPCANCEL_OP_DISPATCH:
        return done_if(windows_calls_dispatch(operation.handle, operation.thread));
    case RPCANCEL_OP_RAISE:
        return raise_exception(operation);
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_UNSUBSCRIBE:
    case RPCANCEL_OP_TAKE:
    case RPCANCEL_OP_CALL_ATTRIBUTES:
        return ask_binding(operation);
    default:
        return unimplemented();
    }
}

/* Operations that mean something where no call was ever made. */
static bool needs_no_call(struct rpcancel_operation operation)
{
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
    case RPCANCEL_OP_AWAIT:
        return false;
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
        return true;
    default:
        return rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_CLIENT;
    }
}

/* The client's structure stands for a synchronous call that knows nothing of it. */
static bool is_out_of_reach(struct rpcancel_operation operation)
{
    return rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_CLIENT &&
           windows_calls_is_out(operation.handle);
}

bool port_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client, struct rpcancel_answer *answer)
{
    (void)client;
    if (operation.kind == RPCANCEL_OP_SETTLE) /* `call` and `raise` have waited for what they sent to arrive */
        *answer = rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
    else if (is_out_of_reach(operation))
        *answer = unimplemented();
    else if (operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO)
        *answer = subscribe_zero(operation);
    else if (needs_no_call(operation))
        return false;
    else
        *answer = carry_out_with_call(operation);
    return true;
}

/* No call here has an asynchronous handle at the server. */
PRPC_ASYNC_STATE port_server_handle(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client,
                                    struct rpcancel_answer *answer)
{
    (void)operation;
    (void)client;
    *answer = unimplemented();
    return NULL;
}

bool port_is_busy(const RPC_ASYNC_STATE *client)
{
    (void)client;
    return false;
}

/* ---- what the documented functions need ---- */

const struct port_functions *port_functions(void)
{
    return &functions;
}

bool port_run(unsigned thread, void (*function)(void *context), void *context, uint32_t *exception)
{
    if (thread == PORT_CLIENT)
        return windows_guard(function, context, exception);
    struct windows_seat *manager = windows_calls_seat(thread);
    return windows_seat_run(manager ? manager : &seats[thread], function, context, exception);
}

void *const *port_bad_addresses(unsigned *count)
{
    static void *addresses[2]; /* NULL, and a page that is reserved but has no memory */
    if (!addresses[1])
        addresses[1] = VirtualAlloc(NULL, 0x1000, MEM_RESERVE, PAGE_NOACCESS);
    *count = addresses[1] ? 2 : 1;
    return addresses;
}

struct rpcancel_answer port_answer(RPC_STATUS code)
{
    return rpcancel_answer_code((uint32_t)code);
}

struct rpcancel_answer port_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    (void)operation;
    return answer;
}

/* ---- the channel ---- */

size_t port_read(char *out, size_t size)
{
    int got = _read(_fileno(stdin), out, (unsigned)size);
    return got > 0 ? (size_t)got : 0;
}

bool port_write(const char *text, size_t length)
{
    while (length > 0) {
        int written = _write(_fileno(stdout), text, (unsigned)length);
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}
