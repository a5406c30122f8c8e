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
#include "child/port_windows_async.h"
#include "child/port_windows_calls.h"
#include "child/port_windows_functions.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_roles.h"
#include "child/port_windows_seat.h"
#include "child/port_windows_threads.h"

static const char help[] =
    "rpcancel-winrpc: the RPC runtime of this system as a child of the harness\n"
    "Reads operations from stdin and answers on stdout; docs/runtime-protocol.md and docs/windows.md are the "
    "manuals.\n"
    "\n"
    "  --protocol P        how calls travel: ncalrpc (default), ncacn_np, or ncacn_ip_tcp, which may\n"
    "                      listen on all interfaces of the machine\n"
    "  --second N          real seconds of a second of the harness's: 2 (default), 4, 6, ... 60; or 1,\n"
    "                      for a runtime whose functions that count in seconds cannot be asked anyway\n"
    "  --ask-silent-stubs  also call what is known to do nothing and return success, under Wine\n";

static struct port_functions functions;
static struct windows_seat seats[RPCANCEL_THREADS]; /* of a server's own threads, which serve no call */
static struct windows_seat client_seat;

/* ---- start ---- */

static struct windows_options options = {.protocol = "ncalrpc", .seconds = 2};

const struct windows_options *windows_options(void)
{
    return &options;
}

DWORD windows_patience_ms(void)
{
    return options.seconds * 125;
}

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
    return end != text && *end == '\0' && seconds >= 1 && seconds <= seconds_max && (seconds % 2 == 0 || seconds == 1);
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
        } else if (strcmp(arguments[i], "--serve") == 0) { /* how the client starts the server */
            options.serves = true;
        } else if (strcmp(arguments[i], "--protocol") == 0) {
            if (!windows_interface_choose(value))
                return misused(arguments[i], "ncalrpc, ncacn_np or ncacn_ip_tcp");
            options.protocol = value;
            i++;
        } else if (strcmp(arguments[i], "--second") == 0) {
            if (!read_seconds(value))
                return misused(arguments[i], "1, or an even number from 2 to 60");
            i++;
        } else {
            return misused(arguments[i], "an option, see --help");
        }
    }
    return PORT_CARRY_ON;
}

static bool start_thread(struct windows_seat *seat)
{
    HANDLE thread = windows_seat_open(seat) ? windows_seat_occupy(seat) : NULL;
    if (!thread)
        fprintf(stderr, "cannot start a thread: error %lu\n", (unsigned long)GetLastError());
    else
        CloseHandle(thread);
    return thread != NULL;
}

static bool start_threads(void)
{
    bool started = start_thread(&client_seat);
    for (unsigned i = 0; i < RPCANCEL_THREADS && started; i++)
        started = start_thread(&seats[i]);
    return started;
}

/* The server must not keep the harness's ends of pipes. */
static void keep_streams(void)
{
    SetHandleInformation(GetStdHandle(STD_INPUT_HANDLE), HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(GetStdHandle(STD_OUTPUT_HANDLE), HANDLE_FLAG_INHERIT, 0);
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
}

int port_start(int count, const char *const *arguments)
{
    struct windows_client_functions client = {.waits_in_vain = false};
    int code = read_options(count, arguments);
    if (code != PORT_CARRY_ON)
        return code;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX); /* a crash must not wait for somebody to click */
    keep_streams();
    windows_functions_look_up(&functions, &client);
    if (!start_threads())
        return PORT_EXIT_FAILED;
    if (options.serves) {
        windows_functions_drop_stubs(&functions);
        return PORT_CARRY_ON;
    }
    if (!options.ask_silent_stubs)
        windows_functions_drop_silent_stubs(&client);
    windows_async_start(&functions);
    windows_threads_start(&client, options.seconds);
    return PORT_CARRY_ON;
}

void port_describe(char *out, size_t size)
{
    if (options.serves) {
        windows_server_describe(out, size);
        return;
    }
    windows_functions_describe(out, size);
    strncat(out, " delivery=hidden dispatch=command", size - strlen(out) - 1);
}

const struct port_functions *port_functions(void)
{
    return &functions;
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

/* ---- threads that may be left to themselves ---- */

static struct windows_seat *stuck_on; /* where a function was called that did not return in time */
static bool stuck;

bool port_is_stuck(void)
{
    return stuck;
}

void windows_mark_stuck(void)
{
    stuck = true;
}

static bool is_back(DWORD milliseconds)
{
    if (stuck_on && !windows_seat_is_through(stuck_on, milliseconds))
        return false;
    stuck_on = NULL;
    stuck = false;
    return true;
}

bool windows_client_is_back(DWORD milliseconds)
{
    return is_back(milliseconds);
}

/* A machine that took twice the time to let this thread go on may have been slow for the other one too. */
static bool wait_for(struct windows_seat *seat, DWORD milliseconds)
{
    ULONGLONG before = GetTickCount64();
    if (windows_seat_is_through(seat, milliseconds))
        return true;
    return GetTickCount64() - before > 2 * (ULONGLONG)milliseconds && windows_seat_is_through(seat, milliseconds);
}

static bool run(struct windows_seat *seat, void (*function)(void *context), void *context, DWORD milliseconds,
                uint32_t *exception)
{
    windows_seat_start(seat, function, context);
    if (!wait_for(seat, milliseconds)) {
        stuck_on = seat;
        stuck = true;
        return true;
    }
    *exception = seat->exception;
    return !seat->raised;
}

bool windows_run_client(void (*function)(void *context), void *context, DWORD milliseconds, uint32_t *exception)
{
    return run(&client_seat, function, context, milliseconds, exception);
}

bool port_run(unsigned thread, void (*function)(void *context), void *context, uint32_t *exception)
{
    struct windows_seat *manager = thread == PORT_CLIENT ? &client_seat : windows_calls_seat(thread);
    return run(manager ? manager : &seats[thread], function, context, windows_patience_ms(), exception);
}

/* ---- the two roles ---- */

bool port_reset(void)
{
    return options.serves ? is_back(0) && windows_server_reset() : windows_client_reset();
}

bool port_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client, struct rpcancel_answer *answer)
{
    return options.serves ? windows_server_carry_out(operation, answer)
                          : windows_client_carry_out(operation, client, answer);
}

PRPC_ASYNC_STATE port_server_handle(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client,
                                    struct rpcancel_answer *answer)
{
    (void)client;
    return windows_server_handle(operation, answer);
}

HANDLE port_event(struct rpcancel_operation operation)
{
    return windows_server_event(operation);
}

RPC_BINDING_HANDLE port_client_binding(void)
{
    return windows_server_client_binding();
}

bool port_is_busy(const RPC_ASYNC_STATE *client)
{
    return windows_async_has(client);
}

struct rpcancel_answer port_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    return options.serves ? windows_server_last_word(operation, answer) : windows_client_last_word(operation, answer);
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
