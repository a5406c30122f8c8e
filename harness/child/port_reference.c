// SPDX-License-Identifier: Apache-2.0
/*
 * rpcancel-child: the driver on the reference implementation, through the façade. Messages arrive when the harness says
 * so, or (--delivery hidden) unseen and at random.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child/execute.h"
#include "child/lies.h"
#include "child/port.h"
#include "child/port_reference.h"
#include "facade/rpcancel_facade.h"
#include "mutants/mutants.h"
#include "operation.h"

static const char help[] =
    "rpcancel-child: the reference implementation as a child of the harness (--runtime child:rpcancel-child)\n"
    "  --delivery command|hidden   messages arrive on `deliver` (default), or unseen and at random\n"
    "  --seed N                    of hidden delivery (default 1)\n"
    "  --profile documented|windows  which choices to make where documents are silent or contradict each other\n"
    "  --mutant NAME               a mutant or variant of the reference (rpcancel mutants --list)\n"
    "  --lie [OPERATION:]FROM=TO   answer TO instead of FROM; may be repeated\n"
    "Reads operations from stdin and answers on stdout; docs/runtime-protocol.md is the manual.\n";

static struct rpcancel_facade_world world;
static rpcancel_step_function *step;
static bool hidden;
static uint64_t random_state = 1; /* not set back by reset: a sequence that is run again meets other deliveries */

/* The client's structures, by handle: what a message in flight belongs to. */
static PRPC_ASYNC_STATE clients[RPCANCEL_HANDLES_MAX];

/* ---- options ---- */

static bool read_seed(const char *text)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno) {
        fprintf(stderr, "--seed %s: expected a decimal number below 2^64\n", text);
        return false;
    }
    random_state = number;
    return true;
}

static bool choose(const char *option, const char *value, const char *first, const char *second, bool *is_second)
{
    *is_second = strcmp(value, second) == 0;
    if (*is_second || strcmp(value, first) == 0)
        return true;
    fprintf(stderr, "%s %s: expected %s or %s\n", option, value, first, second);
    return false;
}

static bool find_mutant(const char *name)
{
    step = rpcancel_mutant_find(name);
    if (!step)
        fprintf(stderr, "--mutant %s: there is no mutant or variant of that name\n", name);
    return step != NULL;
}

static bool read_option(const char *option, const char *value, bool *windows)
{
    if (strcmp(option, "--delivery") == 0)
        return choose(option, value, "command", "hidden", &hidden);
    if (strcmp(option, "--profile") == 0)
        return choose(option, value, "documented", "windows", windows);
    if (strcmp(option, "--seed") == 0)
        return read_seed(value);
    if (strcmp(option, "--mutant") == 0)
        return find_mutant(value);
    return child_lies_add(value);
}

static bool is_option(const char *text)
{
    static const char *const options[] = {"--delivery", "--seed", "--profile", "--mutant", "--lie"};
    for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strcmp(text, options[i]) == 0)
            return true;
    }
    return false;
}

int port_start(int count, const char *const *arguments)
{
    bool windows = false;
    hidden = false;
    step = rpcancel_step;
    child_lies_forget();
    for (int i = 0; i < count; i += 2) {
        if (strcmp(arguments[i], "--help") == 0) {
            fputs(help, stdout);
            return PORT_EXIT_OK;
        }
        if (!is_option(arguments[i])) {
            fprintf(stderr, "%s: expected --delivery, --seed, --profile, --mutant, --lie or --help\n", arguments[i]);
            return PORT_EXIT_USAGE;
        }
        if (i + 1 == count) {
            fprintf(stderr, "%s: expected a value after it\n", arguments[i]);
            return PORT_EXIT_USAGE;
        }
        if (!read_option(arguments[i], arguments[i + 1], &windows))
            return PORT_EXIT_USAGE;
    }
    rpcancel_facade_create(&world, windows ? &rpcancel_choices_windows : &rpcancel_choices_documented, 0);
    rpcancel_facade_use(&world, step);
    return PORT_CARRY_ON;
}

