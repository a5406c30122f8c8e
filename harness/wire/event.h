// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_EVENT_H
#define RPCANCEL_WIRE_EVENT_H
/* Octets as events for the packet observer. Any thread. */
#include "wire/observer.h"

/* rpcancel_wire_event_of sets |*event| to that of the |size| octets at |bytes|: one fragment as rpcancel_pdu_length
 * cuts them, or what it cannot cut, from there on. They stay where they are. */
void rpcancel_wire_event_of(enum rpcancel_pdu_sender sender, const uint8_t *bytes, size_t size,
                            struct rpcancel_wire_event *event);

/* rpcancel_wire_closed makes the event that |sender| closed the connection. */
struct rpcancel_wire_event rpcancel_wire_closed(enum rpcancel_pdu_sender sender);

/*
 * rpcancel_wire_event_print writes |event| as people read it, `fault 3 status 0x1c00000d cancel_count 1`; terminated,
 * cut to |size|. RPCANCEL_WIRE_EVENT_TEXT_MAX suffices. Returns the length.
 */
enum { RPCANCEL_WIRE_EVENT_TEXT_MAX = 160 };
size_t rpcancel_wire_event_print(const struct rpcancel_wire_event *event, char *out, size_t size);

#endif
