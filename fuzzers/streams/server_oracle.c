// SPDX-License-Identifier: Apache-2.0
#include "streams/server_oracle.h"

#include "wire/presentation.h"
#include "streams/watch.h"

enum { FRAGMENT_MAX = 5840, STUB_MAX = 4 << 20 };

/* docs/serve.md, "Profiles". */
static const struct {
    bool counts, tells_pending, discards, knows_maybe, short_context;
} profiles[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {true, false, true, true, false},
    [RPCANCEL_WIRE_C706] = {true, true, true, true, false},
    [RPCANCEL_WIRE_MS_RPCE] = {true, false, true, true, false},
    [RPCANCEL_WIRE_WINDOWS] = {false, false, false, false, true},
    [RPCANCEL_WIRE_FREEDCE] = {true, true, true, true, false},
};

void rpcancel_server_oracle_begin(struct rpcancel_server_oracle *oracle, enum rpcancel_wire_profile profile)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->profile = profile;
    oracle->answering = -1;
}

int rpcancel_server_oracle_open(const struct rpcancel_server_oracle *oracle, unsigned nth)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_ORACLE_CALLS; i++)
        count += oracle->calls[i].is_open;
    for (unsigned i = 0, left = count ? nth % count : 0; i < RPCANCEL_ORACLE_CALLS; i++) {
        if (oracle->calls[i].is_open && left-- == 0)
            return (int)i;
    }
    return -1;
}

/* Calls of that number which a cancel can be for, but for the one in assembly. */
static unsigned count_executing(const struct rpcancel_server_oracle *oracle, uint32_t call_id)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_ORACLE_CALLS; i++) {
        const struct rpcancel_oracle_call *call = &oracle->calls[i];
        count += call->is_open && !call->orphaned && call->call_id == call_id;
    }
    return count;
}

static unsigned count_all_executing(const struct rpcancel_server_oracle *oracle)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_ORACLE_CALLS; i++)
        count += oracle->calls[i].is_open && !oracle->calls[i].orphaned;
    return count;
}

static bool is_in_assembly(const struct rpcancel_server_oracle *oracle, uint32_t call_id)
{
    return oracle->assembling.is_open && oracle->assembling.call_id == call_id;
}

static bool is_cancel(const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_CO_CANCEL || pdu->type == RPCANCEL_PDU_ORPHANED;
}

/* ---- what the association sends of its own accord ---- */

static void look_at_bind_ack(struct rpcancel_server_oracle *oracle, const struct rpcancel_pdu *ack)
{
    bool is_bind = ack->type == RPCANCEL_PDU_BIND_ACK;
    bool fits = oracle->in.type == (is_bind ? RPCANCEL_PDU_BIND : RPCANCEL_PDU_ALTER_CONTEXT);
    HOLD(server_answers_binds, fits && is_bind != oracle->bound && ack->call_id == oracle->in.call_id);
    HOLD(server_answers_binds, ack->bind_ack.result_count == oracle->in.bind.context_count);
    HOLD(server_sends_within_size,
         ack->bind_ack.max_transmit >= RPCANCEL_PDU_MUST_RECEIVE && ack->bind_ack.max_transmit <= FRAGMENT_MAX);
    if (!is_bind)
        return;
    oracle->bound = true;
    oracle->multiplexed = ack->flags & RPCANCEL_PFC_CONC_MPX;
    oracle->size_max = ack->bind_ack.max_transmit;
    HOLD(server_answers_binds, !oracle->multiplexed || oracle->in.flags & RPCANCEL_PFC_CONC_MPX);
}

static void look_at_own(struct rpcancel_server_oracle *oracle, const struct rpcancel_pdu *out)
{
    bool is_bind = oracle->in.type == RPCANCEL_PDU_BIND || oracle->in.type == RPCANCEL_PDU_ALTER_CONTEXT;
    oracle->sent++;
    HOLD(server_replies_to_calls, oracle->receiving && oracle->sent == 1 && out->type != RPCANCEL_PDU_RESPONSE);
    HOLD(server_cancels_unanswered, !oracle->understood || !is_cancel(&oracle->in));
    if (out->type == RPCANCEL_PDU_FAULT) {
        oracle->faults++;
        HOLD(server_replies_to_calls, out->call_id == oracle->in.call_id || is_in_assembly(oracle, out->call_id) ||
                                          count_executing(oracle, out->call_id) > 0);
        return;
    }
    HOLD(server_answers_binds, is_bind && out->call_id == oracle->in.call_id);
    if (out->type != RPCANCEL_PDU_BIND_NAK && oracle->understood)
        look_at_bind_ack(oracle, out);
}

