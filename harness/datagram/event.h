// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_EVENT_H
#define RPCANCEL_DATAGRAM_EVENT_H
/* Octets, and what ends tell, as events for the observer of datagrams. Any thread. */
#include "datagram/observer.h"

/* rpcancel_datagram_event_of makes the event of the datagram in the |size| octets at |bytes|, which stay where they
 * are, |elapsed| ms after the event before. */
struct rpcancel_datagram_event rpcancel_datagram_event_of(enum rpcancel_pdu_sender sender, const uint8_t *bytes,
                                                          size_t size, uint32_t elapsed);

/* rpcancel_datagram_told makes an event that |sender|'s end tells, of the call |sequence| of |activity|. What else its
 * kind has, the caller sets. */
struct rpcancel_datagram_event rpcancel_datagram_told(enum rpcancel_datagram_event_kind kind,
                                                      enum rpcancel_pdu_sender sender,
                                                      const struct rpcancel_uuid *activity, uint32_t sequence,
                                                      uint32_t elapsed);

/*
 * rpcancel_datagram_event_print writes |event| as people read it, `cl_cancel 3 cancel_id 1`; terminated, cut to |size|.
 * RPCANCEL_DATAGRAM_EVENT_TEXT_MAX suffices. Returns the length.
 */
enum { RPCANCEL_DATAGRAM_EVENT_TEXT_MAX = 160 };
size_t rpcancel_datagram_event_print(const struct rpcancel_datagram_event *event, char *out, size_t size);

#endif
