// SPDX-License-Identifier: Apache-2.0
/* The PDUs that the client of a server under test sends. */
#include "runtime/tcp.h"
#include "wire/presentation.h"

enum { CONTEXT = 0 };

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
