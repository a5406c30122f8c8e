// SPDX-License-Identifier: Apache-2.0
#include "datagram/event.h"

#include "sequence/text_buffer.h"

struct rpcancel_datagram_event rpcancel_datagram_event_of(enum rpcancel_pdu_sender sender, const uint8_t *bytes,
                                                          size_t size, uint32_t elapsed)
{
    struct rpcancel_datagram_event event = {.sender = (uint8_t)sender, .elapsed = elapsed, .octets = {bytes, size}};
    bool is_read = rpcancel_datagram_decode(bytes, size, RPCANCEL_LENIENT, &event.datagram, &event.complaint);
    event.kind = is_read ? RPCANCEL_DATAGRAM_PDU : RPCANCEL_DATAGRAM_UNREADABLE;
    return event;
}

struct rpcancel_datagram_event rpcancel_datagram_told(enum rpcancel_datagram_event_kind kind,
                                                      enum rpcancel_pdu_sender sender,
                                                      const struct rpcancel_uuid *activity, uint32_t sequence,
                                                      uint32_t elapsed)
{
    struct rpcancel_datagram_event event = {.kind = (uint8_t)kind, .sender = (uint8_t)sender, .elapsed = elapsed};
    event.datagram.activity = *activity;
    event.datagram.sequence = sequence;
    return event;
}

static void put_datagram(struct rpcancel_text *text, const struct rpcancel_datagram *datagram)
{
    rpcancel_text_put_format(text, "%s %u", rpcancel_datagram_name(datagram), datagram->sequence);
    if (datagram->type == RPCANCEL_PDU_CL_CANCEL && datagram->cancel.is_present)
        rpcancel_text_put_format(text, " cancel_id %u", datagram->cancel.cancel_id);
    if (datagram->type == RPCANCEL_PDU_CANCEL_ACK && datagram->cancel_ack.is_present)
        rpcancel_text_put_format(text, " cancel_id %u%s", datagram->cancel_ack.cancel_id,
                                 rpcancel_datagram_is_accepting(&datagram->cancel_ack) ? "" : " not-accepting");
    if (datagram->type == RPCANCEL_PDU_FAULT || datagram->type == RPCANCEL_PDU_REJECT)
        rpcancel_text_put_format(text, " status 0x%08x", datagram->status);
    if (datagram->flags2 & RPCANCEL_PF2_CANCEL_PENDING)
        rpcancel_text_put_string(text, " cancel-pending");
}

size_t rpcancel_datagram_event_print(const struct rpcancel_datagram_event *event, char *out, size_t size)
{
    static const char *const ends[] = {"by an answer", "over a cancel_ack", "by its cancel time-out", "otherwise"};
    struct rpcancel_text text = rpcancel_text_in(out, size);
    switch (event->kind) {
    case RPCANCEL_DATAGRAM_UNREADABLE:
        rpcancel_text_put_format(&text, "%zu octets that are no datagram: at %zu, expected %s", event->octets.size,
                                 event->complaint.offset, rpcancel_datagram_error_text(event->complaint.error));
        break;
    case RPCANCEL_DATAGRAM_CANCELLED:
        rpcancel_text_put_format(&text, "call %u is cancelled", event->datagram.sequence);
        break;
    case RPCANCEL_DATAGRAM_ENDED:
        rpcancel_text_put_format(&text, "call %u ends %s", event->datagram.sequence, ends[event->end]);
        break;
    case RPCANCEL_DATAGRAM_POSTED:
        rpcancel_text_put_format(&text, "call %u is delivered %u cancels", event->datagram.sequence, event->count);
        break;
    case RPCANCEL_DATAGRAM_SETTLED:
        rpcancel_text_put_string(&text, "nothing more");
        break;
    default:
        put_datagram(&text, &event->datagram);
    }
    return text.length;
}
