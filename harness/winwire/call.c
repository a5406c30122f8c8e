// SPDX-License-Identifier: Apache-2.0
#include "winwire/call.h"

#include <stdlib.h>
#include <string.h>

#include "winwire/request.h"

enum {
    MANY_OCTETS = 20000, /* more than any fragment */
    UNDER_WAY_MS = 100,  /* for a request to get to the server */
    GIVEN_UP_MS = 1000,  /* for a cancelled call to come back; RpcMgmtSetCancelTimeout counts in seconds */
    RELEASED_MS = 2000,  /* for one that was released */
    TOGETHER_MS = 50,    /* how long calls side by side take */
    ALL_MS_MAX = 60000,  /* nobody waits for this program for ever */
    ROUNDS = 2,          /* each with a binding handle of its own */
    CANNOT = 3
};

/* ---- one call ---- */

static uint32_t call_and_tell(const char *name, const struct winwire_request *request)
{
    unsigned answered = 0;
    uint32_t code = winwire_request(request, &answered);
    if (code == RPC_S_OK)
        printf("%s: %u octets\n", name, answered);
    else
        printf("%s: %lu\n", name, (unsigned long)code);
    fflush(stdout);
    return code;
}

static uint32_t call_with_number(const char *name, handle_t binding, unsigned opnum, uint32_t number)
{
    struct winwire_request request = {.binding = binding, .opnum = opnum, .octets = &number, .length = sizeof number};
    return call_and_tell(name, &request);
}

static uint32_t call_echo(const char *name, handle_t binding, unsigned flags)
{
    struct winwire_request request = {
        .binding = binding, .opnum = WINWIRE_ECHO, .octets = "12345678", .length = 8, .flags = flags};
    return call_and_tell(name, &request);
}

/* ---- calls on threads of their own ---- */

enum pending { NOT_CANCELLED_BEFORE, CANCELLED_BEFORE };

struct caller {
    const char *name;
    handle_t binding;
    unsigned opnum;
    uint32_t number;
    enum pending pending; /* the thread cancels itself first */
    HANDLE thread;
};

static DWORD WINAPI run_caller(void *context)
{
    const struct caller *caller = context;
    HANDLE self = NULL;
    RpcMgmtSetCancelTimeout(GIVEN_UP_MS / 1000); /* or a cancelled call may wait for ever */
    if (caller->pending == CANCELLED_BEFORE &&
        DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &self, 0, FALSE,
                        DUPLICATE_SAME_ACCESS)) {
        printf("RpcCancelThread: %ld\n", (long)RpcCancelThread(self));
        CloseHandle(self);
    }
    call_with_number(caller->name, caller->binding, caller->opnum, caller->number);
    return 0;
}

static bool start(struct caller *caller)
{
    caller->thread = CreateThread(NULL, 0, run_caller, caller, 0, NULL);
    if (!caller->thread)
        fprintf(stderr, "%s: no thread\n", caller->name);
    return caller->thread;
}

static bool is_back(const struct caller *caller, DWORD milliseconds)
{
    return WaitForSingleObject(caller->thread, milliseconds) == WAIT_OBJECT_0;
}

/* What still waits at the server is let go, on another connection if this one is in use. */
static void release_all(handle_t binding)
{
    handle_t copy = NULL;
    struct winwire_request request = {.opnum = WINWIRE_RELEASE};
    if (RpcBindingCopy(binding, &copy) != RPC_S_OK)
        return;
    request.binding = copy;
    call_and_tell("release", &request);
    RpcBindingFree(&copy);
}

static void finish(struct caller *caller)
{
    if (!is_back(caller, RELEASED_MS))
        printf("%s: does not return\n", caller->name);
    CloseHandle(caller->thread);
}

/* ---- the kinds ---- */

static void call_several(handle_t binding)
{
    struct winwire_request empty = {.binding = binding, .opnum = WINWIRE_ECHO};
    for (int i = 0; i < 4; i++)
        call_echo("echo", binding, RPC_NCA_FLAGS_DEFAULT);
    call_and_tell("empty echo", &empty);
}

