// SPDX-License-Identifier: Apache-2.0
/* The PDUs that the client of a server under test sends. */
#include "runtime/tcp.h"
#include "wire/presentation.h"

enum { CONTEXT = 0, MUCH = 5 << 20 };

void rpcancel_tcp_send_pdu(struct rpcancel_tcp_connection *connection, struct rpcancel_pdu *pdu,
                           enum rpcancel_wire_operation_class class)
{
    uint8_t bytes[RPCANCEL_TCP_FRAGMENT];
    if (connection->is_big_endian)
        pdu->drep[0] = 0;
    size_t size = rpcancel_pdu_encode(pdu, bytes, sizeof bytes);
    rpcancel_tcp_send(connection, bytes, size, class);
}

bool rpcancel_tcp_asks_multiplexing(enum rpcancel_association_kind how)
{
    return how == RPCANCEL_ASSOCIATION_MULTIPLEXED || how == RPCANCEL_ASSOCIATION_MULTIPLEXED_KEEP;
}

void rpcancel_tcp_send_bind(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                            enum rpcancel_association_kind how)
{
    uint8_t list[3 * (RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE)];
    bool keep = how == RPCANCEL_ASSOCIATION_KEEP || how == RPCANCEL_ASSOCIATION_MULTIPLEXED_KEEP;
    unsigned features = how == RPCANCEL_ASSOCIATION_FEATURES_TWICE ? 2 : keep;
    bool big_endian = how == RPCANCEL_ASSOCIATION_BIG_ENDIAN;
    struct rpcancel_context context = {.id = CONTEXT, .abstract = connection->target->interface};
    struct rpcancel_syntax asked = rpcancel_syntax_of_features(RPCANCEL_FEATURE_KEEP_CONNECTION_ON_ORPHAN);
    struct rpcancel_pdu pdu;
    size_t size = rpcancel_context_write(list, sizeof list, big_endian, &context, &rpcancel_syntax_ndr, 1);
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_BIND, call_id);
    pdu.flags |= rpcancel_tcp_asks_multiplexing(how) ? RPCANCEL_PFC_CONC_MPX : 0;
    pdu.flags |= how == RPCANCEL_ASSOCIATION_SIGNING ? RPCANCEL_PFC_SUPPORT_HEADER_SIGN : 0;
    pdu.bind.max_transmit = pdu.bind.max_receive = RPCANCEL_TCP_FRAGMENT;
    pdu.bind.context_count = (uint8_t)(1 + features);
    for (unsigned i = 0; i < features; i++) {
        context.id = (uint16_t)(CONTEXT + 1 + i);
        size += rpcancel_context_write(list + size, sizeof list - size, big_endian, &context, &asked, 1);
    }
    pdu.bind.contexts = (struct rpcancel_span){list, size};
    rpcancel_tcp_send_pdu(connection, &pdu, RPCANCEL_CLASS_UNKNOWN);
}

void rpcancel_tcp_send_request(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                               const struct rpcancel_target_operation *operation, uint8_t flags, uint32_t alloc_hint,
                               enum rpcancel_wire_operation_class class)
{
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, RPCANCEL_PDU_REQUEST, call_id);
    pdu.flags = flags;
    pdu.request.context_id = CONTEXT;
    pdu.request.opnum = operation->opnum;
    pdu.request.alloc_hint = alloc_hint;
    if (flags & RPCANCEL_PFC_FIRST_FRAG) { /* all of it; later fragments are empty */
        pdu.data = (struct rpcancel_span){operation->stub_data, operation->size};
        if (!alloc_hint)
            pdu.request.alloc_hint = operation->size;
    }
    rpcancel_tcp_send_pdu(connection, &pdu, class);
}

struct rpcancel_tcp_request_form rpcancel_tcp_request_form(enum rpcancel_request_kind kind)
{
    static const struct rpcancel_tcp_request_form forms[RPCANCEL_REQUESTS] = {
        [RPCANCEL_REQUEST_FAST_PENDING_CANCEL] = {RPCANCEL_PFC_PENDING_CANCEL, 0},
        [RPCANCEL_REQUEST_PARK_PENDING_CANCEL] = {RPCANCEL_PFC_PENDING_CANCEL, 0},
        [RPCANCEL_REQUEST_FAST_MAYBE] = {RPCANCEL_PFC_MAYBE, 0},
        [RPCANCEL_REQUEST_FAST_ANNOUNCING] = {0, MUCH},
    };
    return forms[kind];
}

void rpcancel_tcp_send_cancel(struct rpcancel_tcp_connection *connection, enum rpcancel_pdu_type type, uint32_t call_id,
                              enum rpcancel_cancel_form form)
{
    static const uint8_t flags[RPCANCEL_FORMS] = {0x06, 0x03, 0x00, 0x02, 0x04, 0x07, 0x03, 0x03};
    static const uint8_t junk[8] = {0, 0, 0, 0, 1, 0, 0, 0}; /* as a datagram's version and cancel id */
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, call_id);
    pdu.flags = flags[form];
    if (form == RPCANCEL_FORM_JUNK)
        pdu.data = (struct rpcancel_span){junk, sizeof junk};
    if (form == RPCANCEL_FORM_VERIFIER)
        pdu.auth = (struct rpcancel_auth_verifier){
            .type = 10, .level = 2, .context_id = 1, .value = (struct rpcancel_span){junk, 4}};
    rpcancel_tcp_send_pdu(connection, &pdu, RPCANCEL_CLASS_UNKNOWN);
}

void rpcancel_tcp_send_wrong(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                             enum rpcancel_wrong_type which)
{
    static const uint8_t types[RPCANCEL_WRONG_TYPES] = {
        RPCANCEL_PDU_RESPONSE, RPCANCEL_PDU_FAULT, RPCANCEL_PDU_BIND_ACK,   RPCANCEL_PDU_BIND_NAK,
        RPCANCEL_PDU_SHUTDOWN, RPCANCEL_PDU_PING,  RPCANCEL_PDU_CANCEL_ACK, 31};
    uint8_t bytes[64];
    struct rpcancel_pdu pdu;
    bool has_form = which < RPCANCEL_WRONG_PING;
    rpcancel_pdu_init(&pdu, has_form ? types[which] : RPCANCEL_PDU_SHUTDOWN, call_id);
    size_t size = rpcancel_pdu_encode(&pdu, bytes, sizeof bytes);
    bytes[2] = types[which];
    rpcancel_tcp_send(connection, bytes, size, RPCANCEL_CLASS_UNKNOWN);
}
