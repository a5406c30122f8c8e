// SPDX-License-Identifier: Apache-2.0
/*
 * The documented functions on top of the reference implementation: what they do to memory, what they accept as a
 * handle, and a whole call from both ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "facade/rpcancel_facade.h"
#include "status.h"

static struct rpcancel_facade_world world;
static RPC_ASYNC_STATE state;

static int fresh_world(void **context)
{
    (void)context;
    rpcancel_facade_create(&world, &rpcancel_choices_documented, 1);
    rpcancel_facade_select(&world, RPCANCEL_FACADE_CLIENT);
    memset(&state, 0, sizeof state);
    return 0;
}

static void as(enum rpcancel_facade_thread thread)
{
    rpcancel_facade_select(&world, thread);
}

static void make_call(PRPC_ASYNC_STATE client)
{
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncInitializeHandle(client, sizeof *client), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(client), 0);
}

/* A call whose manager routine runs on T1; T1 is left selected. */
static PRPC_ASYNC_STATE make_dispatched_call(PRPC_ASYNC_STATE client)
{
    PRPC_ASYNC_STATE server = NULL;
    make_call(client);
    assert_int_equal(rpcancel_facade_deliver(client, RPCANCEL_FACADE_REQUEST, false), 0);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(rpcancel_facade_dispatch(client, false, &server), 0);
    assert_non_null(server);
    return server;
}

/* ---- memory ---- */

static void init_sets_and_clears_its_members_only(void **context)
{
    (void)context;
    RPC_ASYNC_STATE before;
    memset(&state, 0x5A, sizeof state);
    before = state;
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);
    assert_int_equal(state.Size, sizeof state);
    assert_int_equal(state.Signature, 0x43595341);
    assert_memory_equal(&state.Signature, "ASYC", 4);
    assert_int_equal(state.Lock, 0);
    assert_int_equal(state.Flags, 0);
    assert_null(state.StubInfo);
    assert_null(state.RuntimeInfo);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(state.Reserved[i], 0);
    assert_ptr_equal(state.UserInfo, before.UserInfo);
    assert_int_equal(state.Event, before.Event);
    assert_int_equal(state.NotificationType, before.NotificationType);
    assert_memory_equal(&state.u, &before.u, sizeof state.u);
}

static void init_with_another_size_changes_nothing(void **context)
{
    (void)context;
    static const unsigned sizes[] = {0, sizeof(RPC_ASYNC_STATE) - 1, sizeof(RPC_ASYNC_STATE) + 1, 256};
    RPC_ASYNC_STATE before;
    memset(&state, 0x5A, sizeof state);
    before = state;
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(RpcAsyncInitializeHandle(&state, sizes[i]), RPCANCEL_S_INVALID_ARG);
        assert_memory_equal(&state, &before, sizeof state);
    }
}

