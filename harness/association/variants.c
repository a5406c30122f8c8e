// SPDX-License-Identifier: Apache-2.0
/* Variants of an association: what peers that keep every document do otherwise. Each names the statement that leaves
 * it free. */
#include "association/changes.h"

/* Heads of changes; most do not need every parameter. */
#define UNUSED __attribute__((unused))
#define LEAVES(name)                                                                                \
    static unsigned name(struct rpcancel_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                         struct rpcancel_pdu *pdu)
#define ARRIVES(name)                                                                           \
    static bool name(struct rpcancel_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                     struct rpcancel_pdu *pdu)

static bool is_cancel(const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_CO_CANCEL || pdu->type == RPCANCEL_PDU_ORPHANED;
}

static unsigned with_flags(struct rpcancel_pdu *pdu, uint8_t flags)
{
    if (is_cancel(pdu))
        pdu->flags = flags;
    return 1;
}

/* W47, W48: what Samba's tests and ProtoSDK send, FreeDCE between fragments, and one with nothing set */
LEAVES(flags_of_samba)
{
    return with_flags(pdu, RPCANCEL_PFC_SINGLE);
}
LEAVES(flags_of_freedce)
{
    return with_flags(pdu, RPCANCEL_PFC_PENDING_CANCEL);
}
LEAVES(flags_of_protosdk)
{
    return with_flags(pdu, RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_CONC_MPX);
}
LEAVES(no_flags)
{
    return with_flags(pdu, 0);
}

/* W52 */
LEAVES(cancels_with_verifier)
{
    static const uint8_t token[16] = {1};
    if (is_cancel(pdu)) {
        pdu->auth.type = 10;
        pdu->auth.level = 2;
        pdu->auth.value = (struct rpcancel_span){token, sizeof token};
    }
    return 1;
}

/* W7: the sender chooses */
static unsigned in_big_endian(struct rpcancel_pdu *pdu, bool is_meant)
{
    bool has_lists = pdu->type == RPCANCEL_PDU_BIND || pdu->type == RPCANCEL_PDU_BIND_ACK;
    if (is_meant && !has_lists) /* lists of contexts are octets here already */
        pdu->drep[0] &= 0x0F;
    return 1;
}
LEAVES(client_is_big_endian)
{
    return in_big_endian(pdu, sender == RPCANCEL_SENDER_CLIENT);
}
LEAVES(server_is_big_endian)
{
    return in_big_endian(pdu, sender == RPCANCEL_SENDER_SERVER);
}

/* W20 */
static unsigned with_hint(struct rpcancel_pdu *pdu, uint32_t hint)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST)
        pdu->request.alloc_hint = hint;
    else if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->response.alloc_hint = hint;
    else if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.alloc_hint = hint;
    return 1;
}
LEAVES(no_hint)
{
    return with_hint(pdu, 0);
}
LEAVES(large_hint)
{
    return with_hint(pdu, 0x400000);
}

/* W61: a server may count the bit on the first fragment as well */
ARRIVES(notes_pending_cancel)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST && pdu->flags & RPCANCEL_PFC_FIRST_FRAG)
        ends->state->memory = pdu->flags & RPCANCEL_PFC_PENDING_CANCEL ? 1 : 0; /* there is one call at a time */
    return true;
}
LEAVES(pending_cancel_counts)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->response.cancel_count = (uint8_t)(pdu->response.cancel_count + ends->state->memory);
    else if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.cancel_count = (uint8_t)(pdu->fault.cancel_count + ends->state->memory);
    return 1;
}

/* O4: Samba's servers, which core is for as well */
LEAVES(no_count)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->response.cancel_count = 0;
    else if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.cancel_count = 0;
    return 1;
}

/* W45, W53: FreeDCE never clears the bit once it was set */
LEAVES(pending_cancel_stays)
{
    bool is_first = pdu->type == RPCANCEL_PDU_REQUEST && pdu->flags & RPCANCEL_PFC_FIRST_FRAG;
    if (sender == RPCANCEL_SENDER_CLIENT && !is_first && pdu->type != RPCANCEL_PDU_BIND)
        pdu->flags |= RPCANCEL_PFC_PENDING_CANCEL;
    return 1;
}

