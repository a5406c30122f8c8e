// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-winrpc.exe: the driver on rpcrt4.dll, of Windows or of Wine. docs/windows.md is the manual.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child/execute.h"
#include "child/port.h"
#include "child/port_windows_calls.h"
#include "child/port_windows_functions.h"
#include "child/port_windows_guard.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_notices.h"
#include "child/port_windows_threads.h"

static const char help[] =
    "rpcancel-winrpc: the RPC runtime of this system as a child of the harness\n"
    "Reads operations from stdin and answers on stdout; docs/runtime-protocol.md and docs/windows.md are the "
    "manuals.\n"
    "\n"
    "  --protocol P        how calls travel: ncalrpc (default), ncacn_np, or ncacn_ip_tcp, which may\n"
    "                      listen on all interfaces of the machine\n"
    "  --second N          real seconds of a second of the harness's: 2 (default), 4, 6, ... 60\n"
    "  --ask-silent-stubs  also call what is known to do nothing and return success, under Wine\n";

static struct port_functions functions;
static struct windows_seat seats[RPCANCEL_THREADS]; /* of the program's own threads, which serve no call */

/* ---- start ---- */

static struct {
    unsigned seconds;
    bool ask_silent_stubs;
} options = {.seconds = 2};

static int misused(const char *word, const char *expected)
{
    fprintf(stderr, "%s: expected %s\n", word, expected);
    return PORT_EXIT_USAGE;
}

static bool read_seconds(const char *text)
{
    const unsigned seconds_max = 60;
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);
    options.seconds = (unsigned)seconds;
    return end != text && *end == '\0' && seconds >= 2 && seconds <= seconds_max && seconds % 2 == 0;
}

static int read_options(int count, const char *const *arguments)
{
    for (int i = 0; i < count; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : "";
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return PORT_EXIT_OK;
        }
        if (strcmp(arguments[i], "--ask-silent-stubs") == 0) {
            options.ask_silent_stubs = true;
        } else if (strcmp(arguments[i], "--protocol") == 0) {
            if (!windows_interface_choose(value))
                return misused(arguments[i], "ncalrpc, ncacn_np or ncacn_ip_tcp");
            i++;
        } else if (strcmp(arguments[i], "--second") == 0) {
            if (!read_seconds(value))
                return misused(arguments[i], "an even number from 2 to 60");
            i++;
        } else {
            return misused(arguments[i], "an option, see --help");
        }
    }
    return PORT_CARRY_ON;
}

static bool start_threads(void)
{
    for (unsigned i = 0; i < RPCANCEL_THREADS; i++) {
        HANDLE thread = windows_seat_open(&seats[i]) ? windows_seat_occupy(&seats[i]) : NULL;
        if (!thread) {
            fprintf(stderr, "cannot start a thread: error %lu\n", (unsigned long)GetLastError());
            return false;
        }
        CloseHandle(thread);
    }
    return true;
}

int port_start(int count, const char *const *arguments)
{
    struct windows_client_functions client = {.waits_in_vain = false};
    int code = read_options(count, arguments);
    if (code != PORT_CARRY_ON)
        return code;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* a crash must not wait for somebody to click */
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    windows_functions_look_up(&functions, &client);
    if (!start_threads())
        return PORT_EXIT_FAILED;
    windows_functions_drop_stubs(&functions);
    if (!options.ask_silent_stubs)
        windows_functions_drop_silent_stubs(&client);
    windows_threads_start(&client, options.seconds);
    return PORT_CARRY_ON;
}

void port_describe(char *out, size_t size)
{
    windows_functions_describe(out, size);
    strncat(out, " delivery=hidden dispatch=command", size - strlen(out) - 1);
}

/* What a letter is, besides a thread (port_windows_threads.h). */
static bool is_state[RPCANCEL_HANDLES_MAX]; /* its RPC_ASYNC_STATE was initialised */
static bool is_out[RPCANCEL_HANDLES_MAX];   /* a synchronous call was made in place of an asynchronous one */

bool port_reset(void)
{
    windows_notices_end(functions.unsubscribe);
    windows_calls_end();
    memset(is_state, 0, sizeof is_state);
    memset(is_out, 0, sizeof is_out);
    return windows_threads_end();
}

/* ---- operations that are no documented function ---- */

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

static struct rpcancel_answer refused(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
}

static struct rpcancel_answer done_if(bool happened)
{
    return happened ? rpcancel_answer_kind(RPCANCEL_ANSWER_DONE) : refused();
}

/* A synchronous call takes no RPC_ASYNC_STATE, but is made only where an asynchronous one may be. */
static struct rpcancel_answer call(unsigned handle)
{
    if (is_out[handle] || !child_is_ready(handle) || !windows_calls_listen())
        return unimplemented();
    uint32_t exception = windows_threads_call(handle);
    is_out[handle] = exception == 0;
    return exception ? rpcancel_answer_exception(exception) : rpcancel_answer_code(0);
}

/* In a synchronous call the binding handle that the manager routine got takes the place of the one that belongs to an
 * asynchronous handle. Without one there is nothing to ask: NULL would ask about the thread. */
