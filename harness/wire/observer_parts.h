// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_OBSERVER_PARTS_H
#define RPCANCEL_WIRE_OBSERVER_PARTS_H
/* What the files of the packet observer have in common; for them only. */
#include "wire/observer.h"

/* rpcancel_observer_take_client takes a PDU of the client, or octets that are none. */
void rpcancel_observer_take_client(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event);

/* rpcancel_observer_take_server takes a PDU of the server, which shows that everything up to rank |known| was read. */
void rpcancel_observer_take_server(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event,
                                   unsigned known);

/* rpcancel_observer_release notes that the call |call_id|, or with RPCANCEL_WIRE_RELEASED_ALL every one, was told to go
 * on. */
void rpcancel_observer_release(struct rpcancel_wire_observer *observer, int64_t call_id);

/* rpcancel_observer_find returns the call of that call_id that is open or orphaned, or NULL. */
struct rpcancel_wire_call *rpcancel_observer_find(struct rpcancel_wire_observer *observer, uint32_t call_id);

/* rpcancel_observer_find_ended returns the place of the last call of that call_id among |ended|,
 * RPCANCEL_WIRE_ENDED_MAX: none is remembered. */
unsigned rpcancel_observer_find_ended(const struct rpcancel_wire_observer *observer, uint32_t call_id);

static inline void rpcancel_count_up(uint8_t *counter, unsigned most)
{
    if (*counter < most)
        ++*counter;
}

#endif