bool port_hides_delivery(void)
{
    return hidden;
}

void port_describe(char *out, size_t size)
{
    snprintf(out, size, "name=reference version=%s delivery=%s dispatch=command", RPCANCEL_VERSION,
             hidden ? "hidden" : "command");
}

/* ---- hidden delivery ---- */

/* SplitMix64 (Steele, Lea, Flood 2014): every seed is as good as any other. */
static unsigned next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)(z >> 32);
}

/* Lets one of the messages arrive that are next on their way, if there is any. */
static bool deliver_something(void)
{
    enum { CHOICES = RPCANCEL_HANDLES_MAX * 2 * RPCANCEL_FACADE_MESSAGES };
    unsigned start = next_random() % CHOICES;
    for (unsigned i = 0; i < CHOICES; i++) {
        unsigned choice = (start + i) % CHOICES;
        const RPC_ASYNC_STATE *client = clients[choice % RPCANCEL_HANDLES_MAX];
        bool earlier = choice / RPCANCEL_HANDLES_MAX % 2 != 0;
        enum rpcancel_facade_message message = (enum rpcancel_facade_message)(choice / (RPCANCEL_HANDLES_MAX * 2));
        if (client && rpcancel_facade_deliver(client, message, earlier) == 0)
            return true;
    }
    return false;
}

static void deliver_at_random(void)
{
    while (next_random() % 2 && deliver_something())
        continue;
}

bool port_reset(void)
{
    rpcancel_facade_reset(&world);
    memset(clients, 0, sizeof clients);
    return true;
}

/* ---- operations that are no documented function ---- */

static struct rpcancel_answer done(RPC_STATUS code)
{
    return code == 0 ? rpcancel_answer_kind(RPCANCEL_ANSWER_DONE) : port_answer(code);
}

static struct rpcancel_answer call(PRPC_ASYNC_STATE client)
{
    RPC_STATUS code = rpcancel_facade_call(client);
    struct rpcancel_answer answer = port_answer(code);
    if (answer.kind == RPCANCEL_ANSWER_CODE && code != 0)
        return rpcancel_answer_exception((uint32_t)code);
    return answer;
}

static struct rpcancel_answer deliver(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client)
{
    static const uint8_t messages[RPCANCEL_OPERATION_KINDS] = {
        [RPCANCEL_OP_DELIVER_REQUEST] = RPCANCEL_FACADE_REQUEST,
        [RPCANCEL_OP_DELIVER_CANCEL] = RPCANCEL_FACADE_CANCEL,
        [RPCANCEL_OP_DELIVER_ORPHANED] = RPCANCEL_FACADE_ORPHANED,
        [RPCANCEL_OP_DELIVER_REPLY] = RPCANCEL_FACADE_REPLY,
    };
    if (hidden)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
    enum rpcancel_facade_message message = (enum rpcancel_facade_message)messages[operation.kind];
    return done(rpcancel_facade_deliver(client, message, operation.earlier));
}

/* Where delivery is hidden, to dispatch a call is to wait for its request. */
static struct rpcancel_answer dispatch(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client)
{
    bool is_synchronous = operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS;
    RPC_STATUS(*start)
    (const RPC_ASYNC_STATE *, bool, PRPC_ASYNC_STATE *) =
        is_synchronous ? rpcancel_facade_dispatch_synchronous : rpcancel_facade_dispatch;
    PRPC_ASYNC_STATE server;
    RPC_STATUS code = start(client, operation.earlier, &server);
    if (hidden && code != 0 && rpcancel_facade_deliver(client, RPCANCEL_FACADE_REQUEST, operation.earlier) == 0)
        code = start(client, operation.earlier, &server);
    return done(code);
}

