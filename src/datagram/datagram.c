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
