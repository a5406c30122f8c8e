// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child/port_windows_calls.h"
#include "child/port_windows_guard.h"
#include "child/port_windows_interface.h"
#include "child/port_windows_roles.h"
#include "runtime/child_line.h"
#include "sequence/sequence.h"

enum { LINE_MAX = 512, COMMAND_MAX = MAX_PATH + 128 };

static struct {
    HANDLE process; /* NULL: there is none */
    DWORD id;
    HANDLE job; /* which ends what is in it with this process; NULL: the system has none for us */
    HANDLE to, from;
    uint64_t line;
    bool is_up;                 /* it told where it listens */
    char address[LINE_MAX];     /* there; kept when it has gone */
    RPC_BINDING_HANDLE binding; /* of the first call there, kept as long as the server */
    unsigned age;
    bool is_lost;
} server;

/* The events of the current call of each letter, and whether there is one; NULL: a server has not got it. */
static HANDLE events[RPCANCEL_HANDLES_MAX][WINDOWS_CALL_EVENTS];

static void close_handle(HANDLE *handle)
{
    if (*handle)
        CloseHandle(*handle);
    *handle = NULL;
}

static void forget_call(unsigned handle)
{
    for (unsigned i = 0; i < WINDOWS_CALL_EVENTS; i++)
        close_handle(&events[handle][i]);
}

/* ---- the process ---- */

/* A pipe of which the server gets one end, which is the only one that can be inherited. */
static bool make_pipe(HANDLE *from, HANDLE *to, HANDLE *inherited)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes, .bInheritHandle = TRUE};
    HANDLE *kept = inherited == from ? to : from;
    return CreatePipe(from, to, &attributes, 0) && SetHandleInformation(*kept, HANDLE_FLAG_INHERIT, 0);
}

static void make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE}};
    if (!server.job)
        server.job = CreateJobObjectA(NULL, NULL);
    if (server.job)
        SetInformationJobObject(server.job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

static bool write_command(char command[COMMAND_MAX])
{
    const struct windows_options *options = windows_options();
    char program[MAX_PATH];
    DWORD length = GetModuleFileNameA(NULL, program, sizeof program);
    snprintf(command, COMMAND_MAX, "\"%s\" --serve --protocol %s --second %u%s", program, options->protocol,
             options->seconds, options->ask_silent_stubs ? " --ask-silent-stubs" : "");
    return length > 0 && length < sizeof program;
}

static bool create(HANDLE in, HANDLE out)
{
    char command[COMMAND_MAX];
    STARTUPINFOA start = {.cb = sizeof start,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = in,
                          .hStdOutput = out,
                          .hStdError = GetStdHandle(STD_ERROR_HANDLE)};
    PROCESS_INFORMATION information;
    make_job();
    if (!write_command(command) ||
        !CreateProcessA(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &information))
        return false;
    if (server.job)
        AssignProcessToJobObject(server.job, information.hProcess);
    ResumeThread(information.hThread);
    CloseHandle(information.hThread);
    server.process = information.hProcess;
    server.id = information.dwProcessId;
    return true;
}

void windows_peer_prepare(void)
{
    HANDLE in = NULL, out = NULL;
    if (server.process || server.is_lost)
        return;
    server.is_up = false;
    server.line = 0;
    server.age++;
    if (!make_pipe(&in, &server.to, &in) || !make_pipe(&server.from, &out, &out) || !create(in, out))
        fprintf(stderr, "cannot start the server: error %lu\n", (unsigned long)GetLastError());
    close_handle(&in);
    close_handle(&out);
    if (!server.process)
        windows_peer_end();
}

void windows_peer_end(void)
{
    if (server.process) {
        TerminateProcess(server.process, PORT_EXIT_OK);
        WaitForSingleObject(server.process, INFINITE);
    }
    if (server.binding)
        RpcBindingFree(&server.binding);
    close_handle(&server.process);
    close_handle(&server.to);
    close_handle(&server.from);
    server.is_up = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        forget_call(i);
}

/* ---- lines ---- */

/* Nothing was answered: that is what the harness is to see as well. */
static void end_with_server(const char *what)
{
    fprintf(stderr, "the server's process ended when it was asked to `%s`\n", what);
    fflush(stderr);
    TerminateProcess(GetCurrentProcess(), PORT_EXIT_FAILED);
}

static bool write_line(const char *text)
{
    DWORD written;
    return WriteFile(server.to, text, (DWORD)strlen(text), &written, NULL);
}

static bool read_line(char out[LINE_MAX])
{
    DWORD got;
    for (size_t length = 0; length < LINE_MAX; length++) {
        if (!ReadFile(server.from, out + length, 1, &got, NULL) || got == 0)
            return false;
        if (out[length] == '\n') {
            out[length] = '\0';
            return true;
        }
    }
    return false;
}

/* Has the running server answer |what|; |line| keeps what |parts| points into. */
static void exchange(const char *what, char line[LINE_MAX], struct rpcancel_child_line *parts)
{
    const char *expected;
    snprintf(line, LINE_MAX, "%lu %s\n", (unsigned long)++server.line, what);
    if (!write_line(line) || !read_line(line) || !rpcancel_child_read_answer(line, parts, &expected))
        end_with_server(what);
}

static void call_nobody(void *binding)
{
    windows_interface_call(binding, 0);
}

/* Learns where the server listens, and calls it once, which the server answers by itself: what is asked afterwards is
 * not to be about setting up the first connection. */
static bool greet(void)
{
    char line[LINE_MAX];
    struct rpcancel_child_line parts;
    size_t length;
    uint32_t exception = 0;
    exchange("describe", line, &parts);
    const char *address = rpcancel_child_key(parts.keys, "address", &length);
    if (!address) {
        fprintf(stderr, "the server does not listen\n");
        return false;
    }
    snprintf(server.address, sizeof server.address, "%.*s", (int)length, address);
    server.binding = windows_interface_bind(server.address);
    if (server.binding && windows_guard(call_nobody, server.binding, &exception))
        return true;
    fprintf(stderr, "the server at %s cannot be called: exception %lu\n", server.address, (unsigned long)exception);
    return false;
}

bool windows_peer_start(void)
{
    windows_peer_prepare();
    if (!server.process || server.is_up)
        return server.is_up;
    server.is_up = greet();
    if (!server.is_up)
        windows_peer_end();
    return server.is_up;
}

RPC_BINDING_HANDLE windows_peer_bind(void)
{
    return server.address[0] ? windows_interface_bind(server.address) : NULL;
}

unsigned windows_peer_age(void)
{
    return server.age;
}

struct rpcancel_answer windows_peer_ask(struct rpcancel_operation operation)
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    char line[LINE_MAX];
    struct rpcancel_child_line parts;
    struct rpcancel_answer answer;
    const char *expected;
    if (!windows_peer_start())
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    rpcancel_operation_print(operation, text, sizeof text);
    exchange(text, line, &parts);
    if (parts.hung) {
        windows_mark_stuck();
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    }
    if (!rpcancel_child_answer_of(operation, &parts, &answer, &expected))
        end_with_server(text);
    return answer;
}

