// SPDX-License-Identifier: Apache-2.0
/* What would happen if the harness exported a documented name (this program does): a plugin's call of its own function
 * would reach the harness's. Without this, test_plugin_names.c might pass for a reason that has nothing to do with
 * names, say because the plugin's calls do not go by way of the dynamic linker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facade/rpcasync.h"
#include "plugin_names.h"

static unsigned captured;

#pragma GCC visibility push(default)

RPC_STATUS RpcServerTestCancel(RPC_BINDING_HANDLE BindingHandle)
{
    (void)BindingHandle;
    captured++;
    return 0;
}

RPC_STATUS RpcAsyncCancelCall(PRPC_ASYNC_STATE pAsync, BOOL fAbort)
{
    (void)pAsync;
    (void)fAbort;
    captured++;
    return 0;
}

#pragma GCC visibility pop

static void captures_the_calls_of_a_plugin(void **state)
{
    (void)state;
    assert_int_equal(plugin_names_own(TEST_BUILD_DIRECTORY, true), PLUGIN_NAMES_COUNT - 2);
    assert_int_equal(captured, 2);
    assert_int_equal(plugin_names_own(TEST_BUILD_DIRECTORY, false), PLUGIN_NAMES_COUNT - 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(captures_the_calls_of_a_plugin)};
    return cmocka_run_group_tests_name("plugin_names_captured", tests, NULL, NULL);
}
