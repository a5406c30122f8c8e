// SPDX-License-Identifier: Apache-2.0
/* Fragments from octets. Each part is read at |at|, up to |end|, where the verifier or its padding begins. */
#include "wire/pdu.h"
#include "wire/presentation.h"

struct reader {
    const uint8_t *bytes;
    size_t at, end;
    bool big_endian;
    enum rpcancel_strictness strictness;
    struct rpcancel_pdu_complaint *complaint;
};

static bool complain(const struct reader *reader, enum rpcancel_pdu_error error, size_t offset)
{
    *reader->complaint = (struct rpcancel_pdu_complaint){error, offset};
    return false;
}

/* What only a strict reader minds. */
static bool mind(const struct reader *reader, bool holds, enum rpcancel_pdu_error error, size_t offset)
{
    return reader->strictness == RPCANCEL_LENIENT || holds || complain(reader, error, offset);
}

static uint8_t take_8(struct reader *reader)
{
    return reader->bytes[reader->at++];
}

static uint16_t take_16(struct reader *reader)
{
    reader->at += 2;
    return rpcancel_read_16(reader->bytes + reader->at - 2, reader->big_endian);
}

static uint32_t take_32(struct reader *reader)
{
    reader->at += 4;
    return rpcancel_read_32(reader->bytes + reader->at - 4, reader->big_endian);
}

static struct rpcancel_span take_span(struct reader *reader, size_t size)
{
    struct rpcancel_span span = {reader->bytes + reader->at, size};
    reader->at += size;
    return span;
}

static struct rpcancel_span rest(const struct reader *reader)
{
    return (struct rpcancel_span){reader->bytes + reader->at, reader->end - reader->at};
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

/* ---- header and verifier ---- */

static bool is_drep(const uint8_t *drep)
{
    return drep[0] >> 4 <= 1 && (drep[0] & 15) <= 1 && drep[1] <= 3 && drep[2] == 0 && drep[3] == 0;
}

/* The pfc_flags that mean something on |type|. */
static unsigned flags_of(unsigned type)
{
    switch (type) {
    case RPCANCEL_PDU_REQUEST:
        return RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_PENDING_CANCEL | RPCANCEL_PFC_CONC_MPX | RPCANCEL_PFC_MAYBE |
               RPCANCEL_PFC_OBJECT_UUID;
    case RPCANCEL_PDU_FAULT:
        return RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_PENDING_CANCEL | RPCANCEL_PFC_CONC_MPX | RPCANCEL_PFC_DID_NOT_EXECUTE;
    case RPCANCEL_PDU_RTS:
        return RPCANCEL_PFC_SINGLE;
    default:
        return RPCANCEL_PFC_SINGLE | RPCANCEL_PFC_SUPPORT_HEADER_SIGN | RPCANCEL_PFC_CONC_MPX;
    }
}

static bool read_header(struct reader *reader, size_t size, struct rpcancel_pdu *pdu)
{
    const uint8_t *bytes = reader->bytes;
    if (size < RPCANCEL_PDU_HEADER_SIZE)
        return complain(reader, RPCANCEL_PDU_ERROR_INCOMPLETE, size);
    pdu->version = bytes[0];
    pdu->minor_version = bytes[1];
    pdu->type = bytes[2];
    pdu->flags = bytes[3];
    memcpy(pdu->drep, bytes + 4, sizeof pdu->drep);
    reader->big_endian = rpcancel_pdu_is_big_endian(pdu);
    pdu->call_id = rpcancel_read_32(bytes + 12, reader->big_endian);
    reader->at = RPCANCEL_PDU_HEADER_SIZE;
    size_t length = rpcancel_read_16(bytes + 8, reader->big_endian);
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(pdu->type);
    if (pdu->version != 5)
        return complain(reader, RPCANCEL_PDU_ERROR_VERSION, 0);
    if (!description || description->sender == RPCANCEL_SENDER_NONE)
        return complain(reader, RPCANCEL_PDU_ERROR_TYPE, 2);
    if (length < description->least_size || length < size)
        return complain(reader, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8);
    if (length > size)
        return complain(reader, RPCANCEL_PDU_ERROR_INCOMPLETE, size);
    reader->end = length;
    return mind(reader, pdu->minor_version <= 1, RPCANCEL_PDU_ERROR_MINOR_VERSION, 1) &&
           mind(reader, (pdu->flags & ~flags_of(pdu->type)) == 0, RPCANCEL_PDU_ERROR_FLAGS, 3) &&
           mind(reader, is_drep(pdu->drep), RPCANCEL_PDU_ERROR_DREP, 4);
}

/* Leaves |end| where the body ends. */
static bool read_verifier(struct reader *reader, struct rpcancel_pdu *pdu)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(pdu->type);
    size_t length = rpcancel_read_16(reader->bytes + 10, reader->big_endian);
    size_t least = description->least_size;
    memset(&pdu->auth, 0, sizeof pdu->auth);
    if (length == 0)
        return mind(reader, description->auth != RPCANCEL_AUTH_REQUIRED, RPCANCEL_PDU_ERROR_AUTH_MISSING, 10);
    if (!mind(reader, description->auth != RPCANCEL_AUTH_NEVER, RPCANCEL_PDU_ERROR_AUTH_FORBIDDEN, 10))
        return false;
    if (least + RPCANCEL_AUTH_TRAILER_SIZE + length > reader->end)
        return complain(reader, RPCANCEL_PDU_ERROR_AUTH_LENGTH, 10);
    size_t at = reader->end - length - RPCANCEL_AUTH_TRAILER_SIZE;
    const uint8_t *trailer = reader->bytes + at;
    size_t padding = trailer[2];
    if (least + padding > at)
        return complain(reader, RPCANCEL_PDU_ERROR_AUTH_PAD_LENGTH, at + 2);
    pdu->auth.type = trailer[0];
    pdu->auth.level = trailer[1];
    pdu->auth.reserved = trailer[3];
    pdu->auth.context_id = rpcancel_read_32(trailer + 4, reader->big_endian);
    pdu->auth.padding = (struct rpcancel_span){trailer - padding, padding};
    pdu->auth.value = (struct rpcancel_span){trailer + RPCANCEL_AUTH_TRAILER_SIZE, length};
    reader->end = at - padding;
    return mind(reader, pdu->auth.reserved == 0, RPCANCEL_PDU_ERROR_RESERVED, at + 3);
}

