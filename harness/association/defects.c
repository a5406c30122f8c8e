// SPDX-License-Identifier: Apache-2.0
/* Mutants of an association: what goes wrong in real peers, one defect each. */
#include "association/changes.h"

enum { SERVER_UNAVAILABLE = 0x6BA, ANOTHER_ID = 0x60 };

/* Heads of changes; most do not need every parameter. */
#define UNUSED __attribute__((unused))
#define LEAVES(name)                                                                                \
    static unsigned name(struct rpcancel_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                         struct rpcancel_pdu *pdu)
#define ARRIVES(name)                                                                           \
    static bool name(struct rpcancel_ends *ends UNUSED, enum rpcancel_pdu_sender sender UNUSED, \
                     struct rpcancel_pdu *pdu)
#define AFTER(name) static void name(struct rpcancel_ends *ends, struct rpcancel_action action)

/* ---- words for what follows ---- */

static bool is_first_request(const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_REQUEST && pdu->flags & RPCANCEL_PFC_FIRST_FRAG;
}

static bool is_last(const struct rpcancel_pdu *pdu)
{
    return pdu->flags & RPCANCEL_PFC_LAST_FRAG;
}

static bool is_reply(const struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_RESPONSE || pdu->type == RPCANCEL_PDU_FAULT;
}

/* The server's call of that number, in one of |states| (a mask), or NULL. */
static struct rpcancel_server_call *server_call(struct rpcancel_ends *ends, uint32_t call_id, unsigned states)
{
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        struct rpcancel_server_call *call = &ends->server.calls[i];
        if (states >> call->state & 1u && call->call_id == call_id)
            return call;
    }
    return NULL;
}

enum {
    ASSEMBLING = 1u << RPCANCEL_CALL_ASSEMBLING,
    EXECUTING = 1u << RPCANCEL_CALL_EXECUTING,
    LIVE = ASSEMBLING | EXECUTING
};

static void send_plain(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, enum rpcancel_pdu_type type,
                       uint32_t call_id)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, call_id);
    rpcancel_ends_send(ends, sender, &pdu);
}

static void send_fault(struct rpcancel_ends *ends, uint32_t call_id, uint32_t status)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_FAULT, call_id);
    pdu.fault.alloc_hint = 32;
    pdu.fault.status = status;
    if (!ends->state->server_ended)
        rpcancel_ends_send(ends, RPCANCEL_SENDER_SERVER, &pdu);
}

static uint8_t *count_of(struct rpcancel_pdu *pdu)
{
    return pdu->type == RPCANCEL_PDU_FAULT ? &pdu->fault.cancel_count : &pdu->response.cancel_count;
}

/* ---- servers: cancels ---- */

ARRIVES(stray_cancel_is_faulted)
{
    if (sender == RPCANCEL_SENDER_CLIENT && pdu->type == RPCANCEL_PDU_CO_CANCEL &&
        !server_call(ends, pdu->call_id, LIVE))
        send_fault(ends, pdu->call_id, RPCANCEL_NCA_PROTO_ERROR);
    return true;
}

ARRIVES(stray_orphaned_is_faulted)
{
    if (sender == RPCANCEL_SENDER_CLIENT && pdu->type == RPCANCEL_PDU_ORPHANED &&
        !server_call(ends, pdu->call_id, LIVE))
        send_fault(ends, pdu->call_id, RPCANCEL_NCA_PROTO_ERROR);
    return true;
}

ARRIVES(stray_cancel_closes)
{
    if (sender != RPCANCEL_SENDER_CLIENT || pdu->type != RPCANCEL_PDU_CO_CANCEL ||
        server_call(ends, pdu->call_id, LIVE))
        return true;
    rpcancel_ends_close(ends, RPCANCEL_SENDER_SERVER);
    return false;
}

