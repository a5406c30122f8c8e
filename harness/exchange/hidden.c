// SPDX-License-Identifier: Apache-2.0
/* Mutants of calls over datagrams that datagrams do not show, or no document has a rule on: they break a promise of
 * both ends together (exchange/promises.h). */
#include "exchange/change_words.h"

/* ---- the server ---- */

ARRIVES(request_is_executed_again)
{
    struct rpcancel_activity *call = server_call(ends);
    bool is_done = call->state == RPCANCEL_ACTIVITY_IDLE || call->state == RPCANCEL_ACTIVITY_FINAL;
    if (datagram->type == RPCANCEL_PDU_REQUEST && datagram->sequence == call->sequence && is_done)
        call->state = RPCANCEL_ACTIVITY_NONE;
    return true;
}
LEAVES(pending_is_not_said)
{
    datagram->flags2 = 0;
    return 1;
}
LEAVES(pending_is_always_said)
{
    if (is_reply(datagram))
        datagram->flags2 = RPCANCEL_PF2_CANCEL_PENDING;
    return 1;
}
ARRIVES(ping_is_not_answered)
{
    return datagram->type != RPCANCEL_PDU_PING;
}
LEAVES(nocall_for_working)
{
    if (datagram->type == RPCANCEL_PDU_WORKING)
        datagram->type = RPCANCEL_PDU_NOCALL;
    return 1;
}
LEAVES(working_for_nocall)
{
    if (datagram->type == RPCANCEL_PDU_NOCALL)
        datagram->type = RPCANCEL_PDU_WORKING;
    return 1;
}
ARRIVES(manager_is_not_told)
{
    struct rpcancel_activity *call = server_call(ends);
    bool counts = is_cancel(datagram) && datagram->cancel.cancel_id > call->cancels;
    if (counts && datagram->sequence == call->sequence && call->state == RPCANCEL_ACTIVITY_EXECUTING) {
        call->cancels = datagram->cancel.cancel_id;
        call->cancel_pending = true;
    }
    return true;
}

/* The call goes on as if it had not been given up: what an orphan was comes to be again. */
ARRIVES(notes_what_executes)
{
    ends->state->memory = is_quit(datagram) && server_call(ends)->state == RPCANCEL_ACTIVITY_EXECUTING;
    return true;
}
AFTER(orphan_is_answered)
{
    if (ends->state->memory && server_call(ends)->state == RPCANCEL_ACTIVITY_ORPHANED)
        server_call(ends)->state = RPCANCEL_ACTIVITY_EXECUTING;
    ends->state->memory = 0;
}

/* ---- the client ---- */

ARRIVES(any_answer_counts)
{
    if (sender == RPCANCEL_SENDER_SERVER && is_reply(datagram) && ends->client.state == RPCANCEL_DATAGRAM_CALLING)
        datagram->sequence = ends->client.sequence;
    return true;
}
ARRIVES(fault_is_not_seen)
{
    return datagram->type != RPCANCEL_PDU_FAULT;
}
LEAVES(reply_is_not_acknowledged)
{
    return datagram->type == RPCANCEL_PDU_ACK ? 0 : 1;
}
ARRIVES(working_is_not_seen)
{
    return datagram->type != RPCANCEL_PDU_WORKING;
}
AFTER(call_waits_without_timers)
{
    ends->client.ping_timer = RPCANCEL_NEVER;
}
AFTER(cancel_waits_without_timer)
{
    ends->client.cancel_timer = RPCANCEL_NEVER;
}
LEAVES(request_of_no_data)
{
    if (datagram->type == RPCANCEL_PDU_REQUEST)
        datagram->data = rpcancel_exchange_stub_data(0, false);
    return 1;
}
ARRIVES(pending_is_not_counted)
{
    if (is_reply(datagram))
        ends->client.acknowledged = ends->client.cancels;
    return true;
}

#define LEAVING(name, text, function, ...) ENTRY(name, text, function, NULL, NULL, NULL, NULL, true, __VA_ARGS__)
#define ARRIVING(name, text, function, ...) ENTRY(name, text, NULL, function, NULL, NULL, NULL, true, __VA_ARGS__)
#define BEHIND(name, text, function, ...) ENTRY(name, text, NULL, NULL, function, NULL, NULL, true, __VA_ARGS__)

// clang-format off
const struct rpcancel_exchange_mutant rpcancel_exchange_hidden[] = {
    ARRIVING("request-executed-again", "A request that comes after the reply is executed again.",
        request_is_executed_again, C706),
    LEAVING("pending-not-said", "No reply says that a cancel is pending.", pending_is_not_said, C706),
    LEAVING("pending-always-said", "Every reply says that a cancel is pending.", pending_is_always_said, C706),
    ARRIVING("ping-not-answered", "The server does not answer pings.", ping_is_not_answered, C706),
    LEAVING("nocall-for-working", "The server says nocall of a call that executes.", nocall_for_working, C706),
    LEAVING("working-for-nocall", "The server says working of a call that it does not know.", working_for_nocall, C706),
    ARRIVING("manager-not-told", "A cancel is acknowledged, and the manager routine does not learn of it.",
        manager_is_not_told, C706),
    ENTRY("orphan-answered", "A call that was given up is answered.", NULL, notes_what_executes, orphan_is_answered,
        NULL, NULL, true, C706),
    ARRIVING("any-answer-counts", "A reply to an earlier call ends the call.", any_answer_counts, C706),
    ARRIVING("fault-not-seen", "The client does not look at faults.", fault_is_not_seen, C706),
    LEAVING("reply-not-acknowledged", "The client acknowledges no reply.", reply_is_not_acknowledged, C706),
    ARRIVING("working-not-seen", "The client does not look at working.", working_is_not_seen, MICROSOFT),
    BEHIND("call-waits-for-ever", "The client pings never.", call_waits_without_timers, MICROSOFT),
    BEHIND("cancel-waits-for-ever", "A cl_cancel is sent once, where no rule wants it again.", cancel_waits_without_timer,
        MICROSOFT),
    LEAVING("request-of-other-data", "The stub data of a request is that of another.", request_of_no_data, C706),
    ARRIVING("pending-not-counted", "Cancels that the server did not accept are not pending at the client.",
        pending_is_not_counted, C706),
};
// clang-format on
const unsigned rpcancel_exchange_hidden_count = sizeof rpcancel_exchange_hidden / sizeof rpcancel_exchange_hidden[0];
