// SPDX-License-Identifier: Apache-2.0
/* Does nothing: how fast the fuzzing engine alone is. ci/bench holds the other targets against it. */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
    return 0;
}
