/* SPDX-License-Identifier: Apache-2.0
 *
 * Asynchronous calls and their cancellation, a second time: written from the tables of docs/rules.md, the statements
 * they name (N…) and docs/architecture.md, not from the state machines of src/. docs/spin.md says what is compared with
 * what, and how.
 *
 *   CALLS     handles, each with a current call       (1 … 3)
 *   THREADS   threads of the server's runtime         (1 … 3)
 *   EARLIER   earlier calls that may live on at once  (0: there are none; else with one or two handles)
 *   EDGES     print every transition (edges.pml)
 *   TOLD_TOO  the state also holds what was told (told.pml)
 *
 * One option of the loop at the end is one operation of docs/sequences.md with its arguments; where it is refused or
 * undefined it is not executable. "A choice": no document settles it, and the model follows the product.
 */

#ifndef CALLS
#define CALLS 1
#endif
#ifndef THREADS
#define THREADS 1
#endif
#ifndef EARLIER
#define EARLIER 1
#endif

/* A slot is a call: first the current calls of the handles, then their earlier ones. */
#if EARLIER
#define SLOTS (2 * CALLS)
#else
#define SLOTS CALLS
#endif
#define WORKER THREADS /* the thread that the server program made itself, behind those of the runtime */

/* The rows of the client's table. */
#define ZEROED 0      /* K0 */
#define CORRUPTED 1   /* K0 */
#define INITIALISED 2 /* K1 */
#define RAISED 3      /* K2x */
#define OUTSTANDING 4 /* K3 */
#define CANCELLING 5  /* K4 */
#define ABORTED 6     /* K5 */
#define ANSWERED 7    /* K6 */
#define FAILED 8      /* K7 */
#define FINAL 9       /* K8 */

/* The rows of the server's table. Whether a manager routine still runs, `serves` tells. */
#define UNKNOWN 0 /* V0 */
#define QUEUED 1  /* V0: arrived, not dispatched */
#define OWN 2     /* V1: nobody but the manager routine has the handle */
#define SHARED 3  /* V2: handed off */
#define ENDED 4   /* V3, V4, V5 */

/* The completion notification. */
#define UNANNOUNCED 0
#define ANNOUNCED 1
#define TAKEN 2

/* Messages, and what a reply carries and a call ends with. FAULT + n: the fault code at position n. */
#define REQUEST 1
#define CANCEL 2
#define ORPHANED 3
#define NOTHING 0 /* also: a reply that nobody waits for */
#define SUCCESS 1
#define LINK_LOST 2
#define CANCELLED 3
#define FAULT 8

bit lost;               /* the link; it does not come back */
byte handle[CALLS];     /* row of the client's table */
byte says[CALLS];       /* what the ended call says */
byte notice[CALLS];     /* the completion notification */
byte phase[SLOTS];      /* row of the server's table */
bit cancelled[SLOTS];   /* a cancel reached the call */
byte serves[THREADS];   /* 1 + the slot whose manager routine runs on the thread */
chan to_server[SLOTS] = [3] of { byte };
chan to_client[SLOTS] = [1] of { byte };

#include "edges.pml"

#if CALLS == 1
#define EACH_HANDLE(what) what(0)
#elif CALLS == 2
#define EACH_HANDLE(what) what(0); what(1)
#else
#define EACH_HANDLE(what) what(0); what(1); what(2)
#endif
#if !EARLIER
#define EACH_SLOT(what) EACH_HANDLE(what)
#elif CALLS == 1
#define EACH_SLOT(what) what(0); what(1)
#elif CALLS == 2
#define EACH_SLOT(what) what(0); what(1); what(2); what(3)
#else
#define EACH_SLOT(what) what(0); what(1); what(2); what(3); what(4); what(5)
#endif

/* ---- what several operations have in common ---- */

