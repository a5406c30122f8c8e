// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_SERVER_H
#define RPCANCEL_WIRE_SERVER_H
/*
 * The server's end of an association: binding, calls in fragments, cancels, replies. No I/O and no memory of its own:
 * whole fragments come in by rpcancel_server_receive, fragments to send and what the application has to know go out by
 * the functions of its host. C706 12.6 and, where a profile says so, MS-RPCE 3.3 and what Windows servers were seen to
 * do.
 *
 * A call is in one of these states. co_cancel and orphaned are legal in each, and for calls that do not exist (W54,
 * W99).
 *
 *   free ── first fragment ──> assembling ── last fragment ──> executing ── reply ──> free
 *                                                                  └── orphaned ──> orphaned ── (reply, not sent) ──>
 * free
 *
 * Nothing here knows authentication: a bind with a verifier is rejected, as by a server that has no such service.
 *
 * An association is used by one thread at a time. Functions of the host may call rpcancel_server_respond,
 * rpcancel_server_fault and rpcancel_server_take_cancel, and nothing else here.
 */
#include "status.h"
#include "wire/pdu.h"
#include "wire/presentation.h"
#include "wire/profile.h"

enum {
    RPCANCEL_SERVER_CALLS_MAX = 32,      /* at once, with concurrent multiplexing */
    RPCANCEL_SERVER_CONTEXTS_MAX = 32,   /* presentation contexts that were accepted */
    RPCANCEL_SERVER_FRAGMENT_MAX = 5840, /* octets of a fragment, sent or received */
    RPCANCEL_SERVER_FRAGMENT_LEAST = 2048,
    RPCANCEL_SERVER_REQUEST_MAX = 0x400000 /* octets of stub data that a request may have, or announce (W20) */
};

/* Status codes that the association itself faults with, C706 appendix E, beside those of status.h. */
enum {
    RPCANCEL_NCA_OP_RNG_ERROR = 0x1C010002,
    RPCANCEL_NCA_UNK_IF = 0x1C010003,
    RPCANCEL_NCA_PROTO_ERROR = 0x1C01000B,
    RPCANCEL_NCA_SERVER_TOO_BUSY = 0x1C010014
};

/* What a server offers. */
struct rpcancel_interface {
    struct rpcancel_syntax syntax;
    uint16_t operations; /* opnums are below */
};

struct rpcancel_server;

/* A request that is complete. */
struct rpcancel_server_request {
    unsigned call; /* names the call in all that follows; below RPCANCEL_SERVER_CALLS_MAX */
    const struct rpcancel_interface *interface;
    uint16_t opnum;
    bool big_endian;                /* the stub data is */
    struct rpcancel_span stub_data; /* until the function returns */
};

/* What the association asks of whoever it runs in. |context| is handed on. */
struct rpcancel_server_host {
    void *context;
    /* Sends a fragment. */
    void (*send)(void *context, const uint8_t *bytes, size_t size);
    /* Returns the interface with that syntax, which stays where it is, or NULL. */
    const struct rpcancel_interface *(*find_interface)(void *context, const struct rpcancel_syntax *syntax);
    /* Puts the association into group |*group_id|, or into a new one, which it is set to, when that is 0; false when
     * there is no such group. */
    bool (*join_group)(void *context, uint32_t *group_id);
    /* Returns room for |size| octets of stub data, which has what the last one had; NULL when there is none. One at a
     * time. */
    uint8_t *(*assembly)(void *context, size_t size);
    /* A request is complete; the application answers it now or later. */
    void (*request)(void *context, struct rpcancel_server *server, const struct rpcancel_server_request *request);
    /* A cancel came for |call|, which is executing; called once for each co_cancel, also those that came before it was,
     * or, where there was none of these, for PENDING_CANCEL in its request. */
    void (*cancel)(void *context, struct rpcancel_server *server, unsigned call);
    /* The client gave |call| up; what is answered will not be sent. Answer it all the same, to set it free. */
    void (*orphaned)(void *context, struct rpcancel_server *server, unsigned call);
};

enum rpcancel_server_call_state {
    RPCANCEL_CALL_FREE,
    RPCANCEL_CALL_ASSEMBLING,
    RPCANCEL_CALL_EXECUTING,
    RPCANCEL_CALL_ORPHANED
};

struct rpcancel_server_call {
    uint8_t state;       /* enum rpcancel_server_call_state */
    bool cancel_pending; /* a cancel that the application has not taken */
    bool maybe;          /* nothing is answered (W37) */
    uint16_t cancels;    /* co_cancel PDUs that came for it */
    uint32_t call_id;
    uint16_t context_id, opnum;
};

struct rpcancel_server_context {
    uint16_t id;
    const struct rpcancel_interface *interface;
};

struct rpcancel_server {
    const struct rpcancel_server_host *host;
    const struct rpcancel_wire_choices *choices;
    const char *port; /* the secondary address */
    bool bound, multiplexed;
    uint16_t fragment_max; /* octets, negotiated, of what is sent */
    uint32_t group_id;
    int assembling;   /* the call whose request is not complete, or -1 */
    size_t assembled; /* octets of its stub data that came */
    bool refusing;    /* fragments of |refused| may still come, of a request that found no place */
    uint32_t refused; /* its call_id */
    unsigned context_count;
    struct rpcancel_server_context contexts[RPCANCEL_SERVER_CONTEXTS_MAX];
    struct rpcancel_server_call calls[RPCANCEL_SERVER_CALLS_MAX];
};

/* rpcancel_server_init begins an association on a connection to |port|, which is text. |host|, |choices| and |port|
 * stay. */
void rpcancel_server_init(struct rpcancel_server *server, const struct rpcancel_server_host *host,
                          const struct rpcancel_wire_choices *choices, const char *port);

/*
 * rpcancel_server_receive takes in one whole fragment, as rpcancel_pdu_length cuts them. Returns false when the
 * connection is to be closed, after what was sent; the association is not used any more then.
 */
bool rpcancel_server_receive(struct rpcancel_server *server, const uint8_t *bytes, size_t size);

/*
 * rpcancel_server_refuse answers a fragment that is longer than RPCANCEL_SERVER_FRAGMENT_MAX, by the |size| octets of
 * it that are there, at least 16. The connection is to be closed after that.
 */
void rpcancel_server_refuse(struct rpcancel_server *server, const uint8_t *bytes, size_t size);

/* rpcancel_server_lost tells that the connection ended: what was not complete is discarded, what executes is orphaned
 * (W111), and nothing is sent any more (W112). The association is used only to answer, or free, those calls then. */
void rpcancel_server_lost(struct rpcancel_server *server);

/*
 * rpcancel_server_respond answers |call| with |stub_data|, in as many fragments as it takes; rpcancel_server_fault
 * answers it with |status|, which is not 0 (W82). The call is free then, and must have been executing or orphaned: of
 * an orphaned one nothing is sent (W102).
 */
void rpcancel_server_respond(struct rpcancel_server *server, unsigned call, struct rpcancel_span stub_data);
void rpcancel_server_fault(struct rpcancel_server *server, unsigned call, uint32_t status);

/* rpcancel_server_take_cancel is for the application to say that it saw the cancel of |call|: it is not pending any
 * more. Returns whether there was one. */
bool rpcancel_server_take_cancel(struct rpcancel_server *server, unsigned call);

#endif
