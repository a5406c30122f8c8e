// SPDX-License-Identifier: Apache-2.0
#include "streams/pdu_under_test.h"

int rpcancel_tested_length(enum rpcancel_pdu_defect defect, const uint8_t *bytes, size_t size,
                           struct rpcancel_pdu_complaint *complaint)
{
    int length = rpcancel_pdu_length(bytes, size, complaint);
    if (defect == RPCANCEL_PDU_DEFECT_LENGTH_IN_ONE_BYTE_ORDER && length > 0)
        return rpcancel_read_16(bytes + 8, false);
    if (defect == RPCANCEL_PDU_DEFECT_LENGTH_TOO_SOON && length == 0 && size == 9)
        return bytes[8];
    return length;
}

static void alter(enum rpcancel_pdu_defect defect, struct rpcancel_pdu *pdu)
{
    bool is_bind = pdu->type == RPCANCEL_PDU_BIND || pdu->type == RPCANCEL_PDU_ALTER_CONTEXT;
    if (defect == RPCANCEL_PDU_DEFECT_CONTEXT_LOST && is_bind && pdu->bind.context_count > 1)
        pdu->bind.context_count--;
    if (defect == RPCANCEL_PDU_DEFECT_RESERVED_LOST && pdu->type == RPCANCEL_PDU_FAULT)
        pdu->fault.reserved2 = 0;
    if (defect == RPCANCEL_PDU_DEFECT_CANCEL_COUNT_IN_ONE_BYTE_ORDER && pdu->type == RPCANCEL_PDU_RESPONSE &&
        rpcancel_pdu_is_big_endian(pdu))
        pdu->response.cancel_count = 0;
}

bool rpcancel_tested_decode(enum rpcancel_pdu_defect defect, const uint8_t *bytes, size_t size,
                            enum rpcancel_strictness strictness, struct rpcancel_pdu *pdu,
                            struct rpcancel_pdu_complaint *complaint)
{
    if (defect == RPCANCEL_PDU_DEFECT_LENIENT_IS_STRICT)
        strictness = RPCANCEL_STRICT;
    bool accepted = rpcancel_pdu_decode(bytes, size, strictness, pdu, complaint);
    if (accepted)
        alter(defect, pdu);
    else if (defect == RPCANCEL_PDU_DEFECT_OFFSET_BEYOND && complaint->error == RPCANCEL_PDU_ERROR_AUTH_PAD_LENGTH)
        complaint->offset += size;
    return accepted;
}

size_t rpcancel_tested_size(enum rpcancel_pdu_defect defect, const struct rpcancel_pdu *pdu)
{
    size_t size = rpcancel_pdu_size(pdu);
    return defect == RPCANCEL_PDU_DEFECT_VERIFIER_PADDING_LOST ? size - pdu->auth.padding.size : size;
}