#define IS_K0(h) (handle[h] == ZEROED || handle[h] == CORRUPTED)
#define HAS_NO_CALL(h) (handle[h] <= RAISED || handle[h] == FINAL)
#define WAITS(h) (handle[h] == OUTSTANDING || handle[h] == CANCELLING)
#define IS_ALIVE(c) (AT_SERVER(c) || IS_RUN(c) || len(to_server[c]) > 0 || len(to_client[c]) > 0)
#define AT_SERVER(c) (phase[c] == QUEUED || phase[c] == OWN || phase[c] == SHARED)

#if THREADS == 1
#define IS_RUN(c) (serves[0] == (c) + 1)
#elif THREADS == 2
#define IS_RUN(c) (serves[0] == (c) + 1 || serves[1] == (c) + 1)
#else
#define IS_RUN(c) (serves[0] == (c) + 1 || serves[1] == (c) + 1 || serves[2] == (c) + 1)
#endif

#include "told.pml"

/* What GetCallStatus and CompleteCall say: N36, N39, N66 while nothing is there; N37, N38, N70 then. K0: N34, N67. 1914
 * for K1, K2x and K8 is a choice (N41, N62), and so is it that K5 does not wait for the notification (N40, N77). */
#define STATUS_OF(h) (HAS_NO_CALL(h) -> A_1914 : (WAITS(h) -> A_997 : A_RESULT + says[h]))

/* RpcAsyncAbortCall on the client's handle: 1915, or 1914 where there was no call; choices (as N42), but for K0. */
#define WRONG_ROLE(h) (handle[h] <= RAISED -> A_1914 : A_1915)

/* What a reply carries is of no account, and not kept, when nobody waits for it. Pairs keep it (see told.pml). */
#ifdef TOLD_TOO
#define IS_OF_ACCOUNT(c) true
#define FORGET_REPLY(c) skip
#else
#define IS_OF_ACCOUNT(c) (c < CALLS && WAITS((c) % CALLS))
#define FORGET_REPLY(c) forget_reply(c)
#endif
inline forget_reply(c)
{
    if
    :: len(to_client[c]) > 0 -> to_client[c] ? _; to_client[c] ! NOTHING
    :: else
    fi
}

/* N83: complete, abort and exception end a call; N85, N92: the client is told, if there is a link. */
inline end_at_server(c, with)
{
    phase[c] = ENDED;
    cancelled[c] = 0;
    TOLD(tell_end(c, with));
    if
    :: lost
    :: else ->
        if
        :: IS_OF_ACCOUNT(c) -> to_client[c] ! with
        :: else -> to_client[c] ! NOTHING
        fi
    fi
}

/* The first message on its way to the server arrives. */
inline arrive(c)
{
    if
    :: to_server[c] ? [REQUEST] -> phase[c] = QUEUED
    :: !to_server[c] ? [REQUEST] && AT_SERVER(c) ->
        cancelled[c] = 1;
        TOLD(tell_cancel_arrived(c))
    :: !to_server[c] ? [REQUEST] && !AT_SERVER(c) /* it is over: the cancel comes too late */
    fi;
    to_server[c] ? _
}

/* A reply ends the call of a client that waits for it, and nothing else (N57; after an abortive cancel N71). */
inline arrive_reply(c)
{
    if
    :: c < CALLS && WAITS((c) % CALLS) ->
        to_client[c] ? says[(c) % CALLS];
        handle[(c) % CALLS] = (says[(c) % CALLS] == SUCCESS -> ANSWERED : FAILED);
        notice[(c) % CALLS] = ANNOUNCED
    :: else -> to_client[c] ? _
    fi
}

/* An earlier call that is over is forgotten. */
inline tidy(c)
{
    if
    :: c >= CALLS && !IS_ALIVE(c) -> phase[c] = UNKNOWN
    :: else
    fi
}

/* ---- the client ---- */

/* N3. */
inline init_handle(h)
{
    BEGIN;
    TOLD(forget(h));
    handle[h] = INITIALISED;
    says[h] = NOTHING;
    notice[h] = UNANNOUNCED;
    END(INIT, h, 0, 0, A_OK)
}

