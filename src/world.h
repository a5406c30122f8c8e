// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WORLD_H
#define RPCANCEL_WORLD_H
/*
 * The whole state of the reference implementation: one flat struct without pointers or padding. Copying it is a
 * snapshot, comparing its bytes is equality, hashing them is identity, clearing them is a reset.
 *
 * What no later answer depends on is cleared, so that one situation is one state: the outcome of a call once its reply
 * arrived, the cancel of a call that ended, the result of a handle that is final. Not so the outcome of a reply that
 * nobody waits for any more: mutants bring it back to life (docs/spin.md says how many states that costs).
 *
 * Handles and calls are kept apart. A lane holds a client's handle, the current call made with it, and one earlier
 * call of it that is still alive: after an abortive cancel the handle is final and can be used again while the
 * server works on. A second earlier call of one handle has no slot; `call` is refused there (docs/architecture.md
 * says what that bound may hide).
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "operation.h"

/* The client's RPC_ASYNC_STATE. The K names are the rows of the client table in docs/rules.md. */
enum rpcancel_handle_phase {
    RPCANCEL_HANDLE_ZEROED,      /* K0: all bytes zero, never initialised */
    RPCANCEL_HANDLE_CORRUPTED,   /* K0: a member was altered that must not be */
    RPCANCEL_HANDLE_INITIALISED, /* K1: no call yet */
    RPCANCEL_HANDLE_RAISED,      /* K2x: the stub raised instead of issuing the call */
    RPCANCEL_HANDLE_OUTSTANDING, /* K3: call issued, no answer, no cancel */
    RPCANCEL_HANDLE_CANCELLING,  /* K4: the same after a nonabortive cancel */
    RPCANCEL_HANDLE_ABORTED,     /* K5: abortively cancelled, not yet completed */
    RPCANCEL_HANDLE_ANSWERED,    /* K6: the server's success arrived */
    RPCANCEL_HANDLE_FAILED,      /* K7: a fault or a failure of the link arrived */
    RPCANCEL_HANDLE_FINAL,       /* K8: RpcAsyncCompleteCall returned neither 997 nor 1914 */
    RPCANCEL_HANDLE_PHASES,
    /* No structure: the letter is a thread of the client's, which makes synchronous calls (src/synchronous.h). */
    RPCANCEL_HANDLE_THREAD = RPCANCEL_HANDLE_PHASES, /* in no call */
    RPCANCEL_HANDLE_WAITS,                           /* in the stub, as long as it takes the server */
    RPCANCEL_HANDLE_DUE_IN_1, /* cancelled, and given up with |result| when so many seconds have elapsed */
    RPCANCEL_HANDLE_DUE_IN_2,
    RPCANCEL_HANDLE_RETURNED /* the stub has returned with |result|, and nobody looked yet */
};

/* The server's side of a call. The V names are the rows of the server table in docs/rules.md. */
enum rpcancel_call_phase {
    RPCANCEL_CALL_NONE,          /* V0: the server knows no such call */
    RPCANCEL_CALL_QUEUED,        /* V0: the request arrived, no manager routine runs yet */
    RPCANCEL_CALL_DISPATCHED,    /* V1: the manager routine runs, nothing handed off */
    RPCANCEL_CALL_HANDED_OFF,    /* V2: a worker may use the handle, the manager routine still runs */
    RPCANCEL_CALL_ON_WORKER,     /* V2: the manager routine returned */
    RPCANCEL_CALL_ENDED_RUNNING, /* V3, V4: completed or aborted, the manager routine still runs */
    RPCANCEL_CALL_ENDED,         /* V3, V4, V5 */
    RPCANCEL_CALL_PHASES
};

/* How a call ended. FAULT + n is a fault with the code at position n of the fault codes. */
enum rpcancel_call_result {
    RPCANCEL_RESULT_NONE,
    RPCANCEL_RESULT_SUCCESS,
    RPCANCEL_RESULT_LINK_LOST,
    RPCANCEL_RESULT_CANCELLED,
    RPCANCEL_RESULT_CANCEL_TIMED_OUT, /* of a synchronous call, as RpcCancelThread's page has it */
    RPCANCEL_RESULT_UNAVAILABLE,      /* of a synchronous call made without a link */
    RPCANCEL_RESULT_FAULT = 8
};

