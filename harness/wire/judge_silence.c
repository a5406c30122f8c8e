// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on what a server must not answer: they hold once something shows that the server read the PDU in question and
 * went on. Each function is one rule of harness/wire/rules.def.
 */
#include "wire/judge.h"

/* PDUs of a kind, as a mask of enum rpcancel_wire_probe_kind. */
enum { STRAY = 1 << RPCANCEL_PROBE_STRAY_CANCEL, EVERY_PROBE = (1 << RPCANCEL_PROBE_KINDS) - 1 };
enum {
    CANCELS =
        1 << RPCANCEL_PROBE_STRAY_CANCEL | 1 << RPCANCEL_PROBE_LIVE_CANCEL | 1 << RPCANCEL_PROBE_CANCEL_AFTER_ORPHANED,
    ORPHANEDS = EVERY_PROBE & ~CANCELS,
    /* What a server does over orphaned for a call that is there, few documents say. */
    HARMLESS = 1 << RPCANCEL_PROBE_STRAY_CANCEL | 1 << RPCANCEL_PROBE_LIVE_CANCEL | 1 << RPCANCEL_PROBE_STRAY_ORPHANED
};

typedef bool probe_condition(const struct rpcancel_wire_probe *probe);

static bool any(const struct rpcancel_wire_probe *probe)
{
    (void)probe;
    return true;
}

/* Flags that the clients of Windows do not send. */
static bool has_odd_flags(const struct rpcancel_wire_probe *probe)
{
    return probe->flags != 0x03 && probe->flags != 0x06;
}

static bool suits(const struct rpcancel_wire_probe *probe, unsigned kinds, probe_condition *condition)
{
    return probe->rank && kinds >> probe->kind & 1u && condition(probe);
}

/* Such a PDU was sent and is not known to be read. */
static bool is_unread(const struct rpcancel_wire_situation *s, unsigned kinds, probe_condition *condition)
{
    for (unsigned i = 0; i < s->observer->probe_places; i++) {
        if (suits(&s->observer->probes[i], kinds, condition))
            return true;
    }
    return false;
}

/* The same, for the call_id of the PDU in hand. */
static bool is_unread_for_this(const struct rpcancel_wire_situation *s, unsigned kinds, probe_condition *condition)
{
    for (unsigned i = 0; i < s->observer->probe_places; i++) {
        const struct rpcancel_wire_probe *probe = &s->observer->probes[i];
        if (suits(probe, kinds, condition) && s->pdu && probe->call_id == s->pdu->call_id)
            return true;
    }
    return false;
}

/* The PDU in hand shows that such a PDU was read. */
static bool is_now_read(const struct rpcancel_wire_situation *s, unsigned kinds, probe_condition *condition)
{
    for (unsigned i = 0; i < s->observer->probe_places; i++) {
        const struct rpcancel_wire_probe *probe = &s->observer->probes[i];
        if (suits(probe, kinds, condition) && probe->rank <= s->known)
            return true;
    }
    return false;
}

/* The manager routine of an open call may have ended in a way that leaves nothing but closing (W82). */
static bool may_be_unanswerable(const struct rpcancel_wire_observer *observer)
{
    bool is_unknown = observer->is_lost_unknown;
    for (unsigned i = 0; i < observer->call_places; i++)
        is_unknown |= observer->calls[i].phase && observer->calls[i].class == RPCANCEL_CLASS_UNKNOWN;
    return is_unknown;
}

/* The server closes, for no reason of its own that could be seen. */
static bool closes_unasked(const struct rpcancel_wire_situation *s)
{
    const struct rpcancel_wire_observer *observer = s->observer;
    return s->event->kind == RPCANCEL_WIRE_CLOSED && observer->controlled && is_clean(s) && !observer->client_closed &&
           !observer->refusal && !observer->shutdown && !observer->verifier_sent && !may_be_unanswerable(observer);
}

/* A whole request, alone on the connection, of an operation that returns at once: without a cancel nobody closes over
 * it.
 */
static bool is_innocent(const struct rpcancel_wire_call *call)
{
    return call->phase == RPCANCEL_PHASE_REQUESTED && call->class == RPCANCEL_CLASS_FAST && call->alone &&
           !call->in_fragments && !call->pending_cancel && !call->maybe && !call->reused && !call->decreased &&
           !call->cut_in && !call->cut_in_orphaned && !call->announced_much && !call->began_over &&
           !call->after_orphaned;
}

