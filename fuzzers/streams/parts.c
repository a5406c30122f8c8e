// SPDX-License-Identifier: Apache-2.0
#include "parts.h"

#include <string.h>

#include "streams/part.h"

size_t rpcancel_parts(const uint8_t *data, size_t size, uint8_t *out, uint16_t begins[RPCANCEL_PARTS_MAX + 1])
{
    struct rpcancel_span part;
    size_t count = 0;
    if (size == 0)
        return 0;
    struct rpcancel_span rest = {data + 1, size - 1};
    memcpy(out, data, size);
    begins[0] = 1;
    while (rpcancel_part_next(&rest, &part)) {
        if (count == RPCANCEL_PARTS_MAX)
            return 0;
        begins[++count] = (uint16_t)(part.bytes + part.size - data);
    }
    return count;
}
