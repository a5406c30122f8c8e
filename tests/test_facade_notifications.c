// SPDX-License-Identifier: Apache-2.0
/*
 * What a server can subscribe to, and the attributes of a call, through the façade and as exported tests ask for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "facade/scenario.h"
#include "status.h"

static RPC_ASYNC_STATE state;

/* A call whose manager routine runs on T1, which is left selected. */
static RPC_BINDING_HANDLE make_dispatched_call(enum scenario_windows as)
{
    scenario_begin(as);
    memset(&state, 0, sizeof state);
    assert_int_equal(RpcAsyncInitializeHandle(&state, sizeof state), RPCANCEL_S_OK);
    assert_int_equal(issue_call(&state), 0);
    assert_int_equal(deliver(&state, CURRENT, REQUEST), 0);
    on_thread(T1);
    assert_int_equal(start_manager(&state, CURRENT), 0);
    return RpcAsyncGetCallHandle(server_of(&state, CURRENT));
}

static void cancel_and_settle(void)
{
    on_thread(CLIENT);
    assert_int_equal(RpcAsyncCancelCall(&state, FALSE), RPCANCEL_S_OK);
    assert_int_equal(settle(), 0);
    on_thread(T1);
}

static void a_cancel_is_announced_once(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    assert_int_equal(subscribe(binding, CALL_CANCEL), RPCANCEL_S_OK);
    assert_int_equal(take_server_notification(&state, CURRENT, CALL_CANCEL), RPCANCEL_S_WAIT_TIMEOUT);
    cancel_and_settle();
    assert_int_equal(take_server_notification(&state, CURRENT, CALL_CANCEL), RPCANCEL_S_OK);
    assert_int_equal(take_server_notification(&state, CURRENT, CALL_CANCEL), RPCANCEL_S_WAIT_TIMEOUT);
    assert_int_equal(unsubscribe(binding, CALL_CANCEL), RPCANCEL_S_OK);
}

static void without_a_handle_the_call_on_the_thread_is_meant(void **context)
{
    (void)context;
    make_dispatched_call(AS_DOCUMENTED);
    assert_int_equal(subscribe(NULL, CLIENT_DISCONNECT), RPCANCEL_S_OK);
    assert_int_equal(lose_link(), 0);
    assert_int_equal(take_server_notification(&state, CURRENT, CLIENT_DISCONNECT), RPCANCEL_S_OK);
    assert_int_equal(unsubscribe(NULL, CLIENT_DISCONNECT), RPCANCEL_S_OK);
    assert_int_equal(inquire_attributes(NULL), RPCANCEL_S_OK);
    on_thread(WORKER);
    assert_int_equal(unsubscribe(NULL, CLIENT_DISCONNECT), RPCANCEL_S_NO_CALL_ACTIVE);
    assert_int_equal(inquire_attributes(NULL), RPCANCEL_S_NO_CALL_ACTIVE);
}