/* N3, N6. */
inline corrupt(h, member)
{
    BEGIN;
    TOLD(forget(h));
    handle[h] = CORRUPTED;
    notice[h] = UNANNOUNCED;
    END(CORRUPT, h, member, 0, A_DONE)
}

inline now_serves(t, h, e)
{
    if
    :: serves[t] == h + 1 -> serves[t] = e + 1
    :: else
    fi
}

/* A call that is still alive becomes the handle's earlier one. */
inline make_earlier(h, e)
{
    phase[e] = phase[h];
    cancelled[e] = cancelled[h];
    now_serves(0, h, e);
#if THREADS > 1
    now_serves(1, h, e);
#endif
#if THREADS > 2
    now_serves(2, h, e);
#endif
    do
    :: to_server[h] ? [REQUEST] -> to_server[h] ? _; to_server[e] ! REQUEST
    :: to_server[h] ? [CANCEL] -> to_server[h] ? _; to_server[e] ! CANCEL
    :: to_server[h] ? [ORPHANED] -> to_server[h] ? _; to_server[e] ! ORPHANED
    :: len(to_server[h]) == 0 -> break
    od;
    if
    :: len(to_client[h]) > 0 -> to_client[h] ? _; to_client[e] ! NOTHING
    :: else
    fi
}

#if EARLIER
#define EARLIER_OF(h) (CALLS + (h))
#define LIVES_ON(h) (IS_ALIVE(CALLS + (h)) -> 1 : 0)
#if CALLS == 1
#define ALL_EARLIER LIVES_ON(0)
#elif CALLS == 2
#define ALL_EARLIER (LIVES_ON(0) + LIVES_ON(1))
#endif
#define HAS_ROOM(h) (!IS_ALIVE(h) || (!IS_ALIVE(EARLIER_OF(h)) && ALL_EARLIER < EARLIER))
#else
#define HAS_ROOM(h) (!IS_ALIVE(h))
#endif

inline issue(h)
{
    BEGIN;
#if EARLIER
    if
    :: IS_ALIVE(h) -> make_earlier(h, EARLIER_OF(h))
    :: else
    fi;
#endif
    TOLD(forget(h));
    TOLD(forget_call(h));
    handle[h] = OUTSTANDING;
    says[h] = NOTHING;
    notice[h] = UNANNOUNCED;
    phase[h] = UNKNOWN;
    cancelled[h] = 0;
    to_server[h] ! REQUEST;
    END(CALL, h, 0, 0, A_OK)
}

/* N93: the stub raised, and nothing is left to clean. What was no handle stays none: a choice. */
inline raise_in_stub(h)
{
    BEGIN;
    if
    :: IS_K0(h)
    :: else ->
        TOLD(forget(h));
        handle[h] = RAISED;
        notice[h] = UNANNOUNCED
    fi;
    END(CALL, h, 0, 0, A_EXCEPTION)
}

/* N66, N67. Choices: a code of the server's ends the call also if it is 997 or 1914, and what was not taken of the
 * notification by then is gone. */
inline complete(h)
{
    BEGIN;
    KEEP(STATUS_OF(h));
    if
    :: handle[h] == ABORTED || handle[h] == ANSWERED || handle[h] == FAILED ->
        TOLD(tell_final(h));
        handle[h] = FINAL;
        says[h] = NOTHING;
        notice[h] = UNANNOUNCED
    :: else
    fi;
    END(COMPLETE, h, 0, 0, KEPT)
}

/* N48: the server is notified, the client keeps waiting. Any number of cancels on their way is one. Choices: without a
 * call 1914 (N62), after the end or an abortive cancel 0 and nothing else (N59, N60). */
inline cancel(h)
{
    BEGIN;
    TOLD(tell_cancel(h));
    if
    :: WAITS(h) ->
        handle[h] = CANCELLING;
        if
        :: to_server[h] ?? [CANCEL]
        :: !to_server[h] ?? [CANCEL] -> to_server[h] ! CANCEL
        fi
    :: else
    fi;
    END(CANCEL_CALL, h, 0, 0, (HAS_NO_CALL(h) -> A_1914 : A_OK))
}

