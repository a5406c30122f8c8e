// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_OBSERVER_H
#define RPCANCEL_DATAGRAM_OBSERVER_H
/*
 * The observer of datagrams: what follows about calls over datagrams from what was seen at one place so far, and from
 * what an end that is under control tells besides. It looks at nothing else.
 *
 * What order tells. Datagrams are lost, doubled and overtake each other, so of what passes in between only one thing is
 * certain: what answers a datagram comes after it. At an end more is: what it sends, it sends in this order, and what
 * arrives there arrives in this order; and where the end is under control (|controlled|), what arrived is taken in
 * before anything that follows. Rules say which of these they need. Where a capture has gaps (|incomplete|), nothing
 * follows from what was not seen.
 *
 * More calls than there are places: the oldest is forgotten, and nothing is judged any longer that needs to know of a
 * call which is not known (|lost|).
 */
#include "datagram/datagram.h"

enum {
    RPCANCEL_DATAGRAM_CALLS_MAX = 32,
    RPCANCEL_REPETITION_MAX = 10000, /* ms within which a cl_cancel is to be repeated: C706 has 1000, FreeDCE 2000 */
    RPCANCEL_EXPIRY_SLACK = 1000,    /* ms that a clock may be late */
    RPCANCEL_SINCE_MAX = 3600000     /* ms at which intervals saturate */
};

enum rpcancel_datagram_place {
    RPCANCEL_BETWEEN, /* anywhere, as in a capture */
    RPCANCEL_AT_CLIENT,
    RPCANCEL_AT_SERVER
};

enum rpcancel_datagram_event_kind {
    RPCANCEL_DATAGRAM_PDU,
    RPCANCEL_DATAGRAM_UNREADABLE, /* |complaint| says why; of |datagram| the header is set if there is one */
    /* What an end tells: of the call that |datagram|'s activity and sequence name. */
    RPCANCEL_DATAGRAM_CANCELLED, /* the client's caller cancelled the call; |timeout| */
    RPCANCEL_DATAGRAM_ENDED,     /* the call is over for the client's caller: |end| */
    RPCANCEL_DATAGRAM_POSTED,    /* |count| cancels were delivered to the server's manager routine */
    RPCANCEL_DATAGRAM_SETTLED    /* all that |sender|'s end does by itself by now was seen; of no call */
};

/* How a call ended, as ENDED tells. */
enum rpcancel_datagram_told_end {
    RPCANCEL_TOLD_ANSWERED,  /* a response, fault or reject */
    RPCANCEL_TOLD_CANCELLED, /* over a cancel_ack, not by its time-out nor because its caller gave it up */
    RPCANCEL_TOLD_TIMEOUT,   /* its cancel time-out ran out */
    RPCANCEL_TOLD_OTHERWISE  /* no answer came, or its caller gave it up */
};

/* Made by datagram/event.h. */
struct rpcancel_datagram_event {
    uint8_t kind;     /* enum rpcancel_datagram_event_kind */
    uint8_t sender;   /* RPCANCEL_SENDER_CLIENT or RPCANCEL_SENDER_SERVER: who sent it, or whose end tells */
    uint8_t end;      /* of ENDED: enum rpcancel_datagram_told_end */
    uint32_t elapsed; /* ms since the event before */
    uint32_t timeout; /* of CANCELLED: ms, or UINT32_MAX for none */
    uint32_t count;   /* of POSTED */
    struct rpcancel_datagram datagram;
    struct rpcancel_datagram_complaint complaint;
    struct rpcancel_span octets; /* of PDU and UNREADABLE */
};

/* What the last cancel_ack that arrived at the client was for the call, as MS-RPCE 3.2.2.5.11 tells them apart. */
enum rpcancel_datagram_ack {
    RPCANCEL_ACK_NONE,
    RPCANCEL_ACK_UNCANCELLED,   /* nothing waited for one (F_CANCELED false) */
    RPCANCEL_ACK_OTHER_VERSION, /* of the body */
    RPCANCEL_ACK_OTHER_ID,
    RPCANCEL_ACK_MATCHING,
    RPCANCEL_ACK_ORPHAN /* without a body, while a cancel waited */
};

