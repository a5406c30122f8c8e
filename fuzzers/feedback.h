// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_FEEDBACK_H
#define RPCANCEL_FUZZERS_FEEDBACK_H
/*
 * State feedback: tells libFuzzer in which situations the operations of an input were answered. The machines are
 * tables, so the edges of the compiled code say little of where a sequence has been.
 *
 * One byte a situation, 0 or 1, whichever handle it was: a situation of b is no news once a was in it. libFuzzer clears
 * the bytes before every input and reads them after it. docs/fuzzing.md says what each part is worth.
 */
#include "rules/rules.h"

enum {
    RPCANCEL_FEEDBACK_CLIENT_KINDS = RPCANCEL_OP_AWAIT + 1,
    RPCANCEL_FEEDBACK_NETWORK_KINDS = RPCANCEL_OP_DISPATCH - RPCANCEL_OP_DELIVER_REQUEST,
    RPCANCEL_FEEDBACK_SERVER_KINDS = RPCANCEL_OPERATION_KINDS - RPCANCEL_OP_DISPATCH,
    RPCANCEL_FEEDBACK_TESTS = 3, /* RpcServerTestCancel with a handle, with 0, and everything else */
    /* Where each part begins. */
    /* client row × client operation */
    RPCANCEL_FEEDBACK_CLIENT = 0,
    /* client row × operation of the network, on the current and on the earlier call of the handle */
    RPCANCEL_FEEDBACK_NETWORK = RPCANCEL_FEEDBACK_CLIENT + RPCANCEL_CLIENT_ROWS * RPCANCEL_FEEDBACK_CLIENT_KINDS,
    /* server row × operation of the network */
    RPCANCEL_FEEDBACK_ARRIVAL = RPCANCEL_FEEDBACK_NETWORK + 2 * RPCANCEL_CLIENT_ROWS * RPCANCEL_FEEDBACK_NETWORK_KINDS,
    /* server row × server operation */
    RPCANCEL_FEEDBACK_SERVER = RPCANCEL_FEEDBACK_ARRIVAL + RPCANCEL_SERVER_ROWS * RPCANCEL_FEEDBACK_NETWORK_KINDS,
    /* server row × that of the last call of another handle × test */
    RPCANCEL_FEEDBACK_PAIR = RPCANCEL_FEEDBACK_SERVER + RPCANCEL_SERVER_ROWS * RPCANCEL_FEEDBACK_SERVER_KINDS,
    /* set by every input: without any, libFuzzer says that the target is not instrumented */
    RPCANCEL_FEEDBACK_RAN =
        RPCANCEL_FEEDBACK_PAIR + RPCANCEL_SERVER_ROWS * RPCANCEL_SERVER_ROWS * RPCANCEL_FEEDBACK_TESTS,
    RPCANCEL_FEEDBACK_SIZE
};
static_assert(RPCANCEL_FEEDBACK_SIZE <= 1024, "libFuzzer reads all of them after every input");

extern uint8_t rpcancel_feedback_bytes[RPCANCEL_FEEDBACK_SIZE];

/* The calls that server operations named last. */
struct rpcancel_feedback {
    uint8_t handle; /* of the last one */
    uint8_t row;    /* its server row */
    uint8_t other;  /* server row of the last one with another handle */
};

/* rpcancel_feedback_begin comes before the first operation of an input. */
static inline void rpcancel_feedback_begin(struct rpcancel_feedback *feedback)
{
    *feedback = (struct rpcancel_feedback){0};
    rpcancel_feedback_bytes[RPCANCEL_FEEDBACK_RAN] = 1;
}

/* rpcancel_feedback_note takes in that an operation was answered in |situation|. */
static inline void rpcancel_feedback_note(struct rpcancel_feedback *feedback,
                                          const struct rpcancel_situation *situation)
{
    uint8_t *bytes = rpcancel_feedback_bytes;
    struct rpcancel_operation operation = situation->operation;
    unsigned client = situation->client, server = situation->server;
    if (operation.kind < RPCANCEL_OP_DELIVER_REQUEST) {
        bytes[RPCANCEL_FEEDBACK_CLIENT + client * RPCANCEL_FEEDBACK_CLIENT_KINDS + operation.kind] = 1;
        return;
    }
    if (operation.kind < RPCANCEL_OP_DISPATCH) {
        unsigned column = operation.kind - (unsigned)RPCANCEL_OP_DELIVER_REQUEST;
        client += operation.earlier ? RPCANCEL_CLIENT_ROWS : 0;
        bytes[RPCANCEL_FEEDBACK_NETWORK + client * RPCANCEL_FEEDBACK_NETWORK_KINDS + column] = 1;
        bytes[RPCANCEL_FEEDBACK_ARRIVAL + server * RPCANCEL_FEEDBACK_NETWORK_KINDS + column] = 1;
        return;
    }
    unsigned column = operation.kind - (unsigned)RPCANCEL_OP_DISPATCH;
    bytes[RPCANCEL_FEEDBACK_SERVER + server * RPCANCEL_FEEDBACK_SERVER_KINDS + column] = 1;
    if (operation.handle != feedback->handle) {
        feedback->other = feedback->row;
        feedback->handle = operation.handle;
    }
    feedback->row = (uint8_t)server;
    unsigned test = operation.kind == RPCANCEL_OP_TEST_CANCEL        ? 1
                    : operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO ? 2
                                                                     : 0;
    unsigned pair = server * RPCANCEL_SERVER_ROWS + feedback->other;
    bytes[RPCANCEL_FEEDBACK_PAIR + pair * RPCANCEL_FEEDBACK_TESTS + test] = 1;
}

#endif
