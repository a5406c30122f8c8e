// SPDX-License-Identifier: Apache-2.0
#include "streams/client_oracle.h"

#include "wire/client.h"
#include "streams/watch.h"

enum { FRAGMENT_MAX = 5840 };

static const struct {
    bool counts; /* replies say how many cancels came (W58, W72) */
    bool closes; /* after orphaned (W96) */
} profiles[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {true, true},     [RPCANCEL_WIRE_C706] = {true, false},
    [RPCANCEL_WIRE_MS_RPCE] = {true, true},  [RPCANCEL_WIRE_WINDOWS] = {false, true},
    [RPCANCEL_WIRE_FREEDCE] = {true, false},
};

void rpcancel_client_oracle_begin(struct rpcancel_client_oracle *oracle, enum rpcancel_wire_profile profile)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->profile = profile;
    oracle->size_max = RPCANCEL_PDU_MUST_RECEIVE;
}

/* The open call of that number, or NULL. */
static struct rpcancel_client_oracle_call *find(struct rpcancel_client_oracle *oracle, uint32_t call_id)
{
    for (unsigned i = 0; i < RPCANCEL_CLIENT_ORACLE_CALLS; i++) {
        if (oracle->calls[i].is_open && oracle->calls[i].call_id == call_id)
            return &oracle->calls[i];
    }
    return NULL;
}

static unsigned count_open(const struct rpcancel_client_oracle *oracle)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_CLIENT_ORACLE_CALLS; i++)
        count += oracle->calls[i].is_open;
    return count;
}

/* ---- what is sent ---- */

static void look_at_request(struct rpcancel_client_oracle *oracle, const struct rpcancel_pdu *out, size_t size)
{
    bool is_first = out->flags & RPCANCEL_PFC_FIRST_FRAG, is_last = out->flags & RPCANCEL_PFC_LAST_FRAG;
    size_t left = oracle->stub_data.size, taken = out->data.size;
    HOLD(client_sends_within_size, size <= oracle->size_max);
    HOLD(client_request_whole, oracle->calling && is_first == (oracle->sent == 1) && !oracle->is_complete);
    HOLD(client_request_whole, taken <= left && is_last == (taken == left) && (is_last || taken > 0));
    HOLD(client_request_whole, is_first || !(out->flags & RPCANCEL_PFC_PENDING_CANCEL));
    if (rpcancel_watch_failed())
        return;
    HOLD(client_request_whole, taken == 0 || memcmp(out->data.bytes, oracle->stub_data.bytes, taken) == 0);
    HOLD(client_new_call_ids, is_first ? out->call_id > oracle->last_call_id : out->call_id == oracle->call_id);
    if (taken > 0)
        oracle->stub_data = (struct rpcancel_span){oracle->stub_data.bytes + taken, left - taken};
    oracle->is_complete = is_last;
    oracle->last_call_id = out->call_id;
}

void rpcancel_client_oracle_sent(struct rpcancel_client_oracle *oracle, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu out;
    struct rpcancel_pdu_complaint complaint;
    bool accepted = rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, &out, &complaint);
    HOLD(client_sends_well_formed, accepted && rpcancel_pdu_type_describe(out.type)->sender == RPCANCEL_SENDER_CLIENT);
    HOLD(client_receives_silently, !oracle->receiving && !oracle->is_losing && !oracle->is_over);
    HOLD(client_sends_within_size, size <= FRAGMENT_MAX);
    if (!accepted)
        return;
    oracle->sent++;
    if (out.type == RPCANCEL_PDU_REQUEST)
        look_at_request(oracle, &out, size);
    else
        HOLD(client_request_whole, !oracle->calling);
    oracle->type = out.type;
    oracle->call_id = out.call_id;
}

/* ---- what the application asks for ---- */

void rpcancel_client_oracle_ask(struct rpcancel_client_oracle *oracle, bool calling, struct rpcancel_span stub_data)
{
    oracle->calling = calling;
    oracle->stub_data = stub_data;
    oracle->is_complete = false;
    oracle->sent = 0;
}

