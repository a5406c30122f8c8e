// SPDX-License-Identifier: Apache-2.0
/* Datagrams from octets. The header is at fixed offsets; the body is read at |at|, up to |end|, where it ends. */
#include "datagram/datagram.h"

enum {
    DREP = 4,
    SERIAL_HIGH = 7,
    OBJECT = 8,
    INTERFACE = 24,
    ACTIVITY = 40,
    SERVER_BOOT = 56,
    INTERFACE_VERSION = 60,
    SEQUENCE = 64,
    OPNUM = 68,
    INTERFACE_HINT = 70,
    ACTIVITY_HINT = 72,
    LENGTH = 74,
    FRAGMENT = 76,
    AUTH_PROTOCOL = 78,
    SERIAL_LOW = 79,
    BODY = RPCANCEL_DATAGRAM_HEADER_SIZE
};

struct reader {
    const uint8_t *bytes;
    size_t at, end;
    bool big_endian;
    enum rpcancel_strictness strictness;
    struct rpcancel_datagram_complaint *complaint;
};

static bool complain(const struct reader *reader, enum rpcancel_datagram_error error, size_t offset)
{
    *reader->complaint = (struct rpcancel_datagram_complaint){error, offset};
    return false;
}

/* What only a strict reader minds. */
static bool mind(const struct reader *reader, bool holds, enum rpcancel_datagram_error error, size_t offset)
{
    return holds || reader->strictness == RPCANCEL_LENIENT || complain(reader, error, offset);
}

static uint16_t field_16(const struct reader *reader, size_t offset)
{
    return rpcancel_read_16(reader->bytes + offset, reader->big_endian);
}

static uint32_t field_32(const struct reader *reader, size_t offset)
{
    return rpcancel_read_32(reader->bytes + offset, reader->big_endian);
}

static bool is_drep(const uint8_t *drep)
{
    return drep[0] >> 4 <= 1 && (drep[0] & 15) <= 1 && drep[1] <= 3 && drep[2] == 0;
}

/* ---- header ---- */

static void take_header(struct reader *reader, struct rpcancel_datagram *datagram)
{
    const uint8_t *bytes = reader->bytes;
    datagram->version = bytes[0] & 0x0F;
    datagram->version_rest = bytes[0] & 0xF0;
    datagram->type = bytes[1] & 0x1F;
    datagram->type_rest = bytes[1] & 0xE0;
    datagram->flags = bytes[2];
    datagram->flags2 = bytes[3];
    memcpy(datagram->drep, bytes + DREP, sizeof datagram->drep);
    reader->big_endian = rpcancel_datagram_is_big_endian(datagram);
    datagram->serial = (uint16_t)(bytes[SERIAL_HIGH] << 8 | bytes[SERIAL_LOW]);
    rpcancel_uuid_read(bytes + OBJECT, reader->big_endian, &datagram->object);
    rpcancel_uuid_read(bytes + INTERFACE, reader->big_endian, &datagram->interface);
    rpcancel_uuid_read(bytes + ACTIVITY, reader->big_endian, &datagram->activity);
    datagram->server_boot = field_32(reader, SERVER_BOOT);
    datagram->interface_version = field_32(reader, INTERFACE_VERSION);
    datagram->sequence = field_32(reader, SEQUENCE);
    datagram->opnum = field_16(reader, OPNUM);
    datagram->interface_hint = field_16(reader, INTERFACE_HINT);
    datagram->activity_hint = field_16(reader, ACTIVITY_HINT);
    datagram->fragment = field_16(reader, FRAGMENT);
    datagram->auth_protocol = bytes[AUTH_PROTOCOL];
}

/* The second flags that |type| has. */
static unsigned flags2_of(unsigned type)
{
    bool ends_call = type == RPCANCEL_PDU_RESPONSE || type == RPCANCEL_PDU_FAULT;
    return 0xFFu & ~(unsigned)RPCANCEL_PF2_MUST_BE_ZERO & ~(ends_call ? 0u : (unsigned)RPCANCEL_PF2_CANCEL_PENDING);
}

static bool read_header(struct reader *reader, size_t size, struct rpcancel_datagram *datagram)
{
    if (size < RPCANCEL_DATAGRAM_HEADER_SIZE)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_INCOMPLETE, size);
    take_header(reader, datagram);
    size_t length = field_16(reader, LENGTH);
    if (datagram->version != 4)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_VERSION, 0);
    if (datagram->type >= RPCANCEL_DATAGRAM_TYPES)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_TYPE, 1);
    if (length > size - RPCANCEL_DATAGRAM_HEADER_SIZE)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_INCOMPLETE, size);
    reader->at = BODY;
    reader->end = BODY + length;
    return mind(reader, datagram->version_rest == 0, RPCANCEL_DATAGRAM_ERROR_UNUSED_BITS, 0) &&
           mind(reader, datagram->type_rest == 0, RPCANCEL_DATAGRAM_ERROR_UNUSED_BITS, 1) &&
           mind(reader, (datagram->flags2 & ~flags2_of(datagram->type)) == 0, RPCANCEL_DATAGRAM_ERROR_FLAGS2, 3) &&
           mind(reader, is_drep(datagram->drep), RPCANCEL_DATAGRAM_ERROR_DREP, DREP);
}

/* ---- bodies ---- */

