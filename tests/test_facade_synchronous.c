// SPDX-License-Identifier: Apache-2.0
/*
 * Synchronous calls through the façade: threads of the client's and their handles, the functions that cancel what they
 * wait for, the clock, synchronous manager routines; and all of it beside the reference, by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "facade/rpcancel_facade.h"
#include "random_sequence.h"
#include "status.h"

static struct rpcancel_facade_world world;
static RPC_ASYNC_STATE names[RPCANCEL_HANDLES_MAX + 1];
static RPC_ASYNC_STATE *const name = &names[0];

static int fresh_world(void **context)
{
    (void)context;
    rpcancel_facade_create(&world, &rpcancel_choices_documented, 1);
    rpcancel_facade_select(&world, RPCANCEL_FACADE_CLIENT);
    memset(names, 0, sizeof names);
    return 0;
}

static void as(enum rpcancel_facade_thread thread)
{
    rpcancel_facade_select(&world, thread);
}

static RPC_STATUS set_cancel_timeout(const RPC_ASYNC_STATE *thread, LONG seconds)
{
    rpcancel_facade_select_client_thread(&world, thread);
    RPC_STATUS status = RpcMgmtSetCancelTimeout(seconds);
    as(RPCANCEL_FACADE_CLIENT);
    return status;
}

static RPC_STATUS set_call_timeout(const RPC_ASYNC_STATE *thread, ULONG_PTR milliseconds)
{
    return RpcBindingSetOption(rpcancel_facade_binding(thread), RPC_C_OPT_CALL_TIMEOUT, milliseconds);
}

/* A synchronous call whose manager routine, a synchronous one as well, runs on T1; T1 is left selected. */
static PRPC_ASYNC_STATE make_dispatched_call(void)
{
    PRPC_ASYNC_STATE server = NULL;
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_REQUEST, false), 0);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(rpcancel_facade_dispatch_synchronous(name, false, &server), 0);
    assert_non_null(server);
    return server;
}

/* ---- whole calls ---- */

static void the_return_of_a_synchronous_manager_routine_is_the_answer(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call();
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_synchronous_call(name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_return(server), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_REPLY, false), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_FACADE_REFUSED); /* once; then it is in no call */

    server = make_dispatched_call();
    assert_int_equal(rpcancel_facade_raise(server, 87), 0);
    assert_int_equal(rpcancel_facade_settle(), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_INVALID_ARG);
}

static void an_asynchronous_manager_routine_serves_it_as_well(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server;
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(rpcancel_facade_settle(), 0);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(rpcancel_facade_dispatch(name, false, &server), 0);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_ACCESS_DENIED);
    assert_int_equal(RpcCancelThread(rpcancel_facade_thread(name, true)), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_CANCEL, false), 0);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_hand_off(server), 0);
    assert_int_equal(rpcancel_facade_return(server), 0);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_ACCESS_DENIED); /* the thread serves nothing any more */
    as(RPCANCEL_FACADE_WORKER);
    assert_int_equal(RpcAsyncCompleteCall(server, NULL), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_settle(), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_OK);
}

static void a_synchronous_manager_routine_has_a_binding_handle_only(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call();
    RPC_BINDING_HANDLE binding = RpcAsyncGetCallHandle(server);
    assert_int_equal(rpcancel_facade_reach(server), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_reach_binding(server), 0);
    assert_int_equal(RpcAsyncCompleteCall(server, NULL), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncAbortCall(server, 5), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncGetCallStatus(server), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncCancelCall(server, FALSE), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_hand_off(server), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcServerTestCancel(binding), RPCANCEL_S_CALL_IN_PROGRESS);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_CALL_IN_PROGRESS);
    as(RPCANCEL_FACADE_WORKER);
    assert_int_equal(rpcancel_facade_reach_binding(server), RPCANCEL_FACADE_REFUSED);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(
        RpcServerSubscribeForNotification(binding, RpcNotificationCallCancel, RpcNotificationTypeEvent, NULL),
        RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_return(server), RPCANCEL_FACADE_UNDEFINED); /* it must unsubscribe before */
    assert_int_equal(RpcCancelThread(rpcancel_facade_thread(name, true)), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_settle(), 0);
    assert_int_equal(rpcancel_facade_reach_binding(server), 0);
    assert_int_equal(RpcServerTestCancel(binding), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_take(server, RpcNotificationCallCancel), RPCANCEL_S_OK);
}