/* The operations on a manager routine. */
static struct rpcancel_answer manage(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client)
{
    PRPC_ASYNC_STATE server = rpcancel_facade_server_handle(client, operation.earlier);
    if (!server)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    switch (operation.kind) {
    case RPCANCEL_OP_HAND_OFF:
        return done(rpcancel_facade_hand_off(server));
    case RPCANCEL_OP_RETURN:
        return done(rpcancel_facade_return(server));
    case RPCANCEL_OP_TAKE:
        return port_answer(rpcancel_facade_take(server, child_notification(operation)));
    default:
        return done(rpcancel_facade_raise(server, rpcancel_fault_code(operation.argument)));
    }
}

static LONG seconds(unsigned timeout)
{
    static const LONG all[RPCANCEL_TIMEOUTS] = {
        [RPCANCEL_TIMEOUT_INFINITE] = RPC_C_CANCEL_INFINITE_TIMEOUT,
        [RPCANCEL_TIMEOUT_ZERO] = 0,
        [RPCANCEL_TIMEOUT_ONE] = 1,
        [RPCANCEL_TIMEOUT_TWO] = 2,
    };
    return all[timeout];
}

static RPC_STATUS set_call_timeout(const RPC_ASYNC_STATE *thread, unsigned timeout)
{
    ULONG_PTR milliseconds = timeout == RPCANCEL_TIMEOUT_INFINITE ? INFINITE : 1000 * (ULONG_PTR)seconds(timeout);
    return RpcBindingSetOption(rpcancel_facade_binding(thread), RPC_C_OPT_CALL_TIMEOUT, milliseconds);
}

/* The client's operations of synchronous calls; |thread| is what names the thread. */
static struct rpcancel_answer use_thread(struct rpcancel_operation operation, const RPC_ASYNC_STATE *thread)
{
    switch (operation.kind) {
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        return done(rpcancel_facade_synchronous_call(thread));
    case RPCANCEL_OP_RETURNED:
        return port_answer(rpcancel_facade_returned(thread));
    case RPCANCEL_OP_CANCEL_THREAD:
        return port_answer(RpcCancelThread(rpcancel_facade_thread(thread, true)));
    case RPCANCEL_OP_CANCEL_THREAD_DENIED:
        return port_answer(RpcCancelThread(rpcancel_facade_thread(thread, false)));
    case RPCANCEL_OP_CANCEL_THREAD_EX:
        return port_answer(RpcCancelThreadEx(rpcancel_facade_thread(thread, true), seconds(operation.argument)));
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
        rpcancel_facade_select_client_thread(&world, thread);
        return port_answer(RpcMgmtSetCancelTimeout(seconds(operation.argument)));
    default:
        return port_answer(set_call_timeout(thread, operation.argument));
    }
}

/* The operations that are of no end of a call. */
static RPC_STATUS go_on(unsigned kind)
{
    switch (kind) {
    case RPCANCEL_OP_LOSE_LINK:
        return rpcancel_facade_lose_link();
    case RPCANCEL_OP_ELAPSE:
        return rpcancel_facade_elapse();
    default:
        return rpcancel_facade_settle();
    }
}

/* Plays the thread of |operation|. */
static void prepare(struct rpcancel_operation operation, PRPC_ASYNC_STATE client)
{
    unsigned uses = rpcancel_operation_describe(operation.kind)->uses;
    unsigned thread = uses & RPCANCEL_USES_THREAD ? operation.thread : RPCANCEL_FACADE_CLIENT;
    rpcancel_facade_select(&world, (enum rpcancel_facade_thread)thread);
    if (uses & RPCANCEL_USES_HANDLE)
        clients[operation.handle] = client;
    if (hidden)
        deliver_at_random();
}

