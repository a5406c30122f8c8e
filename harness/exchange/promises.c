// SPDX-License-Identifier: Apache-2.0
#include "exchange/promises.h"

static bool is_same(struct rpcancel_span one, struct rpcancel_span other)
{
    return one.size == other.size && memcmp(one.bytes, other.bytes, one.size) == 0;
}

/* Where profiles count pending cancels: every one that no manager routine took is, and without a cancel none is. */
static void look_at_pending(struct rpcancel_exchange_ends *ends, const struct rpcancel_exchange_fate *fate,
                            const struct rpcancel_datagram_result *result)
{
    bool is_answered = result->end == RPCANCEL_DATAGRAM_END_RESPONSE || result->end == RPCANCEL_DATAGRAM_END_FAULT;
    if (!ends->setup->choices.counts_pending || !is_answered)
        return;
    if (fate->cancels > fate->taken && !result->cancel_pending)
        rpcancel_exchange_wrong(ends, "a cancel that no manager routine took is not pending afterwards");
    if (fate->cancels == 0 && result->cancel_pending)
        rpcancel_exchange_wrong(ends, "a cancel is pending that nobody issued");
}

void rpcancel_promise_on_end(struct rpcancel_exchange_ends *ends, const struct rpcancel_datagram_result *result)
{
    const struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, result->sequence);
    if (!fate || fate->is_over) {
        rpcancel_exchange_wrong(ends, "a call ends that is over");
        return;
    }
    bool is_answered = result->end == RPCANCEL_DATAGRAM_END_RESPONSE || result->end == RPCANCEL_DATAGRAM_END_FAULT;
    if (is_answered && fate->executed == 0)
        rpcancel_exchange_wrong(ends, "a call is answered that was not executed");
    if (result->end == RPCANCEL_DATAGRAM_END_RESPONSE &&
        !is_same(result->stub_data, rpcancel_exchange_stub_data(result->sequence, true)))
        rpcancel_exchange_wrong(ends, "a call has the answer of another one");
    if (ends->setup->is_reliable && result->end == RPCANCEL_DATAGRAM_END_LOST)
        rpcancel_exchange_wrong(ends, "a call is lost, and no datagram was");
    look_at_pending(ends, fate, result);
}

void rpcancel_promise_on_request(struct rpcancel_exchange_ends *ends, uint32_t sequence,
                                 const struct rpcancel_datagram_request *request)
{
    const struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, sequence);
    if (fate && fate->executed > 1 && !ends->setup->idempotent)
        rpcancel_exchange_wrong(ends, "a call that is not idempotent is executed twice");
    if (!is_same(request->stub_data, rpcancel_exchange_stub_data(sequence, false)))
        rpcancel_exchange_wrong(ends, "a call is executed with the stub data of another one");
}

void rpcancel_promise_on_send(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                              const struct rpcancel_datagram *datagram)
{
    const struct rpcancel_activity *activity = &ends->server.activities[0];
    const struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, datagram->sequence);
    bool is_reply = datagram->type == RPCANCEL_PDU_RESPONSE || datagram->type == RPCANCEL_PDU_FAULT;
    bool has_call = activity->state != RPCANCEL_ACTIVITY_NONE && activity->sequence == datagram->sequence;
    bool executes = has_call && activity->state == RPCANCEL_ACTIVITY_EXECUTING;
    if (sender != RPCANCEL_SENDER_SERVER)
        return;
    if (datagram->type == RPCANCEL_PDU_NOCALL && has_call)
        rpcancel_exchange_wrong(ends, "nocall for a call that the server has");
    if (datagram->type == RPCANCEL_PDU_WORKING && !executes)
        rpcancel_exchange_wrong(ends, "working for a call that does not execute");
    if (is_reply && fate && fate->given_up)
        rpcancel_exchange_wrong(ends, "a reply to a call that was given up");
    bool has_come = fate && fate->is_over == RPCANCEL_EXCHANGE_OVER_ANSWERED;
    if (is_reply && ends->setup->is_reliable && activity->resends > 0 && has_come)
        rpcancel_exchange_wrong(ends, "a reply is sent again, and nothing was lost");
}

static void look_at_server(struct rpcancel_exchange_ends *ends)
{
    const struct rpcancel_activity *activity = &ends->server.activities[0];
    const struct rpcancel_exchange_fate *fate = rpcancel_exchange_fate(ends, activity->sequence);
    bool is_counted = fate && !fate->is_over && fate->posted < UINT8_MAX;
    if (activity->state == RPCANCEL_ACTIVITY_EXECUTING && is_counted && activity->cancels != fate->posted)
        rpcancel_exchange_wrong(ends, "a cancel was accepted, and the manager routine was not told");
}

void rpcancel_promise_on_step(struct rpcancel_exchange_ends *ends)
{
    const struct rpcancel_datagram_client *client = &ends->client;
    bool waits = client->cancels > client->acknowledged && client->is_accepting;
    if (client->state != RPCANCEL_DATAGRAM_IDLE && rpcancel_datagram_client_next(client) == RPCANCEL_NEVER)
        rpcancel_exchange_wrong(ends, "a call waits, and no timer runs");
    if (client->state == RPCANCEL_DATAGRAM_CALLING && waits && client->cancel_timer == RPCANCEL_NEVER)
        rpcancel_exchange_wrong(ends, "a cancel waits for its acknowledgement, and no timer runs");
    look_at_server(ends);
}
