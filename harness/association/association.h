// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_H
#define RPCANCEL_ASSOCIATION_H
/*
 * One association as a machine: both ends of src/wire, the fragments between them, and the little that is known of each
 * call outside, as one flat state with a total, deterministic step. It is to the wire what world.h and reference.h are
 * to the API, so that it can be searched (association/search.h) and held against them (association/lockstep.h).
 *
 * A state has what changes. What does not, and what was negotiated, is in the setup; fragments are kept once, in a
 * table of the setup, and a state has their numbers. Fragments are small: 8 octets of stub data each.
 *
 * A setup and all states of it are used by one thread at a time.
 */
#include <assert.h>

#include "flat_table.h"
#include "wire/client.h"
#include "wire/server.h"

enum {
    RPCANCEL_ASSOCIATION_CALLS = 4,
    RPCANCEL_ASSOCIATION_FRAGMENTS_MAX = 3, /* of one request or response */
    RPCANCEL_TO_SERVER_MAX = 20,            /* fragments on their way */
    RPCANCEL_TO_CLIENT_MAX = 12,
    RPCANCEL_SENT_MAX = 16,         /* fragments that one step sends */
    RPCANCEL_SMALL_FRAGMENT = 32,   /* octets, as both ends are told */
    RPCANCEL_FRAGMENT_OCTETS = 118, /* that the table of fragments has room for */
    RPCANCEL_END_OF_CONNECTION = 0, /* in a queue: the sender closed */
    RPCANCEL_STRAY_CALL_ID = 0x7F   /* that no call has */
};

/* What became of a call at the client. */
enum rpcancel_fate_at_client {
    RPCANCEL_FATE_NONE,
    RPCANCEL_FATE_OPEN,
    RPCANCEL_FATE_RESPONSE, /* completed with a response, */
    RPCANCEL_FATE_FAULT,    /* with a fault, */
    RPCANCEL_FATE_LOST,     /* by the end of the connection */
    RPCANCEL_FATE_ABANDONED
};

/* What became of it at the server. */
enum rpcancel_fate_at_server {
    RPCANCEL_FATE_UNKNOWN, /* the application was not told of it */
    RPCANCEL_FATE_EXECUTING,
    RPCANCEL_FATE_ANSWERED
};

/* Why the server's application was told that the client gave a call up. */
enum rpcancel_given_up { RPCANCEL_NOT_GIVEN_UP, RPCANCEL_GIVEN_UP_ORPHANED, RPCANCEL_GIVEN_UP_DISCONNECTED };

/* A call as both applications know it. */
struct rpcancel_fate {
    uint32_t status; /* of the fault it was completed with */
    uint8_t call_id;
    uint8_t at_client;          /* enum rpcancel_fate_at_client */
    uint8_t at_server;          /* enum rpcancel_fate_at_server */
    uint8_t slot;               /* the server's number of it, while it executes */
    uint8_t cancels;            /* that the client issued, one on the first fragment among them */
    uint8_t arrived;            /* of these, that reached the server before the call was over there */
    uint8_t taken;              /* |arrived| when the application asked last */
    uint8_t given_up : 2;       /* enum rpcancel_given_up */
    uint8_t cancel_pending : 1; /* at the client, when the call was completed */
    uint8_t told : 4;           /* cancels that the server's application was told of, 15 for more */
    uint8_t unused : 1;
};
static_assert(sizeof(struct rpcancel_fate) == 12, "no padding: bytes are identity");

struct rpcancel_association_state {
    struct rpcancel_fate fates[RPCANCEL_ASSOCIATION_CALLS];
    uint16_t outbox[RPCANCEL_ASSOCIATION_FRAGMENTS_MAX]; /* fragments of a request that did not leave the client yet */
    uint16_t to_server[RPCANCEL_TO_SERVER_MAX];          /* the first arrives next; 0 beyond the count */
    uint16_t to_client[RPCANCEL_TO_CLIENT_MAX];
    uint8_t outbox_count, to_server_count, to_client_count;
    uint8_t outbox_call;  /* position in |fates| */
    uint8_t client_ended; /* the client does not use the connection any more */
    uint8_t server_ended; /* the server does not */
    uint8_t strays;       /* cancels and orphaned sent for calls that do not exist */
    uint8_t memory;       /* of a change (struct rpcancel_wire_change); 0 without one */
    /* The ends, as far as they change: see struct rpcancel_client and struct rpcancel_server. */
    struct {
        uint8_t call_id, cancels, received;
        uint8_t is_answered : 1, is_open : 1, unused : 6;
    } client_calls[RPCANCEL_ASSOCIATION_CALLS];
    struct {
        uint8_t call_id, cancels;
        uint8_t state : 4, cancel_pending : 1, maybe : 1, unused : 2;
    } server_calls[RPCANCEL_ASSOCIATION_CALLS];
    uint8_t last_call_id;
    uint8_t assembled;
    int16_t assembling;
    uint8_t unused[2];
};
static_assert(sizeof(struct rpcancel_association_state) == 160, "no padding: bytes are identity, in whole words");

