/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A toy RPC runtime, client and server in one process, and the plugin that lets rpcancel drive it. The second half is
 * what a shim for a real runtime looks like; the first is there so that there is something to drive.
 *
 * PLANTED_BUG (default 1) chooses what is wrong with it:
 *   0  nothing
 *   1  a cancel that follows another one is taken for superfluous, even an abortive one: a rule names it
 *   2  completing a cancelled call frees it while a message to it is on its way: AddressSanitizer names it
 */
#include <stdlib.h>
#include <string.h>

#include <rpcancel/plugin.h>

#ifndef PLANTED_BUG
#define PLANTED_BUG 1
#endif

/* ---- the runtime: asynchronous calls; each structure has room for one ---- */

enum { OK = 0, INVALID_ARG = 87, WAIT_TIMEOUT = 258, PENDING = 997, INVALID_BINDING = 1702, NO_CALL_ACTIVE = 1725 };
enum {
    CALL_FAILED = 1726,
    CALL_IN_PROGRESS = 1791,
    CALL_CANCELLED = 1818,
    INVALID_ASYNC_HANDLE = 1914,
    SIGNATURE = 0x43595341
};
enum { HANDLES = 4, THREADS = 4, WORKER = 3 };
enum message { REQUEST, CANCEL, ORPHANED, ANSWER, MESSAGES };

typedef struct my_async_state {
    unsigned size, signature;
    struct my_call *call; /* whose result the client has not taken yet */
    unsigned status;      /* of that call: PENDING until it is complete */
    int notified;         /* the completion notification is there to be taken */
} my_async_state;

typedef struct my_call {
    my_async_state *waiter;   /* NULL once the client has what it wants */
    int on_its_way[MESSAGES]; /* in each direction messages keep this order */
    int arrived, ended;       /* at the server */
    int cancelled;            /* and the server was told */
    struct my_call **thread;  /* that runs the manager routine; NULL when none does */
    unsigned result;          /* what the server answered */
} my_call;

static my_async_state states[HANDLES];
static my_call *calls[HANDLES];   /* made with each structure, and not over yet */
static my_call *threads[THREADS]; /* the calls whose manager routines the server's threads run */

static void forget_if_over(my_call **call)
{
    my_call *it = *call;
    for (int i = 0; i < MESSAGES; i++) {
        if (it->on_its_way[i])
            return;
    }
    if (it->waiter || it->thread || (it->arrived && !it->ended))
        return;
    free(it);
    *call = NULL;
}

static unsigned my_initialize(my_async_state *state, size_t size)
{
    if (!state)
        return INVALID_ASYNC_HANDLE;
    if (size != sizeof *state)
        return INVALID_ARG;
    memset(state, 0, sizeof *state);
    state->size = sizeof *state;
    state->signature = SIGNATURE;
    return OK;
}

/* The client's stub; returns what it raises, or 0. */
static unsigned my_stub(my_async_state *state, my_call **call)
{
    if (state->signature != SIGNATURE)
        return INVALID_ASYNC_HANDLE;
    *call = calloc(1, sizeof **call);
    if (!*call)
        abort();
    (*call)->waiter = state;
    (*call)->on_its_way[REQUEST] = 1;
    state->call = *call;
    state->status = PENDING;
    state->notified = 0;
    return OK;
}

static unsigned my_get_status(const my_async_state *state)
{
    return state->call ? state->status : INVALID_ASYNC_HANDLE;
}

static unsigned my_complete(my_async_state *state, my_call **call)
{
    unsigned status = my_get_status(state);
    if (!state->call || status == PENDING)
        return status;
    state->call = NULL;
    state->notified = 0;
    (*call)->waiter = NULL;
#if PLANTED_BUG == 2
    if (status == CALL_CANCELLED) {
        free(*call);
        return status;
    }
#endif
    forget_if_over(call);
    return status;
}

static void finish(my_async_state *state, unsigned status)
{
    state->status = status;
    state->notified = 1;
}

static unsigned my_cancel(my_async_state *state, int abortive)
{
    if (!state->call)
        return INVALID_ASYNC_HANDLE;
    if (state->status != PENDING)
        return OK; /* too late */
#if PLANTED_BUG == 1
    if (state->call->on_its_way[CANCEL])
        return OK;
#endif
    state->call->on_its_way[abortive ? ORPHANED : CANCEL] = 1;
    if (abortive)
        finish(state, CALL_CANCELLED);
    return OK;
}

