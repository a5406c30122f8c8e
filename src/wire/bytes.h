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
    return (uint16_t)((unsigned)bytes[!big_endian] << 8 | bytes[big_endian]);
}

static inline uint32_t rpcancel_read_32(const uint8_t *bytes, bool big_endian)
{
    uint32_t first = rpcancel_read_16(bytes, big_endian);
    uint32_t second = rpcancel_read_16(bytes + 2, big_endian);
    return big_endian ? first << 16 | second : second << 16 | first;
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