static void call_with_object(handle_t binding)
{
    UUID object = {0x6f9a2d31, 0x8c41, 0x4e0b, {0x9d, 0x52, 0x11, 0x7a, 0x60, 0xc3, 0xe8, 0x24}};
    handle_t copy = NULL;
    if (RpcBindingCopy(binding, &copy) != RPC_S_OK)
        return;
    printf("RpcBindingSetObject: %ld\n", (long)RpcBindingSetObject(copy, &object));
    call_echo("echo with object", copy, RPC_NCA_FLAGS_DEFAULT);
    RpcBindingFree(&copy);
}

static void call_in_fragments(handle_t binding)
{
    static unsigned char octets[MANY_OCTETS];
    struct winwire_request request = {
        .binding = binding, .opnum = WINWIRE_ECHO, .octets = octets, .length = sizeof octets};
    call_and_tell("long echo", &request);
    call_with_number("stream", binding, WINWIRE_STREAM, MANY_OCTETS);
}

static void call_for_fault(handle_t binding)
{
    call_with_number("raise 1717", binding, WINWIRE_RAISE, RPC_S_UNKNOWN_IF);
    call_with_number("raise 5", binding, WINWIRE_RAISE, RPC_S_ACCESS_DENIED);
    call_echo("echo", binding, RPC_NCA_FLAGS_DEFAULT);
}

static void call_maybe(handle_t binding)
{
    call_echo("maybe", binding, RPC_NCA_FLAGS_MAYBE);
    call_echo("echo", binding, RPC_NCA_FLAGS_DEFAULT);
}

static void call_together(handle_t binding)
{
    struct caller callers[] = {
        {.name = "one of three", .binding = binding, .opnum = WINWIRE_SLEEP, .number = TOGETHER_MS},
        {.name = "another", .binding = binding, .opnum = WINWIRE_SLEEP, .number = TOGETHER_MS},
        {.name = "the third", .binding = binding, .opnum = WINWIRE_STREAM, .number = MANY_OCTETS},
    };
    enum { CALLERS = sizeof callers / sizeof callers[0] };
    bool started[CALLERS];
    for (unsigned i = 0; i < CALLERS; i++)
        started[i] = start(&callers[i]);
    for (unsigned i = 0; i < CALLERS; i++) {
        if (started[i])
            finish(&callers[i]);
    }
}

static void cancel_before(handle_t binding)
{
    struct caller caller = {.name = "echo of a cancelled thread",
                            .binding = binding,
                            .opnum = WINWIRE_STREAM,
                            .number = sizeof "",
                            .pending = CANCELLED_BEFORE};
    if (start(&caller))
        finish(&caller);
}

/* True: the call came back. */
static bool cancel_during(const char *name, handle_t binding, unsigned opnum)
{
    struct caller caller = {.name = name, .binding = binding, .opnum = opnum};
    if (!start(&caller))
        return false;
    Sleep(UNDER_WAY_MS);
    printf("RpcCancelThread: %ld\n", (long)RpcCancelThread(caller.thread));
    bool back = is_back(&caller, 2 * GIVEN_UP_MS);
    release_all(binding);
    finish(&caller);
    return back;
}

static void cancel_threads(handle_t binding)
{
    cancel_during("hold", binding, WINWIRE_HOLD);
    cancel_during("park", binding, WINWIRE_PARK);
    call_echo("echo", binding, RPC_NCA_FLAGS_DEFAULT);
}

/* ---- asynchronous calls ---- */

