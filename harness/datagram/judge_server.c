// SPDX-License-Identifier: Apache-2.0
/* Rules on what a server sends, and on what it delivers to manager routines. Each function is one rule of
 * harness/datagram/rules.def. */
#include "datagram/judge.h"

static bool is_ack_of_cancel(const struct rpcancel_datagram_situation *s)
{
    return is_type(s, RPCANCEL_PDU_CANCEL_ACK) && s->pdu->cancel_ack.is_present && s->pdu->cancel_ack.version == 0;
}

DATAGRAM_RULE_ON(W115)
{
    APPLIES_IF(looks_like(s, RPCANCEL_PDU_CANCEL_ACK));
    if (!s->pdu)
        return RPCANCEL_VIOLATED;
    return require(!s->pdu->cancel_ack.is_present || s->pdu->cancel_ack.version == 0);
}

DATAGRAM_RULE_ON(W119S)
{
    APPLIES_IF(is_ack_of_cancel(s) && saw_all(s) && s->call && s->call->other_version);
    return require(s->call->sent_id > 0);
}

DATAGRAM_RULE_ON(W120)
{
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_POSTED && saw_all(s) && !(s->call && s->call->other_version));
    uint32_t highest = s->call ? s->call->highest_id : 0, posted = s->call ? s->call->posted : 0;
    return require(posted <= highest && s->event->count <= highest - posted);
}

DATAGRAM_RULE_ON(W121S)
{
    APPLIES_IF(is_ack_of_cancel(s) && saw_all(s) && s->call && !s->call->other_version);
    uint32_t cancel_id = s->pdu->cancel_ack.cancel_id;
    bool decreases = s->observer->place == RPCANCEL_AT_SERVER && s->call->has_ack && cancel_id < s->call->acked_id;
    return require(cancel_id <= s->call->highest_id && !decreases);
}

DATAGRAM_RULE_ON(W128)
{
    APPLIES_IF(s->pdu && saw_all(s) && s->call && s->call->sent_foreign);
    return require(s->call->sent_known);
}

DATAGRAM_RULE_ON(W129)
{
    bool is_ack = is_type(s, RPCANCEL_PDU_CANCEL_ACK) && !s->pdu->cancel_ack.is_present;
    APPLIES_IF(controls(s, RPCANCEL_AT_SERVER) && saw_all(s));
    if (is_ack && s->call && s->call->owes_orphan_ack)
        return RPCANCEL_HOLDS;
    APPLIES_IF(s->event->kind == RPCANCEL_DATAGRAM_SETTLED);
    for (uint32_t i = 0; i < s->observer->count; i++) {
        if (s->observer->calls[i].owes_orphan_ack)
            return RPCANCEL_VIOLATED;
    }
    return RPCANCEL_NOT_APPLICABLE;
}
