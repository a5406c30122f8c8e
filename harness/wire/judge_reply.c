// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on what a server answers: bind_ack, responses, faults, and what they say of cancels. Each function is one rule
 * of harness/wire/rules.def.
 */
#include "wire/judge.h"
#include "wire/presentation.h"

static bool is_last_response(const struct rpcancel_wire_situation *s)
{
    return is_type(s, RPCANCEL_PDU_RESPONSE) && s->is_end;
}

static bool is_pending_cancel(const struct rpcancel_wire_situation *s)
{
    return has_flag(s, RPCANCEL_PFC_PENDING_CANCEL);
}

/* The manager routine of the call never looks for a cancel. */
static bool never_looks(const struct rpcancel_wire_call *call)
{
    return call->class == RPCANCEL_CLASS_FAST || call->class == RPCANCEL_CLASS_HOLD ||
           call->class == RPCANCEL_CLASS_STREAM;
}

static bool was_cancelled(const struct rpcancel_wire_call *call)
{
    return call->cancels > 0 || call->pending_cancel;
}

/* ---- bind ---- */

static bool answers_bind(const struct rpcancel_wire_situation *s)
{
    return s->pdu && s->observer->bind == RPCANCEL_BIND_ASKED;
}

WIRE_RULE_ON(W12)
{
    APPLIES_IF(answers_bind(s) && s->observer->offered_signing);
    if (is_type(s, RPCANCEL_PDU_FAULT))
        return require(!rpcancel_wire_is_cancel_fault(s->pdu) && s->pdu->fault.status != RPCANCEL_S_NO_CALL_ACTIVE);
    return RPCANCEL_HOLDS;
}

WIRE_RULE_ON(W31)
{
    APPLIES_IF(answers_bind(s) && is_type(s, RPCANCEL_PDU_BIND_ACK));
    return require(!has_flag(s, RPCANCEL_PFC_CONC_MPX) || s->observer->offered_multiplexing);
}

/* The answer grants features that are not |asked| for, or any where no element asks. */
static bool grants_more(const struct rpcancel_wire_situation *s, unsigned elements, unsigned asked)
{
    enum { RESULT_SIZE = 24 };
    struct rpcancel_span list = s->pdu->bind_ack.results;
    bool big_endian = rpcancel_pdu_is_big_endian(s->pdu), is_more = false;
    for (; list.size >= RESULT_SIZE; list.bytes += RESULT_SIZE, list.size -= RESULT_SIZE) {
        unsigned granted = rpcancel_read_16(list.bytes + 2, big_endian);
        is_more |=
            rpcancel_read_16(list.bytes, big_endian) == RPCANCEL_NEGOTIATE_ACK && (elements == 0 || granted & ~asked);
    }
    return is_more;
}

/* What comes of an alter_context that asks is open: MS-RPCE speaks of bind and bind_ack. */
static enum rpcancel_judgement grants_by_alter_context(const struct rpcancel_wire_situation *s)
{
    const struct rpcancel_wire_observer *observer = s->observer;
    APPLIES_IF(observer->binds == 1 && observer->bind != RPCANCEL_BIND_NONE && observer->bind != RPCANCEL_BIND_ASKED);
    if (grants_more(s, observer->altered_elements, observer->altered_features | observer->features_asked))
        return RPCANCEL_VIOLATED;
    return observer->altered_elements ? RPCANCEL_NOT_APPLICABLE : RPCANCEL_HOLDS;
}

WIRE_RULE_ON(W98)
{
    if (is_type(s, RPCANCEL_PDU_ALTER_CONTEXT_RESP))
        return grants_by_alter_context(s);
    APPLIES_IF(answers_bind(s));
    if (s->observer->feature_elements > 1)
        return require(!is_type(s, RPCANCEL_PDU_BIND_ACK));
    APPLIES_IF(is_type(s, RPCANCEL_PDU_BIND_ACK));
    return require(!grants_more(s, s->observer->feature_elements, s->observer->features_asked));
}

/* ---- fragments and call_ids ---- */

WIRE_RULE_ON(W22S)
{
    APPLIES_IF(is_clean_reply(s));
    if (is_type(s, RPCANCEL_PDU_FAULT)) /* a message of its own, also behind the beginning of a response */
        return require(has_flag(s, RPCANCEL_PFC_FIRST_FRAG));
    return require(has_flag(s, RPCANCEL_PFC_FIRST_FRAG) != s->call->is_responding);
}