/* Whether the runtime took at least one of the two cancels: if none, only the server ends the call. */
static bool cancel_asynchronously(const char *name, handle_t binding, unsigned opnum)
{
    RPC_ASYNC_STATE async;
    RPC_STATUS gentle;
    RPC_STATUS abortive = RPC_S_NO_CALL_ACTIVE; /* and so not asked for */
    if (RpcAsyncInitializeHandle(&async, sizeof async) != RPC_S_OK)
        return false;
    async.NotificationType = RpcNotificationTypeEvent;
    async.u.hEvent = CreateEventA(NULL, FALSE, FALSE, NULL);
    uint32_t begun = winwire_begin(&async, binding, opnum);
    printf("%s begins: %lu\n", name, (unsigned long)begun);
    if (begun != RPC_S_OK) {
        CloseHandle(async.u.hEvent);
        return false;
    }
    Sleep(UNDER_WAY_MS);
    gentle = RpcAsyncCancelCall(&async, FALSE);
    bool is_over = WaitForSingleObject(async.u.hEvent, UNDER_WAY_MS) == WAIT_OBJECT_0;
    if (!is_over)
        abortive = RpcAsyncCancelCall(&async, TRUE);
    is_over = is_over || WaitForSingleObject(async.u.hEvent, UNDER_WAY_MS) == WAIT_OBJECT_0;
    release_all(binding);
    if (!is_over)
        WaitForSingleObject(async.u.hEvent, RELEASED_MS);
    printf("RpcAsyncCancelCall: %ld, then %ld\n", (long)gentle, (long)abortive);
    printf("%s: %ld\n", name, (long)RpcAsyncCompleteCall(&async, NULL));
    CloseHandle(async.u.hEvent);
    return gentle == RPC_S_OK || abortive == RPC_S_OK;
}

static void cancel_asynchronous_calls(handle_t binding)
{
    bool can_be_cancelled = cancel_asynchronously("asynchronous hold", binding, WINWIRE_HOLD);
    if (can_be_cancelled)
        cancel_asynchronously("asynchronous park", binding, WINWIRE_PARK);
    call_echo("echo", binding, RPC_NCA_FLAGS_DEFAULT);
}

static const struct kind {
    const char *name;
    const char *what;
    void (*call)(handle_t binding);
} kinds[] = {
    {"several", "one after the other", call_several},
    {"object", "with an object UUID", call_with_object},
    {"fragments", "requests and responses that need several", call_in_fragments},
    {"fault", "that the server raises an exception in, and one after them", call_for_fault},
    {"maybe", "with the maybe flag", call_maybe},
    {"together", "three at once, of one binding handle", call_together},
    {"pending", "of a thread that RpcCancelThread cancelled before", cancel_before},
    {"cancel", "that RpcCancelThread cancels", cancel_threads},
    {"asynchronous", "that RpcAsyncCancelCall cancels, first gently, then abortively", cancel_asynchronous_calls},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

void winwire_list_kinds(FILE *to)
{
    for (unsigned i = 0; i < KINDS; i++)
        fprintf(to, "  %-13s %s\n", kinds[i].name, kinds[i].what);
}

static bool is_among(const char *name, char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

bool winwire_are_kinds(char *const *names)
{
    for (; *names; names++) {
        unsigned i = 0;
        while (i < KINDS && strcmp(kinds[i].name, *names) != 0)
            i++;
        if (i == KINDS)
            return false;
    }
    return true;
}

static DWORD WINAPI end_in_time(void *unused)
{
    (void)unused;
    Sleep(ALL_MS_MAX);
    fprintf(stderr, "not through after %d ms\n", ALL_MS_MAX);
    ExitProcess(CANNOT);
}

static handle_t bind_to(const char *host, const char *port)
{
    unsigned char *text = NULL;
    handle_t binding = NULL;
    unsigned char sequence[] = "ncacn_ip_tcp";
    RPC_STATUS code =
        RpcStringBindingComposeA(NULL, sequence, (unsigned char *)host, (unsigned char *)port, NULL, &text);
    if (code == RPC_S_OK) {
        code = RpcBindingFromStringBindingA(text, &binding);
        RpcStringFreeA(&text);
    }
    if (code != RPC_S_OK)
        fprintf(stderr, "%s port %s: no binding handle: %ld\n", host, port, (long)code);
    return code == RPC_S_OK ? binding : NULL;
}

int winwire_call(const char *host, const char *port, char *const *names)
{
    HANDLE guard = CreateThread(NULL, 0, end_in_time, NULL, 0, NULL);
    if (guard)
        CloseHandle(guard);
    for (unsigned round = 0; round < ROUNDS; round++) {
        handle_t binding = bind_to(host, port);
        if (!binding)
            return CANNOT;
        for (unsigned i = 0; i < KINDS; i++) {
            if (!*names || is_among(kinds[i].name, names))
                kinds[i].call(binding);
        }
        /* What is not in use is closed, now or at the end. */
        RpcBindingFree(&binding);
    }
    return 0;
}