static struct rpcancel_answer ask_binding(struct rpcancel_operation operation)
{
    if (!windows_calls_is_on(operation))
        return refused();
    if (operation.kind == RPCANCEL_OP_TAKE)
        return functions.subscribe ? windows_notices_take(operation.handle, operation.argument) : unimplemented();
    void *binding = windows_calls_binding(operation);
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
    struct rpcancel_operation operation = {.thread = thread & 3u};
    unsigned handle = 0;
    for (; handle < RPCANCEL_HANDLES_MAX; handle++) {
        operation.handle = handle & 3u;
        if (windows_calls_is_on(operation))
            break;
    }
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

RPC_BINDING_HANDLE port_client_binding(void)
{
    static RPC_BINDING_HANDLE binding;
    if (!binding && windows_calls_listen())
        binding = windows_interface_bind();
    return binding;
}

HANDLE port_event(struct rpcancel_operation operation)
{
    unsigned handle =
        operation.kind == RPCANCEL_OP_SUBSCRIBE_ZERO ? served_on(operation.thread) : (unsigned)operation.handle;
    return handle < RPCANCEL_HANDLES_MAX ? windows_notices_event(handle, operation.argument) : NULL;
}

/* Calls of threads are served by synchronous manager routines only; a call in place of an asynchronous one goes for
 * either. */
static struct rpcancel_answer dispatch(struct rpcancel_operation operation)
{
    const DWORD patience_ms = 1000;
    if (!windows_calls_is_alive(operation))
        return refused();
    if (operation.kind == RPCANCEL_OP_DISPATCH && !is_out[operation.handle])
        return unimplemented();
    if (!windows_calls_await(operation, NULL, patience_ms))
        return unimplemented(); /* nobody knows whether it comes */
    return done_if(windows_calls_dispatch(operation));
}

/* The manager routine ends, with the exception |code| unless that is 0, and what the client gets of it is waited for.
 * A server's program must have unsubscribed before. */
static struct rpcancel_answer finish(struct rpcancel_operation operation, uint32_t code)
{
    if (!operation.earlier && windows_notices_are_on(operation.handle))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    bool ended = windows_calls_finish(operation, code);
    if (ended && !operation.earlier)
        windows_threads_await_reply(operation.handle);
    return done_if(ended);
}

/* 0xC0000005 is no error of a manager routine to the runtime but a broken process, which Windows ends. */
static struct rpcancel_answer raise_exception(struct rpcancel_operation operation)
{
    uint32_t code = rpcancel_fault_code(operation.argument);
    if (code == (uint32_t)STATUS_ACCESS_VIOLATION)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    return finish(operation, code);
}

/* Only a synchronous manager routine returns here, and what takes an asynchronous handle has none there. */
static struct rpcancel_answer carry_out_in_manager(struct rpcancel_operation operation)
{
    if (!windows_calls_is_synchronous(operation))
        return is_out[operation.handle] ? unimplemented() : refused();
    return operation.kind == RPCANCEL_OP_RETURN ? finish(operation, 0) : refused();
}

/* What is subscribed is kept for the current call of a letter only. */
static bool is_beyond_notices(struct rpcancel_operation operation)
{
    return (operation.earlier && rpcancel_is_of_notifications(operation.kind)) ||
           (operation.kind == RPCANCEL_OP_SYNCHRONOUS_CALL && windows_notices_are_on(operation.handle));
}

static struct rpcancel_answer carry_out_with_call(struct rpcancel_operation operation)
{
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
        return call(operation.handle);
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        return dispatch(operation);
    case RPCANCEL_OP_RAISE:
        return raise_exception(operation);
    case RPCANCEL_OP_TEST_CANCEL:
    case RPCANCEL_OP_SUBSCRIBE:
    case RPCANCEL_OP_UNSUBSCRIBE:
    case RPCANCEL_OP_TAKE:
    case RPCANCEL_OP_CALL_ATTRIBUTES:
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
    case RPCANCEL_OP_COPY_CLIENT_BINDING:
        return ask_binding(operation);
    default:
        return rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_SERVER
                   ? carry_out_in_manager(operation)
                   : unimplemented();
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
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING:
        return true;
    default:
        return rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_CLIENT;
    }
}

static bool is_of_threads(unsigned kind)
{
    return rpcancel_is_of_threads(kind) || kind == RPCANCEL_OP_SETTLE;
}

/* A letter is a thread or an RPC_ASYNC_STATE. */
static bool is_of_other_kind(struct rpcancel_operation operation)
{
    const struct rpcancel_operation_description *description = rpcancel_operation_describe(operation.kind);
    if (description->actor != RPCANCEL_ACTOR_CLIENT || !(description->uses & RPCANCEL_USES_HANDLE))
        return false;
    return is_of_threads(operation.kind) ? is_state[operation.handle] || is_out[operation.handle]
                                         : !is_out[operation.handle] && windows_threads_is_thread(operation.handle);
}

/* The client's structure stands for a synchronous call that knows nothing of it. */
static bool is_out_of_reach(struct rpcancel_operation operation)
{
    const struct rpcancel_operation_description *description = rpcancel_operation_describe(operation.kind);
    return description->actor == RPCANCEL_ACTOR_CLIENT && (description->uses & RPCANCEL_USES_HANDLE) &&
           is_out[operation.handle];
}

bool port_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client, struct rpcancel_answer *answer)
{
    (void)client;
    if (is_of_other_kind(operation))
        *answer = refused();
    else if (is_out_of_reach(operation) || is_beyond_notices(operation))
        *answer = unimplemented();
    else if (is_of_threads(operation.kind))
        *answer = windows_threads_carry_out(operation);
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

/* What was asked of a clock that ran away does not count. */
struct rpcancel_answer port_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    if (operation.kind == RPCANCEL_OP_INIT && rpcancel_answer_is_code(answer, RPC_S_OK))
        is_state[operation.handle] = true;
    return windows_threads_keep_time() ? answer : unimplemented();
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