/* No operating system maps the first 64 KiB, and no structure is at an address that is not aligned. */
static void no_memory_is_no_handle(void **context)
{
    (void)context;
    const uintptr_t addresses[] = {0, 8, 0xFFF8, (uintptr_t)&state + 1, (uintptr_t)&state + 4};
    for (unsigned i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        PRPC_ASYNC_STATE nowhere = (PRPC_ASYNC_STATE)addresses[i];
        assert_int_equal(RpcAsyncInitializeHandle(nowhere, sizeof state), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(RpcAsyncGetCallStatus(nowhere), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(RpcAsyncCompleteCall(nowhere, NULL), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(RpcAsyncCancelCall(nowhere, FALSE), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(RpcAsyncCancelCall(nowhere, TRUE), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(RpcAsyncAbortCall(nowhere, 5), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(rpcancel_facade_call(nowhere), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(rpcancel_facade_await(nowhere), RPCANCEL_S_WAIT_TIMEOUT);
    }
}

static void assert_every_function_says(RPC_STATUS code)
{
    assert_int_equal(RpcAsyncGetCallStatus(&state), code);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), code);
    assert_int_equal(RpcAsyncCancelCall(&state, FALSE), code);
    assert_int_equal(RpcAsyncCancelCall(&state, TRUE), code);
    assert_int_equal(RpcAsyncAbortCall(&state, 5), code);
}

static void altered_members_invalidate_a_handle(void **context)
{
    (void)context;
    for (unsigned member = 0; member < 5; member++) {
        fresh_world(NULL);
        make_call(&state);
        RPC_ASYNC_STATE good = state;
        if (member == 0)
            state.Size--;
        else if (member == 1)
            state.Signature++;
        else if (member == 2)
            state.Lock = 1;
        else if (member == 3)
            state.StubInfo = &good;
        else
            state.RuntimeInfo = NULL; /* reserved: a caller who clears it has lost the call */
        assert_every_function_says(RPCANCEL_S_INVALID_ASYNC_HANDLE);
        assert_int_equal(rpcancel_facade_call(&state), RPCANCEL_S_INVALID_ASYNC_HANDLE);
        state = good; /* nothing happened to the call meanwhile */
        assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
    }
}

static void members_of_the_caller_do_not_matter(void **context)
{
    (void)context;
    make_call(&state);
    state.UserInfo = &world;
    state.Event = RpcClientCancel;
    state.NotificationType = RpcNotificationTypeCallback;
    state.Flags = RPC_C_NOTIFY_ON_SEND_COMPLETE;
    memset(&state.u, 0xFF, sizeof state.u);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
    assert_int_equal(RpcAsyncCancelCall(&state, TRUE), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_CALL_CANCELLED);
    assert_ptr_equal(state.UserInfo, &world);
    assert_int_equal(state.NotificationType, RpcNotificationTypeCallback);
}

static void handles_without_a_call(void **context)
{
    (void)context;
    assert_every_function_says(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);
    assert_every_function_says(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_null(RpcAsyncGetCallHandle(&state));
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);

    rpcancel_facade_create(&world, &rpcancel_choices_windows, 1);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_INVALID_BINDING);
    memset(&state, 0, sizeof state);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_INVALID_BINDING);
}

static void init_of_a_busy_handle_is_undefined(void **context)
{
    (void)context;
    make_call(&state);
    RPC_ASYNC_STATE before = state;
    assert_true(rpcancel_facade_is_busy(&state));
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_FACADE_UNDEFINED);
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state - 1), RPCANCEL_FACADE_UNDEFINED);
    assert_int_equal(rpcancel_facade_call(&state), RPCANCEL_FACADE_UNDEFINED);
    assert_memory_equal(&state, &before, sizeof state);
}

/* ---- call handles ---- */

static void made_up_call_handles_are_invalid(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    uintptr_t right = (uintptr_t)RpcAsyncGetCallHandle(server);
    assert_int_equal(RpcServerTestCancel((RPC_BINDING_HANDLE)right), RPCANCEL_S_CALL_IN_PROGRESS);
    for (unsigned bit = 0; bit < 8 * sizeof right; bit++) {
        RPC_BINDING_HANDLE wrong = (RPC_BINDING_HANDLE)(right ^ (uintptr_t)1 << bit);
        assert_int_equal(RpcServerTestCancel(wrong), RPCANCEL_S_INVALID_BINDING);
        RPC_ASYNC_STATE made_up = *server;
        made_up.RuntimeInfo = wrong;
        assert_int_equal(RpcAsyncCancelCall(&made_up, FALSE),
                         bit == 1 ? RPCANCEL_S_OK : RPCANCEL_S_INVALID_ASYNC_HANDLE); /* bit 1: the client's */
    }
    assert_int_equal(RpcServerTestCancel(&state), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(RpcServerTestCancel((RPC_BINDING_HANDLE)UINTPTR_MAX), RPCANCEL_S_INVALID_BINDING);
}

static void call_handles_are_never_addresses(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    assert_int_equal((uintptr_t)RpcAsyncGetCallHandle(server) & 1, 1);
    assert_int_equal((uintptr_t)RpcAsyncGetCallHandle(&state) & 1, 1);
    assert_true((intptr_t)RpcAsyncGetCallHandle(server) < 0);
}

static void the_clients_call_handle_is_none_for_the_server(void **context)
{
    (void)context;
    make_dispatched_call(&state);
    assert_non_null(RpcAsyncGetCallHandle(&state));
    assert_int_equal(RpcServerTestCancel(RpcAsyncGetCallHandle(&state)), RPCANCEL_S_INVALID_BINDING);
}

static void stale_handles_are_invalid(void **context)
{
    (void)context;
    make_call(&state);
    RPC_ASYNC_STATE old = state;
    assert_int_equal(RpcAsyncCancelCall(&state, TRUE), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_CALL_CANCELLED);
    assert_null(RpcAsyncGetCallHandle(&state));
    assert_int_equal(RpcAsyncGetCallStatus(&old), RPCANCEL_S_INVALID_ASYNC_HANDLE);
    make_call(&state);
    assert_int_equal(RpcAsyncGetCallStatus(&old), RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_int_equal(RpcAsyncCompleteCall(&old, NULL), RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
}

static void reset_and_other_worlds_do_not_know_the_handle(void **context)
{
    (void)context;
    static struct rpcancel_facade_world other;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    RPC_BINDING_HANDLE handle = RpcAsyncGetCallHandle(server);
    RPC_ASYNC_STATE other_state;

    rpcancel_facade_create(&other, &rpcancel_choices_documented, 2);
    rpcancel_facade_select(&other, RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncInitializeHandle(&other_state, sizeof other_state), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(&other_state), 0);
    rpcancel_facade_settle();
    rpcancel_facade_select(&other, RPCANCEL_FACADE_T1);
    PRPC_ASYNC_STATE other_server;
    assert_int_equal(rpcancel_facade_dispatch(&other_state, false, &other_server), 0);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_INVALID_ASYNC_HANDLE);

    as(RPCANCEL_FACADE_T1);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_CALL_IN_PROGRESS);
    rpcancel_facade_reset(&world);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_INVALID_BINDING);
    make_dispatched_call(&state);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_INVALID_BINDING);
}