/* ---- what it sends for the application ---- */

static void look_at_response(struct rpcancel_server_oracle *oracle, const struct rpcancel_pdu *out)
{
    bool is_first = out->flags & RPCANCEL_PFC_FIRST_FRAG, is_last = out->flags & RPCANCEL_PFC_LAST_FRAG;
    size_t size = out->data.size, left = oracle->stub_data.size;
    HOLD(server_response_whole, is_first == (oracle->replies == 0) && is_last == (size == left) && size <= left);
    HOLD(server_response_whole, is_last || (size > 0 && size % 8 == 0));
    if (rpcancel_watch_failed())
        return;
    HOLD(server_response_whole, size == 0 || memcmp(out->data.bytes, oracle->stub_data.bytes, size) == 0);
    if (size > 0)
        oracle->stub_data = (struct rpcancel_span){oracle->stub_data.bytes + size, left - size};
}

static void look_at_answer(struct rpcancel_server_oracle *oracle, const struct rpcancel_pdu *out)
{
    const struct rpcancel_oracle_call *call = &oracle->calls[oracle->answering];
    bool is_fault = out->type == RPCANCEL_PDU_FAULT, is_last = out->flags & RPCANCEL_PFC_LAST_FRAG;
    unsigned count = is_fault ? out->fault.cancel_count : out->response.cancel_count;
    unsigned context = is_fault ? out->fault.context_id : out->response.context_id;
    unsigned mask = profiles[oracle->profile].short_context && !is_fault ? UINT8_MAX : UINT16_MAX;
    bool pending = is_last && profiles[oracle->profile].tells_pending && call->cancel_pending;
    HOLD(server_silent_after_orphaned, !call->orphaned);
    HOLD(server_silent_for_maybe, !call->maybe);
    HOLD(server_replies_to_calls, call->is_open && (is_fault || out->type == RPCANCEL_PDU_RESPONSE) &&
                                      out->call_id == call->call_id && context == (call->context_id & mask));
    HOLD(server_one_outcome, is_fault == oracle->is_fault && !oracle->is_complete);
    HOLD(server_counts_cancels, count == (profiles[oracle->profile].counts ? call->cancels & UINT8_MAX : 0));
    HOLD(server_tells_pending, !(out->flags & RPCANCEL_PFC_PENDING_CANCEL) == !pending);
    if (is_fault)
        HOLD(server_fault_status, out->fault.status == oracle->status && out->data.size == 0 &&
                                      (out->flags & ~RPCANCEL_PFC_PENDING_CANCEL) == RPCANCEL_PFC_SINGLE);
    else
        look_at_response(oracle, out);
    oracle->replies++;
    oracle->is_complete = is_last;
}

void rpcancel_server_oracle_sent(struct rpcancel_server_oracle *oracle, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu out;
    struct rpcancel_pdu_complaint complaint;
    bool accepted = rpcancel_pdu_decode(bytes, size, RPCANCEL_STRICT, &out, &complaint);
    HOLD(server_sends_well_formed, accepted && rpcancel_pdu_type_describe(out.type)->sender == RPCANCEL_SENDER_SERVER);
    if (!accepted)
        return;
    bool is_reply = out.type == RPCANCEL_PDU_RESPONSE || out.type == RPCANCEL_PDU_FAULT;
    HOLD(server_sends_within_size, size <= (is_reply && oracle->bound ? oracle->size_max : FRAGMENT_MAX));
    if (oracle->answering >= 0)
        look_at_answer(oracle, &out);
    else
        look_at_own(oracle, &out);
}

/* ---- what the application is told and does ---- */

void rpcancel_server_oracle_assembly(struct rpcancel_server_oracle *oracle, size_t size)
{
    HOLD(server_bounded, size > 0 && size <= STUB_MAX && size == oracle->assembled.size + oracle->in.data.size);
}