ARRIVES(cancel_ends_assembly)
{
    struct rpcancel_server_call *call = server_call(ends, pdu->call_id, ASSEMBLING);
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL || !call)
        return true;
    memset(call, 0, sizeof *call);
    ends->server.assembling = -1;
    return false;
}

ARRIVES(cancel_is_faulted)
{
    struct rpcancel_server_call *call = server_call(ends, pdu->call_id, EXECUTING);
    struct rpcancel_fate *fate = rpcancel_ends_fate(ends, pdu->call_id);
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL || !call || !fate)
        return true;
    fate->at_server = RPCANCEL_FATE_ANSWERED;
    rpcancel_server_fault(&ends->server, fate->slot, (uint32_t)RPCANCEL_S_FAULT_CANCEL);
    return false;
}

ARRIVES(cancel_is_acknowledged)
{
    if (pdu->type == RPCANCEL_PDU_CO_CANCEL)
        send_plain(ends, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_CANCEL_ACK, pdu->call_id);
    return true;
}

ARRIVES(cancel_is_echoed)
{
    if (pdu->type == RPCANCEL_PDU_CO_CANCEL)
        send_plain(ends, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_CO_CANCEL, pdu->call_id);
    return true;
}

ARRIVES(cancel_closes)
{
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL)
        return true;
    rpcancel_ends_close(ends, RPCANCEL_SENDER_SERVER);
    return false;
}

LEAVES(cancels_count_twice)
{
    if (is_reply(pdu))
        *count_of(pdu) = (uint8_t)(*count_of(pdu) * 2);
    return 1;
}

LEAVES(cancels_do_not_count)
{
    if (is_reply(pdu))
        *count_of(pdu) = 0;
    return 1;
}

ARRIVES(cancel_hits_another_call)
{
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL)
        return true;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        const struct rpcancel_server_call *call = &ends->server.calls[i];
        if (LIVE >> call->state & 1u && call->call_id != pdu->call_id) {
            pdu->call_id = call->call_id;
            return true;
        }
    }
    return true;
}

ARRIVES(cancel_is_lost_at_dispatch)
{
    struct rpcancel_server_call *call = server_call(ends, pdu->call_id, ASSEMBLING);
    if (pdu->type == RPCANCEL_PDU_REQUEST && is_last(pdu) && call) {
        call->cancels = 0;
        call->cancel_pending = false;
    }
    return true;
}

ARRIVES(later_pending_cancel_counts)
{
    struct rpcancel_server_call *call = server_call(ends, pdu->call_id, ASSEMBLING);
    if (pdu->type == RPCANCEL_PDU_REQUEST && !is_first_request(pdu) && pdu->flags & RPCANCEL_PFC_PENDING_CANCEL && call)
        call->cancels++;
    return true;
}

/* As FreeDCE's clients do, which is no defect. */
LEAVES(pending_cancel_stays)
{
    if (sender == RPCANCEL_SENDER_CLIENT && pdu->type == RPCANCEL_PDU_REQUEST && !is_first_request(pdu))
        pdu->flags |= RPCANCEL_PFC_PENDING_CANCEL;
    return 1;
}

LEAVES(pending_cancel_without_cancel)
{
    if (is_reply(pdu) && is_last(pdu))
        pdu->flags |= RPCANCEL_PFC_PENDING_CANCEL;
    return 1;
}

ARRIVES(cancel_is_not_told)
{
    struct rpcancel_server_call *call = server_call(ends, pdu->call_id, EXECUTING);
    if (pdu->type != RPCANCEL_PDU_CO_CANCEL || !call)
        return true;
    call->cancels++;
    call->cancel_pending = true;
    return false;
}

/* ---- servers: orphaned ---- */

ARRIVES(orphaned_is_ignored)
{
    return pdu->type != RPCANCEL_PDU_ORPHANED || !server_call(ends, pdu->call_id, EXECUTING);
}

