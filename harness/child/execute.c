// SPDX-License-Identifier: Apache-2.0
#include "child/execute.h"

#include <stdlib.h>
#include <string.h>

#include "child/port.h"

enum {
    SIGNATURE = 0x43595341, /* the bytes "ASYC" */
    INVALID_ASYNC_HANDLE = 1914,
    SLACK = 64, /* bytes behind a structure that a runtime may take for a larger one */
};

/* The client program's structures. */
struct client {
    RPC_ASYNC_STATE state;
    char slack[SLACK];
    bool initialised; /* once at least */
    bool corrupted;   /* since then */
};

static struct client homes[CHILD_TURNS][RPCANCEL_HANDLES_MAX];
/* Of those that a runtime has kept; NULL: none. */
static struct client *replacements[CHILD_TURNS][RPCANCEL_HANDLES_MAX];
static unsigned turn;

static struct client *client_at(unsigned handle)
{
    return replacements[turn][handle] ? replacements[turn][handle] : &homes[turn][handle];
}

static PRPC_ASYNC_STATE client_of(struct rpcancel_operation operation)
{
    return &client_at(operation.handle)->state;
}

bool child_is_ready(unsigned handle)
{
    return client_at(handle)->initialised && !client_at(handle)->corrupted;
}

bool child_reset(void)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        if (port_is_busy(&client_at(i)->state) && !(replacements[turn][i] = calloc(1, sizeof **replacements[turn])))
            return false;
    }
    turn = (turn + 1) % CHILD_TURNS;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        memset(client_at(i), 0, sizeof *client_at(i));
    return true;
}

static struct rpcancel_answer unimplemented(void)
{
    return rpcancel_answer_kind(RPCANCEL_ANSWER_UNIMPLEMENTED);
}

/* ---- one documented function, on one thread ---- */

struct job {
    struct rpcancel_operation operation;
    PRPC_ASYNC_STATE state; /* the end's structure that the function gets, or */
    RPC_BINDING_HANDLE binding;
    unsigned size; /* of init */
    struct rpcancel_answer answer;
};

static struct rpcancel_answer test_cancel(const struct port_functions *functions, RPC_BINDING_HANDLE handle)
{
    return functions->server_test_cancel ? port_answer(functions->server_test_cancel(handle)) : unimplemented();
}

/* Readable memory that is no binding handle; large enough for a runtime to look for its marks in it. */
static RPC_BINDING_HANDLE no_handle(void)
{
    static uint64_t memory[64];
    return memory;
}

RPC_NOTIFICATIONS child_notification(struct rpcancel_operation operation)
{
    static const uint8_t notifications[RPCANCEL_CALL_EVENTS] = {
        [RPCANCEL_EVENT_CANCEL] = RpcNotificationCallCancel,
        [RPCANCEL_EVENT_DISCONNECT] = RpcNotificationClientDisconnect,
        [RPCANCEL_EVENT_UNSUPPORTED] = 5,
        [RPCANCEL_EVENT_NO_TYPE] = RpcNotificationCallCancel,
    };
    return (RPC_NOTIFICATIONS)notifications[operation.argument];
}

static struct rpcancel_answer subscribe(const struct port_functions *functions, RPC_BINDING_HANDLE handle,
                                        struct rpcancel_operation operation)
{
    RPC_ASYNC_NOTIFICATION_INFO information = {.hEvent = port_event(operation)};
    RPC_NOTIFICATION_TYPES type =
        operation.argument == RPCANCEL_EVENT_NO_TYPE ? RpcNotificationTypeNone : RpcNotificationTypeEvent;
    if (!functions->subscribe)
        return unimplemented();
    return port_answer(functions->subscribe(handle, (DWORD)child_notification(operation), type, &information));
}

static struct rpcancel_answer unsubscribe(const struct port_functions *functions, RPC_BINDING_HANDLE handle,
                                          struct rpcancel_operation operation)
{
    ULONG queued = 0;
    return functions->unsubscribe ? port_answer(functions->unsubscribe(handle, child_notification(operation), &queued))
                                  : unimplemented();
}

static struct rpcancel_answer inquire_attributes(const struct port_functions *functions, RPC_BINDING_HANDLE handle)
{
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 2};
    return functions->inquire_call_attributes ? port_answer(functions->inquire_call_attributes(handle, &attributes))
                                              : unimplemented();
}

/* Makes another binding handle of |handle| by |make|, and frees it again. */
static struct rpcancel_answer make_binding(const struct port_functions *functions, RPC_BINDING_HANDLE handle,
                                           RPC_STATUS(PORT_API *make)(RPC_BINDING_HANDLE, RPC_BINDING_HANDLE *))
{
    RPC_BINDING_HANDLE made = NULL;
    if (!make || !functions->free_binding)
        return unimplemented();
    RPC_STATUS code = make(handle, &made);
    return port_answer(code == 0 ? functions->free_binding(&made) : code);
}

static struct rpcancel_answer test_server_binding(const struct port_functions *functions)
{
    RPC_BINDING_HANDLE binding = port_client_binding();
    return binding ? test_cancel(functions, binding) : unimplemented();
}

