// SPDX-License-Identifier: Apache-2.0
#include "capture/pcapng_write.h"

#include <string.h>

enum {
    SECTION_HEADER = 0x0A0D0D0A,
    INTERFACE_DESCRIPTION = 1,
    ENHANCED_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_APPLICATION = 4, /* of a section */
    OPTION_RESOLUTION = 9,  /* of an interface */
    NANOSECONDS = 9         /* ten to the power of minus that */
};

static void put_16(FILE *out, uint32_t number)
{
    putc((int)(number & 0xFF), out);
    putc((int)(number >> 8 & 0xFF), out);
}

static void put_32(FILE *out, uint32_t number)
{
    put_16(out, number & 0xFFFF);
    put_16(out, number >> 16);
}

/* Octets, and zeros to the next multiple of 4. */
static void put_padded(FILE *out, const void *bytes, size_t size)
{
    fwrite(bytes, 1, size, out);
    for (; size % 4; size++)
        putc(0, out);
}

static size_t padded(size_t size)
{
    return (size + 3) / 4 * 4;
}

static size_t comment_size(const char *comment)
{
    size_t size = strlen(comment);
    if (size <= RPCANCEL_COMMENT_MAX)
        return size;
    size = RPCANCEL_COMMENT_MAX;
    while (size > 0 && ((unsigned char)comment[size] & 0xC0) == 0x80)
        size--; /* not within a character of UTF-8 */
    return size;
}

/* How many octets an option with |size| octets of value takes. */
static uint32_t option_room(size_t size)
{
    return (uint32_t)(4 + padded(size));
}

static void put_option(FILE *out, unsigned code, const void *value, size_t size)
{
    put_16(out, code);
    put_16(out, (uint32_t)size);
    put_padded(out, value, size);
}

static void put_options_end(FILE *out)
{
    put_32(out, OPTION_END);
}

void rpcancel_pcapng_begin(FILE *out, const char *comment)
{
    static const char application[] = "rpcancel " RPCANCEL_VERSION;
    uint32_t size = 28 + option_room(sizeof application - 1) + 4;
    if (comment)
        size += option_room(comment_size(comment));
    put_32(out, SECTION_HEADER);
    put_32(out, size);
    put_32(out, BYTE_ORDER_MAGIC);
    put_16(out, 1); /* version 1.0 */
    put_16(out, 0);
    put_32(out, UINT32_MAX); /* the section is of unknown length */
    put_32(out, UINT32_MAX);
    if (comment)
        put_option(out, OPTION_COMMENT, comment, comment_size(comment));
    put_option(out, OPTION_APPLICATION, application, sizeof application - 1);
    put_options_end(out);
    put_32(out, size);
}

void rpcancel_pcapng_interface(FILE *out, uint16_t link_type, uint32_t snap_length)
{
    static const uint8_t resolution = NANOSECONDS;
    uint32_t size = 20 + option_room(sizeof resolution) + 4;
    put_32(out, INTERFACE_DESCRIPTION);
    put_32(out, size);
    put_16(out, link_type);
    put_16(out, 0);
    put_32(out, snap_length);
    put_option(out, OPTION_RESOLUTION, &resolution, sizeof resolution);
    put_options_end(out);
    put_32(out, size);
}

void rpcancel_pcapng_packet(FILE *out, const struct rpcancel_pcapng_packet *packet)
{
    size_t size = 32 + padded(packet->captured) + (packet->comment_count ? 4 : 0);
    for (size_t i = 0; i < packet->comment_count; i++)
        size += option_room(comment_size(packet->comments[i]));
    put_32(out, ENHANCED_PACKET);
    put_32(out, (uint32_t)size);
    put_32(out, packet->interface);
    put_32(out, (uint32_t)(packet->time >> 32));
    put_32(out, (uint32_t)packet->time);
    put_32(out, packet->captured);
    put_32(out, packet->length);
    put_padded(out, packet->bytes, packet->captured);
    for (size_t i = 0; i < packet->comment_count; i++)
        put_option(out, OPTION_COMMENT, packet->comments[i], comment_size(packet->comments[i]));
    if (packet->comment_count)
        put_options_end(out);
    put_32(out, (uint32_t)size);
}