/* ---- calls ---- */

static bool open_events(unsigned handle, uint32_t ticket)
{
    for (unsigned i = 0; i < WINDOWS_CALL_EVENTS; i++) {
        char name[WINDOWS_EVENT_NAME_MAX];
        windows_calls_event_name(server.id, ticket, (enum windows_call_event)i, name);
        events[handle][i] = OpenEventA(SYNCHRONIZE, FALSE, name);
        if (!events[handle][i])
            return false;
    }
    return true;
}

/* What of the server's is told of a call of the letter |handle|. */
static struct rpcancel_child_line tell(unsigned handle, enum rpcancel_operation_kind kind, char line[LINE_MAX])
{
    char text[RPCANCEL_OPERATION_TEXT_MAX];
    struct rpcancel_child_line parts;
    const struct rpcancel_operation operation = {.kind = (uint8_t)kind, .handle = handle & 3u};
    rpcancel_operation_print(operation, text, sizeof text);
    exchange(text, line, &parts);
    return parts;
}

uint32_t windows_peer_expect(unsigned handle, bool synchronous)
{
    char line[LINE_MAX];
    if (!windows_peer_start())
        return 0;
    struct rpcancel_child_line parts =
        tell(handle, synchronous ? RPCANCEL_OP_SYNCHRONOUS_CALL : RPCANCEL_OP_CALL, line);
    if (parts.hung || parts.answer.kind != RPCANCEL_ANSWER_CODE)
        return 0;
    forget_call(handle);
    return open_events(handle, parts.answer.code) ? parts.answer.code : 0;
}

void windows_peer_give_up(unsigned handle)
{
    char line[LINE_MAX];
    if (server.is_up && events[handle][WINDOWS_CALL_ARRIVED])
        tell(handle, RPCANCEL_OP_RETURNED, line);
    forget_call(handle);
}

static bool is_signalled(HANDLE event)
{
    return event && WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

bool windows_peer_await(unsigned handle, HANDLE other, DWORD milliseconds)
{
    HANDLE either[] = {events[handle][WINDOWS_CALL_ARRIVED], other};
    if (!either[0])
        return false;
    WaitForMultipleObjects(other ? 2 : 1, either, FALSE, milliseconds);
    return is_signalled(either[0]);
}

bool windows_peer_has_answered(unsigned handle)
{
    return is_signalled(events[handle][WINDOWS_CALL_ANSWERED]);
}

/* ---- ends ---- */

void windows_peer_lose_link(void)
{
    windows_peer_end();
    server.is_lost = true;
}

bool windows_peer_is_lost(void)
{
    return server.is_lost;
}

bool windows_peer_reset(void)
{
    char line[LINE_MAX];
    struct rpcancel_child_line parts;
    bool was_lost = server.is_lost;
    server.is_lost = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        forget_call(i);
    if (!server.is_up)
        return !was_lost;
    exchange("reset", line, &parts);
    if (!parts.hung && rpcancel_answer_is_code(parts.answer, 0))
        return true;
    windows_peer_end();
    return false;
}
