// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WIRE_BYTES_H
#define RPCANCEL_WIRE_BYTES_H
/* Numbers in octets, in either byte order, and views of octets. For the files of this folder and those that use them.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* |size| octets that belong to somebody else; |bytes| may be NULL when there are none. */
struct rpcancel_span {
    const uint8_t *bytes;
    size_t size;
};

static inline uint16_t rpcancel_read_16(const uint8_t *bytes, bool big_endian)
{
    unsigned little = (unsigned)bytes[1] << 8 | bytes[0], big = (unsigned)bytes[0] << 8 | bytes[1];
    return (uint16_t)(big_endian ? big : little);
}

static inline uint32_t rpcancel_read_32(const uint8_t *bytes, bool big_endian)
{
    uint32_t little = (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
    uint32_t big = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return big_endian ? big : little;
}

static inline void rpcancel_write_16(uint8_t *bytes, uint16_t number, bool big_endian)
{
    bytes[big_endian] = (uint8_t)number;
    bytes[!big_endian] = (uint8_t)(number >> 8);
}

static inline void rpcancel_write_32(uint8_t *bytes, uint32_t number, bool big_endian)
{
    rpcancel_write_16(bytes + (big_endian ? 2 : 0), (uint16_t)number, big_endian);
    rpcancel_write_16(bytes + (big_endian ? 0 : 2), (uint16_t)(number >> 16), big_endian);
}

#endif
