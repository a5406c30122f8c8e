// SPDX-License-Identifier: Apache-2.0
#include "streams/datagram_oracle.h"

#include <stdio.h>

#include "datagram/server.h"
#include "streams/watch.h"

/* ---- rules ---- */

/* |event| happens at |place|; whoever is under test there is held to the rules. */
static void happens(struct rpcancel_oracle_place *place, const struct rpcancel_datagram_event *event,
                    enum rpcancel_pdu_sender tested)
{
    struct rpcancel_datagram_event now = *event;
    now.elapsed = place->elapsed;
    place->elapsed = 0;
    if (event->sender == tested && !rpcancel_watch_failed()) {
        struct rpcancel_wire_verdict verdict = rpcancel_datagram_judge(&place->rules, &place->observer, &now);
        bool is_kept = rpcancel_wire_mask_is_empty(&verdict.violated);
        if (!is_kept)
            fprintf(stderr, "rule %s\n", rpcancel_datagram_rule_at(rpcancel_wire_mask_next(&verdict.violated, 0))->id);
        if (tested == RPCANCEL_SENDER_CLIENT)
            HOLD(datagram_rules_of_client, is_kept);
        else
            HOLD(datagram_rules_of_server, is_kept);
    }
    rpcancel_datagram_observe(&place->observer, &now);
}

static void told(struct rpcancel_datagram_oracle *oracle, enum rpcancel_datagram_event_kind kind, uint32_t timeout,
                 enum rpcancel_datagram_told_end end)
{
    struct rpcancel_datagram_event event =
        rpcancel_datagram_told(kind, RPCANCEL_SENDER_CLIENT, &oracle->activity, oracle->sequence, 0);
    event.timeout = timeout;
    event.end = (uint8_t)end;
    happens(&oracle->at_client, &event, RPCANCEL_SENDER_CLIENT);
}

static void begin_at(struct rpcancel_oracle_place *place, enum rpcancel_datagram_place where,
                     enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role)
{
    rpcancel_datagram_observer_reset(&place->observer, where, true);
    rpcancel_datagram_rules(&place->rules, profile, role, ~0u);
    place->elapsed = 0;
}

void rpcancel_datagram_oracle_begin(struct rpcancel_datagram_oracle *oracle, enum rpcancel_wire_profile profile,
                                    const struct rpcancel_uuid *activity)
{
    memset(oracle, 0, sizeof *oracle);
    begin_at(&oracle->at_client, RPCANCEL_AT_CLIENT, profile, RPCANCEL_SENDER_CLIENT);
    begin_at(&oracle->at_server, RPCANCEL_AT_SERVER, profile, RPCANCEL_SENDER_SERVER);
    oracle->activity = *activity;
}

void rpcancel_datagram_oracle_passes(struct rpcancel_datagram_oracle *oracle, uint32_t ms)
{
    oracle->at_client.elapsed += ms;
    oracle->at_server.elapsed += ms;
}

void rpcancel_datagram_oracle_settled(struct rpcancel_datagram_oracle *oracle)
{
    struct rpcancel_datagram_event event = {.kind = RPCANCEL_DATAGRAM_SETTLED, .sender = RPCANCEL_SENDER_CLIENT};
    happens(&oracle->at_client, &event, RPCANCEL_SENDER_CLIENT);
    event.sender = RPCANCEL_SENDER_SERVER;
    happens(&oracle->at_server, &event, RPCANCEL_SENDER_SERVER);
}

/* ---- what is sent ---- */

static bool is_clients(unsigned type)
{
    return type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_PING || type == RPCANCEL_PDU_CL_CANCEL ||
           type == RPCANCEL_PDU_ACK;
}

static bool is_servers(unsigned type)
{
    return type == RPCANCEL_PDU_RESPONSE || type == RPCANCEL_PDU_FAULT || type == RPCANCEL_PDU_WORKING ||
           type == RPCANCEL_PDU_NOCALL || type == RPCANCEL_PDU_REJECT || type == RPCANCEL_PDU_CANCEL_ACK;
}

static bool read_sent(const uint8_t *bytes, size_t size, bool is_client, struct rpcancel_datagram *datagram)
{
    struct rpcancel_datagram_complaint complaint;
    bool is_read =
        size <= RPCANCEL_DATAGRAM_MAX && rpcancel_datagram_decode(bytes, size, RPCANCEL_STRICT, datagram, &complaint);
    HOLD(datagram_sends_well_formed, is_read && (is_client ? is_clients(datagram->type) : is_servers(datagram->type)));
    return is_read && !rpcancel_watch_failed();
}

