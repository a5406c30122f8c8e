// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TESTS_DATAGRAM_TRACE_H
#define RPCANCEL_TESTS_DATAGRAM_TRACE_H
/*
 * Calls over datagrams in few words, for tests of their rules. Events are parted by `;`, SEQ is a sequence number:
 *
 *     at client, at server, capture [gaps]   first of all: where the observer is; at an end it is in control of that
 *     > request|ping|ack|fack|nocall|response|working|reject|cancel_ack SEQ
 *     > cancel SEQ ID, > quit SEQ            cl_cancel with a body, and without
 *     < response|fault|working|nocall|reject SEQ
 *     < ack SEQ ID, < quack SEQ              cancel_ack with a body, and without
 *        behind any of these: [version N] [size N] octets of body [flags2 N] [opnum N] [interface N] [activity N]
 * [refusing] [idempotent] ! cancelled SEQ [timeout MS], ! ended SEQ answered|cancelled|timeout|otherwise     the
 * client's end tells ! posted SEQ COUNT                                                                 the server's
 * end tells wait MS                                time passes, and both ends have done what they do by then
 */
#include "datagram/rules.h"

struct rpcancel_datagram_trace_verdict {
    struct rpcancel_wire_mask decided;  /* by any event */
    struct rpcancel_wire_mask violated; /* by the last event */
    struct rpcancel_wire_mask before;   /* violated by an earlier one */
};

/* rpcancel_datagram_trace_judge plays |trace| to a new observer, judges the events of |role| by the rules of |profile|,
 * and fills |*verdict|. Returns false at a word that it does not know. */
bool rpcancel_datagram_trace_judge(const char *trace, enum rpcancel_wire_profile profile, enum rpcancel_pdu_sender role,
                                   struct rpcancel_datagram_trace_verdict *verdict);

#endif
