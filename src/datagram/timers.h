// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_DATAGRAM_TIMERS_H
#define RPCANCEL_DATAGRAM_TIMERS_H
/*
 * Timers as the ms that are left of them, or RPCANCEL_NEVER: without a point in time, two states that differ in nothing
 * but when they came about are the same. For the ends of this folder.
 */
#include <stddef.h>
#include <stdint.h>

#define RPCANCEL_NEVER UINT32_MAX /* a timer that does not run; no time-out */

static inline uint32_t rpcancel_timer_sooner(uint32_t one, uint32_t other)
{
    return one < other ? one : other;
}

/* rpcancel_timers_pass takes |ms| off each of the |count| timers that runs; none has less left. */
static inline void rpcancel_timers_pass(uint32_t *const timers[], size_t count, uint32_t ms)
{
    for (size_t i = 0; i < count; i++) {
        if (*timers[i] != RPCANCEL_NEVER)
            *timers[i] -= ms;
    }
}

#endif
