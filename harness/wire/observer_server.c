// SPDX-License-Identifier: Apache-2.0
/* What an observer makes of what the server sends. */
#include "status.h"
#include "wire/observer_parts.h"
#include "wire/presentation.h"

/* ---- bind ---- */

static void accept_context(struct rpcancel_wire_observer *observer, unsigned position)
{
    if (position >= observer->asked_count || observer->accepted_count == RPCANCEL_WIRE_CONTEXTS_MAX)
        observer->contexts_lost = true;
    else
        observer->accepted[observer->accepted_count++] = observer->asked[position];
}

static void take_results(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_span list = pdu->bind_ack.results;
    bool big_endian = rpcancel_pdu_is_big_endian(pdu);
    for (unsigned i = 0; list.size >= RPCANCEL_RESULT_SIZE; i++) {
        unsigned result = rpcancel_read_16(list.bytes, big_endian);
        if (result == RPCANCEL_ACCEPTANCE) {
            observer->bind = RPCANCEL_BIND_ACCEPTED;
            accept_context(observer, i);
        } else if (result == RPCANCEL_NEGOTIATE_ACK) {
            observer->features_granted |= (uint8_t)rpcancel_read_16(list.bytes + 2, big_endian);
        }
        list.bytes += RPCANCEL_RESULT_SIZE;
        list.size -= RPCANCEL_RESULT_SIZE;
    }
}

/* ---- replies ---- */

/* Puts |call| in front of those that have ended; one of its call_id is among them only if it is |reused|. */
static void note_ended(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_call *call)
{
    unsigned at = call->reused ? rpcancel_observer_find_ended(observer, call->call_id) : RPCANCEL_WIRE_ENDED_MAX;
    if (at == RPCANCEL_WIRE_ENDED_MAX && observer->ended_count < RPCANCEL_WIRE_ENDED_MAX)
        at = observer->ended_count++;
    else if (at == RPCANCEL_WIRE_ENDED_MAX)
        at--; /* the oldest is forgotten */
    uint32_t before = observer->ended_orphaned & ((UINT32_C(1) << at) - 1);
    uint32_t behind = observer->ended_orphaned & ~((UINT32_C(2) << at) - 1);
    observer->ended_orphaned = behind | before << 1 | (call->orphaned > 0);
    memmove(observer->ended + 1, observer->ended, at * sizeof observer->ended[0]);
    observer->ended[0] = call->call_id;
}

/* What cut in may have come after the end of a call that was in its way. */
static void forgive_cut_in(struct rpcancel_wire_observer *observer)
{
    for (unsigned i = 0; i < observer->call_places; i++)
        observer->calls[i].cut_in = observer->calls[i].cut_in_orphaned = false;
}

static void end_call(struct rpcancel_wire_observer *observer, struct rpcancel_wire_call *call)
{
    bool was_in_the_way = call->phase == RPCANCEL_PHASE_ASSEMBLING || !observer->multiplexing;
    observer->has_crossed |= call->maybe;
    note_ended(observer, call);
    memset(call, 0, sizeof *call);
    if (was_in_the_way)
        forgive_cut_in(observer);
    while (observer->call_places > 0 && observer->calls[observer->call_places - 1].phase == RPCANCEL_PHASE_NONE)
        observer->call_places--;
    rpcancel_count_up(&observer->ended_unknown, RPCANCEL_WIRE_ENDED_MAX);
}

static bool is_protocol_error(const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_FAULT && pdu->fault.status == (uint32_t)RPCANCEL_FAULT_PROTO_ERROR;
}

/* What the fault |pdu| refuses, which is for |call|, or for none. */
static enum rpcancel_wire_refusal refusal_of(const struct rpcancel_wire_observer *observer,
                                             const struct rpcancel_pdu *pdu, const struct rpcancel_wire_call *call)
{
    bool is_error = is_protocol_error(pdu);
    if (is_error && call && call->cut_in_itself && !observer->began_over)
        return RPCANCEL_WIRE_REFUSED_CUT_IN;
    if (observer->incomplete || rpcancel_wire_is_lost(observer, pdu->call_id))
        return RPCANCEL_WIRE_REFUSED_CALL;
    bool has_cut_in = false, has_cut_in_orphaned = false;
    for (unsigned i = 0; i < observer->call_places; i++) {
        has_cut_in |= observer->calls[i].cut_in;
        has_cut_in_orphaned |= observer->calls[i].cut_in_orphaned;
    }
    if (is_error && has_cut_in_orphaned && !observer->error)
        return RPCANCEL_WIRE_REFUSED_CUT_IN_ORPHANED;
    if (is_error && has_cut_in && observer->error == RPCANCEL_WIRE_ERROR_CUT_IN && !observer->began_over)
        return RPCANCEL_WIRE_REFUSED_CUT_IN;
    if (is_error && !call && observer->error == RPCANCEL_WIRE_ERROR_FRAGMENT && !observer->multiplexing)
        return RPCANCEL_WIRE_REFUSED_FRAGMENT;
    if (!call || observer->error || observer->began_over)
        return RPCANCEL_WIRE_REFUSED_CALL;
    if (call->pending_cancel && call->alone && !call->announced_much &&
        pdu->fault.status == (uint32_t)RPCANCEL_S_NO_CALL_ACTIVE)
        return RPCANCEL_WIRE_REFUSED_PENDING_CANCEL;
    return call->announced_much && call->in_fragments && !call->pending_cancel &&
                   pdu->fault.status == (uint32_t)RPCANCEL_S_ACCESS_DENIED
               ? RPCANCEL_WIRE_REFUSED_MUCH
               : RPCANCEL_WIRE_REFUSED_CALL;
}

