// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_ENDS_H
#define RPCANCEL_ASSOCIATION_ENDS_H
/*
 * An association while a step goes on: both ends as src/wire has them. For the files of this folder, and for changes:
 * defects and other ways of an end, made from outside. A change alters what leaves an end, what arrives there, or what
 * an application asks of it.
 */
#include "association/association.h"

struct rpcancel_ends {
    struct rpcancel_setup *setup;
    struct rpcancel_association_state *state; /* fates and queues; the ends are in |client| and |server| */
    struct rpcancel_step_outcome *outcome;
    struct rpcancel_client client;
    struct rpcancel_server server;
    struct rpcancel_client_host client_host;
    struct rpcancel_server_host server_host;
    bool fills_outbox;       /* request fragments go there */
    bool connection_ends;    /* what the server is told of comes from the end of the connection */
    size_t client_room_size; /* octets of |client_room| that were asked for in this step, for |client_room_call| */
    size_t server_room_size;
    unsigned client_room_call; /* positions in |fates| */
    unsigned server_room_call;
    uint8_t client_room[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
    uint8_t server_room[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8];
};

/* A defect of an end, or another way that it may have. Members may be NULL. */
struct rpcancel_wire_change {
    const char *name;
    const char *text; /* what is different, in a sentence */
    /* |pdu| leaves |sender| and may be altered. Returns how often it is sent. */
    unsigned (*leaves)(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, struct rpcancel_pdu *pdu);
    /* |pdu| arrives, from |sender|, and may be altered. False: the end does not see it. */
    bool (*arrives)(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, struct rpcancel_pdu *pdu);
    /* Comes after |action|, which happened. */
    void (*after)(struct rpcancel_ends *ends, struct rpcancel_action action);
};

/* rpcancel_ends_send puts |pdu| on its way, past the change; rpcancel_ends_close ends the connection on that side. */
void rpcancel_ends_send(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender, const struct rpcancel_pdu *pdu);
void rpcancel_ends_close(struct rpcancel_ends *ends, enum rpcancel_pdu_sender sender);

/* rpcancel_ends_begin unpacks |state|; rpcancel_ends_finish packs what became of it. */
void rpcancel_ends_begin(struct rpcancel_ends *ends, struct rpcancel_setup *setup,
                         struct rpcancel_association_state *state, struct rpcancel_step_outcome *outcome);
void rpcancel_ends_finish(struct rpcancel_ends *ends);

/* rpcancel_ends_fate returns what is known of the call of that number; NULL when there is none. */
struct rpcancel_fate *rpcancel_ends_fate(struct rpcancel_ends *ends, uint32_t call_id);

/* rpcancel_ends_keep returns the number that the |size| octets have in the table of fragments, or 0, with the outcome
 * full. */
uint16_t rpcancel_ends_keep(struct rpcancel_ends *ends, const uint8_t *bytes, size_t size);

/* rpcancel_ends_pattern sets |octets| to the stub data of the call at position |call| of |fates|. */
void rpcancel_ends_pattern(unsigned call, bool is_response, uint8_t octets[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX * 8]);

/* rpcancel_ends_wrong notes that an end broke its contract; the first note stays. */
void rpcancel_ends_wrong(struct rpcancel_ends *ends, const char *text);

#endif
