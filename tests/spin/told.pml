/* SPDX-License-Identifier: Apache-2.0
 *
 * With TOLD_TOO the state also holds what an observer was told and the state alone does not tell, as
 * harness/observer/observer.h describes it: a state is then what `rpcancel explore` calls a pair, and there are exactly
 * as many states and transitions as it has pairs and edges. Pairs of the reference also hold what a reply carries that
 * nobody waits for; so does a state here, but for earlier calls, which this goes without (EARLIER 0).
 */

#ifdef TOLD_TOO
#define TOLD(what) what

#if EARLIER
#error What was told of earlier calls is not modelled.
#endif

bit nonabortive[CALLS]; /* a nonabortive cancel was accepted before anything arrived, and before an abortive one */
bit late_cancel[CALLS]; /* a cancel was accepted after the answer, or the failure of the link, had arrived */
bit taken[CALLS];       /* the completion notification was taken */
bit settled[CALLS];     /* everything settled since the call ended at the client */
byte reached[CALLS];    /* what reached the call at the server: CANCEL or, without one, ORPHANED */
byte outcome[CALLS];    /* what the server made of the call, as long as no CompleteCall was final */
bit unsure[CALLS];      /* CompleteCall was final and answered 997 or 1914, the server's code: told is that it was not */

inline forget(h)
{
    unsure[h] = 0;
    nonabortive[h] = 0;
    late_cancel[h] = 0;
    taken[h] = 0;
    settled[h] = 0
}

inline tell_final(h)
{
    if
    :: says[h] == FAULT + 3 || says[h] == FAULT + 4 -> unsure[h] = 1
    :: else ->
        nonabortive[h] = 0;
        late_cancel[h] = 0;
        settled[h] = 0;
        outcome[h] = NOTHING
    fi
}

inline forget_call(h)
{
    reached[h] = 0;
    outcome[h] = NOTHING
}

inline tell_late_cancel(h)
{
    if
    :: handle[h] == ANSWERED || handle[h] == FAILED -> late_cancel[h] = 1
    :: else
    fi
}

inline tell_cancel(h)
{
    if
    :: WAITS(h) -> nonabortive[h] = 1
    :: else -> tell_late_cancel(h)
    fi
}

inline tell_taken(h)
{
    taken[h] = 1
}

inline tell_settled(h)
{
    if
    :: handle[h] == ABORTED || handle[h] == ANSWERED || handle[h] == FAILED || unsure[h] -> settled[h] = 1
    :: else
    fi
}

/* The first message on its way to the call is a cancel or an orphaned, and the call is alive at the server. */
inline tell_cancel_arrived(c)
{
    if
    :: to_server[c] ? [CANCEL] -> reached[c] = CANCEL
    :: to_server[c] ? [ORPHANED] && reached[c] == 0 -> reached[c] = ORPHANED
    :: to_server[c] ? [ORPHANED] && reached[c] != 0
    fi
}

inline tell_end(c, with)
{
    reached[c] = 0;
    outcome[c] = (lost -> NOTHING : with)
}
#else
#define TOLD(what) skip
#endif