static void what_can_not_be_subscribed_to_is_refused(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    assert_int_equal(subscribe(binding, NO_NOTIFICATION), RPCANCEL_S_CANNOT_SUPPORT);
    assert_int_equal(subscribe(binding, WITHOUT_TYPE), RPCANCEL_S_INVALID_ARG);
    assert_int_equal(unsubscribe(binding, NO_NOTIFICATION), RPCANCEL_S_CANNOT_SUPPORT);
    assert_int_equal(subscribe(no_binding_handle(), CALL_CANCEL), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(unsubscribe(no_binding_handle(), CALL_CANCEL), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(inquire_attributes(no_binding_handle()), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(take_server_notification(&state, CURRENT, NO_NOTIFICATION), RPCANCEL_FACADE_REFUSED);
}

static void unsubscribing_tells_what_was_queued(void **context)
{
    (void)context;
    ULONG queued = 7;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    assert_int_equal(subscribe(binding, CALL_CANCEL), RPCANCEL_S_OK);
    cancel_and_settle();
    assert_int_equal(RpcServerUnsubscribeForNotification(binding, RpcNotificationCallCancel, &queued), RPCANCEL_S_OK);
    assert_int_equal(queued, 1);
    assert_int_equal(take_server_notification(&state, CURRENT, CALL_CANCEL), RPCANCEL_S_WAIT_TIMEOUT);
}

static void a_subscribed_call_does_not_end(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    assert_int_equal(subscribe(binding, CALL_CANCEL), RPCANCEL_S_OK);
    assert_int_equal(subscribe(binding, CALL_CANCEL), RPCANCEL_FACADE_UNDEFINED);
    assert_int_equal(RpcAsyncCompleteCall(server_of(&state, CURRENT), NULL), RPCANCEL_FACADE_UNDEFINED);
    assert_int_equal(unsubscribe(binding, CALL_CANCEL), RPCANCEL_S_OK);
    assert_int_equal(RpcAsyncCompleteCall(server_of(&state, CURRENT), NULL), RPCANCEL_S_OK);
}

static ULONG call_status(RPC_BINDING_HANDLE binding)
{
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 2, .Flags = 9};
    assert_int_equal(RpcServerInqCallAttributesW(binding, &attributes), RPCANCEL_S_OK);
    assert_int_equal(attributes.Version, 2);
    assert_int_equal(attributes.Flags, 0);
    return attributes.CallStatus;
}

/* As the page numbers it, and as headers do (N103, N104). */
static void call_status_has_the_numbers_of_the_choices(void **context)
{
    (void)context;
    for (unsigned as = AS_DOCUMENTED; as <= AS_WINDOWS; as++) {
        unsigned first = as == AS_DOCUMENTED ? 1 : 0;
        RPC_BINDING_HANDLE binding = make_dispatched_call((enum scenario_windows)as);
        assert_int_equal(call_status(binding), first);
        cancel_and_settle();
        assert_int_equal(call_status(binding), first + 1);
        assert_int_equal(lose_link(), 0);
        assert_int_equal(call_status(binding), first + 2);
    }
}

static void an_older_structure_is_filled_as_far_as_it_goes(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 1, .NullSession = TRUE, .CallStatus = 77};
    assert_int_equal(RpcServerInqCallAttributesW(binding, &attributes), RPCANCEL_S_OK);
    assert_int_equal(attributes.NullSession, FALSE);
    assert_int_equal(attributes.CallStatus, 77);
    attributes.Version = 9;
    assert_int_equal(RpcServerInqCallAttributesW(binding, &attributes), RPCANCEL_S_INVALID_ARG);
}

/* Before hand-off the call's handle is out of the worker's reach. */
static void attributes_are_out_of_reach_on_the_worker(void **context)
{
    (void)context;
    RPC_BINDING_HANDLE binding = make_dispatched_call(AS_DOCUMENTED);
    on_thread(WORKER);
    assert_int_equal(inquire_attributes(binding), RPCANCEL_FACADE_REFUSED);
    assert_int_equal(unsubscribe(binding, CALL_CANCEL), RPCANCEL_FACADE_REFUSED);
}

static void bindings_of_clients_and_of_calls_are_told_apart(void **context)
{
    (void)context;
    static const uint64_t no_handle[8];
    RPC_BINDING_HANDLE of_call = make_dispatched_call(AS_DOCUMENTED), made = NULL, copy = NULL;
    assert_int_equal(RpcBindingServerFromClient(of_call, &made), RPCANCEL_S_OK);
    assert_non_null(made);
    assert_int_equal(RpcServerTestCancel(made), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(RpcBindingCopy(made, &copy), RPCANCEL_S_OK);
    assert_int_equal(RpcBindingFree(&made), RPCANCEL_S_OK);
    assert_null(made);
    assert_int_equal(RpcBindingFree(&copy), RPCANCEL_S_OK);
    assert_int_equal(RpcBindingServerFromClient(NULL, &made), RPCANCEL_S_OK);
    assert_int_equal(RpcBindingFree(&made), RPCANCEL_S_OK);
    assert_int_equal(server_from_client(of_call), RPCANCEL_S_OK);
    assert_int_equal(copy_client_binding(client_binding()), RPCANCEL_S_OK);

    assert_int_equal(RpcBindingCopy(of_call, &copy), RPCANCEL_S_WRONG_KIND_OF_BINDING);
    made = of_call;
    assert_int_equal(RpcBindingFree(&made), RPCANCEL_S_WRONG_KIND_OF_BINDING);
    assert_ptr_equal(made, of_call);
    made = (void *)(uintptr_t)no_handle;
    assert_int_equal(RpcBindingServerFromClient(made, &copy), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(RpcBindingCopy(made, &copy), RPCANCEL_S_INVALID_BINDING);
    assert_int_equal(RpcBindingFree(&made), RPCANCEL_S_INVALID_BINDING);
    on_thread(WORKER);
    assert_int_equal(RpcBindingServerFromClient(NULL, &made), RPCANCEL_S_NO_CALL_ACTIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancel_is_announced_once),
        cmocka_unit_test(without_a_handle_the_call_on_the_thread_is_meant),
        cmocka_unit_test(what_can_not_be_subscribed_to_is_refused),
        cmocka_unit_test(unsubscribing_tells_what_was_queued),
        cmocka_unit_test(a_subscribed_call_does_not_end),
        cmocka_unit_test(call_status_has_the_numbers_of_the_choices),
        cmocka_unit_test(an_older_structure_is_filled_as_far_as_it_goes),
        cmocka_unit_test(attributes_are_out_of_reach_on_the_worker),
        cmocka_unit_test(bindings_of_clients_and_of_calls_are_told_apart),
    };
    return cmocka_run_group_tests_name("facade_notifications", tests, NULL, NULL);
}