ARRIVES(orphaned_of_assembly_is_ignored)
{
    return pdu->type != RPCANCEL_PDU_ORPHANED || !server_call(ends, pdu->call_id, ASSEMBLING);
}

AFTER(orphaned_is_answered)
{
    const struct rpcancel_fate *fate = &ends->state->fates[action.call];
    if (action.kind == RPCANCEL_ACTION_RESPOND && fate->given_up)
        send_fault(ends, fate->call_id, SERVER_UNAVAILABLE);
}

ARRIVES(orphaned_is_echoed)
{
    if (pdu->type == RPCANCEL_PDU_ORPHANED)
        send_plain(ends, RPCANCEL_SENDER_SERVER, RPCANCEL_PDU_ORPHANED, pdu->call_id);
    return true;
}

/* ---- servers: replies ---- */

LEAVES(two_responses)
{
    return pdu->type == RPCANCEL_PDU_RESPONSE && is_last(pdu) ? 2 : 1;
}

AFTER(fault_behind_response)
{
    if (action.kind == RPCANCEL_ACTION_RESPOND && ends->outcome->sent_count > 0)
        send_fault(ends, ends->state->fates[action.call].call_id, SERVER_UNAVAILABLE);
}

LEAVES(call_id_is_not_echoed)
{
    if (is_reply(pdu))
        pdu->call_id = ANOTHER_ID;
    return 1;
}

LEAVES(response_of_two_calls)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE && !(pdu->flags & RPCANCEL_PFC_FIRST_FRAG))
        pdu->call_id = ANOTHER_ID;
    return 1;
}

LEAVES(response_has_no_first_fragment)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->flags &= (uint8_t)~RPCANCEL_PFC_FIRST_FRAG;
    return 1;
}

LEAVES(every_fragment_is_the_first)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->flags |= RPCANCEL_PFC_FIRST_FRAG;
    return 1;
}

LEAVES(response_did_not_execute)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->flags |= RPCANCEL_PFC_DID_NOT_EXECUTE;
    return 1;
}

LEAVES(fault_in_fragments)
{
    if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->flags &= (uint8_t)~RPCANCEL_PFC_LAST_FRAG;
    return 1;
}

LEAVES(response_reserved_is_set)
{
    if (pdu->type == RPCANCEL_PDU_RESPONSE)
        pdu->response.reserved = 1;
    return 1;
}

LEAVES(fault_reserved_is_set)
{
    if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.reserved2 = 1;
    return 1;
}

LEAVES(fault_without_status)
{
    if (pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.status = 0;
    return 1;
}

LEAVES(another_version_is_answered)
{
    if (sender == RPCANCEL_SENDER_SERVER)
        pdu->minor_version = 1;
    return 1;
}

LEAVES(multiplexing_is_made_up)
{
    if (pdu->type == RPCANCEL_PDU_BIND_ACK)
        pdu->flags |= RPCANCEL_PFC_CONC_MPX;
    return 1;
}

ARRIVES(answers_half_a_request)
{
    if (is_first_request(pdu) && !is_last(pdu)) {
        struct rpcancel_pdu response;
        rpcancel_pdu_init(&response, RPCANCEL_PDU_RESPONSE, pdu->call_id);
        rpcancel_ends_send(ends, RPCANCEL_SENDER_SERVER, &response);
    }
    return true;
}

/* ---- clients ---- */

/* A call whose end the client has seen, when |action| begins another one. */
static const struct rpcancel_fate *ended_before(const struct rpcancel_ends *ends, struct rpcancel_action action)
{
    if (action.kind != RPCANCEL_ACTION_CALL)
        return NULL;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        uint8_t at = ends->state->fates[i].at_client;
        if (at == RPCANCEL_FATE_RESPONSE || at == RPCANCEL_FATE_FAULT)
            return &ends->state->fates[i];
    }
    return NULL;
}

