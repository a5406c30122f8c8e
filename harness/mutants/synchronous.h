// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SYNCHRONOUS_MUTANTS_H
#define RPCANCEL_SYNCHRONOUS_MUTANTS_H
/*
 * Mutants and variants of synchronous calls; mutants.c and variants.c have them in their lists.
 * X(function, name, the defect in a sentence, where a bug of this kind was reported or NULL, how many calls it takes to
 * see it), and X(function, name, the other answer in a sentence).
 */
#include "mutants/mutants.h"

#define RPCANCEL_SYNCHRONOUS_DEFECTS(X)                                                                               \
    X(test_never_notices, "thread-test-never-notices", "RpcTestCancel always answers 5.",                             \
      "https://support.microsoft.com/kb/192127", ONE_CALL)                                                            \
    X(test_says_cancelled, "thread-test-is-a-stub", "RpcTestCancel always answers 0.",                                \
      "FreeRDP winpr/libwinpr/rpc/rpc.c", ONE_CALL)                                                                   \
    X(test_consumes, "thread-test-consumes-flag", "An RpcTestCancel that says cancelled clears the flag.", NULL,      \
      ONE_CALL)                                                                                                       \
    X(test_forgets, "thread-test-forgets", "A second after its cancel arrived a call tests as not cancelled.", NULL,  \
      ONE_CALL)                                                                                                       \
    X(test_answers_for_another, "thread-test-answers-for-another",                                                    \
      "RpcTestCancel tells of a call that another thread of the server's serves.", NULL, TWO_CALLS)                   \
    X(cancel_does_nothing, "cancel-thread-is-a-stub", "Cancelling a thread answers 0 and does nothing.",              \
      "FreeRDP winpr/libwinpr/rpc/rpc.c", ONE_CALL)                                                                   \
    X(cancel_not_sent, "cancel-thread-not-sent",                                                                      \
      "The server is not told that a thread of the client's was cancelled.",                                          \
      "https://github.com/apache/brpc/issues/122", ONE_CALL)                                                          \
    X(cancel_ends_wait, "cancel-thread-does-not-wait",                                                                \
      "A thread that is cancelled returns at once, whatever its cancel time-out.", "wine dlls/rpcrt4/rpcrt4_main.c",  \
      ONE_CALL)                                                                                                       \
    X(cancel_hits_another, "cancel-thread-hits-another", "The cancel of a thread is sent for every thread's call.",   \
      "https://github.com/marmos91/dittofs/issues/2414", TWO_CALLS)                                                   \
    X(cancel_refused, "cancel-thread-refused-once-dispatched",                                                        \
      "Cancelling a thread whose call the server works on is refused.", NULL, ONE_CALL)                               \
    X(no_access_ignored, "cancel-thread-without-access",                                                              \
      "Without THREAD_SET_CONTEXT a thread is cancelled all the same.", NULL, ONE_CALL)                               \
    X(no_access_cancels, "cancel-thread-refused-too-late",                                                            \
      "A cancel without THREAD_SET_CONTEXT is refused, and sent to the server.", NULL, ONE_CALL)                      \
    X(ex_not_supported, "cancel-thread-ex-not-supported", "RpcCancelThreadEx answers 1764 and does nothing.", NULL,   \
      ONE_CALL)                                                                                                       \
    X(timeout_ignored, "cancel-timeout-is-a-stub", "RpcMgmtSetCancelTimeout answers 0 and does nothing.",             \
      "wine dlls/rpcrt4/rpcrt4_main.c", ONE_CALL)                                                                     \
    X(timeout_not_supported, "cancel-timeout-not-supported",                                                          \
      "A cancel time-out other than the default is refused with 1764.", NULL, ONE_CALL)                               \
    X(timeout_runs_from_call, "cancel-timeout-runs-from-call", "The cancel time-out begins with the call.", NULL,     \
      ONE_CALL)                                                                                                       \
    X(timeout_of_process, "cancel-timeout-of-the-process", "The cancel time-out of one thread counts for all.", NULL, \
      TWO_CALLS)                                                                                                      \
    X(zero_is_none, "cancel-timeout-0-is-none", "A cancel time-out of 0 is taken for none.",                          \
      "https://github.com/dusk-network/dusk-blockchain/issues/651", ONE_CALL)                                         \
    X(infinite_ends, "infinite-cancel-timeout-ends",                                                                  \
      "Without a cancel time-out a call ends two seconds after its cancel.",                                          \
      "https://github.com/microsoft/cpprestsdk/issues/353", ONE_CALL)                                                 \
    X(given_up_succeeds, "given-up-call-succeeds", "A call that the client gave up returns success.",                 \
      "https://github.com/technosoftware-gmbh/opcdaaehda-client-solution-net/pull/42", ONE_CALL)                      \
    X(ends_unasked, "call-times-out-unasked", "Without a call time-out a call ends after a second.",                  \
      "https://github.com/nfultz/grpc/issues/28", ONE_CALL)                                                           \
    X(runs_from_setting, "call-timeout-runs-from-setting", "The call time-out begins when it is set.",                \
      "https://github.com/grpc/grpc-java/issues/1495", ONE_CALL)                                                      \
    X(call_timeout_ignored, "call-timeout-is-a-stub", "Setting a call time-out answers 0 and does nothing.",          \
      "wine dlls/rpcrt4/rpc_binding.c", ONE_CALL)                                                                     \
    X(infinite_refused, "call-timeout-not-taken-back", "A call time-out can not be set to INFINITE: 87.", NULL,       \
      ONE_CALL)                                                                                                       \
    X(another_code, "call-timeout-answers-1726", "A call that its time-out ends fails with 1726.",                    \
      "https://github.com/grpc/grpc/issues/53", ONE_CALL)                                                             \
    X(zero_is_at_once, "call-timeout-0-is-at-once", "A call time-out of 0 ends every call at once.",                  \
      "https://github.com/EasyNetQ/EasyNetQ/pull/700", ONE_CALL)                                                      \
    X(late_reply, "late-reply-ends-next-call", "The reply to a call that was given up is taken for the next one's.",  \
      "https://github.com/redis/redis-py/issues/2624", EARLIER_CALL)                                                  \
    X(fault_lost, "fault-lost-in-stub", "A call in whose manager routine an exception was raised returns success.",   \
      NULL, ONE_CALL)                                                                                                 \
    X(success_lost, "cancelled-success-lost", "A call that was cancelled and succeeds nonetheless ends with 1726.",   \
      NULL, ONE_CALL)                                                                                                 \
    X(cancelled_unanswered, "cancelled-routine-never-answers",                                                        \
      "What a synchronous manager routine returns after the cancel is not sent.",                                     \
      "https://github.com/marmos91/dittofs/issues/2109", ONE_CALL)                                                    \
    X(cancel_hides_dead_peer, "cancel-thread-hides-dead-peer",                                                        \
      "A thread that was cancelled goes on waiting when the link is lost.",                                           \
      "https://github.com/mercury-hpc/mercury/pull/347", ONE_CALL)

