// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_ENDS_H
#define RPCANCEL_EXCHANGE_ENDS_H
/*
 * Both ends of calls over datagrams while a step goes on, as src/datagram has them. For the files of this folder, and
 * for changes: defects and other ways of an end, made from outside. A change alters what leaves an end, what arrives
 * there, or what an end is after a step.
 */
#include "exchange/exchange.h"

struct rpcancel_exchange_ends {
    struct rpcancel_exchange_setup *setup;
    struct rpcancel_exchange_state *state; /* fates and datagrams; the ends are in |client| and |server| */
    struct rpcancel_exchange_outcome *outcome;
    struct rpcancel_datagram_client client;
    struct rpcancel_datagram_server server;
    struct rpcancel_datagram_client_host client_host;
    struct rpcancel_datagram_server_host server_host;
};

struct rpcancel_exchange_change {
    const char *name;
    const char *text; /* what is different, a sentence */
    /* |datagram| leaves |sender| and may be altered. Returns how often it is sent. */
    unsigned (*leaves)(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                       struct rpcancel_datagram *datagram);
    /* |datagram| arrives, from |sender|, and may be altered. False: the end does not see it. */
    bool (*arrives)(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                    struct rpcancel_datagram *datagram);
    /* Comes after |action|, which happened. */
    void (*after)(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_action action);
    /* The octets of what leaves |sender| may be altered, and their number, up to RPCANCEL_DATAGRAM_OCTETS. */
    void (*octets)(enum rpcancel_pdu_sender sender, uint8_t *bytes, size_t *size);
    /* Both ends choose otherwise. */
    void (*chooses)(struct rpcancel_datagram_choices *choices);
};

/* rpcancel_exchange_send puts |datagram| on its way, past what |leaves|. */
void rpcancel_exchange_send(struct rpcancel_exchange_ends *ends, enum rpcancel_pdu_sender sender,
                            const struct rpcancel_datagram *datagram);

/* rpcancel_exchange_begin unpacks |state|; rpcancel_exchange_finish packs what became of it. */
void rpcancel_exchange_begin(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_setup *setup,
                             struct rpcancel_exchange_state *state, struct rpcancel_exchange_outcome *outcome);
void rpcancel_exchange_finish(struct rpcancel_exchange_ends *ends);

/* rpcancel_exchange_keep returns the number that the |size| octets have in the table of datagrams, or 0, with the
 * outcome full. */
uint16_t rpcancel_exchange_keep(struct rpcancel_exchange_ends *ends, const uint8_t *bytes, size_t size);

/* rpcancel_exchange_tell adds an event to the outcome. */
void rpcancel_exchange_tell(struct rpcancel_exchange_ends *ends, struct rpcancel_exchange_event event);

/* rpcancel_exchange_fate returns what is known of the call of that number; NULL when there is none. */
struct rpcancel_exchange_fate *rpcancel_exchange_fate(struct rpcancel_exchange_ends *ends, uint32_t sequence);

/* rpcancel_exchange_wrong notes that a promise was broken; the first note stays. */
void rpcancel_exchange_wrong(struct rpcancel_exchange_ends *ends, const char *text);

#endif
