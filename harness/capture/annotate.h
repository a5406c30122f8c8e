// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ANNOTATE_H
#define RPCANCEL_ANNOTATE_H
/*
 * Captures written back as pcapng, with a comment on each packet that breaks a rule. The file is read twice: the first
 * time it is judged, and what is to be said of packets kept.
 *
 * With redaction all that packets carry is made zeros but the headers: those of link, IP, TCP and UDP, and of PDUs with
 * what binds ask for. Stub data, tokens of authentication and everything that is not DCE/RPC over TCP goes. Checksums
 * of TCP and UDP are computed anew where the packet is whole; where not, a comment says that they are of what was
 * dropped.
 */
#include <signal.h>
#include <stdio.h>

#include "capture/source.h"

struct rpcancel_annotation_request {
    const char *in;
    FILE *out;
    enum rpcancel_wire_profile profile;
    unsigned levels;
    bool redact;
    bool is_whole;                            /* as capture/capture.h has it */
    const volatile sig_atomic_t *interrupted; /* NULL: never */
};

struct rpcancel_annotation_result {
    uint64_t packets;   /* written */
    uint64_t commented; /* those of them that have a comment about a rule */
    uint64_t findings;
    uint64_t judged;  /* PDUs, by whatever rules */
    bool is_complete; /* else |failure| says why not, and what could be read is written */
    char failure[RPCANCEL_SOURCE_FAILURE_MAX];
};

/* rpcancel_annotate writes request->in to request->out. False, with |failure| set: nothing was written. */
bool rpcancel_annotate(const struct rpcancel_annotation_request *request, struct rpcancel_annotation_result *result);

#endif
