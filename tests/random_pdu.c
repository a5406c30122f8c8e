// SPDX-License-Identifier: Apache-2.0
#include "random_pdu.h"

#include <stdio.h>

#include "wire/presentation.h"

static uint32_t number(struct rpcancel_random *random)
{
    return (uint32_t)rpcancel_random_next(random);
}

static bool one_in(struct rpcancel_random *random, unsigned n)
{
    return rpcancel_random_below(random, n) == 0;
}

static struct rpcancel_span fill(uint8_t *bytes, size_t size, struct rpcancel_random *random)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)number(random);
    return (struct rpcancel_span){bytes, size};
}

static struct rpcancel_syntax syntax(struct rpcancel_random *random)
{
    struct rpcancel_syntax made = {{number(random), (uint16_t)number(random), (uint16_t)number(random), {0}},
                                   number(random)};
    if (one_in(random, 2))
        return rpcancel_syntax_ndr;
    if (one_in(random, 4))
        return rpcancel_syntax_of_features(rpcancel_random_next(random));
    fill(made.uuid.rest, sizeof made.uuid.rest, random);
    return made;
}

static void make_contexts(struct random_pdu *made, struct rpcancel_random *random)
{
    struct rpcancel_bind_body *bind = &made->pdu.bind;
    size_t size = 0;
    bind->max_transmit = (uint16_t)number(random);
    bind->max_receive = (uint16_t)number(random);
    bind->group_id = number(random);
    bind->context_count = (uint8_t)rpcancel_random_below(random, 5);
    for (unsigned i = 0; i < bind->context_count; i++) {
        struct rpcancel_syntax transfers[3];
        struct rpcancel_context context = {.id = (uint16_t)number(random), .abstract = syntax(random)};
        uint8_t count = (uint8_t)(1 + rpcancel_random_below(random, 3));
        for (unsigned j = 0; j < count; j++)
            transfers[j] = syntax(random);
        size += rpcancel_context_write(made->list + size, sizeof made->list - size,
                                       rpcancel_pdu_is_big_endian(&made->pdu), &context, transfers, count);
    }
    bind->contexts = (struct rpcancel_span){made->list, size};
}

static void make_results(struct random_pdu *made, struct rpcancel_random *random)
{
    struct rpcancel_bind_ack_body *ack = &made->pdu.bind_ack;
    size_t size = 0;
    ack->max_transmit = (uint16_t)number(random);
    ack->max_receive = (uint16_t)number(random);
    ack->group_id = number(random);
    if (!one_in(random, 4)) {
        int length = snprintf(made->address, sizeof made->address, "%u", rpcancel_random_below(random, 65536));
        ack->address = (struct rpcancel_span){(const uint8_t *)made->address, (size_t)length + 1};
    }
    ack->result_count = (uint8_t)rpcancel_random_below(random, 5);
    for (unsigned i = 0; i < ack->result_count; i++) {
        struct rpcancel_result result = {(uint16_t)rpcancel_random_below(random, 4),
                                         (uint16_t)rpcancel_random_below(random, 4), syntax(random)};
        size += rpcancel_result_write(made->list + size, sizeof made->list - size,
                                      rpcancel_pdu_is_big_endian(&made->pdu), &result);
    }
    ack->results = (struct rpcancel_span){made->list, size};
}

static void make_body(struct random_pdu *made, struct rpcancel_random *random)
{
    struct rpcancel_pdu *pdu = &made->pdu;
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        pdu->flags |= (uint8_t)(number(random) & (RPCANCEL_PFC_OBJECT_UUID | RPCANCEL_PFC_MAYBE));
        pdu->request =
            (struct rpcancel_request_body){number(random), (uint16_t)number(random), (uint16_t)number(random), {0}};
        if (pdu->flags & RPCANCEL_PFC_OBJECT_UUID)
            fill(pdu->request.object, sizeof pdu->request.object, random);
        break;
    case RPCANCEL_PDU_RESPONSE:
        pdu->response =
            (struct rpcancel_response_body){number(random), (uint16_t)number(random), (uint8_t)number(random), 0};
        break;
    case RPCANCEL_PDU_FAULT:
        pdu->flags |= (uint8_t)(number(random) & RPCANCEL_PFC_DID_NOT_EXECUTE);
        pdu->fault = (struct rpcancel_fault_body){number(random),     (uint16_t)number(random), (uint8_t)number(random),
                                                  number(random) & 1, number(random),           0};
        break;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        make_contexts(made, random);
        break;
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        make_results(made, random);
        break;
    case RPCANCEL_PDU_BIND_NAK:
        pdu->bind_nak.reason = (uint16_t)rpcancel_random_below(random, 10);
        pdu->bind_nak.has_versions = true;
        pdu->bind_nak.version_count = (uint8_t)rpcancel_random_below(random, 4);
        pdu->bind_nak.versions = fill(made->list, (size_t)pdu->bind_nak.version_count * 2, random);
        break;
    case RPCANCEL_PDU_AUTH3:
        fill(pdu->auth3.padding, sizeof pdu->auth3.padding, random);
        break;
    case RPCANCEL_PDU_RTS:
        pdu->rts = (struct rpcancel_rts_body){(uint16_t)number(random), (uint16_t)rpcancel_random_below(random, 6)};
        break;
    default:
        break;
    }
}

static void make_verifier(struct random_pdu *made, struct rpcancel_random *random)
{
    struct rpcancel_auth_verifier *auth = &made->pdu.auth;
    auth->type = 99; /* nobody's */
    auth->level = (uint8_t)(2 + rpcancel_random_below(random, 5));
    auth->context_id = number(random);
    auth->value = fill(made->value, 1 + rpcancel_random_below(random, sizeof made->value), random);
    if (made->pdu.data.size > 0 && made->data[0] & 1)
        auth->padding = fill(made->padding, rpcancel_random_below(random, sizeof made->padding + 1), random);
}

void random_pdu_make(struct random_pdu *made, enum rpcancel_pdu_type type, struct rpcancel_random *random)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(type);
    rpcancel_pdu_init(&made->pdu, type, number(random));
    made->pdu.minor_version = (uint8_t)(number(random) & 1);
    made->pdu.drep[0] = one_in(random, 2) ? 0x10 : 0x00;
    if (type != RPCANCEL_PDU_RTS)
        made->pdu.flags =
            (uint8_t)(number(random) & (RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_PENDING_CANCEL | RPCANCEL_PFC_CONC_MPX));
    make_body(made, random);
    if (type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_RESPONSE || type == RPCANCEL_PDU_FAULT)
        made->pdu.data = fill(made->data, rpcancel_random_below(random, sizeof made->data + 1), random);
    if (description->auth == RPCANCEL_AUTH_REQUIRED ||
        (description->auth == RPCANCEL_AUTH_OPTIONAL && one_in(random, 3)))
        make_verifier(made, random);
}
