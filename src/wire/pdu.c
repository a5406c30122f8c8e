// SPDX-License-Identifier: Apache-2.0
#include "wire/pdu.h"

static const struct rpcancel_pdu_type_description types[RPCANCEL_PDU_TYPE_COUNT] = {
#define RPCANCEL_X(type, number, name, size, sender, auth) {name, size, RPCANCEL_SENDER_##sender, RPCANCEL_AUTH_##auth},
    RPCANCEL_PDU_TYPES(RPCANCEL_X)
#undef RPCANCEL_X
};

static const char *const error_texts[RPCANCEL_PDU_ERROR_COUNT] = {
#define RPCANCEL_X(error, text) text,
    RPCANCEL_PDU_ERRORS(RPCANCEL_X)
#undef RPCANCEL_X
};

const struct rpcancel_pdu_type_description *rpcancel_pdu_type_describe(unsigned type)
{
    return type < RPCANCEL_PDU_TYPE_COUNT ? &types[type] : NULL;
}

const char *rpcancel_pdu_error_text(enum rpcancel_pdu_error error)
{
    return (unsigned)error < RPCANCEL_PDU_ERROR_COUNT ? error_texts[error] : "";
}

int rpcancel_pdu_length(const uint8_t *bytes, size_t size, struct rpcancel_pdu_complaint *complaint)
{
    *complaint = (struct rpcancel_pdu_complaint){RPCANCEL_PDU_ERROR_NONE, 0};
    if (size > 0 && bytes[0] != 5) {
        complaint->error = RPCANCEL_PDU_ERROR_VERSION;
        return -1;
    }
    if (size < 10)
        return 0;
    int length = rpcancel_read_16(bytes + 8, bytes[4] >> 4 == 0);
    if (length >= RPCANCEL_PDU_HEADER_SIZE)
        return length;
    *complaint = (struct rpcancel_pdu_complaint){RPCANCEL_PDU_ERROR_FRAG_LENGTH, 8};
    return -1;
}

void rpcancel_pdu_init(struct rpcancel_pdu *pdu, enum rpcancel_pdu_type type, uint32_t call_id)
{
    memset(pdu, 0, sizeof *pdu);
    pdu->version = 5;
    pdu->type = (uint8_t)type;
    pdu->flags = RPCANCEL_PFC_SINGLE;
    pdu->drep[0] = 0x10;
    pdu->call_id = call_id;
}

bool rpcancel_pdu_take_data(struct rpcancel_pdu *pdu, struct rpcancel_span *stub_data, size_t fragment_max)
{
    pdu->data = (struct rpcancel_span){NULL, 0};
    size_t most = (fragment_max - rpcancel_pdu_size(pdu)) / 8 * 8; /* so that the next one begins aligned */
    bool last = stub_data->size <= most;
    pdu->data = (struct rpcancel_span){stub_data->bytes, last ? stub_data->size : most};
    *stub_data = last ? (struct rpcancel_span){NULL, 0}
                      : (struct rpcancel_span){stub_data->bytes + most, stub_data->size - most};
    pdu->flags = (uint8_t)((pdu->flags & ~RPCANCEL_PFC_LAST_FRAG) | (last ? RPCANCEL_PFC_LAST_FRAG : 0));
    return last;
}
