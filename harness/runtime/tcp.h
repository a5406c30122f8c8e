// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_TCP_H
#define RPCANCEL_TCP_H
/*
 * The parts of the runtime over TCP, for its own files and the doctor: a connection that PDUs go over, the PDUs a
 * client sends, and a second connection that nobody judges.
 */
#include <netinet/in.h>
#include <signal.h>

#include "runtime/runtime.h"
#include "runtime/target.h"
#include "wire/pdu.h"

enum { RPCANCEL_TCP_INPUT = 2 * 65536, RPCANCEL_TCP_FRAGMENT = 5840, RPCANCEL_TCP_CAME_MAX = 80 };

/* A connection to the server under test, blocking, with a deadline for every wait. */
struct rpcancel_tcp_connection {
    int socket; /* -1: none */
    unsigned deadline_ms;
    const struct rpcancel_wire_tap *tap; /* told of all that passes; NULL: nobody looks on */
    const struct rpcancel_target *target;
    const volatile sig_atomic_t *interrupted; /* NULL, or: once it is set nothing is waited for */
    /* Told of each PDU that arrives; |context| is handed on. */
    void (*received)(void *context, const struct rpcancel_pdu *pdu);
    void *context;
    bool is_big_endian;        /* that is how PDUs are written */
    bool was_closed_by_server; /* the last one that was open */
    bool was_heard;            /* octets came, of whatever kind, since it was opened or this set to false */
    size_t size;               /* octets of a fragment that is not whole yet */
    uint8_t input[RPCANCEL_TCP_INPUT];
};

/* rpcancel_tcp_read_address reads HOST:PORT, an IPv4 address or localhost, and a port from 1 to 65535. */
bool rpcancel_tcp_read_address(const char *text, struct sockaddr_in *address);

/* rpcancel_tcp_may_speak_to reads |address| as well, and tells whether it is of this machine, or |allow_host|. False
 * with a line for people in |failure|. */
bool rpcancel_tcp_may_speak_to(const char *address, bool allow_host, struct sockaddr_in *parsed,
                               char failure[RPCANCEL_FAILURE_TEXT_MAX]);

/* rpcancel_tcp_deadline returns how many milliseconds an answer may take: as |options| say, else as |target| does. */
unsigned rpcancel_tcp_deadline(const struct rpcancel_runtime_options *options, const struct rpcancel_target *target);

/* rpcancel_tcp_open connects to |address|; false with errno set. */
bool rpcancel_tcp_open(struct rpcancel_tcp_connection *connection, const struct sockaddr_in *address);

/* rpcancel_tcp_close closes it, if it is open, on our side. */
void rpcancel_tcp_close(struct rpcancel_tcp_connection *connection);

/* rpcancel_tcp_leave does the same, but first waits for the server to close it too, |patience_ms| at most: it has read
 * all that was sent then, or is no more. What it still sends is not looked at. Returns whether it closed. */
bool rpcancel_tcp_leave(struct rpcancel_tcp_connection *connection, unsigned patience_ms);

/* rpcancel_tcp_is_interrupted tells whether nothing is to be waited for any longer. */
bool rpcancel_tcp_is_interrupted(const struct rpcancel_tcp_connection *connection);

/* rpcancel_tcp_send sends the fragment of |size| octets at |bytes|. When the server has closed, that is told, and the
 * connection is none any longer. |class| is that of the event. */
void rpcancel_tcp_send(struct rpcancel_tcp_connection *connection, const uint8_t *bytes, size_t size,
                       enum rpcancel_wire_operation_class class);

/*
 * rpcancel_tcp_receive waits for something until |until| (of rpcancel_clock_ms) and takes it in: whole fragments, or
 * the end of the connection, which is none any longer then. Returns false when nothing came in time, or it was
 * interrupted.
 */
bool rpcancel_tcp_receive(struct rpcancel_tcp_connection *connection, int64_t until);

/* rpcancel_tcp_releases tells whoever looks on that the server is about to be told to let waiting calls go on. */
void rpcancel_tcp_releases(struct rpcancel_tcp_connection *connection);

/* rpcancel_tcp_receive_until does so until |*condition| is |wanted|, the connection is at its end or who looks on has
 * seen enough. Returns false when none of it comes within the deadline, or it was interrupted. */
