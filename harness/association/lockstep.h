// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_LOCKSTEP_H
#define RPCANCEL_LOCKSTEP_H
/*
 * Two networks in lockstep: the reference on its abstract network, and beside it the same calls on associations
 * (association/network.h). Every operation that can happen in every state is carried out on both, breadth first over
 * pairs, and after each they must say the same: what is on its way, what the server's application has and knows of,
 * what the client was told. Where they are known to differ is a list, and counted.
 */
#include <signal.h>

#include "association/network.h"

/*
 * X(enumerator, text)
 *
 * Where the two may differ. No answer of the reference that documents speak of is among them.
 */
#define RPCANCEL_LOCKSTEP_DIFFERENCES(X)                                                                            \
    X(REPLY_WITHHELD, "the reply of a call that was given up is sent by the reference and not on the wire (W102)")  \
    X(REPLY_CLOSED, "a reply has no connection any more: the client closed it after it gave the call up (W96, H3)") \
    X(RESERVED_CODE, "a fault with a reserved code: what the client sees of it is not documented")                  \
    X(LOSS_IS_CANCEL, "the end of the connection is a cancel for the manager (W111), and not in the reference")     \
    X(PARTED, "the co_cancel that goes before orphaned, or the end, arrives alone: seen one delivery earlier")

enum rpcancel_lockstep_difference {
#define RPCANCEL_X(difference, text) RPCANCEL_DIFFERENCE_##difference,
    RPCANCEL_LOCKSTEP_DIFFERENCES(RPCANCEL_X)
#undef RPCANCEL_X
        RPCANCEL_DIFFERENCES
};

/* rpcancel_lockstep_difference_text returns the text of |difference|. Static storage. */
const char *rpcancel_lockstep_difference_text(enum rpcancel_lockstep_difference difference);

enum { RPCANCEL_LOCKSTEP_PATH_MAX = 64, RPCANCEL_LOCKSTEP_TEXT_MAX = 200 };

struct rpcancel_lockstep_options {
    enum rpcancel_wire_profile profile;
    enum rpcancel_client_abandonment abandonment;
    bool shared;         /* all calls on one association */
    unsigned calls;      /* handles, 1 or 2 */
    unsigned threads;    /* dispatchers, 1 … RPCANCEL_DISPATCHERS_MAX */
    bool earlier;        /* a handle is used again while its earlier call lives, one at a time */
    bool every_argument; /* all fault codes, not two of them */
    unsigned cancels;    /* co_cancel PDUs of a call at most. One more cancel merges with one that is on its way (W46);
   where none    is, it is not followed. */
    /* What the reference is for the purpose of tests that want to see a disagreement; NULL: rpcancel_step. */
    struct rpcancel_answer (*step)(const struct rpcancel_choices *choices, struct rpcancel_world *world,
                                   struct rpcancel_operation operation);
    const volatile sig_atomic_t *stop; /* not 0: end early; NULL for never */
};

enum rpcancel_lockstep_end {
    RPCANCEL_LOCKSTEP_CLOSED,   /* they agree in all that can be reached */
    RPCANCEL_LOCKSTEP_DISAGREE, /* |text| says how, after |path|, a shortest one */
    RPCANCEL_LOCKSTEP_MEMORY,   /* open */
    RPCANCEL_LOCKSTEP_STOPPED   /* open */
};

struct rpcancel_lockstep_result {
    enum rpcancel_lockstep_end end;
    uint32_t states;                                /* pairs of a world and its associations */
    uint64_t edges;                                 /* operations carried out on both */
    uint32_t associations;                          /* distinct states of one association */
    uint32_t worlds, worlds_of_reference;           /* that pairs have; that the reference reaches alone */
    uint64_t world_edges, world_edges_of_reference; /* operations that happen in them, each world and operation once */
    uint64_t answers;                               /* return codes that both gave */
    uint64_t left_out;                              /* deliveries that one connection does not bring in that order */
    uint64_t beyond;                                /* cancels behind the last co_cancel there may be */
    uint64_t differences[RPCANCEL_DIFFERENCES];     /* edges: operations whose outcome differs so */
    char text[RPCANCEL_LOCKSTEP_TEXT_MAX];
    unsigned path_length;
    struct rpcancel_operation path[RPCANCEL_LOCKSTEP_PATH_MAX];
};

/* rpcancel_lockstep searches, and fills |*result|. */
void rpcancel_lockstep(const struct rpcancel_lockstep_options *options, struct rpcancel_lockstep_result *result);

#endif
