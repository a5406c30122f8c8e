// SPDX-License-Identifier: Apache-2.0
#include "coverage/projection.h"

static bool runs_on(struct rpcancel_call call, unsigned thread)
{
    return rpcancel_manager_runs(call) && call.manager == thread;
}

int rpcancel_served_on(const struct rpcancel_world *world, unsigned thread)
{
    for (int handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++) {
        if (runs_on(world->lanes[handle].call, thread))
            return handle;
        if (runs_on(world->lanes[handle].earlier, thread))
            return RPCANCEL_ABOUT_EARLIER;
    }
    return RPCANCEL_ABOUT_NO_CALL;
}

int rpcancel_subject(const struct rpcancel_world *world, struct rpcancel_operation operation)
{
    if (rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_HANDLE)
        return operation.earlier ? RPCANCEL_ABOUT_EARLIER : (int)operation.handle;
    if (operation.kind == RPCANCEL_OP_SETTLE || operation.kind == RPCANCEL_OP_LOSE_LINK)
        return RPCANCEL_ABOUT_EVERY_CALL;
    if (operation.kind != RPCANCEL_OP_TEST_CANCEL_ZERO || operation.thread == RPCANCEL_THREAD_WORKER)
        return RPCANCEL_ABOUT_NO_CALL;
    return rpcancel_served_on(world, operation.thread);
}

bool rpcancel_thread_remains(const struct rpcancel_world *world, struct rpcancel_operation operation, unsigned mask,
                             unsigned threads)
{
    bool uses_thread = rpcancel_operation_describe(operation.kind)->uses & RPCANCEL_USES_THREAD;
    if (!uses_thread || operation.thread == RPCANCEL_THREAD_WORKER || operation.kind == RPCANCEL_OP_DISPATCH)
        return true;
    int served = rpcancel_served_on(world, operation.thread);
    if (served != RPCANCEL_ABOUT_NO_CALL)
        return served >= 0 && (mask >> served & 1u);
    unsigned busy = 0;
    for (unsigned handle = 0; handle < RPCANCEL_HANDLES_MAX; handle++)
        busy += (mask >> handle & 1u) && rpcancel_manager_runs(world->lanes[handle].call);
    return busy < threads;
}
