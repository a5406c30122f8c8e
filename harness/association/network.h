// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_NETWORK_H
#define RPCANCEL_ASSOCIATION_NETWORK_H
/*
 * The second network: what the abstract network of the reference (src/network.c) is, made of associations. Messages are
 * PDUs, and what is on its way is what is in the queues of an association.
 *
 * A call has a place (enum rpcancel_place of its handle). Either every call has an association of its own, or all share
 * one that is multiplexed. States of associations have numbers; steps that were taken once are remembered.
 *
 * How messages and PDUs go together: a request is all its fragments; a cancel is every co_cancel of the call; an
 * orphaned is whatever giving the call up has sent, by hypothesis, up to the end of the connection; a reply is the
 * response or fault.
 */
#include "association/association.h"
#include "flat_memo.h"
#include "reference.h"

enum { RPCANCEL_PLACES = 4, RPCANCEL_NETWORK_FRAGMENTS = 2 /* of every request and response */ };

/* The place of the current call of |handle| (0, 1), or of an earlier one. */
static inline unsigned rpcancel_place(unsigned handle, bool earlier)
{
    return handle + (earlier ? 2u : 0u);
}

struct rpcancel_network {
    /* Set by the caller. */
    const struct rpcancel_wire_choices *choices;
    enum rpcancel_client_abandonment abandonment;
    bool shared;      /* one association for all calls, which has to keep the connection when a call is given up */
    unsigned cancels; /* co_cancel PDUs of a call at most */
    /* The rest is the network's. */
    struct rpcancel_setup setup;
    struct rpcancel_flat_table states; /* of associations; number 0 is one without calls */
    struct rpcancel_flat_memo taken;   /* what a step led to */
    bool no_memory;
    const char *wrong; /* an end broke its contract */
};

/* Number of the association of each place; with a shared one all are the same. */
struct rpcancel_routes {
    uint32_t association[RPCANCEL_PLACES];
};

/* What is on its way of a call, and what both ends know of it. */
struct rpcancel_call_view {
    struct rpcancel_fate fate;
    bool request, cancel, orphaned, reply;
    bool parts_orphaned; /* a co_cancel that belongs to an orphaned can arrive before the rest of it */
    bool client_ended, server_ended;
};

bool rpcancel_network_open(struct rpcancel_network *network);
void rpcancel_network_close(struct rpcancel_network *network);

/* rpcancel_network_view sets |*view| to what there is of the call at |place|. */
void rpcancel_network_view(struct rpcancel_network *network, const struct rpcancel_routes *routes, unsigned place,
                           struct rpcancel_call_view *view);

enum rpcancel_network_end {
    RPCANCEL_NETWORK_DONE,
    RPCANCEL_NETWORK_NOTHING,  /* nothing is sent for that, or there is no such message */
    RPCANCEL_NETWORK_LEFT_OUT, /* a connection does not bring messages in that order */
    RPCANCEL_NETWORK_BEYOND    /* more co_cancel PDUs than |cancels| */
};

/* The client's messages. */
enum rpcancel_network_end rpcancel_network_request(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                   unsigned place);
enum rpcancel_network_end rpcancel_network_cancel(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                  unsigned place);
enum rpcancel_network_end rpcancel_network_orphan(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                  unsigned place);

/* The server's: a response, or with |status| not 0 a fault. */
enum rpcancel_network_end rpcancel_network_reply(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                 unsigned place, uint32_t status);

/* rpcancel_network_deliver lets a message of the call arrive; |kind| is one of RPCANCEL_OP_DELIVER_…. */
enum rpcancel_network_end rpcancel_network_deliver(struct rpcancel_network *network, struct rpcancel_routes *routes,
                                                   unsigned place, enum rpcancel_operation_kind kind);

/* rpcancel_network_settle lets everything arrive; rpcancel_network_lose loses it, and every connection. */
void rpcancel_network_settle(struct rpcancel_network *network, struct rpcancel_routes *routes);
void rpcancel_network_lose(struct rpcancel_network *network, struct rpcancel_routes *routes);

/* rpcancel_network_set_aside moves the call at |place| to that of an earlier one; rpcancel_network_forget says that
 * nobody has to do with the call at |place| any more. */
void rpcancel_network_set_aside(struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned handle);
void rpcancel_network_forget(struct rpcancel_network *network, struct rpcancel_routes *routes, unsigned place);

#endif