AFTER(cancels_what_is_over)
{
    const struct rpcancel_fate *fate = ended_before(ends, action);
    if (fate)
        send_plain(ends, RPCANCEL_SENDER_CLIENT, RPCANCEL_PDU_CO_CANCEL, fate->call_id);
}

AFTER(orphans_what_is_over)
{
    const struct rpcancel_fate *fate = ended_before(ends, action);
    if (fate)
        send_plain(ends, RPCANCEL_SENDER_CLIENT, RPCANCEL_PDU_ORPHANED, fate->call_id);
}

LEAVES(cancels_another_call)
{
    if (pdu->type == RPCANCEL_PDU_CO_CANCEL)
        pdu->call_id = ANOTHER_ID;
    return 1;
}

LEAVES(cancels_before_the_call)
{
    if (sender == RPCANCEL_SENDER_CLIENT && is_first_request(pdu))
        send_plain(ends, RPCANCEL_SENDER_CLIENT, RPCANCEL_PDU_CO_CANCEL, pdu->call_id);
    return 1;
}

LEAVES(orphans_twice)
{
    return pdu->type == RPCANCEL_PDU_ORPHANED ? 2 : 1;
}

AFTER(cancels_what_it_orphaned)
{
    if (action.kind == RPCANCEL_ACTION_ABANDON && !ends->state->client_ended)
        send_plain(ends, RPCANCEL_SENDER_CLIENT, RPCANCEL_PDU_CO_CANCEL, ends->state->fates[action.call].call_id);
}

static const uint8_t datagram_body[8] = {0, 0, 0, 0, 1, 0, 0, 0};

LEAVES(cancel_has_a_body)
{
    if (pdu->type == RPCANCEL_PDU_CO_CANCEL)
        pdu->data = (struct rpcancel_span){datagram_body, sizeof datagram_body};
    return 1;
}

LEAVES(orphaned_has_a_body)
{
    if (pdu->type == RPCANCEL_PDU_ORPHANED)
        pdu->data = (struct rpcancel_span){datagram_body, sizeof datagram_body};
    return 1;
}

LEAVES(request_has_no_first_fragment)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST)
        pdu->flags &= (uint8_t)~RPCANCEL_PFC_FIRST_FRAG;
    return 1;
}

LEAVES(request_of_two_calls)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST && !is_first_request(pdu))
        pdu->call_id = ANOTHER_ID;
    return 1;
}

LEAVES(call_ids_are_the_same)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST)
        pdu->call_id = 2;
    return 1;
}

LEAVES(call_ids_go_down)
{
    if (pdu->type == RPCANCEL_PDU_REQUEST)
        pdu->call_id = ANOTHER_ID - pdu->call_id;
    return 1;
}

/* The client believes to have what was not granted. */
ARRIVES(multiplexing_is_taken)
{
    if (pdu->type == RPCANCEL_PDU_BIND_ACK)
        pdu->flags |= RPCANCEL_PFC_CONC_MPX;
    return true;
}
LEAVES(multiplexing_is_denied)
{
    if (pdu->type == RPCANCEL_PDU_BIND_ACK)
        pdu->flags &= (uint8_t)~RPCANCEL_PFC_CONC_MPX;
    return 1;
}

/* What arrives for one open call is taken for the other. */
ARRIVES(response_is_for_another_call)
{
    if (sender != RPCANCEL_SENDER_SERVER || !is_reply(pdu))
        return true;
    for (unsigned i = 0; i < RPCANCEL_ASSOCIATION_CALLS; i++) {
        const struct rpcancel_client_call *call = &ends->client.calls[i];
        if (call->is_open && call->call_id != pdu->call_id) {
            pdu->call_id = call->call_id;
            return true;
        }
    }
    return true;
}

// clang-format off
#define CORE RPCANCEL_WIRE_CORE, RPCANCEL_WIRE_CORE
#define C706 RPCANCEL_WIRE_C706, RPCANCEL_WIRE_C706
#define MICROSOFT RPCANCEL_WIRE_MS_RPCE, RPCANCEL_WIRE_MS_RPCE