bool rpcancel_tcp_receive_until(struct rpcancel_tcp_connection *connection, const bool *condition, bool wanted);

/* rpcancel_tcp_look takes in what is there, without waiting. */
void rpcancel_tcp_look(struct rpcancel_tcp_connection *connection);

/* ---- the PDUs a client sends ---- */

/* rpcancel_tcp_send_pdu sends |pdu|. |class| is that of the event. */
void rpcancel_tcp_send_pdu(struct rpcancel_tcp_connection *connection, struct rpcancel_pdu *pdu,
                           enum rpcancel_wire_operation_class class);

/* rpcancel_tcp_asks_multiplexing tells whether a bind as |how| says does. */
bool rpcancel_tcp_asks_multiplexing(enum rpcancel_association_kind how);

/* rpcancel_tcp_send_bind sends one for the target's interface. */
void rpcancel_tcp_send_bind(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                            enum rpcancel_association_kind how);

/* rpcancel_tcp_send_request sends a fragment of a request; the first one has all of the stub data of |operation|, later
 * ones are empty. |alloc_hint| 0: as much as there is. */
void rpcancel_tcp_send_request(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                               const struct rpcancel_target_operation *operation, uint8_t flags, uint32_t alloc_hint,
                               enum rpcancel_wire_operation_class class);

/* How the first fragment of a request looks. */
struct rpcancel_tcp_request_form {
    uint8_t flags;
    uint32_t alloc_hint; /* 0: as much as there is */
};

/* rpcancel_tcp_request_form returns what is special of a request of |kind|. */
struct rpcancel_tcp_request_form rpcancel_tcp_request_form(enum rpcancel_request_kind kind);

/* rpcancel_tcp_send_cancel sends a co_cancel or an orphaned, as |type| says. */
void rpcancel_tcp_send_cancel(struct rpcancel_tcp_connection *connection, enum rpcancel_pdu_type type, uint32_t call_id,
                              enum rpcancel_cancel_form form);

/* rpcancel_tcp_send_wrong sends a PDU that no client sends. */
void rpcancel_tcp_send_wrong(struct rpcancel_tcp_connection *connection, uint32_t call_id,
                             enum rpcancel_wrong_type which);

/* ---- calls ---- */

/* A handle's call, as the client sees it. */
struct rpcancel_tcp_call {
    bool is_due;      /* nothing that its operation waits for is missing any more */
    bool may_be_due;  /* a release let some calls go on, this one perhaps */
    bool is_numbered; /* |call_id| is one */
    bool is_open, is_assembling, is_orphaned, is_maybe;
    bool is_answered;  /* at least the first fragment of its reply came */
    bool same_call_id; /* the next request has it, too */
    uint8_t class;
    uint32_t call_id;
    uint32_t begun_at, orphaned_at; /* of |now| */
};

/* Those of a connection. */
struct rpcancel_tcp_calls {
    struct rpcancel_tcp_call of[RPCANCEL_HANDLES_MAX]; /* by handle */
    uint32_t now;                                      /* counts what was sent of calls: the order */
    /* An orphaned call whose handle was used for another one since, which a release lets go on, or nothing does. */
    unsigned held_left;
    bool was_waiting_left;
    uint32_t left_at; /* when the last such call was orphaned */
};

/* rpcancel_tcp_calls_begin makes a call of |handle| with |call_id|, of which nothing else is set but when it began. */
struct rpcancel_tcp_call *rpcancel_tcp_calls_begin(struct rpcancel_tcp_calls *calls, unsigned handle, uint32_t call_id);

/* rpcancel_tcp_calls_orphan notes that orphaned was sent for |call|. */
void rpcancel_tcp_calls_orphan(struct rpcancel_tcp_calls *calls, struct rpcancel_tcp_call *call);

/* rpcancel_tcp_calls_reply notes that a reply for |call_id| came, or |is_end| that the end of one did. */
void rpcancel_tcp_calls_reply(struct rpcancel_tcp_calls *calls, uint32_t call_id, bool is_end);

/* rpcancel_tcp_calls_are_open tells whether a reply to any of them, orphaned or not, may still come. */
bool rpcancel_tcp_calls_are_open(const struct rpcancel_tcp_calls *calls);

/* rpcancel_tcp_calls_bar tells whether no barrier can be made: the client has to end something else first. */
bool rpcancel_tcp_calls_bar(const struct rpcancel_tcp_calls *calls, bool is_multiplexed);

