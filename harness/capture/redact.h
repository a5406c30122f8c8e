// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REDACT_H
#define RPCANCEL_REDACT_H
/* Packets without what they carry (capture/annotate.h). */
#include "capture/capture.h"

/* Octets of a packet that are headers of PDUs. */
struct rpcancel_kept_octets {
    uint64_t packet;
    uint32_t offset, size; /* from the packet's first octet on */
};

/*
 * rpcancel_redact writes |packet| to |out|, which has room for as many octets, with zeros for all that is payload, but
 * for the |count| pieces at |kept|, which are of this packet. Returns whether its checksums are right; else they are
 * those of what was dropped.
 */
bool rpcancel_redact(const struct rpcancel_capture_packet *packet, const struct rpcancel_kept_octets *kept,
                     size_t count, uint8_t *out);

#endif