#define RPCANCEL_SYNCHRONOUS_VARIANTS(X)                                                                             \
    X(expired_is_1818, "cancel-timeout-answers-1818", "A call that its cancel's time-out ends answers 1818 (N113).") \
    X(ex_waits_itself, "cancel-thread-ex-waits-itself",                                                              \
      "RpcCancelThreadEx's time-out is that of the function, and the thread's own ends the call (N113).")            \
    X(noticed_late, "time-outs-noticed-late",                                                                        \
      "That a time-out ran out the stub notices when everything settles (N113: a lower bound).")                     \
    X(begins_anew, "second-cancel-begins-anew", "A second cancel begins a new time-out (no page speaks of it).")     \
    X(repeated_refused, "second-cancel-of-thread-refused",                                                           \
      "Cancelling a thread twice answers 1725 (no page speaks of it).")                                              \
    X(idle_pending, "idle-cancel-stays-pending",                                                                     \
      "The cancel of a thread in no call counts for its next one (no page speaks of it; so does OSF DCE).")          \
    X(idle_refused, "idle-thread-not-cancelled",                                                                     \
      "Cancelling a thread in no call answers 1725 (no page speaks of it).")                                         \
    X(cancelled_is_1818, "cancelled-stub-answers-1818",                                                              \
      "A cancelled call that succeeds, or loses its link, ends with 1818 (no page says which).")                     \
    X(lost_is_1722, "lost-link-answers-1722", "A call that lost its link ends with 1722 (no page says which).")      \
    X(test_1791, "thread-test-answers-1791", "RpcTestCancel answers 1791 where there is nothing cancelled.")         \
    X(by_handle_refused, "synchronous-test-by-handle-refused",                                                       \
      "RpcServerTestCancel answers 1725 in a synchronous manager routine (N33).")

#define RPCANCEL_X(function, ...)                           \
    struct rpcancel_answer rpcancel_synchronous_##function( \
        const struct rpcancel_choices *choices, struct rpcancel_world *world, struct rpcancel_operation operation);
RPCANCEL_SYNCHRONOUS_DEFECTS(RPCANCEL_X)
RPCANCEL_SYNCHRONOUS_VARIANTS(RPCANCEL_X)
#undef RPCANCEL_X

#endif
