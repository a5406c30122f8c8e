// SPDX-License-Identifier: Apache-2.0
/*
 * The documented functions by which a server's program learns more of a call than whether it was cancelled.
 */
#include <string.h>

#include "facade/lookup.h"
#include "status.h"

RPC_STATUS RpcServerSubscribeForNotification(RPC_BINDING_HANDLE Binding, DWORD Notification,
                                             RPC_NOTIFICATION_TYPES NotificationType,
                                             RPC_ASYNC_NOTIFICATION_INFO *NotificationInfo)
{
    struct rpcancel_facade_place place = rpcancel_facade_place_of_handle(Binding);
    unsigned event = rpcancel_facade_event(Notification);
    (void)NotificationInfo;
    if (event != RPCANCEL_EVENT_UNSUPPORTED && NotificationType == RpcNotificationTypeNone)
        event = RPCANCEL_EVENT_NO_TYPE;
    if (Binding && place.kind != RPCANCEL_PLACE_SERVER)
        return RPCANCEL_S_INVALID_BINDING;
    return rpcancel_facade_status(
        rpcancel_facade_step(place, Binding ? RPCANCEL_OP_SUBSCRIBE : RPCANCEL_OP_SUBSCRIBE_ZERO, event));
}

RPC_STATUS RpcServerUnsubscribeForNotification(RPC_BINDING_HANDLE Binding, RPC_NOTIFICATIONS Notification,
                                               ULONG *NotificationsQueued)
{
    struct rpcancel_facade_place place;
    unsigned event = rpcancel_facade_event(Notification);
    RPC_STATUS status = rpcancel_facade_find_call(Binding, &place);
    if (status != RPCANCEL_S_OK)
        return status;
    bool is_queued = event != RPCANCEL_EVENT_UNSUPPORTED &&
                     rpcancel_answer_is_code(rpcancel_facade_step(place, RPCANCEL_OP_TAKE, event), RPCANCEL_S_OK);
    status = rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_UNSUBSCRIBE, event));
    if (status == RPCANCEL_S_OK)
        *NotificationsQueued = is_queued;
    return status;
}

static ULONG call_status(const struct rpcancel_facade_world *world, struct rpcancel_facade_place place)
{
    const struct rpcancel_lane *calls = &world->calls.lanes[place.lane];
    if (world->calls.link_lost)
        return world->choices.status_disconnected;
    return (place.earlier ? calls->earlier : calls->call).cancelled ? world->choices.status_cancelled
                                                                    : world->choices.status_in_progress;
}

RPC_STATUS RpcServerInqCallAttributesW(RPC_BINDING_HANDLE ClientBinding, void *RpcCallAttributes)
{
    struct rpcancel_facade_place place;
    RPC_CALL_ATTRIBUTES_V2_W *attributes = RpcCallAttributes;
    RPC_STATUS status = rpcancel_facade_find_call(ClientBinding, &place);
    if (status != RPCANCEL_S_OK)
        return status;
    unsigned version = attributes->Version;
    if (version != 1 && version != 2)
        return RPCANCEL_S_INVALID_ARG;
    status = rpcancel_facade_status(rpcancel_facade_step(place, RPCANCEL_OP_CALL_ATTRIBUTES, 0));
    if (status != RPCANCEL_S_OK)
        return status;
    memset(attributes, 0, version == 1 ? offsetof(RPC_CALL_ATTRIBUTES_V2_W, KernelModeCaller) : sizeof *attributes);
    attributes->Version = version;
    if (version == 2)
        attributes->CallStatus = call_status(rpcancel_facade_selected(), place);
    return RPCANCEL_S_OK;
}
