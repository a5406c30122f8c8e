// SPDX-License-Identifier: Apache-2.0
#include "capture/finding.h"

#include <inttypes.h>
#include <stdio.h>

void rpcancel_captured_print(const struct rpcancel_capture_finding *finding, char *out, size_t size)
{
    if (finding->datagram)
        rpcancel_datagram_event_print(finding->datagram, out, size);
    else
        rpcancel_wire_event_print(finding->event, out, size);
}

void rpcancel_uuid_print(const struct rpcancel_uuid *uuid, char out[RPCANCEL_UUID_TEXT_MAX])
{
    const uint8_t *rest = uuid->rest;
    snprintf(out, RPCANCEL_UUID_TEXT_MAX, "%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", uuid->time_low,
             uuid->time_mid, uuid->time_high, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5], rest[6], rest[7]);
}

void rpcancel_captured_print_call(const struct rpcancel_capture_finding *finding, char out[RPCANCEL_FINDING_CALL_MAX])
{
    char activity[RPCANCEL_UUID_TEXT_MAX];
    if (!finding->datagram) {
        snprintf(out, RPCANCEL_FINDING_CALL_MAX, "call_id %" PRIu32, finding->event->pdu.call_id);
        return;
    }
    rpcancel_uuid_print(&finding->datagram->datagram.activity, activity);
    snprintf(out, RPCANCEL_FINDING_CALL_MAX, "sequence %" PRIu32 " of activity %s",
             finding->datagram->datagram.sequence, activity);
}

const char *rpcancel_captured_side(const struct rpcancel_capture_finding *finding)
{
    return finding->sender == RPCANCEL_SENDER_CLIENT ? "client" : "server";
}