enum rpcancel_notification {
    RPCANCEL_NOTIFICATION_NONE,
    RPCANCEL_NOTIFICATION_PENDING, /* call-complete announced, not yet taken by await */
    RPCANCEL_NOTIFICATION_TAKEN
};

struct rpcancel_handle {
    uint16_t phase : 4;          /* enum rpcancel_handle_phase */
    uint16_t result : 4;         /* enum rpcancel_call_result; what RpcAsyncCompleteCall will say */
    uint16_t notification : 2;   /* enum rpcancel_notification */
    uint16_t cancel_timeout : 2; /* of a thread: enum rpcancel_timeout */
    uint16_t call_timeout : 1;   /* of a thread: one second instead of none */
    uint16_t unused : 3;
};

struct rpcancel_call {
    uint16_t phase : 3;     /* enum rpcancel_call_phase */
    uint16_t manager : 2;   /* dispatcher thread that runs the manager routine; 0 when none does (see |phase|) */
    uint16_t cancelled : 1; /* a cancel or an orphaned arrived while the call was alive */
    uint16_t request : 1;   /* these four are messages on their way; each direction is first-in first-out */
    uint16_t cancel : 1;    /* any number of repeated nonabortive cancels counts as one */
    uint16_t orphaned : 1;
    uint16_t reply : 1;
    uint16_t outcome : 4;     /* enum rpcancel_call_result; what the reply on its way carries; 0 when none is */
    uint16_t synchronous : 1; /* DISPATCHED to a synchronous manager routine, whose return is the answer */
    uint16_t unused : 1;
};

struct rpcancel_lane {
    struct rpcancel_handle handle;
    struct rpcancel_call call;    /* the current call of the handle */
    struct rpcancel_call earlier; /* a call made before with the same handle and still alive, else all zero */
};

/* Where a call stands with the notification of one event. */
enum rpcancel_subscription {
    RPCANCEL_SUBSCRIPTION_NONE,
    RPCANCEL_SUBSCRIPTION_ARMED, /* subscribed, and nothing announced yet */
    RPCANCEL_SUBSCRIPTION_DUE,   /* announced, not yet taken */
    RPCANCEL_SUBSCRIPTION_SPENT, /* subscribed, announced and taken: nothing more comes */
    RPCANCEL_SUBSCRIPTION_OVER   /* not subscribed any more, after it was announced */
};

struct rpcancel_world {
    uint16_t link_lost; /* 1 once the connection is gone; it does not come back */
    struct rpcancel_lane lanes[RPCANCEL_HANDLES_MAX];
    uint16_t subscriptions[3]; /* 3 bits (enum rpcancel_subscription) for each call and event: see subscription.h */
};

static_assert(sizeof(struct rpcancel_lane) == 6, "a lane is 48 bits without padding");
static_assert(sizeof(struct rpcancel_world) == 32, "no padding: bytes are identity");

/* rpcancel_manager_runs tells whether the manager routine of |call| occupies a dispatcher thread. */
static inline bool rpcancel_manager_runs(struct rpcancel_call call)
{
    return call.phase == RPCANCEL_CALL_DISPATCHED || call.phase == RPCANCEL_CALL_HANDED_OFF ||
           call.phase == RPCANCEL_CALL_ENDED_RUNNING;
}

/* rpcancel_is_in_stub tells whether |handle| is a thread that waits for its synchronous call. */
static inline bool rpcancel_is_in_stub(struct rpcancel_handle handle)
{
    return handle.phase >= RPCANCEL_HANDLE_WAITS && handle.phase <= RPCANCEL_HANDLE_DUE_IN_2;
}

/* rpcancel_is_free_thread tells whether |handle| is a thread in no call, or may become one. */
static inline bool rpcancel_is_free_thread(struct rpcancel_handle handle)
{
    return handle.phase == RPCANCEL_HANDLE_ZEROED || handle.phase == RPCANCEL_HANDLE_THREAD;
}

/* rpcancel_call_of returns the call that |operation| names. */
static inline struct rpcancel_call *rpcancel_call_of(struct rpcancel_world *world, struct rpcancel_operation operation)
{
    struct rpcancel_lane *lane = &world->lanes[operation.handle];
    return operation.earlier ? &lane->earlier : &lane->call;
}

#endif