/* W10: closing is enough */
LEAVES(protocol_error_is_silent)
{
    return pdu->type == RPCANCEL_PDU_FAULT && pdu->fault.status == (uint32_t)RPCANCEL_NCA_PROTO_ERROR ? 0 : 1;
}

/* W83: a reply for no open call may as well end the connection */
ARRIVES(late_reply_closes)
{
    bool is_open = false;
    if (sender != RPCANCEL_SENDER_SERVER || (pdu->type != RPCANCEL_PDU_RESPONSE && pdu->type != RPCANCEL_PDU_FAULT))
        return true;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++)
        is_open |= ends->client.calls[i].is_open && ends->client.calls[i].call_id == pdu->call_id;
    if (!is_open)
        rpcancel_ends_close(ends, RPCANCEL_SENDER_CLIENT);
    return is_open;
}

/* O21: what Windows' servers do with orphaned for a call that executes, nobody has published */
ARRIVES(orphaned_is_ignored)
{
    return pdu->type != RPCANCEL_PDU_ORPHANED;
}

/* W2: 1 says that the verifier of a bind may come in fragments */
LEAVES(minor_version_one)
{
    pdu->minor_version = 1;
    return 1;
}

// clang-format off
#define CORE RPCANCEL_WIRE_CORE, RPCANCEL_WIRE_CORE
#define C706 RPCANCEL_WIRE_C706, RPCANCEL_WIRE_C706
#define FREEDCE RPCANCEL_WIRE_FREEDCE, RPCANCEL_WIRE_FREEDCE
#define WINDOWS RPCANCEL_WIRE_WINDOWS, RPCANCEL_WIRE_WINDOWS

const struct rpcancel_wire_mutant rpcancel_wire_variants[] = {
    {{"cancel-flags-samba", "co_cancel and orphaned with flags 0x03 (W48).", flags_of_samba, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"cancel-flags-freedce", "co_cancel and orphaned with flags 0x04 (W48).", flags_of_freedce, NULL, NULL},
      FREEDCE, RPCANCEL_ONE_CALL, false},
    {{"cancel-flags-protosdk", "co_cancel and orphaned with flags 0x13 (W48).", flags_of_protosdk, NULL, NULL},
      C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-flags-none", "co_cancel and orphaned without a flag (W48).", no_flags, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"cancel-verifier", "co_cancel and orphaned with a verifier (W52).", cancels_with_verifier, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"client-big-endian", "The client's PDUs are big-endian (W7).", client_is_big_endian, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"server-big-endian", "The server's PDUs are big-endian (W7).", server_is_big_endian, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"no-hint", "alloc_hint is 0 (W20).", no_hint, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"large-hint", "alloc_hint is 4 MiB (W20).", large_hint, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"pending-cancel-counts", "cancel_count has PENDING_CANCEL of the first fragment, too (W61).",
      pending_cancel_counts, notes_pending_cancel, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"no-count", "cancel_count is 0 (Samba).", no_count, NULL, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"pending-cancel-stays", "Every PDU of a client has PENDING_CANCEL (W45, W53).", pending_cancel_stays, NULL,
      NULL}, FREEDCE, RPCANCEL_ONE_CALL, false},
    {{"protocol-error-silent", "A protocol error ends the connection without a fault (W10).",
      protocol_error_is_silent, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"late-reply-closes", "A reply for no open call ends the connection (W83).", NULL, late_reply_closes, NULL},
      C706, RPCANCEL_ONE_CALL, false},
    {{"orphaned-passed-over", "orphaned is ignored and the call answered (W107, O21).", NULL, orphaned_is_ignored,
      NULL}, WINDOWS, RPCANCEL_ONE_CALL, false},
    {{"minor-version-one", "Everything is version 5.1 (W2).", minor_version_one, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"two-calls", "Two calls, multiplexed, answered in any order (W30).", NULL, NULL, NULL}, C706,
      RPCANCEL_TWO_AT_ONCE, false},
};
// clang-format on
const unsigned rpcancel_wire_variant_count = sizeof rpcancel_wire_variants / sizeof rpcancel_wire_variants[0];
