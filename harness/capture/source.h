// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SOURCE_H
#define RPCANCEL_SOURCE_H
/* Files of captures, pcap and pcapng, read through libpcap one packet after the other; plain ones faster. */
#include <signal.h>
#include <stdio.h>

#include "capture/plain.h"

enum { RPCANCEL_SOURCE_FAILURE_MAX = 384 };

struct rpcancel_source {
    struct pcap *pcap;
    FILE *file;
    char *buffer;
    struct rpcancel_plain plain; /* what reads the file as long as it can; then |pcap| does */
    int link;                    /* of all packets, a DLT_ number */
    uint32_t snap_length;
    uint64_t number; /* of the last packet */
    char failure[RPCANCEL_SOURCE_FAILURE_MAX];
};

/* rpcancel_source_open opens the capture |path|, `-` for standard input. False with a line for people in |failure|:
 * it cannot be read, is none, or of a link type that is not known here. End with rpcancel_source_close either way. */
bool rpcancel_source_open(struct rpcancel_source *source, const char *path);

enum rpcancel_source_result { RPCANCEL_SOURCE_PACKET, RPCANCEL_SOURCE_END, RPCANCEL_SOURCE_BROKEN };

/* rpcancel_source_next reads the next packet, which lasts until the next call. BROKEN with a line for people in
 * |failure|: what follows cannot be read. */
enum rpcancel_source_result rpcancel_source_next(struct rpcancel_source *source,
                                                 struct rpcancel_capture_packet *packet);

void rpcancel_source_close(struct rpcancel_source *source);

/* rpcancel_source_judge has |capture| take all packets of |source|, until |*interrupted| (NULL: never) is set. Returns
 * END; or BROKEN, with |failure| set, after what was before. */
enum rpcancel_source_result rpcancel_source_judge(struct rpcancel_source *source, struct rpcancel_capture *capture,
                                                  const volatile sig_atomic_t *interrupted);

#endif