/* ---- the client ---- */

void rpcancel_datagram_oracle_calls(struct rpcancel_datagram_oracle *oracle)
{
    oracle->sequence++;
    oracle->is_waiting = true;
}

void rpcancel_datagram_oracle_called(struct rpcancel_datagram_oracle *oracle, uint32_t sequence)
{
    HOLD(datagram_client_new_sequences, sequence == oracle->sequence);
}

void rpcancel_datagram_oracle_cancels(struct rpcancel_datagram_oracle *oracle, uint32_t timeout)
{
    told(oracle, RPCANCEL_DATAGRAM_CANCELLED, timeout, 0);
}

void rpcancel_datagram_oracle_orphans(struct rpcancel_datagram_oracle *oracle)
{
    oracle->is_waiting = false;
    told(oracle, RPCANCEL_DATAGRAM_ENDED, 0, RPCANCEL_TOLD_OTHERWISE);
}

void rpcancel_datagram_oracle_client_receives(struct rpcancel_datagram_oracle *oracle, const uint8_t *bytes,
                                              size_t size)
{
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(RPCANCEL_SENDER_SERVER, bytes, size, 0);
    oracle->arriving = (struct rpcancel_span){bytes, size};
    happens(&oracle->at_client, &event, RPCANCEL_SENDER_CLIENT);
}

void rpcancel_datagram_oracle_client_sent(struct rpcancel_datagram_oracle *oracle, const uint8_t *bytes, size_t size)
{
    struct rpcancel_datagram datagram;
    if (!read_sent(bytes, size, true, &datagram))
        return;
    HOLD(datagram_client_sends_its_own,
         rpcancel_uuid_is(&datagram.activity, &oracle->activity) && datagram.sequence == oracle->sequence);
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(RPCANCEL_SENDER_CLIENT, bytes, size, 0);
    happens(&oracle->at_client, &event, RPCANCEL_SENDER_CLIENT);
}

void rpcancel_datagram_oracle_completed(struct rpcancel_datagram_oracle *oracle, uint32_t sequence,
                                        enum rpcancel_datagram_told_end end, const struct rpcancel_span *response)
{
    struct rpcancel_datagram arrived;
    struct rpcancel_datagram_complaint complaint;
    HOLD(datagram_client_completes_once, oracle->is_waiting && sequence == oracle->sequence);
    oracle->is_waiting = false;
    if (response && !rpcancel_watch_failed()) {
        bool is_read = rpcancel_datagram_decode(oracle->arriving.bytes, oracle->arriving.size, RPCANCEL_LENIENT,
                                                &arrived, &complaint);
        bool is_it = is_read && arrived.type == RPCANCEL_PDU_RESPONSE && arrived.sequence == sequence &&
                     arrived.data.size == response->size;
        HOLD(datagram_client_response_whole,
             is_it && (response->size == 0 || memcmp(arrived.data.bytes, response->bytes, response->size) == 0));
    }
    if (!rpcancel_watch_failed())
        told(oracle, RPCANCEL_DATAGRAM_ENDED, 0, end);
}

/* ---- the server's calls ---- */

static struct rpcancel_oracle_call *find_call(struct rpcancel_datagram_oracle *oracle,
                                              const struct rpcancel_uuid *activity, uint32_t sequence)
{
    for (uint32_t i = 0; i < oracle->count; i++) {
        if (oracle->calls[i].sequence == sequence && rpcancel_uuid_is(&oracle->calls[i].activity, activity))
            return &oracle->calls[i];
    }
    return NULL;
}

static bool knows_activity(const struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity)
{
    for (uint32_t i = 0; i < oracle->count; i++) {
        if (rpcancel_uuid_is(&oracle->calls[i].activity, activity))
            return true;
    }
    return false;
}

static struct rpcancel_oracle_call *open_call(struct rpcancel_datagram_oracle *oracle,
                                              const struct rpcancel_uuid *activity, uint32_t sequence)
{
    struct rpcancel_oracle_call *call = find_call(oracle, activity, sequence);
    if (call)
        return call;
    if (oracle->count == RPCANCEL_ORACLE_CALLS_MAX) {
        oracle->is_full = true;
        return NULL;
    }
    oracle->activities += !knows_activity(oracle, activity);
    call = &oracle->calls[oracle->count++];
    *call = (struct rpcancel_oracle_call){.activity = *activity, .sequence = sequence};
    return call;
}