static void without_a_world_there_are_no_calls(void **context)
{
    (void)context;
    make_call(&state);
    rpcancel_facade_select(NULL, RPCANCEL_FACADE_T1);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_NO_CALL_ACTIVE);
    assert_int_equal(RpcServerTestCancel(&world), RPCANCEL_S_INVALID_BINDING);
    assert_every_function_says(RPCANCEL_S_INVALID_ASYNC_HANDLE);
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(&state), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_await(&state), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_settle(), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_lose_link(), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_REQUEST, false), RPCANCEL_FACADE_REFUSED);
}

/* ---- roles and threads ---- */

static void functions_of_the_other_role(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    assert_int_equal(RpcAsyncGetCallStatus(server), RPCANCEL_S_INVALID_ASYNC_CALL);
    assert_int_equal(RpcAsyncCancelCall(server, FALSE), RPCANCEL_S_INVALID_ASYNC_CALL);
    assert_int_equal(RpcAsyncCancelCall(server, TRUE), RPCANCEL_S_INVALID_ASYNC_CALL);
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncAbortCall(&state, 5), RPCANCEL_S_INVALID_ASYNC_CALL);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
}

static void handles_out_of_reach_are_refused(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    static const enum rpcancel_facade_thread others[] = {RPCANCEL_FACADE_T2, RPCANCEL_FACADE_WORKER,
                                                         RPCANCEL_FACADE_CLIENT};
    for (unsigned i = 0; i < 3; i++) {
        as(others[i]);
        assert_int_equal(rpcancel_facade_reach(server), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(RpcAsyncCompleteCall(server, NULL), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(RpcServerTestCancel(RpcAsyncGetCallHandle(server)), RPCANCEL_FACADE_REFUSED);
        assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_NO_CALL_ACTIVE);
    }
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(rpcancel_facade_hand_off(server), 0);
    as(RPCANCEL_FACADE_WORKER);
    assert_int_equal(rpcancel_facade_reach(server), 0);
    assert_int_equal(RpcServerTestCancel(RpcAsyncGetCallHandle(server)), RPCANCEL_S_CALL_IN_PROGRESS);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_NO_CALL_ACTIVE);
}

static void exception_codes_of_abort(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    assert_int_equal(RpcAsyncAbortCall(server, 0), RPCANCEL_FACADE_UNDEFINED);
    assert_int_equal(RpcAsyncAbortCall(server, 4711), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_raise(server, 4711), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(RpcAsyncAbortCall(server, 0xC0000005u), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncAbortCall(server, 5), RPCANCEL_FACADE_UNDEFINED);
    as(RPCANCEL_FACADE_CLIENT);
    rpcancel_facade_settle();
    assert_int_equal((uint32_t)RpcAsyncCompleteCall(&state, NULL), 0xC0000005u);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_FACADE_UNDEFINED);
}

/* ---- whole calls ---- */

