// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PCAPNG_WRITE_H
#define RPCANCEL_PCAPNG_WRITE_H
/*
 * Writes captures as pcapng (IETF draft-ietf-opsawg-pcapng): a section, its interfaces, and packets with comments,
 * which libpcap cannot write. Little-endian, whatever this machine is. Failures to write are found in the end, by
 * ferror(3).
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Link types, as in captures; https://www.tcpdump.org/linktypes.html. */
enum { RPCANCEL_LINK_ETHERNET = 1 };

enum { RPCANCEL_COMMENT_MAX = 65000 /* octets of one comment; what is longer is cut */ };

/* rpcancel_pcapng_begin begins a section, with |comment| on it unless that is NULL. */
void rpcancel_pcapng_begin(FILE *out, const char *comment);

/* rpcancel_pcapng_interface adds an interface, the first one having number 0. Packets on it were cut to |snap_length|
 * octets (0: not at all), and times are counted in nanoseconds. */
void rpcancel_pcapng_interface(FILE *out, uint16_t link_type, uint32_t snap_length);

struct rpcancel_pcapng_packet {
    uint32_t interface;
    uint64_t time;        /* nanoseconds since 1970 */
    const uint8_t *bytes; /* |captured| of them */
    uint32_t captured;    /* octets that are there */
    uint32_t length;      /* octets that there were on the wire */
    const char *const *comments;
    size_t comment_count;
};

void rpcancel_pcapng_packet(FILE *out, const struct rpcancel_pcapng_packet *packet);

#endif