/* N46, N47: at once at the client, and the server is notified. Choices as above (N58). */
inline cancel_abort(h)
{
    BEGIN;
    TOLD(tell_late_cancel(h));
    if
    :: WAITS(h) ->
        handle[h] = ABORTED;
        says[h] = CANCELLED;
        notice[h] = ANNOUNCED;
        FORGET_REPLY(h);
        to_server[h] ! ORPHANED
    :: else
    fi;
    END(CANCEL_ABORT, h, 0, 0, (HAS_NO_CALL(h) -> A_1914 : A_OK))
}

/* N55, N57. */
inline await_notice(h)
{
    BEGIN;
    if
    :: notice[h] == ANNOUNCED -> notice[h] = TAKEN; TOLD(tell_taken(h)); KEEP(A_OK)
    :: else -> KEEP(A_258)
    fi;
    END(AWAIT, h, 0, 0, KEPT)
}

/* A question: nothing changes. (No inline: SPIN 6.5.2 goes wrong over one conditional expression in another there.) */
#define SAY(kind, h, argument, thread, answer) BEGIN; END(kind, h, argument, thread, answer)

/* ---- the network ---- */

inline deliver(kind, c)
{
    BEGIN;
    arrive(c);
    tidy(c);
    END(kind, c, 0, 0, A_DONE)
}

inline deliver_reply(c)
{
    BEGIN;
    arrive_reply(c);
    tidy(c);
    END(DELIVER_REPLY, c, 0, 0, A_DONE)
}

inline settle_call(c)
{
    do
    :: len(to_server[c]) > 0 -> arrive(c)
    :: else -> break
    od;
    if
    :: len(to_client[c]) > 0 -> arrive_reply(c)
    :: else
    fi;
    tidy(c)
}

inline lose_messages(c)
{
    do
    :: len(to_server[c]) > 0 -> to_server[c] ? _
    :: else -> break
    od;
    if
    :: len(to_client[c]) > 0 -> to_client[c] ? _
    :: else
    fi;
    tidy(c)
}

/* Who waits for an answer learns that none will come. */
inline lose_answer(h)
{
    if
    :: WAITS(h) ->
        handle[h] = FAILED;
        says[h] = LINK_LOST;
        notice[h] = ANNOUNCED
    :: else
    fi
}

/* ---- the server ---- */

inline dispatch(c, t)
{
    BEGIN;
    phase[c] = OWN;
    serves[t] = c + 1;
    END(DISPATCH, c, 0, t, A_DONE)
}

inline hand_off(c)
{
    BEGIN;
    phase[c] = SHARED;
    END(HAND_OFF, c, 0, 0, A_DONE)
}

/* A manager routine that returns without having handed off leaves its call to the worker: a choice. */
inline return_from(c, t)
{
    BEGIN;
    serves[t] = 0;
    if
    :: phase[c] == OWN -> phase[c] = SHARED
    :: else
    fi;
    tidy(c);
    END(RETURN, c, 0, 0, A_DONE)
}

/* N90, N91, N92: before hand-off, an exception is the answer; the manager routine is over with it. */
inline raise(c, t, code)
{
    BEGIN;
    serves[t] = 0;
    end_at_server(c, FAULT + code);
    tidy(c);
    END(RAISE, c, code, 0, A_DONE)
}

/* N79, N85. That it is 0 for a cancelled call, or when the client is gone, is a choice (N81). */
inline finish(kind, c, t, code, with)
{
    BEGIN;
    end_at_server(c, with);
    tidy(c);
    END(kind, c, code, t, A_OK)
}

/* N16, N17, N31. After the link was lost it stays as it was: a choice (N32). */
#define TEST(c) (cancelled[c] -> A_OK : A_1791)

