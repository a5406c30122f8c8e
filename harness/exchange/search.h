// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_EXCHANGE_SEARCH_H
#define RPCANCEL_EXCHANGE_SEARCH_H
/*
 * Exhaustive search of calls over datagrams: every order in which a client calls, cancels and gives up, datagrams
 * arrive, are lost, come twice and overtake each other, an application asks and answers, and time passes, breadth
 * first, within limits. Every edge is looked at.
 */
#include <signal.h>

#include "exchange/watch.h"
#include "flat_search.h"

enum { RPCANCEL_EXCHANGE_PATH_MAX = 64, RPCANCEL_EXCHANGE_LEADS_MAX = 64, RPCANCEL_EXCHANGE_TEXT_MAX = 80 };

/* What there is at most. Everything up to it is tried. */
struct rpcancel_exchange_limits {
    unsigned calls;      /* one after the other, up to RPCANCEL_EXCHANGE_CALLS */
    unsigned cancels;    /* of each call */
    unsigned strays;     /* datagrams that neither end sent */
    unsigned stray_to;   /* RPCANCEL_SENDER_CLIENT or …SERVER: whom they are sent to */
    bool loses, doubles; /* the network does, any datagram at any time */
    bool is_slow;        /* time passes while something is on its way; else only when nothing is */
    bool gives_up;       /* callers may */
    bool faults;         /* manager routines may answer with one */
};

struct rpcancel_exchange_search_options {
    struct rpcancel_exchange_setup *setup; /* open */
    struct rpcancel_exchange_state start;
    struct rpcancel_exchange_limits limits;
    const struct rpcancel_wire_mask *rules; /* of datagrams, to judge by */
    enum rpcancel_pdu_sender role;          /* whose datagrams they are about */
    bool with_promises;                     /* those of exchange/promises.h too */
    uint64_t memory;                        /* octets for states; 0 for no limit */
    const volatile sig_atomic_t *stop;      /* not 0: end early; NULL for never */
    /* Called now and then with what is known so far; NULL for silence. */
    void (*progress)(uint32_t pairs, uint32_t expanded, uint64_t edges);
};

struct rpcancel_exchange_search_result {
    enum rpcancel_search_end end; /* WRONG: a promise is broken: |wrong|, or a rule: |violated|; |path| shows it */
    uint32_t states;              /* of both ends and the network */
    uint32_t pairs;               /* of a state and what the observers know */
    uint64_t edges;
    uint64_t beyond;   /* actions not followed, as the network was full */
    uint64_t unjudged; /* cl_cancel and cancel_ack, of those judged, that no rule said anything of */
    unsigned depth;
    const char *wrong;
    int violated;                              /* number of a rule of datagrams; -1 for none */
    uint64_t decided[RPCANCEL_WIRE_RULES_MAX]; /* events, by number of the rule */
    unsigned path_length;
    struct rpcancel_exchange_action path[RPCANCEL_EXCHANGE_PATH_MAX]; /* the last ones, when there were more */
};

/* rpcancel_exchange_search searches, and fills |*result|. */
void rpcancel_exchange_search(const struct rpcancel_exchange_search_options *options,
                              struct rpcancel_exchange_search_result *result);

/*
 * rpcancel_exchange_step_print carries |action| out on |*state|, and writes it to the |size| octets at |text| as people
 * read it: "cl_cancel 1 cancel_id 1 arrives at the server"; cut to |size|. RPCANCEL_EXCHANGE_TEXT_MAX suffices.
 */
void rpcancel_exchange_step_print(struct rpcancel_exchange_setup *setup, struct rpcancel_exchange_state *state,
                                  struct rpcancel_exchange_action action, char *text, size_t size);

#endif
