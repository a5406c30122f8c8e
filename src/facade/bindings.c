// SPDX-License-Identifier: Apache-2.0
/*
 * The documented functions on binding handles, as far as they tell a client's from a call's. Nothing is kept of a
 * server binding handle but whose it is, so all that are made for one client are the same.
 */
#include "facade/lookup.h"
#include "status.h"

RPC_STATUS RpcBindingServerFromClient(RPC_BINDING_HANDLE ClientBinding, RPC_BINDING_HANDLE *ServerBinding)
{
    struct rpcancel_facade_place place;
    RPC_STATUS status = rpcancel_facade_find_call(ClientBinding, &place);
    if (status == RPCANCEL_S_OK)
        status = rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_SERVER_FROM_CLIENT, 0));
    if (status == RPCANCEL_S_OK) {
        uintptr_t owner = rpcancel_facade_selected()->lanes[place.lane].owner;
        *ServerBinding = rpcancel_facade_binding((void *)owner); // NOLINT(performance-no-int-to-ptr): opaque by design
    }
    return status;
}

RPC_STATUS RpcBindingCopy(RPC_BINDING_HANDLE SourceBinding, RPC_BINDING_HANDLE *DestinationBinding)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of_handle(SourceBinding);
    if (place.kind == RPCANCEL_PLACE_SERVER)
        return rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_COPY_CLIENT_BINDING, 0));
    if (!rpcancel_facade_name_of_binding(SourceBinding))
        return RPCANCEL_S_INVALID_BINDING;
    *DestinationBinding = SourceBinding;
    return RPCANCEL_S_OK;
}

RPC_STATUS RpcBindingFree(RPC_BINDING_HANDLE *Binding)
{
    if (rpcancel_facade_place_of_handle(*Binding).kind == RPCANCEL_PLACE_SERVER)
        return RPCANCEL_S_WRONG_KIND_OF_BINDING; /* a call's: it ends with the call */
    if (!rpcancel_facade_name_of_binding(*Binding))
        return RPCANCEL_S_INVALID_BINDING;
    *Binding = NULL;
    return RPCANCEL_S_OK;
}
