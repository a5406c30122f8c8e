// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_SLICES_H
#define RPCANCEL_EXCHANGE_SLICES_H
/* What is searched of calls over datagrams, in slices that close: each by itself is exhaustive within its bounds. */
#include "exchange/search.h"

struct rpcancel_exchange_slice {
    const char *name;
    const char *text; /* what it has and the core has not, in a few words */
    unsigned capacity;
    bool reorders, idempotent;
    uint32_t timeout; /* of cancels, ms; 0: none */
    uint32_t tick;    /* ms that pass at once, at most; 0: all until the next timer */
    struct rpcancel_exchange_limits limits;
};

extern const struct rpcancel_exchange_slice rpcancel_exchange_slices[];
extern const unsigned rpcancel_exchange_slice_count;

/* How a slice is searched. */
struct rpcancel_exchange_subject {
    enum rpcancel_wire_profile profile;            /* whose rules judge */
    enum rpcancel_wire_profile ends;               /* what both ends are */
    const struct rpcancel_exchange_change *change; /* NULL for the ends as they are */
    bool by_rules_alone, by_promises_alone;        /* what judges; neither: both do */
};

/*
 * rpcancel_exchange_search_slice searches |slice| of |subject|. Where strays are sent, only those they are sent to are
 * judged, by rules alone. |options| has |memory|, |stop| and |progress|; all else is set here. Returns false without
 * memory. |*setup| and |*start| are there for printing the path, and *|setup| to be closed, when it returns true.
 */
bool rpcancel_exchange_search_slice(const struct rpcancel_exchange_slice *slice,
                                    const struct rpcancel_exchange_subject *subject,
                                    struct rpcancel_exchange_search_options *options,
                                    struct rpcancel_exchange_setup *setup,
                                    struct rpcancel_exchange_search_result *result);

#endif