/* rpcancel_tcp_call_is_to_come tells whether nothing is missing for a reply to |call|, as far as the client can tell.
 */
bool rpcancel_tcp_call_is_to_come(const struct rpcancel_tcp_call *call);

/* rpcancel_tcp_calls_held returns how many wait for a release, as far as is known, those left included. */
unsigned rpcancel_tcp_calls_held(const struct rpcancel_tcp_calls *calls);

/* rpcancel_tcp_calls_release notes that those were let go; |all| of them, or some that nobody can name. */
void rpcancel_tcp_calls_release(struct rpcancel_tcp_calls *calls, bool all);

/* rpcancel_tcp_calls_keep tells what may keep the server from answering |waiting| (NULL: a barrier), which was sent at
 * |begun_at|, where it serves the calls of a connection one after the other. */
enum rpcancel_kept_by rpcancel_tcp_calls_keep(const struct rpcancel_tcp_calls *calls,
                                              const struct rpcancel_tcp_call *waiting, uint32_t begun_at);

/* rpcancel_tcp_calls_keep_held tells the same of beginning to execute any of the calls that can be released. */
enum rpcancel_kept_by rpcancel_tcp_calls_keep_held(const struct rpcancel_tcp_calls *calls);

/* ---- the second connection ---- */

/* Releases calls and shows that the server is still there. */
struct rpcancel_tcp_control {
    struct rpcancel_tcp_connection connection; /* its |tap| is NULL */
    struct sockaddr_in address;
    bool is_kept;     /* between calls; else a server that serves one connection at a time could serve no other */
    bool was_cut;     /* while it was in use: the server that had it ended, whoever takes connections now */
    int64_t used_at;  /* of rpcancel_clock_ms, when it was answered; 0: for a release */
    uint32_t call_id; /* of the call or bind in hand */
    bool is_answered; /* it is */
    bool is_fault;    /* by a fault, or a refusal of the bind */
    uint32_t status;  /* of the fault; 0: of a refusal */
    bool says_number; /* the response begins with a number */
    uint32_t number;  /* of 32 bits, little-endian */
};

enum rpcancel_tcp_asked {
    RPCANCEL_TCP_ANSWERED,
    RPCANCEL_TCP_LATE,    /* not within the deadline, or it was interrupted */
    RPCANCEL_TCP_CLOSED,  /* the server closes the connection at it */
    RPCANCEL_TCP_CUT,     /* of a probe: it did so without one, and takes connections again */
    RPCANCEL_TCP_REFUSED, /* the server takes no connection, or closes it at the bind, again and again */
    RPCANCEL_TCP_UNABLE   /* there can be no connection for a reason of our own; errno says which */
};

/* rpcancel_tcp_control_init begins with no connection; |like| is the one that is judged. */
void rpcancel_tcp_control_init(struct rpcancel_tcp_control *control, const struct rpcancel_tcp_connection *like,
                               const struct sockaddr_in *address);

/* rpcancel_tcp_control_call calls |operation|. A connection that was closed meanwhile is made again. */
enum rpcancel_tcp_asked rpcancel_tcp_control_call(struct rpcancel_tcp_control *control,
                                                  const struct rpcancel_target_operation *operation);

/* rpcancel_tcp_control_try does so, and finds out whether the server serves it while another connection is open, which
 * it lets wait for |patience_ms| at most; then the connection is kept. Returns whether the call was answered. */
bool rpcancel_tcp_control_try(struct rpcancel_tcp_control *control, const struct rpcancel_target_operation *operation,
                              unsigned patience_ms);

/* rpcancel_tcp_control_responded tells whether the call that |asked| came of got a response, or nonsense, which is for
 * the rules; else |came| says what came in its place, for people. */
bool rpcancel_tcp_control_responded(const struct rpcancel_tcp_control *control, enum rpcancel_tcp_asked asked,
                                    char came[RPCANCEL_TCP_CAME_MAX]);

/* rpcancel_tcp_control_probe finds out whether the server still answers: a call on the connection that is kept, or else
 * a bind. ANSWERED, too, when what it answers makes no sense. */
enum rpcancel_tcp_asked rpcancel_tcp_control_probe(struct rpcancel_tcp_control *control);

#endif