void rpcancel_server_oracle_request(struct rpcancel_server_oracle *oracle, unsigned call, uint16_t opnum,
                                    struct rpcancel_span stub_data)
{
    struct rpcancel_oracle_call *assembling = &oracle->assembling;
    struct rpcancel_stub_digest all = oracle->assembled;
    bool is_first = oracle->in.flags & RPCANCEL_PFC_FIRST_FRAG;
    oracle->requests++;
    HOLD(server_executes_whole, oracle->receiving && oracle->understood && oracle->in.type == RPCANCEL_PDU_REQUEST &&
                                    oracle->in.flags & RPCANCEL_PFC_LAST_FRAG && oracle->bound);
    HOLD(server_executes_whole, is_first != (assembling->is_open && assembling->call_id == oracle->in.call_id));
    HOLD(server_executes_whole, call < RPCANCEL_ORACLE_CALLS && opnum == oracle->in.request.opnum);
    if (rpcancel_watch_failed())
        return;
    HOLD(server_one_outcome, !oracle->calls[call].is_open && oracle->requests == 1);
    HOLD(server_one_at_a_time, oracle->multiplexed || count_all_executing(oracle) == 0);
    rpcancel_stub_digest_add(&all, oracle->in.data);
    HOLD(server_executes_whole, rpcancel_stub_digest_is(&all, stub_data));
    if (is_first)
        *assembling = (struct rpcancel_oracle_call){.call_id = oracle->in.call_id,
                                                    .context_id = oracle->in.request.context_id,
                                                    .bit = oracle->in.flags & RPCANCEL_PFC_PENDING_CANCEL,
                                                    .maybe = oracle->in.flags & RPCANCEL_PFC_MAYBE &&
                                                             profiles[oracle->profile].knows_maybe};
    oracle->calls[call] = *assembling;
    oracle->calls[call].is_open = true;
    oracle->calls[call].cancel_pending = assembling->bit || assembling->cancels > 0;
    assembling->is_open = false;
}

void rpcancel_server_oracle_cancel(struct rpcancel_server_oracle *oracle, unsigned number)
{
    oracle->cancels++;
    HOLD(server_delivers_cancels, number < RPCANCEL_ORACLE_CALLS && oracle->receiving);
    if (rpcancel_watch_failed())
        return;
    struct rpcancel_oracle_call *call = &oracle->calls[number];
    if (oracle->in.type == RPCANCEL_PDU_CO_CANCEL) {
        call->cancels++;
        call->cancel_pending = true;
    } else {
        HOLD(server_delivers_cancels, oracle->in.type == RPCANCEL_PDU_REQUEST && oracle->requests == 1);
    }
    call->told++;
    HOLD(server_delivers_cancels, call->is_open && !call->orphaned && call->call_id == oracle->in.call_id &&
                                      call->told <= call->cancels + call->bit);
}

void rpcancel_server_oracle_orphaned(struct rpcancel_server_oracle *oracle, unsigned number)
{
    oracle->orphaned++;
    HOLD(server_delivers_orphaned, number < RPCANCEL_ORACLE_CALLS && oracle->in.type == RPCANCEL_PDU_ORPHANED);
    if (rpcancel_watch_failed())
        return;
    struct rpcancel_oracle_call *call = &oracle->calls[number];
    HOLD(server_delivers_orphaned, call->is_open && !call->orphaned && call->call_id == oracle->in.call_id);
    call->orphaned = true;
}

void rpcancel_server_oracle_answer(struct rpcancel_server_oracle *oracle, unsigned call, uint32_t status,
                                   struct rpcancel_span stub_data)
{
    oracle->answering = (int)call;
    oracle->is_fault = status != 0;
    oracle->status = status;
    oracle->stub_data = stub_data;
    oracle->replies = 0;
    oracle->is_complete = false;
}

void rpcancel_server_oracle_answered(struct rpcancel_server_oracle *oracle)
{
    struct rpcancel_oracle_call *call = &oracle->calls[oracle->answering];
    HOLD(server_one_outcome, oracle->is_complete == (!call->orphaned && !call->maybe));
    call->is_open = false;
    oracle->answering = -1;
}

void rpcancel_server_oracle_took(struct rpcancel_server_oracle *oracle, unsigned call, bool was_pending)
{
    HOLD(server_delivers_cancels, was_pending == oracle->calls[call].cancel_pending);
    oracle->calls[call].cancel_pending = false;
}

/* ---- fragments that come in ---- */

void rpcancel_server_oracle_receive(struct rpcancel_server_oracle *oracle, const uint8_t *bytes, size_t size)
{
    struct rpcancel_pdu_complaint complaint;
    memset(&oracle->in, 0, sizeof oracle->in);
    oracle->receiving = true;
    oracle->understood = rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &oracle->in, &complaint);
    oracle->sent = oracle->faults = oracle->requests = oracle->cancels = oracle->orphaned = 0;
}

/* A cancel is told to the application once where an executing call has its number. Where there is none it belongs to
 * the request in assembly, or to nobody. */
