// SPDX-License-Identifier: Apache-2.0
/*
 * An edge for every situation, for engines that look at edges. Only the engine's own instrumentation makes edges of
 * these branches: fuzzers/CMakeLists.txt sees to it that this file is compiled with it.
 */
#include "feedback.h"

/* A branch of its own for |n|; the operand makes each different from all others, so that none are folded. A number that
 * is no situation gets no branch. */
#define EDGE(n)                                \
    case (n):                                  \
        if ((n) < RPCANCEL_FEEDBACK_SIZE)      \
            __asm__ volatile("" : : "i"((n))); \
        break;
#define EDGES_4(n) EDGE(n) EDGE((n) + 1) EDGE((n) + 2) EDGE((n) + 3)
#define EDGES_16(n) EDGES_4(n) EDGES_4((n) + 4) EDGES_4((n) + 8) EDGES_4((n) + 12)
#define EDGES_64(n) EDGES_16(n) EDGES_16((n) + 16) EDGES_16((n) + 32) EDGES_16((n) + 48)
#define EDGES_256(n) EDGES_64(n) EDGES_64((n) + 64) EDGES_64((n) + 128) EDGES_64((n) + 192)

enum { EDGES = 1024 };
static_assert(RPCANCEL_FEEDBACK_SIZE <= EDGES, "every situation has an edge");

/* Not inlined: a copy would have edges of its own. */
__attribute__((noinline)) void rpcancel_feedback_take_edge(unsigned situation)
{
    switch (situation) {
        EDGES_256(0)
        EDGES_256(256)
        EDGES_256(512)
        EDGES_256(768)
    default:
        break;
    }
}