static bool read_cancel(struct reader *reader, struct rpcancel_cancel_body *cancel)
{
    size_t length = reader->end - reader->at;
    *cancel = (struct rpcancel_cancel_body){.is_present = length > 0};
    if (!cancel->is_present)
        return true;
    if (length < RPCANCEL_CANCEL_BODY_SIZE)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_LENGTH, LENGTH);
    cancel->version = field_32(reader, BODY);
    cancel->cancel_id = field_32(reader, BODY + 4);
    reader->at += RPCANCEL_CANCEL_BODY_SIZE;
    return mind(reader, cancel->version == 0, RPCANCEL_DATAGRAM_ERROR_BODY_VERSION, BODY) &&
           mind(reader, cancel->cancel_id != 0, RPCANCEL_DATAGRAM_ERROR_CANCEL_ID, BODY + 4);
}

static bool read_cancel_ack(struct reader *reader, struct rpcancel_cancel_ack_body *ack)
{
    size_t length = reader->end - reader->at;
    memset(ack, 0, sizeof *ack);
    ack->is_present = length > 0;
    if (!ack->is_present)
        return true;
    if (length < RPCANCEL_CANCEL_ACK_BODY_SIZE)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_LENGTH, LENGTH);
    ack->version = field_32(reader, BODY);
    ack->cancel_id = field_32(reader, BODY + 4);
    ack->is_long = length >= RPCANCEL_CANCEL_ACK_LONG_BODY_SIZE;
    size_t octets = ack->is_long ? sizeof ack->accepting : 1;
    memcpy(ack->accepting, reader->bytes + BODY + 8, octets);
    reader->at += 8 + octets;
    unsigned sum = 0;
    for (size_t i = 0; i < octets; i++)
        sum += ack->accepting[i];
    return mind(reader, ack->version == 0, RPCANCEL_DATAGRAM_ERROR_BODY_VERSION, BODY) &&
           mind(reader, sum <= 1, RPCANCEL_DATAGRAM_ERROR_BOOLEAN, BODY + 8);
}

static bool read_fack(struct reader *reader, struct rpcancel_fack_body *fack)
{
    size_t length = reader->end - reader->at;
    memset(fack, 0, sizeof *fack);
    fack->is_present = length > 0;
    if (!fack->is_present)
        return true;
    if (length < RPCANCEL_FACK_BODY_SIZE)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_LENGTH, LENGTH);
    fack->version = reader->bytes[BODY];
    fack->padding = reader->bytes[BODY + 1];
    fack->window_size = field_16(reader, BODY + 2);
    fack->max_tsdu = field_32(reader, BODY + 4);
    fack->max_fragment = field_32(reader, BODY + 8);
    fack->serial = field_16(reader, BODY + 12);
    fack->mask_count = field_16(reader, BODY + 14);
    reader->at += RPCANCEL_FACK_BODY_SIZE;
    size_t size = (size_t)fack->mask_count * 4;
    if (size > reader->end - reader->at)
        return complain(reader, RPCANCEL_DATAGRAM_ERROR_MASKS, BODY + 14);
    fack->masks = (struct rpcancel_span){reader->bytes + reader->at, size};
    reader->at += size;
    return true;
}

static bool read_body(struct reader *reader, struct rpcancel_datagram *datagram)
{
    switch (datagram->type) {
    case RPCANCEL_PDU_CL_CANCEL:
        return read_cancel(reader, &datagram->cancel);
    case RPCANCEL_PDU_CANCEL_ACK:
        return read_cancel_ack(reader, &datagram->cancel_ack);
    case RPCANCEL_PDU_FACK:
    case RPCANCEL_PDU_NOCALL:
        return read_fack(reader, &datagram->fack);
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        if (reader->end - reader->at < 4)
            return complain(reader, RPCANCEL_DATAGRAM_ERROR_LENGTH, LENGTH);
        datagram->status = field_32(reader, BODY);
        reader->at += 4;
        return true;
    default: /* request, response; ping, working, ack */
        return true;
    }
}

static bool has_data(unsigned type)
{
    return type == RPCANCEL_PDU_REQUEST || type == RPCANCEL_PDU_RESPONSE;
}

bool rpcancel_datagram_decode(const uint8_t *bytes, size_t size, enum rpcancel_strictness strictness,
                              struct rpcancel_datagram *datagram, struct rpcancel_datagram_complaint *complaint)
{
    struct reader reader = {.bytes = bytes, .strictness = strictness, .complaint = complaint};
    *complaint = (struct rpcancel_datagram_complaint){RPCANCEL_DATAGRAM_ERROR_NONE, 0};
    if (!read_header(&reader, size, datagram) || !read_body(&reader, datagram))
        return false;
    datagram->data = (struct rpcancel_span){bytes + reader.at, reader.end - reader.at};
    datagram->auth = (struct rpcancel_span){bytes + reader.end, size - reader.end};
    bool is_whole = datagram->data.size == 0 || has_data(datagram->type);
    return mind(&reader, is_whole, RPCANCEL_DATAGRAM_ERROR_EXCESS, reader.at) &&
           mind(&reader, datagram->auth_protocol != 0 || datagram->auth.size == 0, RPCANCEL_DATAGRAM_ERROR_TRAILER,
                reader.end) &&
           mind(&reader, datagram->auth_protocol == 0 || datagram->auth.size > 0, RPCANCEL_DATAGRAM_ERROR_AUTH_MISSING,
                AUTH_PROTOCOL);
}
