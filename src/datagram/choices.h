// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_CHOICES_H
#define RPCANCEL_DATAGRAM_CHOICES_H
/*
 * What the ends of calls over datagrams do where the documents differ or leave it open, by the profiles of
 * wire/profile.h. Every choice names the statement it comes from (docs/datagrams.md); intervals are those that the
 * sources have by default.
 */
#include <stdint.h>

#include "wire/profile.h"

struct rpcancel_datagram_choices {
    bool ack_ends_call; /* a cancel_ack of the last cancel ends the call (W125); else it ends the repetition (W121) */
    bool takes_last_id_only; /* a cancel_ack of another cancel_id is discarded (W124); else one below an earlier (W121)
                              */
    bool quits;          /* a call that was given up is orphaned by cl_cancel without a body, until it is acknowledged;
                            else nothing is sent for it: MS-RPCE names nothing */
    bool counts_pending; /* cancels that the server did not take are pending after the call (W73 in datagrams) */
    bool acks_again;     /* a cancel_id that was accepted is acknowledged again (open: C706's text was not read) */
    bool acks_unseen_orphan;      /* orphaning a call that was not seen yet is acknowledged (W129) */
    bool says_cancel_pending;     /* a cancel nobody took sets PF2_CANCEL_PENDING on response and fault */
    uint16_t cancel_interval;     /* ms between repetitions of cl_cancel (W118) */
    uint16_t cancel_interval_max; /* ms up to which that doubles; the same: it does not */
};

/* rpcancel_datagram_choices_of returns the choices of |profile|. Static storage. */
const struct rpcancel_datagram_choices *rpcancel_datagram_choices_of(enum rpcancel_wire_profile profile);

#endif
