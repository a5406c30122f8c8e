// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_OBSERVER_H
#define RPCANCEL_WIRE_OBSERVER_H
/*
 * The packet observer: what follows about one association from the PDUs that were seen on it so far, in the order of
 * one place on the way. It looks at nothing else, so live runs and captures feed it alike.
 *
 * What order tells. A PDU of the client that passes after one of the server was not read by the server before it sent
 * that one; whether one that passed earlier was, is open, until the server answers something that the client sent
 * behind it: a connection is a stream, so the server has read it then ("known read"). That is the order of reading;
 * when a manager routine was entered, or a cancel delivered to it, no order of packets tells.
 *
 * Places in the order are ranks: 0 is known read, the rest counts from 1 without gaps. So the observer is flat, bytes
 * are identity, and a search over it closes.
 */
/*
 * More calls than there are places. One that is over for the client, which may live on for ever, is forgotten then:
 * orphaned, or a maybe call that the server is past. What has its call_id, or one between the lowest and the highest of
 * those that were lost, is judged by no rule about calls any longer, since a reply may still come; all else goes on.
 * What a lost call may explain of the rest is kept: that it may be in the way of others, until the server has answered
 * something that was sent later; and for ever, that there may be one at the server, that it announced much, and that
 * its manager routine may have to close the connection. Where more are outstanding than there are places (with
 * multiplexing a client may have as many as it likes), calls are judged no longer: what becomes of one that nobody
 * follows decides what every later PDU means.
 */
#include "wire/pdu.h"

enum {
    RPCANCEL_WIRE_CALLS_MAX = 32,  /* outstanding or orphaned; see above */
    RPCANCEL_WIRE_PROBES_MAX = 32, /* cancel PDUs not known to be read */
    RPCANCEL_WIRE_ENDED_MAX = 32,  /* the last call_ids whose call is over */
    RPCANCEL_WIRE_CONTEXTS_MAX = 8 /* presentation contexts */
};

/* What the operation of a call does with cancels, where somebody knows (a live run with its target file). */
enum rpcancel_wire_operation_class {
    RPCANCEL_CLASS_UNKNOWN,
    RPCANCEL_CLASS_FAST,   /* returns at once, never looks for a cancel */
    RPCANCEL_CLASS_PARK,   /* waits for a cancel, takes it, and raises it as a fault */
    RPCANCEL_CLASS_HOLD,   /* waits to be released, never looks for a cancel */
    RPCANCEL_CLASS_STREAM, /* returns much at once, never looks for a cancel */
    RPCANCEL_WIRE_CLASSES
};

/* rpcancel_wire_class_name returns the word for |class| in target files: "fast"; "" for UNKNOWN. Static storage. */
const char *rpcancel_wire_class_name(enum rpcancel_wire_operation_class class);

enum rpcancel_wire_event_kind {
    RPCANCEL_WIRE_PDU,        /* a fragment */
    RPCANCEL_WIRE_UNREADABLE, /* octets that cannot be decoded as one; |complaint| says why */
    RPCANCEL_WIRE_CLOSED,     /* |sender| closed the connection */
    RPCANCEL_WIRE_RELEASED    /* the server is about to be told to let the call |released| go on, that of a HOLD */
};

enum { RPCANCEL_WIRE_RELEASED_ALL = -1 };

/* Made by wire/event.h. */
struct rpcancel_wire_event {
    uint8_t kind;                            /* enum rpcancel_wire_event_kind */
    uint8_t sender;                          /* RPCANCEL_SENDER_CLIENT or RPCANCEL_SENDER_SERVER */
    uint8_t class;                           /* enum rpcancel_wire_operation_class, of a request's first fragment */
    int64_t released;                        /* of RELEASED: a call_id, or RPCANCEL_WIRE_RELEASED_ALL */
    struct rpcancel_pdu pdu;                 /* points into |octets|; of UNREADABLE no more than the header is set */
    struct rpcancel_pdu_complaint complaint; /* of UNREADABLE */
    struct rpcancel_span octets;             /* the fragment, or what cannot be read from its beginning on */
};

/* Where a call stands. */
enum rpcancel_wire_phase {
    RPCANCEL_PHASE_NONE,
    RPCANCEL_PHASE_ASSEMBLING, /* its request is not complete */
    RPCANCEL_PHASE_REQUESTED,  /* it is, and nothing was answered */
    RPCANCEL_PHASE_ANSWERING   /* a response has begun */
};

