// SPDX-License-Identifier: Apache-2.0
#include "report/fingerprint.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/* FNV-1a with 64 bits, over both texts and the zero byte behind each. */
static uint64_t add(uint64_t hash, const char *text)
{
    const uint64_t prime = 0x100000001B3;
    do {
        hash = (hash ^ (unsigned char)*text) * prime;
    } while (*text++);
    return hash;
}

void rpcancel_fingerprint(const char *id, const char *text, char out[RPCANCEL_FINGERPRINT_SIZE])
{
    const uint64_t offset_basis = 0xCBF29CE484222325;
    snprintf(out, RPCANCEL_FINGERPRINT_SIZE, "%016" PRIx64, add(add(offset_basis, id), text));
}
