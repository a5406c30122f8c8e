// SPDX-License-Identifier: Apache-2.0
/*
 * The documented functions. Each finds out which end of which call the caller's memory stands for, and asks the
 * reference implementation.
 */
#include <string.h>

#include "facade/lookup.h"

RPC_STATUS RpcAsyncInitializeHandle(PRPC_ASYNC_STATE pAsync, unsigned int Size)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_at(pAsync);
    if (!rpcancel_facade_is_memory(pAsync))
        return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_INIT_BAD_MEMORY, 0));
    if (Size != sizeof *pAsync)
        return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_INIT_BAD_SIZE, 0));
    struct rpcancel_answer answer = rpcancel_facade_step(place, RPCANCEL_OP_INIT, 0);
    if (rpcancel_answer_is_code(answer, 0)) {
        pAsync->Size = sizeof *pAsync;
        pAsync->Signature = RPCANCEL_FACADE_SIGNATURE;
        pAsync->Lock = 0;
        pAsync->Flags = 0;
        pAsync->StubInfo = NULL;
        pAsync->RuntimeInfo = NULL;
        memset(pAsync->Reserved, 0, sizeof pAsync->Reserved);
    }
    return rpcancel_facade_status(answer);
}

/* Asks the operation that fits the end |state| belongs to. */
static struct rpcancel_answer ask(const RPC_ASYNC_STATE *state, enum rpcancel_operation_kind client,
                                  enum rpcancel_operation_kind server)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of(state);
    return rpcancel_facade_step(place, place.kind == RPCANCEL_PLACE_SERVER ? server : client, 0);
}

RPC_STATUS RpcAsyncGetCallStatus(PRPC_ASYNC_STATE pAsync)
{
    return rpcancel_facade_status(ask(pAsync, RPCANCEL_OP_STATUS, RPCANCEL_OP_SERVER_STATUS));
}

RPC_STATUS RpcAsyncCompleteCall(PRPC_ASYNC_STATE pAsync, void *Reply)
{
    (void)Reply;
    bool was_busy = rpcancel_facade_is_busy(pAsync);
    struct rpcancel_answer answer = ask(pAsync, RPCANCEL_OP_COMPLETE, RPCANCEL_OP_SERVER_COMPLETE);
    if (was_busy && !rpcancel_facade_is_busy(pAsync))
        pAsync->RuntimeInfo = NULL;
    return rpcancel_facade_status(answer);
}

RPC_STATUS RpcAsyncAbortCall(PRPC_ASYNC_STATE pAsync, ULONG ExceptionCode)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of(pAsync);
    if (place.kind != RPCANCEL_PLACE_SERVER)
        return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_ABORT, 0));
    unsigned position;
    if (!rpcancel_facade_fault_position(ExceptionCode, &position))
        return RPCANCEL_FACADE_REFUSED;
    return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_SERVER_ABORT, position));
}

RPC_STATUS RpcAsyncCancelCall(PRPC_ASYNC_STATE pAsync, BOOL fAbort)
{
    struct rpcancel_answer answer = fAbort ? ask(pAsync, RPCANCEL_OP_CANCEL_ABORT, RPCANCEL_OP_SERVER_CANCEL_ABORT)
                                           : ask(pAsync, RPCANCEL_OP_CANCEL, RPCANCEL_OP_SERVER_CANCEL);
    return rpcancel_facade_status(answer);
}

RPC_STATUS RpcServerTestCancel(RPC_BINDING_HANDLE BindingHandle)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of_handle(BindingHandle);
    enum rpcancel_operation_kind kind = RPCANCEL_OP_TEST_CANCEL;
    if (!BindingHandle)
        kind = RPCANCEL_OP_TEST_CANCEL_ZERO;
    else if (place.kind != RPCANCEL_PLACE_SERVER)
        kind = RPCANCEL_OP_TEST_CANCEL_INVALID;
    return rpcancel_facade_status(rpcancel_facade_step(place, kind, 0));
}
