// SPDX-License-Identifier: Apache-2.0
#include "datagram/choices.h"

/* FreeDCE's bookkeeping, in which C706's is seen. */
#define COUNTING .quits = true, .counts_pending = true, .acks_unseen_orphan = true, .says_cancel_pending = true
#define MICROSOFT                                                                                   \
    .ack_ends_call = true, .takes_last_id_only = true, .acks_again = true, .cancel_interval = 1000, \
    .cancel_interval_max = 32000

static const struct rpcancel_datagram_choices choices[RPCANCEL_WIRE_PROFILES] = {
    [RPCANCEL_WIRE_CORE] = {COUNTING, .acks_again = true, .cancel_interval = 1000, .cancel_interval_max = 1000},
    [RPCANCEL_WIRE_C706] = {COUNTING, .acks_again = true, .cancel_interval = 1000, .cancel_interval_max = 1000},
    [RPCANCEL_WIRE_MS_RPCE] = {MICROSOFT},
    [RPCANCEL_WIRE_WINDOWS] = {MICROSOFT},
    [RPCANCEL_WIRE_FREEDCE] = {COUNTING, .cancel_interval = 2000, .cancel_interval_max = 2000},
};

const struct rpcancel_datagram_choices *rpcancel_datagram_choices_of(enum rpcancel_wire_profile profile)
{
    return &choices[profile];
}
