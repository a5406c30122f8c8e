// SPDX-License-Identifier: Apache-2.0
#include "streams/datagram_under_test.h"

bool rpcancel_tested_datagram_decode(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size,
                                     enum rpcancel_strictness strictness, struct rpcancel_datagram *datagram,
                                     struct rpcancel_datagram_complaint *complaint)
{
    if (defect == RPCANCEL_DATAGRAM_DEFECT_LENIENT_IS_STRICT)
        strictness = RPCANCEL_STRICT;
    bool accepted = rpcancel_datagram_decode(bytes, size, strictness, datagram, complaint);
    if (!accepted) {
        if (defect == RPCANCEL_DATAGRAM_DEFECT_OFFSET_BEYOND && complaint->error == RPCANCEL_DATAGRAM_ERROR_LENGTH)
            complaint->offset += size;
        return false;
    }
    if (defect == RPCANCEL_DATAGRAM_DEFECT_LONG_ACK_IS_SHORT && datagram->type == RPCANCEL_PDU_CANCEL_ACK)
        datagram->cancel_ack.is_long = false;
    if (defect == RPCANCEL_DATAGRAM_DEFECT_SERIAL_LOST)
        datagram->serial &= 0xFF;
    if (defect == RPCANCEL_DATAGRAM_DEFECT_CANCEL_ID_IN_ONE_BYTE_ORDER && datagram->type == RPCANCEL_PDU_CL_CANCEL &&
        rpcancel_datagram_is_big_endian(datagram))
        datagram->cancel.cancel_id = 1;
    return true;
}

size_t rpcancel_tested_datagram_size(enum rpcancel_datagram_defect defect, const struct rpcancel_datagram *datagram)
{
    size_t size = rpcancel_datagram_size(datagram);
    return defect == RPCANCEL_DATAGRAM_DEFECT_VERIFIER_LOST ? size - datagram->auth.size : size;
}

static void alter(enum rpcancel_datagram_defect defect, struct rpcancel_datagram *datagram)
{
    switch (datagram->type) {
    case RPCANCEL_PDU_REQUEST:
        datagram->sequence -= defect == RPCANCEL_DATAGRAM_DEFECT_SEQUENCE_OF_BEFORE && datagram->sequence > 1;
        break;
    case RPCANCEL_PDU_CL_CANCEL:
        datagram->cancel.cancel_id += defect == RPCANCEL_DATAGRAM_DEFECT_CANCEL_ID_AHEAD;
        break;
    case RPCANCEL_PDU_CANCEL_ACK:
        datagram->cancel_ack.cancel_id += defect == RPCANCEL_DATAGRAM_DEFECT_ACK_AHEAD;
        break;
    case RPCANCEL_PDU_NOCALL:
        datagram->sequence += defect == RPCANCEL_DATAGRAM_DEFECT_UNKNOWN_IS_ANSWERED;
        break;
    case RPCANCEL_PDU_WORKING:
        if (defect == RPCANCEL_DATAGRAM_DEFECT_FLAGS_OF_OTHERS)
            datagram->flags2 = RPCANCEL_PF2_MUST_BE_ZERO;
        break;
    default:
        break;
    }
}

size_t rpcancel_tested_send(enum rpcancel_datagram_defect defect, const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    if (defect == RPCANCEL_DATAGRAM_DEFECT_NONE || size > RPCANCEL_DATAGRAM_MAX ||
        !rpcancel_datagram_decode(bytes, size, RPCANCEL_LENIENT, &datagram, &complaint)) {
        memcpy(out, bytes, size < RPCANCEL_DATAGRAM_MAX ? size : RPCANCEL_DATAGRAM_MAX);
        return size;
    }
    alter(defect, &datagram);
    return rpcancel_datagram_encode(&datagram, out, RPCANCEL_DATAGRAM_MAX);
}
