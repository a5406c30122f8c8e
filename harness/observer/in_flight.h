// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_IN_FLIGHT_H
#define RPCANCEL_IN_FLIGHT_H
/*
 * Which messages may be in flight, and what a runtime may do unseen. Neither a rule nor the reference: the harness's
 * own assumptions about hidden delivery, in one small place.
 */
#include "observer.h"

enum { RPCANCEL_HIDDEN_STEPS_MAX = RPCANCEL_HANDLES_MAX * 8 };

/* rpcancel_in_flight lists the deliveries that may happen next in |out| and returns how many there are. */
unsigned rpcancel_in_flight(const struct rpcancel_observer *observer,
                            struct rpcancel_operation out[RPCANCEL_HIDDEN_STEPS_MAX]);

/* rpcancel_is_possible tells whether |operation| can take place where the observer stands, as far as it knows: there
 * is such a message, such a call, such a thread to run on. */
bool rpcancel_is_possible(const struct rpcancel_observer *observer, struct rpcancel_operation operation);

#endif
