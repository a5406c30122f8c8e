// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CAPTURE_FINDING_H
#define RPCANCEL_CAPTURE_FINDING_H
/* Findings in captures, in words. Any thread. */
#include <stddef.h>

#include "capture/capture.h"

enum {
    RPCANCEL_FINDING_TEXT_MAX = (int)RPCANCEL_WIRE_EVENT_TEXT_MAX + (int)RPCANCEL_DATAGRAM_EVENT_TEXT_MAX,
    RPCANCEL_UUID_TEXT_MAX = 40,
    RPCANCEL_FINDING_CALL_MAX = 96
};

/* rpcancel_captured_print writes the PDU that breaks the rule, terminated. RPCANCEL_FINDING_TEXT_MAX suffices. */
void rpcancel_captured_print(const struct rpcancel_capture_finding *finding, char *out, size_t size);

/* rpcancel_captured_print_call writes which call it is of, `call_id 2` or, of datagrams, `sequence 2 of activity …`;
 * terminated. */
void rpcancel_captured_print_call(const struct rpcancel_capture_finding *finding, char out[RPCANCEL_FINDING_CALL_MAX]);

/* rpcancel_uuid_print writes |uuid| in the form of C706 appendix A, terminated. */
void rpcancel_uuid_print(const struct rpcancel_uuid *uuid, char out[RPCANCEL_UUID_TEXT_MAX]);

/* rpcancel_captured_side returns "client" or "server". Static storage. */
const char *rpcancel_captured_side(const struct rpcancel_capture_finding *finding);

#endif