WIRE_RULE_ON(W23S)
{
    bool is_another_answered = false;
    APPLIES_IF(is_type(s, RPCANCEL_PDU_RESPONSE) && !has_flag(s, RPCANCEL_PFC_FIRST_FRAG) && is_clean(s));
    for (unsigned i = 0; i < s->observer->call_places; i++)
        is_another_answered |= s->observer->calls[i].is_responding;
    APPLIES_IF(s->call || is_another_answered);
    return require(s->call != NULL);
}

WIRE_RULE_ON(W24)
{
    APPLIES_IF(s->is_reply && is_clean(s) && s->observer->bind != RPCANCEL_BIND_NONE);
    APPLIES_IF(s->call || s->observer->binds == 0 || is_type(s, RPCANCEL_PDU_RESPONSE)); /* a fault of the bind */
    APPLIES_IF(s->call || !may_have_ended(s));                                           /* a second one: W36 */
    return require(s->call != NULL);
}

WIRE_RULE_ON(W34)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_RESPONSE) && has_flag(s, RPCANCEL_PFC_FIRST_FRAG) && s->call && is_clean(s));
    return require(s->call->phase != RPCANCEL_PHASE_ASSEMBLING);
}

WIRE_RULE_ON(W36)
{
    APPLIES_IF(s->is_reply && is_clean(s) && s->observer->bind == RPCANCEL_BIND_ACCEPTED);
    if (!s->call && rpcancel_wire_has_ended(s->observer, s->pdu->call_id) && s->observer->binds == 0) {
        APPLIES_IF(!is_error_of_another(s));
        return RPCANCEL_VIOLATED;
    }
    return s->call && s->is_end ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W37)
{
    APPLIES_IF(is_clean(s));
    if (s->is_reply && s->call && s->call->maybe && !s->call->announced_much)
        return is_refusal(s) ? RPCANCEL_NOT_APPLICABLE : RPCANCEL_VIOLATED;
    for (unsigned i = 0; i < s->observer->call_places; i++) {
        const struct rpcancel_wire_call *call = &s->observer->calls[i];
        if (call->phase == RPCANCEL_PHASE_REQUESTED && call->maybe && s->known >= call->last && s->known)
            return RPCANCEL_HOLDS;
    }
    return RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W38)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_FAULT));
    return require((s->pdu->flags & RPCANCEL_PFC_SINGLE) == RPCANCEL_PFC_SINGLE);
}

WIRE_RULE_ON(W16)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_RESPONSE));
    return require(s->pdu->response.reserved == 0);
}

WIRE_RULE_ON(W17)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_FAULT));
    return require(s->pdu->fault.reserved2 == 0 && s->pdu->fault.reserved <= 1);
}

/* The part of the list that could be read (W82). */
WIRE_RULE_ON(W82)
{
    const uint32_t stack_overflow = 0xC00000FD;
    APPLIES_IF(is_type(s, RPCANCEL_PDU_FAULT));
    return require(s->pdu->fault.status != 0 && s->pdu->fault.status != (uint32_t)RPCANCEL_S_ACCESS_VIOLATION &&
                   s->pdu->fault.status != stack_overflow);
}

WIRE_RULE_ON(W133)
{
    APPLIES_IF(is_clean_reply(s) && s->call->reused && !s->call->pending_cancel && !may_be_refused(s));
    return require(!is_fault(s, RPCANCEL_FAULT_PROTO_ERROR));
}

/* ---- cancel_count and PENDING_CANCEL ---- */

WIRE_RULE_ON(W58)
{
    enum { SATURATED = 255 };
    APPLIES_IF(is_clean_reply(s) && s->is_end && !s->call->orphaned && s->call->cancels < SATURATED);
    unsigned least = s->call->cancels_assembling; /* read before the request was complete */
    if (s->call->class == RPCANCEL_CLASS_HOLD && s->call->cancels_held > least)
        least = s->call->cancels_held; /* read before it was told to go on */
    else if (s->call->class == RPCANCEL_CLASS_PARK && least == 0 && rpcancel_wire_is_cancel_fault(s->pdu))
        least = s->call->cancels > 0 && !s->call->pending_cancel; /* the one it woke up from */
    APPLIES_IF(least > 0 && s->call->phase != RPCANCEL_PHASE_ASSEMBLING);
    /* Another fault may have come before the request was complete (W35). */
    APPLIES_IF(is_type(s, RPCANCEL_PDU_RESPONSE) || rpcancel_wire_is_cancel_fault(s->pdu));
    return require(cancel_count(s) >= least);
}

