// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <string.h>

#include "machines.h"
#include "status.h"
#include "synchronous.h"

const struct rpcancel_choices rpcancel_choices_documented = {
    .no_call = RPCANCEL_S_INVALID_ASYNC_HANDLE,
    .wrong_role = RPCANCEL_S_INVALID_ASYNC_CALL,
    .no_call_used = RPCANCEL_S_INVALID_ASYNC_HANDLE,
    .link_failure = RPCANCEL_S_CALL_FAILED,
    .status_in_progress = 1,
    .status_cancelled = 2,
    .status_disconnected = 3,
};

const struct rpcancel_choices rpcancel_choices_windows = {
    .no_call = RPCANCEL_S_INVALID_BINDING,
    .wrong_role = RPCANCEL_S_INVALID_ASYNC_CALL,
    .no_call_used = RPCANCEL_S_INVALID_ASYNC_HANDLE,
    .link_failure = RPCANCEL_S_CALL_FAILED,
    .status_in_progress = 0,
    .status_cancelled = 1,
    .status_disconnected = 2,
};

void rpcancel_world_reset(struct rpcancel_world *world)
{
    memset(world, 0, sizeof *world);
}

uint32_t rpcancel_result_code(const struct rpcancel_choices *choices, unsigned result)
{
    switch (result) {
    case RPCANCEL_RESULT_NONE:
        return RPCANCEL_S_ASYNC_CALL_PENDING;
    case RPCANCEL_RESULT_SUCCESS:
        return RPCANCEL_S_OK;
    case RPCANCEL_RESULT_LINK_LOST:
        return choices->link_failure;
    case RPCANCEL_RESULT_CANCELLED:
        return RPCANCEL_S_CALL_CANCELLED;
    case RPCANCEL_RESULT_CANCEL_TIMED_OUT:
        return RPCANCEL_S_CALL_FAILED;
    case RPCANCEL_RESULT_UNAVAILABLE:
        return RPCANCEL_S_SERVER_UNAVAILABLE;
    default:
        return rpcancel_fault_code(result - RPCANCEL_RESULT_FAULT);
    }
}

struct rpcancel_answer rpcancel_step(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                     struct rpcancel_operation operation)
{
    if (operation.kind <= RPCANCEL_OP_AWAIT)
        return rpcancel_client_step(choices, world, operation);
    if (operation.kind <= RPCANCEL_OP_LOSE_LINK)
        return rpcancel_network_step(world, operation);
    if (rpcancel_is_of_threads(operation.kind))
        return rpcancel_synchronous_step(choices, world, operation);
    if (operation.kind >= RPCANCEL_OP_DISPATCH)
        return rpcancel_server_step(choices, world, operation);
    rpcancel_settle(world);
    return rpcancel_answer_kind(RPCANCEL_ANSWER_DONE);
}