static unsigned my_server_test_cancel(const my_call *call)
{
    return call->cancelled ? OK : CALL_IN_PROGRESS;
}

/* The server completes a call, or aborts it with |result|; a client would take PENDING for no answer. */
static unsigned my_server_answer(my_call *call, unsigned result)
{
    call->ended = 1;
    call->result = result == PENDING ? CALL_FAILED : result;
    call->on_its_way[ANSWER] = 1;
    return OK;
}

/* Lets a message arrive, if it is the next one on its way; tells whether it was. */
static int my_deliver(my_call *call, enum message message)
{
    if (!call->on_its_way[message])
        return 0;
    for (int i = 0; i < (int)message && message != ANSWER; i++) {
        if (call->on_its_way[i])
            return 0;
    }
    call->on_its_way[message] = 0;
    if (message == REQUEST)
        call->arrived = 1;
    else if (message != ANSWER)
        call->cancelled = 1;
    else if (call->waiter && call->waiter->status == PENDING)
        finish(call->waiter, call->result);
    return 1;
}

/* ---- the plugin ---- */

static struct rpcancel_plugin_answer code(unsigned number)
{
    struct rpcancel_plugin_answer answer = {RPCANCEL_PLUGIN_ANSWER_CODE, 0, 0, number, 0};
    return answer;
}

static struct rpcancel_plugin_answer answer_kind(uint8_t kind)
{
    struct rpcancel_plugin_answer answer = {kind, 0, 0, 0, 0};
    return answer;
}

static struct rpcancel_plugin_answer done(int happened)
{
    return answer_kind(happened ? RPCANCEL_PLUGIN_ANSWER_DONE : RPCANCEL_PLUGIN_ANSWER_REFUSED);
}

/* While a call uses the structure, documents forbid to initialise it or to issue another: not tried. */
static struct rpcancel_plugin_answer initialize(my_async_state *state, size_t size)
{
    return state->call ? answer_kind(RPCANCEL_PLUGIN_ANSWER_UNDEFINED) : code(my_initialize(state, size));
}

static struct rpcancel_plugin_answer issue(my_async_state *state, my_call **call)
{
    struct rpcancel_plugin_answer answer;
    if (state->call)
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_UNDEFINED);
    if (*call)
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_REFUSED); /* no room: the server still has the one before */
    answer = code(my_stub(state, call));
    if (answer.code != OK)
        answer.kind = RPCANCEL_PLUGIN_ANSWER_EXCEPTION;
    return answer;
}

static struct rpcancel_plugin_answer deliver(my_call **call, enum message message)
{
    int happened = *call && my_deliver(*call, message);
    if (happened)
        forget_if_over(call);
    return done(happened);
}

static struct rpcancel_plugin_answer settle(void)
{
    for (int i = 0; i < HANDLES * MESSAGES; i++)
        deliver(&calls[i / MESSAGES], (enum message)(i % MESSAGES));
    return done(1);
}

static struct rpcancel_plugin_answer dispatch(my_call *call, my_call **thread)
{
    if (!call || !call->arrived || call->ended || call->thread || *thread || thread == &threads[WORKER])
        return done(0);
    call->thread = thread;
    *thread = call;
    return done(1);
}

/* Here a manager routine ends its call before it returns: nobody else could. */
static struct rpcancel_plugin_answer manager_returns(my_call **call)
{
    if (!*call || !(*call)->thread || !(*call)->ended)
        return done(0);
    *(*call)->thread = NULL;
    (*call)->thread = NULL;
    forget_if_over(call);
    return done(1);
}

/* What the manager routine does with the handle of its call. */
static struct rpcancel_plugin_answer serve(my_call *call, const struct rpcancel_plugin_operation *operation)
{
    if (!call || call->thread != &threads[operation->thread])
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_REFUSED);
    if (call->ended)
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_UNDEFINED);
    if (operation->kind == RPCANCEL_PLUGIN_OP_TEST_CANCEL)
        return code(my_server_test_cancel(call));
    if (operation->kind == RPCANCEL_PLUGIN_OP_SERVER_COMPLETE)
        return code(my_server_answer(call, OK));
    return operation->argument == 0 ? answer_kind(RPCANCEL_PLUGIN_ANSWER_UNDEFINED)
                                    : code(my_server_answer(call, operation->argument));
}