WIRE_RULE_ON(W61)
{
    enum { SATURATED = 255 };
    APPLIES_IF(is_clean_reply(s) && s->is_end && s->call->cancels < SATURATED);
    /* orphaned is ignored by some, so that what follows it counts as well. */
    return require(cancel_count(s) <=
                   (unsigned)s->call->cancels + s->call->cancels_after_orphaned + s->call->pending_cancel);
}

WIRE_RULE_ON(W63)
{
    APPLIES_IF(is_clean_reply(s) && s->is_end && !s->call->orphaned);
    if (is_last_response(s) && never_looks(s->call)) {
        bool held = s->call->class == RPCANCEL_CLASS_HOLD && s->call->cancels_held > 0;
        APPLIES_IF(s->call->cancels_assembling > 0 || s->call->pending_cancel || held);
        return require(is_pending_cancel(s));
    }
    APPLIES_IF(s->call->class == RPCANCEL_CLASS_PARK && rpcancel_wire_is_cancel_fault(s->pdu) &&
               s->call->cancels + s->call->pending_cancel == 1);
    return require(!is_pending_cancel(s));
}

WIRE_RULE_ON(W64)
{
    APPLIES_IF(is_clean_reply(s) && s->is_end && !was_cancelled(s->call) && !s->call->orphaned);
    return require(!is_pending_cancel(s));
}

/* What the client makes of its cancels when the call is over. */
static bool is_pending_at_client(const struct rpcancel_wire_situation *s)
{
    return s->call->cancels > cancel_count(s) || is_pending_cancel(s);
}

WIRE_RULE_ON(W75)
{
    APPLIES_IF(is_clean_reply(s) && is_last_response(s) && never_looks(s->call) && was_cancelled(s->call) &&
               !s->call->orphaned);
    return require(is_pending_at_client(s));
}

WIRE_RULE_ON(W76)
{
    APPLIES_IF(is_clean_reply(s) && s->call->class == RPCANCEL_CLASS_PARK && !s->call->orphaned);
    APPLIES_IF(rpcancel_wire_is_cancel_fault(s->pdu) && s->call->cancels + s->call->pending_cancel == 1);
    return require(!is_pending_at_client(s));
}

/* ---- what becomes of a cancel ---- */

WIRE_RULE_ON(W49)
{
    APPLIES_IF(is_clean_reply(s) && s->call->cancels_assembling > 0 && !s->call->orphaned && !may_be_refused(s));
    return require(!is_fault(s, RPCANCEL_FAULT_PROTO_ERROR));
}

WIRE_RULE_ON(W56)
{
    bool before = s->call && (s->call->cancels_assembling > 0 || s->call->pending_cancel);
    APPLIES_IF(is_clean_reply(s) && s->call->class == RPCANCEL_CLASS_PARK && before &&
               s->call->cancels == s->call->cancels_assembling && !s->call->orphaned);
    return RPCANCEL_HOLDS; /* it came to its end without another cancel; that it does not, a deadline shows */
}

WIRE_RULE_ON(W57)
{
    APPLIES_IF(is_clean_reply(s) && s->call->cancels_assembling > 0 && !s->call->pending_cancel &&
               s->call->cancels == s->call->cancels_assembling && !s->call->orphaned);
    return require(!(rpcancel_wire_is_cancel_fault(s->pdu) && has_flag(s, RPCANCEL_PFC_DID_NOT_EXECUTE)));
}

WIRE_RULE_ON(W65)
{
    APPLIES_IF(is_clean(s));
    if (s->is_reply && s->call && s->call->class == RPCANCEL_CLASS_PARK && !was_cancelled(s->call) &&
        !s->call->later_pending_cancel && !s->call->orphaned)
        return require(!rpcancel_wire_is_cancel_fault(s->pdu));
    for (unsigned i = 0; i < s->observer->call_places && s->known && s->observer->ended_count; i++) {
        const struct rpcancel_wire_call *call = &s->observer->calls[i];
        if (call->phase == RPCANCEL_PHASE_REQUESTED && call->class == RPCANCEL_CLASS_PARK && !was_cancelled(call) &&
            s->known >= call->last)
            return RPCANCEL_HOLDS;
    }
    return RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W66)
{
    APPLIES_IF(is_clean_reply(s) && is_type(s, RPCANCEL_PDU_FAULT) && s->call->class == RPCANCEL_CLASS_PARK &&
               was_cancelled(s->call) && !s->call->orphaned && !is_refusal(s));
    APPLIES_IF(s->call->phase != RPCANCEL_PHASE_ASSEMBLING); /* else no manager routine has run (W35) */
    return require(rpcancel_wire_is_cancel_fault(s->pdu));
}
