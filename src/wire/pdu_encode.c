// SPDX-License-Identifier: Apache-2.0
/* Octets from fragments: the size first, so that nothing is written that does not fit. */
#include "wire/pdu.h"

/* Octets between the secondary address and the list of results. */
static size_t address_padding(const struct rpcancel_pdu *pdu)
{
    return (4 - (26 + pdu->bind_ack.address.size) % 4) % 4;
}

/* Of the body without data, header included. */
static size_t body_size(const struct rpcancel_pdu *pdu)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(pdu->type);
    size_t least = description ? description->least_size : RPCANCEL_PDU_HEADER_SIZE;
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        return least + (pdu->flags & RPCANCEL_PFC_OBJECT_UUID ? RPCANCEL_UUID_SIZE : 0);
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        return least + pdu->bind.contexts.size;
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        return least + pdu->bind_ack.address.size + address_padding(pdu) + 4 + pdu->bind_ack.results.size;
    case RPCANCEL_PDU_BIND_NAK:
        return least + (pdu->bind_nak.has_versions ? 1 + pdu->bind_nak.versions.size : 0);
    default:
        return least;
    }
}

size_t rpcancel_pdu_size(const struct rpcancel_pdu *pdu)
{
    const struct rpcancel_auth_verifier *auth = &pdu->auth;
    size_t verifier = auth->value.size ? auth->padding.size + RPCANCEL_AUTH_TRAILER_SIZE + auth->value.size : 0;
    return body_size(pdu) + pdu->data.size + verifier;
}

struct writer {
    uint8_t *at;
    bool big_endian;
};

static void put_8(struct writer *writer, uint8_t number)
{
    *writer->at++ = number;
}

static void put_16(struct writer *writer, uint16_t number)
{
    rpcancel_write_16(writer->at, number, writer->big_endian);
    writer->at += 2;
}

static void put_32(struct writer *writer, uint32_t number)
{
    rpcancel_write_32(writer->at, number, writer->big_endian);
    writer->at += 4;
}

static void put_bytes(struct writer *writer, const uint8_t *bytes, size_t size)
{
    if (size > 0)
        memcpy(writer->at, bytes, size);
    writer->at += size;
}

static void put_span(struct writer *writer, struct rpcancel_span span)
{
    put_bytes(writer, span.bytes, span.size);
}

static void put_request(struct writer *writer, const struct rpcancel_pdu *pdu)
{
    put_32(writer, pdu->request.alloc_hint);
    put_16(writer, pdu->request.context_id);
    put_16(writer, pdu->request.opnum);
    if (pdu->flags & RPCANCEL_PFC_OBJECT_UUID)
        put_bytes(writer, pdu->request.object, RPCANCEL_UUID_SIZE);
}

static void put_response(struct writer *writer, const struct rpcancel_response_body *response)
{
    put_32(writer, response->alloc_hint);
    put_16(writer, response->context_id);
    put_8(writer, response->cancel_count);
    put_8(writer, response->reserved);
}

static void put_fault(struct writer *writer, const struct rpcancel_fault_body *fault)
{
    put_32(writer, fault->alloc_hint);
    put_16(writer, fault->context_id);
    put_8(writer, fault->cancel_count);
    put_8(writer, fault->reserved);
    put_32(writer, fault->status);
    put_32(writer, fault->reserved2);
}

static void put_bind(struct writer *writer, const struct rpcancel_bind_body *bind)
{
    put_16(writer, bind->max_transmit);
    put_16(writer, bind->max_receive);
    put_32(writer, bind->group_id);
    put_8(writer, bind->context_count);
    put_8(writer, bind->reserved);
    put_16(writer, bind->reserved2);
    put_span(writer, bind->contexts);
}

static void put_bind_ack(struct writer *writer, const struct rpcancel_pdu *pdu)
{
    const struct rpcancel_bind_ack_body *ack = &pdu->bind_ack;
    put_16(writer, ack->max_transmit);
    put_16(writer, ack->max_receive);
    put_32(writer, ack->group_id);
    put_16(writer, (uint16_t)ack->address.size);
    put_span(writer, ack->address);
    put_bytes(writer, ack->padding, address_padding(pdu));
    put_8(writer, ack->result_count);
    put_8(writer, ack->reserved);
    put_16(writer, ack->reserved2);
    put_span(writer, ack->results);
}

static void put_bind_nak(struct writer *writer, const struct rpcancel_bind_nak_body *nak)
{
    put_16(writer, nak->reason);
    if (!nak->has_versions)
        return;
    put_8(writer, nak->version_count);
    put_span(writer, nak->versions);
}

static void put_body(struct writer *writer, const struct rpcancel_pdu *pdu)
{
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        put_request(writer, pdu);
        break;
    case RPCANCEL_PDU_RESPONSE:
        put_response(writer, &pdu->response);
        break;
    case RPCANCEL_PDU_FAULT:
        put_fault(writer, &pdu->fault);
        break;
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        put_bind(writer, &pdu->bind);
        break;
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        put_bind_ack(writer, pdu);
        break;
    case RPCANCEL_PDU_BIND_NAK:
        put_bind_nak(writer, &pdu->bind_nak);
        break;
    case RPCANCEL_PDU_AUTH3:
        put_bytes(writer, pdu->auth3.padding, sizeof pdu->auth3.padding);
        break;
    case RPCANCEL_PDU_RTS:
        put_16(writer, pdu->rts.flags);
        put_16(writer, pdu->rts.command_count);
        break;
    default: /* co_cancel, orphaned, shutdown */
        break;
    }
}

static void put_verifier(struct writer *writer, const struct rpcancel_auth_verifier *auth)
{
    if (auth->value.size == 0)
        return;
    put_span(writer, auth->padding);
    put_8(writer, auth->type);
    put_8(writer, auth->level);
    put_8(writer, (uint8_t)auth->padding.size);
    put_8(writer, auth->reserved);
    put_32(writer, auth->context_id);
    put_span(writer, auth->value);
}

size_t rpcancel_pdu_encode(const struct rpcancel_pdu *pdu, uint8_t *out, size_t capacity)
{
    size_t size = rpcancel_pdu_size(pdu);
    if (size > capacity || size > RPCANCEL_PDU_SIZE_MAX || pdu->auth.padding.size > UINT8_MAX)
        return 0;
    struct writer writer = {out, rpcancel_pdu_is_big_endian(pdu)};
    put_8(&writer, pdu->version);
    put_8(&writer, pdu->minor_version);
    put_8(&writer, pdu->type);
    put_8(&writer, pdu->flags);
    put_bytes(&writer, pdu->drep, sizeof pdu->drep);
    put_16(&writer, (uint16_t)size);
    put_16(&writer, (uint16_t)pdu->auth.value.size);
    put_32(&writer, pdu->call_id);
    put_body(&writer, pdu);
    put_span(&writer, pdu->data);
    put_verifier(&writer, &pdu->auth);
    return size;
}
