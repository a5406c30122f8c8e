/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzzes my_runtime.c in this process: compiled and linked with the engine, the instrumentation and the sanitizers. */
#include <rpcancel/fuzz.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return rpcancel_fuzz_one(rpcancel_plugin_entry(RPCANCEL_PLUGIN_ABI), data, size);
}
