// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_WATCH_H
#define RPCANCEL_EXCHANGE_WATCH_H
/*
 * The observer and the rules of datagrams, set on calls that are searched. Three observers look: one at each end, in
 * control of it, and one in between, as a capture has it, which sees everything as it is sent. Observers have numbers,
 * and what one makes of an event is remembered.
 */
#include "datagram/rules.h"
#include "exchange/exchange.h"
#include "flat_memo.h"

enum rpcancel_exchange_place {
    RPCANCEL_EXCHANGE_AT_CLIENT,
    RPCANCEL_EXCHANGE_AT_SERVER,
    RPCANCEL_EXCHANGE_BETWEEN,
    RPCANCEL_EXCHANGE_PLACES
};

/* The numbers of the observers. */
struct rpcancel_exchange_watched {
    uint32_t observers[RPCANCEL_EXCHANGE_PLACES];
};

struct rpcancel_exchange_watch {
    struct rpcancel_exchange_setup *setup;     /* open */
    struct rpcancel_wire_mask rules;           /* those in force, by their numbers among the rules of datagrams */
    enum rpcancel_pdu_sender role;             /* whose datagrams they are about */
    struct rpcancel_flat_table observers;      /* as many calls of an observer as there may be */
    struct rpcancel_flat_memo seen;            /* what became of an event that an observer saw */
    uint64_t decided[RPCANCEL_WIRE_RULES_MAX]; /* events, by rule */
    bool no_memory;
};

/* What an edge showed to all. */
struct rpcancel_exchange_verdict {
    unsigned events;
    unsigned unjudged; /* cl_cancel and cancel_ack of those who have the role that no rule said anything of */
    int violated;      /* the number of a rule that is violated, -1 for none */
};

/* rpcancel_exchange_watch_open begins; |watch->setup|, |rules| and |role| are the caller's. False: no memory. End with
 * rpcancel_exchange_watch_close. */
bool rpcancel_exchange_watch_open(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *start);
void rpcancel_exchange_watch_close(struct rpcancel_exchange_watch *watch);

/* rpcancel_exchange_watch_edge shows a step to all, and moves |*watched| on. */
void rpcancel_exchange_watch_edge(struct rpcancel_exchange_watch *watch, struct rpcancel_exchange_watched *watched,
                                  const struct rpcancel_exchange_outcome *outcome,
                                  struct rpcancel_exchange_verdict *verdict);

#endif
