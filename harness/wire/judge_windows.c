// SPDX-License-Identifier: Apache-2.0
/*
 * Rules on how a server takes a client's errors: what the documents require of everybody, and what Windows servers were
 * seen to do. Each function is one rule of harness/wire/rules.def.
 */
#include "wire/judge.h"

/* It ends the connection, or faults; what it answers of later PDUs shows that it went on. */
static enum rpcancel_judgement ends_connection(const struct rpcancel_wire_situation *s, enum rpcancel_wire_error error)
{
    APPLIES_IF(s->observer->error == error && !s->observer->incomplete);
    if (s->event->kind == RPCANCEL_WIRE_CLOSED)
        return RPCANCEL_HOLDS;
    /* A protocol error is for the wrong PDU, whatever call_id that had. */
    APPLIES_IF(s->pdu && s->known && s->observer->error_rank <= s->known && !is_fault(s, RPCANCEL_FAULT_PROTO_ERROR));
    return RPCANCEL_VIOLATED;
}

WIRE_RULE_ON(W10)
{
    return ends_connection(s, RPCANCEL_WIRE_ERROR_DATAGRAM);
}

WIRE_RULE_ON(W11)
{
    return ends_connection(s, RPCANCEL_WIRE_ERROR_TYPE);
}

static bool cut_in(const struct rpcancel_wire_call *call, bool orphaned)
{
    return call->phase && (orphaned ? call->cut_in_orphaned : call->cut_in);
}

/* A request that cut in, where the one it met was |orphaned| or not, is refused: by a fault of the new call with
 * multiplexing, else of the open one. */
static enum rpcancel_judgement refuses_cut_in(const struct rpcancel_wire_situation *s, bool orphaned)
{
    bool is_open = false, announced_much = s->observer->is_lost_much;
    for (unsigned i = 0; i < s->observer->call_places; i++) {
        is_open |= cut_in(&s->observer->calls[i], orphaned);
        announced_much |= s->observer->calls[i].announced_much; /* which may come first (W20) */
    }
    APPLIES_IF(s->is_reply && s->call && !s->observer->incomplete && !s->observer->refusal && is_open);
    APPLIES_IF(!announced_much);
    if (cut_in(s->call, orphaned))
        return require(is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) && s->observer->multiplexing);
    /* What else the open call is answered, it may have been before. */
    APPLIES_IF(is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) && !s->observer->error_answered);
    return require(!s->observer->multiplexing);
}

/* The last fault of the server was such a one, and nothing has shown yet that it went on. */
static bool has_refused(const struct rpcancel_wire_situation *s, enum rpcancel_wire_refusal refusal)
{
    return s->observer->refusal == refusal;
}

/* It ends the connection then: what it answers of later PDUs shows that it does not. */
static enum rpcancel_judgement closes_after_refusal(const struct rpcancel_wire_situation *s)
{
    if (s->event->kind == RPCANCEL_WIRE_CLOSED)
        return RPCANCEL_HOLDS;
    return s->known > s->observer->refusal_rank ? RPCANCEL_VIOLATED : RPCANCEL_NOT_APPLICABLE;
}

/* A request cut in that had the call_id of the one it met. A fault may have been that one's, and come before. */
static enum rpcancel_judgement refuses_itself(const struct rpcancel_wire_situation *s)
{
    APPLIES_IF(s->is_reply && !s->observer->refusal);
    if (is_type(s, RPCANCEL_PDU_RESPONSE))
        return RPCANCEL_VIOLATED;
    return is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W32)
{
    if (has_refused(s, RPCANCEL_WIRE_REFUSED_CUT_IN))
        return closes_after_refusal(s);
    APPLIES_IF(s->observer->error == RPCANCEL_WIRE_ERROR_CUT_IN && !may_be_refused(s));
    if (s->call && s->call->cut_in_itself)
        return refuses_itself(s);
    return refuses_cut_in(s, false);
}

