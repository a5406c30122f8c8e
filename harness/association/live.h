// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_LIVE_H
#define RPCANCEL_ASSOCIATION_LIVE_H
/*
 * A change (association/ends.h) of an end that is alive: a server or client behind a socket, which has its association
 * itself and asks here about every fragment that leaves or arrives. So that the mutants and variants of changes.h meet
 * rules over TCP as they do in the search.
 *
 * Changes are written for associations of a few calls: of calls beyond RPCANCEL_ASSOCIATION_CALLS at once, and of
 * call_ids above 255, they know nothing.
 */
#include "association/changes.h"

struct rpcancel_live_end {
    const struct rpcancel_wire_change *change;
    enum rpcancel_pdu_sender side;                                  /* which end it is */
    void (*send)(void *context, const uint8_t *bytes, size_t size); /* puts octets on the wire */
    void *context;                                                  /* of |send| */
    struct rpcancel_ends ends; /* the client is in it; a server is copied in and out */
    struct rpcancel_setup setup;
    struct rpcancel_association_state state; /* fates: of a server filled in here, of a client by it */
    struct rpcancel_step_outcome outcome;
    uint8_t bytes[RPCANCEL_SERVER_FRAGMENT_MAX + 256]; /* what was altered */
};

/* rpcancel_live_end_open begins with |change|, which stays; |live| does too, as it points into itself. False without
 * memory. End with rpcancel_live_end_close. */
bool rpcancel_live_end_open(struct rpcancel_live_end *live, const struct rpcancel_wire_change *change,
                            enum rpcancel_pdu_sender side,
                            void (*send)(void *context, const uint8_t *bytes, size_t size), void *context);
void rpcancel_live_end_close(struct rpcancel_live_end *live);

/* rpcancel_live_end_sends sends the fragment as the change alters it: not at all, once or more often. */
void rpcancel_live_end_sends(struct rpcancel_live_end *live, const uint8_t *bytes, size_t size);

/*
 * rpcancel_live_end_receives lets the change see the fragment at |*bytes|, of |*size| octets, before the end does, and
 * sends what it answers. Sets both to what the end is to take in, which is |live|'s when it was altered; |*size| is 0
 * when it is to take in nothing. |server| is the end's association, NULL for a client.
 */
void rpcancel_live_end_receives(struct rpcancel_live_end *live, struct rpcancel_server *server, const uint8_t **bytes,
                                size_t *size);

/* rpcancel_live_end_notes takes the fates from |server|, whose calls the change then knows by their places there. */
void rpcancel_live_end_notes(struct rpcancel_live_end *live, const struct rpcancel_server *server);

/* rpcancel_live_end_acted lets the change follow |action|, which happened. |action.call| is a place in the fates, of a
 * server as they were noted before. */
void rpcancel_live_end_acted(struct rpcancel_live_end *live, struct rpcancel_action action);

/* rpcancel_live_end_is_over tells whether the change ended the connection. */
bool rpcancel_live_end_is_over(const struct rpcancel_live_end *live);

#endif