/* ---- cancels, time-outs and the clock ---- */

/* The example of rpcancel_facade.h, and what the server sees of it. */
static void a_cancel_waits_as_long_as_the_thread_says(void **context)
{
    (void)context;
    assert_int_equal(set_cancel_timeout(name, 1), RPCANCEL_S_OK);
    PRPC_ASYNC_STATE server = make_dispatched_call();
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(rpcancel_facade_elapse(), 0);
    assert_int_equal(RpcCancelThread(rpcancel_facade_thread(name, true)), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_elapse(), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_FAILED);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_ACCESS_DENIED);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_CANCEL, false), 0);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_return(server), 0);
}

static void an_extended_cancel_waits_as_long_as_it_says(void **context)
{
    (void)context;
    static const LONG timeouts[] = {0, 1, 2};
    HANDLE thread = rpcancel_facade_thread(name, true);
    for (unsigned i = 0; i < 3; i++) {
        fresh_world(NULL);
        assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
        assert_int_equal(RpcCancelThreadEx(thread, RPC_C_CANCEL_INFINITE_TIMEOUT), RPCANCEL_S_OK);
        assert_int_equal(RpcCancelThreadEx(thread, timeouts[i]), RPCANCEL_S_OK);
        for (LONG second = 0; second < timeouts[i]; second++) {
            assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
            assert_int_equal(rpcancel_facade_elapse(), 0);
        }
        assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_CANCELLED);
    }
    assert_int_equal(RpcCancelThreadEx(thread, 3), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcCancelThreadEx(thread, -2), RPCANCEL_FACADE_REFUSED);
}

static void a_call_takes_no_longer_than_its_timeout(void **context)
{
    (void)context;
    assert_int_equal(set_call_timeout(name, 1000), RPCANCEL_S_OK);
    PRPC_ASYNC_STATE server = make_dispatched_call();
    assert_int_equal(rpcancel_facade_elapse(), 0);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_CALL_IN_PROGRESS); /* the server is not told */
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_CANCELLED);
    assert_int_equal(rpcancel_facade_return(server), 0);
    static const ULONG_PTR none[] = {0, INFINITE};
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(set_call_timeout(name, 1000), RPCANCEL_S_OK);
        assert_int_equal(set_call_timeout(name, none[i]), RPCANCEL_S_OK);
        server = make_dispatched_call();
        assert_int_equal(rpcancel_facade_elapse(), 0);
        assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
        assert_int_equal(rpcancel_facade_return(server), 0);
        assert_int_equal(rpcancel_facade_settle(), 0);
        assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_OK);
    }
}

static void timeouts_that_can_not_be_are_refused(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = rpcancel_facade_binding(name);
    assert_int_equal(set_cancel_timeout(name, 3), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(set_call_timeout(name, 1), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcBindingSetOption(binding, 1, 0), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcMgmtSetCancelTimeout(0), RPCANCEL_FACADE_REFUSED); /* none of the named threads is selected */
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(RpcMgmtSetCancelTimeout(0), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(set_cancel_timeout(name, 0), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(set_call_timeout(name, 0), RPCANCEL_FACADE_REFUSED);
}

static void threads_have_timeouts_of_their_own(void **context)
{
    (void)context;
    assert_int_equal(set_cancel_timeout(&names[1], 0), RPCANCEL_S_OK);
    assert_int_equal(set_call_timeout(&names[2], 1000), RPCANCEL_S_OK);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(rpcancel_facade_synchronous_call(&names[i]), 0);
        if (i < 2)
            assert_int_equal(RpcCancelThread(rpcancel_facade_thread(&names[i], true)), RPCANCEL_S_OK);
    }
    assert_int_equal(rpcancel_facade_elapse(), 0);
    assert_int_equal(rpcancel_facade_returned(&names[0]), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_returned(&names[1]), RPCANCEL_S_CALL_FAILED);
    assert_int_equal(rpcancel_facade_returned(&names[2]), RPCANCEL_S_CALL_CANCELLED);
}

static void a_call_fails_with_its_link(void **context)
{
    (void)context;
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(rpcancel_facade_lose_link(), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_FAILED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_SERVER_UNAVAILABLE);
}

static void a_thread_goes_on_while_the_server_works_on(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE first = make_dispatched_call();
    assert_int_equal(RpcCancelThreadEx(rpcancel_facade_thread(name, true), 0), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_CANCELLED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_ptr_equal(rpcancel_facade_server_handle(name, true), first);
    assert_null(rpcancel_facade_server_handle(name, false));
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_CANCEL, true), 0);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_return(first), 0);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_REPLY, true), 0);
    assert_null(rpcancel_facade_server_handle(name, true));
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
}

