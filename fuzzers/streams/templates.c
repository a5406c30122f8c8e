// SPDX-License-Identifier: Apache-2.0
#include "streams/templates.h"

const struct rpcancel_interface rpcancel_fuzzed_interface = {
    {{0x72706361, 0x6E63, 0x656C, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, 1}, RPCANCEL_FUZZED_OPERATIONS};

static unsigned below(struct rpcancel_random *random, unsigned limit)
{
    return (unsigned)rpcancel_random_below(random, limit);
}

size_t rpcancel_template_bind(uint8_t *out, uint8_t flags, uint16_t fragment_max)
{
    uint8_t list[RPCANCEL_CONTEXT_LEAST_SIZE + RPCANCEL_SYNTAX_SIZE];
    struct rpcancel_context context = {.abstract = rpcancel_fuzzed_interface.syntax};
    struct rpcancel_pdu bind;
    rpcancel_pdu_init(&bind, RPCANCEL_PDU_BIND, 1);
    bind.flags |= flags;
    bind.bind.max_transmit = bind.bind.max_receive = fragment_max;
    bind.bind.context_count = 1;
    bind.bind.contexts = (struct rpcancel_span){
        list, rpcancel_context_write(list, sizeof list, false, &context, &rpcancel_syntax_ndr, 1)};
    return rpcancel_pdu_encode(&bind, out, RPCANCEL_TEMPLATE_SIZE_MAX);
}

/* The accepted context, or |result|, then the features. */
static void write_results(struct rpcancel_pdu *pdu, uint8_t *list, uint16_t result, uint16_t features)
{
    const struct rpcancel_result results[] = {{.result = result, .transfer = rpcancel_syntax_ndr},
                                              {.result = RPCANCEL_NEGOTIATE_ACK, .reason = features}};
    size_t size = rpcancel_result_write(list, RPCANCEL_RESULT_SIZE, false, &results[0]);
    size += rpcancel_result_write(list + size, RPCANCEL_RESULT_SIZE, false, &results[1]);
    pdu->bind_ack.address = (struct rpcancel_span){(const uint8_t *)"135", 4};
    pdu->bind_ack.result_count = 2;
    pdu->bind_ack.results = (struct rpcancel_span){list, size};
}

size_t rpcancel_template_bind_ack(uint8_t *out, uint8_t flags, uint16_t features)
{
    uint8_t list[2 * RPCANCEL_RESULT_SIZE];
    struct rpcancel_pdu ack;
    rpcancel_pdu_init(&ack, RPCANCEL_PDU_BIND_ACK, 1);
    ack.flags |= flags;
    ack.bind_ack.max_transmit = ack.bind_ack.max_receive = RPCANCEL_PDU_MUST_RECEIVE;
    write_results(&ack, list, RPCANCEL_ACCEPTANCE, features);
    return rpcancel_pdu_encode(&ack, out, RPCANCEL_TEMPLATE_SIZE_MAX);
}

static size_t write_contexts(struct rpcancel_pdu *pdu, uint8_t *list, size_t capacity, struct rpcancel_random *random)
{
    struct rpcancel_context context = {.id = (uint16_t)below(random, 3), .abstract = rpcancel_fuzzed_interface.syntax};
    size_t size = rpcancel_context_write(list, capacity, false, &context, &rpcancel_syntax_ndr, 1);
    pdu->flags |= rpcancel_random_chance(random, 5) ? RPCANCEL_PFC_CONC_MPX : 0;
    pdu->bind.max_transmit = pdu->bind.max_receive =
        (uint16_t)(rpcancel_random_chance(random, 4) ? RPCANCEL_PDU_MUST_RECEIVE : RPCANCEL_SERVER_FRAGMENT_MAX);
    pdu->bind.context_count = 1;
    if (rpcancel_random_chance(random, 3)) {
        struct rpcancel_syntax asked = rpcancel_syntax_of_features(below(random, 4));
        context.id = 7;
        size += rpcancel_context_write(list + size, capacity - size, false, &context, &asked, 1);
        pdu->bind.context_count = 2;
    }
    return size;
}

static void fill_bind_ack(struct rpcancel_pdu *pdu, uint8_t *list, struct rpcancel_random *random)
{
    bool refuses = rpcancel_random_chance(random, 1);
    write_results(pdu, list, refuses ? RPCANCEL_PROVIDER_REJECTION : RPCANCEL_ACCEPTANCE, (uint16_t)below(random, 4));
    pdu->flags |= rpcancel_random_chance(random, 5) ? RPCANCEL_PFC_CONC_MPX : 0;
    pdu->bind_ack.max_transmit = pdu->bind_ack.max_receive =
        (uint16_t)(rpcancel_random_chance(random, 4) ? RPCANCEL_PDU_MUST_RECEIVE : RPCANCEL_SERVER_FRAGMENT_MAX);
}

static void fill_request(struct rpcancel_pdu *pdu, struct rpcancel_random *random)
{
    static const uint8_t flags[] = {RPCANCEL_PFC_SINGLE,
                                    RPCANCEL_PFC_SINGLE,
                                    RPCANCEL_PFC_SINGLE,
                                    RPCANCEL_PFC_FIRST_FRAG,
                                    0,
                                    RPCANCEL_PFC_LAST_FRAG,
                                    RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_MAYBE,
                                    RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_PENDING_CANCEL};
    pdu->flags = flags[below(random, sizeof flags)];
    pdu->request.opnum = (uint16_t)below(random, RPCANCEL_FUZZED_OPERATIONS);
    pdu->request.alloc_hint = (uint32_t)pdu->data.size;
}

static void fill_reply(struct rpcancel_pdu *pdu, struct rpcancel_random *random)
{
    static const uint8_t flags[] = {RPCANCEL_PFC_SINGLE,     RPCANCEL_PFC_SINGLE,
                                    RPCANCEL_PFC_FIRST_FRAG, 0,
                                    RPCANCEL_PFC_LAST_FRAG,  RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_PENDING_CANCEL};
    pdu->flags = flags[below(random, sizeof flags)];
    if (pdu->type == RPCANCEL_PDU_RESPONSE) {
        pdu->response.alloc_hint = (uint32_t)pdu->data.size;
        pdu->response.cancel_count = (uint8_t)below(random, 3);
        return;
    }
    pdu->fault.alloc_hint = 32;
    pdu->fault.cancel_count = (uint8_t)below(random, 3);
    pdu->fault.status = below(random, 2) ? RPCANCEL_S_FAULT_CANCEL : RPCANCEL_NCA_PROTO_ERROR;
    pdu->data.size = 0;
}

size_t rpcancel_template_write(uint8_t *out, enum rpcancel_pdu_type type, uint32_t call_id,
                               struct rpcancel_random *random)
{
    static const uint8_t octets[64] = {0x20, 0x03, 2, 3, 4, 5, 6, 7, 8};
    uint8_t list[RPCANCEL_TEMPLATE_SIZE_MAX];
    struct rpcancel_pdu pdu;
    rpcancel_pdu_init(&pdu, type, call_id);
    switch (type) {
    case RPCANCEL_PDU_REQUEST:
        pdu.data = (struct rpcancel_span){octets, 8 * (size_t)below(random, 5)};
        fill_request(&pdu, random);
        break;
    case RPCANCEL_PDU_RESPONSE:
    case RPCANCEL_PDU_FAULT:
        pdu.data = (struct rpcancel_span){octets, 8 * (size_t)below(random, 5)};
        fill_reply(&pdu, random);
        break;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        pdu.bind.contexts = (struct rpcancel_span){list, write_contexts(&pdu, list, sizeof list, random)};
        break;
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        fill_bind_ack(&pdu, list, random);
        break;
    case RPCANCEL_PDU_CO_CANCEL:
        pdu.flags = RPCANCEL_PFC_LAST_FRAG | RPCANCEL_PFC_PENDING_CANCEL;
        break;
    default:
        break;
    }
    if (rpcancel_pdu_type_describe(type)->auth == RPCANCEL_AUTH_REQUIRED ||
        (rpcancel_pdu_type_describe(type)->auth == RPCANCEL_AUTH_OPTIONAL && below(random, 32) == 0)) {
        pdu.auth.type = 10;
        pdu.auth.level = 2;
        pdu.auth.value = (struct rpcancel_span){octets, 16};
    }
    return rpcancel_pdu_encode(&pdu, out, RPCANCEL_TEMPLATE_SIZE_MAX);
}
