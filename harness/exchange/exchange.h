// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_H
#define RPCANCEL_EXCHANGE_H
/*
 * Calls over datagrams as a machine: both ends of src/datagram, one activity, the datagrams between them, and the
 * little that is known of each call outside, as one flat state with a total, deterministic step. It is to datagrams
 * what association/association.h is to connections.
 *
 * The network keeps at most so many datagrams each way (|capacity|). It loses, doubles and reorders as actions say;
 * without reordering the oldest arrives first. Time passes by an action, to the next timer of either end.
 *
 * A setup and all states of it are used by one thread at a time.
 */
#include <assert.h>

#include "datagram/client.h"
#include "datagram/server.h"
#include "flat_table.h"

enum {
    RPCANCEL_EXCHANGE_CALLS = 3,
    RPCANCEL_EXCHANGE_WAY_MAX = 4,     /* datagrams on their way, in each direction */
    RPCANCEL_EXCHANGE_EVENTS_MAX = 24, /* of one step */
    RPCANCEL_DATAGRAM_OCTETS = 102,    /* that the table of datagrams has room for */
    RPCANCEL_EXCHANGE_STRAYS = 8,      /* of each direction */
    RPCANCEL_EXCHANGE_BOOT = 0x5000,   /* server_boot */
    RPCANCEL_EXCHANGE_PEER = 7         /* the client, to the server */
};

enum { RPCANCEL_EXCHANGE_OVER_ANSWERED = 1, RPCANCEL_EXCHANGE_OVER_GIVEN_UP };

/* A call as both applications know it. */
struct rpcancel_exchange_fate {
    uint8_t cancels;  /* that its caller issued, while it goes on */
    uint8_t executed; /* how often its manager routine began, 2 for more */
    uint8_t posted;   /* cancels that this was told of, 255 for more; while the call goes on at the client */
    uint8_t taken;    /* |posted| when it asked last */
    uint8_t is_over;  /* for its caller: RPCANCEL_EXCHANGE_OVER_ANSWERED or …OVER_GIVEN_UP, or 0 */
    uint8_t given_up; /* the server was told so */
    uint8_t unused[2];
};

struct rpcancel_exchange_state {
    struct rpcancel_exchange_fate fates[RPCANCEL_EXCHANGE_CALLS]; /* by sequence number, from 1 */
    uint16_t to_server[RPCANCEL_EXCHANGE_WAY_MAX]; /* in order, or sorted where the network reorders; 0 behind them */
    uint16_t to_client[RPCANCEL_EXCHANGE_WAY_MAX];
    uint8_t to_server_count, to_client_count;
    uint8_t strays; /* datagrams that neither end sent */
    uint8_t memory; /* of a change (exchange/ends.h); 0 without one */
    /* The ends, as far as they change: see struct rpcancel_datagram_client and struct rpcancel_activity. */
    struct {
        uint32_t cancels, acknowledged, interval;
        uint32_t ping_timer, cancel_timer, timeout_timer, quit_timer, quit_end_timer;
        uint8_t state, sequence, pings, knows_boot;
        uint8_t is_known, is_answered, is_accepting, was_pending;
    } client;
    struct {
        uint32_t cancels, resend_timer;
        uint8_t state, sequence, cancel_pending, is_fault;
        uint8_t flags, resends, unused[2];
    } server;
    uint32_t unused;
};
static_assert(sizeof(struct rpcancel_exchange_state) == 24 + 16 + 4 + 40 + 16 + 4,
              "no padding: bytes are identity, in whole words");

enum rpcancel_exchange_action_kind {
    RPCANCEL_EXCHANGE_CALL,          /* the client issues a call */
    RPCANCEL_EXCHANGE_CANCEL,        /* its caller cancels it and waits on */
    RPCANCEL_EXCHANGE_ORPHAN,        /* its caller gives it up */
    RPCANCEL_EXCHANGE_ARRIVE_SERVER, /* the datagram at |place| arrives there */
    RPCANCEL_EXCHANGE_ARRIVE_CLIENT,
    RPCANCEL_EXCHANGE_DOUBLE_SERVER, /* it arrives, and stays on its way */
    RPCANCEL_EXCHANGE_DOUBLE_CLIENT,
    RPCANCEL_EXCHANGE_LOSE_SERVER, /* it is lost */
    RPCANCEL_EXCHANGE_LOSE_CLIENT,
    RPCANCEL_EXCHANGE_TAKE,    /* the manager routine sees the cancels of the call */
    RPCANCEL_EXCHANGE_RESPOND, /* it answers */
    RPCANCEL_EXCHANGE_FAULT,
    RPCANCEL_EXCHANGE_WAIT,         /* time passes, to the next timer */
    RPCANCEL_EXCHANGE_STRAY_SERVER, /* what no client of ours sends is on its way to the server: number |place| */
    RPCANCEL_EXCHANGE_STRAY_CLIENT, /* likewise what no server of ours sends */
    RPCANCEL_EXCHANGE_ACTIONS
};

