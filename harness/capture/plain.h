// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PLAIN_H
#define RPCANCEL_PLAIN_H
/*
 * Pcap files of the plain form (version 2.4, this machine's byte order), whose packets are handed out where they lie,
 * in a buffer that the kernel filled: libpcap copies each of them once more. What is not plain, damage among it, is
 * left to libpcap from the packet on at which it shows; so is where the file ends.
 */
#include "capture/capture.h"

struct rpcancel_plain {
    uint8_t *buffer; /* NULL: the file is not plain, or not any more */
    size_t at, end;  /* of what was read and not handed out, in |buffer| */
    uint64_t next;   /* where in the file that was not read begins, in octets */
    uint32_t longest;
    uint32_t unit; /* of time, in nanoseconds */
    int descriptor;
};

/* rpcancel_plain_begin begins with the file |descriptor|, whose packets have at most |longest| octets and which stays
 * where it is. Returns whether it is plain. End with rpcancel_plain_end either way. */
bool rpcancel_plain_begin(struct rpcancel_plain *plain, int descriptor, uint32_t longest);

/* rpcancel_plain_next sets time, octets and lengths of |*packet|, which lasts until the next call. False: what
 * comes next is not plain, or is the end. */
bool rpcancel_plain_next(struct rpcancel_plain *plain, struct rpcancel_capture_packet *packet);

/* rpcancel_plain_position returns where in the file the next packet begins, in octets. */
uint64_t rpcancel_plain_position(const struct rpcancel_plain *plain);

void rpcancel_plain_end(struct rpcancel_plain *plain);

#endif
