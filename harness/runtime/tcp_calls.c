// SPDX-License-Identifier: Apache-2.0
/* The calls of a connection to a server under test: which wait for what never came, and so may keep others waiting. */
#include <string.h>

#include "runtime/tcp.h"

static bool is_held(const struct rpcancel_tcp_call *call)
{
    return call->is_open && !call->is_assembling && !call->is_due && call->class == RPCANCEL_CLASS_HOLD;
}

/* Nothing that was sent so far ends it: its operation waits, or the rest of its request does not come. */
static bool stays(const struct rpcancel_tcp_call *call)
{
    return call->is_open && (call->is_assembling || !call->is_due);
}

struct rpcancel_tcp_call *rpcancel_tcp_calls_begin(struct rpcancel_tcp_calls *calls, unsigned handle, uint32_t call_id)
{
    struct rpcancel_tcp_call *call = &calls->of[handle];
    if (stays(call)) { /* and it was orphaned, or there would be no other one */
        calls->held_left += is_held(call);
        calls->was_waiting_left |= !is_held(call);
        calls->left_at = call->orphaned_at > calls->left_at ? call->orphaned_at : calls->left_at;
    }
    *call = (struct rpcancel_tcp_call){.is_numbered = true, .call_id = call_id, .begun_at = ++calls->now};
    return call;
}

void rpcancel_tcp_calls_orphan(struct rpcancel_tcp_calls *calls, struct rpcancel_tcp_call *call)
{
    if (!call->is_open || call->is_orphaned)
        return;
    call->is_orphaned = true;
    call->orphaned_at = ++calls->now;
}

void rpcancel_tcp_calls_reply(struct rpcancel_tcp_calls *calls, uint32_t call_id, bool is_end)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_tcp_call *call = &calls->of[i];
        if (!call->is_numbered || call->call_id != call_id)
            continue;
        call->is_answered = true;
        call->is_open &= !is_end;
        call->is_assembling &= !is_end;
    }
}

bool rpcancel_tcp_calls_are_open(const struct rpcancel_tcp_calls *calls)
{
    bool are_open = calls->was_waiting_left || calls->held_left;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        are_open |= calls->of[i].is_open;
    return are_open;
}

bool rpcancel_tcp_calls_bar(const struct rpcancel_tcp_calls *calls, bool is_multiplexed)
{
    bool is_barred = false;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_tcp_call *call = &calls->of[i];
        is_barred |= call->is_open && !call->is_orphaned && !call->is_maybe && (call->is_assembling || !is_multiplexed);
    }
    return is_barred;
}

bool rpcancel_tcp_call_is_to_come(const struct rpcancel_tcp_call *call)
{
    return call->is_open && !call->is_assembling && (call->is_due || call->may_be_due) && !call->is_orphaned &&
           !call->is_maybe;
}

unsigned rpcancel_tcp_calls_held(const struct rpcancel_tcp_calls *calls)
{
    unsigned count = calls->held_left;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++)
        count += is_held(&calls->of[i]);
    return count;
}

void rpcancel_tcp_calls_release(struct rpcancel_tcp_calls *calls, bool all)
{
    if (all)
        calls->held_left = 0;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        struct rpcancel_tcp_call *call = &calls->of[i];
        call->may_be_due |= is_held(call);
        call->is_due |= is_held(call) && all;
    }
}

/* What calls that stay keep from one that began at |begun_at|: those but |but|, and without |with_held| those that only
 * wait for a release. */
static enum rpcancel_kept_by keep(const struct rpcancel_tcp_calls *calls, const struct rpcancel_tcp_call *but,
                                  uint32_t begun_at, bool with_held)
{
    bool is_left = calls->was_waiting_left || (with_held && calls->held_left);
    enum rpcancel_kept_by kept = is_left ? RPCANCEL_KEPT_BY_ORPHANED : RPCANCEL_KEPT_BY_NOTHING;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_tcp_call *call = &calls->of[i];
        if (call == but || !stays(call) || (!with_held && is_held(call)))
            continue;
        if (!call->is_orphaned || call->orphaned_at > begun_at)
            return RPCANCEL_KEPT_BY_OPEN;
        kept = RPCANCEL_KEPT_BY_ORPHANED;
    }
    return is_left && calls->left_at > begun_at ? RPCANCEL_KEPT_BY_OPEN : kept;
}

enum rpcancel_kept_by rpcancel_tcp_calls_keep(const struct rpcancel_tcp_calls *calls,
                                              const struct rpcancel_tcp_call *waiting, uint32_t begun_at)
{
    if (waiting && !waiting->is_due) /* a release went to others, perhaps */
        return RPCANCEL_KEPT_BY_OPEN;
    return keep(calls, waiting, begun_at, true);
}

/* One of them that is not orphaned has to begin, once nothing else is in its way: what is orphaned may never. */
enum rpcancel_kept_by rpcancel_tcp_calls_keep_held(const struct rpcancel_tcp_calls *calls)
{
    uint32_t first = UINT32_MAX;
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX; i++) {
        const struct rpcancel_tcp_call *call = &calls->of[i];
        if (is_held(call) && !call->is_orphaned && call->begun_at < first)
            first = call->begun_at;
    }
    return first == UINT32_MAX ? RPCANCEL_KEPT_BY_OPEN : keep(calls, NULL, first, false);
}