/* What runs on thread t has the handle of the call: its manager routine, and after hand-off whatever runs. */
#define HAS(c, t) (phase[c] == OWN && serves[t] == (c) + 1 || phase[c] == SHARED && serves[t] != 0)
#define WORKER_HAS(c) (phase[c] == SHARED)

/* ---- every operation ---- */

/* With one call every argument there is; with more some stand for all. Position 2, the code 0, is left out where it is
 * forbidden (N88). */
#if CALLS == 1
#define OTHER_FAULTS(option, a, b, c) \
    option(a, b, c, 3) option(a, b, c, 4) option(a, b, c, 5) option(a, b, c, 6) option(a, b, c, 7)
#define FAULT_ZERO(option, a, b, c) option(a, b, c, 2)
#define IF_ONE_CALL(what) what
#else
#define OTHER_FAULTS(option, a, b, c)
#define FAULT_ZERO(option, a, b, c)
#define IF_ONE_CALL(what)
#endif
#define EACH_FAULT(option, a, b, c) option(a, b, c, 0) option(a, b, c, 1) OTHER_FAULTS(option, a, b, c)

#define ABORT_AS_CLIENT(h, unused, unused_too, code) :: d_step { true -> SAY(ABORT, h, code, 0, WRONG_ROLE(h)) }
#define RAISE_IN(c, t, unused, code) :: d_step { phase[c] == OWN && serves[t] == (c) + 1 -> raise(c, t, code) }
#define ABORT_AS_SERVER(c, t, guard, code) :: d_step { guard -> finish(SERVER_ABORT, c, t, code, FAULT + code) }
#define BAD_SIZE(h, size) :: d_step { HAS_NO_CALL(h) -> SAY(INIT_BAD_SIZE, h, size, 0, A_87) }
#define ALTER(h, member) :: d_step { CAN_CORRUPT(h) -> corrupt(h, member) }

/* Only what was initialised once has members to alter. The table has `f` or `u` where an operation is missing below:
 * init and call while a call is outstanding, complete and cancel of a final handle. After the link was lost the stub
 * raises: a choice. */
#define CAN_CORRUPT(h) (HAS_NO_CALL(h) && handle[h] != ZEROED)
#define IS_READY(h) (HAS_NO_CALL(h) && !IS_K0(h))
#define CAN_ISSUE(h) (!lost && IS_READY(h) && HAS_ROOM(h))
#define STUB_RAISES(h) (IS_K0(h) || lost && IS_READY(h))

#define CLIENT(h) \
    :: d_step { HAS_NO_CALL(h) -> init_handle(h) } \
    BAD_SIZE(h, 0) IF_ONE_CALL(BAD_SIZE(h, 1)) \
    ALTER(h, 0) IF_ONE_CALL(ALTER(h, 1) ALTER(h, 2) ALTER(h, 3)) \
    :: d_step { CAN_ISSUE(h) -> issue(h) } \
    :: d_step { STUB_RAISES(h) -> raise_in_stub(h) } \
    :: d_step { true -> SAY(STATUS, h, 0, 0, STATUS_OF(h)) } \
    :: d_step { handle[h] != FINAL -> complete(h) } \
    :: d_step { handle[h] != FINAL -> cancel(h) } \
    :: d_step { handle[h] != FINAL -> cancel_abort(h) } \
    EACH_FAULT(ABORT_AS_CLIENT, h, 0, 0) FAULT_ZERO(ABORT_AS_CLIENT, h, 0, 0) \
    :: d_step { true -> SAY(GET_CALL_HANDLE, h, 0, 0, (HAS_NO_CALL(h) -> A_NULL : A_HANDLE)) } \
    :: d_step { true -> await_notice(h) }

/* A manager routine starts on a thread that runs none. */
#define ON_THREAD(c, t) \
    :: d_step { phase[c] == QUEUED && serves[t] == 0 -> dispatch(c, t) } \
    :: d_step { serves[t] == (c) + 1 -> return_from(c, t) } \
    EACH_FAULT(RAISE_IN, c, t, 0) \
    WITH_HANDLE(c, t, HAS(c, t))