static struct rpcancel_answer cancel(const struct port_functions *functions, PRPC_ASYNC_STATE state, BOOL abortive)
{
    return functions->cancel_call ? port_answer(functions->cancel_call(state, abortive)) : unimplemented();
}

static struct rpcancel_answer call_function(const struct job *job)
{
    const struct port_functions *f = port_functions();
    switch (job->operation.kind) {
    case RPCANCEL_OP_INIT:
    case RPCANCEL_OP_INIT_BAD_SIZE:
    case RPCANCEL_OP_INIT_BAD_MEMORY:
        return f->initialize_handle ? port_answer(f->initialize_handle(job->state, job->size)) : unimplemented();
    case RPCANCEL_OP_STATUS:
    case RPCANCEL_OP_SERVER_STATUS:
        return f->get_call_status ? port_answer(f->get_call_status(job->state)) : unimplemented();
    case RPCANCEL_OP_COMPLETE:
    case RPCANCEL_OP_SERVER_COMPLETE:
        return f->complete_call ? port_answer(f->complete_call(job->state, NULL)) : unimplemented();
    case RPCANCEL_OP_ABORT:
    case RPCANCEL_OP_SERVER_ABORT:
        return f->abort_call ? port_answer(f->abort_call(job->state, rpcancel_fault_code(job->operation.argument)))
                             : unimplemented();
    case RPCANCEL_OP_CANCEL:
    case RPCANCEL_OP_SERVER_CANCEL:
        return cancel(f, job->state, FALSE);
    case RPCANCEL_OP_CANCEL_ABORT:
    case RPCANCEL_OP_SERVER_CANCEL_ABORT:
        return cancel(f, job->state, TRUE);
    case RPCANCEL_OP_GET_CALL_HANDLE:
    case RPCANCEL_OP_SERVER_GET_CALL_HANDLE:
        return rpcancel_answer_kind(RpcAsyncGetCallHandle(job->state) ? RPCANCEL_ANSWER_HANDLE : RPCANCEL_ANSWER_NULL);
    case RPCANCEL_OP_TEST_CANCEL:
        return test_cancel(f, job->binding);
    case RPCANCEL_OP_TEST_CANCEL_ZERO:
        return test_cancel(f, NULL);
    case RPCANCEL_OP_TEST_CANCEL_INVALID:
        return test_cancel(f, no_handle());
    case RPCANCEL_OP_SUBSCRIBE:
        return subscribe(f, job->binding, job->operation);
    case RPCANCEL_OP_SUBSCRIBE_ZERO:
        return subscribe(f, NULL, job->operation);
    case RPCANCEL_OP_UNSUBSCRIBE:
        return unsubscribe(f, job->binding, job->operation);
    case RPCANCEL_OP_CALL_ATTRIBUTES:
        return inquire_attributes(f, job->binding);
    case RPCANCEL_OP_TEST_CANCEL_THREAD:
        return f->test_cancel ? port_answer(f->test_cancel()) : unimplemented();
    case RPCANCEL_OP_SERVER_FROM_CLIENT:
        return make_binding(f, job->binding, f->server_from_client);
    case RPCANCEL_OP_SERVER_FROM_CLIENT_INVALID:
        return make_binding(f, no_handle(), f->server_from_client);
    case RPCANCEL_OP_COPY_CLIENT_BINDING:
        return make_binding(f, job->binding, f->copy_binding);
    case RPCANCEL_OP_TEST_CANCEL_SERVER_BINDING:
        return test_server_binding(f);
    default:
        return unimplemented();
    }
}

static void do_job(void *context)
{
    struct job *job = context;
    job->answer = call_function(job);
}

/* A function that does not return (port_is_stuck) keeps the job. */
static struct rpcancel_answer run_job(unsigned thread, struct job new_job)
{
    static struct job job;
    uint32_t exception;
    job = new_job;
    job.answer = unimplemented();
    return port_run(thread, do_job, &job, &exception) ? job.answer : rpcancel_answer_exception(exception);
}

static struct rpcancel_answer run(unsigned thread, struct rpcancel_operation operation, PRPC_ASYNC_STATE state,
                                  unsigned size)
{
    return run_job(thread, (struct job){.operation = operation, .state = state, .size = size});
}

struct rpcancel_answer child_ask(struct rpcancel_operation operation, RPC_BINDING_HANDLE binding)
{
    return run_job(operation.thread, (struct job){.operation = operation, .binding = binding});
}

/* ---- operations that take more than a call ---- */

static bool is_success(struct rpcancel_answer answer)
{
    return rpcancel_answer_is_code(answer, 0);
}

static bool is_cleared(const RPC_ASYNC_STATE *state)
{
    for (unsigned i = 0; i < 4; i++) {
        if (state->Reserved[i] != 0)
            return false;
    }
    return state->Size == sizeof *state && state->Lock == 0 && state->Flags == 0 && !state->StubInfo &&
           !state->RuntimeInfo;
}