struct rpcancel_datagram_call {
    struct rpcancel_uuid activity, interface;
    uint32_t sequence;
    uint16_t opnum;
    uint8_t last_ack;   /* enum rpcancel_datagram_ack */
    bool requested : 1; /* its request was seen; |interface| and |opnum| are of that */
    bool idempotent : 1;
    bool sent_known : 1;      /* the client sent something of a type that clients send */
    bool sent_foreign : 1;    /* it sent something of another type */
    bool other_version : 1;   /* it sent a cl_cancel with a body of another version */
    bool replied : 1;         /* a response, fault or reject was seen */
    bool rejected : 1;        /* a reject was: the server may keep nothing of the call */
    bool ended : 1;           /* told, or |replied|, as seen at the client */
    bool orphan_sent : 1;     /* cl_cancel without a body */
    bool orphan_acked : 1;    /* and cancel_ack without one, while the call went on */
    bool owes_orphan_ack : 1; /* the server took in a cl_cancel without a body that it is to acknowledge */
    bool refuses : 1;         /* the last cancel_ack that counts says that the server does not accept cancels */
    uint32_t cancels;         /* told: how often it was cancelled */
    uint32_t timeout;         /* told with the last of them, ms + 1; 0: none */
    uint32_t sent_id;         /* the cancel_id that was sent last, 0: none */
    uint32_t highest_id;      /* the highest that was sent, with a body of version 0 */
    uint32_t acked_id;        /* the highest that was acknowledged, with |has_ack| */
    bool has_ack;             /* some cancel_ack with a body of version 0 was seen */
    uint32_t posted;          /* cancels delivered to the manager routine */
    uint32_t since_sent;      /* ms since a cl_cancel that is not acknowledged was sent */
    uint32_t since_cancel;    /* ms since the caller cancelled last, while that has a time-out */
};

struct rpcancel_datagram_observer {
    uint8_t place;   /* enum rpcancel_datagram_place */
    bool controlled; /* what arrives at |place| is taken in before anything that follows; and that end tells all */
    bool incomplete; /* something may have passed unseen */
    bool lost;       /* a call was forgotten */
    uint32_t count;  /* of |calls|, the oldest first */
    struct rpcancel_datagram_call calls[RPCANCEL_DATAGRAM_CALLS_MAX];
};

/* rpcancel_datagram_observer_reset begins anew at |place|, where everything is seen. |controlled|: see above. */
void rpcancel_datagram_observer_reset(struct rpcancel_datagram_observer *observer, enum rpcancel_datagram_place place,
                                      bool controlled);

/* rpcancel_datagram_observe takes |event| in. */
void rpcancel_datagram_observe(struct rpcancel_datagram_observer *observer,
                               const struct rpcancel_datagram_event *event);

/* rpcancel_datagram_forget forgets the |count| oldest calls, at most as many as are known, as whoever asks will show
 * nothing more of them: nothing is |lost| by that. Returns the highest of their sequence numbers. */
uint32_t rpcancel_datagram_forget(struct rpcancel_datagram_observer *observer, uint32_t count);

/* rpcancel_datagram_find_call returns the call that |event| is of, or NULL. */
const struct rpcancel_datagram_call *rpcancel_datagram_find_call(const struct rpcancel_datagram_observer *observer,
                                                                 const struct rpcancel_datagram_event *event);

/* rpcancel_datagram_waits_for_ack tells whether a cl_cancel of |call| is to be sent again: it is not acknowledged, and
 * the call goes on. */
bool rpcancel_datagram_waits_for_ack(const struct rpcancel_datagram_call *call);

/* rpcancel_datagram_is_sent_by_clients tells whether clients send datagrams of |type| (W128). */
bool rpcancel_datagram_is_sent_by_clients(unsigned type);

#endif