void rpcancel_client_oracle_called(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id)
{
    unsigned open = count_open(oracle), most = oracle->multiplexed ? RPCANCEL_CLIENT_ORACLE_CALLS : 1;
    oracle->calling = false;
    HOLD(client_may_call, done == (oracle->bound && !oracle->is_over && open < most));
    HOLD(client_request_whole, done == oracle->is_complete && (done || oracle->sent == 0));
    if (!done || rpcancel_watch_failed())
        return;
    HOLD(client_new_call_ids, call_id == oracle->last_call_id);
    unsigned i = 0;
    while (oracle->calls[i].is_open)
        i++;
    oracle->calls[i] = (struct rpcancel_client_oracle_call){.is_open = true, .call_id = call_id};
}

/* Whether exactly one fragment of |type| was sent, for that call. */
static bool sent_one(const struct rpcancel_client_oracle *oracle, uint8_t type, uint32_t call_id)
{
    return oracle->sent == 1 && oracle->type == type && oracle->call_id == call_id;
}

void rpcancel_client_oracle_cancelled(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id)
{
    struct rpcancel_client_oracle_call *call = find(oracle, call_id);
    HOLD(client_cancels_open_calls, done == (call && !oracle->is_over));
    HOLD(client_cancels_open_calls, done ? sent_one(oracle, RPCANCEL_PDU_CO_CANCEL, call_id) : oracle->sent == 0);
    if (call && done)
        call->cancels++;
}

void rpcancel_client_oracle_orphaned(struct rpcancel_client_oracle *oracle, bool done, uint32_t call_id, bool close)
{
    struct rpcancel_client_oracle_call *call = find(oracle, call_id);
    HOLD(client_orphans_open_calls, done == (call && !oracle->is_over));
    HOLD(client_orphans_open_calls, done ? sent_one(oracle, RPCANCEL_PDU_ORPHANED, call_id) : oracle->sent == 0);
    HOLD(client_closes_after_orphaned,
         close == (done && profiles[oracle->profile].closes && !oracle->keeps_connection));
    if (call && done)
        call->is_open = false;
}

/* ---- what is told ---- */

void rpcancel_client_oracle_assembly(struct rpcancel_client_oracle *oracle, size_t size)
{
    const struct rpcancel_client_oracle_call *call = find(oracle, oracle->in.call_id);
    HOLD(client_bounded, oracle->receiving && oracle->in.type == RPCANCEL_PDU_RESPONSE && call &&
                             size == call->answer.size + oracle->in.data.size);
}

void rpcancel_client_oracle_bound(struct rpcancel_client_oracle *oracle, bool accepted)
{
    bool is_ack = oracle->in.type == RPCANCEL_PDU_BIND_ACK;
    HOLD(client_binds_once, oracle->receiving && !oracle->told_bound &&
                                (is_ack || (oracle->in.type == RPCANCEL_PDU_BIND_NAK && !accepted)));
    oracle->told_bound = true;
}

/* What becomes of the cancels of |call|, whose last fragment is coming in or never will. */
static bool is_cancel_pending(const struct rpcancel_client_oracle *oracle,
                              const struct rpcancel_client_oracle_call *call)
{
    unsigned counted = 0;
    if (oracle->receiving)
        counted =
            oracle->in.type == RPCANCEL_PDU_FAULT ? oracle->in.fault.cancel_count : oracle->in.response.cancel_count;
    return (profiles[oracle->profile].counts && call->cancels > counted) ||
           (oracle->receiving && oracle->in.flags & RPCANCEL_PFC_PENDING_CANCEL);
}

static void look_at_end(const struct rpcancel_client_oracle *oracle, const struct rpcancel_client_oracle_call *call,
                        const struct rpcancel_client_result *result)
{
    struct rpcancel_stub_digest all = call->answer;
    switch (result->end) {
    case RPCANCEL_END_RESPONSE:
        rpcancel_stub_digest_add(&all, oracle->in.data);
        HOLD(client_completes_its_own, oracle->receiving && oracle->in.type == RPCANCEL_PDU_RESPONSE &&
                                           oracle->in.flags & RPCANCEL_PFC_LAST_FRAG);
        HOLD(client_response_whole, rpcancel_stub_digest_is(&all, result->stub_data));
        break;
    case RPCANCEL_END_FAULT:
        HOLD(client_completes_its_own, oracle->receiving && oracle->in.type == RPCANCEL_PDU_FAULT);
        HOLD(client_response_whole,
             result->status == oracle->in.fault.status &&
                 result->did_not_execute == ((oracle->in.flags & RPCANCEL_PFC_DID_NOT_EXECUTE) != 0));
        break;
    default:
        HOLD(client_completes_its_own, result->end == RPCANCEL_END_LOST && oracle->is_losing);
    }
}

