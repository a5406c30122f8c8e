// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_WATCH_H
#define RPCANCEL_ASSOCIATION_WATCH_H
/*
 * The packet observer and the rules of the wire, set on a searched association. Two observers look: one at the client,
 * who controls what arrives there, and one at the server, where it is as in a capture. Observers have numbers, and
 * what one makes of a PDU is remembered.
 */
#include "association/association.h"
#include "flat_memo.h"
#include "wire/rules.h"

enum rpcancel_watch_place { RPCANCEL_WATCH_AT_CLIENT, RPCANCEL_WATCH_AT_SERVER, RPCANCEL_WATCH_PLACES };

/* The numbers of both observers. */
struct rpcancel_watched {
    uint32_t observers[RPCANCEL_WATCH_PLACES];
};

struct rpcancel_watch {
    struct rpcancel_setup *setup;              /* open */
    struct rpcancel_wire_mask rules;           /* those in force */
    enum rpcancel_pdu_sender role;             /* whose PDUs they are about */
    enum rpcancel_wire_operation_class class;  /* of every call */
    struct rpcancel_flat_table observers;      /* struct rpcancel_wire_observer, padded */
    struct rpcancel_flat_memo seen;            /* what became of an event that an observer saw */
    uint64_t decided[RPCANCEL_WIRE_RULES_MAX]; /* events, by rule */
    bool no_memory;
};

/* What an edge showed to both. */
struct rpcancel_watch_verdict {
    unsigned events;
    unsigned unjudged; /* PDUs of those who have the role that only rules on headers said anything of */
    int violated;      /* the number of a rule that is violated, -1 for none */
};

/* rpcancel_watch_open begins with what the bind has shown. False: no memory. |watch->setup|, |rules|, |role| and
 * |class| are the caller's. End with rpcancel_watch_close. */
bool rpcancel_watch_open(struct rpcancel_watch *watch, struct rpcancel_watched *start,
                         struct rpcancel_watch_verdict *verdict);
void rpcancel_watch_close(struct rpcancel_watch *watch);

/* rpcancel_watch_edge shows the step that led from |from| by |action| to both, and moves |*watched| on. */
void rpcancel_watch_edge(struct rpcancel_watch *watch, struct rpcancel_watched *watched,
                         const struct rpcancel_association_state *from, struct rpcancel_action action,
                         const struct rpcancel_step_outcome *outcome, struct rpcancel_watch_verdict *verdict);

#endif