WIRE_RULE_ON(W108)
{
    if (has_refused(s, RPCANCEL_WIRE_REFUSED_CUT_IN_ORPHANED))
        return closes_after_refusal(s);
    APPLIES_IF(s->observer->error == RPCANCEL_WIRE_ERROR_NONE);
    return refuses_cut_in(s, true);
}

WIRE_RULE_ON(W33)
{
    if (has_refused(s, RPCANCEL_WIRE_REFUSED_FRAGMENT))
        return closes_after_refusal(s);
    APPLIES_IF(s->observer->error == RPCANCEL_WIRE_ERROR_FRAGMENT && !s->observer->multiplexing &&
               !s->observer->error_answered && !s->observer->incomplete);
    if (s->event->kind == RPCANCEL_WIRE_CLOSED) {
        /* Where more was sent, the end of the connection may have overtaken the fault. */
        APPLIES_IF(s->observer->controlled && !s->observer->refusal && s->observer->call_places == 0);
        return s->observer->error_rank == s->observer->sent ? RPCANCEL_VIOLATED : RPCANCEL_NOT_APPLICABLE;
    }
    APPLIES_IF(s->is_reply && !s->call && !s->is_lost && s->observer->binds == 0); /* else it answers what was before */
    return require(is_fault(s, RPCANCEL_FAULT_PROTO_ERROR) && s->pdu->fault.context_id == 0);
}

WIRE_RULE_ON(W70)
{
    if (has_refused(s, RPCANCEL_WIRE_REFUSED_PENDING_CANCEL))
        return closes_after_refusal(s);
    APPLIES_IF(is_clean_reply(s) && s->call->pending_cancel && s->call->alone && !s->call->announced_much);
    APPLIES_IF(!may_be_refused(s));
    return require(is_fault(s, RPCANCEL_S_NO_CALL_ACTIVE) && has_flag(s, RPCANCEL_PFC_DID_NOT_EXECUTE) &&
                   s->pdu->fault.context_id == 0 && s->pdu->fault.cancel_count == 0);
}

WIRE_RULE_ON(W71)
{
    APPLIES_IF(is_clean_reply(s) && s->call->later_pending_cancel && !s->call->pending_cancel && !s->call->orphaned);
    /* An operation that nobody knows may raise the cancel fault itself (W67). */
    bool may_raise = s->call->cancels > 0 || s->call->class == RPCANCEL_CLASS_UNKNOWN;
    return require(!is_fault(s, RPCANCEL_S_NO_CALL_ACTIVE) && (may_raise || !rpcancel_wire_is_cancel_fault(s->pdu)));
}

WIRE_RULE_ON(W72)
{
    APPLIES_IF(is_clean_reply(s) && s->is_end && s->call->cancels_assembling > 0 &&
               s->call->cancels == s->call->cancels_assembling);
    APPLIES_IF(s->call->cancels_after_orphaned == 0 && !s->call->pending_cancel);
    return require(cancel_count(s) == 0);
}

WIRE_RULE_ON(W107)
{
    APPLIES_IF(s->is_reply && s->call && s->observer->error == RPCANCEL_WIRE_ERROR_NONE && !s->observer->incomplete);
    APPLIES_IF(s->call->orphaned_phase == RPCANCEL_PHASE_ASSEMBLING && s->call->went_on_after_orphaned &&
               s->call->phase != RPCANCEL_PHASE_ASSEMBLING && s->call->class == RPCANCEL_CLASS_FAST);
    /* Those have faults of their own. */
    APPLIES_IF(!s->call->pending_cancel && !s->call->announced_much && !is_refusal(s));
    return require(is_type(s, RPCANCEL_PDU_RESPONSE));
}

WIRE_RULE_ON(W20)
{
    if (has_refused(s, RPCANCEL_WIRE_REFUSED_MUCH))
        return closes_after_refusal(s);
    APPLIES_IF(is_clean_reply(s) && s->call->announced_much && s->call->in_fragments && !s->call->pending_cancel &&
               !s->call->orphaned && !may_be_refused(s));
    return require(is_fault(s, RPCANCEL_S_ACCESS_DENIED));
}
