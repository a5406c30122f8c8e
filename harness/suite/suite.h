// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_SUITE_SUITE_H
#define RPCANCEL_SUITE_SUITE_H
/*
 * Suites: sets of sequences of inputs, kept as a tree, in which a sequence that begins another one is part of it. The
 * sequences of a suite are the ways from the root to the leaves. docs/completeness.md says what one shows.
 */
#include "suite/identify.h"

enum { RPCANCEL_SUITE_ROOT = 0, RPCANCEL_SUITE_NODES_MAX = 1 << 26 /* a gigabyte */ };

struct rpcancel_suite_node {
    uint32_t parent;
    uint32_t child;   /* the first; 0: none */
    uint32_t sibling; /* the next; 0: none */
    uint16_t input;   /* that leads here from the parent */
};

struct rpcancel_suite {
    struct rpcancel_suite_node *nodes;
    uint32_t count;
    uint32_t capacity;
};

/* rpcancel_suite_open makes an empty suite; false when memory is exhausted. Release it with rpcancel_suite_close, which
 * one that was zero-initialised only is allowed to. */
bool rpcancel_suite_open(struct rpcancel_suite *suite);
void rpcancel_suite_close(struct rpcancel_suite *suite);

/* rpcancel_suite_add returns the node that |input| leads to from |node|, which it adds if it is not there; 0 when there
 * is no more room. */
uint32_t rpcancel_suite_add(struct rpcancel_suite *suite, uint32_t node, unsigned input);

/*
 * rpcancel_suite_make adds to the empty |suite| a checking set for |machine| by the HSI method: a shortest way to every
 * state; from there every sequence of |extra_states| + 1 inputs that are possible; and after each of these, long and
 * short, the words of the state that is reached. False when there is no more room.
 */
bool rpcancel_suite_make(struct rpcancel_suite *suite, const struct rpcancel_machine *machine,
                         const struct rpcancel_identifiers *identifiers, unsigned extra_states);

/* ---- going through a suite ---- */

struct rpcancel_suite_visit {
    /* Called for every node below the root, in the order in which inputs were added, parents first: |input| is number
     * |depth| of a sequence, from 0. |ends|: nothing follows. False: pass over all that follows it. */
    bool (*enter)(void *context, unsigned depth, unsigned input, bool ends);
    void *context;
};

void rpcancel_suite_walk(const struct rpcancel_suite *suite, const struct rpcancel_suite_visit *visit);

struct rpcancel_suite_size {
    uint32_t sequences;
    uint64_t operations; /* of all sequences together */
    unsigned longest;    /* operations of the longest */
};

struct rpcancel_suite_size rpcancel_suite_measure(const struct rpcancel_suite *suite);

#endif
