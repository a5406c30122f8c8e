// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_REPORTED_H
#define RPCANCEL_REPORTED_H
/*
 * Mutants made after bugs that were reported of real systems: the defect at the place where this machine could have it.
 * Those of mutants.c that correspond to a report name it there. Internal to the mutants.
 */
#include "mutants/mutants.h"

/* X(function, name, text, source) */
#define RPCANCEL_REPORTED(X)                                                                                           \
    X(test_never_notices, "test-cancel-never-notices", "A test never says cancelled.",                                 \
      "https://support.microsoft.com/kb/192127")                                                                       \
    X(server_ignores_cancel, "server-ignores-cancel", "The server takes a cancel off the network and forgets it.",     \
      "samba commit e829f5d8ec3")                                                                                      \
    X(server_ignores_orphaned, "server-ignores-orphaned",                                                              \
      "The server takes an orphaned off the network and forgets it.", "samba commit 3c474cd4890")                      \
    X(cancel_is_a_stub, "cancel-is-a-stub", "A cancel answers 1914 and does nothing.", "wine dlls/rpcrt4/rpc_async.c") \
    X(status_is_a_stub, "status-is-a-stub", "The status is 1914, whatever became of the call.",                        \
      "wine dlls/rpcrt4/rpc_async.c")                                                                                  \
    X(abort_is_a_stub, "server-abort-is-a-stub", "Aborting at the server answers 1914 and does nothing.",              \
      "wine dlls/rpcrt4/rpc_async.c")                                                                                  \
    X(completing_is_a_stub, "server-complete-is-a-stub", "Completing at the server answers 1726 and does nothing.",    \
      "wine dlls/rpcrt4/rpc_async.c")                                                                                  \
    X(abortive_cancel_waits, "abortive-cancel-waits",                                                                  \
      "An abortive cancel sends a cancel and waits for the server, as a nonabortive one does.",                        \
      "wine dlls/rpcrt4/rpc_async.c")                                                                                  \
    X(cancels_do_nothing, "cancels-do-nothing", "A cancel of either kind answers 0 and does nothing.",                 \
      "https://github.com/microsoft/WSL/pull/40246")                                                                   \
    X(early_cancel_hangs, "early-cancel-hangs",                                                                        \
      "The reply to a call that was cancelled before its request arrived completes nothing.",                          \
      "https://github.com/oiweiwei/go-msrpc/issues/94")                                                                \
    X(cancelled_call_replies_twice, "cancelled-call-replies-twice",                                                    \
      "The end of a call whose cancel had arrived is announced twice.",                                                \
      "https://github.com/microsoft/netremote/pull/236")                                                               \
    X(late_cancel_withdraws, "late-cancel-withdraws-completion",                                                       \
      "A cancel that meets the completion takes its announcement away.",                                               \
      "https://github.com/microsoft/libHttpClient/pull/278")                                                           \
    X(abortive_cancel_succeeds, "abortive-cancel-succeeds", "An abortively cancelled call completes with 0.",          \
      "https://github.com/technosoftware-gmbh/opcdaaehda-client-solution-net/pull/42")                                 \
    X(failed_cancel_announces, "failed-cancel-announces",                                                              \
      "A second nonabortive cancel fails and announces a completion, and the reply announces another.",                \
      "https://github.com/mercury-hpc/mercury/pull/327")                                                               \
    X(cancel_hides_dead_peer, "cancel-hides-dead-peer",                                                                \
      "After a nonabortive cancel the loss of the link completes nothing.",                                            \
      "https://github.com/mercury-hpc/mercury/pull/347")                                                               \
    X(abort_announced_twice, "abortive-cancel-announced-twice", "An abortive cancel is announced twice.",              \
      "https://github.com/daos-stack/daos/pull/6644")                                                                  \
    X(late_reply_announces, "late-reply-announces-again",                                                              \
      "A reply that comes after an abortive cancel announces the completion once more.",                               \
      "https://github.com/daos-stack/daos/pull/6251")                                                                  \
    X(notification_frees, "notification-frees",                                                                        \
      "Once the notification was taken the structure is no handle any more.",                                          \
      "https://github.com/grpc/grpc/issues/36065")                                                                     \
    X(finish_after_test_lost, "finish-after-test-lost",                                                                \
      "A completion where the test just said cancelled never reaches the client.",                                     \
      "https://github.com/grpc/grpc/pull/18341")                                                                       \
    X(cancelled_call_unanswered, "cancelled-call-never-answered",                                                      \
      "The end of a call whose cancel had arrived is not sent to the client.",                                         \
      "https://github.com/marmos91/dittofs/issues/2109")                                                               \
    X(cancel_is_answered, "cancel-is-answered",                                                                        \
      "The server answers a nonabortive cancel, which ends the call at the client.",                                   \
      "https://github.com/hierynomus/smbj/issues/572")

#define RPCANCEL_X(function, name, text, source)         \
    struct rpcancel_answer rpcancel_reported_##function( \
        const struct rpcancel_choices *choices, struct rpcancel_world *world, struct rpcancel_operation operation);
RPCANCEL_REPORTED(RPCANCEL_X)
#undef RPCANCEL_X

#endif
