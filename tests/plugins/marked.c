// SPDX-License-Identifier: Apache-2.0
/*
 * plugin-marked.so: a runtime with all documented functions, each of which answers a number that nobody else would, and
 * a plugin that calls them. Shows whose functions it calls.
 */
#include "facade/rpcasync.h"
#include "marked.h"
#include "rpcancel/plugin.h"

#undef RpcAsyncGetCallHandle
RPC_BINDING_HANDLE RpcAsyncGetCallHandle(PRPC_ASYNC_STATE pAsync);

/* Exported, as a vendor's are, and so called by way of the dynamic linker. */
#pragma GCC visibility push(default)

RPC_STATUS RpcAsyncInitializeHandle(PRPC_ASYNC_STATE pAsync, unsigned int Size)
{
    (void)pAsync;
    (void)Size;
    return MARK_INITIALIZE;
}

RPC_STATUS RpcAsyncGetCallStatus(PRPC_ASYNC_STATE pAsync)
{
    (void)pAsync;
    return MARK_STATUS;
}

RPC_STATUS RpcAsyncCompleteCall(PRPC_ASYNC_STATE pAsync, void *Reply)
{
    (void)pAsync;
    (void)Reply;
    return MARK_COMPLETE;
}

RPC_STATUS RpcAsyncAbortCall(PRPC_ASYNC_STATE pAsync, ULONG ExceptionCode)
{
    (void)pAsync;
    (void)ExceptionCode;
    return MARK_ABORT;
}

RPC_STATUS RpcAsyncCancelCall(PRPC_ASYNC_STATE pAsync, BOOL fAbort)
{
    (void)pAsync;
    (void)fAbort;
    return MARK_CANCEL;
}

RPC_STATUS RpcServerTestCancel(RPC_BINDING_HANDLE BindingHandle)
{
    (void)BindingHandle;
    return MARK_TEST_CANCEL;
}

/* A macro on Windows; a runtime elsewhere may well have it as a function. */
RPC_BINDING_HANDLE RpcAsyncGetCallHandle(PRPC_ASYNC_STATE pAsync)
{
    return pAsync;
}

#pragma GCC visibility pop

static RPC_ASYNC_STATE state;

static void *open_marked(const struct rpcancel_plugin_host *host, int count, const char *const *arguments)
{
    (void)host;
    (void)count;
    (void)arguments;
    return &state;
}

static void execute_marked(void *instance, const struct rpcancel_plugin_operation *operation,
                           struct rpcancel_plugin_answer *answer)
{
    answer->kind = RPCANCEL_PLUGIN_ANSWER_CODE;
    switch (operation->kind) {
    case RPCANCEL_PLUGIN_OP_INIT:
        answer->code = (uint32_t)RpcAsyncInitializeHandle(instance, sizeof state);
        break;
    case RPCANCEL_PLUGIN_OP_STATUS:
        answer->code = (uint32_t)RpcAsyncGetCallStatus(instance);
        break;
    case RPCANCEL_PLUGIN_OP_COMPLETE:
        answer->code = (uint32_t)RpcAsyncCompleteCall(instance, NULL);
        break;
    case RPCANCEL_PLUGIN_OP_ABORT:
        answer->code = (uint32_t)RpcAsyncAbortCall(instance, operation->argument);
        break;
    case RPCANCEL_PLUGIN_OP_CANCEL:
        answer->code = (uint32_t)RpcAsyncCancelCall(instance, FALSE);
        break;
    case RPCANCEL_PLUGIN_OP_TEST_CANCEL_ZERO:
        answer->code = (uint32_t)RpcServerTestCancel(NULL);
        break;
    case RPCANCEL_PLUGIN_OP_GET_CALL_HANDLE:
        answer->kind = RpcAsyncGetCallHandle(instance) ? RPCANCEL_PLUGIN_ANSWER_HANDLE : RPCANCEL_PLUGIN_ANSWER_NULL;
        break;
    default:
        answer->kind = RPCANCEL_PLUGIN_ANSWER_UNIMPLEMENTED;
        break;
    }
}

static void close_marked(void *instance)
{
    (void)instance;
}

const struct rpcancel_plugin *rpcancel_plugin_entry(uint32_t abi)
{
    (void)abi;
    static const struct rpcancel_plugin table = {.abi = RPCANCEL_PLUGIN_ABI,
                                                 .size = sizeof table,
                                                 .name = "marked",
                                                 .open = open_marked,
                                                 .execute = execute_marked,
                                                 .close = close_marked};
    return &table;
}
