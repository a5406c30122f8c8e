// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_RELEVANCE_H
#define RPCANCEL_WIRE_RELEVANCE_H
/* Which rules of the wire need not be asked, since they cannot apply, or hold. */
#include "wire/rules.h"

/* rpcancel_wire_relevant returns the rules that may apply to |event| where |observer| stands, on the side of its
 * sender. Static storage. */
const struct rpcancel_wire_mask *rpcancel_wire_relevant(const struct rpcancel_wire_observer *observer,
                                                        const struct rpcancel_wire_event *event);

/* Rules that need not be asked since their answer shows at a glance. */
struct rpcancel_wire_settled {
    struct rpcancel_wire_mask rules;
    struct rpcancel_wire_mask holding; /* those of them that hold; the others do not apply */
};

/* rpcancel_wire_settled returns the rules that the header of |event| settles, whoever sent it. Static storage. */
const struct rpcancel_wire_settled *rpcancel_wire_settled(const struct rpcancel_wire_event *event);

/* rpcancel_wire_header_is_plain tells whether the octets of |event| begin as those of nearly every PDU: with a header
 * of which nothing is wrong, and without a verifier. */
bool rpcancel_wire_header_is_plain(const struct rpcancel_wire_event *event);

/* rpcancel_wire_judge_all is rpcancel_wire_judge without those short cuts; what it decides is the same. For tests. */
struct rpcancel_wire_verdict rpcancel_wire_judge_all(const struct rpcancel_wire_mask *set,
                                                     const struct rpcancel_wire_observer *observer,
                                                     const struct rpcancel_wire_event *event);

#endif