/* ---- bodies ---- */

static bool read_request(struct reader *reader, struct rpcancel_pdu *pdu)
{
    pdu->request.alloc_hint = take_32(reader);
    pdu->request.context_id = take_16(reader);
    pdu->request.opnum = take_16(reader);
    memset(pdu->request.object, 0, sizeof pdu->request.object);
    if (!(pdu->flags & RPCANCEL_PFC_OBJECT_UUID))
        return true;
    if (reader->end - reader->at < RPCANCEL_UUID_SIZE)
        return complain(reader, RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8);
    memcpy(pdu->request.object, take_span(reader, RPCANCEL_UUID_SIZE).bytes, RPCANCEL_UUID_SIZE);
    return true;
}

static bool read_response(struct reader *reader, struct rpcancel_pdu *pdu)
{
    pdu->response.alloc_hint = take_32(reader);
    pdu->response.context_id = take_16(reader);
    pdu->response.cancel_count = take_8(reader);
    pdu->response.reserved = take_8(reader);
    return mind(reader, pdu->response.reserved == 0, RPCANCEL_PDU_ERROR_RESERVED, 23);
}

static bool read_fault(struct reader *reader, struct rpcancel_pdu *pdu)
{
    pdu->fault.alloc_hint = take_32(reader);
    pdu->fault.context_id = take_16(reader);
    pdu->fault.cancel_count = take_8(reader);
    pdu->fault.reserved = take_8(reader);
    pdu->fault.status = take_32(reader);
    pdu->fault.reserved2 = take_32(reader);
    return mind(reader, pdu->fault.reserved <= 1, RPCANCEL_PDU_ERROR_RESERVED, 23) &&
           mind(reader, pdu->fault.reserved2 == 0, RPCANCEL_PDU_ERROR_RESERVED, 28);
}

static bool read_bind(struct reader *reader, struct rpcancel_pdu *pdu)
{
    size_t size;
    pdu->bind.max_transmit = take_16(reader);
    pdu->bind.max_receive = take_16(reader);
    pdu->bind.group_id = take_32(reader);
    pdu->bind.context_count = take_8(reader);
    pdu->bind.reserved = take_8(reader);
    pdu->bind.reserved2 = take_16(reader);
    if (!rpcancel_context_list_size(rest(reader), pdu->bind.context_count, &size))
        return complain(reader, RPCANCEL_PDU_ERROR_CONTEXTS, 24);
    pdu->bind.contexts = take_span(reader, size);
    return mind(reader, pdu->bind.reserved == 0, RPCANCEL_PDU_ERROR_RESERVED, 25) &&
           mind(reader, pdu->bind.reserved2 == 0, RPCANCEL_PDU_ERROR_RESERVED, 26);
}