/* What was sent since what the server last answered, cancels left out, is nothing, or such a request. */
static bool is_rest_innocent(const struct rpcancel_wire_observer *observer)
{
    unsigned open = 0;
    bool is_last = false, are_all_innocent = true;
    if (observer->other == 0)
        return true;
    for (unsigned i = 0; i < observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &observer->calls[i];
        open += call->phase != RPCANCEL_PHASE_NONE;
        is_last |= call->phase && call->last == observer->other;
        are_all_innocent &= !call->phase || is_innocent(call);
    }
    return open == 1 && is_last && are_all_innocent && observer->binds == 0 && !observer->has_lost;
}

/* The server closes, and nothing was sent since what it last answered but cancels of |kinds|, and perhaps a request
 * that explains nothing. */
static bool closes_over(const struct rpcancel_wire_situation *s, unsigned kinds)
{
    bool was_orphaned = s->observer->orphaned_sent || (s->observer->has_lost && s->observer->any_orphaned_sent);
    bool is_over_orphaned = was_orphaned && !(kinds & ~(unsigned)HARMLESS);
    return closes_unasked(s) && !is_over_orphaned && s->observer->bind == RPCANCEL_BIND_ACCEPTED &&
           is_rest_innocent(s->observer);
}

/* It does not close over such a PDU, and goes on. */
static enum rpcancel_judgement does_not_close(const struct rpcancel_wire_situation *s, unsigned kinds,
                                              probe_condition *condition)
{
    if (closes_over(s, kinds) && is_unread(s, kinds, condition))
        return RPCANCEL_VIOLATED;
    return is_clean(s) && is_now_read(s, kinds, condition) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

static bool is_second_response(const struct rpcancel_wire_situation *s)
{
    return is_type(s, RPCANCEL_PDU_RESPONSE) && rpcancel_wire_has_ended(s->observer, s->pdu->call_id);
}

/* It neither closes over such a PDU nor answers it. */
static enum rpcancel_judgement is_discarded(const struct rpcancel_wire_situation *s, unsigned kinds,
                                            probe_condition *condition)
{
    if (s->is_reply && !s->call && is_clean(s) && s->observer->binds == 0 && !is_second_response(s) &&
        !is_error_of_another(s) && is_unread_for_this(s, kinds, condition))
        return RPCANCEL_VIOLATED;
    return does_not_close(s, kinds, condition);
}

WIRE_RULE_ON(W9)
{
    return does_not_close(s, HARMLESS, any);
}

WIRE_RULE_ON(W48)
{
    if (is_clean_reply(s) && !may_be_refused(s) && is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) &&
        is_unread_for_this(s, HARMLESS, has_odd_flags))
        return RPCANCEL_VIOLATED;
    return does_not_close(s, HARMLESS, has_odd_flags);
}

/* What could be meant for an acknowledgement: a datagram's, or the PDU sent back. */
static enum rpcancel_judgement is_not_acknowledged(const struct rpcancel_wire_situation *s, unsigned kinds,
                                                   bool was_sent, uint8_t same)
{
    const struct rpcancel_span octets = s->event->octets;
    if (s->event->kind != RPCANCEL_WIRE_CLOSED && octets.size >= RPCANCEL_PDU_HEADER_SIZE && was_sent) {
        uint8_t type = octets.bytes[2];
        if (type == same || type == RPCANCEL_PDU_ACK || type == RPCANCEL_PDU_FACK || type == RPCANCEL_PDU_CANCEL_ACK)
            return RPCANCEL_VIOLATED;
    }
    return is_now_read(s, kinds, any) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W50)
{
    return is_not_acknowledged(s, CANCELS, s->observer->cancel_sent, RPCANCEL_PDU_CO_CANCEL);
}

WIRE_RULE_ON(W100)
{
    return is_not_acknowledged(s, ORPHANEDS, s->observer->any_orphaned_sent, RPCANCEL_PDU_ORPHANED);
}

WIRE_RULE_ON(W54)
{
    return is_discarded(s, STRAY, any);
}

WIRE_RULE_ON(W99)
{
    return is_discarded(s, 1 << RPCANCEL_PROBE_STRAY_ORPHANED, any);
}

WIRE_RULE_ON(W104)
{
    return is_discarded(s, 1 << RPCANCEL_PROBE_SECOND_ORPHANED, any);
}

WIRE_RULE_ON(W105)
{
    return is_discarded(s, 1 << RPCANCEL_PROBE_CANCEL_AFTER_ORPHANED, any);
}

