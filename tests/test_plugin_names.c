// SPDX-License-Identifier: Apache-2.0
/* A plugin that exports all documented names calls its own functions, not anybody else's. test_plugin_names_captured.c
 * shows that this can go wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plugin_names.h"

static void calls_its_own_functions_in_a_process_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(plugin_names_own(TEST_BUILD_DIRECTORY, false), PLUGIN_NAMES_COUNT);
}

static void calls_its_own_functions_in_process(void **state)
{
    (void)state;
    assert_int_equal(plugin_names_own(TEST_BUILD_DIRECTORY, true), PLUGIN_NAMES_COUNT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_its_own_functions_in_a_process_of_its_own),
        cmocka_unit_test(calls_its_own_functions_in_process),
    };
    return cmocka_run_group_tests_name("plugin_names", tests, NULL, NULL);
}
