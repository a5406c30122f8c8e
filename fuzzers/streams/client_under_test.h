// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_STREAMS_CLIENT_UNDER_TEST_H
#define RPCANCEL_FUZZERS_STREAMS_CLIENT_UNDER_TEST_H
/* The client's end as fuzz_association_client calls it: wire/client.h, or one of these deliberate defects of it, which
 * change what goes in, or what the association remembers. */
#include "wire/client.h"

#define RPCANCEL_CLIENT_DEFECTS(X)                        \
    X(COMPLETED_TWICE, "completed-twice")                 \
    X(ORPHANED_IS_COMPLETED, "orphaned-is-completed")     \
    X(LATE_CANCEL_IS_SENT, "late-cancel-is-sent")         \
    X(KEEPS_THE_CONNECTION, "keeps-the-connection")       \
    X(CANCEL_IS_FORGOTTEN, "cancel-is-forgotten")         \
    X(REPLY_COMPLETES_ANOTHER, "reply-completes-another") \
    X(FRAGMENTS_TOO_LONG, "fragments-too-long")           \
    X(ONE_CALL_TOO_MANY, "one-call-too-many")             \
    X(LOST_CALL_IS_FORGOTTEN, "lost-call-is-forgotten")   \
    X(ANSWERS_WHAT_COMES_IN, "answers-what-comes-in")

enum rpcancel_client_defect {
    RPCANCEL_CLIENT_DEFECT_NONE,
#define RPCANCEL_X(defect, name) RPCANCEL_CLIENT_DEFECT_##defect,
    RPCANCEL_CLIENT_DEFECTS(RPCANCEL_X)
#undef RPCANCEL_X
};

/* Each does what the function of wire/client.h with that name does, but for |defect|. */
bool rpcancel_tested_client_receive(enum rpcancel_client_defect defect, struct rpcancel_client *client,
                                    const uint8_t *bytes, size_t size);
bool rpcancel_tested_client_cancel(enum rpcancel_client_defect defect, struct rpcancel_client *client,
                                   uint32_t call_id);
bool rpcancel_tested_client_orphan(enum rpcancel_client_defect defect, struct rpcancel_client *client, uint32_t call_id,
                                   bool *close);
void rpcancel_tested_client_lost(enum rpcancel_client_defect defect, struct rpcancel_client *client);

#endif
