// SPDX-License-Identifier: Apache-2.0
#include "lockstep_lines.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "sequence/sequence.h"

static void print_result(const struct rpcancel_lockstep_options *options, const struct rpcancel_lockstep_result *result)
{
    print_message("profile %u, H%u%s, %u call(s): %" PRIu32 " states, %" PRIu64 " edges; %" PRIu32 " of %" PRIu32
                  " worlds, %" PRIu64 " of %" PRIu64 " edges of the reference; %" PRIu64 " answers, %" PRIu64
                  " left out, %" PRIu64 " beyond; differences",
                  options->profile, options->abandonment + 1u, options->shared ? ", shared" : "", options->calls,
                  result->states, result->edges, result->worlds, result->worlds_of_reference, result->world_edges,
                  result->world_edges_of_reference, result->answers, result->left_out, result->beyond);
    for (unsigned i = 0; i < RPCANCEL_DIFFERENCES; i++)
        print_message(" %" PRIu64, result->differences[i]);
    print_message("\n");
}

void lockstep_print_path(const struct rpcancel_lockstep_result *result)
{
    for (unsigned i = 0; i < result->path_length; i++) {
        char text[RPCANCEL_OPERATION_TEXT_MAX];
        rpcancel_operation_print(result->path[i], text, sizeof text);
        print_message("  %s\n", text);
    }
    print_message("  %s\n", result->text);
}

void lockstep_agrees(const struct rpcancel_lockstep_options *options, struct rpcancel_lockstep_result *result)
{
    rpcancel_lockstep(options, result);
    print_result(options, result);
    if (result->end == RPCANCEL_LOCKSTEP_DISAGREE) {
        lockstep_print_path(result);
        fail_msg("the networks disagree");
    }
    assert_int_equal(result->end, RPCANCEL_LOCKSTEP_CLOSED);
}
