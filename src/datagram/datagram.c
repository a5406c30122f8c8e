// SPDX-License-Identifier: Apache-2.0
#include "datagram/datagram.h"

static const char *const error_texts[RPCANCEL_DATAGRAM_ERROR_COUNT] = {
#define RPCANCEL_X(error, text) text,
    RPCANCEL_DATAGRAM_ERRORS(RPCANCEL_X)
#undef RPCANCEL_X
};

const char *rpcancel_datagram_error_text(enum rpcancel_datagram_error error)
{
    return (unsigned)error < RPCANCEL_DATAGRAM_ERROR_COUNT ? error_texts[error] : "";
}

bool rpcancel_datagram_is_accepting(const struct rpcancel_cancel_ack_body *ack)
{
    return ack->accepting[0] || (ack->is_long && (ack->accepting[1] || ack->accepting[2] || ack->accepting[3]));
}

bool rpcancel_uuid_is(const struct rpcancel_uuid *one, const struct rpcancel_uuid *other)
{
    return one->time_low == other->time_low && one->time_mid == other->time_mid && one->time_high == other->time_high &&
           memcmp(one->rest, other->rest, sizeof one->rest) == 0;
}

void rpcancel_datagram_init(struct rpcancel_datagram *datagram, enum rpcancel_pdu_type type)
{
    memset(datagram, 0, sizeof *datagram);
    datagram->version = 4;
    datagram->type = (uint8_t)type;
    datagram->drep[0] = 0x10;
    datagram->interface_hint = datagram->activity_hint = RPCANCEL_NO_HINT;
}

const char *rpcancel_datagram_name(const struct rpcancel_datagram *datagram)
{
    const struct rpcancel_pdu_type_description *description = rpcancel_pdu_type_describe(datagram->type);
    if (datagram->type == RPCANCEL_PDU_CL_CANCEL && !datagram->cancel.is_present)
        return "cl_cancel (orphan)";
    if (datagram->type == RPCANCEL_PDU_CANCEL_ACK && !datagram->cancel_ack.is_present)
        return "cancel_ack (orphan)";
    return description ? description->name : "";
}
