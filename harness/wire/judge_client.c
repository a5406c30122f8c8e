// SPDX-License-Identifier: Apache-2.0
/* Rules on what a client sends. Each function is one rule of harness/wire/rules.def. */
#include "wire/judge.h"
#include "wire/presentation.h"

static bool is_first_fragment(const struct rpcancel_wire_situation *s)
{
    return is_type(s, RPCANCEL_PDU_REQUEST) && has_flag(s, RPCANCEL_PFC_FIRST_FRAG);
}

static bool is_later_fragment(const struct rpcancel_wire_situation *s)
{
    return is_type(s, RPCANCEL_PDU_REQUEST) && !has_flag(s, RPCANCEL_PFC_FIRST_FRAG);
}

static bool is_in_assembly(const struct rpcancel_wire_situation *s)
{
    return s->call && s->call->phase == RPCANCEL_PHASE_ASSEMBLING;
}

static bool is_followed(const struct rpcancel_wire_situation *s)
{
    return !s->observer->incomplete && !s->is_lost;
}

/* The PDU's call_id is that of a call which was begun, as far as is remembered. */
static bool was_begun(const struct rpcancel_wire_situation *s)
{
    return s->call || may_have_ended(s);
}

/* The client knows that the call is over: it went on to another one since. */
static bool knows_end(const struct rpcancel_wire_situation *s)
{
    for (unsigned i = s->observer->ended_unknown; i < s->observer->ended_count; i++) {
        if (s->observer->ended[i] == s->pdu->call_id)
            return true;
    }
    return false;
}

/* The rest of a request that was answered by a fault before, of which the client need not know (W35); with several
 * requests in assembly at once, any may be. */
static bool has_crossed_fault(const struct rpcancel_wire_situation *s)
{
    return is_later_fragment(s) &&
           (s->observer->interleaved || rpcancel_wire_was_cut_short(s->observer, s->pdu->call_id));
}

/* ---- requests ---- */

WIRE_RULE_ON(W22C)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_REQUEST) && is_followed(s) && !has_crossed_fault(s));
    if (is_first_fragment(s))
        return require(!is_in_assembly(s) || s->call->orphaned);
    APPLIES_IF(is_in_assembly(s) || !rpcancel_wire_assembling(s->observer)); /* else W23 */
    return require(is_in_assembly(s));
}

WIRE_RULE_ON(W23C)
{
    APPLIES_IF(is_later_fragment(s) && is_followed(s) && !has_crossed_fault(s));
    APPLIES_IF(is_in_assembly(s) || rpcancel_wire_assembling(s->observer));
    return require(is_in_assembly(s));
}

WIRE_RULE_ON(W8)
{
    APPLIES_IF(is_later_fragment(s) && is_in_assembly(s));
    return require(s->pdu->drep[0] == s->call->drep);
}

WIRE_RULE_ON(W25)
{
    APPLIES_IF(is_first_fragment(s) && is_followed(s) && !(is_in_assembly(s)));
    return require(!s->call || rpcancel_wire_is_over_for_client(s->call));
}

WIRE_RULE_ON(W26)
{
    const uint32_t half = UINT32_MAX / 2;
    APPLIES_IF(is_first_fragment(s) && is_followed(s));
    bool is_above = s->pdu->call_id >= s->observer->highest_call_id;
    APPLIES_IF(is_above || s->observer->highest_call_id - s->pdu->call_id <= half); /* else it began anew */
    return require(is_above);
}

WIRE_RULE_ON(W28)
{
    APPLIES_IF(is_first_fragment(s) && is_followed(s) && s->observer->bind == RPCANCEL_BIND_ACCEPTED &&
               !s->observer->multiplexing);
    return require(rpcancel_wire_open_calls(s->observer) == 0);
}

WIRE_RULE_ON(W29)
{
    APPLIES_IF(is_first_fragment(s) && is_followed(s) && s->observer->multiplexing);
    const struct rpcancel_wire_call *assembling = rpcancel_wire_assembling(s->observer);
    return require(!assembling || assembling == s->call);
}

WIRE_RULE_ON(W83)
{
    APPLIES_IF(is_followed(s) && s->observer->stray_reply && !s->observer->multiplexing);
    if (s->event->kind == RPCANCEL_WIRE_CLOSED)
        return RPCANCEL_HOLDS;
    APPLIES_IF(is_first_fragment(s));
    return require(rpcancel_wire_open_calls(s->observer) == 0);
}

/* ---- co_cancel ---- */

WIRE_RULE_ON(W40)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_CO_CANCEL));
    return require(s->pdu->data.size == 0);
}

WIRE_RULE_ON(W41)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_CO_CANCEL) && is_followed(s));
    return require(was_begun(s));
}

WIRE_RULE_ON(W42)
{
    APPLIES_IF(is_followed(s));
    if (is_type(s, RPCANCEL_PDU_CO_CANCEL))
        return s->call ? RPCANCEL_HOLDS : RPCANCEL_NOT_APPLICABLE;
    APPLIES_IF(is_first_fragment(s) && !was_begun(s));
    for (unsigned i = 0; i < s->observer->probe_places; i++) {
        const struct rpcancel_wire_probe *probe = &s->observer->probes[i];
        if (probe->rank && probe->kind == RPCANCEL_PROBE_STRAY_CANCEL && probe->call_id == s->pdu->call_id)
            return RPCANCEL_VIOLATED;
    }
    return RPCANCEL_NOT_APPLICABLE;
}

WIRE_RULE_ON(W43)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_CO_CANCEL) && is_followed(s) && s->observer->controlled);
    APPLIES_IF(s->call || knows_end(s));
    return require(s->call != NULL);
}

/* ---- orphaned ---- */

WIRE_RULE_ON(W91)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_ORPHANED));
    return require(s->pdu->data.size == 0);
}

WIRE_RULE_ON(W92)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_ORPHANED) && is_followed(s));
    return require(was_begun(s));
}

/* A reply that crosses orphaned ends the call for nobody but who looks on. */
WIRE_RULE_ON(W93)
{
    bool is_orphaned = is_type(s, RPCANCEL_PDU_ORPHANED);
    APPLIES_IF(is_followed(s) && (is_orphaned || is_later_fragment(s) || is_type(s, RPCANCEL_PDU_CO_CANCEL)));
    bool was_orphaned = rpcancel_wire_was_orphaned(s->observer, s->pdu->call_id);
    APPLIES_IF(was_orphaned || (is_orphaned && s->call));
    return require(!was_orphaned);
}

WIRE_RULE_ON(W95)
{
    APPLIES_IF(is_type(s, RPCANCEL_PDU_ORPHANED) && is_followed(s) && s->observer->controlled);
    APPLIES_IF(s->call || knows_end(s));
    return require(s->call != NULL);
}

WIRE_RULE_ON(W96)
{
    APPLIES_IF(s->observer->orphaned_sent && is_followed(s) &&
               !(s->observer->features_granted & RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN));
    if (s->event->kind == RPCANCEL_WIRE_CLOSED)
        return RPCANCEL_HOLDS;
    /* With several calls it gives up one after the other. */
    APPLIES_IF((is_type(s, RPCANCEL_PDU_REQUEST) && !has_crossed_fault(s)) || is_type(s, RPCANCEL_PDU_ALTER_CONTEXT));
    APPLIES_IF(is_first_fragment(s) || is_type(s, RPCANCEL_PDU_ALTER_CONTEXT) || !is_in_assembly(s) ||
               s->call->orphaned);
    return RPCANCEL_VIOLATED;
}