static void settle_cancel(struct rpcancel_server_oracle *oracle)
{
    unsigned executing = count_executing(oracle, oracle->in.call_id); /* but for those that were told just now */
    bool in_assembly = is_in_assembly(oracle, oracle->in.call_id),
         is_orphaned = oracle->in.type == RPCANCEL_PDU_ORPHANED;
    unsigned told = is_orphaned ? oracle->orphaned : oracle->cancels;
    if (is_orphaned)
        HOLD(server_delivers_orphaned, told <= 1 && (told == 1 || in_assembly || executing == 0));
    else
        HOLD(server_delivers_cancels, told <= 1 && (told == 1 || in_assembly || executing == 0));
    if (told > 0 || !in_assembly)
        return;
    if (!is_orphaned)
        oracle->assembling.cancels++;
    else if (profiles[oracle->profile].discards)
        oracle->assembling.is_open = false;
}

static bool all_calls_are_taken(const struct rpcancel_server_oracle *oracle)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RPCANCEL_ORACLE_CALLS; i++)
        count += oracle->calls[i].is_open;
    return count == RPCANCEL_ORACLE_CALLS;
}

/* Whether the fragment belongs to a request that was refused with its first fragment. */
static bool is_refused(struct rpcancel_server_oracle *oracle)
{
    bool is_first = oracle->in.flags & RPCANCEL_PFC_FIRST_FRAG, is_last = oracle->in.flags & RPCANCEL_PFC_LAST_FRAG;
    if (is_first) {
        oracle->refusing = !is_last && oracle->faults == 1 && all_calls_are_taken(oracle);
        oracle->refused = oracle->in.call_id;
        return oracle->refusing && oracle->requests == 0;
    }
    bool refused = oracle->refusing && oracle->refused == oracle->in.call_id;
    oracle->refusing = oracle->refusing && !(refused && is_last);
    if (refused)
        HOLD(server_one_outcome, oracle->requests + oracle->faults == 0);
    return refused;
}

/* After a request fragment that left the association open. */
static void settle_request(struct rpcancel_server_oracle *oracle)
{
    if (is_refused(oracle))
        return;
    bool is_first = oracle->in.flags & RPCANCEL_PFC_FIRST_FRAG, is_last = oracle->in.flags & RPCANCEL_PFC_LAST_FRAG;
    bool was_open = oracle->assembling.is_open || (is_last && !is_first && oracle->requests > 0);
    HOLD(server_one_outcome, oracle->requests + oracle->faults == (is_last ? 1 : 0));
    HOLD(server_fragments_in_order, is_first || was_open);
    HOLD(server_one_at_a_time, !is_first || !oracle->assembling.is_open);
    if (is_last) {
        oracle->assembling.is_open = false;
        return;
    }
    if (is_first) {
        oracle->assembling = (struct rpcancel_oracle_call){.is_open = true,
                                                           .call_id = oracle->in.call_id,
                                                           .context_id = oracle->in.request.context_id,
                                                           .bit = oracle->in.flags & RPCANCEL_PFC_PENDING_CANCEL,
                                                           .maybe = oracle->in.flags & RPCANCEL_PFC_MAYBE &&
                                                                    profiles[oracle->profile].knows_maybe};
        oracle->assembled = (struct rpcancel_stub_digest){0};
    }
    HOLD(server_fragments_in_order, oracle->assembling.call_id == oracle->in.call_id &&
                                        oracle->assembling.context_id == oracle->in.request.context_id);
    rpcancel_stub_digest_add(&oracle->assembled, oracle->in.data);
}

/* Cancels that came before a call was executed are told when it is. */
static void look_for_untold(struct rpcancel_server_oracle *oracle)
{
    for (unsigned i = 0; i < RPCANCEL_ORACLE_CALLS; i++) {
        const struct rpcancel_oracle_call *call = &oracle->calls[i];
        unsigned least = call->cancels > 0 ? call->cancels : call->bit;
        if (call->is_open && !call->orphaned)
            HOLD(server_delivers_cancels, call->told >= least);
    }
}

void rpcancel_server_oracle_received(struct rpcancel_server_oracle *oracle, bool open)
{
    bool cancels = oracle->understood && is_cancel(&oracle->in);
    oracle->receiving = false;
    if (cancels)
        HOLD(server_cancels_stay_open, open);
    if (!open) {
        HOLD(server_ends_well, oracle->requests == 0 && oracle->cancels == 0 && oracle->sent <= 1);
        return;
    }
    HOLD(server_ends_well, oracle->understood && (oracle->bound || cancels));
    HOLD(server_delivers_cancels, oracle->orphaned == 0 || oracle->cancels == 0);
    if (cancels)
        settle_cancel(oracle);
    else if (oracle->in.type == RPCANCEL_PDU_REQUEST)
        settle_request(oracle);
    else
        HOLD(server_answers_binds, oracle->sent == 1 && oracle->faults == 0);
    if (!oracle->assembling.is_open)
        oracle->assembled = (struct rpcancel_stub_digest){0};
    look_for_untold(oracle);
}