bool port_carry_out(struct rpcancel_operation operation, PRPC_ASYNC_STATE client, struct rpcancel_answer *answer)
{
    prepare(operation, client);
    switch (operation.kind) {
    case RPCANCEL_OP_CALL:
        *answer = call(client);
        return true;
    case RPCANCEL_OP_AWAIT:
        *answer = port_answer(rpcancel_facade_await(client));
        return true;
    case RPCANCEL_OP_DELIVER_REQUEST:
    case RPCANCEL_OP_DELIVER_CANCEL:
    case RPCANCEL_OP_DELIVER_ORPHANED:
    case RPCANCEL_OP_DELIVER_REPLY:
        *answer = deliver(operation, client);
        return true;
    case RPCANCEL_OP_LOSE_LINK:
    case RPCANCEL_OP_SETTLE:
    case RPCANCEL_OP_ELAPSE:
        *answer = done(go_on(operation.kind));
        return true;
    case RPCANCEL_OP_DISPATCH:
    case RPCANCEL_OP_DISPATCH_SYNCHRONOUS:
        *answer = dispatch(operation, client);
        return true;
    case RPCANCEL_OP_HAND_OFF:
    case RPCANCEL_OP_RETURN:
    case RPCANCEL_OP_RAISE:
    case RPCANCEL_OP_TAKE:
        *answer = manage(operation, client);
        return true;
    default:
        if (!rpcancel_is_of_threads(operation.kind))
            return false;
        *answer = use_thread(operation, client);
        return true;
    }
}

/* ---- what the documented functions need ---- */

const struct port_functions *port_functions(void)
{
    static const struct port_functions functions = {
        .initialize_handle = RpcAsyncInitializeHandle,
        .get_call_status = RpcAsyncGetCallStatus,
        .complete_call = RpcAsyncCompleteCall,
        .abort_call = RpcAsyncAbortCall,
        .cancel_call = RpcAsyncCancelCall,
        .server_test_cancel = RpcServerTestCancel,
        .subscribe = RpcServerSubscribeForNotification,
        .unsubscribe = RpcServerUnsubscribeForNotification,
        .inquire_call_attributes = RpcServerInqCallAttributesW,
        .test_cancel = RpcTestCancel,
        .server_from_client = RpcBindingServerFromClient,
        .copy_binding = RpcBindingCopy,
        .free_binding = RpcBindingFree,
    };
    return &functions;
}

PRPC_ASYNC_STATE port_server_handle(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client,
                                    struct rpcancel_answer *answer)
{
    PRPC_ASYNC_STATE server = rpcancel_facade_server_handle(client, operation.earlier);
    RPC_STATUS reach = RPCANCEL_FACADE_REFUSED;
    if (server)
        reach = rpcancel_takes_asynchronous_handle(operation.kind) ? rpcancel_facade_reach(server)
                                                                   : rpcancel_facade_reach_binding(server);
    *answer = port_answer(reach);
    return reach == 0 ? server : NULL;
}

RPC_BINDING_HANDLE port_client_binding(void)
{
    static const RPC_ASYNC_STATE client;
    return rpcancel_facade_binding(&client);
}

/* Nothing here tells anybody: see rpcancel_facade_take. */
HANDLE port_event(struct rpcancel_operation operation)
{
    (void)operation;
    return NULL;
}

bool port_is_busy(const RPC_ASYNC_STATE *client)
{
    return rpcancel_facade_is_busy(client);
}

/* Threads are played (port_carry_out selected one), and nothing here raises. */
bool port_run(unsigned thread, void (*function)(void *context), void *context, uint32_t *exception)
{
    (void)thread;
    (void)exception;
    function(context);
    return true;
}

bool port_is_stuck(void)
{
    return false;
}

void *const *port_bad_addresses(unsigned *count)
{
    static void *const addresses[] = {NULL};
    *count = 1;
    return addresses;
}

struct rpcancel_answer port_answer(RPC_STATUS code)
{
    if (code == RPCANCEL_FACADE_UNDEFINED)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    if (code == RPCANCEL_FACADE_REFUSED)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    return rpcancel_answer_code((uint32_t)code);
}

struct rpcancel_answer port_last_word(struct rpcancel_operation operation, struct rpcancel_answer answer)
{
    return child_lies_tell(operation, answer);
}
