// SPDX-License-Identifier: Apache-2.0
/*
 * The documented functions on synchronous calls.
 */
#include "facade/lookup.h"

/* Finds |seconds| among the time-outs that a call can have; false when it is none of them. */
static bool find_timeout(LONG seconds, unsigned *timeout)
{
    static const LONG all[RPCANCEL_TIMEOUTS] = {
        [RPCANCEL_TIMEOUT_INFINITE] = RPC_C_CANCEL_INFINITE_TIMEOUT,
        [RPCANCEL_TIMEOUT_ZERO] = 0,
        [RPCANCEL_TIMEOUT_ONE] = 1,
        [RPCANCEL_TIMEOUT_TWO] = 2,
    };
    for (*timeout = 0; *timeout < RPCANCEL_TIMEOUTS; ++*timeout) {
        if (all[*timeout] == seconds)
            return true;
    }
    return false;
}

static RPC_STATUS cancel(void *Thread, enum rpcancel_operation_kind kind, unsigned timeout)
{
    bool may_set_context;
    const RPC_ASYNC_STATE *name = rpcancel_facade_name_of_thread(Thread, &may_set_context);
    return rpcancel_facade_step_thread(name, may_set_context ? kind : RPCANCEL_OP_CANCEL_THREAD_DENIED, timeout);
}

RPC_STATUS RpcCancelThread(void *Thread)
{
    return cancel(Thread, RPCANCEL_OP_CANCEL_THREAD, 0);
}

RPC_STATUS RpcCancelThreadEx(void *Thread, LONG Timeout)
{
    unsigned timeout;
    return find_timeout(Timeout, &timeout) ? cancel(Thread, RPCANCEL_OP_CANCEL_THREAD_EX, timeout)
                                           : RPCANCEL_FACADE_REFUSED;
}

RPC_STATUS RpcMgmtSetCancelTimeout(LONG Timeout)
{
    unsigned timeout;
    const RPC_ASYNC_STATE *name = rpcancel_facade_selected_thread();
    return find_timeout(Timeout, &timeout) ? rpcancel_facade_step_thread(name, RPCANCEL_OP_SET_CANCEL_TIMEOUT, timeout)
                                           : RPCANCEL_FACADE_REFUSED;
}

RPC_STATUS RpcTestCancel(void)
{
    struct rpcancel_facade_place nowhere = {.kind = RPCANCEL_PLACE_ALONE};
    return rpcancel_facade_status(rpcancel_facade_step(nowhere, RPCANCEL_OP_TEST_CANCEL_THREAD, 0));
}

RPC_STATUS RpcBindingSetOption(RPC_BINDING_HANDLE hBinding, ULONG option, ULONG_PTR optionValue)
{
    static const ULONG_PTR milliseconds[] = {
        [RPCANCEL_TIMEOUT_INFINITE] = INFINITE,
        [RPCANCEL_TIMEOUT_ZERO] = 0,
        [RPCANCEL_TIMEOUT_ONE] = 1000,
    };
    unsigned timeout = 0;
    while (timeout <= RPCANCEL_TIMEOUT_ONE && milliseconds[timeout] != optionValue)
        timeout++;
    if (option != RPC_C_OPT_CALL_TIMEOUT || timeout > RPCANCEL_TIMEOUT_ONE)
        return RPCANCEL_FACADE_REFUSED;
    return rpcancel_facade_step_thread(rpcancel_facade_name_of_binding(hBinding), RPCANCEL_OP_SET_CALL_TIMEOUT,
                                       timeout);
}