static unsigned take_notification(my_async_state *state)
{
    unsigned result = state->notified ? OK : WAIT_TIMEOUT;
    state->notified = 0;
    return result;
}

static struct rpcancel_plugin_answer carry_out(const struct rpcancel_plugin_operation *operation)
{
    my_async_state *state = &states[operation->handle];
    my_call **call = &calls[operation->handle], **thread = &threads[operation->thread];
    if (operation->earlier)
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_REFUSED); /* there is none, see issue() */
    switch (operation->kind) {
    case RPCANCEL_PLUGIN_OP_INIT:
        return initialize(state, sizeof *state);
    case RPCANCEL_PLUGIN_OP_INIT_BAD_SIZE:
        return initialize(state, operation->argument ? sizeof *state + 1 : sizeof *state - 1);
    case RPCANCEL_PLUGIN_OP_INIT_BAD_MEMORY:
        return code(my_initialize(NULL, sizeof *state));
    case RPCANCEL_PLUGIN_OP_CALL:
        return issue(state, call);
    case RPCANCEL_PLUGIN_OP_STATUS:
        return code(my_get_status(state));
    case RPCANCEL_PLUGIN_OP_COMPLETE:
        return code(my_complete(state, call));
    case RPCANCEL_PLUGIN_OP_CANCEL:
        return code(my_cancel(state, 0));
    case RPCANCEL_PLUGIN_OP_CANCEL_ABORT:
        return code(my_cancel(state, 1));
    case RPCANCEL_PLUGIN_OP_AWAIT:
        return code(take_notification(state));
    case RPCANCEL_PLUGIN_OP_DELIVER_REQUEST:
        return deliver(call, REQUEST);
    case RPCANCEL_PLUGIN_OP_DELIVER_CANCEL:
        return deliver(call, CANCEL);
    case RPCANCEL_PLUGIN_OP_DELIVER_ORPHANED:
        return deliver(call, ORPHANED);
    case RPCANCEL_PLUGIN_OP_DELIVER_REPLY:
        return deliver(call, ANSWER);
    case RPCANCEL_PLUGIN_OP_SETTLE:
        return settle();
    case RPCANCEL_PLUGIN_OP_DISPATCH:
        return dispatch(*call, thread);
    case RPCANCEL_PLUGIN_OP_RETURN:
        return manager_returns(call);
    case RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO:
        return code(*thread && !(*thread)->ended ? my_server_test_cancel(*thread) : NO_CALL_ACTIVE);
    case RPCANCEL_PLUGIN_OP_TEST_CANCEL_INVALID:
        return code(INVALID_BINDING);
    case RPCANCEL_PLUGIN_OP_TEST_CANCEL:
    case RPCANCEL_PLUGIN_OP_SERVER_COMPLETE:
    case RPCANCEL_PLUGIN_OP_SERVER_ABORT:
        return serve(*call, operation);
    default:
        return answer_kind(RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED);
    }
}

static int reset(void *instance)
{
    (void)instance;
    for (int i = 0; i < HANDLES; i++)
        free(calls[i]);
    memset(calls, 0, sizeof calls);
    memset(threads, 0, sizeof threads);
    memset(states, 0, sizeof states);
    return 0;
}

static void *open_runtime(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    (void)host;
    (void)count;
    (void)arguments;
    return states; /* one instance at a time, and its memory is static */
}

static void execute(void *instance, const struct rpcancel_plugin_operation *operation,
                    struct rpcancel_plugin_answer *answer)
{
    (void)instance;
    *answer = carry_out(operation);
}

static void close_runtime(void *instance)
{
    reset(instance);
}

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    static const struct rpcancel_plugin table = {
        .abi = RPCANCEL_PLUGIN_ABI,
        .size = sizeof table,
        .name = "my-runtime",
        .version = "1.0",
        .delivery = RPCANCEL_PLUGIN_COMMAND, /* messages arrive when they are told to, */
        .dispatch = RPCANCEL_PLUGIN_COMMAND, /* and so do manager routines start */
        .open = open_runtime,
        .reset = reset,
        .execute = execute,
        .close = close_runtime,
    };
    (void)abi;
    return &table;
}
