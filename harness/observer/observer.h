// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_OBSERVER_H
#define RPCANCEL_OBSERVER_H
/*
 * The observer: the few facts about each handle and call that follow from what was asked and answered so far. Rules
 * see nothing else. It is fed by operations and answers only; it never looks into a runtime, and shares no code with
 * the reference implementation.
 *
 * Like the reference's world it is flat: bytes are identity.
 */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "answer.h"
#include "operation.h"

/* What the client program did with its RPC_ASYNC_STATE. */
enum rpcancel_seen_handle {
    RPCANCEL_SEEN_ZEROED,
    RPCANCEL_SEEN_CORRUPTED,
    RPCANCEL_SEEN_INITIALISED,
    RPCANCEL_SEEN_RAISED, /* the stub raised */
    RPCANCEL_SEEN_ISSUED,
    RPCANCEL_SEEN_FINAL, /* RpcAsyncCompleteCall answered neither 997 nor 1914 */
    RPCANCEL_SEEN_THREAD /* none: the letter is a thread that makes synchronous calls (observer/threads.h) */
};

/* What reached the client for its outstanding call. */
enum rpcancel_arrival { RPCANCEL_ARRIVED_NOTHING, RPCANCEL_ARRIVED_ANSWER, RPCANCEL_ARRIVED_LINK_FAILURE };

/* Where the server stands with a call. */
enum rpcancel_seen_call {
    RPCANCEL_SEEN_NO_CALL,
    RPCANCEL_SEEN_QUEUED,
    RPCANCEL_SEEN_DISPATCHED,
    RPCANCEL_SEEN_HANDED_OFF,
    RPCANCEL_SEEN_ON_WORKER,
    RPCANCEL_SEEN_ENDED_RUNNING, /* ended, its manager routine still runs */
    RPCANCEL_SEEN_ENDED
};

/* What the server made of a call. FAULT + n: the code at position n of the fault codes. */
enum rpcancel_outcome {
    RPCANCEL_OUTCOME_NONE,
    RPCANCEL_OUTCOME_SUCCESS,
    RPCANCEL_OUTCOME_UNKNOWN, /* it ended, but the answer of the ending function leaves open with what */
    RPCANCEL_OUTCOME_FAULT = 8
};

enum rpcancel_seen_cancel {
    RPCANCEL_CANCELLED_NOT,
    RPCANCEL_CANCELLED_NONABORTIVE,
    RPCANCEL_CANCELLED_ABORTIVE,
    RPCANCEL_CANCELLED_OPEN /* whether it was, and what its server is told, nobody documents */
};

/* What no rule will ask for again is cleared: of a final handle only |taken| stays. */
struct rpcancel_observed_handle {
    uint16_t phase : 3;       /* enum rpcancel_seen_handle */
    uint16_t nonabortive : 1; /* a nonabortive cancel was accepted before anything arrived */
    uint16_t abortive : 1;    /* an abortive one was */
    uint16_t late_cancel : 1; /* a cancel was accepted after the answer had arrived */
    uint16_t arrived : 2;     /* enum rpcancel_arrival */
    uint16_t taken : 1;       /* the completion notification was taken */
    uint16_t settled : 1;     /* everything settled since the abortive cancel, the answer or the loss of the link */
    uint16_t waits : 1;       /* this and the following are a thread's, as are others then: see threads.h */
    uint16_t cancel_timeout : 2;
    uint16_t call_timeout : 1;
    uint16_t due_in : 2;
};

struct rpcancel_observed_call {
    uint16_t phase : 3;     /* enum rpcancel_seen_call */
    uint16_t manager : 2;   /* dispatcher thread while the manager routine runs, else 0 */
    uint16_t cancelled : 2; /* RPCANCEL_CANCELLED_…: what reached the server while the call is alive there; once a
                             * nonabortive cancel did, an abortive one adds nothing */
    uint16_t request : 1;   /* messages owed: sent and not yet known to have arrived */
    uint16_t cancel : 1;
    uint16_t orphaned : 1;
    uint16_t reply : 1;
    uint16_t outcome : 4;     /* enum rpcancel_outcome; 0 for an earlier call, whose outcome nobody is told */
    uint16_t synchronous : 1; /* DISPATCHED to a synchronous manager routine, whose return is the answer */
};

struct rpcancel_observed_lane {
    struct rpcancel_observed_handle handle;
    struct rpcancel_observed_call call;
    struct rpcancel_observed_call earlier;
};

/* What is known of the notification of one event of a call. */
enum rpcancel_seen_subscription {
    RPCANCEL_NOTICE_NONE,         /* not subscribed, never announced */
    RPCANCEL_NOTICE_ARMED,        /* subscribed, and the event has not happened */
    RPCANCEL_NOTICE_DUE,          /* it has, after that */
    RPCANCEL_NOTICE_SETTLED,      /* and everything settled since */
    RPCANCEL_NOTICE_TAKEN,        /* subscribed, and taken */
    RPCANCEL_NOTICE_OVER,         /* taken, and not subscribed any more */
    RPCANCEL_NOTICE_OPEN,         /* subscribed; whether one comes nobody documents */
    RPCANCEL_NOTICE_OPEN_DROPPED, /* the same, not subscribed any more */
    RPCANCEL_NOTICES
};

struct rpcancel_observer {
    uint16_t link_lost;
    struct rpcancel_observed_lane lanes[RPCANCEL_HANDLES_MAX];
    uint16_t notices[3]; /* 3 bits for each call and event: see notices.h; 0 while nobody subscribes */
};

static_assert(sizeof(struct rpcancel_observer) == 32, "no padding: bytes are identity");

/* rpcancel_seen_running tells whether the manager routine of |call| occupies a dispatcher thread. */
static inline bool rpcancel_seen_running(struct rpcancel_observed_call call)
{
    return call.phase == RPCANCEL_SEEN_DISPATCHED || call.phase == RPCANCEL_SEEN_HANDED_OFF ||
           call.phase == RPCANCEL_SEEN_ENDED_RUNNING;
}

/* rpcancel_seen_on tells whether it occupies dispatcher |thread|. */
static inline bool rpcancel_seen_on(struct rpcancel_observed_call call, unsigned thread)
{
    return rpcancel_seen_running(call) && call.manager == thread;
}

/* rpcancel_seen_call_on returns the call whose manager routine runs on |thread|, or NULL. */
static inline const struct rpcancel_observed_call *rpcancel_seen_call_on(const struct rpcancel_observer *observer,
                                                                         unsigned thread)
{
    for (unsigned i = 0; i < RPCANCEL_HANDLES_MAX && thread != RPCANCEL_THREAD_WORKER; i++) {
        const struct rpcancel_observed_lane *lane = &observer->lanes[i];
        if (rpcancel_seen_on(lane->call, thread))
            return &lane->call;
        if (rpcancel_seen_on(lane->earlier, thread))
            return &lane->earlier;
    }
    return NULL;
}

/* rpcancel_observer_reset forgets everything. */
void rpcancel_observer_reset(struct rpcancel_observer *observer);

/* rpcancel_observe takes in that |operation| (canonical) was answered with |answer|. Answers that did not happen
 * (refused, undefined, unimplemented) change nothing. */
void rpcancel_observe(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                      struct rpcancel_answer answer);

#endif
