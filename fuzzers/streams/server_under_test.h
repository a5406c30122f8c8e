// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_SERVER_UNDER_TEST_H
#define RPCANCEL_FUZZERS_STREAMS_SERVER_UNDER_TEST_H
/* The server's end as fuzz_association_server calls it: wire/server.h, or one of these deliberate defects of it, which
 * change what goes in, or what the association remembers. */
#include "wire/server.h"

#define RPCANCEL_SERVER_DEFECTS(X)                                        \
    X(ORPHANED_IS_ANSWERED, "orphaned-is-answered")                       \
    X(ORPHANED_IS_LOST, "orphaned-is-lost")                               \
    X(UNKNOWN_CANCEL_IS_FAULTED, "unknown-cancel-is-faulted")             \
    X(SECOND_CANCEL_IS_LOST, "second-cancel-is-lost")                     \
    X(CANCEL_HITS_ANOTHER_CALL, "cancel-hits-another-call")               \
    X(CANCEL_IS_NOT_COUNTED, "cancel-is-not-counted")                     \
    X(TAKEN_CANCEL_STAYS_PENDING, "taken-cancel-stays-pending")           \
    X(ANSWERED_TWICE, "answered-twice")                                   \
    X(FRAGMENTS_TOO_LONG, "fragments-too-long")                           \
    X(ORPHANED_FRAGMENTS_ARE_EXECUTED, "orphaned-fragments-are-executed") \
    X(MAYBE_IS_ANSWERED, "maybe-is-answered")

enum rpcancel_server_defect {
    RPCANCEL_SERVER_DEFECT_NONE,
#define RPCANCEL_X(defect, name) RPCANCEL_SERVER_DEFECT_##defect,
    RPCANCEL_SERVER_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* Each does what the function of wire/server.h with that name does, but for |defect|. */
bool rpcancel_tested_receive(enum rpcancel_server_defect defect, struct rpcancel_server *server, const uint8_t *bytes,
                             size_t size);
void rpcancel_tested_respond(enum rpcancel_server_defect defect, struct rpcancel_server *server, unsigned call,
                             struct rpcancel_span stub_data);
bool rpcancel_tested_take_cancel(enum rpcancel_server_defect defect, struct rpcancel_server *server, unsigned call);

#endif
