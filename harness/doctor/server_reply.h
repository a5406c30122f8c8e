// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DOCTOR_SERVER_REPLY_H
#define RPCANCEL_DOCTOR_SERVER_REPLY_H
/*
 * What a server answered, and what that means: no I/O.
 */
#include "doctor/notes.h"
#include "runtime/target.h"
#include "rules/judge.h"

enum rpcancel_server_said {
    RPCANCEL_SAID_NOTHING,    /* in time */
    RPCANCEL_SAID_NO_CONNECT, /* there is no connection: |error| */
    RPCANCEL_SAID_END,        /* it closed the connection */
    RPCANCEL_SAID_NONSENSE,   /* octets that are no PDU */
    RPCANCEL_SAID_BIND_ACK,
    RPCANCEL_SAID_BIND_NAK,
    RPCANCEL_SAID_FAULT,
    RPCANCEL_SAID_RESPONSE
};

struct rpcancel_server_reply {
    enum rpcancel_server_said said;
    int error;           /* NO_CONNECT: errno */
    unsigned took_ms;    /* up to its end; NOTHING: how long it was waited for */
    uint32_t status;     /* FAULT */
    bool is_cancel;      /* FAULT: that of a cancel, perhaps by a `code` of the target */
    bool is_multiplexed; /* BIND_ACK: concurrent multiplexing is granted */
    uint16_t result;     /* BIND_ACK: of the presentation context */
    uint16_t reason;     /* BIND_ACK: of a rejection; BIND_NAK */
    unsigned fragments;  /* RESPONSE */
    size_t octets;       /* RESPONSE: of stub data */
    uint32_t number;     /* RESPONSE: its first four octets, little-endian */
    char text[24];       /* NONSENSE: the first octets, those that cannot be shown as `.` */
};

enum { RPCANCEL_REPLY_TEXT_MAX = 160 };

/* rpcancel_reply_print says in words what |reply| is: "a fault with status 0x1c010002". */
void rpcancel_reply_print(const struct rpcancel_server_reply *reply, char out[RPCANCEL_REPLY_TEXT_MAX]);

/* rpcancel_reply_is_bound tells whether a bind was accepted by it. */
bool rpcancel_reply_is_bound(const struct rpcancel_server_reply *reply);

/* Each of these adds what is to be said of what was tried; |deadline_ms| is that of an answer. */
void rpcancel_judge_connect(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply);
void rpcancel_judge_bind(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply);
void rpcancel_judge_fast(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply, unsigned opnum,
                         unsigned deadline_ms);
void rpcancel_judge_second(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply);
/* |other| is the answer to `fast` while a call waits, where |is_tried|. */
void rpcancel_judge_multiplexed(struct rpcancel_notes *notes, const struct rpcancel_server_reply *bind, bool is_tried,
                                const struct rpcancel_server_reply *other);
/* |before| came before the co_cancel (NOTHING is right), |after| behind it. */
void rpcancel_judge_park(struct rpcancel_notes *notes, const struct rpcancel_server_reply *before,
                         const struct rpcancel_server_reply *after);
/* |before| came before the release, |release| is the answer to that, |after| the call's behind it. */
void rpcancel_judge_hold(struct rpcancel_notes *notes, bool counts, const struct rpcancel_server_reply *before,
                         const struct rpcancel_server_reply *release, const struct rpcancel_server_reply *after);
void rpcancel_judge_stream(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply);
void rpcancel_judge_alive(struct rpcancel_notes *notes, const struct rpcancel_server_reply *reply);

/* rpcancel_judge_unnamed says which operations |target| does not name, and how many of the rules in |set| need them. */
void rpcancel_judge_unnamed(struct rpcancel_notes *notes, const struct rpcancel_target *target,
                            const struct rpcancel_rule_set *set);

#endif
