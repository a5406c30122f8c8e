// SPDX-License-Identifier: Apache-2.0
#include "streams/parcel.h"

#include <stdio.h>

#include "streams/part.h"

enum { SIZE_BITS = 11 };

uint8_t rpcancel_parcels_begin(const uint8_t *data, size_t size, struct rpcancel_span *rest)
{
    *rest = size > 1 ? (struct rpcancel_span){data + 1, size - 1} : (struct rpcancel_span){NULL, 0};
    return size > 0 ? data[0] : 0;
}

bool rpcancel_parcel_next(struct rpcancel_span *rest, struct rpcancel_parcel *parcel)
{
    if (rest->size < RPCANCEL_PARCEL_HEAD)
        return false;
    unsigned head = rpcancel_read_16(rest->bytes, false);
    size_t size = head & RPCANCEL_PARCEL_MAX, left = rest->size - RPCANCEL_PARCEL_HEAD;
    parcel->tag = head >> SIZE_BITS;
    parcel->bytes = (struct rpcancel_span){rest->bytes + RPCANCEL_PARCEL_HEAD, size < left ? size : left};
    rest->bytes = parcel->bytes.bytes + parcel->bytes.size;
    rest->size = left - parcel->bytes.size;
    return true;
}

bool rpcancel_part_next(struct rpcancel_span *rest, struct rpcancel_span *part)
{
    struct rpcancel_parcel parcel;
    const uint8_t *begin = rest->bytes;
    if (!rpcancel_parcel_next(rest, &parcel))
        return false;
    *part = (struct rpcancel_span){begin, RPCANCEL_PARCEL_HEAD + parcel.bytes.size};
    return true;
}

void rpcancel_parcel_write_head(uint8_t *out, unsigned tag, size_t size)
{
    rpcancel_write_16(out, (uint16_t)(tag << SIZE_BITS | size), false);
}

void rpcancel_parcels_print(const uint8_t *data, size_t size)
{
    enum { SHOWN = 128 };
    struct rpcancel_span rest;
    struct rpcancel_parcel parcel;
    fprintf(stderr, "parcels:\n  settings 0x%02x\n", rpcancel_parcels_begin(data, size, &rest));
    while (rpcancel_parcel_next(&rest, &parcel)) {
        fprintf(stderr, "  tag %u size=%zu  ", parcel.tag, parcel.bytes.size);
        for (size_t i = 0; i < parcel.bytes.size && i < SHOWN; i++)
            fprintf(stderr, "%02x", parcel.bytes.bytes[i]);
        fputs(parcel.bytes.size > SHOWN ? "…\n" : "\n", stderr);
    }
}
