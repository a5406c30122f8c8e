// SPDX-License-Identifier: Apache-2.0
/* Two calls of the reference beside two of the wire, each on an association of its own, and both on one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lockstep_lines.h"

static void two_associations(void **state)
{
    struct rpcancel_lockstep_options options = {.calls = 2, .threads = 1, .cancels = 2};
    struct rpcancel_lockstep_result result;
    (void)state;
    lockstep_agrees(&options, &result);
    assert_int_equal(result.worlds, result.worlds_of_reference);
    assert_int_equal(result.world_edges, result.world_edges_of_reference);
    assert_int_equal(result.left_out, 0);
}

/* One connection brings some orders about that two do not, and not others: they are left out, and counted. */
static void one_association(void **state)
{
    struct rpcancel_lockstep_options options = {
        .profile = RPCANCEL_WIRE_C706, .shared = true, .calls = 2, .threads = 1, .cancels = 1};
    struct rpcancel_lockstep_result result;
    (void)state;
    lockstep_agrees(&options, &result);
    assert_true(result.left_out > 0);
    assert_true(result.worlds > result.worlds_of_reference / 2);
}

int main(void)
{
    const struct CMUnitTest exhaustive_wire_lockstep[] = {cmocka_unit_test(two_associations),
                                                          cmocka_unit_test(one_association)};
    return cmocka_run_group_tests(exhaustive_wire_lockstep, NULL, NULL);
}
