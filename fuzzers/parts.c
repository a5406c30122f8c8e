// SPDX-License-Identifier: Apache-2.0
#include "parts.h"

#include "sequence/sequence.h"

size_t rpcancel_parts(const uint8_t *data, size_t size, uint8_t *out, uint16_t begins[RPCANCEL_PARTS_MAX + 1])
{
    const uint8_t *cursor = data;
    struct rpcancel_operation operation;
    size_t count = 0;
    begins[0] = 0;
    while (rpcancel_binary_next(&cursor, data + size, &operation)) {
        if (count == RPCANCEL_PARTS_MAX)
            return 0;
        rpcancel_binary_put(operation, out + begins[count]);
        count++;
        begins[count] = (uint16_t)(begins[count - 1] + RPCANCEL_BINARY_RECORD);
    }
    return count;
}