enum rpcancel_action_kind {
    RPCANCEL_ACTION_CALL,           /* the client issues |call|, in |argument| fragments, of which the first leaves */
    RPCANCEL_ACTION_CALL_CANCELLED, /* the same with a cancel pending */
    RPCANCEL_ACTION_TRANSMIT,       /* the next fragment leaves */
    RPCANCEL_ACTION_CANCEL,         /* the client cancels |call| and waits on */
    RPCANCEL_ACTION_ABANDON,        /* it gives |call| up; |argument| is an enum rpcancel_client_abandonment */
    RPCANCEL_ACTION_STRAY_CANCEL,   /* it sends co_cancel for a call that does not exist */
    RPCANCEL_ACTION_STRAY_ORPHANED, /* it sends orphaned for one */
    RPCANCEL_ACTION_ARRIVE_SERVER,  /* the next fragment arrives there */
    RPCANCEL_ACTION_ARRIVE_CLIENT,
    RPCANCEL_ACTION_TAKE,    /* the server's application sees the cancel of |call| */
    RPCANCEL_ACTION_RESPOND, /* it answers |call|, in |argument| fragments */
    RPCANCEL_ACTION_FAULT,   /* it answers |call| with |status| */
    RPCANCEL_ACTION_LOSE,    /* the connection ends, with all that is on its way */
    RPCANCEL_ACTIONS
};

struct rpcancel_action {
    uint32_t status; /* FAULT only, not 0 */
    uint8_t kind;    /* enum rpcancel_action_kind */
    uint8_t call;    /* position in |fates| */
    uint8_t argument;
    uint8_t unused;
};

/* What a step did. */
struct rpcancel_step_outcome {
    bool happened;     /* else nothing changed: there is no such call, cancel, fragment … here */
    bool is_full;      /* it did not happen as it had left more on the way than a state holds */
    const char *wrong; /* an end broke its contract, in a few words; else NULL */
    unsigned sent_count;
    struct {
        uint8_t sender; /* enum rpcancel_pdu_sender */
        uint16_t fragment;
    } sent[RPCANCEL_SENT_MAX]; /* what was sent, in order; RPCANCEL_END_OF_CONNECTION: the end closed */
};

struct rpcancel_wire_change;

/* What all states of a search have in common. */
struct rpcancel_setup {
    const struct rpcancel_wire_choices *choices;
    bool multiplexed;      /* concurrent multiplexing was negotiated */
    bool keeps_connection; /* and that orphaned does not end the connection */
    bool renames;          /* call_ids are numbered anew in each state, so that there is no end of calls */
    const struct rpcancel_wire_change *change; /* NULL for the ends as they are */
    struct rpcancel_flat_table fragments;      /* struct rpcancel_kept_fragment; number 0 is no fragment */
    struct rpcancel_step_outcome greeting;     /* bind and bind_ack */
    struct rpcancel_client client;             /* as they are then */
    struct rpcancel_server server;
};

/* A fragment as the table keeps it. */
struct rpcancel_kept_fragment {
    uint16_t size;
    uint8_t bytes[RPCANCEL_FRAGMENT_OCTETS];
};
static_assert(sizeof(struct rpcancel_kept_fragment) % 8 == 0, "whole words");

/*
 * rpcancel_setup_open binds an association by |setup->choices|, |multiplexed|, |keeps_connection|, |renames| and
 * |change|, which the caller has set, and sets |*start| to it. Returns false without memory, or when the bind was not
 * accepted. End with rpcancel_setup_close.
 */
bool rpcancel_setup_open(struct rpcancel_setup *setup, struct rpcancel_association_state *start);
void rpcancel_setup_close(struct rpcancel_setup *setup);

/* rpcancel_association_step carries out |action| and sets |*outcome|. Without memory for a fragment that is new,
 * |outcome->is_full| is set. */
void rpcancel_association_step(struct rpcancel_setup *setup, struct rpcancel_association_state *association,
                               struct rpcancel_action action, struct rpcancel_step_outcome *outcome);

/* rpcancel_fragment_at sets |*kept| to fragment |number|, which is not RPCANCEL_END_OF_CONNECTION. */
void rpcancel_fragment_at(const struct rpcancel_setup *setup, unsigned number, struct rpcancel_kept_fragment *kept);

#endif
