// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_ONE_CALL_H
#define RPCANCEL_ONE_CALL_H
/*
 * The one-call slice with its pairs and edges, to count by: a pair is a state together with what an observer was told,
 * an edge is an operation that happens in a pair. Built by the search when it is opened; constant from then on, so
 * that threads may share it.
 */
#include "coverage/one_call_index.h"
#include "coverage/one_call_search.h"

struct rpcancel_one_call {
    struct rpcancel_pair_table pairs;
    struct rpcancel_alphabet alphabet;
    struct rpcancel_one_call_index *states;
    uint32_t edge_numbers; /* edges have numbers below this, but not every number is an edge */
    uint32_t edge_count;
    uint64_t *edges; /* bit n: number n is an edge */
    /* Position in the alphabet + 1, 0 for none; by kind, whether it is the program's own thread, argument. */
    uint8_t leads[RPCANCEL_OPERATION_KINDS][2][RPCANCEL_OPERANDS_MAX];
};

/* rpcancel_one_call_open builds the slice, in about ten milliseconds; NULL when memory is exhausted or the search
 * could not end. Release it with rpcancel_one_call_close; NULL is allowed there. */
struct rpcancel_one_call *rpcancel_one_call_open(void);
void rpcancel_one_call_close(struct rpcancel_one_call *slice);

/* rpcancel_one_call_project makes |*one| of |handle| in |pair| as if the others were not there: on handle a, with @t1
 * for the thread of its manager routine. False when an earlier call of the handle is alive, which no pair of the slice
 * has. */
bool rpcancel_one_call_project(const struct rpcancel_pair *pair, unsigned handle, struct rpcancel_pair *one);

/* rpcancel_one_call_pair returns the number of the pair that |handle| is in, whatever happens to the others;
 * RPCANCEL_NO_PAIR when the slice has no such pair, because an earlier call of the handle is alive. */
uint32_t rpcancel_one_call_pair(const struct rpcancel_one_call *slice, const struct rpcancel_pair *pair,
                                unsigned handle);

/* rpcancel_one_call_edge returns the number of the edge that |operation| is, asked of the handle of pair |number|, on
 * the program's own thread or else on the only dispatcher; -1 when it is none. */
int64_t rpcancel_one_call_edge(const struct rpcancel_one_call *slice, uint32_t number,
                               struct rpcancel_operation operation);

/* rpcancel_one_call_pair_of_edge and rpcancel_one_call_operation_of_edge take an edge's number apart again. */
uint32_t rpcancel_one_call_pair_of_edge(const struct rpcancel_one_call *slice, uint32_t edge);
struct rpcancel_operation rpcancel_one_call_operation_of_edge(const struct rpcancel_one_call *slice, uint32_t edge);

/* rpcancel_one_call_path writes the operations of a shortest sequence that leads to pair |number|, on handle a and
 * @t1, and returns how many there are: fewer than RPCANCEL_ONE_CALL_PATH_MAX. */
enum { RPCANCEL_ONE_CALL_PATH_MAX = 64 };
unsigned rpcancel_one_call_path(const struct rpcancel_one_call *slice, uint32_t number,
                                struct rpcancel_operation out[RPCANCEL_ONE_CALL_PATH_MAX]);

#endif