/* ---- names and handles ---- */

static void the_right_is_needed(void **context)
{
    (void)context;
    HANDLE without = rpcancel_facade_thread(name, false);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(RpcCancelThread(without), RPCANCEL_S_ACCESS_DENIED);
    assert_int_equal(RpcCancelThreadEx(without, 0), RPCANCEL_S_ACCESS_DENIED);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_CANCEL, false), RPCANCEL_FACADE_REFUSED);
}

static void what_is_no_handle_is_refused(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call();
    RPC_BINDING_HANDLE call = RpcAsyncGetCallHandle(server);
    void *const no_threads[] = {NULL,
                                name,
                                rpcancel_facade_binding(name),
                                rpcancel_facade_thread(NULL, true),
                                call,
                                rpcancel_facade_thread(server, true)};
    for (unsigned i = 0; i < sizeof no_threads / sizeof no_threads[0]; i++) {
        assert_int_equal(RpcCancelThread(no_threads[i]), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(RpcCancelThreadEx(no_threads[i], 0), RPCANCEL_FACADE_REFUSED);
    }
    void *const no_bindings[] = {NULL, name, rpcancel_facade_thread(name, true), call, rpcancel_facade_binding(server)};
    for (unsigned i = 0; i < sizeof no_bindings / sizeof no_bindings[0]; i++)
        assert_int_equal(RpcBindingSetOption(no_bindings[i], RPC_C_OPT_CALL_TIMEOUT, 0), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_synchronous_call(NULL), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_synchronous_call(server), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_returned(NULL), RPCANCEL_FACADE_REFUSED);
}

static void a_structure_in_use_names_no_thread(void **context)
{
    (void)context;
    assert_int_equal(RpcAsyncInitializeHandle(name, sizeof *name), RPCANCEL_S_OK);
    for (unsigned round = 0; round < 2; round++) {
        assert_int_equal(rpcancel_facade_synchronous_call(name), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(RpcCancelThread(rpcancel_facade_thread(name, true)), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(set_cancel_timeout(name, 1), RPCANCEL_FACADE_REFUSED);
        if (round == 0)
            assert_int_equal(rpcancel_facade_call(name), 0);
    }
    memset(name, 0, sizeof *name); /* the call is lost to its program, and outstanding */
    assert_int_equal(rpcancel_facade_synchronous_call(name), RPCANCEL_FACADE_REFUSED);
}

static void a_thread_is_no_structure_of_a_call(void **context)
{
    (void)context;
    static const RPC_ASYNC_STATE zeroed;
    assert_int_equal(set_cancel_timeout(name, 2), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncInitializeHandle(name, sizeof *name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_call(name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(RpcAsyncGetCallStatus(name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncCompleteCall(name, NULL), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncCancelCall(name, TRUE), RPCANCEL_FACADE_REFUSED);
    assert_false(rpcancel_facade_is_busy(name));
    assert_int_equal(rpcancel_facade_lose_link(), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_CALL_FAILED);
    assert_int_equal(set_cancel_timeout(name, RPC_C_CANCEL_INFINITE_TIMEOUT), RPCANCEL_S_OK);
    assert_memory_equal(name, &zeroed, sizeof zeroed);
    assert_int_equal(RpcAsyncGetCallStatus(name), RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_int_equal(RpcAsyncInitializeHandle(name, sizeof *name), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(name), RPCANCEL_S_SERVER_UNAVAILABLE);
}

/* One after the other in the same memory, as where a function's variables are. */
static void memory_of_a_call_that_is_over_may_name_a_thread(void **context)
{
    (void)context;
    assert_int_equal(RpcAsyncInitializeHandle(name, sizeof *name), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(name), 0);
    assert_int_equal(RpcAsyncCancelCall(name, TRUE), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(name, NULL), RPCANCEL_S_CALL_CANCELLED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), RPCANCEL_FACADE_REFUSED);
    memset(name, 0, sizeof *name);
    assert_int_equal(rpcancel_facade_synchronous_call(name), 0);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_REQUEST, true), 0);
    assert_int_equal(rpcancel_facade_deliver(name, RPCANCEL_FACADE_REQUEST, false), 0);
}

static void a_world_has_room_for_so_many_threads(void **context)
{
    (void)context;
    const RPC_ASYNC_STATE *last = &names[RPCANCEL_HANDLES_MAX];
    for (unsigned i = 0; i + 1 < RPCANCEL_HANDLES_MAX; i++)
        assert_int_equal(rpcancel_facade_synchronous_call(&names[i]), 0);
    assert_int_equal(set_cancel_timeout(&names[RPCANCEL_HANDLES_MAX - 1], 1), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_synchronous_call(last), RPCANCEL_S_OUT_OF_RESOURCES);
    assert_int_equal(set_cancel_timeout(last, 1), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcCancelThread(rpcancel_facade_thread(last, true)), RPCANCEL_S_OK); /* it is in no call */
    assert_int_equal(set_cancel_timeout(&names[RPCANCEL_HANDLES_MAX - 1], -1), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_synchronous_call(last), 0);
    assert_int_equal(rpcancel_facade_returned(&names[0]), RPCANCEL_S_WAIT_TIMEOUT);
}

static void without_a_world_there_is_nothing(void **context)
{
    (void)context;
    rpcancel_facade_select_client_thread(NULL, name);
    assert_int_equal(RpcMgmtSetCancelTimeout(1), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcTestCancel(), RPCANCEL_S_ACCESS_DENIED);
    assert_int_equal(RpcCancelThread(rpcancel_facade_thread(name, true)), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(set_call_timeout(name, 1000), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_synchronous_call(name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_returned(name), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_elapse(), RPCANCEL_FACADE_REFUSED);
}

/* ---- beside the reference, by chance ---- */

static const LONG seconds[RPCANCEL_TIMEOUTS] = {RPC_C_CANCEL_INFINITE_TIMEOUT, 0, 1, 2};
static const ULONG_PTR milliseconds[] = {INFINITE, 0, 1000};

static RPC_STATUS do_of_client(struct rpcancel_operation operation, PRPC_ASYNC_STATE client)
{
    switch (operation.kind) {
    case RPCANCEL_OP_SYNCHRONOUS_CALL:
        return rpcancel_facade_synchronous_call(client);
    case RPCANCEL_OP_RETURNED:
        return rpcancel_facade_returned(client);
    case RPCANCEL_OP_CANCEL_THREAD:
        return RpcCancelThread(rpcancel_facade_thread(client, true));
    case RPCANCEL_OP_CANCEL_THREAD_DENIED:
        return RpcCancelThread(rpcancel_facade_thread(client, false));
    case RPCANCEL_OP_CANCEL_THREAD_EX:
        return RpcCancelThreadEx(rpcancel_facade_thread(client, true), seconds[operation.argument]);
    case RPCANCEL_OP_SET_CANCEL_TIMEOUT:
        return set_cancel_timeout(client, seconds[operation.argument]);
    case RPCANCEL_OP_SET_CALL_TIMEOUT:
        return set_call_timeout(client, milliseconds[operation.argument]);
    case RPCANCEL_OP_INIT:
        return RpcAsyncInitializeHandle(client, sizeof *client);
    case RPCANCEL_OP_CALL:
        return rpcancel_facade_call(client);
    case RPCANCEL_OP_STATUS:
        return RpcAsyncGetCallStatus(client);
    case RPCANCEL_OP_COMPLETE:
        return RpcAsyncCompleteCall(client, NULL);
    case RPCANCEL_OP_CANCEL_ABORT:
        return RpcAsyncCancelCall(client, TRUE);
    default:
        fail_msg("operation %u is not drawn", operation.kind);
        return 0;
    }
}

static RPC_STATUS do_at_server(struct rpcancel_operation operation, const RPC_ASYNC_STATE *client)
{
    PRPC_ASYNC_STATE server = rpcancel_facade_server_handle(client, operation.earlier);
    if (operation.kind == RPCANCEL_OP_DISPATCH)
        return rpcancel_facade_dispatch(client, operation.earlier, &server);
    if (operation.kind == RPCANCEL_OP_DISPATCH_SYNCHRONOUS)
        return rpcancel_facade_dispatch_synchronous(client, operation.earlier, &server);
    if (operation.kind == RPCANCEL_OP_TEST_CANCEL_THREAD)
        return RpcTestCancel();
    if (!server)
        return RPCANCEL_FACADE_REFUSED;
    switch (operation.kind) {
    case RPCANCEL_OP_HAND_OFF:
        return rpcancel_facade_hand_off(server);
    case RPCANCEL_OP_RETURN:
        return rpcancel_facade_return(server);
    case RPCANCEL_OP_RAISE:
        return rpcancel_facade_raise(server, rpcancel_fault_code(operation.argument));
    case RPCANCEL_OP_TEST_CANCEL:
        return RpcServerTestCancel(RpcAsyncGetCallHandle(server));
    case RPCANCEL_OP_SERVER_COMPLETE:
        return RpcAsyncCompleteCall(server, NULL);
    default:
        return RpcAsyncAbortCall(server, rpcancel_fault_code(operation.argument));
    }
}

static RPC_STATUS do_operation(struct rpcancel_operation operation)
{
    PRPC_ASYNC_STATE client = &names[operation.handle];
    bool is_server = rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_THREAD;
    as(is_server ? (enum rpcancel_facade_thread)operation.thread : RPCANCEL_FACADE_CLIENT);
    if (rpcancel_is_delivery(operation.kind)) {
        unsigned message = operation.kind - (unsigned)RPCANCEL_OP_DELIVER_REQUEST + RPCANCEL_FACADE_REQUEST;
        return rpcancel_facade_deliver(client, (enum rpcancel_facade_message)message, operation.earlier);
    }
    if (operation.kind == RPCANCEL_OP_LOSE_LINK)
        return rpcancel_facade_lose_link();
    if (operation.kind == RPCANCEL_OP_SETTLE)
        return rpcancel_facade_settle();
    if (operation.kind == RPCANCEL_OP_ELAPSE)
        return rpcancel_facade_elapse();
    if (rpcancel_operation_describe(operation.kind)->actor == RPCANCEL_ACTOR_SERVER)
        return do_at_server(operation, client);
    return do_of_client(operation, client);
}

static RPC_STATUS as_status(struct rpcancel_answer answer)
{
    if (answer.kind == RPCANCEL_ANSWER_UNDEFINED)
        return RPCANCEL_FACADE_UNDEFINED;
    return answer.kind == RPCANCEL_ANSWER_REFUSED ? RPCANCEL_FACADE_REFUSED : (RPC_STATUS)answer.code;
}

/* An operation that mostly can happen. */
static struct rpcancel_operation draw(struct random_source *source, const struct rpcancel_world *reference)
{
    static const uint8_t kinds[] = {
        RPCANCEL_OP_SYNCHRONOUS_CALL,
        RPCANCEL_OP_SYNCHRONOUS_CALL,
        RPCANCEL_OP_RETURNED,
        RPCANCEL_OP_CANCEL_THREAD,
        RPCANCEL_OP_CANCEL_THREAD_DENIED,
        RPCANCEL_OP_CANCEL_THREAD_EX,
        RPCANCEL_OP_SET_CANCEL_TIMEOUT,
        RPCANCEL_OP_SET_CALL_TIMEOUT,
        RPCANCEL_OP_ELAPSE,
        RPCANCEL_OP_DISPATCH,
        RPCANCEL_OP_DISPATCH_SYNCHRONOUS,
        RPCANCEL_OP_TEST_CANCEL_THREAD,
        RPCANCEL_OP_DELIVER_REQUEST,
        RPCANCEL_OP_DELIVER_REQUEST,
        RPCANCEL_OP_DELIVER_CANCEL,
        RPCANCEL_OP_DELIVER_ORPHANED,
        RPCANCEL_OP_DELIVER_REPLY,
        RPCANCEL_OP_SETTLE,
        RPCANCEL_OP_HAND_OFF,
        RPCANCEL_OP_RETURN,
        RPCANCEL_OP_RAISE,
        RPCANCEL_OP_TEST_CANCEL,
        RPCANCEL_OP_SERVER_COMPLETE,
        RPCANCEL_OP_SERVER_ABORT,
        RPCANCEL_OP_INIT,
        RPCANCEL_OP_CALL,
        RPCANCEL_OP_STATUS,
        RPCANCEL_OP_COMPLETE,
        RPCANCEL_OP_CANCEL_ABORT,
        RPCANCEL_OP_LOSE_LINK,
    };
    struct rpcancel_operation operation = {0};
    for (unsigned tries = 0; tries < 8; tries++) {
        struct rpcancel_world copy = *reference;
        operation = random_operation(source);
        operation.kind = kinds[random_below(source, sizeof kinds)];
        operation = rpcancel_operation_canonical(operation);
        if (operation.kind == RPCANCEL_OP_LOSE_LINK && random_below(source, 40))
            continue;
        if (operation.kind == RPCANCEL_OP_INIT && random_below(source, 4)) /* never a thread again */
            continue;
        if (rpcancel_answer_happened(rpcancel_step(&rpcancel_choices_documented, &copy, operation)))
            break;
    }
    return operation;
}

static void answers_are_those_of_the_reference(void **context)
{
    (void)context;
    enum { SEQUENCES = 2000, STEPS = 120 };
    struct random_source source = {.state = 1};
    unsigned happened[RPCANCEL_OPERATION_KINDS] = {0}, results[RPCANCEL_OPERATION_KINDS] = {0};
    for (unsigned i = 0; i < SEQUENCES; i++) {
        struct rpcancel_world reference;
        rpcancel_world_reset(&reference);
        fresh_world(NULL);
        for (unsigned step = 0; step < STEPS; step++) {
            struct rpcancel_operation operation = draw(&source, &reference);
            struct rpcancel_answer expected = rpcancel_step(&rpcancel_choices_documented, &reference, operation);
            RPC_STATUS got = do_operation(operation);
            if (got != as_status(expected)) {
                char text[RPCANCEL_OPERATION_TEXT_MAX];
                rpcancel_operation_print(operation, text, sizeof text);
                fail_msg("sequence %u, step %u, %s: %d; expected %d", i, step, text, got, as_status(expected));
            }
            happened[operation.kind] += rpcancel_answer_happened(expected);
            results[operation.kind] += expected.code != 0;
        }
    }
    for (unsigned kind = RPCANCEL_OP_SYNCHRONOUS_CALL; kind <= RPCANCEL_OP_TEST_CANCEL_THREAD; kind++)
        assert_true(happened[kind] > 1000);
    assert_in_range(results[RPCANCEL_OP_TEST_CANCEL_THREAD], 100, happened[RPCANCEL_OP_TEST_CANCEL_THREAD] - 100);
    assert_in_range(results[RPCANCEL_OP_RETURNED], 100, happened[RPCANCEL_OP_RETURNED] - 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_return_of_a_synchronous_manager_routine_is_the_answer, fresh_world),
        cmocka_unit_test_setup(an_asynchronous_manager_routine_serves_it_as_well, fresh_world),
        cmocka_unit_test_setup(a_synchronous_manager_routine_has_a_binding_handle_only, fresh_world),
        cmocka_unit_test_setup(a_cancel_waits_as_long_as_the_thread_says, fresh_world),
        cmocka_unit_test_setup(an_extended_cancel_waits_as_long_as_it_says, fresh_world),
        cmocka_unit_test_setup(a_call_takes_no_longer_than_its_timeout, fresh_world),
        cmocka_unit_test_setup(timeouts_that_can_not_be_are_refused, fresh_world),
        cmocka_unit_test_setup(threads_have_timeouts_of_their_own, fresh_world),
        cmocka_unit_test_setup(a_call_fails_with_its_link, fresh_world),
        cmocka_unit_test_setup(a_thread_goes_on_while_the_server_works_on, fresh_world),
        cmocka_unit_test_setup(the_right_is_needed, fresh_world),
        cmocka_unit_test_setup(what_is_no_handle_is_refused, fresh_world),
        cmocka_unit_test_setup(a_structure_in_use_names_no_thread, fresh_world),
        cmocka_unit_test_setup(a_thread_is_no_structure_of_a_call, fresh_world),
        cmocka_unit_test_setup(memory_of_a_call_that_is_over_may_name_a_thread, fresh_world),
        cmocka_unit_test_setup(a_world_has_room_for_so_many_threads, fresh_world),
        cmocka_unit_test_setup(without_a_world_there_is_nothing, fresh_world),
        cmocka_unit_test(answers_are_those_of_the_reference),
    };
    return cmocka_run_group_tests_name("facade_synchronous", tests, NULL, NULL);
}