struct rpcancel_wire_call {
    uint32_t call_id;
    uint8_t phase;                 /* enum rpcancel_wire_phase */
    uint8_t class;                 /* enum rpcancel_wire_operation_class */
    uint8_t drep;                  /* the first octet of its first fragment's */
    uint8_t first;                 /* rank of its first fragment */
    uint8_t last;                  /* rank of its last one, once it was sent; 0 before that means nothing */
    bool pending_cancel : 1;       /* PENDING_CANCEL on the first fragment */
    bool later_pending_cancel : 1; /* on another one */
    bool maybe : 1;
    bool reused : 1;                  /* a call of that call_id had ended before */
    bool alone : 1;                   /* no other call may have been at the server when it began */
    bool cut_in : 1;                  /* it began while another one surely was not complete, or not answered (W32) */
    bool cut_in_orphaned : 1;         /* the same, but that other one was orphaned (W108) */
    bool announced_much : 1;          /* its alloc_hint exceeds 4 MiB */
    bool in_fragments : 1;            /* its first fragment is not its last */
    bool cut_in_itself : 1;           /* on the one that had its call_id, and nothing else was wrong (W32) */
    bool decreased : 1;               /* its call_id is below that of an earlier request */
    bool began_over : 1;              /* it began while a call that was over for the client may have been in its way */
    bool is_passed : 1;               /* over for the client, and the server has accepted a later one since */
    bool went_on_after_orphaned : 1;  /* the client sent more of it */
    bool after_orphaned : 1;          /* it began while an orphaned one may still have run */
    bool released : 1;                /* a HOLD that was told to go on before orphaned was known read */
    bool is_responding : 1;           /* a response has begun, be the request complete or not */
    uint8_t cancels;                  /* co_cancel PDUs; saturates at 255 */
    uint8_t cancels_assembling;       /* those of them before its last fragment */
    uint8_t cancels_read;             /* those of them that are known read */
    uint8_t cancels_held;             /* those that were, when a HOLD was told to go on */
    uint8_t cancels_after_orphaned;   /* co_cancel PDUs, not among |cancels|; saturates at 255 */
    uint8_t last_cancel;              /* rank of the last one */
    uint8_t orphaned;                 /* orphaned PDUs, saturates at 2 */
    uint8_t orphaned_phase;           /* where it stood at the first of them */
    uint8_t orphaned_rank;            /* of the first of them */
    uint8_t fragments_after_orphaned; /* of its response, once orphaned was known read; saturates at 2 */
};

/* A cancel PDU that is not known to be read. */
enum rpcancel_wire_probe_kind {
    RPCANCEL_PROBE_STRAY_CANCEL, /* for no call that is open */
    RPCANCEL_PROBE_STRAY_ORPHANED,
    RPCANCEL_PROBE_LIVE_CANCEL,
    RPCANCEL_PROBE_LIVE_ORPHANED,
    RPCANCEL_PROBE_SECOND_ORPHANED,
    RPCANCEL_PROBE_CANCEL_AFTER_ORPHANED,
    RPCANCEL_PROBE_KINDS
};

struct rpcancel_wire_probe {
    uint32_t call_id;
    uint8_t kind;  /* enum rpcancel_wire_probe_kind */
    uint8_t rank;  /* from 1; 0: the place is free */
    uint8_t flags; /* its pfc_flags */
    bool before_bind : 1;
};

/* What a client did that leaves open what the server makes of it, and of all that follows. */
enum rpcancel_wire_error {
    RPCANCEL_WIRE_ERROR_NONE,
    RPCANCEL_WIRE_ERROR_UNREADABLE,
    RPCANCEL_WIRE_ERROR_DATAGRAM, /* a type of connectionless PDUs */
    RPCANCEL_WIRE_ERROR_TYPE,     /* a type that nobody has, or RTS */
    RPCANCEL_WIRE_ERROR_SENDER,   /* a type that only servers send */
    RPCANCEL_WIRE_ERROR_UNBOUND,  /* a request without an accepted context, or a bind where none belongs */
    RPCANCEL_WIRE_ERROR_FRAGMENT, /* a fragment of no request */
    RPCANCEL_WIRE_ERROR_CUT_IN,   /* a request where another one must end first, or of a call_id that is taken */
    RPCANCEL_WIRE_ERROR_CANCEL, /* a cancel PDU with more than its header, or with flags that nobody was seen to send */
    RPCANCEL_WIRE_ERROR_CROSSED /* none of the client's: the rest of a request that a fault had ended (W35) */
};