WIRE_RULE_ON(W55)
{
    if (is_clean_reply(s) && s->call->cancels > 0 && !s->call->orphaned && !may_be_refused(s) &&
        is_fault(s, RPCANCEL_FAULT_PROTO_ERROR))
        return RPCANCEL_VIOLATED;
    return does_not_close(s, 1 << RPCANCEL_PROBE_LIVE_CANCEL, any);
}

WIRE_RULE_ON(W130)
{
    APPLIES_IF(s->observer->error == RPCANCEL_WIRE_ERROR_NONE);
    APPLIES_IF(s->observer->bind == RPCANCEL_BIND_NONE || s->observer->bind == RPCANCEL_BIND_ASKED);
    APPLIES_IF(s->observer->bind == RPCANCEL_BIND_NONE || !is_type(s, RPCANCEL_PDU_FAULT)); /* of the bind, perhaps */
    bool was_sent = false;
    for (unsigned i = 0; i < s->observer->probe_places; i++)
        was_sent |= s->observer->probes[i].rank && s->observer->probes[i].before_bind;
    APPLIES_IF(was_sent);
    return require(!s->is_reply);
}

/* ---- orphaned calls ---- */

/* The PDU in hand shows that orphaned was read, of a call that stood at |phase| then. */
static bool is_orphaned_read(const struct rpcancel_wire_situation *s, enum rpcancel_wire_phase phase)
{
    for (unsigned i = 0; i < s->observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &s->observer->calls[i];
        if (call->orphaned && call->orphaned_phase == phase && call->orphaned_rank && call->orphaned_rank <= s->known &&
            call != s->call)
            return true;
    }
    return false;
}

static bool is_known_orphaned(const struct rpcancel_wire_situation *s, enum rpcancel_wire_phase phase)
{
    return s->call && s->call->orphaned && s->call->orphaned_phase == phase && s->call->orphaned_rank == 0;
}

WIRE_RULE_ON(W101)
{
    APPLIES_IF(is_clean(s));
    if (s->is_reply && s->call && s->call->orphaned && s->call->orphaned_phase == RPCANCEL_PHASE_ASSEMBLING &&
        !s->call->went_on_after_orphaned) {
        /* A fault may have been on its way before, and been overtaken by another reply. */
        APPLIES_IF(is_type(s, RPCANCEL_PDU_RESPONSE) || (s->call->orphaned_rank == 0 && !is_refusal(s)));
        return RPCANCEL_VIOLATED;
    }
    return is_orphaned_read(s, RPCANCEL_PHASE_ASSEMBLING) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W102)
{
    APPLIES_IF(is_clean(s));
    if (s->is_reply && is_known_orphaned(s, RPCANCEL_PHASE_REQUESTED) && s->call->phase == RPCANCEL_PHASE_REQUESTED) {
        /* Else a reply was begun, perhaps, for which orphaned came too late. */
        APPLIES_IF(rpcancel_wire_surely_waits(s->call) && !is_refusal(s));
        return RPCANCEL_VIOLATED;
    }
    return is_orphaned_read(s, RPCANCEL_PHASE_REQUESTED) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W103)
{
    APPLIES_IF(is_clean(s));
    /* One more may have been in the transport's hands. */
    bool is_known = is_known_orphaned(s, RPCANCEL_PHASE_ANSWERING) || is_known_orphaned(s, RPCANCEL_PHASE_REQUESTED);
    if (is_type(s, RPCANCEL_PDU_RESPONSE) && is_known && s->call->fragments_after_orphaned > 0)
        return RPCANCEL_VIOLATED;
    return is_orphaned_read(s, RPCANCEL_PHASE_ANSWERING) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

/* A call that began after another one was orphaned, and is not known to be read. */
static bool is_next_unread(const struct rpcancel_wire_situation *s)
{
    for (unsigned i = 0; i < s->observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &s->observer->calls[i];
        if (call->phase && call->after_orphaned && call->first && !call->announced_much)
            return true;
    }
    return false;
}

WIRE_RULE_ON(W106)
{
    APPLIES_IF(is_clean(s));
    if (s->event->kind == RPCANCEL_WIRE_CLOSED) {
        APPLIES_IF(closes_unasked(s));
        return is_next_unread(s) ? RPCANCEL_VIOLATED : RPCANCEL_NOT_APPLICABLE;
    }
    APPLIES_IF(s->is_reply && s->call);
    if (s->call->orphaned && is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) && is_next_unread(s))
        return RPCANCEL_VIOLATED; /* the old call is faulted for the new one */
    APPLIES_IF(s->call->after_orphaned && !s->call->announced_much);
    return require(!is_fault(s, RPCANCEL_FAULT_PROTO_ERROR));
}
