// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_FUZZERS_FEEDBACK_H
#define RPCANCEL_FUZZERS_FEEDBACK_H
/*
 * State feedback: tells the fuzzing engine in which situations the operations of an input were answered. The machines
 * are tables, so the edges of the compiled code say little of where a sequence has been.
 *
 * One byte a situation, 0 or 1, whichever handle it was: a situation of b is no news once a was in it. libFuzzer clears
 * the bytes before every input and reads them after it. Engines that look at edges only (AFL++, and whatever else is
 * linked from outside) take RPCANCEL_FEEDBACK_EDGES: then the first time an input comes into a situation, control runs
 * through an edge of that situation's own. docs/fuzzing.md says what each part is worth.
 */
#include <string.h>

#include "rules/rules.h"

/* Counts the rules. */
enum {
#define X(page, number, ...) RPCANCEL_FEEDBACK_COUNT_##page##_##number,
#include "rules/rules.def"
#undef X
    RPCANCEL_FEEDBACK_RULES
};

enum {
    RPCANCEL_FEEDBACK_CLIENT_KINDS = RPCANCEL_OP_AWAIT + 1,
    RPCANCEL_FEEDBACK_NETWORK_KINDS = RPCANCEL_OP_DISPATCH - RPCANCEL_OP_DELIVER_REQUEST,
    RPCANCEL_FEEDBACK_THREAD_KINDS = RPCANCEL_OP_ELAPSE + 1 - RPCANCEL_ASYNCHRONOUS_KINDS,
    RPCANCEL_FEEDBACK_SERVER_KINDS = RPCANCEL_OPERATION_KINDS - RPCANCEL_OP_DISPATCH - RPCANCEL_FEEDBACK_THREAD_KINDS,
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
    /* thread row × client operation of synchronous calls */
    RPCANCEL_FEEDBACK_THREAD =
        RPCANCEL_FEEDBACK_PAIR + RPCANCEL_SERVER_ROWS * RPCANCEL_SERVER_ROWS * RPCANCEL_FEEDBACK_TESTS,
    /* set by every input: without any, libFuzzer says that the target is not instrumented */
    RPCANCEL_FEEDBACK_RAN = RPCANCEL_FEEDBACK_THREAD + RPCANCEL_THREAD_ROWS * RPCANCEL_FEEDBACK_THREAD_KINDS,
    /* rule that was violated: AFL++ tells crashes apart by the edges they took */
    RPCANCEL_FEEDBACK_RULE,
    RPCANCEL_FEEDBACK_SIZE = RPCANCEL_FEEDBACK_RULE + RPCANCEL_FEEDBACK_RULES
};
static_assert(RPCANCEL_FEEDBACK_SIZE <= 1024, "libFuzzer reads all of them after every input");

extern uint8_t rpcancel_feedback_bytes[RPCANCEL_FEEDBACK_SIZE];

/* The calls that server operations of a sequence named last; starts out as zeros. */
struct rpcancel_feedback {
    uint8_t handle; /* of the last one */
    uint8_t row;    /* its server row */
    uint8_t other;  /* server row of the last one with another handle */
};

/* rpcancel_feedback_take_edge goes through the edge of |situation|, an index into the bytes; feedback_edges.c. */
void rpcancel_feedback_take_edge(unsigned situation);

/* rpcancel_feedback_set tells the engine that the input came into |situation|, an index into the bytes. */
static inline void rpcancel_feedback_set(unsigned situation)
{
#ifdef RPCANCEL_FEEDBACK_EDGES
    /* Once an input: how often it was there would make most inputs look new. */
    if (!rpcancel_feedback_bytes[situation])
        rpcancel_feedback_take_edge(situation);
#endif
    rpcancel_feedback_bytes[situation] = 1;
}

/* rpcancel_feedback_begin comes before everything else that is done with an input. */
static inline void rpcancel_feedback_begin(void)
{
#ifdef RPCANCEL_FEEDBACK_EDGES
    memset(rpcancel_feedback_bytes, 0, sizeof rpcancel_feedback_bytes); /* only libFuzzer does it itself */
#endif
    rpcancel_feedback_set(RPCANCEL_FEEDBACK_RAN);
}

/* rpcancel_feedback_note takes in that an operation was answered in |situation|. */
static inline void rpcancel_feedback_note(struct rpcancel_feedback *feedback,
                                          const struct rpcancel_situation *situation)
{
    struct rpcancel_operation operation = situation->operation;
    unsigned client = situation->client, server = rpcancel_asynchronous_row(situation->server);
    if (operation.kind < RPCANCEL_OP_DELIVER_REQUEST) {
        rpcancel_feedback_set(RPCANCEL_FEEDBACK_CLIENT + client * RPCANCEL_FEEDBACK_CLIENT_KINDS + operation.kind);
        return;
    }
    if (operation.kind < RPCANCEL_OP_DISPATCH) {
        unsigned column = operation.kind - (unsigned)RPCANCEL_OP_DELIVER_REQUEST;
        client += operation.earlier ? RPCANCEL_CLIENT_ROWS : 0;
        rpcancel_feedback_set(RPCANCEL_FEEDBACK_NETWORK + client * RPCANCEL_FEEDBACK_NETWORK_KINDS + column);
        rpcancel_feedback_set(RPCANCEL_FEEDBACK_ARRIVAL + server * RPCANCEL_FEEDBACK_NETWORK_KINDS + column);
        return;
    }
    if (rpcancel_is_of_threads(operation.kind)) {
        unsigned column = operation.kind - (unsigned)RPCANCEL_ASYNCHRONOUS_KINDS;
        rpcancel_feedback_set(RPCANCEL_FEEDBACK_THREAD + situation->thread * (unsigned)RPCANCEL_FEEDBACK_THREAD_KINDS +
                              column);
        return;
    }
    unsigned column = operation.kind - (unsigned)RPCANCEL_OP_DISPATCH;
    if (operation.kind > RPCANCEL_OP_ELAPSE)
        column -= RPCANCEL_FEEDBACK_THREAD_KINDS;
    rpcancel_feedback_set(RPCANCEL_FEEDBACK_SERVER + server * RPCANCEL_FEEDBACK_SERVER_KINDS + column);
    if (operation.handle != feedback->handle) {
        feedback->other = feedback->row;
        feedback->handle = operation.handle;
    }
    feedback->row = (uint8_t)server;
    unsigned test = operation.kind == RPCANCEL_OP_TEST_CANCEL        ? 1
                    : operation.kind == RPCANCEL_OP_TEST_CANCEL_ZERO ? 2
                                                                     : 0;
    unsigned pair = server * RPCANCEL_SERVER_ROWS + feedback->other;
    rpcancel_feedback_set(RPCANCEL_FEEDBACK_PAIR + pair * RPCANCEL_FEEDBACK_TESTS + test);
}

/* rpcancel_feedback_violated takes in that the input breaks |rule|, an index; it comes before the crash. */
static inline void rpcancel_feedback_violated(unsigned rule)
{
    rpcancel_feedback_set(RPCANCEL_FEEDBACK_RULE + rule);
}

#endif
