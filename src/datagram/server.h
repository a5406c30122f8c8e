// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_SERVER_H
#define RPCANCEL_DATAGRAM_SERVER_H
/*
 * The server's end of calls over datagrams: activities of any number of clients. No I/O, no clock and no memory of its
 * own, as datagram/client.h has it. C706 CL_SERVER, its regions CONTROL, CANCEL and WORKING as FreeDCE has them, and
 * MS-RPCE 3.2.3 where a profile says so.
 *
 * The call of an activity is in one of these states; one of a higher sequence number takes its place. Cancels are legal
 * in each, and for calls that do not exist.
 *
 *   none ── request ──> executing ── reply ──> final ── ack, or enough repetitions ──> idle
 *                           │                    └── cl_cancel without a body ──────────┘
 *                           └── cl_cancel without a body, or a later request ──> orphaned ── (reply, not sent) ──> idle
 *
 * Requests and responses have one fragment each: a request in fragments is rejected. Nothing here knows authentication,
 * and no client is asked who it is (the conversation manager of C706 appendix P). A server is used by one thread at a
 * time. Functions of the host may call rpcancel_datagram_server_respond, …_fault and …_take_cancel, and nothing else.
 */
#include "datagram/choices.h"
#include "datagram/datagram.h"
#include "datagram/timers.h"
#include "wire/server.h"

enum {
    RPCANCEL_ACTIVITIES_MAX = 32,
    RPCANCEL_TIMEOUT_RESEND = 2000, /* C706 appendix K: of a reply that is not acknowledged */
    RPCANCEL_RESENDS_MAX = 3        /* ours: no text that was read has a number */
};

/* Status codes of rejects, C706 appendix E, beside those of wire/server.h. */
enum {
    RPCANCEL_NCA_UNSPEC_REJECT = 0x1C000009,
    RPCANCEL_NCA_WRONG_BOOT_TIME = 0x1C010006,
    RPCANCEL_NCA_UNSUPPORTED_AUTHN_LEVEL = 0x1C00001D
};

struct rpcancel_datagram_server;

/* A request that is to be executed. */
struct rpcancel_datagram_request {
    unsigned call; /* names the call in all that follows; below RPCANCEL_ACTIVITIES_MAX */
    const struct rpcancel_interface *interface;
    uint16_t opnum;
    bool big_endian;                /* the stub data is */
    struct rpcancel_span stub_data; /* until the function returns */
};

/* What the server asks of whoever it runs in. |context| is handed on. */
struct rpcancel_datagram_server_host {
    void *context;
    /* Sends a datagram to |peer|, a number that came with one it sent. */
    void (*send)(void *context, uint64_t peer, const uint8_t *bytes, size_t size);
    /* Returns the interface with that syntax, which stays where it is, or NULL. */
    const struct rpcancel_interface *(*find_interface)(void *context, const struct rpcancel_syntax *syntax);
    /* The application answers it now or later. */
    void (*request)(void *context, struct rpcancel_datagram_server *server,
                    const struct rpcancel_datagram_request *request);
    /* |cancels| more cancels came for |call|, which is executing: one cl_cancel may stand for several. */
    void (*cancel)(void *context, struct rpcancel_datagram_server *server, unsigned call, uint32_t cancels);
    /* The client gave |call| up; what is answered will not be sent. Answer it all the same, to set it free. */
    void (*orphaned)(void *context, struct rpcancel_datagram_server *server, unsigned call);
};

enum rpcancel_activity_state {
    RPCANCEL_ACTIVITY_NONE,
    RPCANCEL_ACTIVITY_EXECUTING,
    RPCANCEL_ACTIVITY_FINAL,
    RPCANCEL_ACTIVITY_IDLE,
    RPCANCEL_ACTIVITY_ORPHANED
};

struct rpcancel_activity {
    struct rpcancel_uuid uuid;
    uint64_t peer;       /* of the last datagram of the call */
    uint8_t state;       /* enum rpcancel_activity_state */
    uint8_t flags;       /* of the request */
    bool cancel_pending; /* a cancel that the application has not taken */
    uint32_t sequence;
    uint32_t cancels; /* the highest cancel_id that was accepted */
    struct rpcancel_syntax interface;
    uint16_t opnum;
    uint8_t resends; /* of the reply */
    bool is_fault;   /* the reply is: */
    uint32_t status;
    uint32_t resend_timer;          /* ms left, or RPCANCEL_NEVER */
    struct rpcancel_span stub_data; /* of the reply */
};

struct rpcancel_datagram_server {
    const struct rpcancel_datagram_server_host *host;
    const struct rpcancel_datagram_choices *choices;
    uint32_t boot; /* server_boot */
    struct rpcancel_activity activities[RPCANCEL_ACTIVITIES_MAX];
};

/* rpcancel_datagram_server_init begins a server that was started at |boot|, not 0. |host| and |choices| stay. */
void rpcancel_datagram_server_init(struct rpcancel_datagram_server *server,
                                   const struct rpcancel_datagram_server_host *host,
                                   const struct rpcancel_datagram_choices *choices, uint32_t boot);

/* rpcancel_datagram_server_receive takes in one datagram of |peer|. What cannot be read, and the types that clients do
 * not send, are dropped (W128). */
void rpcancel_datagram_server_receive(struct rpcancel_datagram_server *server, uint64_t peer, const uint8_t *bytes,
                                      size_t size);

/*
 * rpcancel_datagram_server_respond answers |call| with |stub_data|, which fits a datagram of RPCANCEL_DATAGRAM_MAX
 * octets and stays until the next request that has that number; rpcancel_datagram_server_fault answers it with
 * |status|. The call must be executing or orphaned: of an orphaned one nothing is sent.
 */
void rpcancel_datagram_server_respond(struct rpcancel_datagram_server *server, unsigned call,
                                      struct rpcancel_span stub_data);
void rpcancel_datagram_server_fault(struct rpcancel_datagram_server *server, unsigned call, uint32_t status);

/* rpcancel_datagram_server_take_cancel is for the application to say that it saw the cancels of |call|: none is pending
 * any more. Returns whether one was. */
bool rpcancel_datagram_server_take_cancel(struct rpcancel_datagram_server *server, unsigned call);

/* rpcancel_datagram_server_next returns the ms until the next timer runs out, or RPCANCEL_NEVER;
 * rpcancel_datagram_server_elapse lets |ms| pass. */
uint32_t rpcancel_datagram_server_next(const struct rpcancel_datagram_server *server);
void rpcancel_datagram_server_elapse(struct rpcancel_datagram_server *server, uint32_t ms);

#endif
