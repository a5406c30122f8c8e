// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_RELEVANCE_H
#define RPCANCEL_WIRE_RELEVANCE_H
/* Which rules of the wire need not be asked, since they cannot apply. */
#include "wire/rules.h"

/* rpcancel_wire_relevant returns the rules that may apply to |event| where |observer| stands, on the side of its
 * sender. Static storage. */
const struct rpcancel_wire_mask *rpcancel_wire_relevant(const struct rpcancel_wire_observer *observer,
                                                        const struct rpcancel_wire_event *event);

/* rpcancel_wire_judge_all is rpcancel_wire_judge without that short cut; what it decides is the same. For tests. */
struct rpcancel_wire_verdict rpcancel_wire_judge_all(const struct rpcancel_wire_mask *set,
                                                     const struct rpcancel_wire_observer *observer,
                                                     const struct rpcancel_wire_event *event);

#endif
