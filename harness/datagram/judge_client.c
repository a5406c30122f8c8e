// SPDX-License-Identifier: Apache-2.0
/* Rules on what a client sends, and on how its calls end. Each function is one rule of harness/datagram/rules.def. */
#include "datagram/judge.h"

static bool is_cancel(const struct rpcancel_datagram_situation *s)
{
    return is_type(s, RPCANCEL_PDU_CL_CANCEL) && s->pdu->cancel.is_present && s->pdu->cancel.version == 0;
}

DATAGRAM_RULE_ON(W127)
{
    APPLIES_IF(s->pdu && s->pdu->flags2 & RPCANCEL_PF2_CANCEL_PENDING);
    return require(s->event->sender == RPCANCEL_SENDER_SERVER &&
                   (s->pdu->type == RPCANCEL_PDU_RESPONSE || s->pdu->type == RPCANCEL_PDU_FAULT));
}

DATAGRAM_RULE_ON(W114)
{
    APPLIES_IF(looks_like(s, RPCANCEL_PDU_CL_CANCEL));
    if (!s->pdu)
        return RPCANCEL_VIOLATED;
    return require(!s->pdu->cancel.is_present || (s->pdu->cancel.version == 0 && s->pdu->data.size == 0));
}

/* A call that no request was seen of may have begun, unless all that the client sent is known. */
DATAGRAM_RULE_ON(W117)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_CL_CANCEL));
    if (!s->call || !s->call->requested) {
        APPLIES_IF(s->observer->place == RPCANCEL_AT_CLIENT && saw_all(s));
        return RPCANCEL_VIOLATED;
    }
    return require(s->pdu->opnum == s->call->opnum && rpcancel_uuid_is(&s->pdu->interface, &s->call->interface));
}

DATAGRAM_RULE_ON(W116)
{
    APPLIES_IF(is_cancel(s));
    uint32_t cancel_id = s->pdu->cancel.cancel_id;
    if (cancel_id == 0)
        return RPCANCEL_VIOLATED;
    if (s->observer->place != RPCANCEL_AT_CLIENT || !saw_all(s) || !s->call)
        return RPCANCEL_HOLDS;
    bool counts = !s->observer->controlled || cancel_id <= s->call->cancels;
    return require(cancel_id >= s->call->sent_id && counts);
}

DATAGRAM_RULE_ON(W118)
{
    bool applies = false;
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_SETTLED && controls(s, RPCANCEL_AT_CLIENT));
    for (uint32_t i = 0; i < s->observer->count; i++) {
        const struct rpcancel_datagram_call *call = &s->observer->calls[i];
        if (!rpcancel_datagram_waits_for_ack(call))
            continue;
        if (call->since_sent + s->event->elapsed > RPCANCEL_REPETITION_MAX)
            return RPCANCEL_VIOLATED;
        applies = true;
    }
    return applies ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
}

DATAGRAM_RULE_ON(W121C)
{
    APPLIES_IF(is_cancel(s) && controls(s, RPCANCEL_AT_CLIENT) && s->call && s->call->has_ack);
    return require(s->pdu->cancel.cancel_id > s->call->acked_id);
}

DATAGRAM_RULE_ON(W122)
{
    APPLIES_IF(controls(s, RPCANCEL_AT_CLIENT) && s->call && s->call->refuses);
    return require(!is_cancel(s));
}

/* ---- how a call ends ---- */

static bool is_end(const struct rpcancel_datagram_situation *s, enum rpcancel_datagram_told_end end)
{
    return s->event->kind == RPCANCEL_DATAGRAM_ENDED && s->event->end == end && controls(s, RPCANCEL_AT_CLIENT) &&
           s->call;
}

DATAGRAM_RULE_ON(W122E)
{
    APPLIES_IF(is_end(s, RPCANCEL_TOLD_CANCELLED) && s->call->has_ack);
    return require(s->call->orphan_acked);
}

/* The call ended over a cancel_ack: the last one tells over which. */
static enum rpcancel_judgement not_over(const struct rpcancel_datagram_situation *s, enum rpcancel_datagram_ack ack)
{
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_ENDED && controls(s, RPCANCEL_AT_CLIENT) && s->call &&
               s->call->last_ack == ack);
    return require(s->event->end != RPCANCEL_TOLD_CANCELLED);
}

DATAGRAM_RULE_ON(W119C)
{
    return not_over(s, RPCANCEL_ACK_OTHER_VERSION);
}

DATAGRAM_RULE_ON(W123)
{
    return not_over(s, RPCANCEL_ACK_UNCANCELLED);
}

DATAGRAM_RULE_ON(W124)
{
    return not_over(s, RPCANCEL_ACK_OTHER_ID);
}

DATAGRAM_RULE_ON(W125)
{
    APPLIES_IF(controls(s, RPCANCEL_AT_CLIENT));
    if (s->event->kind == RPCANCEL_DATAGRAM_ENDED && s->call && s->call->last_ack == RPCANCEL_ACK_MATCHING)
        return RPCANCEL_HOLDS;
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_SETTLED);
    for (uint32_t i = 0; i < s->observer->count; i++) {
        const struct rpcancel_datagram_call *call = &s->observer->calls[i];
        if (call->last_ack == RPCANCEL_ACK_MATCHING && !call->ended)
            return RPCANCEL_VIOLATED;
    }
    return RPCANCEL_NOT_APPLICABLE;
}

DATAGRAM_RULE_ON(W126)
{
    APPLIES_IF(controls(s, RPCANCEL_AT_CLIENT));
    if (is_end(s, RPCANCEL_TOLD_TIMEOUT))
        return RPCANCEL_HOLDS;
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_SETTLED);
    for (uint32_t i = 0; i < s->observer->count; i++) {
        const struct rpcancel_datagram_call *call = &s->observer->calls[i];
        bool is_due = call->timeout > 0 && !call->ended && !call->orphan_sent;
        if (is_due && call->since_cancel + s->event->elapsed > call->timeout - 1 + RPCANCEL_EXPIRY_SLACK)
            return RPCANCEL_VIOLATED;
    }
    return RPCANCEL_NOT_APPLICABLE;
}
