// SPDX-License-Identifier: Apache-2.0
#include "wire/event.h"

#include "sequence/text_buffer.h"

/* There is one for each PDU of a capture: it is not cleared first, as decoding sets what there is of a PDU. */
void rpcancel_wire_event_of(enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size,
                            struct rpcancel_wire_event *event)
{
    event->sender = (uint8_t)sender;
    event->class = RPCANCEL_CLASS_UNKNOWN;
    event->released = 0;
    event->octets = (struct rpcancel_span){bytes, size};
    if (size < RPCANCEL_PDU_HEADER_SIZE)
        memset(&event->pdu, 0, sizeof event->pdu);
    bool is_read = rpcancel_pdu_decode(bytes, size, RPCANCEL_LENIENT, &event->pdu, &event->complaint);
    event->kind = is_read ? RPCANCEL_WIRE_PDU : RPCANCEL_WIRE_UNREADABLE;
}

struct rpcancel_wire_event rpcancel_wire_closed(enum rpcancel_pdu_sender sender)
{
    return (struct rpcancel_wire_event){.kind = RPCANCEL_WIRE_CLOSED, .sender = (uint8_t)sender};
}

static void put_flags(struct rpcancel_text *text, const struct rpcancel_pdu *pdu)
{
    static const struct {
        uint8_t flag;
        const char *word;
    } words[] = {{RPCANCEL_PFC_PENDING_CANCEL, " pending-cancel"},
                 {RPCANCEL_PFC_DID_NOT_EXECUTE, " did-not-execute"},
                 {RPCANCEL_PFC_MAYBE, " maybe"}};
    if (!(pdu->flags & RPCANCEL_PFC_FIRST_FRAG) || !(pdu->flags & RPCANCEL_PFC_LAST_FRAG))
        rpcancel_text_put_string(text, pdu->flags & RPCANCEL_PFC_FIRST_FRAG  ? " first"
                                       : pdu->flags & RPCANCEL_PFC_LAST_FRAG ? " last"
                                                                             : " middle");
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (pdu->flags & words[i].flag)
            rpcancel_text_put_string(text, words[i].word);
    }
}

static void put_body(struct rpcancel_text *text, const struct rpcancel_pdu *pdu)
{
    switch (pdu->type) {
    case RPCANCEL_PDU_REQUEST:
        rpcancel_text_put_format(text, " opnum %u, %zu octets", pdu->request.opnum, pdu->data.size);
        put_flags(text, pdu);
        break;
    case RPCANCEL_PDU_RESPONSE:
        rpcancel_text_put_format(text, " cancel_count %u, %zu octets", pdu->response.cancel_count, pdu->data.size);
        put_flags(text, pdu);
        break;
    case RPCANCEL_PDU_FAULT:
        rpcancel_text_put_format(text, " status 0x%08x cancel_count %u", pdu->fault.status, pdu->fault.cancel_count);
        put_flags(text, pdu);
        break;
    case RPCANCEL_PDU_BIND_NAK:
        rpcancel_text_put_format(text, " reason %u", pdu->bind_nak.reason);
        break;
    case RPCANCEL_PDU_CO_CANCEL:
    case RPCANCEL_PDU_ORPHANED:
        rpcancel_text_put_format(text, " flags 0x%02x", pdu->flags);
        break;
    default:
        break;
    }
}

size_t rpcancel_wire_event_print(const struct rpcancel_wire_event *event, char *out, size_t size)
{
    struct rpcancel_text text = rpcancel_text_in(out, size);
    const struct rpcancel_pdu_type_description *type = rpcancel_pdu_type_describe(event->pdu.type);
    switch (event->kind) {
    case RPCANCEL_WIRE_CLOSED:
        rpcancel_text_put_string(&text, "the end of the connection");
        break;
    case RPCANCEL_WIRE_UNREADABLE:
        rpcancel_text_put_format(&text, "%zu octets that are no fragment: at %zu, expected %s", event->octets.size,
                                 event->complaint.offset, rpcancel_pdu_error_text(event->complaint.error));
        break;
    default:
        rpcancel_text_put_format(&text, "%s %u", type ? type->name : "PDU", event->pdu.call_id);
        put_body(&text, &event->pdu);
    }
    return text.length;
}