static bool read_bind_ack(struct reader *reader, struct rpcancel_pdu *pdu)
{
    size_t size;
    memset(&pdu->bind_ack, 0, sizeof pdu->bind_ack);
    pdu->bind_ack.max_transmit = take_16(reader);
    pdu->bind_ack.max_receive = take_16(reader);
    pdu->bind_ack.group_id = take_32(reader);
    size = take_16(reader);
    size_t list = (reader->at + size + 3) / 4 * 4;
    if (list + 4 > reader->end)
        return complain(reader, RPCANCEL_PDU_ERROR_ADDRESS, 24);
    pdu->bind_ack.address = take_span(reader, size);
    struct rpcancel_span padding = take_span(reader, list - reader->at);
    memcpy(pdu->bind_ack.padding, padding.bytes, padding.size);
    pdu->bind_ack.result_count = take_8(reader);
    pdu->bind_ack.reserved = take_8(reader);
    pdu->bind_ack.reserved2 = take_16(reader);
    if (!rpcancel_result_list_size(rest(reader), pdu->bind_ack.result_count, &size))
        return complain(reader, RPCANCEL_PDU_ERROR_RESULTS, list);
    pdu->bind_ack.results = take_span(reader, size);
    return mind(reader, is_zero(padding.bytes, padding.size), RPCANCEL_PDU_ERROR_PADDING, list - padding.size) &&
           mind(reader, pdu->bind_ack.reserved == 0, RPCANCEL_PDU_ERROR_RESERVED, list + 1) &&
           mind(reader, pdu->bind_ack.reserved2 == 0, RPCANCEL_PDU_ERROR_RESERVED, list + 2);
}

static bool read_bind_nak(struct reader *reader, struct rpcancel_pdu *pdu)
{
    memset(&pdu->bind_nak, 0, sizeof pdu->bind_nak);
    pdu->bind_nak.reason = take_16(reader);
    pdu->bind_nak.has_versions = reader->at < reader->end;
    if (!pdu->bind_nak.has_versions)
        return true;
    pdu->bind_nak.version_count = take_8(reader);
    if ((size_t)pdu->bind_nak.version_count * 2 > reader->end - reader->at)
        return complain(reader, RPCANCEL_PDU_ERROR_VERSIONS, 18);
    pdu->bind_nak.versions = take_span(reader, (size_t)pdu->bind_nak.version_count * 2);
    return true;
}

static bool read_body(struct reader *reader, struct rpcancel_pdu *pdu)
{
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        return read_request(reader, pdu);
    case RPCANCEL_PDU_RESPONSE:
        return read_response(reader, pdu);
    case RPCANCEL_PDU_FAULT:
        return read_fault(reader, pdu);
    case RPCANCEL_PDU_BIND:
    case RPCANCEL_PDU_ALTER_CONTEXT:
        return read_bind(reader, pdu);
    case RPCANCEL_PDU_BIND_ACK:
    case RPCANCEL_PDU_ALTER_CONTEXT_RESP:
        return read_bind_ack(reader, pdu);
    case RPCANCEL_PDU_BIND_NAK:
        return read_bind_nak(reader, pdu);
    case RPCANCEL_PDU_AUTH3:
        memcpy(pdu->auth3.padding, take_span(reader, sizeof pdu->auth3.padding).bytes, sizeof pdu->auth3.padding);
        return true;
    case RPCANCEL_PDU_RTS:
        pdu->rts.flags = take_16(reader);
        pdu->rts.command_count = take_16(reader);
        return true;
    default: /* co_cancel, orphaned, shutdown */
        return true;
    }
}

/* Whether octets may follow the body. In bind_nak they are a signature and extended error information, MS-RPCE 2.2.2.9.
 */
static bool has_data(unsigned type)
{
    return type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_RESPONSE || type == RPCANCEL_PDU_FAULT ||
           type == RPCANCEL_PDU_BIND_NAK || type == RPCANCEL_PDU_RTS;
}

bool rpcancel_pdu_decode(const uint8_t *bytes, size_t size, enum rpcancel_strictness strictness,
                         struct rpcancel_pdu *pdu, struct rpcancel_pdu_complaint *complaint)
{
    struct reader reader = {.bytes = bytes, .strictness = strictness, .complaint = complaint};
    *complaint = (struct rpcancel_pdu_complaint){RPCANCEL_PDU_ERROR_NONE, 0};
    if (!read_header(&reader, size, pdu) || !read_verifier(&reader, pdu) || !read_body(&reader, pdu))
        return false;
    pdu->data = rest(&reader);
    return mind(&reader, pdu->data.size == 0 || has_data(pdu->type), RPCANCEL_PDU_ERROR_EXCESS, reader.at);
}
