// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_FEEDBACK_H
#define RPCANCEL_FUZZERS_FEEDBACK_H
/*
 * State feedback: tells libFuzzer in which situations the operations of an input were answered. The machines are
 * tables, so the edges of the compiled code say little of where a sequence has been.
 *
 * One byte a situation, 0 or 1, whichever handle it was: a situation of b is no news once a was in it. libFuzzer clears
 * the bytes before every input and reads them after it.
 */
#include "rules/rules.h"

enum {
    RPCANCEL_FEEDBACK_CLIENT_KINDS = RPCANCEL_OP_AWAIT + 1,
    RPCANCEL_FEEDBACK_CALL_KINDS = RPCANCEL_OPERATION_KINDS - RPCANCEL_OP_DELIVER_REQUEST,
    /* first byte of each part */
    RPCANCEL_FEEDBACK_CLIENT = 0, /* client row × client operation */
    RPCANCEL_FEEDBACK_SERVER =    /* server row × operation of the network or the server */
    RPCANCEL_FEEDBACK_CLIENT + RPCANCEL_CLIENT_ROWS * RPCANCEL_FEEDBACK_CLIENT_KINDS,
    RPCANCEL_FEEDBACK_ENDS = /* client row × operation of the network or the server: both ends of a call */
    RPCANCEL_FEEDBACK_SERVER + RPCANCEL_SERVER_ROWS * RPCANCEL_FEEDBACK_CALL_KINDS,
    RPCANCEL_FEEDBACK_EARLIER = /* the same for an earlier call of the handle */
    RPCANCEL_FEEDBACK_ENDS + RPCANCEL_CLIENT_ROWS * RPCANCEL_FEEDBACK_CALL_KINDS,
    RPCANCEL_FEEDBACK_PAIR = /* server row × that of the call asked about before × which test of cancellation it is */
    RPCANCEL_FEEDBACK_EARLIER + RPCANCEL_CLIENT_ROWS * RPCANCEL_FEEDBACK_CALL_KINDS,
    RPCANCEL_FEEDBACK_SIZE = RPCANCEL_FEEDBACK_PAIR + 3 * RPCANCEL_SERVER_ROWS * RPCANCEL_SERVER_ROWS
};
static_assert(RPCANCEL_FEEDBACK_SIZE <= 1024, "libFuzzer reads all of them after every input");

extern uint8_t rpcancel_feedback_bytes[RPCANCEL_FEEDBACK_SIZE];

/* The calls last asked about; zero-initialise for every input. */
struct rpcancel_feedback {
    uint8_t handle; /* of the last one */
    uint8_t server; /* its server row */
    uint8_t other;  /* server row of the last one with another handle */
};

static inline void rpcancel_feedback_note(struct rpcancel_feedback *feedback,
                                          const struct rpcancel_situation *situation)
{
    uint8_t *bytes = rpcancel_feedback_bytes;
    unsigned kind = situation->operation.kind, client = situation->client, server = situation->server;
    if (kind < RPCANCEL_FEEDBACK_CLIENT_KINDS) {
        bytes[RPCANCEL_FEEDBACK_CLIENT + client * RPCANCEL_FEEDBACK_CLIENT_KINDS + kind] = 1;
        return;
    }
    unsigned column = kind - RPCANCEL_OP_DELIVER_REQUEST;
    unsigned ends = situation->operation.earlier ? RPCANCEL_FEEDBACK_EARLIER : RPCANCEL_FEEDBACK_ENDS;
    bytes[RPCANCEL_FEEDBACK_SERVER + server * RPCANCEL_FEEDBACK_CALL_KINDS + column] = 1;
    bytes[ends + client * RPCANCEL_FEEDBACK_CALL_KINDS + column] = 1;
    if (situation->operation.handle != feedback->handle) {
        feedback->other = feedback->server;
        feedback->handle = situation->operation.handle;
    }
    feedback->server = (uint8_t)server;
    unsigned test = kind == RPCANCEL_OP_TEST_CANCEL ? 1 : kind == RPCANCEL_OP_TEST_CANCEL_ZERO ? 2 : 0;
    bytes[RPCANCEL_FEEDBACK_PAIR + (test * RPCANCEL_SERVER_ROWS + server) * RPCANCEL_SERVER_ROWS + feedback->other] = 1;
}

#endif
