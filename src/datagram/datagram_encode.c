// SPDX-License-Identifier: Apache-2.0
/* Octets from datagrams: the size first, so that nothing is written that does not fit. */
#include "datagram/datagram.h"

/* Of the body without data. */
static size_t fixed_size(const struct rpcancel_datagram *datagram)
{
    switch (datagram->type) {
    case RPCANCEL_PDU_CL_CANCEL:
        return datagram->cancel.is_present ? RPCANCEL_CANCEL_BODY_SIZE : 0;
    case RPCANCEL_PDU_CANCEL_ACK:
        if (!datagram->cancel_ack.is_present)
            return 0;
        return datagram->cancel_ack.is_long ? RPCANCEL_CANCEL_ACK_LONG_BODY_SIZE : RPCANCEL_CANCEL_ACK_BODY_SIZE;
    case RPCANCEL_PDU_FACK:
    case RPCANCEL_PDU_NOCALL:
        return datagram->fack.is_present ? RPCANCEL_FACK_BODY_SIZE + datagram->fack.masks.size : 0;
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        return 4;
    default:
        return 0;
    }
}

size_t rpcancel_datagram_size(const struct rpcancel_datagram *datagram)
{
    return RPCANCEL_DATAGRAM_HEADER_SIZE + fixed_size(datagram) + datagram->data.size + datagram->auth.size;
}

static uint8_t *put_16(uint8_t *at, uint16_t number, bool big_endian)
{
    rpcancel_write_16(at, number, big_endian);
    return at + 2;
}

static uint8_t *put_32(uint8_t *at, uint32_t number, bool big_endian)
{
    rpcancel_write_32(at, number, big_endian);
    return at + 4;
}

static uint8_t *put_uuid(uint8_t *at, const struct rpcancel_uuid *uuid, bool big_endian)
{
    rpcancel_uuid_write(at, big_endian, uuid);
    return at + RPCANCEL_UUID_SIZE;
}

static uint8_t *put_span(uint8_t *at, struct rpcancel_span span)
{
    if (span.size > 0)
        memcpy(at, span.bytes, span.size);
    return at + span.size;
}

static uint8_t *put_header(uint8_t *at, const struct rpcancel_datagram *datagram, size_t length)
{
    bool big_endian = rpcancel_datagram_is_big_endian(datagram);
    *at++ = datagram->version | datagram->version_rest;
    *at++ = datagram->type | datagram->type_rest;
    *at++ = datagram->flags;
    *at++ = datagram->flags2;
    memcpy(at, datagram->drep, sizeof datagram->drep);
    at += sizeof datagram->drep;
    *at++ = (uint8_t)(datagram->serial >> 8);
    at = put_uuid(at, &datagram->object, big_endian);
    at = put_uuid(at, &datagram->interface, big_endian);
    at = put_uuid(at, &datagram->activity, big_endian);
    at = put_32(at, datagram->server_boot, big_endian);
    at = put_32(at, datagram->interface_version, big_endian);
    at = put_32(at, datagram->sequence, big_endian);
    at = put_16(at, datagram->opnum, big_endian);
    at = put_16(at, datagram->interface_hint, big_endian);
    at = put_16(at, datagram->activity_hint, big_endian);
    at = put_16(at, (uint16_t)length, big_endian);
    at = put_16(at, datagram->fragment, big_endian);
    *at++ = datagram->auth_protocol;
    *at++ = (uint8_t)datagram->serial;
    return at;
}

static uint8_t *put_cancel_ack(uint8_t *at, const struct rpcancel_cancel_ack_body *ack, bool big_endian)
{
    at = put_32(at, ack->version, big_endian);
    at = put_32(at, ack->cancel_id, big_endian);
    return put_span(at, (struct rpcancel_span){ack->accepting, ack->is_long ? sizeof ack->accepting : 1});
}

static uint8_t *put_fack(uint8_t *at, const struct rpcancel_fack_body *fack, bool big_endian)
{
    *at++ = fack->version;
    *at++ = fack->padding;
    at = put_16(at, fack->window_size, big_endian);
    at = put_32(at, fack->max_tsdu, big_endian);
    at = put_32(at, fack->max_fragment, big_endian);
    at = put_16(at, fack->serial, big_endian);
    at = put_16(at, (uint16_t)(fack->masks.size / 4), big_endian);
    return put_span(at, fack->masks);
}

static uint8_t *put_body(uint8_t *at, const struct rpcancel_datagram *datagram)
{
    bool big_endian = rpcancel_datagram_is_big_endian(datagram);
    switch (datagram->type) {
    case RPCANCEL_PDU_CL_CANCEL:
        at = put_32(at, datagram->cancel.version, big_endian);
        return put_32(at, datagram->cancel.cancel_id, big_endian);
    case RPCANCEL_PDU_CANCEL_ACK:
        return put_cancel_ack(at, &datagram->cancel_ack, big_endian);
    case RPCANCEL_PDU_FACK:
    case RPCANCEL_PDU_NOCALL:
        return put_fack(at, &datagram->fack, big_endian);
    default: /* fault, reject */
        return put_32(at, datagram->status, big_endian);
    }
}

size_t rpcancel_datagram_encode(const struct rpcancel_datagram *datagram, uint8_t *out, size_t capacity)
{
    size_t size = rpcancel_datagram_size(datagram);
    size_t length = fixed_size(datagram) + datagram->data.size;
    if (size > capacity || length > RPCANCEL_DATAGRAM_BODY_MAX)
        return 0;
    uint8_t *at = put_header(out, datagram, length);
    if (fixed_size(datagram) > 0)
        at = put_body(at, datagram);
    at = put_span(at, datagram->data);
    put_span(at, datagram->auth);
    return size;
}
