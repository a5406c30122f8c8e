// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_functions.h"

#include <stdio.h>

typedef void (*any_function)(void);
typedef const char *(__cdecl *wine_version)(void);
typedef LONG(WINAPI *windows_version)(OSVERSIONINFOW *);

static any_function look_up(const char *module, const char *name)
{
    HMODULE library = LoadLibraryA(module);
    return library ? (any_function)GetProcAddress(library, name) : NULL;
}

/* Only Wine has this function. */
static wine_version look_up_wine(void)
{
    return (wine_version)look_up("ntdll.dll", "wine_get_version");
}

#define LOOK_UP(type, name) (type) look_up("rpcrt4.dll", name)

static void look_up_for_client(struct windows_client_functions *client)
{
    client->cancel_thread = LOOK_UP(RPC_STATUS(PORT_API *)(void *), "RpcCancelThread");
    client->cancel_thread_ex = LOOK_UP(RPC_STATUS(PORT_API *)(void *, LONG), "RpcCancelThreadEx");
    client->set_cancel_timeout = LOOK_UP(RPC_STATUS(PORT_API *)(LONG), "RpcMgmtSetCancelTimeout");
    client->set_option = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, ULONG, ULONG_PTR), "RpcBindingSetOption");
}

void windows_functions_look_up(struct port_functions *functions, struct windows_client_functions *client)
{
    functions->initialize_handle =
        LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, unsigned int), "RpcAsyncInitializeHandle");
    functions->get_call_status = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE), "RpcAsyncGetCallStatus");
    functions->complete_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, void *), "RpcAsyncCompleteCall");
    functions->abort_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, ULONG), "RpcAsyncAbortCall");
    functions->cancel_call = LOOK_UP(RPC_STATUS(PORT_API *)(PRPC_ASYNC_STATE, BOOL), "RpcAsyncCancelCall");
    functions->server_test_cancel = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE), "RpcServerTestCancel");
    functions->subscribe = LOOK_UP(
        RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, DWORD, RPC_NOTIFICATION_TYPES, RPC_ASYNC_NOTIFICATION_INFO *),
        "RpcServerSubscribeForNotification");
    functions->unsubscribe = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, RPC_NOTIFICATIONS, ULONG *),
                                     "RpcServerUnsubscribeForNotification");
    functions->inquire_call_attributes =
        LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, void *), "RpcServerInqCallAttributesW");
    functions->test_cancel = LOOK_UP(RPC_STATUS(PORT_API *)(void), "RpcTestCancel");
    functions->server_from_client =
        LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, RPC_BINDING_HANDLE *), "RpcBindingServerFromClient");
    functions->copy_binding =
        LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE, RPC_BINDING_HANDLE *), "RpcBindingCopy");
    functions->free_binding = LOOK_UP(RPC_STATUS(PORT_API *)(RPC_BINDING_HANDLE *), "RpcBindingFree");
    look_up_for_client(client);
}

/* ---- stubs ---- */

static void test_nothing(void *functions)
{
    ((const struct port_functions *)functions)->server_test_cancel(NULL);
}

static void test_no_thread(void *functions)
{
    ((const struct port_functions *)functions)->test_cancel();
}

static void subscribe_to_nothing(void *functions)
{
    ((const struct port_functions *)functions)
        ->subscribe(NULL, RpcNotificationCallNone, RpcNotificationTypeEvent, NULL);
}

static void unsubscribe_from_nothing(void *functions)
{
    ULONG queued;
    ((const struct port_functions *)functions)->unsubscribe(NULL, RpcNotificationCallNone, &queued);
}

static void inquire_nothing(void *functions)
{
    RPC_CALL_ATTRIBUTES_V2_W attributes = {.Version = 2};
    ((const struct port_functions *)functions)->inquire_call_attributes(NULL, &attributes);
}

/* An export may be a stub that raises. Found out once, on a thread that serves no call: there an exception can be
 * caught for certain, while one that passes through a runtime's own frames under a manager routine can not. */
static bool is_stub(const char *name, void (*try_it)(void *functions), struct port_functions *functions)
{
    const uint32_t wine_stub = 0x80000100u;
    uint32_t exception = 0;
    if (port_run(RPCANCEL_THREAD_WORKER, try_it, functions, &exception) || exception != wine_stub)
        return false;
    fprintf(stderr, "%s is a stub that raises 0x80000100: answered unimplemented from now on\n", name);
    return true;
}

void windows_functions_drop_stubs(struct port_functions *functions)
{
    if (functions->server_test_cancel && is_stub("RpcServerTestCancel", test_nothing, functions))
        functions->server_test_cancel = NULL;
    if (functions->test_cancel && is_stub("RpcTestCancel", test_no_thread, functions))
        functions->test_cancel = NULL;
    if (functions->subscribe && is_stub("RpcServerSubscribeForNotification", subscribe_to_nothing, functions))
        functions->subscribe = NULL;
    if (functions->unsubscribe && is_stub("RpcServerUnsubscribeForNotification", unsubscribe_from_nothing, functions))
        functions->unsubscribe = NULL;
    if (functions->inquire_call_attributes && is_stub("RpcServerInqCallAttributesW", inquire_nothing, functions))
        functions->inquire_call_attributes = NULL;
}

/* In rpcrt4_main.c and rpc_binding.c of Wine these write a note of the channel `rpc` and return RPC_S_OK, whatever they
 * are given; of RpcCancelThreadEx that is so unless the time-out is 0. Success says nothing there, and it cannot be
 * seen from without but for the version. */
void windows_functions_drop_silent_stubs(struct windows_client_functions *client)
{
    if (!look_up_wine())
        return;
    client->set_cancel_timeout = NULL;
    client->set_option = NULL;
    client->waits_in_vain = true;
    fputs("Wine's RpcMgmtSetCancelTimeout, RpcBindingSetOption and RpcCancelThreadEx with a time-out do nothing: "
          "answered "
          "unimplemented, unless --ask-silent-stubs\n",
          stderr);
}

/* Wine tells its version; Windows its build, which RtlGetVersion does not falsify for compatibility. */
void windows_functions_describe(char *out, size_t size)
{
    wine_version wine = look_up_wine();
    windows_version windows = (windows_version)look_up("ntdll.dll", "RtlGetVersion");
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    if (wine)
        snprintf(out, size, "name=wine version=%.32s", wine());
    else if (windows && windows(&version) == 0)
        snprintf(out, size, "name=windows version=%lu.%lu.%lu", (unsigned long)version.dwMajorVersion,
                 (unsigned long)version.dwMinorVersion, (unsigned long)version.dwBuildNumber);
    else
        snprintf(out, size, "name=windows");
}