struct rpcancel_exchange_action {
    uint8_t kind; /* enum rpcancel_exchange_action_kind */
    uint8_t place;
};

enum rpcancel_exchange_event_kind {
    RPCANCEL_EXCHANGE_SENT,      /* |datagram|, by |sender| */
    RPCANCEL_EXCHANGE_ARRIVED,   /* |datagram|, that |sender| sent */
    RPCANCEL_EXCHANGE_CANCELLED, /* the call |sequence|, by its caller */
    RPCANCEL_EXCHANGE_ENDED,  /* likewise; |number| is an enum rpcancel_datagram_end, or their count: it was given up */
    RPCANCEL_EXCHANGE_POSTED, /* |number| cancels to the manager routine of the call |sequence| */
    RPCANCEL_EXCHANGE_STRAYED /* |datagram|, by somebody who takes himself for |sender| */
};

struct rpcancel_exchange_event {
    uint8_t kind;      /* enum rpcancel_exchange_event_kind */
    uint8_t sender;    /* enum rpcancel_pdu_sender: whose datagram, or whose end tells */
    uint16_t datagram; /* number in the table */
    uint32_t sequence, number;
};

/* What a step did. */
struct rpcancel_exchange_outcome {
    bool happened;     /* else nothing changed: there is no such call, datagram … here */
    bool is_full;      /* it did not happen, as it had left more on the way than the network keeps */
    const char *wrong; /* an end, or both together, broke a promise, in a few words; else NULL */
    uint32_t elapsed;  /* ms that passed, before any of the events */
    unsigned count;
    struct rpcancel_exchange_event events[RPCANCEL_EXCHANGE_EVENTS_MAX]; /* in order */
};

struct rpcancel_exchange_change; /* exchange/ends.h */

/* What all states of a search have in common. */
struct rpcancel_exchange_setup {
    struct rpcancel_datagram_choices choices; /* of both ends, before |change| */
    unsigned capacity; /* datagrams that the network keeps each way, at most RPCANCEL_EXCHANGE_WAY_MAX */
    bool reorders;
    bool idempotent;  /* calls are */
    bool is_reliable; /* nothing is lost, doubled or late: each promise that depends on it is to be kept */
    uint32_t tick;    /* ms that pass at once, at most; 0: all until the next timer */
    uint32_t timeout; /* of their cancels, ms, or RPCANCEL_NEVER */
    const struct rpcancel_exchange_change *change; /* NULL for the ends as they are */
    struct rpcancel_flat_table datagrams;          /* struct rpcancel_kept_datagram; number 0 is none */
    uint16_t strays_to_server[RPCANCEL_EXCHANGE_STRAYS], strays_to_client[RPCANCEL_EXCHANGE_STRAYS];
};

/* A datagram as the table keeps it. */
struct rpcancel_kept_datagram {
    uint16_t size;
    uint8_t bytes[RPCANCEL_DATAGRAM_OCTETS];
};
static_assert(sizeof(struct rpcancel_kept_datagram) % 8 == 0, "whole words");

/* The activity of the client, and the one interface. */
extern const struct rpcancel_uuid rpcancel_exchange_activity;
extern const struct rpcancel_interface rpcancel_exchange_interface;

/* rpcancel_exchange_stub_data returns the stub data of the request, or the response, of call |sequence|. Static
 * storage. */
struct rpcancel_span rpcancel_exchange_stub_data(uint32_t sequence, bool is_response);

/*
 * rpcancel_exchange_open sets |*start| to an idle client and a server that does not know it. The caller has set the
 * members of |setup| above |datagrams|. False without memory. End with rpcancel_exchange_close.
 */
bool rpcancel_exchange_open(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *start);
void rpcancel_exchange_close(struct rpcancel_exchange_setup *setup);

/* rpcancel_exchange_step carries out |action| and sets |*outcome|; |*state| is undefined unless it happened. Without
 * memory for a datagram that is new, |outcome->is_full| is set. */
void rpcancel_exchange_step(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *state,
                            struct rpcancel_exchange_action action, struct rpcancel_exchange_outcome *outcome);

/* rpcancel_datagram_at sets |*kept| to datagram |number|, not 0. */
void rpcancel_datagram_at(const struct rpcancel_exchange_setup *setup, unsigned number,
                          struct rpcancel_kept_datagram *kept);

#endif
