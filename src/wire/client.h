// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_CLIENT_H
#define RPCANCEL_WIRE_CLIENT_H
/*
 * The client's end of an association: binding, calls in fragments, cancels, what becomes of them. No I/O and no memory
 * of its own: whole fragments come in by rpcancel_client_receive, fragments to send and what the caller has to know go
 * out by the functions of its host.
 *
 * What a call's cancels come to is the bookkeeping of C706 as FreeDCE has it (W73 … W77): a cancel that the server did
 * not count, or that it says is pending still, is pending at the client when the call is over.
 *
 * An association is used by one thread at a time. Functions of the host call nothing here.
 */
#include "wire/pdu.h"
#include "wire/presentation.h"
#include "wire/profile.h"

enum {
    RPCANCEL_CLIENT_CALLS_MAX = 32,
    RPCANCEL_CLIENT_FRAGMENT_MAX = 5840,      /* octets that are offered, and the most that is sent */
    RPCANCEL_CLIENT_RESPONSE_MAX = 0x7FFFFFFF /* octets of a response's stub data (W21) */
};

/* How a call ended. */
enum rpcancel_client_end {
    RPCANCEL_END_RESPONSE, /* stub data */
    RPCANCEL_END_FAULT,    /* |status| of the fault */
    RPCANCEL_END_LOST      /* the connection ended first (W110) */
};

struct rpcancel_client_result {
    uint32_t call_id;
    enum rpcancel_client_end end;
    uint32_t status;                /* of a fault */
    bool did_not_execute;           /* the fault says so */
    bool cancel_pending;            /* a cancel of the call is pending at the client now (W73) */
    bool big_endian;                /* the stub data is */
    struct rpcancel_span stub_data; /* until the function returns */
};

/* What the association asks of whoever it runs in. |context| is handed on. */
struct rpcancel_client_host {
    void *context;
    /* Sends a fragment. */
    void (*send)(void *context, const uint8_t *bytes, size_t size);
    /* The answer to the bind, told once: whether the context was accepted. */
    void (*bound)(void *context, bool accepted);
    /* Returns room for |size| octets of the stub data of |call| (below RPCANCEL_CLIENT_CALLS_MAX), which has what the
     * last one had; NULL when there is none. */
    uint8_t *(*assembly)(void *context, unsigned call, size_t size);
    /* A call is over, and its call_id free. */
    void (*completed)(void *context, const struct rpcancel_client_result *result);
};

struct rpcancel_client_call {
    bool is_open;     /* sent, and not over */
    bool is_answered; /* the first fragment of the response came */
    uint32_t call_id;
    uint32_t cancels; /* co_cancel PDUs sent; the bit on the first fragment is none */
    size_t received;  /* octets of stub data of the fragments that came */
};

struct rpcancel_client {
    const struct rpcancel_client_host *host;
    const struct rpcancel_wire_choices *choices;
    bool answered; /* the bind is, one way or the other */
    bool bound, multiplexed, is_over;
    uint16_t fragment_max;
    uint16_t features; /* that the server granted at bind time */
    uint32_t last_call_id;
    struct rpcancel_client_call calls[RPCANCEL_CLIENT_CALLS_MAX];
};

/* rpcancel_client_init begins an association. |host| and |choices| stay. */
void rpcancel_client_init(struct rpcancel_client *client, const struct rpcancel_client_host *host,
                          const struct rpcancel_wire_choices *choices);

/* rpcancel_client_bind asks to use |interface| as presentation context 0, for the features (RPCANCEL_FEATURE_…), and,
 * with |multiplex|, for concurrent multiplexing. */
void rpcancel_client_bind(struct rpcancel_client *client, const struct rpcancel_syntax *interface, uint16_t features,
                          bool multiplex);

/*
 * rpcancel_client_call sends a request, in as many fragments as it takes. With |cancelled| a cancel was pending before
 * it (W44). Sets |*call_id|. Returns false, with nothing sent, when the client is not bound, without multiplexing a
 * call is open (W28), or RPCANCEL_CLIENT_CALLS_MAX are.
 */
bool rpcancel_client_call(struct rpcancel_client *client, uint16_t opnum, struct rpcancel_span stub_data,
                          bool cancelled, uint32_t *call_id);

/* rpcancel_client_cancel sends a co_cancel for the call (W41); false, with nothing sent, when it is not open (W43). */
bool rpcancel_client_cancel(struct rpcancel_client *client, uint32_t call_id);

/*
 * rpcancel_client_orphan sends orphaned for the call, which is over then: it is not completed (W93, W97). Returns
 * false, with nothing sent, when it is not open (W94, W95). |*close| is set to whether the connection has to be closed
 * now: unless keeping it was granted at bind time (W96), where the profile has that rule.
 */
bool rpcancel_client_orphan(struct rpcancel_client *client, uint32_t call_id, bool *close);

/*
 * How a client gives a call up that it is told to cancel abortively (RpcAsyncCancelCall with fAbort TRUE). No document
 * maps that to PDUs. Each of these agrees with all that is written: Windows clients were seen to send orphaned (Samba
 * has such a PDU), the call is cancelled at once (RpcAsyncCancelCall), the 1998 edition of that page lets a cancel
 * notification go to the server, a co_cancel before orphaned is legal (W85), and the end of the connection tells a
 * server as much (W111).
 */
enum rpcancel_client_abandonment {
    RPCANCEL_ABANDON_ORPHANED,          /* H1: orphaned */
    RPCANCEL_ABANDON_CANCEL_ORPHANED,   /* H2: co_cancel, then orphaned */
    RPCANCEL_ABANDON_CANCEL_DISCONNECT, /* H3: co_cancel, then the connection is closed */
    RPCANCEL_ABANDONMENTS
};

/* rpcancel_client_abandon gives the call up in that way: as rpcancel_client_orphan, which sends orphaned only. After
 * RPCANCEL_ABANDON_CANCEL_DISCONNECT |*close| is true; the caller is told of other calls by rpcancel_client_lost. */
bool rpcancel_client_abandon(struct rpcancel_client *client, uint32_t call_id, enum rpcancel_client_abandonment how,
                             bool *close);

/*
 * rpcancel_client_receive takes in one whole fragment. What belongs to no open call is dropped (W83). Returns false
 * when the connection is to be closed: a protocol error of the server. rpcancel_client_lost then ends what is open.
 */
bool rpcancel_client_receive(struct rpcancel_client *client, const uint8_t *bytes, size_t size);

/* rpcancel_client_lost tells that the connection ended: every open call is completed with RPCANCEL_END_LOST (W110), its
 * cancels pending. */
void rpcancel_client_lost(struct rpcancel_client *client);

#endif
