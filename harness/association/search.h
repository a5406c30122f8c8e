// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ASSOCIATION_SEARCH_H
#define RPCANCEL_ASSOCIATION_SEARCH_H
/*
 * Exhaustive search of one association: every order in which a client calls, cancels and gives up, fragments arrive, an
 * application asks and answers, and the connection ends, breadth first, within limits. Every edge is looked at.
 */
#include <signal.h>

#include "association/watch.h"
#include "flat_search.h"

enum { RPCANCEL_WIRE_PATH_MAX = 64, RPCANCEL_WIRE_ACTIONS_MAX = 64, RPCANCEL_ACTION_TEXT_MAX = 80 };

/* What there is at most. Everything up to it is tried. */
struct rpcancel_wire_limits {
    unsigned calls;              /* 1 or 2 */
    unsigned request_fragments;  /* 1 to RPCANCEL_ASSOCIATION_FRAGMENTS_MAX */
    unsigned response_fragments; /* likewise */
    unsigned cancels;            /* of each call */
    unsigned strays;             /* cancels and orphaned for calls that do not exist */
    bool with_pending_cancel;    /* PENDING_CANCEL on a first fragment */
    bool with_fault;             /* an application may answer with one */
    bool with_loss;              /* the connection may end at any time */
    unsigned abandonments;       /* bit n: enum rpcancel_client_abandonment n */
    /* What applications do with cancels: UNKNOWN, whatever they like; PARK, they take one and fault with
     * nca_s_fault_cancel, and end no other way; HOLD, they never take one. */
    enum rpcancel_wire_operation_class class;
};

/* An action that happened. */
struct rpcancel_wire_edge {
    const struct rpcancel_association_state *from;
    struct rpcancel_action action;
    const struct rpcancel_step_outcome *outcome;
    const struct rpcancel_association_state *to;
};

struct rpcancel_wire_search_options {
    struct rpcancel_setup *setup; /* open */
    struct rpcancel_association_state start;
    struct rpcancel_wire_limits limits;
    const struct rpcancel_wire_mask *rules; /* those of the wire to judge by; NULL: there is no observer */
    enum rpcancel_pdu_sender role;          /* whose PDUs they are about */
    uint64_t memory;                        /* octets for states; 0 for no limit */
    /* Looks at an edge; returns what is wrong with it, in a few words, which ends the search, or NULL. May be NULL. */
    const char *(*judge)(void *context, const struct rpcancel_wire_edge *edge);
    void *context;
    const volatile sig_atomic_t *stop; /* not 0: end early; NULL for never */
    /* Called now and then with what is known so far; NULL for silence. */
    void (*progress)(uint32_t pairs, uint32_t expanded, uint64_t edges);
};

struct rpcancel_wire_search_result {
    enum rpcancel_search_end end; /* WRONG: the judge objected: |wrong|, or a rule: |violated|; |path| shows it */
    uint32_t states;              /* of the association */
    uint32_t pairs;               /* of a state and what observers of it know; as many as states without them */
    uint64_t edges;
    uint64_t unjudged; /* PDUs, of those judged, that no rule but those of the header said anything of */
    uint64_t full;     /* actions that left more on its way than a state holds; not 0: the search is open */
    unsigned depth;
    const char *wrong;
    int violated;                              /* number of a rule of the wire; -1 for none */
    uint64_t decided[RPCANCEL_WIRE_RULES_MAX]; /* PDUs, by number of the rule */
    unsigned path_length;
    struct rpcancel_action path[RPCANCEL_WIRE_PATH_MAX]; /* the last ones, when there were more */
};

/* rpcancel_wire_search searches, and fills |*result|. */
void rpcancel_wire_search(const struct rpcancel_wire_search_options *options,
                          struct rpcancel_wire_search_result *result);

/* rpcancel_action_print writes |action| to the |size| octets at |text|, as people read it: "cancel a"; cut to |size|.
 * RPCANCEL_ACTION_TEXT_MAX suffices. */
void rpcancel_action_print(struct rpcancel_action action, char *text, size_t size);

#endif
