// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_CLIENT_H
#define RPCANCEL_DATAGRAM_CLIENT_H
/*
 * The client's end of calls over datagrams: an activity, which has one call at a time. No I/O, no clock and no memory
 * of its own: datagrams come in by rpcancel_datagram_client_receive and time by rpcancel_datagram_client_elapse; what
 * to send and what the caller has to know go out by the functions of its host. C706 CL_CLIENT, its regions PING, CANCEL
 * and DATA as FreeDCE has them, and MS-RPCE 3.2.2 where a profile says so.
 *
 *   idle ── call ──> calling ── response, fault, reject ──> idle
 *                       │  ├── cancel_ack that ends the call (choices) ──> idle
 *                       │  └── given up: cancel time-out, no answer, orphan ──> orphaning, or idle (choices)
 *                       │                                                      │
 *                       └ cancel: cl_cancel, again until acknowledged          └ cl_cancel without a body, again, until
 *                                                                                it is acknowledged or for 3 s; then
 * idle
 *
 * Requests and responses have one fragment each. All times are in ms. A client is used by one thread at a time;
 * functions of the host call nothing here.
 */
#include "datagram/choices.h"
#include "datagram/datagram.h"
#include "datagram/timers.h"

enum {
    RPCANCEL_TIMEOUT_PING = 2000,      /* C706 appendix K */
    RPCANCEL_PINGS_MAX = 4,            /* without an answer; ours: no text that was read has a number */
    RPCANCEL_QUIT_INTERVAL = 1000,     /* FreeDCE: repetition of cl_cancel without a body, */
    RPCANCEL_QUIT_TIMEOUT = 3000,      /* and for how long */
    RPCANCEL_CANCEL_LIMIT_LEAST = 2000 /* MS-RPCE: what a repetition may be limited to */
};

/* How a call ended. */
enum rpcancel_datagram_end {
    RPCANCEL_DATAGRAM_END_RESPONSE,
    RPCANCEL_DATAGRAM_END_FAULT,     /* |status| of a fault */
    RPCANCEL_DATAGRAM_END_REJECT,    /* |status| of a reject: it did not execute */
    RPCANCEL_DATAGRAM_END_CANCELLED, /* a cancel_ack ended it: acknowledged (W125), or the server has orphaned it */
    RPCANCEL_DATAGRAM_END_TIMEOUT,   /* the cancel time-out ran out (W126) */
    RPCANCEL_DATAGRAM_END_LOST,      /* no answer, another server, or an answer in fragments */
    RPCANCEL_DATAGRAM_ENDS
};

/* rpcancel_datagram_end_name returns a word for |end|: "response". Static storage. */
const char *rpcancel_datagram_end_name(enum rpcancel_datagram_end end);

struct rpcancel_datagram_result {
    uint32_t sequence;
    enum rpcancel_datagram_end end;
    uint32_t status;
    bool cancel_pending;            /* a cancel of the call is pending at the client now; |counts_pending| only */
    bool big_endian;                /* the stub data is */
    struct rpcancel_span stub_data; /* of a response; until the function returns */
};

/* What the client asks of whoever it runs in. |context| is handed on. */
struct rpcancel_datagram_client_host {
    void *context;
    void (*send)(void *context, const uint8_t *bytes, size_t size);
    /* The call is over for the caller. */
    void (*completed)(void *context, const struct rpcancel_datagram_result *result);
};

enum rpcancel_datagram_client_state { RPCANCEL_DATAGRAM_IDLE, RPCANCEL_DATAGRAM_CALLING, RPCANCEL_DATAGRAM_ORPHANING };

struct rpcancel_datagram_client {
    const struct rpcancel_datagram_client_host *host;
    const struct rpcancel_datagram_choices *choices;
    struct rpcancel_uuid activity;
    struct rpcancel_syntax interface;
    uint32_t server_boot; /* 0: not known yet */
    uint32_t sequence;    /* of the call, or of the last one */
    uint16_t opnum;
    uint8_t state; /* enum rpcancel_datagram_client_state */
    uint8_t pings; /* without an answer */
    bool is_idempotent;
    bool is_known;         /* the server showed that it has the request */
    bool is_answered;      /* the last call, by response or fault */
    bool is_accepting;     /* the server takes cancels, as far as it said */
    bool was_pending;      /* the server said that a cancel is pending, or the time-out ran out */
    uint32_t cancels;      /* of this call: the last cancel_id */
    uint32_t acknowledged; /* the highest cancel_id that was */
    uint32_t timeout;      /* of its cancels, or RPCANCEL_NEVER */
    uint32_t interval;     /* between the next repetitions of cl_cancel */
    /* ms until each runs out, or RPCANCEL_NEVER. */
    uint32_t ping_timer, cancel_timer, timeout_timer, quit_timer, quit_end_timer;
    struct rpcancel_span stub_data; /* of the call's request */
};

/* rpcancel_datagram_client_init begins an activity, for calls of |interface|. |host| and |choices| stay. */
void rpcancel_datagram_client_init(struct rpcancel_datagram_client *client,
                                   const struct rpcancel_datagram_client_host *host,
                                   const struct rpcancel_datagram_choices *choices,
                                   const struct rpcancel_uuid *activity, const struct rpcancel_syntax *interface);

/*
 * rpcancel_datagram_client_call issues a call, whose number is then |client->sequence|. |stub_data| stays until the
 * call is over, and fits a datagram of RPCANCEL_DATAGRAM_MAX octets. |timeout|: of its cancels, or RPCANCEL_NEVER.
 * False, with nothing sent: not idle, or too much stub data.
 */
bool rpcancel_datagram_client_call(struct rpcancel_datagram_client *client, uint16_t opnum,
                                   struct rpcancel_span stub_data, bool is_idempotent, uint32_t timeout);

/* rpcancel_datagram_client_cancel cancels the call and waits on; with a time-out of 0 it is given up at once (W85 in
 * datagrams). False: there is no call. */
bool rpcancel_datagram_client_cancel(struct rpcancel_datagram_client *client);

/* rpcancel_datagram_client_orphan gives the call up. It is over for the caller, who is not told. False: there is none.
 */
bool rpcancel_datagram_client_orphan(struct rpcancel_datagram_client *client);

/* rpcancel_datagram_client_receive takes in one datagram. What is not for this activity, or cannot be read, is dropped.
 */
void rpcancel_datagram_client_receive(struct rpcancel_datagram_client *client, const uint8_t *bytes, size_t size);

/* rpcancel_datagram_client_next returns the ms until the next timer runs out, or RPCANCEL_NEVER. */
uint32_t rpcancel_datagram_client_next(const struct rpcancel_datagram_client *client);

/* rpcancel_datagram_client_elapse lets |ms| pass, with all that happens meanwhile. */
void rpcancel_datagram_client_elapse(struct rpcancel_datagram_client *client, uint32_t ms);

#endif
