// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ALPHABET_H
#define RPCANCEL_ALPHABET_H
/*
 * Alphabets: the operations an engine chooses from, grouped by the call they need so that a search can pass over a
 * whole group at once.
 */
#include <stdbool.h>

#include "operation.h"

enum { RPCANCEL_ALPHABET_MAX = 2048, RPCANCEL_ALPHABET_GROUPS = 1 + 25 * RPCANCEL_HANDLES_MAX };

/* What the operations of a group need; without it the reference refuses every one of them, or calls it undefined. */
enum rpcancel_alphabet_need {
    RPCANCEL_NEEDS_NOTHING,
    RPCANCEL_NEEDS_MESSAGE,    /* deliver …: a message of the call on its way */
    RPCANCEL_NEEDS_QUEUED,     /* dispatch: a call that waits for it, and an idle thread */
    RPCANCEL_NEEDS_DISPATCHED, /* hand-off, raise: a manager routine that has handed nothing off */
    RPCANCEL_NEEDS_RUNNING,    /* return: a manager routine */
    RPCANCEL_NEEDS_HANDLE,     /* the others: code that has the call's handle, on the thread */
    RPCANCEL_NEEDS
};

struct rpcancel_alphabet_group {
    uint8_t need; /* enum rpcancel_alphabet_need */
    uint8_t handle;
    uint8_t earlier;
    uint8_t thread; /* of dispatch, and where a handle is needed */
    uint8_t span;   /* of the first group about a call: how many are about it; else 0 */
    uint16_t first;
    uint16_t count;
};

struct rpcancel_alphabet {
    unsigned count;
    struct rpcancel_operation operations[RPCANCEL_ALPHABET_MAX];
    unsigned group_count;
    struct rpcancel_alphabet_group groups[RPCANCEL_ALPHABET_GROUPS];
};

/* rpcancel_slice_operations returns the kinds of operations of |slice| as a mask: bit n is kind n. */
uint64_t rpcancel_slice_operations(enum rpcancel_slice slice);

/* rpcancel_slice_own_operations returns those of them that are in no slice before. */
uint64_t rpcancel_slice_own_operations(enum rpcancel_slice slice);

/* rpcancel_slice_name returns "core", "notification" or "synchronous". Static storage. rpcancel_slice_from_name sets
 * |*slice|; false when |name| is none of them. */
const char *rpcancel_slice_name(enum rpcancel_slice slice);
bool rpcancel_slice_from_name(const char *name, enum rpcancel_slice *slice);

/*
 * rpcancel_alphabet_init lists every operation on the first |calls| handles (1 … RPCANCEL_HANDLES_MAX) and the first
 * |threads| dispatchers (1 … RPCANCEL_DISPATCHERS_MAX) and the worker. With |every_argument| each argument an operation
 * can have is in it; without, one ordinary fault code, 1818, one bad size and one altered member stand for them all.
 * Left out in both: RpcAsyncAbortCall with 0 and RpcRaiseException with 0, which the documents forbid.
 */
void rpcancel_alphabet_init(struct rpcancel_alphabet *alphabet, unsigned calls, unsigned threads, bool every_argument);

/* rpcancel_alphabet_init_slice does the same with the operations of |slice|; rpcancel_alphabet_init takes the core. */
void rpcancel_alphabet_init_slice(struct rpcancel_alphabet *alphabet, unsigned calls, unsigned threads,
                                  bool every_argument, enum rpcancel_slice slice);

#endif