static void a_call_that_is_cancelled_and_completed(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE server = make_dispatched_call(&state);
    RPC_BINDING_HANDLE handle = RpcAsyncGetCallHandle(server);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_CALL_IN_PROGRESS);
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncCancelCall(&state, FALSE), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_ASYNC_CALL_PENDING);
    as(RPCANCEL_FACADE_T1);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_CALL_IN_PROGRESS);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_ORPHANED, false), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_CANCEL, false), 0);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_OK);
    assert_int_equal(RpcServerTestCancel(NULL), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_hand_off(server), 0);
    assert_int_equal(rpcancel_facade_return(server), 0);
    as(RPCANCEL_FACADE_WORKER);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(server, NULL), RPCANCEL_S_OK);
    assert_int_equal(RpcServerTestCancel(handle), RPCANCEL_FACADE_UNDEFINED);
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(rpcancel_facade_await(&state), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_REPLY, false), 0);
    assert_int_equal(rpcancel_facade_await(&state), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_await(&state), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_OK);
    assert_false(rpcancel_facade_is_busy(&state));
}

/* After an abortive cancel the handle is free while the server's call lives on as the earlier one. */
static void a_handle_used_again_keeps_its_earlier_call(void **context)
{
    (void)context;
    PRPC_ASYNC_STATE first = make_dispatched_call(&state);
    assert_int_equal(rpcancel_facade_hand_off(first), 0);
    assert_int_equal(rpcancel_facade_return(first), 0);
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncCancelCall(&state, TRUE), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_CALL_CANCELLED);
    PRPC_ASYNC_STATE second = make_dispatched_call(&state);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(rpcancel_facade_server_handle(&state, true), first);
    assert_ptr_equal(rpcancel_facade_server_handle(&state, false), second);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_ORPHANED, true), 0);
    assert_int_equal(RpcServerTestCancel(RpcAsyncGetCallHandle(first)), RPCANCEL_S_OK);
    assert_int_equal(RpcServerTestCancel(RpcAsyncGetCallHandle(second)), RPCANCEL_S_CALL_IN_PROGRESS);
    as(RPCANCEL_FACADE_WORKER);
    assert_int_equal(RpcAsyncAbortCall(first, 5), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_deliver(&state, RPCANCEL_FACADE_REPLY, true), 0);
    assert_null(rpcancel_facade_server_handle(&state, true));
    assert_int_equal(RpcAsyncCompleteCall(first, NULL), RPCANCEL_S_INVALID_ASYNC_HANDLE);
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
}

static void a_call_fails_with_its_link(void **context)
{
    (void)context;
    make_call(&state);
    assert_int_equal(rpcancel_facade_lose_link(), 0);
    assert_int_equal(rpcancel_facade_lose_link(), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(rpcancel_facade_await(&state), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(&state, NULL), RPCANCEL_S_CALL_FAILED);
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(&state), RPCANCEL_S_SERVER_UNAVAILABLE);
    assert_null(RpcAsyncGetCallHandle(&state));
    assert_false(rpcancel_facade_is_busy(&state));
}

static void a_world_has_room_for_so_many_handles(void **context)
{
    (void)context;
    RPC_ASYNC_STATE states[RPCANCEL_HANDLES_MAX + 1];
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        make_call(&states[i]);
    PRPC_ASYNC_STATE last = &states[RPCANCEL_HANDLES_MAX];
    assert_int_equal(RpcAsyncInitializeHandle(last, sizeof *last), RPCANCEL_S_OK);
    assert_int_equal(rpcancel_facade_call(last), RPCANCEL_S_OUT_OF_RESOURCES);
    /* One ends, also at the server: its place is free again. */
    rpcancel_facade_settle();
    as(RPCANCEL_FACADE_T1);
    PRPC_ASYNC_STATE server;
    assert_int_equal(rpcancel_facade_dispatch(&states[2], false, &server), 0);
    assert_int_equal(rpcancel_facade_raise(server, 87), 0);
    rpcancel_facade_settle();
    as(RPCANCEL_FACADE_CLIENT);
    assert_int_equal(RpcAsyncCompleteCall(&states[2], NULL), RPCANCEL_S_INVALID_ARG);
    assert_int_equal(rpcancel_facade_call(last), 0);
    assert_int_equal(RpcAsyncGetCallStatus(last), RPCANCEL_S_ASYNC_CALL_PENDING);
    assert_int_equal(RpcAsyncGetCallStatus(&states[0]), RPCANCEL_S_ASYNC_CALL_PENDING);
}