/* Status codes of faults that the runtime of a server raises itself, C706 appendix E. */
enum {
    RPCANCEL_FAULT_UNSPEC_REJECT = 0x1C000009,
    RPCANCEL_FAULT_MANAGER_NOT_ENTERED = 0x1C00000C,
    RPCANCEL_FAULT_NO_MEMORY = 0x1C00001B, /* nca_s_fault_remote_no_memory */
    RPCANCEL_FAULT_INVALID_CONTEXT = 0x1C00001C,
    RPCANCEL_FAULT_OP_RNG_ERROR = 0x1C010002,
    RPCANCEL_FAULT_UNK_IF = 0x1C010003,
    RPCANCEL_FAULT_PROTO_ERROR = 0x1C01000B,
    RPCANCEL_FAULT_OUT_ARGS_TOO_BIG = 0x1C010013,
    RPCANCEL_FAULT_SERVER_TOO_BUSY = 0x1C010014
};

/* What a fault that is no cancel refused; over some of them Windows' servers close. */
enum rpcancel_wire_refusal {
    RPCANCEL_WIRE_REFUSED_NOTHING,
    RPCANCEL_WIRE_REFUSED_CALL,            /* something else */
    RPCANCEL_WIRE_REFUSED_CUT_IN,          /* W32 */
    RPCANCEL_WIRE_REFUSED_CUT_IN_ORPHANED, /* W108 */
    RPCANCEL_WIRE_REFUSED_FRAGMENT,        /* W33 */
    RPCANCEL_WIRE_REFUSED_PENDING_CANCEL,  /* W70 */
    RPCANCEL_WIRE_REFUSED_MUCH             /* W20 */
};

enum rpcancel_wire_bind { RPCANCEL_BIND_NONE, RPCANCEL_BIND_ASKED, RPCANCEL_BIND_ACCEPTED, RPCANCEL_BIND_REFUSED };

struct rpcancel_wire_observer {
    bool controlled;    /* whoever feeds it decides what the peer gets and when, and closes only when told to */
    bool incomplete;    /* what becomes of a call nobody can tell any longer: calls are not judged */
    bool orphaned_sent; /* for a call that was open */
    bool went_on_after_orphaned; /* the client sent more of a call after its orphaned */
    bool began_over;             /* a request began while an orphaned or maybe call may have been at the server */
    bool error_answered;         /* the server sent something since the client's first error */
    bool client_closed;
    bool offered_multiplexing, multiplexing; /* CONC_MPX in bind; in bind_ack, too */
    bool offered_signing;                    /* bit 0x04 in bind */
    bool authenticated;                      /* bind or alter_context had a verifier */
    bool verifier_sent;                      /* on a cancel PDU after that; whether it is right, packets do not show */
    bool cancel_sent, any_orphaned_sent;     /* co_cancel, orphaned, for whatever call_id */
    bool shutdown;                           /* the server sent one */
    bool interleaved;   /* with multiplexing a request began before the fragments of another one were sent */
    bool has_crossed;   /* a reply may be taken for that of a later call with the same call_id */
    bool stray_reply;   /* the server sent a reply for no open call since the last request */
    bool is_cut_short;  /* the last request that was begun was answered by a fault before it was complete, */
    bool is_fault_open; /* the last fault was not marked as its last fragment */
    uint8_t refusal;    /* enum rpcancel_wire_refusal: of the last fault, while nothing shows that the server went on */
    uint8_t refusal_rank;                       /* the highest rank that was in use then */
    uint8_t bind;                               /* enum rpcancel_wire_bind */
    uint8_t minor_version;                      /* of bind */
    uint8_t features_asked, features_granted;   /* bind-time features */
    uint8_t feature_elements;                   /* how many elements asked for them */
    uint8_t altered_features, altered_elements; /* the same, of the last alter_context */
    uint8_t sent;                               /* the highest rank in use */
    uint8_t other;      /* rank of the last PDU of the client that is neither cancel nor orphaned */
    uint8_t binds;      /* bind and alter_context PDUs that are not answered; saturates at 255 */
    uint8_t bind_rank;  /* of the last of them; 0: none */
    uint8_t error;      /* enum rpcancel_wire_error: the client's first; what the server makes of it is mostly free */
    uint8_t error_rank; /* of that */
    uint8_t call_places, probe_places; /* those in use are below */
    uint8_t ended_count;
    uint8_t ended_unknown;               /* so many of |ended|, from the front, the client need not have heard of yet */
    uint8_t asked_count, accepted_count; /* presentation contexts of the bind in hand, and those that are accepted */
    bool has_lost;                       /* a call */
    bool has_lost_orphaned;              /* one that was orphaned */
    bool is_lost_in_the_way;             /* one that was lost may be */
    bool is_lost_unknown;                /* one was, of an operation that nobody knows */
    bool is_lost_much;                   /* one announced much */
    uint8_t lost_rank;                   /* what was lost began before */
    uint32_t lost_low, lost_high;        /* the call_ids of those are between these */
    bool contexts_lost;                  /* there were more than are followed here */
    uint16_t asked[RPCANCEL_WIRE_CONTEXTS_MAX], accepted[RPCANCEL_WIRE_CONTEXTS_MAX]; /* p_cont_id */
    uint16_t client_receive, server_receive;                                          /* max_recv_frag, 0: not known */
    uint32_t highest_call_id;                                                         /* of a request */
    uint32_t cut_short;                      /* the call_id of that, when |is_cut_short| */
    uint32_t open_fault;                     /* and of that, when |is_fault_open| */
    uint32_t ended[RPCANCEL_WIRE_ENDED_MAX]; /* call_ids, the latest first */
    uint32_t ended_orphaned;                 /* bit n: the client gave up the call of |ended|[n], before or since */
    struct rpcancel_wire_call calls[RPCANCEL_WIRE_CALLS_MAX];
    struct rpcancel_wire_probe probes[RPCANCEL_WIRE_PROBES_MAX];
};

