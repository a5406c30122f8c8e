// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUSPICION_H
#define RPCANCEL_SUSPICION_H
/*
 * Whether a server answers with memory that it never wrote, or that is not meant for the client. No rule can say: what
 * belongs into stub data is the interface's business. Where the target says that every response of `fast` is the same,
 * each is held against the first one, and one that differs is suspected. It is no verdict; docs/disclosure.md is the
 * manual.
 */
#include "sequence/sequence.h"
#include "wire/observer.h"

enum { RPCANCEL_SUSPICION_CALLS = 8, RPCANCEL_SUSPICION_OCTETS = 512, RPCANCEL_SUSPICION_TEXT_MAX = 16384 };

/* Zero-initialise; nothing is looked at unless |is_wanted|. */
struct rpcancel_suspicion {
    bool is_wanted;
    /* call_ids of the requests for `fast` that were sent whole, in little-endian order, and are not answered */
    uint32_t open[RPCANCEL_SUSPICION_CALLS];
    unsigned open_count;
    /* The first response. */
    bool is_known;
    uint8_t drep;
    uint32_t alloc_hint;
    size_t size;
    uint8_t octets[RPCANCEL_SUSPICION_OCTETS]; /* of its stub data, the first ones */
    /* The first suspicion, as a sequence that shows it, or as many lines of it as fit, behind comments that say what
     * came; "" for none. */
    char text[RPCANCEL_SUSPICION_TEXT_MAX];
};

/* rpcancel_suspicion_look takes in |event|, which passed the connection that is judged while |sequence| is played. */
void rpcancel_suspicion_look(struct rpcancel_suspicion *suspicion, const struct rpcancel_wire_event *event,
                             const struct rpcancel_sequence *sequence);

#endif
