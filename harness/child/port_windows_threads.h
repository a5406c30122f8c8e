// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_PORT_WINDOWS_THREADS_H
#define RPCANCEL_PORT_WINDOWS_THREADS_H
/*
 * The client's half of calls: threads that enter the stub and wait in it, what cancels them, and the clock. A letter
 * has a thread of its own, with a binding handle of its own, from the first time it is needed until the reset.
 *
 * A second of the harness's is a fixed stretch of real time, twice as long as a whole number of seconds h: a time-out
 * of n seconds is set to (2 n - 1) h seconds, so that it runs out half-way through the last of them, and things asked
 * * before and after `elapse` are h seconds away from where they could go either way. Where a second is one real
 * second, h is half of one, and functions that count in whole seconds cannot be given such a time-out. When the machine
 * was slower than that, nothing is answered any more (docs/windows.md).
 */
#include "child/port.h"

/* What the client calls, of rpcrt4.dll; NULL for a function that is not exported or does nothing. */
struct windows_client_functions {
    RPC_STATUS(PORT_API *cancel_thread)(void *thread);
    RPC_STATUS(PORT_API *cancel_thread_ex)(void *thread, LONG timeout);
    RPC_STATUS(PORT_API *set_cancel_timeout)(LONG timeout);
    RPC_STATUS(PORT_API *set_option)(RPC_BINDING_HANDLE binding, ULONG option, ULONG_PTR value);
    bool waits_in_vain; /* cancel_thread_ex does nothing but for a time-out of 0 */
};

/* windows_threads_start sets what the functions are and how many real seconds a second has (even, or 1). */
void windows_threads_start(const struct windows_client_functions *functions, unsigned seconds);

/* windows_threads_is_thread tells whether |handle| is in a call, or its thread has a time-out set. */
bool windows_threads_is_thread(unsigned handle);

/* windows_threads_carry_out carries out a client's operation of synchronous calls, or `elapse`. */
struct rpcancel_answer windows_threads_carry_out(struct rpcancel_operation operation);

/* windows_threads_await_reply waits, for a while, until the stub of |handle|'s call is through, if it is still in it.
 */
void windows_threads_await_reply(unsigned handle);

/* windows_threads_settle gives cancels time to arrive, while anybody waits for a call (|others_wait|: who is no thread
 * does), and threads time to come back that have a reason to. Requests were waited for when they were sent: false when
 * one has not arrived. */
bool windows_threads_settle(bool others_wait);

/* windows_threads_note_cancel says that a cancel went out of which no message will tell that it arrived. */
void windows_threads_note_cancel(void);

/* windows_threads_keep_time tells whether real time has gone by no faster than the harness's, since the last end. */
bool windows_threads_keep_time(void);

/* windows_threads_end ends all threads, once no manager routine runs any more. False: one does not come back; the
 * program can do nothing but end. */
bool windows_threads_end(void);

#endif