/* ---- threads ---- */

/* Drives a world of its own; returns it when every answer was as if it were alone. */
static void *drive_world(void *context)
{
    struct rpcancel_facade_world *own = context;
    bool right = true;
    for (unsigned round = 0; round < 2000 && right; round++) {
        RPC_ASYNC_STATE mine;
        PRPC_ASYNC_STATE server = NULL;
        rpcancel_facade_reset(own);
        rpcancel_facade_select(own, RPCANCEL_FACADE_CLIENT);
        right = RpcAsyncInitializeHandle(&mine, sizeof mine) == 0 && rpcancel_facade_call(&mine) == 0 &&
                RpcAsyncCancelCall(&mine, round % 2 ? TRUE : FALSE) == 0 && rpcancel_facade_settle() == 0;
        rpcancel_facade_select(own, RPCANCEL_FACADE_T2);
        right = right && rpcancel_facade_dispatch(&mine, false, &server) == 0 && RpcServerTestCancel(NULL) == 0 &&
                RpcAsyncCompleteCall(server, NULL) == 0;
        rpcancel_facade_select(own, RPCANCEL_FACADE_CLIENT);
        rpcancel_facade_settle();
        RPC_STATUS expected = round % 2 ? RPCANCEL_S_CALL_CANCELLED : RPCANCEL_S_OK;
        right = right && RpcAsyncCompleteCall(&mine, NULL) == expected;
    }
    return right ? own : NULL;
}

static void threads_drive_worlds_of_their_own(void **context)
{
    (void)context;
    enum { THREADS = 3 };
    static struct rpcancel_facade_world worlds[THREADS];
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        rpcancel_facade_create(&worlds[i], &rpcancel_choices_documented, i);
        assert_int_equal(pthread_create(&threads[i], NULL, drive_world, &worlds[i]), 0);
    }
    make_call(&state);
    for (unsigned i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, &worlds[i]);
    }
    assert_int_equal(RpcAsyncGetCallStatus(&state), RPCANCEL_S_ASYNC_CALL_PENDING);
}

int main(void)
{
    const struct CMUnitTest facade[] = {
        cmocka_unit_test_setup(init_sets_and_clears_its_members_only, fresh_world),
        cmocka_unit_test_setup(init_with_another_size_changes_nothing, fresh_world),
        cmocka_unit_test_setup(no_memory_is_no_handle, fresh_world),
        cmocka_unit_test_setup(altered_members_invalidate_a_handle, fresh_world),
        cmocka_unit_test_setup(members_of_the_caller_do_not_matter, fresh_world),
        cmocka_unit_test_setup(handles_without_a_call, fresh_world),
        cmocka_unit_test_setup(init_of_a_busy_handle_is_undefined, fresh_world),
        cmocka_unit_test_setup(made_up_call_handles_are_invalid, fresh_world),
        cmocka_unit_test_setup(call_handles_are_never_addresses, fresh_world),
        cmocka_unit_test_setup(the_clients_call_handle_is_none_for_the_server, fresh_world),
        cmocka_unit_test_setup(stale_handles_are_invalid, fresh_world),
        cmocka_unit_test_setup(reset_and_other_worlds_do_not_know_the_handle, fresh_world),
        cmocka_unit_test_setup(without_a_world_there_are_no_calls, fresh_world),
        cmocka_unit_test_setup(functions_of_the_other_role, fresh_world),
        cmocka_unit_test_setup(handles_out_of_reach_are_refused, fresh_world),
        cmocka_unit_test_setup(exception_codes_of_abort, fresh_world),
        cmocka_unit_test_setup(a_call_that_is_cancelled_and_completed, fresh_world),
        cmocka_unit_test_setup(a_handle_used_again_keeps_its_earlier_call, fresh_world),
        cmocka_unit_test_setup(a_call_fails_with_its_link, fresh_world),
        cmocka_unit_test_setup(a_world_has_room_for_so_many_handles, fresh_world),
        cmocka_unit_test_setup(threads_drive_worlds_of_their_own, fresh_world),
    };
    return cmocka_run_group_tests(facade, NULL, NULL);
}