/* Of more activities the server forgets some that have no call, and what it did for them. */
static bool remembers(const struct rpcancel_datagram_oracle *oracle)
{
    return !oracle->is_full && oracle->activities <= RPCANCEL_ACTIVITIES_MAX;
}

/* ---- the server ---- */

void rpcancel_datagram_oracle_server_receives(struct rpcancel_datagram_oracle *oracle, uint64_t peer,
                                              const uint8_t *bytes, size_t size)
{
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(RPCANCEL_SENDER_CLIENT, bytes, size, 0);
    const struct rpcancel_datagram *datagram = &event.datagram;
    oracle->arriving = (struct rpcancel_span){bytes, size};
    oracle->peer = peer;
    happens(&oracle->at_server, &event, RPCANCEL_SENDER_SERVER);
    if (event.kind != RPCANCEL_DATAGRAM_PDU)
        return;
    struct rpcancel_oracle_call *call = open_call(oracle, &datagram->activity, datagram->sequence);
    if (!call)
        return;
    call->peers |= UINT64_C(1) << peer;
    bool is_cancel = datagram->type == RPCANCEL_PDU_CL_CANCEL && datagram->cancel.is_present;
    if (is_cancel && datagram->cancel.version == 0 && datagram->cancel.cancel_id > call->highest)
        call->highest = datagram->cancel.cancel_id;
}

void rpcancel_datagram_oracle_server_sent(struct rpcancel_datagram_oracle *oracle, uint64_t peer, const uint8_t *bytes,
                                          size_t size)
{
    struct rpcancel_datagram datagram;
    if (!read_sent(bytes, size, false, &datagram))
        return;
    const struct rpcancel_oracle_call *call = find_call(oracle, &datagram.activity, datagram.sequence);
    HOLD(datagram_server_answers_known, oracle->is_full || (call && peer < 64 && call->peers >> peer & 1));
    bool ends = datagram.type == RPCANCEL_PDU_RESPONSE || datagram.type == RPCANCEL_PDU_FAULT;
    if (ends && call && remembers(oracle))
        HOLD(datagram_server_silent_after_orphaned, !call->is_orphaned);
    struct rpcancel_datagram_event event = rpcancel_datagram_event_of(RPCANCEL_SENDER_SERVER, bytes, size, 0);
    if (!rpcancel_watch_failed())
        happens(&oracle->at_server, &event, RPCANCEL_SENDER_SERVER);
}

void rpcancel_datagram_oracle_executed(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                       uint32_t sequence, struct rpcancel_span stub_data)
{
    struct rpcancel_datagram arrived;
    struct rpcancel_datagram_complaint complaint;
    bool is_read =
        rpcancel_datagram_decode(oracle->arriving.bytes, oracle->arriving.size, RPCANCEL_LENIENT, &arrived, &complaint);
    HOLD(datagram_server_executes_once, is_read && arrived.type == RPCANCEL_PDU_REQUEST &&
                                            arrived.sequence == sequence && arrived.data.bytes == stub_data.bytes &&
                                            arrived.data.size == stub_data.size);
    struct rpcancel_oracle_call *call = find_call(oracle, activity, sequence);
    if (!call)
        return;
    if (remembers(oracle))
        HOLD(datagram_server_executes_once, !call->was_executed || call->is_idempotent);
    call->was_executed = true;
    call->is_idempotent = arrived.flags & RPCANCEL_PF_IDEMPOTENT;
}

void rpcancel_datagram_oracle_delivered(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                        uint32_t sequence, uint32_t cancels)
{
    struct rpcancel_oracle_call *call = find_call(oracle, activity, sequence);
    struct rpcancel_datagram_event event =
        rpcancel_datagram_told(RPCANCEL_DATAGRAM_POSTED, RPCANCEL_SENDER_SERVER, activity, sequence, 0);
    event.count = cancels;
    if (call && remembers(oracle)) {
        HOLD(datagram_server_delivers_cancels,
             call->was_executed && !call->is_orphaned && cancels > 0 && cancels <= call->highest - call->delivered);
        call->delivered += cancels;
    }
    if (!rpcancel_watch_failed())
        happens(&oracle->at_server, &event, RPCANCEL_SENDER_SERVER);
}

void rpcancel_datagram_oracle_orphaned(struct rpcancel_datagram_oracle *oracle, const struct rpcancel_uuid *activity,
                                       uint32_t sequence)
{
    struct rpcancel_oracle_call *call = find_call(oracle, activity, sequence);
    if (call)
        call->is_orphaned = true;
}
