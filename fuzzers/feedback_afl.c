// SPDX-License-Identifier: Apache-2.0
#include "feedback_afl.h"

#include <string.h>

#include "feedback.h"

/* What AFL++'s runtime defines, and what its instrumentation calls: once for all edges of a module, which are numbered
 * then, and at each edge. libFuzzer defines functions of these names as well, but not the first. (Nor can the map
 * itself tell: where this file is instrumented, the compiler gives the symbol another name.) */
extern __attribute__((weak)) void __afl_manual_init(void);
extern __attribute__((weak)) void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
extern __attribute__((weak)) void __sanitizer_cov_trace_pc_guard(uint32_t *guard);

static uint32_t guards[RPCANCEL_FEEDBACK_SIZE];

static bool is_afl(void)
{
    return __afl_manual_init && __sanitizer_cov_trace_pc_guard_init && __sanitizer_cov_trace_pc_guard;
}

__attribute__((constructor)) static void number_situations(void)
{
    if (is_afl())
        __sanitizer_cov_trace_pc_guard_init(guards, guards + RPCANCEL_FEEDBACK_SIZE);
}

void rpcancel_feedback_afl_begin(void)
{
    if (is_afl())
        memset(rpcancel_feedback_bytes, 0, sizeof rpcancel_feedback_bytes);
}

void rpcancel_feedback_afl_end(void)
{
    if (!is_afl())
        return;
    for (unsigned i = 0; i < RPCANCEL_FEEDBACK_SIZE; i++) {
        if (rpcancel_feedback_bytes[i])
            __sanitizer_cov_trace_pc_guard(&guards[i]);
    }
}
