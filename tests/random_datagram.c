// SPDX-License-Identifier: Apache-2.0
#include "random_datagram.h"

static uint32_t number(struct rpcancel_random *random)
{
    return (uint32_t)rpcancel_random_next(random);
}

static struct rpcancel_span fill(uint8_t *bytes, size_t size, struct rpcancel_random *random)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)number(random);
    return (struct rpcancel_span){bytes, size};
}

static struct rpcancel_uuid uuid(struct rpcancel_random *random)
{
    struct rpcancel_uuid made = {number(random), (uint16_t)number(random), (uint16_t)number(random), {0}};
    fill(made.rest, sizeof made.rest, random);
    return made;
}

static void make_header(struct rpcancel_datagram *datagram, struct rpcancel_random *random)
{
    bool ends_call = datagram->type == RPCANCEL_PDU_RESPONSE || datagram->type == RPCANCEL_PDU_FAULT;
    datagram->drep[0] = number(random) & 1 ? 0x10 : 0x00;
    datagram->flags = (uint8_t)number(random);
    datagram->flags2 = (uint8_t)(number(random) & (ends_call ? 3u : 1u));
    datagram->serial = (uint16_t)number(random);
    datagram->object = uuid(random);
    datagram->interface = uuid(random);
    datagram->activity = uuid(random);
    datagram->server_boot = number(random);
    datagram->interface_version = number(random);
    datagram->sequence = number(random);
    datagram->opnum = (uint16_t)number(random);
    datagram->interface_hint = (uint16_t)number(random);
    datagram->activity_hint = (uint16_t)number(random);
    datagram->fragment = (uint16_t)number(random);
}

static void make_cancel_ack(struct rpcancel_datagram *datagram, struct rpcancel_random *random)
{
    struct rpcancel_cancel_ack_body *ack = &datagram->cancel_ack;
    ack->is_present = number(random) & 3;
    if (!ack->is_present)
        return;
    ack->cancel_id = number(random);
    ack->is_long = number(random) & 1;
    unsigned last = ack->is_long && !rpcancel_datagram_is_big_endian(datagram) ? 0 : 3;
    ack->accepting[ack->is_long ? last : 0] = number(random) & 1;
}

static void make_fack(struct random_datagram *made, struct rpcancel_random *random)
{
    struct rpcancel_fack_body *fack = &made->datagram.fack;
    fack->is_present = number(random) & 3;
    if (!fack->is_present)
        return;
    fack->version = (uint8_t)rpcancel_random_below(random, 2);
    fack->window_size = (uint16_t)number(random);
    fack->max_tsdu = number(random);
    fack->max_fragment = number(random);
    fack->serial = (uint16_t)number(random);
    fack->mask_count = (uint16_t)rpcancel_random_below(random, 1 + sizeof made->masks / 4);
    fack->masks = fill(made->masks, (size_t)fack->mask_count * 4, random);
}

static void make_body(struct random_datagram *made, struct rpcancel_random *random)
{
    struct rpcancel_datagram *datagram = &made->datagram;
    switch (datagram->type) {
    case RPCANCEL_PDU_REQUEST:
    case RPCANCEL_PDU_RESPONSE:
        datagram->data = fill(made->data, rpcancel_random_below(random, sizeof made->data + 1), random);
        break;
    case RPCANCEL_PDU_CL_CANCEL:
        datagram->cancel.is_present = number(random) & 3;
        datagram->cancel.cancel_id = datagram->cancel.is_present ? 1 + rpcancel_random_below(random, 0x7FFFFFFF) : 0;
        break;
    case RPCANCEL_PDU_CANCEL_ACK:
        make_cancel_ack(datagram, random);
        break;
    case RPCANCEL_PDU_FACK:
    case RPCANCEL_PDU_NOCALL:
        make_fack(made, random);
        break;
    case RPCANCEL_PDU_FAULT:
    case RPCANCEL_PDU_REJECT:
        datagram->status = number(random);
        break;
    default:
        break;
    }
}

void random_datagram_make(struct random_datagram *made, enum rpcancel_pdu_type type, struct rpcancel_random *random)
{
    rpcancel_datagram_init(&made->datagram, type);
    make_header(&made->datagram, random);
    make_body(made, random);
    if (rpcancel_random_below(random, 4) > 0)
        return;
    made->datagram.auth_protocol = 99; /* nobody's */
    made->datagram.auth = fill(made->auth, 1 + rpcancel_random_below(random, sizeof made->auth), random);
}
