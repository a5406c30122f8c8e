// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_THREADS_H
#define RPCANCEL_THREADS_H
/*
 * What the observer knows of threads that make synchronous calls. Internal to the observer.
 *
 * A letter whose phase is RPCANCEL_SEEN_THREAD keeps this in its struct rpcancel_observed_handle:
 *
 *   waits            it is in a call, as far as it was told
 *   nonabortive      the call was cancelled before anything arrived
 *   due_in           seconds until a cancel's time-out runs out; 0 when none runs
 *   abortive         a time-out of the call ran out before anything arrived: the client may have given it up
 *   late_cancel      which time-out counts, or whether the client waited at all, the documents leave open
 *   arrived, settled as for an asynchronous call; settled also since a time-out ran out
 *   taken            a cancel was accepted when perhaps there was no call: it may count for the next one. No telling
 *                    from then on
 *   cancel_timeout, call_timeout   as set
 */
#include "observer/observer.h"

/* rpcancel_may_be_thread tells whether a letter is a thread, or can become one. */
static inline bool rpcancel_may_be_thread(struct rpcancel_observed_handle handle)
{
    return handle.phase == RPCANCEL_SEEN_ZEROED || handle.phase == RPCANCEL_SEEN_THREAD;
}

/* rpcancel_threads_observe takes in that the client's |operation| of synchronous calls, or `elapse`, was answered with
 * |answer|. */
void rpcancel_threads_observe(struct rpcancel_observer *observer, struct rpcancel_operation operation,
                              struct rpcancel_answer answer);

/* rpcancel_thread_gets notes that |arrival| (enum rpcancel_arrival) reached |thread|, if it still waits for anything.
 */
void rpcancel_thread_gets(struct rpcancel_observed_handle *thread, enum rpcancel_arrival arrival);

/* rpcancel_observe_new_call makes the current call of lane |number| one whose request is on its way, and the one
 * before, if it is still alive, the earlier one. */
void rpcancel_observe_new_call(struct rpcancel_observer *observer, unsigned number);

#endif
