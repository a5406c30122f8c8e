/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RPCANCEL_FUZZ_H
#define RPCANCEL_FUZZ_H
/*
 * Fuzzes a runtime that is part of the program: your own, compiled with the instrumentation and the sanitizers you
 * want. A whole fuzz target is
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
 *     {
 *         return rpcancel_fuzz_one(rpcancel_plugin_entry(RPCANCEL_PLUGIN_ABI), data, size);
 *     }
 *
 * linked with the runtime, its plugin (rpcancel/plugin.h) and rpcancel::fuzz (CMake) or rpcancel-fuzz (pkg-config).
 * docs/plugin.md walks through an example. C99 and C++.
 *
 * Linking it brings a custom mutator for libFuzzer along, which changes operations instead of bytes. Whoever defines
 * LLVMFuzzerCustomMutator has that one instead. The engine (libFuzzer or AFL++) is told which situations of calls an
 * input got into, besides what instrumentation tells of the code.
 *
 * Environment: RPCANCEL_PROFILE says which rules apply, documented (default), documented-98 or windows. Those of them
 * count that `rpcancel check` and `rpcancel replay` count without --strict.
 */
#include <stddef.h>
#include <stdint.h>

#include "rpcancel/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * rpcancel_fuzz_one carries out what the |size| bytes at |data| mean (docs/sequences.md; every string of bytes is a
 * sequence) on an instance of |plugin|, and judges every answer and announcement. The instance is opened by the first
 * call, without arguments, reset by each, and closed when the program ends. Another |plugin| than before closes it and
 * opens one of its own.
 *
 * Returns 0, whatever came of it but these:
 *  - An answer breaks a rule: prints the rule, the sequence as text with every answer, what was got and wanted, and
 *    aborts in a function whose name is that of the rule (violated_RpcServerTestCancel_3), so that tools which tell
 *    crashes apart by their stacks tell rules apart.
 *  - A function raised an exception that no rule allows: prints the sequence and aborts in rpcancel_fuzz_raised.
 *  - The plugin did what plugin.h forbids: prints what, and the sequence, and aborts in rpcancel_fuzz_misused.
 *  - The plugin cannot be opened: prints why and exits with code 3. RPCANCEL_PROFILE is no profile: code 2.
 * Everything is printed on standard error, where the program also leaves `operations: N`, how many operations happened,
 * when it ends. What the runtime itself does, a crash, a leak or a hang, is the engine's and the sanitizers' to report.
 *
 * To be called from one thread.
 */
int rpcancel_fuzz_one(const struct rpcancel_plugin *plugin, const uint8_t *data, size_t size);

#ifdef __cplusplus
}
#endif

#endif