static bool is_kept(const RPC_ASYNC_STATE *state, const RPC_ASYNC_STATE *before)
{
    return state->UserInfo == before->UserInfo && state->Event == before->Event &&
           state->NotificationType == before->NotificationType;
}

/* Initialises memory full of other values, so that what init sets, clears and leaves can be told apart. Memory that a
 * call uses is not touched. */
static struct child_answer initialise(struct rpcancel_operation operation)
{
    PRPC_ASYNC_STATE state = client_of(operation);
    RPC_ASYNC_STATE was = *state;
    bool may_look = !port_is_busy(state);
    if (may_look)
        memset(state, 0xA5, sizeof *state);
    RPC_ASYNC_STATE before = *state;
    struct child_answer result = {.answer = run(PORT_CLIENT, operation, state, sizeof *state)};
    if (port_is_stuck())
        return result;
    if (may_look && is_success(result.answer)) {
        result.signature = (uint32_t)state->Signature;
        result.answer.facts =
            RPCANCEL_FACT_LOOKED | (result.signature == SIGNATURE ? RPCANCEL_FACT_SIGNATURE_ASYC : 0) |
            (is_cleared(state) ? RPCANCEL_FACT_CLEARED : 0) | (is_kept(state, &before) ? RPCANCEL_FACT_KEPT : 0);
        state->UserInfo = NULL;
        state->Event = (RPC_ASYNC_EVENT)0;
        state->NotificationType = RpcNotificationTypeNone;
        memset(&state->u, 0, sizeof state->u);
        client_at(operation.handle)->initialised = true;
        client_at(operation.handle)->corrupted = false;
    } else if (may_look) {
        *state = was;
    }
    return result;
}

/* The answer is "invalid handle" only when it is that for every bad address. */
static struct rpcancel_answer initialise_bad_memory(struct rpcancel_operation operation)
{
    unsigned count;
    void *const *addresses = port_bad_addresses(&count);
    struct rpcancel_answer answer = unimplemented();
    for (unsigned i = 0; i < count; i++) {
        answer = run(PORT_CLIENT, operation, addresses[i], sizeof(RPC_ASYNC_STATE));
        if (!rpcancel_answer_is_code(answer, INVALID_ASYNC_HANDLE))
            break;
    }
    return answer;
}

static struct rpcancel_answer corrupt(struct rpcancel_operation operation)
{
    static char no_stub;
    PRPC_ASYNC_STATE state = client_of(operation);
    if (port_is_busy(state))
        return rpcancel_answer_kind(RPCANCEL_ANSWER_UNDEFINED);
    if (!client_at(operation.handle)->initialised)
        return rpcancel_answer_kind(RPCANCEL_ANSWER_REFUSED);
    client_at(operation.handle)->corrupted = true;
    switch (operation.argument) {
    case RPCANCEL_MEMBER_SIGNATURE:
        state->Signature = 0x21444142;
        break;
    case RPCANCEL_MEMBER_SIZE:
        state->Size = sizeof *state - 8;
        break;
    case RPCANCEL_MEMBER_LOCK:
        state->Lock = 1;
        break;
    default:
        state->StubInfo = &no_stub;
        break;
    }
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}

static struct rpcancel_answer execute_client(struct rpcancel_operation operation)
{
    unsigned size = sizeof(RPC_ASYNC_STATE);
    switch (operation.kind) {
    case RPCANCEL_OP_INIT_BAD_SIZE:
        size = operation.argument == RPCANCEL_SIZE_TOO_SMALL ? size - 1 : size + 1;
        return run(PORT_CLIENT, operation, client_of(operation), size);
    case RPCANCEL_OP_INIT_BAD_MEMORY:
        return initialise_bad_memory(operation);
    case RPCANCEL_OP_CORRUPT:
        return corrupt(operation);
    default:
        return run(PORT_CLIENT, operation, client_of(operation), size);
    }
}

static struct rpcancel_answer execute_server(struct rpcancel_operation operation)
{
    if (!(rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE))
        return run(operation.thread, operation, NULL, 0);
    struct rpcancel_answer answer;
    PRPC_ASYNC_STATE server = port_server_handle(operation, client_of(operation), &answer);
    return server ? run_job(
                        operation.thread,
                        (struct job){.operation = operation, .state = server, .binding = RpcAsyncGetCallHandle(server)})
                  : answer;
}

struct child_answer child_execute(struct rpcancel_operation operation)
{
    struct rpcancel_answer answer;
    if (port_carry_out(operation, client_of(operation), &answer))
        return (struct child_answer){.answer = answer};
    switch (rpcancel_operation_describe(operation.kind)->actor) {
    case RPCANCEL_ACTOR_CLIENT:
        if (operation.kind == RPCANCEL_OP_INIT)
            return initialise(operation);
        return (struct child_answer){.answer = execute_client(operation)};
    case RPCANCEL_ACTOR_SERVER:
        return (struct child_answer){.answer = execute_server(operation)};
    default:
        return (struct child_answer){.answer = unimplemented()};
    }
}
