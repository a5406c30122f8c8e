// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SERVE_CONNECTION_H
#define RPCANCEL_SERVE_CONNECTION_H
/*
 * A connection of the reference server: octets in and out of a non-blocking socket, an association between them, and
 * what the calls in it wait for. Times are milliseconds of a clock that never goes back.
 */
#include "association/live.h"
#include "serve/serve.h"
#include "wire/server.h"

enum { RPCANCEL_CONNECTION_INPUT = 4 * RPCANCEL_SERVER_FRAGMENT_MAX };

/* What a call in execution waits for, and does then. */
enum rpcancel_wait {
    RPCANCEL_WAIT_NOTHING,
    RPCANCEL_WAIT_TIME,   /* answers at |until|, whatever is cancelled */
    RPCANCEL_WAIT_CANCEL, /* faults with nca_s_fault_cancel when it is cancelled */
    RPCANCEL_WAIT_NOTICE, /* answers when it is cancelled: takes the cancel and goes on */
    RPCANCEL_WAIT_RELEASE /* ignores cancels; answers when it is released */
};

struct rpcancel_waiting_call {
    uint8_t wait; /* enum rpcancel_wait */
    uint64_t until;
};

/* What connections share. */
struct rpcancel_serve_state {
    const struct rpcancel_serve_settings *settings;
    char port[8]; /* the secondary address */
    struct rpcancel_serve_totals totals;
    size_t memory; /* octets in use, of settings->memory_max */
    uint32_t last_group;
    int listener, signals, epoll; /* descriptors; the last waits for all of them */
    bool is_ended;                /* by a signal */
    uint64_t now;                 /* when the last wait ended */
    uint64_t next;         /* nobody wants to be looked at before that, unless something comes; UINT64_MAX: never */
    uint64_t accept_again; /* until then nobody is taken in; 0: whoever comes is */
    bool serve_all;        /* others than those who sent something may have something to send */
    struct rpcancel_connection **connections;
    unsigned connection_count;
};

struct rpcancel_connection {
    struct rpcancel_serve_state *state;
    int socket;
    unsigned place;    /* in state->connections */
    uint32_t watched;  /* the events of epoll(7) that are waited for */
    bool is_ending;    /* nothing more is taken in; what is to be sent is, and then the other side may go first */
    bool is_shut;      /* all was sent, and the other side told */
    uint64_t deadline; /* of the fragment that has begun, the bind, or the end; 0 for none */
    uint64_t next;     /* no call is to be answered because of the time before that */
    struct rpcancel_server_host host;
    struct rpcancel_server server;
    struct rpcancel_live_end *live; /* of a mutant or variant; else NULL */
    struct rpcancel_waiting_call calls[RPCANCEL_SERVER_CALLS_MAX];
    uint8_t *request; /* stub data in assembly */
    size_t request_room;
    uint8_t *output; /* octets to send, from |output_sent| to |output_size| */
    size_t output_sent, output_size, output_room;
    size_t input_size;
    uint8_t input[RPCANCEL_CONNECTION_INPUT];
};

/* rpcancel_connection_open takes over |socket|, which rpcancel_connection_close closes. NULL when there is no memory.
 */
struct rpcancel_connection *rpcancel_connection_open(struct rpcancel_serve_state *state, int socket);

/* rpcancel_connection_close ends it at once and frees it. */
void rpcancel_connection_close(struct rpcancel_connection *connection);

/* rpcancel_connection_events returns which events are to be waited for. */
uint32_t rpcancel_connection_events(const struct rpcancel_connection *connection);

/* rpcancel_connection_next returns when the connection wants to be looked at though nothing came; UINT64_MAX for never.
 */
uint64_t rpcancel_connection_next(const struct rpcancel_connection *connection);

/* rpcancel_connection_serve does what is to be done, of |events| that came and of state->now. False: close it. */
bool rpcancel_connection_serve(struct rpcancel_connection *connection, uint32_t events);

/* rpcancel_connection_answer and …_wait are for the operations that calls execute. */
void rpcancel_connection_answer(struct rpcancel_connection *connection, unsigned call, const void *stub_data,
                                size_t size);
void rpcancel_connection_wait(struct rpcancel_connection *connection, unsigned call, enum rpcancel_wait wait,
                              uint64_t until);

/* rpcancel_connection_release answers every call that waits for it, on every connection; returns how many there were.
 */
uint32_t rpcancel_connection_release(struct rpcancel_serve_state *state);

/* rpcancel_connection_waiting returns how many calls of all connections wait for something. */
uint32_t rpcancel_connection_waiting(const struct rpcancel_serve_state *state);

#endif
