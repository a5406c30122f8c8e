// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_RECORD_H
#define RPCANCEL_RECORD_H
/*
 * What passes between a runtime and us, as a capture: real PDUs of both sides in packets that might have carried them
 * (capture/synthetic.h). Comments say which operation of the sequence a PDU belongs to, and which rules it breaks.
 */
#include "capture/synthetic.h"
#include "engine/run.h"
#include "wire/rules.h"

struct rpcancel_record {
    struct rpcancel_synthetic capture;
    struct rpcancel_synthetic_connection connections[RPCANCEL_WIRE_CONNECTIONS_MAX]; /* by number */
    const char *title;              /* of the sequence in hand: on the first packet of its connections */
    bool has_clock;                 /* packets have the time at which they passed; else all follow from 2000-01-01 */
    struct rpcancel_operation last; /* the operation that was named last */
    struct rpcancel_run_witness witness; /* for rpcancel_run: told of all, it is recorded */
};

/* rpcancel_record_begin begins a capture on |out|. |record| stays where it is. */
void rpcancel_record_begin(struct rpcancel_record *record, FILE *out, uint16_t server_port, bool has_clock,
                           const char *comment);

/* rpcancel_record_opened and rpcancel_record_passed take in that a connection was opened, and an event on it, during an
 * operation; |violated| (NULL: none) are rules that it breaks. */
void rpcancel_record_opened(struct rpcancel_record *record, unsigned connection);
void rpcancel_record_passed(struct rpcancel_record *record, unsigned connection, struct rpcancel_operation during,
                            const struct rpcancel_wire_event *event, const struct rpcancel_wire_mask *violated);

#endif