const struct rpcancel_wire_mutant rpcancel_wire_defects[] = {
    {{"stray-cancel-faulted", "A co_cancel for a call that does not exist is answered with a fault.", NULL,
      stray_cancel_is_faulted, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"stray-orphaned-faulted", "An orphaned for a call that does not exist is answered with a fault.", NULL,
      stray_orphaned_is_faulted, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"stray-cancel-closes", "A co_cancel for a call that does not exist ends the connection.", NULL,
      stray_cancel_closes, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"cancel-ends-assembly", "A co_cancel between the fragments of a request discards those that came.", NULL,
      cancel_ends_assembly, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"cancel-faulted", "The runtime answers a co_cancel with a fault, whatever the manager does.", NULL,
      cancel_is_faulted, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-acknowledged", "A co_cancel is answered with cancel_ack, as a datagram is.", NULL,
      cancel_is_acknowledged, NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"cancel-echoed", "A co_cancel is sent back.", NULL, cancel_is_echoed, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-closes", "A co_cancel ends the connection.", NULL, cancel_closes, NULL}, CORE, RPCANCEL_ONE_CALL,
      false},
    {{"cancels-count-twice", "cancel_count is twice what came.", cancels_count_twice, NULL, NULL}, CORE,
      RPCANCEL_ONE_CALL, false},
    {{"cancels-do-not-count", "cancel_count is always 0.", cancels_do_not_count, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"cancel-hits-another-call", "A co_cancel counts for another call that is open.", NULL,
      cancel_hits_another_call, NULL}, C706, RPCANCEL_TWO_AT_ONCE, false},
    {{"cancel-lost-at-dispatch", "Cancels that came before the request was complete are forgotten then.", NULL,
      cancel_is_lost_at_dispatch, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"later-pending-cancel-counts", "PENDING_CANCEL on a later fragment of a request counts as a cancel.",
      pending_cancel_stays, later_pending_cancel_counts, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"pending-cancel-made-up", "Every reply says that a cancel is pending.", pending_cancel_without_cancel, NULL,
      NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-not-told", "A co_cancel counts, and the manager does not learn of it.", NULL, cancel_is_not_told,
      NULL}, C706, RPCANCEL_ONE_CALL, true},
    {{"orphaned-ignored", "orphaned for a call that executes is ignored.", NULL, orphaned_is_ignored, NULL}, C706,
      RPCANCEL_TWO_AT_ONCE, false},
    {{"orphaned-of-assembly-ignored", "orphaned for a request that is not complete is ignored.", NULL,
      orphaned_of_assembly_is_ignored, NULL}, C706, RPCANCEL_TWO_AT_ONCE, false},
    {{"orphaned-answered", "A call that was given up is answered with a fault.", NULL, NULL, orphaned_is_answered},
      C706, RPCANCEL_TWO_AT_ONCE, false},
    {{"orphaned-echoed", "orphaned is sent back.", NULL, orphaned_is_echoed, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"two-responses", "The last fragment of a response is sent twice.", two_responses, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"fault-behind-response", "A response is followed by a fault.", NULL, NULL, fault_behind_response}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"call-id-not-echoed", "Replies have a call_id of their own.", call_id_is_not_echoed, NULL, NULL}, CORE,
      RPCANCEL_ONE_CALL, false},
    {{"response-of-two-calls", "Later fragments of a response have another call_id.", response_of_two_calls, NULL,
      NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"response-without-first", "No fragment of a response is the first.", response_has_no_first_fragment, NULL,
      NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"every-fragment-first", "Every fragment of a response is the first.", every_fragment_is_the_first, NULL,
      NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"response-did-not-execute", "Responses say that the call did not execute.", response_did_not_execute, NULL,
      NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"fault-in-fragments", "A fault is not the last fragment.", fault_in_fragments, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"response-reserved-set", "The reserved octet of a response is not 0.", response_reserved_is_set, NULL, NULL},
      C706, RPCANCEL_ONE_CALL, false},
    {{"fault-reserved-set", "The reserved field of a fault is not 0.", fault_reserved_is_set, NULL, NULL},
      MICROSOFT, RPCANCEL_ONE_CALL, false},
    {{"fault-without-status", "Faults have status 0.", fault_without_status, NULL, NULL}, MICROSOFT,
      RPCANCEL_ONE_CALL, false},
    {{"another-version-answered", "The server answers in another minor version than it was asked in.",
      another_version_is_answered, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"multiplexing-made-up", "bind_ack has CONC_MPX whether it was asked for or not.", multiplexing_is_made_up,
      NULL, NULL}, MICROSOFT, RPCANCEL_ONE_CALL, false},
    {{"half-a-request-answered", "A response comes before the last fragment of the request.", NULL,
      answers_half_a_request, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-of-what-is-over", "The client sends co_cancel after the end of the reply.", NULL, NULL,
      cancels_what_is_over}, C706, RPCANCEL_TWO_IN_TURN, false},
    {{"orphaned-of-what-is-over", "The client sends orphaned after the end of the reply.", NULL, NULL,
      orphans_what_is_over}, C706, RPCANCEL_TWO_IN_TURN, false},
    {{"cancel-of-another-call", "co_cancel has the call_id of no call.", cancels_another_call, NULL, NULL}, CORE,
      RPCANCEL_ONE_CALL, false},
    {{"cancel-before-the-call", "co_cancel is sent before the first fragment of the request.",
      cancels_before_the_call, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"orphaned-twice", "orphaned is sent twice.", orphans_twice, NULL, NULL}, C706, RPCANCEL_ONE_CALL, false},
    {{"cancel-behind-orphaned", "co_cancel follows orphaned.", NULL, NULL, cancels_what_it_orphaned}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"connection-kept", "The client keeps the connection after orphaned, though it was not granted that.", NULL,
      NULL, NULL}, RPCANCEL_WIRE_MS_RPCE, RPCANCEL_WIRE_C706, RPCANCEL_TWO_IN_TURN, false},
    {{"cancel-with-body", "co_cancel has the body of a datagram's.", cancel_has_a_body, NULL, NULL}, CORE,
      RPCANCEL_ONE_CALL, false},
    {{"orphaned-with-body", "orphaned has the body of a datagram's cancel.", orphaned_has_a_body, NULL, NULL}, C706,
      RPCANCEL_ONE_CALL, false},
    {{"request-without-first", "No fragment of a request is the first.", request_has_no_first_fragment, NULL, NULL},
      CORE, RPCANCEL_ONE_CALL, false},
    {{"request-of-two-calls", "Later fragments of a request have another call_id.", request_of_two_calls, NULL,
      NULL}, CORE, RPCANCEL_ONE_CALL, false},
    {{"call-ids-the-same", "All requests have one call_id.", call_ids_are_the_same, NULL, NULL}, C706,
      RPCANCEL_TWO_AT_ONCE, false},
    {{"call-ids-go-down", "Later requests have lower call_ids.", call_ids_go_down, NULL, NULL}, MICROSOFT,
      RPCANCEL_TWO_AT_ONCE, false},
    {{"two-requests-at-once", "A second request begins without multiplexing before the first is answered.",
      multiplexing_is_denied, multiplexing_is_taken, NULL}, MICROSOFT, RPCANCEL_TWO_AT_ONCE, false},
    {{"response-for-another-call", "The client takes a reply for that of another call.", NULL,
      response_is_for_another_call, NULL}, C706, RPCANCEL_TWO_AT_ONCE, true},
};
// clang-format on
const unsigned rpcancel_wire_defect_count = sizeof rpcancel_wire_defects / sizeof rpcancel_wire_defects[0];
