// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_CHECKSUM_H
#define RPCANCEL_CHECKSUM_H
/* The Internet checksum, RFC 1071. */
#include <stddef.h>
#include <stdint.h>

/* rpcancel_checksum_add adds |size| octets to |sum|, 0 in the beginning; all pieces but the last have an even number.
 */
static inline uint32_t rpcancel_checksum_add(uint32_t sum, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i + 1 < size; i += 2)
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    if (size % 2)
        sum += (uint32_t)bytes[size - 1] << 8;
    return (sum & 0xFFFF) + (sum >> 16);
}

/* rpcancel_checksum_end returns the checksum that |sum| comes to. */
static inline uint16_t rpcancel_checksum_end(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

#endif
