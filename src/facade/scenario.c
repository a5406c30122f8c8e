// SPDX-License-Identifier: Apache-2.0
#include "facade/scenario.h"

#include <stdio.h>
#include <stdlib.h>

static struct rpcancel_facade_world world;

void scenario_begin(enum scenario_windows as)
{
    rpcancel_facade_create(&world, as == AS_WINDOWS ? &rpcancel_choices_windows : &rpcancel_choices_documented, 0);
    on_thread(CLIENT);
}

void on_thread(enum scenario_thread thread)
{
    static const enum rpcancel_facade_thread threads[] = {
        [T1] = RPCANCEL_FACADE_T1,         [T2] = RPCANCEL_FACADE_T2,         [T3] = RPCANCEL_FACADE_T3,
        [WORKER] = RPCANCEL_FACADE_WORKER, [CLIENT] = RPCANCEL_FACADE_CLIENT,
    };
    rpcancel_facade_select(&world, threads[thread]);
}

RPC_STATUS issue_call(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_call(client);
}

RPC_STATUS take_notification(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_await(client);
}

RPC_STATUS deliver(PRPC_ASYNC_STATE client, enum scenario_call call, enum scenario_message message)
{
    static const enum rpcancel_facade_message messages[] = {
        [REQUEST] = RPCANCEL_FACADE_REQUEST,
        [CANCEL] = RPCANCEL_FACADE_CANCEL,
        [ORPHANED] = RPCANCEL_FACADE_ORPHANED,
        [REPLY] = RPCANCEL_FACADE_REPLY,
    };
    return rpcancel_facade_deliver(client, messages[message], call == EARLIER);
}

RPC_STATUS lose_link(void)
{
    return rpcancel_facade_lose_link();
}

RPC_STATUS settle(void)
{
    return rpcancel_facade_settle();
}

RPC_STATUS start_manager(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    PRPC_ASYNC_STATE server;
    return rpcancel_facade_dispatch(client, call == EARLIER, &server);
}

RPC_STATUS hand_off(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    return rpcancel_facade_hand_off(server_of(client, call));
}

RPC_STATUS leave_manager(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    return rpcancel_facade_return(server_of(client, call));
}

RPC_STATUS raise_in_manager(PRPC_ASYNC_STATE client, enum scenario_call call, ULONG code)
{
    return rpcancel_facade_raise(server_of(client, call), code);
}

PRPC_ASYNC_STATE server_of(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    PRPC_ASYNC_STATE server = rpcancel_facade_server_handle(client, call == EARLIER);
    if (!server) {
        fprintf(stderr, "the server has no handle of this call: its manager routine was never started\n");
        abort();
    }
    return server;
}

RPC_BINDING_HANDLE binding_of(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    return RpcAsyncGetCallHandle(server_of(client, call)); /* the façade keeps it where that of other calls is */
}

static RPC_NOTIFICATIONS number_of(enum scenario_notification notification)
{
    static const RPC_NOTIFICATIONS numbers[] = {
        [CALL_CANCEL] = RpcNotificationCallCancel,
        [CLIENT_DISCONNECT] = RpcNotificationClientDisconnect,
        [NO_NOTIFICATION] = RpcNotificationCallNone,
        [WITHOUT_TYPE] = RpcNotificationCallCancel,
    };
    return numbers[notification];
}

RPC_STATUS subscribe(RPC_BINDING_HANDLE binding, enum scenario_notification notification)
{
    RPC_ASYNC_NOTIFICATION_INFO information = {.hEvent = NULL}; /* nobody is told here */
    RPC_NOTIFICATION_TYPES type = notification == WITHOUT_TYPE ? RpcNotificationTypeNone : RpcNotificationTypeEvent;
    return RpcServerSubscribeForNotification(binding, (DWORD)number_of(notification), type, &information);
}

RPC_STATUS unsubscribe(RPC_BINDING_HANDLE binding, enum scenario_notification notification)
{
    ULONG queued;
    return RpcServerUnsubscribeForNotification(binding, number_of(notification), &queued);
}

RPC_STATUS inquire_attributes(RPC_BINDING_HANDLE binding)
{
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 2};
    return RpcServerInqCallAttributesW(binding, &attributes);
}

/* Makes another binding handle of |binding| by |make|, and frees it again. */
static RPC_STATUS make_binding(RPC_BINDING_HANDLE binding, RPC_STATUS (*make)(RPC_BINDING_HANDLE, RPC_BINDING_HANDLE *))
{
    RPC_BINDING_HANDLE made;
    RPC_STATUS status = make(binding, &made);
    return status == 0 ? RpcBindingFree(&made) : status;
}

RPC_STATUS server_from_client(RPC_BINDING_HANDLE binding)
{
    return make_binding(binding, RpcBindingServerFromClient);
}

RPC_STATUS copy_client_binding(RPC_BINDING_HANDLE binding)
{
    return make_binding(binding, RpcBindingCopy);
}

RPC_BINDING_HANDLE client_binding(void)
{
    static const RPC_ASYNC_STATE client;
    return rpcancel_facade_binding(&client);
}

RPC_STATUS take_server_notification(PRPC_ASYNC_STATE client, enum scenario_call call,
                                    enum scenario_notification notification)
{
    return rpcancel_facade_take(server_of(client, call), number_of(notification));
}

RPC_STATUS enter_stub(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_synchronous_call(client);
}

RPC_STATUS take_return(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_returned(client);
}

HANDLE thread_of(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_thread(client, true);
}

HANDLE thread_without_access(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_thread(client, false);
}

RPC_BINDING_HANDLE binding_of_thread(PRPC_ASYNC_STATE client)
{
    return rpcancel_facade_binding(client);
}

RPC_STATUS set_cancel_timeout(PRPC_ASYNC_STATE client, LONG seconds)
{
    rpcancel_facade_select_client_thread(&world, client);
    RPC_STATUS status = RpcMgmtSetCancelTimeout(seconds);
    on_thread(CLIENT);
    return status;
}

RPC_STATUS elapse(void)
{
    return rpcancel_facade_elapse();
}

RPC_STATUS start_synchronous_manager(PRPC_ASYNC_STATE client, enum scenario_call call)
{
    PRPC_ASYNC_STATE server;
    return rpcancel_facade_dispatch_synchronous(client, call == EARLIER, &server);
}

RPC_BINDING_HANDLE no_binding_handle(void)
{
    static char memory[64];
    return memory;
}

PRPC_ASYNC_STATE no_memory(void)
{
    return NULL;
}
