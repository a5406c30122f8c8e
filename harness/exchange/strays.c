// SPDX-License-Identifier: Apache-2.0
#include "exchange/strays.h"

enum { OTHER_ACTIVITY = 1 };

struct stray {
    const char *text;
    uint8_t type; /* enum rpcancel_pdu_type */
    uint8_t sequence;
    uint8_t other; /* OTHER_ACTIVITY */
    uint8_t has_body;
    uint32_t version, cancel_id;
    uint8_t is_refusing; /* cancel_ack: does not accept */
};

static const struct stray strays[2][RPCANCEL_EXCHANGE_STRAYS] = {
    /* to the client */
    {
        {"cancel_ack of version 1", RPCANCEL_PDU_CANCEL_ACK, 1, 0, true, 1, 1, false},
        {"cancel_ack of cancel_id 0", RPCANCEL_PDU_CANCEL_ACK, 1, 0, true, 0, 0, false},
        {"cancel_ack of cancel_id 1", RPCANCEL_PDU_CANCEL_ACK, 1, 0, true, 0, 1, false},
        {"cancel_ack of cancel_id 1 that does not accept", RPCANCEL_PDU_CANCEL_ACK, 1, 0, true, 0, 1, true},
        {"cancel_ack without a body", RPCANCEL_PDU_CANCEL_ACK, 1, 0, false, 0, 0, false},
        {"cancel_ack of another activity", RPCANCEL_PDU_CANCEL_ACK, 1, OTHER_ACTIVITY, true, 0, 1, false},
        {"nocall", RPCANCEL_PDU_NOCALL, 1, 0, false, 0, 0, false},
        {"reject", RPCANCEL_PDU_REJECT, 1, 0, false, 0, 0, false},
    },
    /* to the server */
    {
        {"cl_cancel of version 1", RPCANCEL_PDU_CL_CANCEL, 1, 0, true, 1, 1, false},
        {"cl_cancel of cancel_id 0", RPCANCEL_PDU_CL_CANCEL, 1, 0, true, 0, 0, false},
        {"cl_cancel of cancel_id 5", RPCANCEL_PDU_CL_CANCEL, 1, 0, true, 0, 5, false},
        {"cl_cancel for a later call", RPCANCEL_PDU_CL_CANCEL, 2, 0, true, 0, 1, false},
        {"cl_cancel without a body for a later call", RPCANCEL_PDU_CL_CANCEL, 2, 0, false, 0, 0, false},
        {"cl_cancel of another activity", RPCANCEL_PDU_CL_CANCEL, 1, OTHER_ACTIVITY, true, 0, 1, false},
        {"working", RPCANCEL_PDU_WORKING, 1, 0, false, 0, 0, false},
        {"cancel_ack", RPCANCEL_PDU_CANCEL_ACK, 1, 0, true, 0, 1, false},
    },
};

const char *rpcancel_exchange_stray_text(bool to_server, unsigned which)
{
    return strays[to_server][which].text;
}

static uint16_t make(struct rpcancel_exchange_ends *ends, const struct stray *stray, bool to_server)
{
    uint8_t bytes[RPCANCEL_DATAGRAM_OCTETS];
    struct rpcancel_datagram datagram;
    rpcancel_datagram_init(&datagram, (enum rpcancel_pdu_type)stray->type);
    datagram.activity = rpcancel_exchange_activity;
    datagram.activity.time_low += stray->other;
    datagram.interface = rpcancel_exchange_interface.syntax.uuid;
    datagram.interface_version = rpcancel_exchange_interface.syntax.version;
    datagram.server_boot = to_server ? 0 : RPCANCEL_EXCHANGE_BOOT;
    datagram.sequence = stray->sequence;
    datagram.opnum = 1;
    if (datagram.type == RPCANCEL_PDU_CL_CANCEL)
        datagram.cancel = (struct rpcancel_cancel_body){stray->has_body, stray->version, stray->cancel_id};
    else if (datagram.type == RPCANCEL_PDU_CANCEL_ACK)
        datagram.cancel_ack = (struct rpcancel_cancel_ack_body){
            stray->has_body, false, {!stray->is_refusing}, stray->version, stray->cancel_id};
    else if (datagram.type == RPCANCEL_PDU_REJECT)
        datagram.status = RPCANCEL_NCA_SERVER_TOO_BUSY;
    return rpcancel_exchange_keep(ends, bytes, rpcancel_datagram_encode(&datagram, bytes, sizeof bytes));
}

void rpcancel_exchange_make_strays(struct rpcancel_exchange_ends *ends)
{
    for (unsigned i = 0; i < RPCANCEL_EXCHANGE_STRAYS; i++) {
        ends->setup->strays_to_client[i] = make(ends, &strays[false][i], false);
        ends->setup->strays_to_server[i] = make(ends, &strays[true][i], true);
    }
}