/* N26, N28, N79; the client's functions on the server's handle say 1915: a choice (N42). */
#define WITH_HANDLE(c, t, guard) \
    :: d_step { guard -> SAY(TEST_CANCEL, c, 0, t, TEST(c)) } \
    :: d_step { guard -> finish(SERVER_COMPLETE, c, t, 0, SUCCESS) } \
    EACH_FAULT(ABORT_AS_SERVER, c, t, guard) \
    :: d_step { guard -> SAY(SERVER_STATUS, c, 0, t, A_1915) } \
    :: d_step { guard -> SAY(SERVER_CANCEL, c, 0, t, A_1915) } \
    :: d_step { guard -> SAY(SERVER_CANCEL_ABORT, c, 0, t, A_1915) } \
    :: d_step { guard -> SAY(SERVER_GET_CALL_HANDLE, c, 0, t, A_HANDLE) }

#define THE_CALL(c) \
    :: d_step { to_server[c] ? [REQUEST] -> deliver(DELIVER_REQUEST, c) } \
    :: d_step { to_server[c] ? [CANCEL] -> deliver(DELIVER_CANCEL, c) } \
    :: d_step { to_server[c] ? [ORPHANED] -> deliver(DELIVER_ORPHANED, c) } \
    :: d_step { len(to_client[c]) > 0 -> deliver_reply(c) } \
    :: d_step { phase[c] == OWN -> hand_off(c) } \
    EACH_THREAD(c) \
    WITH_HANDLE(c, WORKER, WORKER_HAS(c))

/* N19, N20, N28: with 0, the call that the thread serves, if there is one that has not ended. N22. */
#define SERVED(t) (serves[t] != 0 && phase[serves[t] - 1] != ENDED -> TEST(serves[t] - 1) : A_1725)
#define TEST_ON(t) \
    :: d_step { true -> SAY(TEST_CANCEL_ZERO, 0, 0, t, SERVED(t)) } \
    :: d_step { true -> SAY(TEST_CANCEL_INVALID, 0, 0, t, A_1702) }

#if THREADS == 1
#define EACH_THREAD(c) ON_THREAD(c, 0)
#elif THREADS == 2
#define EACH_THREAD(c) ON_THREAD(c, 0) ON_THREAD(c, 1)
#else
#define EACH_THREAD(c) ON_THREAD(c, 0) ON_THREAD(c, 1) ON_THREAD(c, 2)
#endif

active proctype everybody()
{
    do
    CLIENT(0)
    THE_CALL(0)
#if CALLS > 1
    CLIENT(1)
    THE_CALL(1)
#endif
#if CALLS > 2
    CLIENT(2)
    THE_CALL(2)
#endif
#if EARLIER
    THE_CALL(EARLIER_OF(0))
#if CALLS > 1
    THE_CALL(EARLIER_OF(1))
#endif
#endif
    TEST_ON(0)
#if THREADS > 1
    TEST_ON(1)
#endif
#if THREADS > 2
    TEST_ON(2)
#endif
    :: d_step { true -> SAY(TEST_CANCEL_ZERO, 0, 0, WORKER, A_1725) }
    :: d_step { true -> SAY(TEST_CANCEL_INVALID, 0, 0, WORKER, A_1702) }
    :: d_step { true -> SAY(INIT_BAD_MEMORY, 0, 0, 0, A_1914) }
    :: d_step {
           !lost -> BEGIN; lost = 1; EACH_SLOT(lose_messages); EACH_HANDLE(lose_answer); END(LOSE_LINK, 0, 0, 0, A_DONE)
       }
    :: d_step {
           true -> BEGIN; EACH_SLOT(settle_call); TOLD(EACH_HANDLE(tell_settled)); END(SETTLE, 0, 0, 0, A_DONE)
       }
    od
}