static void take_fault(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu,
                       const struct rpcancel_wire_call *call)
{
    if (!rpcancel_wire_is_cancel_fault(pdu)) {
        observer->refusal = (uint8_t)refusal_of(observer, pdu, call);
        observer->refusal_rank = observer->sent;
    }
    observer->interleaved |=
        rpcancel_wire_is_lost(observer, pdu->call_id); /* whose request need not have been complete */
    observer->is_fault_open = !(pdu->flags & RPCANCEL_PFC_LAST_FRAG);
    observer->open_fault = observer->is_fault_open ? pdu->call_id : 0;
    if (call && call->phase == RPCANCEL_PHASE_ASSEMBLING) {
        observer->is_cut_short = true;
        observer->cut_short = pdu->call_id;
    }
}

/* A bind or alter_context was answered. */
static void end_bind(struct rpcancel_wire_observer *observer)
{
    if (observer->binds > 0 && --observer->binds == 0)
        observer->bind_rank = 0;
}

static void take_reply(struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu)
{
    struct rpcancel_wire_call *call = rpcancel_observer_find(observer, pdu->call_id);
    if (rpcancel_wire_goes_on_with_fault(observer, pdu)) {
        observer->is_fault_open = !(pdu->flags & RPCANCEL_PFC_LAST_FRAG);
        return;
    }
    if (pdu->type == RPCANCEL_PDU_FAULT)
        take_fault(observer, pdu, call);
    bool is_lost = rpcancel_wire_is_lost(observer, pdu->call_id);
    if (!call && pdu->type == RPCANCEL_PDU_FAULT && observer->binds > 0) { /* the bind was refused so */
        observer->incomplete |= is_lost;                                   /* or that call was */
        if (observer->bind == RPCANCEL_BIND_ASKED)
            observer->bind = RPCANCEL_BIND_REFUSED;
        end_bind(observer);
        return;
    }
    if (!call) {
        if (is_lost)
            forgive_cut_in(observer);
        observer->stray_reply |= !is_lost;
        observer->has_crossed = true;
        return;
    }
    if (call->orphaned && call->orphaned_rank == 0)
        rpcancel_count_up(&call->fragments_after_orphaned, 2);
    if (pdu->type == RPCANCEL_PDU_FAULT || pdu->flags & RPCANCEL_PFC_LAST_FRAG) {
        end_call(observer, call);
        return;
    }
    call->is_responding = true;
    if (call->phase == RPCANCEL_PHASE_REQUESTED)
        call->phase = RPCANCEL_PHASE_ANSWERING;
}

/* The server has answered something that was sent at rank |known|: what was over for the client before that is in the
 * way of nothing any more. */
static void pass(struct rpcancel_wire_observer *observer, unsigned known)
{
    bool is_another = false;
    for (unsigned i = 0; i < observer->call_places; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        call->is_passed |= call->phase && rpcancel_wire_is_over_for_client(call) && call->first < known;
        is_another |= call->phase && call->began_over && call->first > known;
    }
    observer->is_lost_in_the_way &= known < observer->lost_rank;
    observer->began_over &= is_another || observer->is_lost_in_the_way;
}

void rpcancel_observer_take_server(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event,
                                   unsigned known)
{
    const struct rpcancel_pdu *pdu = &event->pdu;
    observer->error_answered = observer->error != RPCANCEL_WIRE_ERROR_NONE;
    if (observer->refusal && known > observer->refusal_rank) { /* it went on */
        observer->refusal = RPCANCEL_WIRE_REFUSED_NOTHING;
        observer->refusal_rank = 0;
    }
    if (event->kind != RPCANCEL_WIRE_PDU) { /* whose call it ends, if any, nobody can tell */
        observer->incomplete = true;
        for (unsigned i = 0; i < observer->call_places; i++)
            observer->calls[i].cut_in_itself = false;
        return;
    }
    if (known && !is_protocol_error(pdu))
        pass(observer, known);
    switch (pdu->type) {
    case RPCANCEL_PDU_BIND_ACK:
        if (observer->bind != RPCANCEL_BIND_ASKED)
            break;
        observer->bind = RPCANCEL_BIND_REFUSED; /* unless a context was accepted */
        observer->multiplexing = observer->offered_multiplexing && pdu->flags & RPCANCEL_PFC_CONC_MPX;
        observer->server_receive = pdu->bind_ack.max_receive;
        take_results(observer, pdu);
        end_bind(observer);
        break;
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        if (observer->bind == RPCANCEL_BIND_REFUSED || observer->bind == RPCANCEL_BIND_ACCEPTED)
            take_results(observer, pdu);
        end_bind(observer);
        break;
    case RPCANCEL_PDU_BIND_NAK:
        observer->bind = RPCANCEL_BIND_REFUSED;
        end_bind(observer);
        break;
    case RPCANCEL_PDU_SHUTDOWN:
        observer->shutdown = true;
        break;
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
        take_reply(observer, pdu);
        break;
    default:
        break;
    }
}

/* ---- operations that wait ---- */

void rpcancel_observer_release(struct rpcancel_wire_observer *observer, int64_t call_id)
{
    for (unsigned i = 0; i < observer->call_places; i++) {
        struct rpcancel_wire_call *call = &observer->calls[i];
        bool is_meant = call_id == RPCANCEL_WIRE_RELEASED_ALL || call_id == (int64_t)call->call_id;
        bool is_known_orphaned = call->orphaned > 0 && call->orphaned_rank == 0;
        if (call->class != RPCANCEL_CLASS_HOLD || !is_meant || call->released)
            continue;
        call->cancels_held = call->cancels_read;
        call->released = !is_known_orphaned;
    }
}
