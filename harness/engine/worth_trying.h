// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WORTH_TRYING_H
#define RPCANCEL_WORTH_TRYING_H
/*
 * What bounds a search: which groups of an alphabet it can pass over where a world stands, because all their operations
 * would be refused or undefined, and how many earlier calls are alive. Inline, since searches spend a good part of
 * their time here.
 */
#include "engine/alphabet.h"
#include "reference.h"

/* rpcancel_threads_with_code returns the dispatchers that run a manager routine, and the program's own thread: bit n is
 * thread n. */
static inline unsigned rpcancel_threads_with_code(const struct rpcancel_world *world)
{
    unsigned mask = 1u << RPCANCEL_THREAD_WORKER;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_lane *lane = &world->lanes[i];
        mask |= (unsigned)rpcancel_manager_runs(lane->call) << lane->call.manager;
        mask |= (unsigned)rpcancel_manager_runs(lane->earlier) << lane->earlier.manager;
    }
    return mask;
}

/* rpcancel_is_call_there tells whether anything of the call that |group| is about can be operated on: a message, or a
 * call at the server. */
static inline bool rpcancel_is_call_there(const struct rpcancel_world *world,
                                          const struct rpcancel_alphabet_group *group)
{
    const struct rpcancel_lane *lane = &world->lanes[group->handle];
    return rpcancel_call_alive(group->earlier ? lane->earlier : lane->call);
}

/* rpcancel_is_worth_trying tells whether the operations of |group| can be anything but refused or undefined;
 * |with_code| is what rpcancel_threads_with_code says of |world|. */
static inline bool rpcancel_is_worth_trying(const struct rpcancel_world *world,
                                            const struct rpcancel_alphabet_group *group, unsigned with_code)
{
    const struct rpcancel_lane *lane = &world->lanes[group->handle];
    struct rpcancel_call call = group->earlier ? lane->earlier : lane->call;
    bool runs_code = with_code >> group->thread & 1u;
    switch (group->need) {
    case RPCANCEL_NEEDS_MESSAGE:
        return call.request || call.cancel || call.orphaned || call.reply;
    case RPCANCEL_NEEDS_QUEUED:
        return call.phase == RPCANCEL_CALL_QUEUED && !runs_code;
    case RPCANCEL_NEEDS_DISPATCHED:
        return call.phase == RPCANCEL_CALL_DISPATCHED;
    case RPCANCEL_NEEDS_RUNNING:
        return rpcancel_manager_runs(call);
    case RPCANCEL_NEEDS_HANDLE:
        if (call.phase == RPCANCEL_CALL_DISPATCHED)
            return call.manager == group->thread;
        return runs_code && (call.phase == RPCANCEL_CALL_HANDED_OFF || call.phase == RPCANCEL_CALL_ON_WORKER);
    default:
        return true;
    }
}

/* rpcancel_makes_a_call tells whether operations of |kind| may turn a current call into an earlier one. */
static inline bool rpcancel_makes_a_call(unsigned kind)
{
    return kind == RPCANCEL_OP_CALL || kind == RPCANCEL_OP_SYNCHRONOUS_CALL;
}

/* rpcancel_count_earlier returns how many earlier calls of |world| are alive, which searches bound. */
static inline unsigned rpcancel_count_earlier(const struct rpcancel_world *world)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        count += rpcancel_call_alive(world->lanes[i].earlier);
    return count;
}

#endif