/* rpcancel_wire_observer_reset begins with a connection that was just opened. |controlled|: see above. */
void rpcancel_wire_observer_reset(struct rpcancel_wire_observer *observer, bool controlled);

/* rpcancel_wire_observe takes |event| in. */
void rpcancel_wire_observe(struct rpcancel_wire_observer *observer, const struct rpcancel_wire_event *event);

/* rpcancel_wire_find_call returns the call of that call_id that is open or orphaned, or NULL. */
const struct rpcancel_wire_call *rpcancel_wire_find_call(const struct rpcancel_wire_observer *observer,
                                                         uint32_t call_id);

/* rpcancel_wire_has_ended tells whether a call of that call_id is over, of those that are remembered. */
bool rpcancel_wire_has_ended(const struct rpcancel_wire_observer *observer, uint32_t call_id);

/* rpcancel_wire_is_lost tells whether |call_id| may be that of a call which was lost, and of none that is followed. */
bool rpcancel_wire_is_lost(const struct rpcancel_wire_observer *observer, uint32_t call_id);

/* rpcancel_wire_was_orphaned tells whether the client sent orphaned for the last call of that call_id, as far as it is
 * remembered. */
bool rpcancel_wire_was_orphaned(const struct rpcancel_wire_observer *observer, uint32_t call_id);

/* rpcancel_wire_assembling returns the call whose request is being sent and was not orphaned, or NULL. */
const struct rpcancel_wire_call *rpcancel_wire_assembling(const struct rpcancel_wire_observer *observer);

/* rpcancel_wire_is_over_for_client tells whether the client has done with |call|: nothing needs to follow, whatever the
 * server still does. It is orphaned, or a complete maybe call. */
bool rpcancel_wire_is_over_for_client(const struct rpcancel_wire_call *call);

/* rpcancel_wire_surely_waits tells whether the operation of |call| waits for what did not come, as far as it is known:
 * there is no reply to the call yet. */
bool rpcancel_wire_surely_waits(const struct rpcancel_wire_call *call);

/* rpcancel_wire_was_cut_short tells whether the request |call_id|, the last one that was begun, was answered by a fault
 * before it was complete. */
bool rpcancel_wire_was_cut_short(const struct rpcancel_wire_observer *observer, uint32_t call_id);

/* rpcancel_wire_open_calls returns how many calls are open, those left out that are over for the client. */
unsigned rpcancel_wire_open_calls(const struct rpcancel_wire_observer *observer);

/*
 * rpcancel_wire_known_read returns the highest rank that is known read once |event| was seen; 0 when it tells nothing
 * new. Only PDUs of the server tell.
 */
unsigned rpcancel_wire_known_read(const struct rpcancel_wire_observer *observer,
                                  const struct rpcancel_wire_event *event);

/* rpcancel_wire_goes_on_with_fault tells whether |pdu| is another fragment of the last fault. */
bool rpcancel_wire_goes_on_with_fault(const struct rpcancel_wire_observer *observer, const struct rpcancel_pdu *pdu);

/* rpcancel_wire_is_cancel_fault tells whether |pdu| is a fault that means nca_s_fault_cancel, in either form (W66). */
bool rpcancel_wire_is_cancel_fault(const struct rpcancel_pdu *pdu);

/* rpcancel_wire_features_asked returns the bind-time features that |bind| asks for; |*elements| is set to how many of
 * its contexts do. */
uint8_t rpcancel_wire_features_asked(const struct rpcancel_pdu *bind, unsigned *elements);

#endif
