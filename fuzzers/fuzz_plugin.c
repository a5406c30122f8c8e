// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the reference implementation as a plugin, the way somebody would fuzz a runtime of his own.
 *
 * Exercised: rpcancel_fuzz_one and everything behind it, the façade with its documented functions, child/execute.c.
 * Found: answers that break a rule of the profile in RPCANCEL_PROFILE (rpcancel/fuzz.h).
 */
#include "rpcancel/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return rpcancel_fuzz_one(rpcancel_plugin_entry(RPCANCEL_PLUGIN_ABI), data, size);
}