void rpcancel_client_oracle_completed(struct rpcancel_client_oracle *oracle,
                                      const struct rpcancel_client_result *result)
{
    struct rpcancel_client_oracle_call *call = find(oracle, result->call_id);
    oracle->completed++;
    HOLD(client_completes_once, call != NULL);
    HOLD(client_completes_its_own, oracle->is_losing || result->call_id == oracle->in.call_id);
    if (!call || rpcancel_watch_failed())
        return;
    HOLD(client_cancel_pending, result->cancel_pending == is_cancel_pending(oracle, call));
    look_at_end(oracle, call, result);
    call->is_open = false;
}

/* ---- fragments that come in ---- */

void rpcancel_client_oracle_receive(struct rpcancel_client_oracle *oracle, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu_complaint complaint;
    memset(&oracle->in, 0, sizeof oracle->in);
    oracle->understood = rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &oracle->in, &complaint);
    oracle->receiving = true;
    oracle->completed = 0;
}

static void settle_bind_ack(struct rpcancel_client_oracle *oracle)
{
    const struct rpcancel_bind_ack_body *ack = &oracle->in.bind_ack;
    struct rpcancel_span list = ack->results;
    bool big_endian = rpcancel_pdu_is_big_endian(&oracle->in);
    struct rpcancel_result result = {0};
    rpcancel_result_next(&list, big_endian, &result);
    oracle->bound = result.result == RPCANCEL_ACCEPTANCE;
    oracle->multiplexed = oracle->in.flags & RPCANCEL_PFC_CONC_MPX;
    oracle->keeps_connection = rpcancel_result_next(&list, big_endian, &result) &&
                               result.result == RPCANCEL_NEGOTIATE_ACK &&
                               result.reason & RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN;
    oracle->size_max = RPCANCEL_PDU_MUST_RECEIVE;
    if (ack->max_receive > oracle->size_max)
        oracle->size_max = ack->max_receive < FRAGMENT_MAX ? ack->max_receive : FRAGMENT_MAX;
}

/* After a fragment that left the association open. */
static void settle(struct rpcancel_client_oracle *oracle)
{
    struct rpcancel_client_oracle_call *call = find(oracle, oracle->in.call_id);
    bool is_last = oracle->in.flags & RPCANCEL_PFC_LAST_FRAG;
    switch (oracle->in.type) {
    case RPCANCEL_PDU_BIND_ACK:
        HOLD(client_binds_once, oracle->told_bound && oracle->completed == 0);
        settle_bind_ack(oracle);
        break;
    case RPCANCEL_PDU_RESPONSE:
        HOLD(client_completes_answered, !call || !is_last);
        if (call && !is_last) {
            HOLD(client_response_whole, call->answered == !(oracle->in.flags & RPCANCEL_PFC_FIRST_FRAG));
            call->answered = true;
            rpcancel_stub_digest_add(&call->answer, oracle->in.data);
        }
        break;
    case RPCANCEL_PDU_FAULT:
        HOLD(client_completes_answered, !call);
        break;
    default: /* nothing else keeps an association open */
        HOLD(client_completes_its_own, false);
    }
}

void rpcancel_client_oracle_received(struct rpcancel_client_oracle *oracle, bool open)
{
    oracle->receiving = false;
    HOLD(client_completes_once, oracle->completed <= 1 && (open || oracle->completed == 0));
    if (open) {
        HOLD(client_completes_its_own, oracle->understood);
        settle(oracle);
    }
}

void rpcancel_client_oracle_lose(struct rpcancel_client_oracle *oracle)
{
    oracle->is_losing = true;
}

void rpcancel_client_oracle_lost(struct rpcancel_client_oracle *oracle)
{
    oracle->is_losing = false;
    oracle->is_over = true;
    HOLD(client_loses_all, count_open(oracle) == 0);
}
