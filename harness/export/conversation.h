// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CONVERSATION_H
#define RPCANCEL_CONVERSATION_H
/*
 * A conversation: a sequence of the wire as a test of a server sees it, PDU by PDU, with what the rules demand of each
 * answer.
 *
 * The sequence is carried out on the reference server. What the rules demand there is found by trying: of an answer
 * each field is changed, and where the judge lets every change through the rules demand nothing of it. So a test that
 * is written from it passes on the reference, and demands nothing that no document does.
 */
#include "engine/run.h"
#include "rules/judge.h"
#include "runtime/target.h"
#include "wire/event.h"

enum {
    RPCANCEL_CONVERSATION_COUNTS = 256, /* values of cancel_count */
    RPCANCEL_CONVERSATION_STATUSES = 7, /* that are tried */
    RPCANCEL_CONVERSATION_CALLS_MAX = 16,
    RPCANCEL_CONVERSATION_RULES_MAX = 32
};

/* What the rules demand where the server sent something. */
struct rpcancel_demand {
    bool must_come;    /* something does; that the connection ends there breaks a rule */
    bool must_close;   /* of the end of a connection: whoever goes on breaks a rule */
    bool type, status; /* the type; the status of a fault */
    unsigned forbidden_count;
    uint32_t
        forbidden[RPCANCEL_CONVERSATION_STATUSES]; /* statuses that no fault may have here, of those that are tried */
    bool call_id;
    unsigned other_call_count; /* where call_id is free: those that it may not be, as calls that must not be answered */
    uint32_t other_calls[RPCANCEL_CONVERSATION_CALLS_MAX];
    uint8_t flags; /* those that may not be other than they are, PENDING_CANCEL left out */
    bool counts[2][RPCANCEL_CONVERSATION_COUNTS]; /* cancel_count may be that, without and with PENDING_CANCEL */
    unsigned rule_count;
    uint8_t rules[RPCANCEL_CONVERSATION_RULES_MAX]; /* that demand it, their indices in the table of rules */
};

struct rpcancel_conversation_event {
    struct rpcancel_operation during;
    struct rpcancel_wire_event event; /* its octets are the conversation's */
    struct rpcancel_demand demand;    /* of what the server sent, or of its end of the connection */
    /* Of what the client sent and nothing answers before it goes on: the reference's client could tell an answer apart,
     * but not when it comes in one piece with a later one. What may not come: */
    bool is_silent;        /* nothing of the reference comes here */
    bool forbids_response; /* a response to the call */
    /* and |demand.forbidden|, faults of it */
};

/* Zero-initialise; end with rpcancel_conversation_free. */
struct rpcancel_conversation {
    enum rpcancel_wire_profile profile;
    int rule; /* index of the only rule whose demands count; -1: all count */
    struct rpcancel_conversation_event *list;
    size_t count, capacity;
    bool exhausted;
};

/*
 * rpcancel_conversation_make has the reference server serve |sequence| under |profile|, to a client that knows of it
 * what |target| says. |rule| is the one whose demands count, of the levels in force in a strict check, or -1 for all of
 * them. False with a line for people in |failure|: the target has no such operation, memory is exhausted, …
 */
bool rpcancel_conversation_make(struct rpcancel_conversation *conversation, const struct rpcancel_sequence *sequence,
                                enum rpcancel_wire_profile profile, int rule, const struct rpcancel_target *target,
                                char failure[RPCANCEL_FAILURE_TEXT_MAX]);

void rpcancel_conversation_free(struct rpcancel_conversation *conversation);

/* rpcancel_demand_is_any tells whether the rules demand anything at all. */
bool rpcancel_demand_is_any(const struct rpcancel_demand *demand);

#endif
